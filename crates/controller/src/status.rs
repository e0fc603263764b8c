//! The counters.

use objects::{DaemonSet, DaemonSetStatus, Millis};

use crate::{on_node::Counts, plan::Plan};

/// Puts the counters into the plan's status.
///
/// Models `updateDaemonSetStatus` and `storeDaemonSetStatus`,
/// `pkg/controller/daemon/daemon_controller.go`, v1.34.
pub(crate) fn update(
    daemon_set: &DaemonSet,
    counts: Counts,
    observes_generation: bool,
    plan: &mut Plan,
) {
    let min_ready_seconds = daemon_set.spec.min_ready_seconds;
    let old = &daemon_set.status;
    let mut status = DaemonSetStatus {
        collision_count: old.collision_count,
        current_number_scheduled: counts.current,
        desired_number_scheduled: counts.desired,
        number_available: counts.available,
        number_misscheduled: counts.misscheduled,
        number_ready: counts.ready,
        observed_generation: old.observed_generation,
        updated_number_scheduled: counts.updated,
        rest: old.rest.clone(),
        ..DaemonSetStatus::default()
    };
    status.number_unavailable = status.desired_number_scheduled - status.number_available;
    let generation = daemon_set.metadata.generation;
    plan.status_updated =
        status.counters() != old.counters() || old.observed_generation < generation;
    if observes_generation {
        status.observed_generation = generation;
    }
    if min_ready_seconds > 0 && status.number_ready != status.number_available {
        plan.look_again(Millis::from_secs(min_ready_seconds));
    }
    plan.status = if plan.status_updated {
        status
    } else {
        old.clone()
    };
}
