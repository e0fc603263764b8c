//! `patch`.
//!
//! Models kubectl `pkg/cmd/patch/patch.go`, v1.34.

use objects::{Object, decode, field_path::Segment, schema};
use serde_json::Value;

use crate::{
    execute::{DryRun, Run},
    flags::Arguments,
    live::Live,
    manifests, patch,
    print::go_value,
    printer::Printer,
    resource::Resource,
    selection::Selection,
};

/// Objects that are changed in part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Patch {
    selection: Selection,
    given: Given,
    how: How,
    printer: Printer,
}

#[derive(Clone, Debug, PartialEq)]
enum Given {
    Text(String),
    File(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Strategic,
    Merge,
    Json,
}

impl Patch {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let given = |flag: &str| arguments.text(flag).filter(|it| !it.is_empty());
        let given = match (given("patch"), given("patch-file")) {
            (Some(text), None) => Given::Text(text.to_owned()),
            (None, Some(file)) => Given::File(file.to_owned()),
            (None, None) => {
                return Err("error: must specify --patch or --patch-file containing the contents of the patch".into());
            }
            (Some(_), Some(_)) => {
                return Err("error: cannot specify --patch and --patch-file together".into());
            }
        };
        let how = match arguments.text("type").map(str::to_lowercase).as_deref() {
            None | Some("" | "strategic") => How::Strategic,
            Some("merge") => How::Merge,
            Some("json") => How::Json,
            Some(_) => {
                let given = arguments.text("type").unwrap_or_default();
                return Err(format!(
                    "error: --type must be one of [json merge strategic], not {given:?}"
                ));
            }
        };
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, false)?,
            given,
            how,
            printer: Printer::read(arguments)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        // An error names the patch that was typed, even where it is a file's.
        let (text, typed) = match &self.given {
            Given::Text(text) => (text.clone(), text.as_str()),
            Given::File(file) => {
                match run.files.get(file) {
                    Some(text) => (text.clone(), ""),
                    None => {
                        return run.fail(&format!("error: unable to read patch file: open {file}: no such file or directory"));
                    }
                }
            }
        };
        let patch = match value(&text, self.how) {
            Ok(patch) => patch,
            Err(Unread::Yaml(why)) => {
                return run.fail(&format!("error: unable to parse {typed:?}: {why}"));
            }
            Err(Unread::Json(why)) => {
                return run.fail(&format!("Error from server (BadRequest): {why}"));
            }
        };
        run.visit(&self.selection, |run, resource, live| {
            if let Err(message) = self.one(run, resource, &live, &patch) {
                run.fail(&message);
            }
        });
    }

    fn one(
        &self,
        run: &mut Run<'_>,
        resource: &Resource,
        live: &Live,
        patch: &Value,
    ) -> Result<(), String> {
        let before = live.value();
        let mut value = before.clone();
        match self.how {
            How::Json if !patch.is_array() => {
                return Err(format!(
                    "Error from server (BadRequest): error decoding patch: json: cannot unmarshal {} into Go value of type []handlers.jsonPatchOp",
                    manifests::json_type(patch)
                ));
            }
            How::Json => patch::operate(&mut value, patch).map_err(|_| {
                "The request is invalid: the server rejected our request due to an error in our request"
            })?,
            _ if !patch.is_object() => {
                return Err(format!(
                    "Error from server (BadRequest): json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                    manifests::json_type(patch)
                ));
            }
            How::Merge => patch::merge(&mut value, patch),
            How::Strategic => patch::merge_strategically(&mut value, patch)
                .map_err(|why| format!("Error from server: {why}"))?,
        }
        let unchanged = |run: &mut Run<'_>| run.print(&self.printer, &live.object(), NO_CHANGE);
        if value == before {
            unchanged(run);
            return Ok(());
        }
        let object = read(run, &resource.kind, value.clone());
        let object = object.map_err(|why| match self.how {
            How::Strategic => invalid(patch, &why),
            How::Merge | How::Json => {
                let value = value.to_string();
                format!("The request is invalid: patch: Invalid value: {value:?}: {why}")
            }
        })?;
        let reference = cluster::api_server::reference(&object);
        if reference != live.reference() {
            let (named, name) = (name_of(&reference), live.name());
            return Err(format!(
                "Error from server (BadRequest): the name of the object ({named}) does not match the name on the URL ({name})"
            ));
        }
        // That it was not really done is not said: the operation is set over it.
        match run.replace(object.clone()) {
            Some(true) if run.dry_run == Some(DryRun::Client) && object == live.object() => {
                unchanged(run);
            }
            Some(true) => run.print(&self.printer, &object, "patched"),
            Some(false) => unchanged(run),
            None => {}
        }
        Ok(())
    }
}

