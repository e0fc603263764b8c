//! `apply -f`, `create -f`, `replace -f`, `delete -f`.

use cluster::{Input, api_server::reference};
use objects::Object;
use serde_json::Value;

use super::delete::Deletion;
use crate::{
    apply,
    execute::Run,
    flags::Arguments,
    live::Live,
    manifests::{self, Unread},
    resource::Resource,
    selection,
};

/// A command about the objects of files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Files {
    verb: Verb,
    files: Vec<String>,
    namespace: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Verb {
    /// Merged by kubectl, or by the API server.
    Apply {
        by_server: bool,
    },
    Create,
    Replace,
    Delete(Deletion),
}

impl Verb {
    fn name(&self) -> &'static str {
        match self {
            Self::Apply { .. } => "apply",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete(_) => "delete",
        }
    }
}

impl Files {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        Ok(Self {
            verb: match arguments.command.as_str() {
                "apply" => Verb::Apply {
                    by_server: arguments.is_set("server-side"),
                },
                "create" => Verb::Create,
                "replace" => Verb::Replace,
                _ => Verb::Delete(Deletion::read(arguments)?),
            },
            files: arguments.some_files()?,
            namespace: arguments.namespace(),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        if let Verb::Delete(deletion) = &self.verb {
            deletion.warn(run);
        }
        let mut found_any = false;
        for file in &self.files {
            let Some(text) = run.files.get(file) else {
                return run.fail(&format!("error: the path {file:?} does not exist"));
            };
            match manifests::read(file, text) {
                Err(message) => run.fail(&message),
                Ok(all) => {
                    found_any |= !all.is_empty();
                    for object in all {
                        self.one(run, object, manifests::display(file));
                    }
                }
            }
        }
        if !found_any && !run.has_failed() {
            match self.verb {
                Verb::Delete(_) => run.say("No resources found"),
                _ => run.fail(&format!("error: no objects passed to {}", self.verb.name())),
            }
        }
    }

    fn one(&self, run: &mut Run<'_>, object: Result<Object, Unread>, file: &str) {
        let mut object = match object {
            Ok(object) => object,
            Err(Unread::Refused(line)) => return run.fail(&line),
            Err(Unread::Undecoded { value, why }) => {
                return self.undecoded(run, &value, &why, file);
            }
        };
        if let Err(message) = run.set_namespace(&mut object, self.namespace.as_deref()) {
            return run.fail(&message);
        }
        match &self.verb {
            Verb::Apply { by_server } => apply_one(run, object, file, *by_server),
            Verb::Create => {
                let name = run.display(&object);
                match run.act(Input::Create(object)) {
                    Ok(_) => run.done(&format!("{name} created")),
                    Err(error) => run.refused(&error, &format!("error when creating {file:?}")),
                }
            }
            Verb::Replace => {
                let name = run.display(&object);
                match run.act(Input::Replace(object)) {
                    Ok(_) => run.done(&format!("{name} replaced")),
                    Err(error) => run.refused(&error, &format!("error when replacing {file:?}")),
                }
            }
            Verb::Delete(deletion) => {
                let resource = run.resource(&object);
                deletion.delete(run, &resource, &reference(&object));
            }
        }
    }

    /// Says of an object that the API server cannot decode it.
    fn undecoded(&self, run: &mut Run<'_>, value: &Value, why: &str, file: &str) {
        let of = |field: &str| {
            value["metadata"][field]
                .as_str()
                .filter(|it| !it.is_empty())
        };
        let (version, kind) = (value["apiVersion"].as_str(), value["kind"].as_str());
        let resource = Resource::of(
            version.unwrap_or_default(),
            kind.unwrap_or_default(),
            run.cluster(),
        );
        let given = self.namespace.as_deref();
        let namespace = of("namespace").or(given).unwrap_or("default");
        let name = of("name").unwrap_or_default();
        let live = run.live(&selection::reference(&resource, namespace, name));
        let doing = match (&self.verb, live) {
            (Verb::Apply { .. }, Some(live)) => {
                let mut manifest = value.clone();
                if resource.namespaced {
                    manifest["metadata"]["namespace"] = namespace.into();
                }
                let merged = apply::merged(&live.value(), &manifest);
                let patch = apply::difference(&live.value(), &merged);
                let group = resource.api_version();
                let lead = if resource.group.is_empty() { "/" } else { "" };
                format!(
                    "error when applying patch:\n{patch}\nto:\nResource: \"{lead}{group}, Resource={}\", GroupVersionKind: \"{lead}{group}, Kind={}\"\nName: {name:?}, Namespace: {namespace:?}\nfor: {file:?}: error when patching {file:?}",
                    resource.plural, resource.kind
                )
            }
            (Verb::Replace, _) => format!("error when replacing {file:?}"),
            (Verb::Delete(_), _) => format!("error when deleting {file:?}"),
            _ => format!("error when creating {file:?}"),
        };
        run.fail(&format!("Error from server (BadRequest): {doing}: {why}"));
    }
}

fn apply_one(run: &mut Run<'_>, object: Object, file: &str, by_server: bool) {
    let name = run.display(&object);
    let manifest = object.to_value();
    let live = run.live(&reference(&object));
    let (value, input): (Value, fn(Object) -> Input) = match &live {
        None if by_server => (manifest, Input::Create),
        None => (apply::with_last_applied(manifest), Input::Create),
        Some(live) if by_server => {
            let value = apply::merged_by_server(&live.object().to_value(), &manifest);
            (value, Input::Replace)
        }
        Some(live) => {
            warn(run, &object, live);
            let value = apply::merged(&live.object().to_value(), &manifest);
            (value, Input::Replace)
        }
    };
    let is_there = live.is_some();
    let doing = if is_there {
        format!("error when applying {file:?}")
    } else {
        format!("error when creating {file:?}")
    };
    let is_being_deleted = live.is_some_and(|it| it.is_being_deleted());
    match Object::from_value(value).map(|object| run.act(input(object))) {
        Ok(Ok(_)) if by_server => run.done(&format!("{name} serverside-applied")),
        Ok(Ok(_)) if !is_there => run.done(&format!("{name} created")),
        Ok(Ok(false)) => run.done(&format!("{name} unchanged")),
        Ok(Ok(true)) => {
            if is_being_deleted {
                let (_, name) = name.split_once('/').unwrap_or(("", &name));
                run.say(&format!(
                    "Warning: Detected changes to resource {name} which is currently being deleted."
                ));
            }
            run.done(&format!("{name} configured"));
        }
        Ok(Err(error)) => run.refused(&error, &doing),
        Err(message) => run.fail(&format!("error: {doing}: {message}")),
    }
}

/// Warns of an object that was not made by `apply`.
fn warn(run: &mut Run<'_>, object: &Object, live: &Live) {
    if live.annotations().contains_key(apply::LAST_APPLIED) {
        return;
    }
    let resource = format!("{}/{}", run.resource(object).plural, live.name());
    run.say(&format!("Warning: resource {resource} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."));
}

#[cfg(test)]
mod tests {
    use crate::{
        Files,
        commands::tests::{check_with, world},
    };

