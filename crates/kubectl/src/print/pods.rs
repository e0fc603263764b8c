//! Models `printPod`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::{ConditionStatus, ConditionType, Container, Millis, Pod, Timestamp};
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
    let ip = pod.status.rest.get("podIP").and_then(Value::as_str);
    let nominated = pod.status.nominated_node_name.as_deref();
    vec![
        pod.metadata.name.to_string(),
        ready,
        pod.status_cell(),
        restarts,
        since(pod.metadata.creation_timestamp, now),
        or_none(ip.unwrap_or_default()),
        or_none(&pod.spec.node_name),
        or_none(nominated.unwrap_or_default()),
        gates(pod),
    ]
}

/// How many containers are ready, and how often they were restarted.
pub(crate) fn ready_and_restarts(pod: &Pod, now: Millis) -> (String, String) {
    let counts = Counts::of(pod);
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

#[derive(Default)]
struct Counts {
    ready: usize,
    total: usize,
    restarts: i64,
    last_end: Option<Timestamp>,
}

impl Counts {
    fn of(pod: &Pod) -> Self {
        let mut init = Self::default();
        let mut sidecars = Self::default();
        let is_sidecar = |name: &str| {
            let mut containers = pod.spec.init_containers.iter();
            containers.any(|it| it.name == name && it.is_sidecar())
        };
        let mut initializing = false;
        for status in &pod.status.init_container_statuses {
            let end = status.last_end().and_then(|it| it.finished_at);
            init.restarts += status.restart_count;
            init.last_end = init.last_end.max(end);
            let sidecar = is_sidecar(&status.name);
            if sidecar {
                sidecars.restarts += status.restart_count;
                sidecars.last_end = sidecars.last_end.max(end);
            }
            let ended = status.state.terminated.as_ref();
            if ended.is_some_and(|it| it.exit_code == 0) {
                continue;
            }
            if sidecar && status.started == Some(true) {
                sidecars.ready += usize::from(status.ready);
                continue;
            }
            initializing = true;
            break;
        }
        let n_sidecars = pod.spec.init_containers.iter();
        let n_sidecars = n_sidecars.filter(|it| Container::is_sidecar(it)).count();
        let total = pod.spec.containers.len() + n_sidecars;
        let initialized = pod.condition(&ConditionType::Initialized);
        let initialized = initialized.is_some_and(|it| it.status == ConditionStatus::True);
        if initializing && !initialized {
            return Self {
                ready: sidecars.ready,
                total,
                ..init
            };
        }
        let mut counts = Self { total, ..sidecars };
        for status in &pod.status.container_statuses {
            counts.restarts += status.restart_count;
            let end = status.last_end().and_then(|it| it.finished_at);
            counts.last_end = counts.last_end.max(end);
            counts.ready += usize::from(status.ready && status.state.running.is_some());
        }
        counts
    }
}
