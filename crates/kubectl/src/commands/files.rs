//! `apply -f`, `create -f`, `replace -f`, `delete -f`.

use cluster::{Input, Response, api_server::reference};
use objects::Object;

use super::delete::Deletion;
use crate::{apply, execute::Run, flags::Arguments};

/// A command about the objects of files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Files {
    verb: Verb,
    files: Vec<String>,
    namespace: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Verb {
    Apply,
    Create,
    Replace,
    Delete(Deletion),
}

impl Files {
    pub(crate) fn read(arguments: &Arguments) -> Result<Self, String> {
        Ok(Self {
            verb: match arguments.command.as_str() {
                "apply" => Verb::Apply,
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
        for file in &self.files {
            let Some(text) = run.files.get(file) else {
                return run.fail(&format!("error: the path {file:?} does not exist"));
            };
            match apply::read(file, text) {
                Err(message) => return run.fail(&message),
                Ok(objects) => objects.into_iter().for_each(|it| self.one(run, it, file)),
            }
        }
    }

    fn one(&self, run: &mut Run<'_>, mut object: Object, file: &str) {
        if let Err(message) = run.set_namespace(&mut object, self.namespace.as_deref()) {
            return run.fail(&message);
        }
        match &self.verb {
            Verb::Apply => apply_one(run, object, file),
            Verb::Create => {
                let name = run.display(&object);
                match run.act(Input::Create(object)) {
                    Ok(_) => run.say(&format!("{name} created")),
                    Err(error) => run.refused(&error, &format!("error when creating {file:?}")),
                }
            }
            Verb::Replace => {
                let name = run.display(&object);
                match run.act(Input::Replace(object)) {
                    Ok(_) => run.say(&format!("{name} replaced")),
                    Err(error) => run.refused(&error, &format!("error when replacing {file:?}")),
                }
            }
            Verb::Delete(deletion) => {
                let resource = run.resource(&object);
                deletion.delete(run, &resource, &reference(&object));
            }
        }
    }
}

fn apply_one(run: &mut Run<'_>, object: Object, file: &str) {
    let name = run.display(&object);
    let manifest = object.to_value();
    let (input, done) = match run.live(&reference(&object)) {
        None => (
            Object::from_value(apply::with_last_applied(manifest)).map(Input::Create),
            "created",
        ),
        Some(live) => {
            if !live.annotations().contains_key(apply::LAST_APPLIED) {
                let resource = format!("{}/{}", run.resource(&object).plural, live.name());
                run.say(&format!("Warning: resource {resource} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."));
            }
            (
                Object::from_value(apply::merged(&live.object().to_value(), &manifest))
                    .map(Input::Replace),
                "configured",
            )
        }
    };
    let doing = format!("error when applying {file:?}");
    match input.map(|input| run.act(input)) {
        Ok(Ok(Response::Done(_))) => run.say(&format!("{name} {done}")),
        Ok(Ok(Response::Unchanged)) => run.say(&format!("{name} unchanged")),
        Ok(Err(error)) => run.refused(&error, &doing),
        Err(message) => run.fail(&format!("error: {doing}: {message}")),
    }
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
}
