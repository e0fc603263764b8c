//! Manifests: text in, objects out, and what the API server would say of them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    ControllerRevision, DaemonSet, Event, FieldPath, Node, Pod, Position, Problem,
    decode::{self, Document},
    fields::{Field, Unreadable},
    position::Positions,
    schema::{self, Kind, Mismatch},
    validate,
};

/// An object of one of the kinds that rules read, or of another kind, as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    DaemonSet(Box<DaemonSet>),
    Node(Box<Node>),
    Pod(Box<Pod>),
    ControllerRevision(Box<ControllerRevision>),
    Event(Box<Event>),
    Other(Value),
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Manifest {
    /// The objects that could be read, in their order, each with the document it came from.
    pub objects: Vec<(Object, Source)>,
    /// What could not be read, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Where in a text an object stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    document: usize,
    at: FieldPath,
}

/// Reads a text strictly: unknown fields, wrong types, keys given twice and unknown kinds are
/// problems. Objects are as written: not defaulted, not validated.
pub fn read(text: &str) -> Manifest {
    let (documents, mut problems) = decode::documents(text);
    let mut locate = Locate::new(text);
    let mut objects = Vec::with_capacity(documents.len());
    for document in documents {
        let found = problems.len();
        check_schema(&document, &mut locate, &mut problems);
        if problems.len() > found {
            continue;
        }
        let source = Source {
            document: document.index,
            at: document.at.clone(),
        };
        match Object::from_value(document.value) {
            Ok(object) => objects.push((object, source)),
            Err(error) => problems.push(Problem {
                position: locate.value(&source, &error.field),
                field: error.field,
                message: error.message,
                object: None,
            }),
        }
    }
    problems.sort_by_key(|problem| problem.position);
    Manifest { objects, problems }
}

/// Reads a text and checks its objects as the API server would on creation.
pub fn lint(text: &str) -> Manifest {
    let mut manifest = read(text);
    let mut locate = Locate::new(text);
    for (object, source) in &manifest.objects {
        let mut object = object.clone();
        object.default();
        for error in validate::object(&object) {
            manifest.problems.push(Problem {
                position: locate.value(source, &error.field),
                field: error.field,
                message: error.message,
                object: Some(object.reference()),
            });
        }
    }
    manifest.problems.sort_by_key(|problem| problem.position);
    manifest
}

/// Where in a text a field of one of its objects is, `object` being `KIND/NAME`.
pub fn locate(text: &str, object: &str, field: &FieldPath) -> Position {
    let manifest = read(text);
    let found = manifest
        .objects
        .iter()
        .find(|(it, _)| it.reference() == object);
    match found {
        Some((_, source)) => Locate::new(text).value(source, field),
        None => Position { line: 1, column: 1 },
    }
}

fn check_schema(document: &Document, locate: &mut Locate<'_>, problems: &mut Vec<Problem>) {
    let source = Source {
        document: document.index,
        at: document.at.clone(),
    };
    let value = &document.value;
    let kind = value["kind"].as_str().unwrap_or_default();
    let version = value["apiVersion"].as_str().unwrap_or_default();
    let name = value["metadata"]["name"].as_str().unwrap_or_default();
    let object = (!kind.is_empty()).then(|| format!("{kind}/{name}"));
    let mut push = |position, field, message| {
        problems.push(Problem {
            position,
            field,
            message,
            object: object.clone(),
        });
    };
    let root = FieldPath::root();
    if !value.is_object() {
        push(
            locate.value(&source, &root),
            root,
            "not a Kubernetes object: expected a mapping with apiVersion and kind".into(),
        );
        return;
    }
    for (field, given) in [("kind", kind), ("apiVersion", version)] {
        if given.is_empty() {
            let message = format!("error validating data: {field} not set");
            return push(locate.key(&source, &root), FieldPath::of(field), message);
        }
    }
    match schema::kind(version, kind) {
        Kind::Checked => {}
        Kind::Other => return,
        Kind::Unknown => {
            let message = format!("no matches for kind {kind:?} in version {version:?}");
            let field = FieldPath::of("kind");
            return push(locate.value(&source, &field), field, message);
        }
    }
    for mismatch in schema::mismatches(kind, value) {
        match mismatch {
            Mismatch::Unknown(field) => {
                let message = format!("unknown field \"{field}\"");
                push(locate.key(&source, &field), field, message);
            }
            Mismatch::Type(field, message) => {
                push(locate.value(&source, &field), field, message);
            }
        }
    }
}

/// Finds places in a text, reading each document for them only when asked.
struct Locate<'a> {
    text: &'a str,
    documents: BTreeMap<usize, Positions>,
}

