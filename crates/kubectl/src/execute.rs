//! Commands, done at once and answered as kubectl answers.

use std::collections::BTreeMap;

use cluster::{ApiError, Cluster, Input, Kind, ObjectRef, Response, Timeline};
use objects::{Millis, Name, Object};
use serde_json::Value;

use crate::{
    Command,
    live::{self, Live},
    resource::Resource,
    words,
};

/// What `-f NAME` reads, by name; `-` is standard input.
pub type Files = BTreeMap<String, String>;

/// What a command prints, and how it exits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Standard output and error, in the order written.
    pub text: String,
    pub exit_code: u8,
    /// What the API server refused, for those who want to show where.
    pub refused: Vec<ApiError>,
    /// An object that is to be edited, as YAML; [`edited()`](crate::edited) is how to send back what was changed.
    pub edit: Option<(ObjectRef, String)>,
    /// Whether what was printed is to be printed again as it changes (`--watch`).
    pub follows: bool,
}

/// Whether it is only said what would be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DryRun {
    /// As far as kubectl itself can tell.
    Client,
    /// As the API server would.
    Server,
}

impl Output {
    pub(crate) fn say(&mut self, line: &str) {
        self.text += line;
        if !line.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Does what a line says, at the present moment.
pub fn execute(line: &str, files: &Files, timeline: &mut Timeline) -> Output {
    let command = words::split(line).and_then(|words| Command::parse(&words, timeline.cluster()));
    match command {
        Ok(command) if command.dry_run().is_some() => {
            // What would be done is done to a copy.
            let mut copy = Timeline::new(timeline.cluster().clone());
            Run::new(line, files, &mut copy).with(|run| {
                run.dry_run = command.dry_run();
                command.run(run);
            })
        }
        Ok(command) => Run::new(line, files, timeline).with(|run| command.run(run)),
        Err(message) => Run::new(line, files, timeline).with(|run| run.fail(&message)),
    }
}

/// Why a command did not do all that it was to do.
enum Failure {
    /// With what was being done, if that is said.
    Api(ApiError, String),
    /// A line, with `error: ` before it if that is how it is said where nothing else is.
    Said(String),
    /// A line that is the same beside others.
    Verbatim(String),
}

/// A command that is being done.
pub(crate) struct Run<'a> {
    line: &'a str,
    pub(crate) files: &'a Files,
    pub(crate) timeline: &'a mut Timeline,
    pub(crate) output: Output,
    pub(crate) dry_run: Option<DryRun>,
    /// The object that was changed last.
    pub(crate) acted_on: Option<ObjectRef>,
    /// How many objects were shown.
    pub(crate) shown: usize,
    failures: Vec<Failure>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(line: &'a str, files: &'a Files, timeline: &'a mut Timeline) -> Self {
        Self {
            line,
            files,
            timeline,
            output: Output::default(),
            dry_run: None,
            acted_on: None,
            shown: 0,
            failures: Vec::new(),
        }
    }

    /// Does something, and gives what was said meanwhile and in the end.
    pub(crate) fn with(mut self, act: impl FnOnce(&mut Self)) -> Output {
        act(&mut self);
        self.finish();
        self.output
    }
}

impl Run<'_> {
    pub(crate) fn say(&mut self, line: &str) {
        self.output.say(line);
    }

    /// Says what was done; or would be, if it is not.
    pub(crate) fn done(&mut self, line: &str) {
        let line = format!("{line}{}", self.suffix());
        self.say(&line);
    }

