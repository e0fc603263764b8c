//! Manifests: text in, objects out, and what the API server would say of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use crate::{
    ControllerRevision, DaemonSet, Event, FieldPath, Node, ObjectMeta, Pod, Position, Problem,
    decode::{self, Document},
    fields::{Field, Unreadable},
    position::Places,
    problem::Severity,
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
    let (manifest, found) = read_found(text, Severity::Error);
    located(text, manifest, found)
}

/// What is wrong in a value, and in which of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub field: FieldPath,
    /// It is about the field itself rather than its value.
    pub at_key: bool,
    pub message: String,
}

/// Reads objects that stand in something else, such as a scenario, as strictly as [`read`].
///
/// # Errors
/// What is wrong first.
pub fn of_value(value: Value) -> Result<Vec<Object>, Misfit> {
    let mut objects = Vec::with_capacity(1);
    for Document { at, value, .. } in decode::apart(value) {
        let source = Source { document: 0, at };
        let mut found = Vec::new();
        objects.extend(object(value, &source, Severity::Error, &mut found));
        if let Some(first) = found.into_iter().next() {
            return Err(Misfit {
                field: source.at.join(&first.field),
                at_key: first.at_key,
                message: first.message,
            });
        }
    }
    Ok(objects)
}

/// Reads what a cluster gave, perhaps one of another version: fields that are not known here are
/// kept, and told as warnings.
pub fn read_dump(text: &str) -> Manifest {
    let (manifest, found) = read_found(text, Severity::Warning);
    located(text, manifest, found)
}

/// Reads a text and checks its objects as the API server would on creation.
pub fn lint(text: &str) -> Manifest {
    let (manifest, mut found) = read_found(text, Severity::Error);
    for (object, source) in &manifest.objects {
        let mut object = object.clone();
        object.default();
        found.extend(validate::object(&object).into_iter().map(|error| Found {
            source: source.clone(),
            stands_at: validate::stands_at(&error.field),
            field: error.field,
            at_key: false,
            message: error.message,
            severity: Severity::Error,
            object: Some(object.reference()),
        }));
    }
    located(text, manifest, found)
}

/// Where in a text a field of one of its objects is, `object` being `KIND/NAME`.
pub fn locate(text: &str, object: &str, field: &FieldPath) -> Position {
    let (manifest, _) = read_found(text, Severity::Warning);
    let mut objects = manifest.objects.iter();
    match objects.find(|(it, _)| it.reference() == object) {
        Some((_, source)) => {
            let field = source.at.join(&validate::stands_at(field));
            Places::find(text, [(source.document, &field)]).value(source.document, &field)
        }
        None => Position::START,
    }
}

/// The first object that stands in a text twice, of those that differ in kind, namespace or name
/// from all others: `KIND NAMESPACE/NAME`, where it stands, and where it does again.
pub fn twice(text: &str) -> Option<(String, Position, Position)> {
    let (manifest, _) = read_found(text, Severity::Warning);
    let mut seen = BTreeMap::new();
    for (mut object, source) in manifest.objects {
        object.default();
        let name = object.full_name();
        if let Some(first) = seen.insert(name.clone(), source.clone()) {
            let both = [&first, &source].map(|it| (it.document, &it.at));
            let places = Places::find(text, both);
            let [first, again] = both.map(|(document, at)| places.value(document, at));
            return Some((name, first, again));
        }
    }
    None
}

/// A problem whose place in the text is not known yet.
struct Found {
    source: Source,
    field: FieldPath,
    /// Where the value is, if the field is told by another path.
    stands_at: FieldPath,
    /// It is about the field itself rather than its value.
    at_key: bool,
    message: String,
    severity: Severity,
    object: Option<String>,
}

/// Adds what was found to a manifest's problems, all places looked up at once. Objects come in
/// their order, what is wrong with one in the order of the rules.
fn located(text: &str, mut manifest: Manifest, found: Vec<Found>) -> Manifest {
    let mut problems: Vec<(Position, Problem)> = Vec::new();
    let known = manifest.problems.drain(..);
    problems.extend(known.map(|problem| (problem.position, problem)));
    if !found.is_empty() {
        let fields: Vec<FieldPath> = found
            .iter()
            .map(|it| it.source.at.join(&it.stands_at))
            .collect();
        let inside = found.iter().zip(&fields);
        let inside = inside.map(|(it, field)| (it.source.document, field));
        let whole = found.iter().map(|it| (it.source.document, &it.source.at));
        let places = Places::find(text, inside.chain(whole));
        for (found, field) in found.into_iter().zip(&fields) {
            let document = found.source.document;
            let problem = Problem {
                position: if found.at_key {
                    places.key(document, field)
                } else {
                    places.value(document, field)
                },
                field: found.field,
                message: found.message,
                severity: found.severity,
                object: found.object,
            };
            let object = places.value(document, &found.source.at);
            problems.push((object, problem));
        }
    }
    problems.sort_by_key(|(position, _)| *position);
    let problems = problems.into_iter().map(|(_, problem)| problem);
    manifest.problems.extend(problems);
    manifest
}

/// `unknown` is how bad a field is that the schema does not have.
fn read_found(text: &str, unknown: Severity) -> (Manifest, Vec<Found>) {
    let (documents, problems) = decode::documents(text);
    let mut objects = Vec::with_capacity(documents.len());
    let mut found = Vec::new();
    for Document { index, at, value } in documents {
        let source = Source {
            document: index,
            at,
        };
        if let Some(object) = object(value, &source, unknown, &mut found) {
            objects.push((object, source));
        }
    }
    (Manifest { objects, problems }, found)
}