impl<'a> Locate<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            documents: BTreeMap::new(),
        }
    }

    fn positions(&mut self, document: usize) -> &Positions {
        let text = self.text;
        self.documents
            .entry(document)
            .or_insert_with(|| Positions::of(text, document))
    }

    fn value(&mut self, source: &Source, field: &FieldPath) -> Position {
        self.positions(source.document)
            .value(&source.at.join(field))
    }

    fn key(&mut self, source: &Source, field: &FieldPath) -> Position {
        self.positions(source.document).key(&source.at.join(field))
    }
}

impl Object {
    /// From a value whose schema was checked.
    ///
    /// # Errors
    /// What the schema does not say and the types do not take, such as an unknown phase.
    pub fn from_value(value: Value) -> Result<Self, Unreadable> {
        fn typed<T: Field>(value: Value) -> Result<Box<T>, Unreadable> {
            T::read(value).map(Box::new)
        }
        match (value["apiVersion"].as_str(), value["kind"].as_str()) {
            (Some("apps/v1"), Some("DaemonSet")) => typed(value).map(Self::DaemonSet),
            (Some("apps/v1"), Some("ControllerRevision")) => {
                typed(value).map(Self::ControllerRevision)
            }
            (Some("v1"), Some("Node")) => typed(value).map(Self::Node),
            (Some("v1"), Some("Pod")) => typed(value).map(Self::Pod),
            (Some("v1"), Some("Event")) => typed(value).map(Self::Event),
            _ => Ok(Self::Other(value)),
        }
    }

    /// The value that reads as this: what came in, and what was filled in since.
    pub fn to_value(&self) -> Value {
        match self {
            Self::DaemonSet(it) => it.write(),
            Self::Node(it) => it.write(),
            Self::Pod(it) => it.write(),
            Self::ControllerRevision(it) => it.write(),
            Self::Event(it) => it.write(),
            Self::Other(value) => value.clone(),
        }
    }

    /// Fills in what the API server fills in on creation.
    pub fn default(&mut self) {
        match self {
            Self::DaemonSet(daemon_set) => crate::default::daemon_set(daemon_set),
            Self::Pod(pod) => crate::default::pod(pod),
            Self::Node(_) | Self::ControllerRevision(_) | Self::Event(_) | Self::Other(_) => {}
        }
    }

    /// `KIND/NAME`.
    pub fn reference(&self) -> String {
        match self {
            Self::DaemonSet(it) => format!("DaemonSet/{}", it.metadata.name),
            Self::Node(it) => format!("Node/{}", it.metadata.name),
            Self::Pod(it) => format!("Pod/{}", it.metadata.name),
            Self::ControllerRevision(it) => format!("ControllerRevision/{}", it.metadata.name),
            Self::Event(it) => format!("Event/{}", it.metadata.name),
            Self::Other(value) => {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                format!(
                    "{}/{}",
                    text(&value["kind"]),
                    text(&value["metadata"]["name"])
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let problems: Vec<String> = lint(text).problems.iter().map(Problem::to_string).collect();
        assert_eq!(problems, want, "{text}");
    }

    const GOOD: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      containers:
      - name: a
        image: a:1
";

    #[test]
    fn problems_are_told_with_their_place() {
        check(GOOD, &[]);
        check(
            &GOOD.replace("image: a:1", "imagee: a:1"),
            &[
                "11:9: error: spec.template.spec.containers[0].imagee: unknown field \"spec.template.spec.containers[0].imagee\"",
            ],
        );
        check(
            &GOOD.replace("        image: a:1\n", ""),
            &["10:9: error: spec.template.spec.containers[0].image: Required value"],
        );
        check(
            &GOOD.replace("{ labels: { app: a } }", "{ labels: { app: b } }"),
            &[
                "7:25: error: spec.template.metadata.labels: Invalid value: {\"app\":\"b\"}: `selector` does not match template `labels`",
            ],
        );
        check(
            &GOOD.replace("apps/v1", "extensions/v1beta1"),
            &[
                "2:7: error: kind: no matches for kind \"DaemonSet\" in version \"extensions/v1beta1\"",
            ],
        );
        check(
            "apiVersion: v1\n",
            &["1:1: error: kind: error validating data: kind not set"],
        );
        check(
            "just text",
            &["1:1: error: not a Kubernetes object: expected a mapping with apiVersion and kind"],
        );
    }

    #[test]
    fn lists_keep_the_place_of_their_items() {
        check(
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Node, metadata: {nam: a}}\n",
            &["4:43: error: metadata.nam: unknown field \"metadata.nam\""],
        );
    }

    #[test]
    fn an_object_comes_out_as_it_went_in() {
        let text = GOOD.replace(
            "image: a:1",
            "image: a:1\n        env: [{name: x, value: y}]",
        );
        let (documents, _) = decode::documents(&text);
        let Ok(Object::DaemonSet(daemon_set)) = Object::from_value(documents[0].value.clone())
        else {
            panic!("a DaemonSet");
        };
        let out = serde_json::to_value(&daemon_set).unwrap();
        assert_eq!(out, documents[0].value);
    }
}