    #[test]
    fn objects_of_other_kinds_lie_where_they_belong() {
        let text = "
apiVersion: v1
kind: Namespace
metadata: {name: logging}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 1000
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
";
        let mut files = Files::from([("all.yaml".to_owned(), text.to_owned())]);
        let inside = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: x}\n";
        files.insert("inside.yaml".to_owned(), inside.to_owned());
        check_with(
            &files,
            &mut world(),
            r#"
$ create -f all.yaml
namespace/logging created
priorityclass.scheduling.k8s.io/high created
poddisruptionbudget.policy/web created
Error from server (AlreadyExists): error when creating "all.yaml": nodes "n1" already exists
[1]
$ replace -f all.yaml
namespace/logging replaced
priorityclass.scheduling.k8s.io/high replaced
poddisruptionbudget.policy/web replaced
node/n1 replaced
$ delete pdb web
poddisruptionbudget.policy "web" deleted from default namespace
$ delete pdb web
Error from server (NotFound): poddisruptionbudgets.policy "web" not found
[1]
$ delete -f all.yaml -n default
namespace "logging" deleted
priorityclass.scheduling.k8s.io "high" deleted
node "n1" deleted
Error from server (NotFound): poddisruptionbudgets.policy "web" not found
[1]
$ replace -f inside.yaml -n y
error: the namespace from the provided object "x" does not match the namespace "y". You must pass '--namespace=x' to perform this operation.
[1]
$ replace -f inside.yaml
Error from server (NotFound): error when replacing "inside.yaml": configmaps "c" not found
[1]
$ create -f nothing.yaml
error: the path "nothing.yaml" does not exist
[1]
"#,
        );
    }

    const DAEMON_SET: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: x}
