//! `patch`.

use objects::{Object, decode, schema};
use serde_json::Value;

use crate::{execute::Run, flags::Arguments, patch, selection::Selection};

/// Objects that are changed in part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Patch {
    selection: Selection,
    given: Given,
    how: How,
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
        let how = match arguments.text("type").map(str::to_lowercase).as_deref() {
            None | Some("strategic") => How::Strategic,
            Some("merge") => How::Merge,
            Some("json") => How::Json,
            Some(other) => {
                return Err(format!(
                    "error: --type must be one of [json merge strategic], not {other:?}"
                ));
            }
        };
        let given = match (arguments.text("patch"), arguments.text("patch-file")) {
            (Some(text), None) => Given::Text(text.to_owned()),
            (None, Some(file)) => Given::File(file.to_owned()),
            (None, None) => {
                return Err("error: must specify --patch or --patch-file containing the contents of the patch".into());
            }
            (Some(_), Some(_)) => {
                return Err("error: cannot specify --patch and --patch-file together".into());
            }
        };
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, false)?,
            given,
            how,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let text = match &self.given {
            Given::Text(text) => text.clone(),
            Given::File(file) => {
                match run.files.get(file) {
                    Some(text) => text.clone(),
                    None => {
                        return run.fail(&format!("error: unable to read patch file: open {file}: no such file or directory"));
                    }
                }
            }
        };
        let patch = match value(&text, self.how) {
            Ok(patch) => patch,
            Err(why) => return run.fail(&format!("error: unable to parse {text:?}: {why}")),
        };
        for (resource, live) in run.select(&self.selection) {
            let mut value = live.value();
            let done = match self.how {
                How::Json => patch::operate(&mut value, &patch),
                how => {
                    patch::merge(&mut value, &patch, how == How::Strategic);
                    Ok(())
                }
            };
            if done.is_err() {
                run.fail("The request is invalid: the server rejected our request due to an error in our request");
                continue;
            }
            let name = format!("{}/{}", resource.singular(), live.name());
            if value == live.value() {
                run.done(&format!("{name} patched (no change)"));
                continue;
            }
            let object = match read(run, &resource.kind, &value) {
                Ok(object) => object,
                Err(message) => {
                    let (kind, version) = (&resource.kind, &resource.version);
                    run.fail(&format!("Error from server (BadRequest): {kind} in version {version:?} cannot be handled as a {kind}: {message}"));
                    continue;
                }
            };
            if cluster::api_server::reference(&object) != live.reference() {
                run.fail("Error from server (BadRequest): the name of the object does not match the name on the URL");
                continue;
            }
            match run.replace(object) {
                Some(true) => run.done(&format!("{name} patched")),
                Some(false) => run.done(&format!("{name} patched (no change)")),
                None => {}
            }
        }
    }
}

/// What a patch says, in JSON or in YAML.
fn value(text: &str, how: How) -> Result<Value, String> {
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    // The items of a list come as documents of their own.
    let (documents, problems) = decode::documents(text);
    if let Some(problem) = problems.first() {
        return Err(problem.message.clone());
    }
    let mut values = documents.into_iter().map(|it| it.value);
    match how {
        How::Json => Ok(Value::Array(values.collect())),
        _ => values.next().ok_or_else(|| "it is empty".to_owned()),
    }
}

/// The object that a patched value is. Fields that its kind does not have are warned of.
fn read(run: &mut Run<'_>, kind: &str, value: &Value) -> Result<Object, String> {
    let value = decode::without_nulls(value.clone());
    for mismatch in schema::mismatches(kind, &value) {
        match mismatch {
            schema::Mismatch::Type(_, message) => return Err(message),
            schema::Mismatch::Unknown(field) => {
                run.say(&format!("Warning: unknown field \"{field}\""));
            }
        }
    }
    Object::from_value(value).map_err(|error| error.to_string())
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
Error from server (BadRequest): DaemonSet in version "v1" cannot be handled as a DaemonSet: json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32
[1]
$ patch node n1 -p '{"spec": {"unschedulable": true}}'
node/n1 patched
$ patch node n1 -p '{"spec": null}'
node/n1 patched
$ patch node n1 -p '{"metadata": {"name": "n9"}}'
Error from server (BadRequest): the name of the object does not match the name on the URL
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
Error from server (BadRequest): Node in version "v1" cannot be handled as a Node: json: cannot unmarshal number into Go value of type v1.Node
[1]
"#,
        );
    }
}
