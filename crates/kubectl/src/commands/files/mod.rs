//! `apply -f`, `create -f`, `replace -f`, `delete -f`.
//!
//! Models kubectl `pkg/cmd/create/create.go` and `replace/replace.go`, v1.34.

mod apply;

use cluster::{Input, api_server::reference};
use objects::Object;
use serde_json::Value;

use super::delete::Deletion;
use crate::{
    execute::Run,
    flags::Arguments,
    manifests::{self, Unread},
    printer::Printer,
    selection::Selection,
};

/// A command about the objects of files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Files {
    verb: Verb,
    files: Vec<String>,
    namespace: Option<String>,
    printer: Printer,
    /// Whether the manifest is kept in an annotation.
    save_config: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Verb {
    /// Merged by kubectl, or by the API server.
    Apply {
        by_server: bool,
    },
    Create,
    /// With a deletion before, if it is forced.
    Replace(Option<Deletion>),
    Delete(Deletion),
}

impl Files {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let command = arguments.command.as_str();
        if matches!(command, "apply" | "create") && !arguments.names.is_empty() {
            let names = arguments.names.join(" ");
            return Err(arguments.usage(&format!("Unexpected args: [{names}]")));
        }
        let files = arguments.some_files()?;
        arguments.check_validation()?;
        let verb = match command {
            "apply" => Verb::Apply {
                by_server: apply::by_server(arguments)?,
            },
            "create" => Verb::Create,
            "replace" => Verb::Replace(forced(arguments)?),
            _ => {
                // Which names no objects beside those of files.
                Selection::read(arguments, &arguments.names, false)?;
                Verb::Delete(Deletion::read(arguments)?)
            }
        };
        Ok(Self {
            printer: match verb {
                Verb::Delete(_) => Printer::Words,
                _ => Printer::read(arguments)?,
            },
            verb,
            files,
            namespace: arguments.namespace(),
            save_config: arguments.is_set("save-config"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        match &self.verb {
            Verb::Delete(deletion) => deletion.warn(run),
            Verb::Replace(Some(deletion)) => {
                self.each(run, |run, object, file| {
                    self.delete(run, deletion, object, file)
                });
                if run.has_failed() {
                    return;
                }
            }
            _ => {}
        }
        let mut applied = Vec::new();
        let found_any = self.each(run, |run, object, file| match (&self.verb, object) {
            (Verb::Delete(deletion), object) => self.delete(run, deletion, object, file),
            (_, Err(Unread::Refused(line))) => run.fail(&line),
            (_, Err(Unread::Undecoded { value, why })) => self.undecoded(run, &value, &why, file),
            (verb, Ok(mut object)) => {
                if let Err(message) = run.set_namespace(&mut object, self.namespace.as_deref()) {
                    return run.fail(&message);
                }
                match verb {
                    Verb::Apply { by_server } => {
                        applied.extend(self.apply(run, object, file, *by_server));
                    }
                    _ => self.put(run, object, file),
                }
            }
        });
        if !found_any && !run.has_failed() {
            match self.verb {
                Verb::Delete(_) => run.say("No resources found"),
                Verb::Apply { .. } => run.fail("error: no objects passed to apply"),
                Verb::Create => run.fail("error: no objects passed to create"),
                Verb::Replace(Some(_)) => run.fail("error: no objects passed to replace"),
                Verb::Replace(None) => {}
            }
        }
        if matches!(self.verb, Verb::Apply { .. }) && !run.has_failed() {
            self.show(run, applied);
        }
    }

    /// Does something with each object of the files, and the file's name. Whether there was any.
    fn each(
        &self,
        run: &mut Run<'_>,
        mut act: impl FnMut(&mut Run<'_>, Result<Object, Unread>, &str),
    ) -> bool {
        let mut any = false;
        for file in &self.files {
            let Some(text) = run.files.get(file) else {
                run.fail(&format!("error: the path {file:?} does not exist"));
                return any;
            };
            match manifests::read(file, text) {
                Err(message) => run.fail(&message),
                Ok(all) => {
                    any |= !all.is_empty();
                    for object in all {
                        act(run, object, manifests::display(file));
                    }
                }
            }
        }
        any
    }

    /// Creates an object, or puts it in the place of the one that is there.
    fn put(&self, run: &mut Run<'_>, mut object: Object, file: &str) {
        if self.save_config
            && let Ok(with) = Object::from_value(crate::apply::with_last_applied(object.to_value()))
        {
            object = with;
        }
        let (input, doing, done): (fn(Object) -> Input, _, _) = match self.verb {
            Verb::Replace(None) => (Input::Replace, "replacing", "replaced"),
            Verb::Replace(Some(_)) => (Input::Create, "", "replaced"),
            _ => (Input::Create, "creating", "created"),
        };
        match run.act(input(object.clone())) {
            Ok(_) => {
                // Of a name that the API server completed.
                let named = run.acted_on.as_ref().map(|it| it.key.name.clone());
                if let (Some(metadata), Some(named)) = (object.metadata_mut(), named)
                    && metadata.name.is_empty()
                {
                    metadata.name = named;
                }
                run.print(&self.printer, &object, &run.would(done));
            }
            Err(error) if doing.is_empty() => run.refused(&error, ""),
            Err(error) => run.refused(&error, &format!("error when {doing} {file:?}")),
        }
    }

    /// Deletes what is named, whatever else is said of it.
    fn delete(
        &self,
        run: &mut Run<'_>,
        deletion: &Deletion,
        object: Result<Object, Unread>,
        file: &str,
    ) {
        match object {
            Ok(mut object) => match run.set_namespace(&mut object, self.namespace.as_deref()) {
                Err(message) => run.fail(&message),
                Ok(()) => {
                    let resource = run.resource(&object);
                    deletion.delete(run, &resource, &reference(&object), Some(file));
                }
            },
            Err(Unread::Refused(line)) => run.fail(&line),
            Err(Unread::Undecoded { value, .. }) => {
                let (resource, object) = run.named_by(&value, self.namespace.as_deref());
                deletion.delete(run, &resource, &object, Some(file));
            }
        }
    }

    /// Says of an object that the API server cannot decode it.
    fn undecoded(&self, run: &mut Run<'_>, value: &Value, why: &str, file: &str) {
        let (resource, object) = run.named_by(value, self.namespace.as_deref());
        let live = run.live(&object);
        let doing = match (&self.verb, live) {
            (Verb::Apply { .. }, Some(live)) => {
                let mut manifest = value.clone();
                if resource.namespaced {
                    manifest["metadata"]["namespace"] = live.namespace().into();
                }
                let patch = crate::apply::patch_of(&live.value(), &manifest);
                return run.fail(&super::patch::invalid(&patch, why));
            }
            (Verb::Replace(None), _) => format!("error when replacing {file:?}"),
            _ => format!("error when creating {file:?}"),
        };
        let (kind, version) = (&resource.kind, &resource.version);
        run.fail(&format!("Error from server (BadRequest): {doing}: {kind} in version {version:?} cannot be handled as a {kind}: {why}"));
    }
}

/// How objects are deleted before they are created anew, if they are.
///
/// Models `ReplaceOptions.Validate`.
fn forced(arguments: &Arguments<'_>) -> Result<Option<Deletion>, String> {
    if !arguments.is_set("force") {
        for flag in ["grace-period", "timeout"] {
            if arguments.text(flag).is_some() {
                return Err(format!("error: --{flag} must have --force specified"));
            }
        }
        return Ok(None);
    }
    if arguments.dry_run()?.is_some() {
        return Err("error: --dry-run can not be used when --force is set".to_owned());
    }
    Deletion::before_replacement(arguments).map(Some)
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
Error from server (NotFound): error when deleting "all.yaml": poddisruptionbudgets.policy "web" not found
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
                "label.yaml",
                "apiVersion: v1\nkind: Node\nmetadata: {name: x, labels: {a: 1}}\n",
            ),
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
$ apply -f label.yaml
error: unable to decode "label.yaml": json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string
[1]
$ replace -f empty.yaml
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
The request is invalid: patch: Invalid value: "map[metadata:map[annotations:map[kubectl.kubernetes.io/last-applied-configuration:{\"apiVersion\":\"apps/v1\",\"kind\":\"DaemonSet\",\"metadata\":{\"annotations\":{},\"name\":\"x\",\"namespace\":\"default\"},\"spec\":{\"replicas\":3,\"selector\":{\"matchLabels\":{\"app\":\"x\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[{\"image\":\"c:1\",\"name\":\"c\"}]}}}}\n]] spec:map[replicas:3]]": strict decoding error: unknown field "spec.replicas"
[1]
"#,
        );
    }

