//! Which fields there are, and of what type: strict decoding over the API's own schema.
//!
//! The table is made by `build.rs` from the OpenAPI schemas of Kubernetes 1.34 in `k8s-openapi`;
//! its format is described there.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::Value;

use crate::{FieldPath, field_path::Segment, quantity, time::parse_rfc3339};

/// Kinds with a schema, by `apiVersion`.
const KINDS: [(&str, &str); 7] = [
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ControllerRevision"),
    ("v1", "Node"),
    ("v1", "Pod"),
    ("v1", "Event"),
    ("v1", "Namespace"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
];

/// What Kubernetes knows in groups without a dot, and no rule here reads: kept as it is, unchecked.
const OTHER_KINDS: [&str; 21] = [
    "Binding",
    "ComponentStatus",
    "ConfigMap",
    "CronJob",
    "Deployment",
    "Endpoints",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
    "LimitRange",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "PodTemplate",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
];

/// What the table says of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has a schema.
    Checked,
    /// Kubernetes has it, the playground has no use for it.
    Other,
    /// Kubernetes has no such kind in that version.
    Unknown,
}

/// Looks a kind up. A group with a dot may be anybody's, so its kinds are unknown only in another
/// version of a group that is checked.
pub fn kind(api_version: &str, kind: &str) -> Kind {
    let group = |api_version: &str| {
        api_version
            .rsplit_once('/')
            .map_or("", |(it, _)| it)
            .to_owned()
    };
    let same_group =
        |(version, known): &(&str, &str)| *known == kind && group(version) == group(api_version);
    if KINDS.contains(&(api_version, kind)) {
        Kind::Checked
    } else if OTHER_KINDS.contains(&kind)
        || (api_version.contains('.') && !KINDS.iter().any(same_group))
    {
        Kind::Other
    } else {
        Kind::Unknown
    }
}

/// A field that is not as the schema has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// There is no such field; to be shown at the key.
    Unknown(FieldPath),
    /// The value is of another type; the message is that of Go's JSON decoder.
    Type(FieldPath, String),
}

/// A field of a type, as the table has it.
struct Field {
    name: &'static str,
    is_required: bool,
    code: &'static str,
}

type Types = BTreeMap<&'static str, Vec<Field>>;

/// The types that a Node has, which is all that is asked for where nothing else is written down.
static TYPES_OF_NODES: LazyLock<Types> = LazyLock::new(|| {
    types(include_str!(concat!(
        env!("OUT_DIR"),
        "/schema_of_nodes.txt"
    )))
});

/// All others.
static TYPES: LazyLock<Types> =
    LazyLock::new(|| types(include_str!(concat!(env!("OUT_DIR"), "/schema.txt"))));

fn types(table: &'static str) -> Types {
    let mut types = Types::new();
    for line in table.lines() {
        let mut words = line.split(' ');
        let Some(name) = words.next() else { continue };
        let fields = words.filter_map(|word| {
            let (name, code) = word.split_once('=')?;
            Some(Field {
                name: name.trim_end_matches('!'),
                is_required: name.ends_with('!'),
                code,
            })
        });
        types.insert(name, fields.collect());
    }
    types
}

/// The fields of a type, if it is in the schema and has some.
fn fields_of(type_name: &str) -> Option<&'static [Field]> {
    let fields = TYPES_OF_NODES.get(type_name);
    fields.or_else(|| TYPES.get(type_name)).map(Vec::as_slice)
}

/// What can be written at a place in an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub name: &'static str,
    /// In Go's words, `[]v1.Container`.
    pub type_: String,
    pub is_required: bool,
    /// Where [`description`] finds what it means.
    pub described_as: String,
}

