//! `set resources`.
//!
//! Models `SetResourcesOptions`, kubectl `pkg/cmd/set/set_resources.go`, and
//! `HandleResourceRequirementsV1`, `pkg/generate/versioned/run.go`, v1.34.

use std::collections::BTreeMap;

use objects::{PodSpec, Quantity};

use super::pattern::change;
use crate::flags::Arguments;

/// What containers ask for, and may have at most.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resources {
    containers: String,
    limits: Amounts,
    requests: Amounts,
}

/// By resource.
type Amounts = BTreeMap<String, String>;

fn amounts(text: &str) -> Result<Amounts, String> {
    let mut amounts = Amounts::new();
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let parts: Vec<&str> = part.split('=').collect();
        let [resource, amount] = parts[..] else {
            return Err(format!(
                "error: Invalid argument syntax {part}, expected <resource>=<value>"
            ));
        };
        if Quantity::new(amount).milli().is_none() {
            return Err("error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'".to_owned());
        }
        amounts.insert(resource.to_owned(), amount.to_owned());
    }
    Ok(amounts)
}

impl Resources {
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let given = |flag: &str| amounts(arguments.text(flag).unwrap_or_default());
        let (limits, requests) = (given("limits")?, given("requests")?);
        if limits.is_empty() && requests.is_empty() {
            return Err("error: you must specify an update to requests or limits (in the form of --requests/--limits)".into());
        }
        Ok(Self {
            containers: arguments.text("containers").unwrap_or("*").to_owned(),
            limits,
            requests,
        })
    }

    /// Gives what is to be said if there is no such container.
    pub(super) fn set(&self, spec: &mut PodSpec) -> Vec<String> {
        let found = change(spec, &self.containers, |container| {
            let resources = container.resources.get_or_insert_default();
            for (of, given) in [
                (&mut resources.limits, &self.limits),
                (&mut resources.requests, &self.requests),
            ] {
                let given = given.iter();
                of.extend(given.map(|(resource, it)| (resource.clone(), Quantity::new(it))));
            }
        });
        let containers = &self.containers;
        match found {
            true => Vec::new(),
            false => vec![format!(
                "error: unable to find container named {containers}"
            )],
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn resources_are_set() {
        check(
            r#"
$ set resources ds/agent --limits=cpu=200m,memory=512Mi --requests=cpu=100m
daemonset.apps/agent resource requirements updated
$ set resources ds/agent --requests=cpu=100m -c main
$ get ds agent -o jsonpath='{.spec.template.spec.containers[0].resources}{"\n"}'
{"limits":{"cpu":"200m","memory":"512Mi"},"requests":{"cpu":"100m"}}
$ set resources ds/agent --limits=cpu=1 -c other
error: unable to find container named other
[1]
$ set resources ds/agent
error: you must specify an update to requests or limits (in the form of --requests/--limits)
[1]
$ set resources ds/agent --limits=cpu
error: Invalid argument syntax cpu, expected <resource>=<value>
[1]
$ set resources ds/agent --limits=cpu=much
error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
[1]
$ set resources ds/agent --requests=cpu=300m
error: failed to patch resources update to pod template DaemonSet.apps "agent" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "300m": must be less than or equal to cpu limit of 200m
[1]
"#,
        );
    }
}
