//! `explain`: what can be written in an object, from the API's own schema.
//!
//! Models the template `plaintext.tmpl`, kubectl `pkg/explain/v2/templates`, v1.34.

use std::sync::OnceLock;

use objects::{
    FieldPath,
    schema::{self, Choice},
};

use crate::{execute::Run, flags::Arguments, resource::Resource};

/// A kind or a field of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Explain {
    resource: Resource,
    fields: Vec<String>,
    recursive: bool,
}

/// How wide a line of a meaning is.
const WIDTH: usize = 80;

impl Explain {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let text = match &arguments.names[..] {
            [text] => text,
            [] => {
                return Err("error: You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.".into());
            }
            _ => {
                return Err("error: We accept only this format: explain RESOURCE".into());
            }
        };
        if text.starts_with('.') || text.contains("..") {
            return Err("error: invalid jsonpath syntax, first node must be field node".to_owned());
        }
        let parts: Vec<&str> = text.trim_end_matches('.').split('.').collect();
        // The longest beginning that is a type: `daemonsets.apps.spec` is of `daemonsets.apps`.
        let of = |n: usize| Some((arguments.resource(&parts[..n].join(".")).ok()?, n));
        let Some((resource, n)) = (1..=parts.len()).rev().find_map(of) else {
            let (name, _) = text.split_once('.').unwrap_or((text, ""));
            return Err(format!("the server doesn't have a resource type {name:?}"));
        };
        let version = arguments.text("api-version").filter(|it| !it.is_empty());
        if let Some(version) = version.filter(|it| *it != resource.api_version()) {
            let (group, version) = version.split_once('/').unwrap_or(("", version));
            let plural = &resource.plural;
            return Err(format!(
                "error: GVR ({group}/{version}, Resource={plural}) not found in OpenAPI schema"
            ));
        }
        Ok(Self {
            resource,
            fields: parts[n..].iter().map(|&it| it.to_owned()).collect(),
            recursive: arguments.is_set("recursive"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let (kind, resource) = (&*self.resource.kind, &self.resource);
        if schema::choices(kind, &FieldPath::root()).is_empty() {
            return run.fail(&format!(
                "error: the fields of {} are not known here: {} objects are kept as they come",
                resource.qualified(),
                resource.kind
            ));
        }
        let mut text = String::new();
        if !resource.group.is_empty() {
            text += &format!("GROUP:      {}\n", resource.group);
        }
        text += &format!("KIND:       {kind}\nVERSION:    {}\n\n", resource.version);
        run.output.text += &std::mem::take(&mut text);
        let mut at = FieldPath::root();
        let mut field: Option<Choice> = None;
        for name in &self.fields {
            let choices = fields_at(kind, &mut at);
            match choices.into_iter().find(|it| it.name == name) {
                Some(choice) => {
                    at = at.child_field(name);
                    field = Some(choice);
                }
                None => return run.fail(&format!("error: field {name:?} does not exist")),
            }
        }
        let mut meanings = Vec::new();
        match &field {
            Some(field) => {
                let type_name = type_name(&field.type_);
                text += &format!("FIELD: {} <{type_name}>\n\n\n", field.name);
                meanings.extend(meaning(&field.described_as));
                meanings.extend(meaning(type_name.trim_start_matches("[]")));
            }
            None => meanings.extend(meaning(kind)),
        }
        if meanings.is_empty() {
            meanings.push("<empty>");
        }
        text += "DESCRIPTION:\n";
        meanings.iter().for_each(|it| text += &wrapped(it, 4));
        text += "    \n";
        let fields = fields_at(kind, &mut at);
        if !fields.is_empty() {
            text += "FIELDS:\n";
            self.list(&mut text, kind, &at, &fields, 1);
        }
        run.output.text += &text;
        run.output.text.push('\n');
    }

    fn list(&self, text: &mut String, kind: &str, at: &FieldPath, fields: &[Choice], level: usize) {
        // The schema of a schema has itself for a part, and so on for ever.
        const LEVELS_MAX: usize = 16;
        for field in fields {
            let indent = "  ".repeat(level);
            let required = if field.is_required { " -required-" } else { "" };
            *text += &format!(
                "{indent}{}\t<{}>{required}\n",
                field.name,
                type_name(&field.type_)
            );
            if !self.recursive {
                let meaning = meaning(&field.described_as).unwrap_or("<no description>");
                *text += &format!("{}\n", wrapped(meaning, 2 * level + 2));
            } else if level < LEVELS_MAX {
                let mut below = at.child_field(field.name);
                let fields = fields_at(kind, &mut below);
                self.list(text, kind, &below, &fields, level + 1);
            }
        }
    }
}

/// The fields of what is there: of the items, if that is a list or a map.
fn fields_at(kind: &str, at: &mut FieldPath) -> Vec<Choice> {
    let fields = schema::choices(kind, at);
    if !fields.is_empty() || at.segments().is_empty() {
        return fields;
    }
    let item = at.index(0);
    let fields = schema::choices(kind, &item);
    if !fields.is_empty() {
        *at = item;
    }
    fields
}

/// `[]v1.Container` as `[]Container`, `int32` as `integer`.
fn type_name(go: &str) -> String {
    if let Some(item) = go.strip_prefix("[]") {
        return format!("[]{}", type_name(item));
    }
    if let Some(item) = go.strip_prefix("map[string]") {
        return format!("map[string]{}", type_name(item));
    }
    match go {
        "bool" => "boolean",
        "int32" | "int64" => "integer",
        "v1.Time" => "string",
        "intstr.IntOrString" => "IntOrString",
        "resource.Quantity" => "Quantity",
        "interface {}" => "Object",
        other => other.strip_prefix("v1.").unwrap_or(other),
    }
    .to_owned()
}

/// What a field means, in the words of the API, if that is known.
fn meaning(described_as: &str) -> Option<&'static str> {
    schema::description(meanings()?, described_as)
}

#[cfg(any(test, feature = "descriptions"))]
fn meanings() -> Option<&'static str> {
    Some(schema::DESCRIPTIONS)
}

