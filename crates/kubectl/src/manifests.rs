//! What `-f` reads: objects, and what is wrong with those that are none.

use objects::{
    Object, Problem, Severity,
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
        let why = yaml_error(problem, text);
        return Err(format!(
            "error: error parsing {file}: error converting YAML to JSON: {why}"
        ));
    }
    let doubled: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    let mut read: Vec<Result<Object, Unread>> = Vec::new();
    for Document { value, .. } in documents {
        read.push(object(file, value, &doubled));
    }
    Ok(read)
}

/// What is wrong with a text that is no YAML, the lines counted from the last `---`.
///
/// Models `parser.fail`, go-yaml `decode.go`: an error of the scanner names its line, one of the
/// parser the line before, and there is no line 0.
pub(crate) fn yaml_error(problem: &Problem, text: &str) -> String {
    let why = &problem.message;
    let why = why
        .rsplit_once("yaml: ")
        .map_or(why.as_str(), |(_, why)| why);
    let is_parsers = why.starts_with("did not find expected");
    let before = text.lines().take(problem.position.line.saturating_sub(1));
    let since_mark = before.fold(0, |line, text| match text.starts_with("---") {
        true => 0,
        false => line + 1,
    });
    let line = match (since_mark, is_parsers) {
        (0, _) => String::new(),
        (line, true) => format!("line {line}: "),
        (line, false) => format!("line {}: ", line + 1),
    };
    let why = match why {
        "found a tab character that violates indentation" => {
            "found character that cannot start any token"
        }
        why => why,
    };
    format!("yaml: {line}{why}")
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
    if let Some(why) = unreadable_metadata(&value["metadata"]) {
        return Err(Unread::Refused(format!(
            "error: unable to decode {file:?}: {why}"
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
        Err(why) => Err(Unread::Undecoded { value, why }),
    }
}

/// What kubectl itself cannot read, whatever the kind: labels and annotations that are no texts.
fn unreadable_metadata(metadata: &Value) -> Option<String> {
    ["annotations", "labels"].iter().find_map(|field| {
        let values = metadata[*field].as_object()?.values();
        let mut wrong = values.filter(|it| !it.is_string() && !it.is_null());
        let json_type = json_type(wrong.next()?);
        Some(format!("json: cannot unmarshal {json_type} into Go struct field ObjectMeta.metadata.{field} of type string"))
    })
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

/// What Go's JSON decoder calls a value.
pub(crate) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_no_yaml_is_refused_as_go_yaml_refuses() {
        let check = |text: &str, want: &str| {
            let want =
                format!("error: error parsing x.yaml: error converting YAML to JSON: yaml: {want}");
            assert_eq!(read("x.yaml", text), Err(want), "{text}");
        };
        check("a: b: c", "mapping values are not allowed in this context");
        check(
            "a: 1\nb: c: d",
            "line 2: mapping values are not allowed in this context",
        );
        check(
            "---\na: 1\n---\na: b: c",
            "mapping values are not allowed in this context",
        );
        check("a: [1\nb: 2", "line 1: did not find expected ',' or ']'");
        check(
            "a:\n  b: 1\n\tc: 2\n",
            "line 3: found character that cannot start any token",
        );
    }
}