spec:
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec: {containers: [{name: c, image: 'c:1'}]}
";

    fn files(given: &[(&str, &str)]) -> Files {
        let owned = given
            .iter()
            .map(|(name, text)| ((*name).into(), (*text).into()));
        owned.collect()
    }

    #[test]
    fn what_is_no_object_is_refused_as_kubectl_refuses() {
        let unknown_field = DAEMON_SET.replace("spec:\n  sel", "spec:\n  replicas: 3\n  sel");
        let files = files(&[
            ("kindless.yaml", "apiVersion: v1\nmetadata: {name: x}\n"),
            ("bare.yaml", "metadata: {name: x}\n"),
            (
                "old.yaml",
                "apiVersion: extensions/v1beta1\nkind: DaemonSet\nmetadata: {name: x}\n",
            ),
            ("text.yaml", "just text"),
            ("broken.yaml", "a: [1\nb: 2"),
            ("empty.yaml", ""),
            ("field.yaml", &unknown_field),
            (
                "type.yaml",
                "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: x}\nspec: {minReadySeconds: '3'}\n",
            ),
            ("good.yaml", DAEMON_SET),
            (
                "some.yaml",
                "apiVersion: v1\nkind: Nodes\nmetadata: {name: x}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: n3}\n",
            ),
        ]);
        check_with(
            &files,
            &mut world(),
            r#"
$ apply -f kindless.yaml
error: error validating "kindless.yaml": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false
[1]
$ create -f bare.yaml
error: error validating "bare.yaml": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false
[1]
$ apply -f old.yaml
error: resource mapping not found for name: "x" namespace: "" from "old.yaml": no matches for kind "DaemonSet" in version "extensions/v1beta1"
ensure CRDs are installed first
[1]
$ apply -f text.yaml
error: unable to decode "text.yaml": json: cannot unmarshal string into Go value of type unstructured.detector
[1]
$ apply -f empty.yaml
error: no objects passed to apply
[1]
$ create -f field.yaml
Error from server (BadRequest): error when creating "field.yaml": DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.replicas"
[1]
$ create -f type.yaml
Error from server (BadRequest): error when creating "type.yaml": DaemonSet in version "v1" cannot be handled as a DaemonSet: json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32
[1]
$ create -f some.yaml
node/n3 created
error: resource mapping not found for name: "x" namespace: "" from "some.yaml": no matches for kind "Nodes" in version "v1"
ensure CRDs are installed first
[1]
$ apply -f good.yaml
daemonset.apps/x created
$ apply -f field.yaml
Error from server (BadRequest): error when applying patch:
{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"apps/v1\",\"kind\":\"DaemonSet\",\"metadata\":{\"annotations\":{},\"name\":\"x\",\"namespace\":\"default\"},\"spec\":{\"replicas\":3,\"selector\":{\"matchLabels\":{\"app\":\"x\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[{\"image\":\"c:1\",\"name\":\"c\"}]}}}}\n"}},"spec":{"replicas":3}}
to:
Resource: "apps/v1, Resource=daemonsets", GroupVersionKind: "apps/v1, Kind=DaemonSet"
Name: "x", Namespace: "default"
for: "field.yaml": error when patching "field.yaml": DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.replicas"
[1]
"#,
        );
    }

    #[test]
    fn what_would_be_done_is_only_said() {
        let invalid = DAEMON_SET.replace("image: 'c:1'", "image: ''");
        let files = files(&[
            ("good.yaml", DAEMON_SET),
            ("invalid.yaml", &invalid),
            ("-", DAEMON_SET),
        ]);
        check_with(
            &files,
            &mut world(),
            r#"
$ apply -f good.yaml --dry-run=client
daemonset.apps/x created (dry run)
$ apply -f good.yaml --dry-run=server
daemonset.apps/x created (server dry run)
$ create -f invalid.yaml --dry-run=client
daemonset.apps/x created (dry run)
$ create -f invalid.yaml --dry-run=server
The DaemonSet "x" is invalid: spec.template.spec.containers[0].image: Required value
[1]
$ get ds x
Error from server (NotFound): daemonsets.apps "x" not found
[1]
$ apply -f - --server-side
daemonset.apps/x serverside-applied
$ apply -f - --server-side
daemonset.apps/x serverside-applied
$ apply -f good.yaml
Warning: resource daemonsets/x is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.
daemonset.apps/x configured
$ apply -f good.yaml --dry-run=server
daemonset.apps/x unchanged (server dry run)
$ label ds x a=b --dry-run=client
daemonset.apps/x labeled (dry run)
$ set image ds/x c=c:2 --dry-run=server
daemonset.apps/x image updated (server dry run)
$ cordon n1 --dry-run=client
node/n1 cordoned (dry run)
$ taint nodes n1 a=b:NoSchedule --dry-run=server
node/n1 tainted (server dry run)
$ delete ds x --dry-run=client
daemonset.apps "x" deleted (dry run) from default namespace
$ get ds x -o name
daemonset.apps/x
$ apply -f good.yaml --dry-run=maybe
error: Invalid dry-run value (maybe). Must be "none", "server", or "client".
[1]
$ get -f good.yaml -o name
daemonset.apps/x
$ delete ds x --cascade=foreground
daemonset.apps "x" deleted from default namespace
$ label -f good.yaml c=d
daemonset.apps/x labeled
"#,
        );
    }
}