/// The object that a value is, unless something is wrong with it.
fn object(
    value: Value,
    source: &Source,
    unknown: Severity,
    found: &mut Vec<Found>,
) -> Option<Object> {
    let kind = value["kind"].as_str().unwrap_or_default().to_owned();
    let version = value["apiVersion"].as_str().unwrap_or_default().to_owned();
    let name = value["metadata"]["name"].as_str().unwrap_or_default();
    let object = (!kind.is_empty()).then(|| format!("{kind}/{name}"));
    let mut told = |severity, field: FieldPath, at_key, message| {
        found.push(Found {
            source: source.clone(),
            stands_at: field.clone(),
            field,
            at_key,
            message,
            severity,
            object: object.clone(),
        });
    };
    if !value.is_object() {
        let message = "not a Kubernetes object: expected a mapping with apiVersion and kind";
        told(
            Severity::Error,
            FieldPath::root(),
            false,
            message.to_owned(),
        );
        return None;
    }
    for (field, given) in [("kind", &kind), ("apiVersion", &version)] {
        if given.is_empty() {
            let message = format!("error validating data: {field} not set");
            told(Severity::Error, FieldPath::of(field), true, message);
            return None;
        }
    }
    let value = match schema::kind(&version, &kind) {
        Kind::Checked => decode::without_nulls(value),
        // Null may mean something where the schema is not known.
        Kind::Other => return Some(Object::Other(value)),
        Kind::Unknown => {
            let message = format!("no matches for kind {kind:?} in version {version:?}");
            told(Severity::Error, FieldPath::of("kind"), false, message);
            return None;
        }
    };
    let mut fits = true;
    for mismatch in schema::mismatches(&kind, &value) {
        fits &= unknown == Severity::Warning && matches!(mismatch, Mismatch::Unknown(_));
        match mismatch {
            Mismatch::Unknown(field) => {
                let message = format!("unknown field \"{field}\"");
                told(unknown, field, true, message);
            }
            Mismatch::Type(field, message) => told(Severity::Error, field, false, message),
        }
    }
    let object = fits.then(|| Object::from_value(value))?;
    object
        .map_err(|error| told(Severity::Error, error.field, false, error.message))
        .ok()
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

    /// Its metadata, if it is of a kind that rules read.
    pub fn metadata_mut(&mut self) -> Option<&mut ObjectMeta> {
        Some(match self {
            Self::DaemonSet(it) => &mut it.metadata,
            Self::Node(it) => &mut it.metadata,
            Self::Pod(it) => &mut it.metadata,
            Self::ControllerRevision(it) => &mut it.metadata,
            Self::Event(it) => &mut it.metadata,
            Self::Other(_) => return None,
        })
    }

    /// Fills in what the API server fills in on creation.
    pub fn default(&mut self) {
        match self {
            Self::DaemonSet(daemon_set) => crate::default::daemon_set(daemon_set),
            Self::Pod(pod) => crate::default::pod(pod),
            Self::ControllerRevision(it) => crate::default::namespace(&mut it.metadata),
            Self::Event(it) => crate::default::namespace(&mut it.metadata),
            Self::Other(value) => crate::default::other(value),
            Self::Node(_) => {}
        }
    }

    /// What tells it from all other objects: `KIND NAMESPACE/NAME`.
    pub fn full_name(&self) -> String {
        let namespace = match self {
            Self::DaemonSet(it) => &*it.metadata.namespace,
            Self::Node(_) => "",
            Self::Pod(it) => &*it.metadata.namespace,
            Self::ControllerRevision(it) => &*it.metadata.namespace,
            Self::Event(it) => &*it.metadata.namespace,
            Self::Other(value) => value["metadata"]["namespace"].as_str().unwrap_or_default(),
        };
        let reference = self.reference();
        let (kind, name) = reference.split_once('/').unwrap_or_default();
        match namespace {
            "" => format!("{kind} {name}"),
            namespace => format!("{kind} {namespace}/{name}"),
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

/// As the manifest that it is.
impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(value).map_err(D::Error::custom)
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
        // In the order of the API server's rules, not of the lines; before what is wrong with the
        // next object.
        let twice = GOOD.replace("{ labels: { app: a } }", "{}").replace(
            "spec:\n  selector",
            "spec:\n  minReadySeconds: -1\n  selector",
        );
        let [first, second] = ["8:5", "21:5"].map(|line| {
            format!("{line}: error: spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`")
        });
        check(
            &format!("{twice}---\n{twice}"),
            &[
                &first,
                "5:20: error: spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
                &second,
                "18:20: error: spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
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
        // Told by the API server's paths, which are no paths of the manifest.
        check(
            &GOOD.replace(
                "labels: { app: a } }\n    spec",
                "labels: { app: a, b: '-' } }\n    spec",
            ),
            &[
                "7:25: error: spec.template.labels: Invalid value: \"-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
            ],
        );
        check(
            "apiVersion: v1\nkind: Node\nmetadata: {name: a}\nspec:\n  taints:\n  - {key: a}\n",
            &["6:5: error: metadata.taints[0].effect: Required value"],
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