/// What the API server says of a patch after which it cannot decode the object.
///
/// Models `applyPatchToObject`, apiserver `pkg/endpoints/handlers/patch.go`, v1.34.
pub(super) fn invalid(patch: &Value, why: &str) -> String {
    let patch = go_value::plain(patch);
    let why = unconverted(why);
    format!("The request is invalid: patch: Invalid value: {patch:?}: {why}")
}

/// A wrong type, in the words of the converter and not of the decoder.
///
/// Models `fromUnstructured`, apimachinery `pkg/runtime/converter.go`, v1.34.
fn unconverted(why: &str) -> String {
    let types = why.strip_prefix("json: cannot unmarshal ");
    let types = types.and_then(|it| {
        it.split_once(" into ")?
            .1
            .rsplit_once(" of type ")
            .zip(Some(it))
    });
    let Some(((_, wanted), given)) = types else {
        return why.to_owned();
    };
    let given = match given.split(' ').next().unwrap_or_default() {
        "number" => "int64",
        "array" => "slice",
        "object" => "map",
        given => given,
    };
    match wanted {
        "string" if given == "int64" => "cannot convert int64 to string".to_owned(),
        "string" | "bool" | "int32" | "int64" => format!("unrecognized type: {wanted}"),
        list if list.starts_with("[]") => format!("cannot restore slice from {given}"),
        map if map.starts_with("map[") => format!("cannot restore map from {given}"),
        _ => format!("cannot restore struct from: {given}"),
    }
}

const NO_CHANGE: &str = "patched (no change)";

/// The name of an object, also of one of other kinds, which have it all in their key.
fn name_of(reference: &cluster::ObjectRef) -> &str {
    let name = &*reference.key.name;
    name.rsplit_once('/').map_or(name, |(_, name)| name)
}

/// Why a patch cannot be read: by kubectl, which turns YAML into JSON, or by the API server.
enum Unread {
    Yaml(String),
    Json(String),
}

/// What a patch says, in JSON or in YAML.
///
/// Models `yaml.ToJSON`, apimachinery `pkg/util/yaml/decoder.go`, v1.34: what begins with a brace
/// is JSON and taken as it is.
fn value(text: &str, how: How) -> Result<Value, Unread> {
    match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(_) if text.trim_start().starts_with('{') => {
            return Err(Unread::Json(json_error(text)));
        }
        Err(_) => {}
    }
    // The items of a list come as documents of their own.
    let (documents, problems) = decode::documents(text);
    if let Some(problem) = problems.first() {
        return Err(Unread::Yaml(manifests::yaml_error(problem, text)));
    }
    let mut values = documents.into_iter().map(|it| it.value);
    Ok(match how {
        How::Json => Value::Array(values.collect()),
        _ => values.next().unwrap_or_default(),
    })
}

/// The object that a patched value is. Fields that its kind does not have are warned of, and gone.
fn read(run: &mut Run<'_>, kind: &str, value: Value) -> Result<Object, String> {
    let mut value = decode::without_nulls(value);
    for mismatch in schema::mismatches(kind, &value) {
        match mismatch {
            schema::Mismatch::Type(_, message) => return Err(message),
            schema::Mismatch::Unknown(field) => {
                run.say(&format!("Warning: unknown field \"{field}\""));
                remove(&mut value, field.segments());
            }
        }
    }
    Object::from_value(value).map_err(|error| error.to_string())
}

/// Takes a field out of a value.
fn remove(value: &mut Value, path: &[Segment]) {
    let (Some(first), rest) = (path.first(), path.get(1..).unwrap_or_default()) else {
        return;
    };
    match (first, value, rest) {
        (Segment::Field(name) | Segment::Key(name), Value::Object(fields), []) => {
            fields.remove(name);
        }
        (Segment::Field(name) | Segment::Key(name), value, rest) => {
            if let Some(inner) = value.get_mut(name) {
                remove(inner, rest);
            }
        }
        (Segment::Index(at), value, rest) => {
            if let Some(inner) = value.get_mut(at) {
                remove(inner, rest);
            }
        }
    }
}

