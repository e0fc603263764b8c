//! Commands, done at once and answered as kubectl answers.

use std::collections::BTreeMap;

use cluster::{
    ApiError, Cluster, DeleteOptions, Input, Key, Kind, ObjectRef, Response, Timeline,
    api_server::reference,
};
use objects::{Field, Name, Object};

use crate::{Command, apply, words};

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
}

impl Output {
    fn say(&mut self, line: &str) {
        self.text += line;
        if !line.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn fail(&mut self, line: &str) {
        self.say(line);
        self.exit_code = 1;
    }
}

/// Does what a line says, at the present moment.
pub fn execute(line: &str, files: &Files, timeline: &mut Timeline) -> Output {
    let mut output = Output::default();
    let command = words::split(line).and_then(|words| Command::parse(&words));
    match command {
        Ok(command) => Run {
            line,
            files,
            timeline,
            output: &mut output,
        }
        .command(&command),
        Err(message) => output.fail(&message),
    }
    output
}

struct Run<'a> {
    line: &'a str,
    files: &'a Files,
    timeline: &'a mut Timeline,
    output: &'a mut Output,
}

impl Run<'_> {
    fn command(&mut self, command: &Command) {
        match command {
            Command::Apply { file, namespace } => self.each(file, namespace, Self::apply),
            Command::Create { file, namespace } => self.each(file, namespace, Self::create),
            Command::DeleteFile { file, namespace } => {
                self.each(file, namespace, |run, object, _| {
                    run.delete(&reference(&object), None, false);
                })
            }
            Command::Delete {
                objects,
                namespace,
                grace_period_seconds,
                force,
            } => {
                if *force {
                    self.output.say("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
                }
                let grace = if *force {
                    Some(grace_period_seconds.unwrap_or(0))
                } else {
                    *grace_period_seconds
                };
                for (kind, name) in objects {
                    let namespace = match kind {
                        Kind::Node => "",
                        _ => namespace.as_deref().unwrap_or("default"),
                    };
                    let object = ObjectRef {
                        kind: *kind,
                        key: Key::new(namespace, name),
                    };
                    self.delete(&object, grace, *force);
                }
            }
            Command::Cordon {
                nodes,
                unschedulable,
            } => {
                nodes
                    .iter()
                    .for_each(|node| self.cordon(node, *unschedulable));
            }
        }
    }

    /// Does something with every object of a file.
    fn each(&mut self, file: &str, namespace: &Option<String>, act: fn(&mut Self, Object, &str)) {
        let Some(text) = self.files.get(file) else {
            return self
                .output
                .fail(&format!("error: the path {file:?} does not exist"));
        };
        match apply::read(file, text) {
            Err(message) => self.output.fail(&message),
            Ok(objects) => {
                for mut object in objects {
                    set_namespace(&mut object, namespace.as_deref().unwrap_or("default"));
                    act(self, object, file);
                }
            }
        }
    }

    fn act(&mut self, input: Input) -> Result<Response, ApiError> {
        let line = self.line.trim();
        let command = if line.starts_with("kubectl ") {
            line.to_owned()
        } else {
            format!("kubectl {line}")
        };
        self.timeline.act(input, &command)
    }

    fn refused(&mut self, error: &ApiError, doing: &str) {
        self.output.refused.push(error.clone());
        match error {
            ApiError::Invalid { kind, name, errors } => {
                let mut text = format!("The {} {name:?} is invalid: ", kind.as_str());
                match &errors[..] {
                    [error] => text += &format!("{}: {}", error.field, error.message),
                    errors => errors
                        .iter()
                        .for_each(|it| text += &format!("\n* {}: {}", it.field, it.message)),
                }
                self.output.fail(&text);
            }
            _ if doing.is_empty() => {
                self.output
                    .fail(&format!("Error from server ({}): {error}", error.reason()));
            }
            _ => self.output.fail(&format!(
                "Error from server ({}): {doing}: {error}",
                error.reason()
            )),
        }
    }

    fn create(&mut self, object: Object, file: &str) {
        let name = display(&reference(&object));
        match self.act(Input::Create(object)) {
            Ok(_) => self.output.say(&format!("{name} created")),
            Err(error) => self.refused(&error, &format!("error when creating {file:?}")),
        }
    }

    fn apply(&mut self, object: Object, file: &str) {
        let object_ref = reference(&object);
        let name = display(&object_ref);
        let manifest = object.to_value();
        let (input, done) = match live(self.timeline.cluster(), &object_ref) {
            None => (
                Object::from_value(apply::with_last_applied(manifest)).map(Input::Create),
                "created",
            ),
            Some(live) => {
                if live["metadata"]["annotations"]
                    .get(apply::LAST_APPLIED)
                    .is_none()
                {
                    let resource = name
                        .replace(".apps/", "s/")
                        .replace("node/", "nodes/")
                        .replace("pod/", "pods/");
                    self.output.say(&format!("Warning: resource {resource} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."));
                }
                (
                    Object::from_value(apply::merged(&live, &manifest)).map(Input::Replace),
                    "configured",
                )
            }
        };
        let doing = format!("error when applying {file:?}");
        match input.map(|input| self.act(input)) {
            Ok(Ok(Response::Done(_))) => self.output.say(&format!("{name} {done}")),
            Ok(Ok(Response::Unchanged)) => self.output.say(&format!("{name} unchanged")),
            Ok(Err(error)) => self.refused(&error, &doing),
            Err(message) => self.output.fail(&format!("error: {doing}: {message}")),
        }
    }

    fn delete(&mut self, object: &ObjectRef, grace_period_seconds: Option<i64>, force: bool) {
        match self.act(Input::Delete {
            object: object.clone(),
            options: DeleteOptions {
                grace_period_seconds,
                ..DeleteOptions::default()
            },
        }) {
            Ok(_) => {
                let (kind, name) = (kind_name(object.kind), &object.key.name);
                let forced = if force { "force " } else { "" };
                let from = match &object.key.namespace {
                    namespace if namespace.is_empty() => String::new(),
                    namespace => format!(" from {namespace} namespace"),
                };
                self.output
                    .say(&format!("{kind} {name:?} {forced}deleted{from}"));
            }
            Err(error) => self.refused(&error, ""),
        }
    }

    fn cordon(&mut self, name: &str, unschedulable: bool) {
        let done = if unschedulable {
            "cordoned"
        } else {
            "uncordoned"
        };
        let Some(node) = self.timeline.cluster().store().nodes.get(name) else {
            let error = ApiError::NotFound {
                kind: Kind::Node,
                name: name.into(),
            };
            return self.refused(&error, "");
        };
        if node.spec.unschedulable == unschedulable {
            return self.output.say(&format!("node/{name} already {done}"));
        }
        let mut node = (**node).clone();
        node.spec.unschedulable = unschedulable;
        match self.act(Input::Replace(Object::Node(Box::new(node)))) {
            Ok(_) => self.output.say(&format!("node/{name} {done}")),
            Err(error) => self.refused(&error, ""),
        }
    }
}