/// The fields that an object of this kind can have at a path; none where the path leads to no
/// object. Indices and keys in the path may be any.
pub fn choices(kind: &str, at: &FieldPath) -> Vec<Choice> {
    let mut type_name = kind;
    let mut fields = fields_of(kind);
    let mut code = "";
    for segment in at.segments() {
        match (segment, fields) {
            (Segment::Field(name), Some(fields)) => {
                let field = fields.iter().find(|field| field.name == name);
                code = field.map_or("", |field| field.code);
            }
            _ => code = code.strip_prefix(['[', '{']).unwrap_or_default(),
        }
        type_name = code.strip_prefix('@').unwrap_or_default();
        fields = fields_of(type_name);
    }
    let choice = |field: &Field| Choice {
        name: field.name,
        type_: go_type(field.code),
        is_required: field.is_required,
        described_as: format!("{type_name}.{}", field.name),
    };
    fields.into_iter().flatten().map(choice).collect()
}

/// What all fields mean, a line each. Not linked in where it is not named: the page loads it as a
/// file of its own when it is first needed.
pub const DESCRIPTIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/descriptions.txt"));

/// What a field means, in the words of the API, found in [`DESCRIPTIONS`].
pub fn description<'a>(descriptions: &'a str, described_as: &str) -> Option<&'a str> {
    let mut lines = descriptions.lines();
    lines.find_map(|line| line.strip_prefix(described_as)?.strip_prefix(' '))
}

/// Everything in a value that its kind's schema does not have, in the order of the fields.
pub fn mismatches(kind: &str, value: &Value) -> Vec<Mismatch> {
    let mut checker = Checker { found: Vec::new() };
    checker.object(kind, value, &FieldPath::root(), None);
    checker.found
}

struct Checker {
    found: Vec<Mismatch>,
}

impl Checker {
    fn object(&mut self, type_name: &str, value: &Value, at: &FieldPath, owner: Option<&str>) {
        let Value::Object(map) = value else {
            return self.wrong(value, at, owner, &format!("v1.{type_name}"));
        };
        let Some(fields) = fields_of(type_name) else {
            return;
        };
        for (name, value) in map {
            match fields.iter().find(|field| field.name == name) {
                Some(field) => {
                    self.value(field.code, value, &at.child_field(name), Some(type_name))
                }
                None => self.found.push(Mismatch::Unknown(at.child_field(name))),
            }
        }
    }

    fn value(&mut self, code: &str, value: &Value, at: &FieldPath, owner: Option<&str>) {
        let fits = match code.split_at(1) {
            ("@", type_name) => return self.object(type_name, value, at, owner),
            ("[", inner) => match value {
                Value::Array(items) => {
                    for (i, item) in items.iter().enumerate() {
                        self.value(inner, item, &at.index(i), owner);
                    }
                    true
                }
                _ => false,
            },
            ("{", inner) => match value {
                Value::Object(map) => {
                    for (key, value) in map {
                        self.value(inner, value, &at.key(key), owner);
                    }
                    true
                }
                _ => false,
            },
            ("s", _) => value.is_string(),
            ("b", _) => value.is_boolean(),
            ("i", _) => value
                .as_i64()
                .is_some_and(|number| i32::try_from(number).is_ok()),
            ("l", _) => value.is_i64(),
            ("n", _) => value.is_number(),
            ("q", _) => match value {
                Value::String(text) => {
                    if let Err(message) = quantity::Number::parse(text) {
                        self.found
                            .push(Mismatch::Type(at.clone(), message.to_owned()));
                    }
                    true
                }
                value => value.is_number(),
            },
            ("x", _) => {
                value.is_string() || value.as_i64().is_some_and(|n| i32::try_from(n).is_ok())
            }
            ("t", _) => match value {
                Value::String(text) if parse_rfc3339(text).is_none() => {
                    let message = format!(
                        "parsing time {value} as \"2006-01-02T15:04:05Z07:00\": cannot parse {value}"
                    );
                    self.found.push(Mismatch::Type(at.clone(), message));
                    true
                }
                value => value.is_string(),
            },
            _ => true,
        };
        if !fits {
            self.wrong(value, at, owner, &go_type(code));
        }
    }

