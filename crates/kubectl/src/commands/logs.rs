//! `logs`, which there are none of.

use crate::{execute::Run, flags::Arguments, selection::Selection};

/// The logs of a pod, asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logs {
    selection: Selection,
}

impl Logs {
    /// Models `LogsOptions.Complete`, kubectl `pkg/cmd/logs/logs.go`, v1.34.
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let has_selector = arguments.text("selector").is_some_and(|it| !it.is_empty());
        let names = match &arguments.names[..] {
            [_] if has_selector => {
                return Err(arguments.usage("only a selector (-l) or a POD name is allowed"));
            }
            [] if has_selector => vec!["pods".to_owned()],
            [name] | [name, _] if name.contains('/') => vec![name.clone()],
            [name] | [name, _] => vec!["pods".to_owned(), name.clone()],
            _ => {
                return Err(arguments.usage("expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"));
            }
        };
        Ok(Self {
            selection: Selection::read(arguments, &names, false)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found = run.select(&self.selection);
        if found.is_empty() && run.has_failed() {
            let namespace = self.selection.namespace().unwrap_or("default");
            let behind = format!(" in namespace {namespace:?}");
            return run.fail_wrapped("error: error from server (NotFound):", &behind);
        }
        if found.is_empty() {
            return run.nothing_found(&self.selection, true);
        }
        for (resource, live) in found {
            let name = format!("{}/{}", resource.singular(), live.name());
            run.fail(&format!(
                "error: what containers write is not modelled; `kubectl describe {name}` and `kubectl events --for {name}` tell what happened"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn what_is_not_modelled_is_said() {
        check(
            r#"
$ logs bare -c c --tail=5
error: what containers write is not modelled; `kubectl describe pod/bare` and `kubectl events --for pod/bare` tell what happened
[1]
$ logs nobody
error: error from server (NotFound): pods "nobody" not found in namespace "default"
[1]
$ logs -l app=nobody
No resources found in default namespace.
$ logs a b c
error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command
See 'kubectl logs -h' for help and examples
[1]
$ logs bare -l a=b
error: only a selector (-l) or a POD name is allowed
See 'kubectl logs -h' for help and examples
[1]
$ logs
error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command
See 'kubectl logs -h' for help and examples
[1]
"#,
        );
    }
}
