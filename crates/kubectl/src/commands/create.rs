//! `create namespace`.

use cluster::Input;
use objects::Object;
use serde_json::json;

use crate::{execute::Run, flags::Arguments, namespaces, printer::Printer};

/// A namespace that is made.
///
/// Models kubectl `pkg/cmd/create/create_namespace.go`, v1.34.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateNamespace {
    name: String,
    printer: Printer,
}

impl CreateNamespace {
    /// If that is what is to be created.
    pub(crate) fn asked_for(arguments: &Arguments<'_>) -> Result<Option<Self>, String> {
        let names = match arguments.names.split_first() {
            Some((kind, names)) if kind == "namespace" || kind == "ns" => names,
            _ => return Ok(None),
        };
        match names {
            [name] => Ok(Some(Self {
                name: name.clone(),
                printer: Printer::read(arguments)?,
            })),
            names => Err(format!(
                "error: exactly one NAME is required, got {}\nSee 'kubectl create namespace -h' for help and examples",
                names.len()
            )),
        }
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let name = &self.name;
        if namespaces::all(run.cluster()).contains_key(name) {
            return run.fail(&format!(
                "Error from server (AlreadyExists): namespaces {name:?} already exists"
            ));
        }
        let namespace = Object::Other(json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": { "name": name },
        }));
        match run.act(Input::Create(namespace.clone())) {
            Ok(_) => run.print(&self.printer, &namespace, &run.would("created")),
            Err(error) => run.refused(&error, ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn namespaces_are_made() {
        check(
            r#"
$ create namespace logging --dry-run=client -o name
namespace/logging
$ create ns logging
namespace/logging created
$ get ns logging
NAME      STATUS   AGE
logging   Active   0s
$ create ns logging
Error from server (AlreadyExists): namespaces "logging" already exists
[1]
$ create ns default
Error from server (AlreadyExists): namespaces "default" already exists
[1]
$ create namespace
error: exactly one NAME is required, got 0
See 'kubectl create namespace -h' for help and examples
[1]
"#,
        );
    }
}
