//! A pod on every node that should run it, and none where it must not.

use objects::{DaemonSet, EventType, Millis, Name, Phase};

use crate::{
    CreateReason, Decision, DeleteReason,
    daemon_pods::DaemonPod,
    index::Index,
    on_node::OnNode,
    plan::{Create, Delete, Note, Plan},
};

/// Models `manage`, `podsShouldBeOnNode` and `getUnscheduledPodsWithoutNode`,
/// `pkg/controller/daemon/daemon_controller.go`, v1.34.
pub(crate) fn manage(daemon_set: &DaemonSet, index: &Index, now: Millis, plan: &mut Plan) {
    let surges = daemon_set.max_surge(1) > Some(0);
    for on_node in index.unsettled() {
        let Some(decision) = &on_node.decision else {
            for pod in on_node.pods.without_spent().filter(|pod| !pod.is_bound) {
                delete(plan, pod, DeleteReason::NodeMissing);
            }
            continue;
        };
        if decision.should_run && on_node.pods.is_empty() {
            let because = decision.because.clone();
            create(plan, &decision.node, CreateReason::NoDaemonPod { because });
        } else if decision.should_continue_running {
            let running = prune_ended(daemon_set, on_node, now, plan);
            if surges {
                keep_old_and_new(decision, &running, now, plan);
            } else if let [kept, duplicates @ ..] = &running[..] {
                for pod in duplicates {
                    let kept = kept.name.clone();
                    delete(plan, pod, DeleteReason::Duplicate { kept });
                }
            }
        } else {
            for pod in on_node.staying() {
                let because = decision.because.clone();
                delete(plan, pod, DeleteReason::NodeMustNotRun { because });
            }
        }
    }
}

/// Deletes pods that have ended, failed ones no faster than the back-off allows; the others are
/// returned, without those being deleted.
fn prune_ended<'a>(
    daemon_set: &DaemonSet,
    on_node: &'a OnNode,
    now: Millis,
    plan: &mut Plan,
) -> Vec<&'a DaemonPod> {
    let node = &on_node.name;
    let mut running = Vec::new();
    let mut holding = plan.failed_pods_backoff.holding(daemon_set, node, now);
    let pods = match holding {
        Some(delay) if on_node.pods.has_spent() => {
            plan.look_again(delay);
            on_node.pods.without_spent()
        }
        _ => on_node.pods.iter(),
    };
    for pod in pods.filter(|pod| !pod.is_being_deleted) {
        let about = |event: &str, will: &str| {
            let (namespace, name) = (&daemon_set.metadata.namespace, &pod.name);
            format!(
                "Found {event} daemon pod {namespace}/{name} on node {node}, will try to {will} it"
            )
        };
        match pod.phase {
            Phase::Failed => {
                if let Some(delay) = holding {
                    plan.look_again(delay);
                    continue;
                }
                let next_delay = plan.failed_pods_backoff.raise(daemon_set, node, now);
                holding = Some(next_delay);
                note(
                    plan,
                    EventType::Warning,
                    "FailedDaemonPod",
                    about("failed", "kill"),
                );
                delete(plan, pod, DeleteReason::Failed { next_delay });
            }
            Phase::Succeeded => {
                note(
                    plan,
                    EventType::Normal,
                    "SucceededDaemonPod",
                    about("succeeded", "delete"),
                );
                delete(plan, pod, DeleteReason::Succeeded);
            }
            _ => running.push(pod),
        }
    }
    running
}

/// Under surge a node may have two pods: the oldest new one, and the oldest old one for as long
/// as it is ready and the new one is not available.
fn keep_old_and_new(decision: &Decision, running: &[&DaemonPod], now: Millis, plan: &mut Plan) {
    if running.is_empty() && decision.should_run {
        create(plan, &decision.node, CreateReason::NoRunningPod);
    }
    if running.len() < 2 {
        return;
    }
    let (mut oldest_new, mut oldest_old) = (None::<&DaemonPod>, None::<&DaemonPod>);
    for &pod in running {
        // Only the hash is compared here, as upstream does.
        let slot = if pod.has_hash {
            &mut oldest_new
        } else {
            &mut oldest_old
        };
        match slot {
            Some(kept) => {
                let kept = kept.name.clone();
                delete(plan, pod, DeleteReason::Duplicate { kept });
            }
            None => *slot = Some(pod),
        }
    }
    if let (Some(new), Some(old)) = (oldest_new, oldest_old) {
        let name = new.name.clone();
        if !old.is_ready {
            let reason = DeleteReason::OldNotReadyBesideNew { new: name };
            delete(plan, old, reason);
        } else if new.is_available(now) {
            let reason = DeleteReason::NewAvailable { new: name };
            delete(plan, old, reason);
        }
    }
}

fn note(plan: &mut Plan, type_: EventType, reason: &str, message: String) {
    plan.events.push(Note {
        type_,
        reason: reason.to_owned(),
        message,
    });
}

pub(crate) fn create(plan: &mut Plan, node: &Name, reason: CreateReason) {
    plan.creates.push(Create {
        node: node.clone(),
        reason,
    });
}

pub(crate) fn delete(plan: &mut Plan, pod: &DaemonPod, reason: DeleteReason) {
    plan.deletes.push(Delete {
        pod: pod.name.clone(),
        node: pod.target_node.clone(),
        reason,
    });
}
