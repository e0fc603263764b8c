//! A pod on every node that should run it, and none where it must not.

use objects::{DaemonSet, EventType, Millis, Name, Pod};

use crate::{
    CreateReason, Decision, DeleteReason,
    daemon_pods::{DaemonPod, OnNode},
    plan::{Create, Delete, Note, Plan},
};

/// Models `manage`, `podsShouldBeOnNode` and `getUnscheduledPodsWithoutNode`,
/// `pkg/controller/daemon/daemon_controller.go`, v1.34.
pub(crate) fn manage(
    daemon_set: &DaemonSet,
    on_nodes: &[OnNode<'_>],
    now: Millis,
    plan: &mut Plan,
) {
    let surges = daemon_set.max_surge(1) > Some(0);
    for on_node in on_nodes {
        let OnNode { decision, pods, .. } = on_node;
        let Some(decision) = decision else { continue };
        if decision.should_run && pods.is_empty() {
            let because = decision.because.clone();
            create(plan, &decision.node, CreateReason::NoDaemonPod { because });
        } else if decision.should_continue_running {
            let running = prune_ended(daemon_set, decision, on_node, now, plan);
            if surges {
                keep_old_and_new(decision, &running, plan);
            } else if let [kept, duplicates @ ..] = &running[..] {
                let kept = kept.name().clone();
                for pod in duplicates {
                    delete(
                        plan,
                        pod.pod,
                        &decision.node,
                        DeleteReason::Duplicate { kept: kept.clone() },
                    );
                }
            }
        } else {
            for pod in on_node.staying() {
                let because = decision.because.clone();
                delete(
                    plan,
                    pod.pod,
                    &decision.node,
                    DeleteReason::NodeMustNotRun { because },
                );
            }
        }
    }
    for OnNode { node, pods, .. } in on_nodes.iter().filter(|it| it.decision.is_none()) {
        for pod in pods.iter().filter(|pod| !pod.is_bound) {
            delete(plan, pod.pod, &Name::from(*node), DeleteReason::NodeMissing);
        }
    }
}

/// Deletes pods that have ended, failed ones no faster than the back-off allows; the others are
/// returned, without those being deleted.
fn prune_ended<'a>(
    daemon_set: &DaemonSet,
    decision: &Decision,
    on_node: &OnNode<'a>,
    now: Millis,
    plan: &mut Plan,
) -> Vec<&'a DaemonPod<'a>> {
    let mut running = Vec::new();
    for daemon_pod in on_node.staying() {
        let pod = daemon_pod.pod;
        let about = |event: &str, will: &str| {
            let (namespace, name, node) =
                (&pod.metadata.namespace, &pod.metadata.name, &decision.node);
            format!(
                "Found {event} daemon pod {namespace}/{name} on node {node}, will try to {will} it"
            )
        };
        match pod.status.phase {
            objects::Phase::Failed => {
                if let Some(delay) =
                    plan.failed_pods_backoff
                        .holding(daemon_set, &decision.node, now)
                {
                    plan.look_again(delay);
                    continue;
                }
                let next_delay = plan
                    .failed_pods_backoff
                    .raise(daemon_set, &decision.node, now);
                note(
                    plan,
                    EventType::Warning,
                    "FailedDaemonPod",
                    about("failed", "kill"),
                );
                delete(
                    plan,
                    pod,
                    &decision.node,
                    DeleteReason::Failed { next_delay },
                );
            }
            objects::Phase::Succeeded => {
                note(
                    plan,
                    EventType::Normal,
                    "SucceededDaemonPod",
                    about("succeeded", "delete"),
                );
                delete(plan, pod, &decision.node, DeleteReason::Succeeded);
            }
            _ => running.push(daemon_pod),
        }
    }
    running
}

/// Under surge a node may have two pods: the oldest new one, and the oldest old one for as long
/// as it is ready and the new one is not available.
fn keep_old_and_new(decision: &Decision, running: &[&DaemonPod<'_>], plan: &mut Plan) {
    if running.is_empty() && decision.should_run {
        create(plan, &decision.node, CreateReason::NoRunningPod);
    }
    if running.len() < 2 {
        return;
    }
    let (mut oldest_new, mut oldest_old) = (None::<&DaemonPod<'_>>, None::<&DaemonPod<'_>>);
    for &pod in running {
        // Only the hash is compared here, as upstream does.
        let slot = if pod.has_hash {
            &mut oldest_new
        } else {
            &mut oldest_old
        };
        match slot {
            Some(kept) => {
                let kept = kept.name().clone();
                let reason = DeleteReason::Duplicate { kept };
                delete(plan, pod.pod, &decision.node, reason);
            }
            None => *slot = Some(pod),
        }
    }
    if let (Some(new), Some(old)) = (oldest_new, oldest_old) {
        let name = new.name().clone();
        if !old.is_ready {
            let reason = DeleteReason::OldNotReadyBesideNew { new: name };
            delete(plan, old.pod, &decision.node, reason);
        } else if new.is_available {
            let reason = DeleteReason::NewAvailable { new: name };
            delete(plan, old.pod, &decision.node, reason);
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

pub(crate) fn delete(plan: &mut Plan, pod: &Pod, node: &Name, reason: DeleteReason) {
    plan.deletes.push(Delete {
        pod: pod.metadata.name.clone(),
        node: node.clone(),
        reason,
    });
}
