//! `scale` and `autoscale`, which nothing here can be.

use crate::{execute::Run, flags::Arguments, selection::Selection};

/// An attempt to set a number of replicas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    selection: Selection,
    auto: bool,
}

impl Scale {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let auto = arguments.command == "autoscale";
        let required = if auto { "max" } else { "replicas" };
        let Some(count) = arguments.number(required) else {
            return Err(format!("error: required flag(s) {required:?} not set"));
        };
        let min = arguments.number("min").unwrap_or(-1);
        if !auto && count < 0 {
            return Err("error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0".into());
        }
        if auto && count < 1 {
            return Err(format!(
                "error: --max=MAXPODS is required and must be at least 1, max: {count}"
            ));
        }
        if auto && count < min {
            return Err(format!(
                "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: {count}, min: {min}"
            ));
        }
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, false)?,
            auto,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found = run.select(&self.selection);
        if found.is_empty() && !self.auto {
            return run.fail_wrapped("error: no objects passed to scale", "");
        }
        for (resource, _) in found {
            if self.auto {
                run.fail(&format!(
                    "error: cannot autoscale a {}: could not find scale subresource for {}, Resource={} in discovery information",
                    resource.kind,
                    resource.api_version(),
                    resource.plural
                ));
            } else {
                run.fail("Error from server (NotFound): the server could not find the requested resource");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn nothing_can_be_scaled() {
        check(
            r#"
$ scale ds/agent --replicas=3
Error from server (NotFound): the server could not find the requested resource
[1]
$ scale ds/agent
error: required flag(s) "replicas" not set
[1]
$ scale ds/agent --replicas=-1
error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0
[1]
$ scale ds/nobody --replicas=1
error: no objects passed to scale daemonsets.apps "nobody" not found
[1]
$ autoscale
error: required flag(s) "max" not set
[1]
$ autoscale ds/agent --max=0
error: --max=MAXPODS is required and must be at least 1, max: 0
[1]
$ autoscale ds/agent --min=2 --max=1
error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 1, min: 2
[1]
$ autoscale ds/agent --max=3
error: cannot autoscale a DaemonSet: could not find scale subresource for apps/v1, Resource=daemonsets in discovery information
[1]
"#,
        );
    }
}
