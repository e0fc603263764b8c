//! `logs`, which there are none of.

use crate::{execute::Run, flags::Arguments, selection::Selection};

/// The logs of a pod, asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logs {
    selection: Selection,
}

impl Logs {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let names = match arguments.names.first() {
            None => {
                return Err(arguments.usage("expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"));
            }
            Some(name) if name.contains('/') => vec![name.clone()],
            Some(name) => vec!["pods".to_owned(), name.clone()],
        };
        Ok(Self {
            selection: Selection::read(arguments, &names, false)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        for (resource, live) in run.select(&self.selection) {
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
Error from server (NotFound): pods "nobody" not found
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
