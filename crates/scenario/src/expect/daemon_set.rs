//! `daemonSet`: its counters and all its pods.

use std::collections::BTreeMap;

use cluster::{Cluster, Key};
use objects::{DaemonSetStatus, FieldPath, Pod};
use serde_json::Value;

use super::{Missing, Number, object};
use crate::{
    nearest::unknown,
    read::{Mapping, Read, Wrong},
    roster::Roster,
};

pub(super) const FIELDS: [&str; 4] = ["status", "pods", "eachNode", "anyPod"];

/// What must be so with a DaemonSet and its pods, wherever they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DaemonSetExpect {
    pub(super) daemon_set: Key,
    /// By the names they have in the API.
    counters: BTreeMap<String, Number>,
    pods: PodCounts,
    each_node: Option<Number>,
    any_pod: Option<AnyPod>,
}

/// Its pods that are not being deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct PodCounts {
    total: Option<Number>,
    ready: Option<Number>,
    updated: Option<Number>,
}

/// What must be true of one pod at least.
#[derive(Clone, Debug, PartialEq)]
struct AnyPod {
    status: Option<String>,
    ready: Option<bool>,
    node: Option<String>,
}

impl Read for PodCounts {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let mut fields = Mapping::read(value, at, &["total", "ready", "updated"])?;
        Ok(Self {
            total: fields.optional("total")?,
            ready: fields.optional("ready")?,
            updated: fields.optional("updated")?,
        })
    }
}

impl Read for AnyPod {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let mut fields = Mapping::read(value, at, &["status", "ready", "node"])?;
        Ok(Self {
            status: fields.optional("status")?,
            ready: fields.optional("ready")?,
            node: fields.optional("node")?,
        })
    }
}

impl AnyPod {
    fn fits(&self, pod: &Pod) -> bool {
        self.ready.is_none_or(|ready| pod.is_ready() == ready)
            && self
                .node
                .as_ref()
                .is_none_or(|node| pod.target_node() == Some(node))
            && self
                .status
                .as_ref()
                .is_none_or(|status| pod.status_cell() == *status)
    }
}

fn counter(status: &DaemonSetStatus, name: &str) -> Option<i64> {
    match name {
        "observedGeneration" => Some(status.observed_generation),
        "collisionCount" => Some(status.collision_count.unwrap_or(0)),
        _ => {
            let mut counters = status.counters().into_iter();
            counters.find(|(it, _)| *it == name).map(|(_, n)| n)
        }
    }
}

fn counter_names() -> Vec<&'static str> {
    let status = DaemonSetStatus::default();
    let counters = status.counters().into_iter().map(|(name, _)| name);
    counters
        .chain(["observedGeneration", "collisionCount"])
        .collect()
}

impl DaemonSetExpect {
    pub(super) fn read(fields: &mut Mapping) -> Result<Self, Wrong> {
        let at = fields.at().child_field("status");
        let status: Option<Value> = fields.optional("status")?;
        let mut counters = BTreeMap::new();
        match status {
            None => {}
            Some(Value::Object(numbers)) => {
                for (name, number) in numbers {
                    let at = at.child_field(&name);
                    if !counter_names().contains(&name.as_str()) {
                        let message = unknown("counter", &name, &counter_names());
                        return Err(Wrong::key(at, message));
                    }
                    counters.insert(name, Number::read(number, &at)?);
                }
            }
            Some(other) => {
                return Err(Wrong::new(
                    &at,
                    format!(
                        "expected a mapping of counters, found {other}; for the STATUS of a pod name its node, too"
                    ),
                ));
            }
        }
        let at = fields.at().child_field("daemonSet");
        let name: String = fields.required("daemonSet")?;
        Ok(Self {
            daemon_set: object::key(&name, &at)?,
            counters,
            pods: fields.or_default("pods")?,
            each_node: fields.optional("eachNode")?,
            any_pod: fields.optional("anyPod")?,
        })
    }

    /// Whether a look at the DaemonSet alone is not enough.
    pub(super) fn counts_pods(&self) -> bool {
        self.pods != PodCounts::default() || self.each_node.is_some() || self.any_pod.is_some()
    }