/// The meanings are large, and not linked in where they are loaded when first asked for.
#[cfg(not(any(test, feature = "descriptions")))]
fn meanings() -> Option<&'static str> {
    LOADED.get().map(String::as_str)
}

/// The table of [`schema::DESCRIPTIONS`], where it is not linked in.
static LOADED: OnceLock<String> = OnceLock::new();

/// Gives `explain` what fields mean, where that is not linked in. A second time does nothing: it is
/// a constant that comes late.
pub fn load_meanings(descriptions: String) {
    let _ = LOADED.set(descriptions);
}

/// Whether `explain` can say what fields mean.
pub fn has_meanings() -> bool {
    meanings().is_some()
}

/// A text in lines that are not too long, so far in.
fn wrapped(text: &str, indent: usize) -> String {
    let room = WIDTH - indent;
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let blanks = " ".repeat(indent);
    let lines = lines.iter().map(|line| format!("{blanks}{line}\n"));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use crate::{
        Files,
        commands::tests::{check, world},
        execute,
    };

    #[test]
    fn fields_are_explained() {
        let mut timeline = world();
        let mut explain = |line: &str| {
            let output = execute(line, &Files::new(), &mut timeline);
            assert_eq!(output.exit_code, 0, "{}", output.text);
            output.text
        };
        expect_file!["testdata/explain.txt"].assert_eq(&explain("explain ds.spec.updateStrategy"));
        expect_file!["testdata/explain_kind.txt"].assert_eq(&explain("explain ds"));
        expect_file!["testdata/explain_leaf.txt"]
            .assert_eq(&explain("explain ds.spec.template.spec.containers.image"));
        let all = explain("explain ds --recursive");
        assert!(
            all.contains(
                "      rollingUpdate\t<RollingUpdateDaemonSet>\n        maxSurge\t<IntOrString>\n"
            ),
            "{all}"
        );
    }

    #[test]
    fn what_there_is_not_is_not_explained() {
        check(
            r#"
$ explain
error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.
[1]
$ explain ds.spec.replicas
GROUP:      apps
KIND:       DaemonSet
VERSION:    v1

error: field "replicas" does not exist
[1]
$ explain .spec
error: invalid jsonpath syntax, first node must be field node
[1]
$ explain ds --api-version=foo/v2
error: GVR (foo/v2, Resource=daemonsets) not found in OpenAPI schema
[1]
$ explain foo
the server doesn't have a resource type "foo"
[1]
$ explain deploy.spec
error: the fields of deployments.apps are not known here: Deployment objects are kept as they come
[1]
"#,
        );
    }
}
