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
        let selection = Selection::read(arguments, &arguments.names, false)?;
        let count = arguments.number("replicas").unwrap_or(-1);
        if !auto && count < 0 {
            return Err("error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0".into());
        }
        if auto && arguments.number("max").unwrap_or(-1) < 1 {
            return Err("error: --max=MAXPODS is required and must be at least 1, max: -1".into());
        }
        Ok(Self { selection, auto })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        for (resource, _) in run.select(&self.selection) {
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
error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0
[1]
$ autoscale ds/agent --max=3
error: cannot autoscale a DaemonSet: could not find scale subresource for apps/v1, Resource=daemonsets in discovery information
[1]
"#,
        );
    }
}