    #[test]
    fn a_name_is_completed_or_missed() {
        let nameless = DAEMON_SET.replace("{name: x}", "{labels: {a: b}}");
        let generated = DAEMON_SET.replace("{name: x}", "{generateName: gen-}");
        let files = files(&[("nameless.yaml", &nameless), ("generated.yaml", &generated)]);
        let mut timeline = world();
        let output = crate::execute("create -f generated.yaml", &files, &mut timeline);
        let name = output.text.trim_end().strip_suffix(" created");
        let name = name.and_then(|it| it.strip_prefix("daemonset.apps/gen-"));
        assert_eq!(name.map(str::len), Some(5), "{}", output.text);
        check_with(
            &files,
            &mut timeline,
            r#"
$ create -f nameless.yaml
The DaemonSet "" is invalid: metadata.name: Required value: name or generateName is required
[1]
$ apply -f generated.yaml
error: from gen-: cannot use generate name with apply
[1]
$ apply -f nameless.yaml
error: error when retrieving current configuration of:
Resource: "apps/v1, Resource=daemonsets", GroupVersionKind: "apps/v1, Kind=DaemonSet"
Name: "", Namespace: "default"
from server for: "nameless.yaml": resource name may not be empty
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
node/n1 tainted
$ delete ds nobody --dry-run=client
daemonset.apps "nobody" deleted from default namespace (dry run)
$ delete ds x --dry-run=client
daemonset.apps "x" deleted from default namespace (dry run)
$ get ds x -o name
daemonset.apps/x
$ apply -f good.yaml --validate=foo
error: invalid - validate option "foo"; must be one of: strict (or true), warn, ignore (or false)
[1]
$ create ds x
error: Unexpected args: [ds x]
See 'kubectl create -h' for help and examples
[1]
$ apply -f good.yaml --force-conflicts
error: --force-conflicts only works with --server-side
[1]
$ apply -f good.yaml --server-side --dry-run=client
error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)
[1]
$ apply -f good.yaml --dry-run=client -o jsonpath='{.kind}{"\n"}'
DaemonSet
$ apply -f good.yaml -o name
daemonset.apps/x
$ replace -f good.yaml --grace-period=5
error: --grace-period must have --force specified
[1]
$ delete ds x -f good.yaml
error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well
[1]
$ replace -f good.yaml --force
daemonset.apps "x" deleted from default namespace
daemonset.apps/x replaced
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
