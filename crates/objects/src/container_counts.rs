//! How many of a pod's containers are ready, and how often they were restarted.

use crate::{ConditionStatus, ConditionType, Container, Pod, Timestamp};

/// How a pod's containers are, as kubectl counts them: while it initializes the init containers,
/// then the others with the sidecars.
///
/// Models `printPod`, `pkg/printers/internalversion/printers.go`, v1.34.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContainerCounts {
    pub ready: usize,
    pub total: usize,
    /// How often they were started again.
    pub restarts: i64,
    /// When one of them ended the last time, of those that were started again.
    pub last_end: Option<Timestamp>,
}

impl ContainerCounts {
    /// Of a pod.
    pub fn of(pod: &Pod) -> Self {
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
