//! How what was done is said, or the object shown: `-o`.
//!
//! Models `PrintFlags`, cli-runtime `pkg/genericclioptions/print_flags.go`, v1.34; go templates
//! and templates from files are not there.

use objects::Object;
use serde_json::Value;

use crate::{
    execute::{DryRun, Run},
    flags::Arguments,
    print::{self, jsonpath::Template},
};

/// Formats of commands that change objects.
const FORMATS: &str = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml";

/// A way to print an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Printer {
    /// `daemonset.apps/x labeled`.
    Words,
    Name,
    Yaml,
    Json,
    JsonPath(Template),
    JsonPathAsJson(Template),
}

impl Printer {
    /// What `-o` asks a command for that changes objects.
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        match arguments.text("output") {
            None | Some("") => Ok(Self::Words),
            Some(format) => Self::of_format(format, FORMATS),
        }
    }

    /// By its name, and the template behind it.
    pub(crate) fn of_format(format: &str, allowed: &str) -> Result<Self, String> {
        let (name, template) = format.split_once('=').unwrap_or((format, ""));
        if !allowed.split(',').any(|it| it == name) {
            return Err(format!(
                "error: unable to match a printer suitable for the output format {format:?}, allowed formats are: {allowed}"
            ));
        }
        if name.contains("json") && name != "json" && template.is_empty() {
            return Err("error: template format specified but no template given".to_owned());
        }
        Ok(match name {
            "name" => Self::Name,
            "yaml" => Self::Yaml,
            "json" => Self::Json,
            "jsonpath" => Self::JsonPath(Template::read(template)?),
            "jsonpath-as-json" => Self::JsonPathAsJson(Template::read(template)?),
            _ => return Err(format!("error: the output format {name:?} is not modelled")),
        })
    }

    /// An object as it is shown, not the first one if one was shown before.
    pub(crate) fn text(&self, value: &Value, is_first: bool) -> Result<String, String> {
        Ok(match self {
            Self::Yaml if is_first => print::yaml(value),
            Self::Yaml => format!("---\n{}", print::yaml(value)),
            Self::JsonPath(template) => template.print(value)?,
            Self::JsonPathAsJson(template) => template.print_as_json(value)?,
            Self::Json | Self::Name | Self::Words => print::json(value),
        })
    }
}

impl Run<'_> {
    /// An operation, and that it was not really done.
    pub(crate) fn would(&self, operation: &str) -> String {
        format!("{operation}{}", self.suffix())
    }

    /// Says what was done with an object, or shows what came of it.
    ///
    /// Models `NamePrinter`, cli-runtime `pkg/printers/name.go`, v1.34.
    pub(crate) fn print(&mut self, printer: &Printer, object: &Object, operation: &str) {
        let (resource, name) = (self.resource(object), name_of(object));
        let name = format!("{}/{name}", resource.singular());
        match printer {
            Printer::Words if operation.is_empty() => self.say(&name),
            Printer::Words => self.say(&format!("{name} {operation}")),
            Printer::Name => self.say(&name),
            printer => {
                let live = self.live(&cluster::api_server::reference(object));
                let live = live.filter(|_| self.dry_run != Some(DryRun::Client));
                let value = live.map(|it| it.value());
                self.show(printer, &value.unwrap_or_else(|| self.sent(object)));
            }
        }
    }

    /// An object as it would be sent: what the API server fills in is not there.
    pub(crate) fn sent(&self, object: &Object) -> Value {
        let resource = self.resource(object);
        let mut value = object.to_value();
        if let Value::Object(fields) = &mut value {
            fields.insert("apiVersion".to_owned(), resource.api_version().into());
            fields.insert("kind".to_owned(), (&*resource.kind).into());
        }
        value
    }

    /// Shows an object.
    pub(crate) fn show(&mut self, printer: &Printer, value: &Value) {
        match printer.text(value, self.shown == 0) {
            Ok(text) => {
                self.shown += 1;
                self.output.text += &text;
            }
            Err(message) => self.fail(&message),
        }
    }
}

fn name_of(object: &Object) -> &str {
    match object {
        Object::Node(it) => &it.metadata.name,
        Object::DaemonSet(it) => &it.metadata.name,
        Object::Pod(it) => &it.metadata.name,
        Object::ControllerRevision(it) => &it.metadata.name,
        Object::Event(it) => &it.metadata.name,
        Object::Other(value) => value["metadata"]["name"].as_str().unwrap_or_default(),
    }
}