    fn wrong(&mut self, value: &Value, at: &FieldPath, owner: Option<&str>, go_type: &str) {
        let json_type = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "bool".to_owned(),
            Value::Number(number) if matches!(go_type, "int32" | "int64") => {
                format!("number {number}")
            }
            Value::Number(_) => "number".to_owned(),
            Value::String(_) => "string".to_owned(),
            Value::Array(_) => "array".to_owned(),
            Value::Object(_) => "object".to_owned(),
        };
        let target = match owner {
            Some(owner) => format!("struct field {owner}.{}", at.without_indices()),
            None => "value".to_owned(),
        };
        let message =
            format!("json: cannot unmarshal {json_type} into Go {target} of type {go_type}");
        self.found.push(Mismatch::Type(at.clone(), message));
    }
}

fn go_type(code: &str) -> String {
    match code.split_at(1) {
        ("@", name) => format!("v1.{name}"),
        ("[", inner) => format!("[]{}", go_type(inner)),
        ("{", inner) => format!("map[string]{}", go_type(inner)),
        ("s", _) => "string".into(),
        ("b", _) => "bool".into(),
        ("i", _) => "int32".into(),
        ("l", _) => "int64".into(),
        ("x", _) => "intstr.IntOrString".into(),
        ("q", _) => "resource.Quantity".into(),
        ("t", _) => "v1.Time".into(),
        _ => "interface {}".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_those_of_the_api() {
        let check = |yaml: &str, want: &[&str]| {
            let value: Value = serde_yaml::from_str(yaml).unwrap();
            let got: Vec<String> = mismatches("DaemonSet", &value)
                .into_iter()
                .map(|mismatch| match mismatch {
                    Mismatch::Unknown(field) => format!("unknown field {field}"),
                    Mismatch::Type(_, message) => message,
                })
                .collect();
            assert_eq!(got, want, "{yaml}");
        };
        check(
            "spec: {minReadySeconds: 3, template: {spec: {hostNetwork: true}}}",
            &[],
        );
        check(
            "spec: {replicas: 3, template: {spec: {containers: [{imagee: x}]}}}",
            &[
                "unknown field spec.replicas",
                "unknown field spec.template.spec.containers[0].imagee",
            ],
        );
        check(
            "spec: {template: {spec: {containers: [{env: [{name: a, value: 5}]}]}}}",
            &[
                "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
            ],
        );
        check(
            "spec: {minReadySeconds: '5'}",
            &[
                "json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32",
            ],
        );
        let cpu = |cpu: &str| {
            format!(
                "spec: {{template: {{spec: {{containers: [{{resources: {{requests: {{cpu: {cpu}}}}}}}]}}}}}}"
            )
        };
        check(&cpu("1.5"), &[]);
        check(&cpu("100m"), &[]);
        check(&cpu("1ki"), &["unable to parse quantity's suffix"]);
        check(
            &cpu("much"),
            &[
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            ],
        );
        check("metadata: {labels: {a.b/c: x}, annotations: {k: v}}", &[]);
        check(
            "spec: {updateStrategy: {rollingUpdate: {maxUnavailable: 10%, maxSurge: 0}}}",
            &[],
        );
        check(
            "spec: []",
            &[
                "json: cannot unmarshal array into Go struct field DaemonSet.spec of type v1.DaemonSetSpec",
            ],
        );
    }

    #[test]
    fn what_can_be_written_is_known_with_its_meaning() {
        let at = FieldPath::of("spec.template.spec.containers").index(3);
        let fields = choices("DaemonSet", &at);
        let image = fields.iter().find(|field| field.name == "image").unwrap();
        assert_eq!((image.type_.as_str(), image.is_required), ("string", false));
        let meaning = description(DESCRIPTIONS, &image.described_as).unwrap();
        assert!(meaning.starts_with("Container image name"), "{meaning}");
        let name = fields.iter().find(|field| field.name == "name").unwrap();
        assert!(name.is_required);
        let strategy = choices("DaemonSet", &FieldPath::of("spec.updateStrategy"));
        let names: Vec<&str> = strategy.iter().map(|field| field.name).collect();
        assert_eq!(names, ["rollingUpdate", "type"]);
        let labels = FieldPath::of("metadata.labels");
        assert_eq!(choices("DaemonSet", &labels), []);
        assert_eq!(choices("DaemonSet", &labels.key("a")), []);
        assert_eq!(choices("Nothing", &FieldPath::root()), []);
    }
}
