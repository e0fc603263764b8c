//! Models `printPod`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::{ConditionStatus, ConditionType, ContainerCounts, Millis, Pod};
use serde_json::Value;

use super::{or_none, since};

pub(super) const NARROW: usize = 5;
pub(super) const COLUMNS: [&str; 9] = [
    "NAME",
    "READY",
    "STATUS",
    "RESTARTS",
    "AGE",
    "IP",
    "NODE",
    "NOMINATED NODE",
    "READINESS GATES",
];

pub(super) fn row(pod: &Pod, now: Millis) -> Vec<String> {
    let (ready, restarts) = ready_and_restarts(pod, now);
    let nominated = pod.status.nominated_node_name.as_deref();
    vec![
        pod.metadata.name.to_string(),
        ready,
        pod.status_cell(),
        restarts,
        since(pod.metadata.creation_timestamp, now),
        or_none(&pod.status.pod_ip),
        or_none(&pod.spec.node_name),
        or_none(nominated.unwrap_or_default()),
        gates(pod),
    ]
}

/// How many containers are ready, and how often they were restarted.
pub(crate) fn ready_and_restarts(pod: &Pod, now: Millis) -> (String, String) {
    let counts = ContainerCounts::of(pod);
    let restarts = match counts.last_end {
        Some(last) if counts.restarts > 0 => {
            format!("{} ({} ago)", counts.restarts, since(Some(last), now))
        }
        _ => counts.restarts.to_string(),
    };
    (format!("{}/{}", counts.ready, counts.total), restarts)
}

/// `1/2`: how many of the conditions that make it ready are there.
fn gates(pod: &Pod) -> String {
    let gates = pod
        .spec
        .rest
        .get("readinessGates")
        .and_then(Value::as_array);
    let gates = gates.map_or(&[][..], Vec::as_slice);
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let is_met = |gate: &&Value| {
        let type_ = ConditionType::from(gate["conditionType"].as_str().unwrap_or_default());
        let condition = pod.condition(&type_);
        condition.is_some_and(|it| it.status == ConditionStatus::True)
    };
    format!("{}/{}", gates.iter().filter(is_met).count(), gates.len())
}