fn set_namespace(object: &mut Object, namespace: &str) {
    let metadata = match object {
        Object::DaemonSet(it) => &mut it.metadata,
        Object::Pod(it) => &mut it.metadata,
        Object::ControllerRevision(it) => &mut it.metadata,
        Object::Node(_) | Object::Event(_) | Object::Other(_) => return,
    };
    if metadata.namespace.is_empty() {
        metadata.namespace = Name::from(namespace);
    }
}

fn live(cluster: &Cluster, object: &ObjectRef) -> Option<serde_json::Value> {
    let store = cluster.store();
    Some(match object.kind {
        Kind::DaemonSet => store.daemon_sets.get(&object.key)?.write(),
        Kind::Node => store.nodes.get(&object.key.name)?.write(),
        Kind::Pod => store.pods.get(&object.key)?.write(),
        Kind::ControllerRevision => store.controller_revisions.get(&object.key)?.write(),
        Kind::Event => store.events.get(&object.key)?.write(),
        Kind::Other => (**store.others.get(&*object.key.name)?).clone(),
    })
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "node",
        Kind::DaemonSet => "daemonset.apps",
        Kind::Pod => "pod",
        Kind::ControllerRevision => "controllerrevision.apps",
        Kind::Event => "event",
        Kind::Other => "object",
    }
}

/// `daemonset.apps/x`.
fn display(object: &ObjectRef) -> String {
    format!("{}/{}", kind_name(object.kind), object.key.name)
}
