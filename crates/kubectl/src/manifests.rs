//! What `-f` reads: objects, and what is wrong with those that are none.

use objects::{
    Object, Severity,
    decode::{self, Document},
    schema::{self, Kind, Mismatch},
};
use serde_json::Value;

/// An object of a file that the command goes on without.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Unread {
    /// kubectl itself would not take it: a line.
    Refused(String),
    /// The API server cannot decode it.
    Undecoded { value: Value, why: String },
}

/// How a file is called when it is spoken of.
pub(crate) fn display(file: &str) -> &str {
    match file {
        "-" => "STDIN",
        file => file,
    }
}

/// The objects of a text, in their order.
///
/// Models the resource builder's visitors, cli-runtime `pkg/resource/visitor.go`, and
/// `SchemaValidation`, kubectl `pkg/validation/schema.go`, v1.34.
///
/// # Errors
/// If the text is no YAML.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<Result<Object, Unread>>, String> {
    let file = display(file);
    let (documents, problems) = decode::documents(text);
    let twice = |message: &str| message.starts_with("duplicate field");
    let mut broken = problems.iter().filter(|it| it.severity == Severity::Error);
    if let Some(problem) = broken.find(|it| !twice(&it.message)) {
        let (line, why) = (problem.position.line, &problem.message);
        return Err(format!(
            "error: error parsing {file}: error converting YAML to JSON: yaml: line {line}: {why}"
        ));
    }
    let doubled: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    let mut read: Vec<Result<Object, Unread>> = Vec::new();
    for Document { value, .. } in documents {
        read.push(object(file, value, &doubled));
    }
    Ok(read)
}

fn object(file: &str, value: Value, doubled: &[&str]) -> Result<Object, Unread> {
    if !value.is_object() {
        return Err(Unread::Refused(format!(
            "error: unable to decode {file:?}: json: cannot unmarshal {} into Go value of type unstructured.detector",
            json_type(&value)
        )));
    }
    let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let not_set = match (version.is_empty(), kind.is_empty()) {
        (true, true) => Some("[apiVersion not set, kind not set]"),
        (true, false) => Some("apiVersion not set"),
        (false, true) => Some("kind not set"),
        (false, false) => None,
    };
    if let Some(what) = not_set {
        return Err(Unread::Refused(format!(
            "error: error validating {file:?}: error validating data: {what}; if you choose to ignore these errors, turn validation off with --validate=false"
        )));
    }
    let value = match schema::kind(&version, &kind) {
        Kind::Checked => decode::without_nulls(value),
        Kind::Other => return Ok(Object::Other(value)),
        Kind::Unknown => {
            let of = |field: &str| value["metadata"][field].as_str().unwrap_or_default();
            return Err(Unread::Refused(format!(
                "error: resource mapping not found for name: {:?} namespace: {:?} from {file:?}: no matches for kind {kind:?} in version {version:?}\nensure CRDs are installed first",
                of("name"),
                of("namespace")
            )));
        }
    };
    match decoded(&kind, &value, doubled) {
        Ok(object) => Ok(object),
        Err(why) => {
            let (_, version) = version.rsplit_once('/').unwrap_or(("", &version));
            let why = format!("{kind} in version {version:?} cannot be handled as a {kind}: {why}");
            Err(Unread::Undecoded { value, why })
        }
    }
}

/// What the API server makes of a value whose kind it knows.
fn decoded(kind: &str, value: &Value, doubled: &[&str]) -> Result<Object, String> {
    let mut strict: Vec<String> = doubled.iter().map(|&it| it.to_owned()).collect();
    for mismatch in schema::mismatches(kind, value) {
        match mismatch {
            Mismatch::Type(_, message) => return Err(message),
            Mismatch::Unknown(field) => strict.push(format!("unknown field \"{field}\"")),
        }
    }
    if !strict.is_empty() {
        return Err(format!("strict decoding error: {}", strict.join(", ")));
    }
    Object::from_value(value.clone()).map_err(|error| error.to_string())
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