    pub(super) fn check(
        &self,
        cluster: &Cluster,
        roster: Option<&Roster>,
        wrong: &mut Vec<String>,
    ) -> Result<(), Missing> {
        let store = cluster.store();
        let daemon_set = store.daemon_sets.get(&self.daemon_set);
        let daemon_set = daemon_set.ok_or_else(|| Missing::daemon_set(&self.daemon_set))?;
        for (name, number) in &self.counters {
            let found = counter(&daemon_set.status, name).unwrap_or(0);
            number.check(&format!("status.{name}"), found, wrong);
        }
        let Some(roster) = roster else { return Ok(()) };
        let counts = [
            ("pods.total", self.pods.total, roster.live()),
            ("pods.ready", self.pods.ready, roster.ready()),
            ("pods.updated", self.pods.updated, roster.updated()),
        ];
        for (name, number, found) in counts {
            if let Some(number) = number {
                number.check(name, found, wrong);
            }
        }
        if let Some(number) = self.each_node {
            for (found, nodes) in roster.nodes_by_count() {
                let mut nodes = nodes.iter();
                if !number.holds(found) && nodes.len() > 0 {
                    let named: Vec<&str> = nodes.by_ref().take(3).map(|it| &**it).collect();
                    let more = match nodes.len() {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    wrong.push(format!(
                        "eachNode: expected {number}, found {found} on {}{more}",
                        named.join(", ")
                    ));
                }
            }
        }
        if let Some(any) = &self.any_pod {
            let pods: Vec<&Pod> = match &any.node {
                Some(node) => roster.pods_on(store, node).collect(),
                None => roster.pods(store).collect(),
            };
            if !pods.iter().any(|pod| any.fits(pod)) {
                wrong.push(format!(
                    "anyPod: expected one that is {any}, found {}",
                    summary(&pods)
                ));
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for AnyPod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.status.clone());
        parts.extend(self.ready.map(|ready| match ready {
            true => "ready".to_owned(),
            false => "not ready".to_owned(),
        }));
        parts.extend(self.node.as_ref().map(|node| format!("on {node}")));
        if parts.is_empty() {
            parts.push("there".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

/// `2 Pending, 3 Running (1 not ready)`.
fn summary(pods: &[&Pod]) -> String {
    let mut by_status: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for pod in pods {
        let (all, unready) = by_status.entry(pod.status_cell()).or_default();
        *all += 1;
        *unready += usize::from(!pod.is_ready());
    }
    let parts = by_status
        .iter()
        .map(|(status, (all, unready))| match unready {
            0 => format!("{all} {status}"),
            unready => format!("{all} {status} ({unready} not ready)"),
        });
    match by_status.is_empty() {
        true => "no pod".to_owned(),
        false => parts.collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ROLLED_OUT, check_all};

    #[test]
    fn counters_are_compared() {
        check_all(
            ROLLED_OUT,
            &[
                ("{daemonSet: agent}", ""),
                ("{daemonSet: default/agent, status: {}}", ""),
                (
                    "{daemonSet: agnet}",
                    "missing: DaemonSet default/agnet does not exist",
                ),
                (
                    "{daemonSet: other/agent}",
                    "missing: DaemonSet other/agent does not exist",
                ),
                (
                    "{daemonSet: agent, status: {desiredNumberScheduled: 2, currentNumberScheduled: 2, numberReady: 2, updatedNumberScheduled: 2, numberAvailable: 2, numberUnavailable: 0, numberMisscheduled: 0, observedGeneration: 1, collisionCount: 0}}",
                    "",
                ),
                (
                    "{daemonSet: agent, status: {numberReady: 3, numberAvailable: '>= 3', numberMisscheduled: '<= 0'}}",
                    "status.numberAvailable: expected >= 3, found 2; status.numberReady: expected 3, found 2",
                ),
            ],
        );
    }

    #[test]
    fn pods_are_counted() {
        check_all(
            ROLLED_OUT,
            &[
                (
                    "{daemonSet: agent, pods: {total: 2, ready: 2, updated: 2}}",
                    "",
                ),
                (
                    "{daemonSet: agent, pods: {total: 3, ready: '<= 1', updated: 0}}",
                    "pods.total: expected 3, found 2; pods.ready: expected <= 1, found 2; pods.updated: expected 0, found 2",
                ),
            ],
        );
        // Of two old pods one is being deleted.
        check_all(
            &format!("{ROLLED_OUT}- kubectl: apply -f v2.yaml\n- run: 200ms\n"),
            &[
                (
                    "{daemonSet: agent, pods: {total: 1, ready: 1, updated: 0}}",
                    "",
                ),
                (
                    "{daemonSet: agent, pods: {total: 2}}",
                    "pods.total: expected 2, found 1",
                ),
            ],
        );
    }

    #[test]
    fn each_node_means_every_node_there_is() {
        check_all(
            ROLLED_OUT,
            &[
                ("{daemonSet: agent, eachNode: '<= 1'}", ""),
                (
                    "{daemonSet: agent, eachNode: 1}",
                    "eachNode: expected 1, found 0 on gpu-1",
                ),
                (
                    "{daemonSet: agent, eachNode: 7}",
                    "eachNode: expected 7, found 0 on gpu-1; eachNode: expected 7, found 1 on worker-1, worker-2",
                ),
            ],
        );
        check_all(
            &format!("{ROLLED_OUT}- kubectl: delete node gpu-1\n"),
            &[("{daemonSet: agent, eachNode: 1}", "")],
        );
    }

    #[test]
    fn some_pod_is_so() {
        check_all(
            ROLLED_OUT,
            &[
                ("{daemonSet: agent, anyPod: {}}", ""),
                (
                    "{daemonSet: agent, anyPod: {status: Running, ready: true, node: worker-2}}",
                    "",
                ),
                (
                    "{daemonSet: agent, anyPod: {ready: false}}",
                    "anyPod: expected one that is not ready, found 2 Running",
                ),
                (
                    "{daemonSet: agent, anyPod: {status: Pending, node: gpu-1}}",
                    "anyPod: expected one that is Pending, on gpu-1, found no pod",
                ),
            ],
        );
        check_all(
            &format!("{ROLLED_OUT}- kubectl: apply -f v2.yaml\n- run: 200ms\n"),
            &[
                ("{daemonSet: agent, anyPod: {status: Terminating}}", ""),
                (
                    "{daemonSet: agent, anyPod: {status: Pending, ready: false}}",
                    "anyPod: expected one that is Pending, not ready, found 1 Running, 1 Terminating",
                ),
            ],
        );
    }
}