    /// What stands behind that which was not really done.
    pub(crate) fn suffix(&self) -> &'static str {
        match self.dry_run {
            None => "",
            Some(DryRun::Client) => " (dry run)",
            Some(DryRun::Server) => " (server dry run)",
        }
    }

    /// Says in the end what went wrong.
    pub(crate) fn fail(&mut self, line: &str) {
        self.failures.push(Failure::Said(line.to_owned()));
    }

    /// The same, of an error whose own text begins with `error: `.
    pub(crate) fn fail_verbatim(&mut self, line: &str) {
        self.failures.push(Failure::Verbatim(line.to_owned()));
    }

    /// Says in the end what the API server said.
    pub(crate) fn refused(&mut self, error: &ApiError, doing: &str) {
        self.output.refused.push(error.clone());
        self.failures
            .push(Failure::Api(error.clone(), doing.to_owned()));
    }

    /// Says it behind what was being done, as an error of kubectl's own.
    pub(crate) fn refused_saying(&mut self, error: &ApiError, doing: &str) {
        self.output.refused.push(error.clone());
        let line = format!("{doing} {}", self.message(error));
        self.fail(&line);
    }

    /// Says what went wrong so far as the cause of another error.
    pub(crate) fn fail_wrapped(&mut self, doing: &str, behind: &str) {
        let causes: Vec<String> = std::mem::take(&mut self.failures)
            .into_iter()
            .map(|it| match it {
                Failure::Api(error, _) => self.message(&error),
                Failure::Said(line) | Failure::Verbatim(line) => {
                    line.trim_start_matches("error: ").to_owned()
                }
            })
            .collect();
        let line = match causes.as_slice() {
            [] => doing.to_owned(),
            [one] => format!("{doing} {one}"),
            several => format!("{doing} [{}]", several.join(", ")),
        };
        self.fail(&(line + behind));
    }

    /// Does not say what was not found.
    pub(crate) fn forgive_not_found(&mut self) {
        let is_not_found = |it: &Failure| matches!(it, Failure::Api(ApiError::NotFound { .. }, _));
        self.failures.retain(|it| !is_not_found(it));
        let refused = &mut self.output.refused;
        refused.retain(|it| !matches!(it, ApiError::NotFound { .. }));
    }

    pub(crate) fn has_failed(&self) -> bool {
        !self.failures.is_empty()
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        self.timeline.cluster()
    }

    /// Does something to the cluster. Whether it changed anything; what the API server would say
    /// is not known if it is not asked.
    pub(crate) fn act(&mut self, input: Input) -> Result<bool, ApiError> {
        let line = self.line.trim();
        let command = if line.starts_with("kubectl ") {
            line.to_owned()
        } else {
            format!("kubectl {line}")
        };
        let is_client = self.dry_run == Some(DryRun::Client);
        match self.timeline.act(input, &command) {
            Ok(Response::Done(step)) => {
                self.acted_on = step.object;
                Ok(true)
            }
            Ok(Response::Unchanged) => Ok(is_client),
            Err(error @ ApiError::NotFound { .. }) => Err(error),
            Err(_) if is_client => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Lets time pass until something is done, or until then. Whether it was done.
    pub(crate) fn wait(&mut self, until: Millis, mut done: impl FnMut(&mut Self) -> bool) -> bool {
        loop {
            if done(self) {
                return true;
            }
            if self.timeline.forward_before(until).is_none() {
                return done(self);
            }
        }
    }

    /// When a timeout that begins now is over; `None` if there is none.
    pub(crate) fn deadline(&self, timeout: Option<Millis>) -> Option<Millis> {
        let timeout = timeout.filter(|it| *it > Millis(0))?;
        Some(self.cluster().now() + timeout)
    }

    /// Puts an object in the place of the one that is there. Whether that could be done, and
    /// whether it changed anything.
    pub(crate) fn replace(&mut self, object: Object) -> Option<bool> {
        self.act(Input::Replace(object))
            .map_err(|error| self.refused(&error, ""))
            .ok()
    }

    /// Writes what went wrong: one thing as such, several a line each.
    ///
    /// Models `checkErr` and `MultipleErrors`, kubectl `pkg/cmd/util/helpers.go`, v1.34.
    fn finish(&mut self) {
        let failures = std::mem::take(&mut self.failures);
        if failures.is_empty() {
            return;
        }
        self.output.exit_code = 1;
        let is_one = failures.len() == 1;
        for failure in failures {
            let line = match failure {
                Failure::Said(line) if is_one => line,
                Failure::Verbatim(line) => line,
                Failure::Said(line) => line.strip_prefix("error: ").unwrap_or(&line).to_owned(),
                Failure::Api(ApiError::Invalid { kind, name, errors }, _) if is_one => {
                    let mut text = format!("The {} {name:?} is invalid: ", kind.as_str());
                    match &errors[..] {
                        [error] => text += &format!("{}: {}", error.field, error.message),
                        errors => errors
                            .iter()
                            .for_each(|it| text += &format!("\n* {}: {}", it.field, it.message)),
                    }
                    text
                }
                Failure::Api(error, doing) => {
                    let (reason, message) = (error.reason(), self.message(&error));
                    match doing.as_str() {
                        "" => format!("Error from server ({reason}): {message}"),
                        doing => format!("Error from server ({reason}): {doing}: {message}"),
                    }
                }
            };
            self.output.say(&line);
        }
    }

    /// The kind of an object of a manifest.
    pub(crate) fn resource(&self, object: &Object) -> Resource {
        match object {
            Object::Node(_) => Resource::of_kind(Kind::Node),
            Object::DaemonSet(_) => Resource::of_kind(Kind::DaemonSet),
            Object::Pod(_) => Resource::of_kind(Kind::Pod),
            Object::ControllerRevision(_) => Resource::of_kind(Kind::ControllerRevision),
            Object::Event(_) => Resource::of_kind(Kind::Event),
            Object::Other(value) => live::of_value(value, self.cluster()),
        }
    }

    /// Puts an object into a namespace, if it is of a kind that lies in one.
    ///
    /// # Errors
    /// If it says that it lies in another than the one that was given.
    pub(crate) fn set_namespace(
        &self,
        object: &mut Object,
        given: Option<&str>,
    ) -> Result<(), String> {
        let wanted = given.unwrap_or("default");
        let is_namespaced = self.resource(object).namespaced;
        let there = match object {
            Object::Node(_) => return Ok(()),
            Object::Other(value) => {
                let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut)
                else {
                    return Ok(());
                };
                if !is_namespaced {
                    metadata.remove("namespace");
                    return Ok(());
                }
                let namespace = metadata.entry("namespace").or_insert(Value::Null);
                match namespace.as_str() {
                    Some(there) if !there.is_empty() => there.to_owned(),
                    _ => {
                        *namespace = wanted.into();
                        return Ok(());
                    }
                }
            }
            Object::DaemonSet(it) => namespaced(&mut it.metadata.namespace, wanted),
            Object::Pod(it) => namespaced(&mut it.metadata.namespace, wanted),
            Object::ControllerRevision(it) => namespaced(&mut it.metadata.namespace, wanted),
            Object::Event(it) => namespaced(&mut it.metadata.namespace, wanted),
        };
        match given {
            Some(given) if given != there => Err(format!(
                "error: the namespace from the provided object {there:?} does not match the namespace {given:?}. You must pass '--namespace={there}' to perform this operation."
            )),
            _ => Ok(()),
        }
    }

    /// What the API server says, of objects of other kinds by the names that these have.
    fn message(&self, error: &ApiError) -> String {
        let (kind, name, said) = match error {
            ApiError::NotFound { kind, name } => (kind, name, "not found"),
            ApiError::AlreadyExists { kind, name } => (kind, name, "already exists"),
            other => return other.to_string(),
        };
        let mut parts = name.splitn(3, '/');
        match (kind, parts.next(), parts.nth(1)) {
            (Kind::Other, Some(kind), Some(name)) => {
                let resource = Resource::of_other(kind, self.cluster());
                format!("{} {name:?} {said}", resource.qualified())
            }
            _ => error.to_string(),
        }
    }

    /// An object as it is now.
    pub(crate) fn live(&self, object: &ObjectRef) -> Option<Live> {
        Live::get(self.cluster(), object)
    }
}

/// The namespace that an object says it lies in, or the one it is put into.
fn namespaced(namespace: &mut Name, wanted: &str) -> String {
    if namespace.is_empty() {
        *namespace = Name::from(wanted);
    }
    namespace.to_string()
}