/// Why a text is no JSON.
///
/// Models `SyntaxError`, Go `encoding/json/scanner.go`, as far as serde tells the same cases apart.
fn json_error(text: &str) -> String {
    let error = match serde_json::from_str::<Value>(text) {
        Ok(_) => return String::new(),
        Err(error) if error.is_eof() => return "unexpected end of JSON input".to_owned(),
        Err(error) => error,
    };
    let line = text.lines().nth(error.line().saturating_sub(1));
    let line = line.unwrap_or_default().as_bytes();
    let found = line.get(error.column().saturating_sub(1)).copied();
    let found = char::from(found.unwrap_or(b'\n'));
    let said = error.to_string();
    let place = [
        (
            "key must be a string",
            "looking for beginning of object key string",
        ),
        (
            "trailing comma",
            "looking for beginning of object key string",
        ),
        ("expected `:`", "after object key"),
        ("expected `,` or `}`", "after object key:value pair"),
        ("expected `,` or `]`", "after array element"),
        ("trailing characters", "after top-level value"),
    ];
    let place = place.iter().find(|(it, _)| said.starts_with(it));
    let place = place.map_or("looking for beginning of value", |(_, place)| place);
    format!("invalid character {found:?} {place}")
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn objects_are_patched() {
        check(
            r#"
$ patch ds agent -p '{"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "agent:2"}]}}}}'
daemonset.apps/agent patched
$ patch ds agent -p '{"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "agent:2"}]}}}}'
daemonset.apps/agent patched (no change)
$ get ds -o jsonpath='{.items[0].spec.template.spec.containers[0].image}{"\n"}'
agent:2
$ patch ds agent --type=json -p '[{"op": "replace", "path": "/spec/updateStrategy/type", "value": "OnDelete"}, {"op": "remove", "path": "/spec/updateStrategy/rollingUpdate"}]'
daemonset.apps/agent patched
$ patch ds agent --type json -p '[{"op": "remove", "path": "/x"}]'
The request is invalid: the server rejected our request due to an error in our request
[1]
$ patch ds/agent --type=merge -p 'spec: {minReadySeconds: -1}'
The DaemonSet "agent" is invalid: spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0
[1]
$ patch ds agent -p '{"spec": {"minReadySeconds": "x"}}'
The request is invalid: patch: Invalid value: "map[spec:map[minReadySeconds:x]]": unrecognized type: int32
[1]
$ patch ds agent -p '{"spec": {"template": {"spec": {"containers": "x"}}}}'
The request is invalid: patch: Invalid value: "map[spec:map[template:map[spec:map[containers:x]]]]": cannot restore slice from string
[1]
$ patch ds agent -p '{"spec": {"selector": "x"}}'
The request is invalid: patch: Invalid value: "map[spec:map[selector:x]]": cannot restore struct from: string
[1]
$ patch ds agent -p '{"metadata": {"labels": {"x": 1}}}'
The request is invalid: patch: Invalid value: "map[metadata:map[labels:map[x:1]]]": cannot convert int64 to string
[1]
$ patch node n1 -p '{"spec": {"unschedulable": true}}'
node/n1 patched
$ patch node n1 -p '{"spec": null}'
node/n1 patched
$ patch node n1 -p '{"metadata": {"name": "n9"}}'
Error from server (BadRequest): the name of the object (n9) does not match the name on the URL (n1)
[1]
$ patch node n1 -p '{}'
node/n1 patched (no change)
$ patch node n1
error: must specify --patch or --patch-file containing the contents of the patch
[1]
$ patch node n1 -p x --type=other
error: --type must be one of [json merge strategic], not "other"
[1]
$ patch node n1 -p 5 --type=merge
Error from server (BadRequest): json: cannot unmarshal number into Go value of type map[string]interface {}
[1]
$ patch node n1 -p ''
error: must specify --patch or --patch-file containing the contents of the patch
[1]
$ patch node n1 -p 'a: b: c'
error: unable to parse "a: b: c": yaml: mapping values are not allowed in this context
[1]
$ patch node n1 -p '{'
Error from server (BadRequest): unexpected end of JSON input
[1]
$ patch node n1 -p '{"a" 1}'
Error from server (BadRequest): invalid character '1' after object key
[1]
$ patch ds agent -p '{"spec":{"replicas":1}}'
Warning: unknown field "spec.replicas"
daemonset.apps/agent patched (no change)
$ patch ds agent -p '{"spec":{"minReadySeconds":11, "replicas":1}}' --dry-run=server
Warning: unknown field "spec.replicas"
daemonset.apps/agent patched
$ patch ds agent -p '{"spec":{"minReadySeconds":11}}' -o jsonpath='{.spec.minReadySeconds}{.spec.replicas}{"\n"}'
11
$ patch ds agent -p '{"spec":{"template":{"spec":{"containers":[{"image":"q:1"}]}}}}'
Error from server: map: map[image:q:1] does not contain declared merge key: name
[1]
"#,
        );
    }
}
