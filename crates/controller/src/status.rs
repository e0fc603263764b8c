//! The counters.

use objects::{DaemonSet, DaemonSetStatus, Millis};

use crate::{daemon_pods::OnNode, plan::Plan};

/// Counts nodes into the plan's status. Of the pods of a node the first one counts, also if it
/// is being deleted; pods on nodes that do not exist count nowhere.
///
/// Models `updateDaemonSetStatus` and `storeDaemonSetStatus`,
/// `pkg/controller/daemon/daemon_controller.go`, v1.34.
pub(crate) fn update(
    daemon_set: &DaemonSet,
    on_nodes: &[OnNode<'_>],
    observes_generation: bool,
    plan: &mut Plan,
) {
    let min_ready_seconds = daemon_set.spec.min_ready_seconds;
    let old = &daemon_set.status;
    let mut status = DaemonSetStatus {
        collision_count: old.collision_count,
        observed_generation: old.observed_generation,
        rest: old.rest.clone(),
        ..DaemonSetStatus::default()
    };
    for OnNode { decision, pods, .. } in on_nodes {
        let Some(decision) = decision else { continue };
        status.desired_number_scheduled += i64::from(decision.should_run);
        match pods.first() {
            Some(pod) if decision.should_run => {
                status.current_number_scheduled += 1;
                status.number_ready += i64::from(pod.is_ready);
                status.number_available += i64::from(pod.is_available);
                status.updated_number_scheduled += i64::from(pod.is_updated);
            }
            Some(_) => status.number_misscheduled += 1,
            None => {}
        }
    }
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
