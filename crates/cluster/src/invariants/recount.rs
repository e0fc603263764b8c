//! The counters of a DaemonSet, counted anew from what is there, and what is left to do for it.

use controller::{
    Plan,
    daemon_pods::{Current, is_available},
    placement::Rules,
};
use objects::{DaemonSet, DaemonSetStatus, Pod};

use super::{at_rest, memory::Memory, next_plan};
use crate::Cluster;

/// Counts nodes as the API documents the counters: a node by its first pod, bound before unbound,
/// older before younger, then by name.
///
/// Models `updateDaemonSetStatus`, `pkg/controller/daemon/daemon_controller.go`, v1.34, without
/// what the controller keeps from sync to sync.
pub(super) fn recount(cluster: &Cluster, daemon_set: &DaemonSet) -> DaemonSetStatus {
    let hash = cluster.store.current_hash(daemon_set);
    let current = Current::new(daemon_set, &hash);
    let rules = Rules::new(daemon_set);
    let selector = daemon_set.spec.selector.as_ref();
    let counts = |pod: &Pod| {
        let selected = selector.is_some_and(|it| it.matches(&pod.metadata.labels));
        selected && !(pod.is_terminal() && pod.metadata.is_being_deleted())
    };
    let pods: Vec<&Pod> = cluster
        .store
        .pods_of(daemon_set)
        .map(|it| &**it)
        .filter(|pod| counts(pod))
        .collect();
    let mut status = DaemonSetStatus::default();
    for node in cluster.store.nodes.values() {
        let name = &*node.metadata.name;
        let here = pods.iter().filter(|it| it.target_node() == Some(name));
        let first = here.min_by_key(|it| {
            let metadata = &it.metadata;
            (
                it.spec.node_name.is_empty(),
                metadata.creation_timestamp,
                &metadata.name,
            )
        });
        let should_run = rules.decide(node).should_run;
        let Some(pod) = first else {
            status.desired_number_scheduled += i64::from(should_run);
            continue;
        };
        if !should_run {
            status.number_misscheduled += 1;
            continue;
        }
        let seconds = daemon_set.spec.min_ready_seconds;
        let available = is_available(pod, seconds, cluster.unix_now());
        status.desired_number_scheduled += 1;
        status.current_number_scheduled += 1;
        status.number_ready += i64::from(pod.is_ready());
        status.number_available += i64::from(available);
        status.updated_number_scheduled += i64::from(current.includes(&pod.metadata.labels));
    }
    status.number_unavailable = status.desired_number_scheduled - status.number_available;
    status
}

/// Whether there is nothing that the controller does not know of.
pub(super) fn is_informed(cluster: &Cluster, daemon_set: &DaemonSet) -> bool {
    left(&next_plan(cluster, daemon_set)).is_empty()
}

/// The deletion of a node tells no DaemonSet, as upstream: one without a pod there may count it
/// until it is told of something else.
pub(super) fn counters_are_true(
    cluster: &Cluster,
    memory: &Memory,
    report: &mut dyn FnMut(String),
) {
    for daemon_set in at_rest(cluster) {
        if memory.uninformed.contains(&daemon_set.metadata.uid) {
            continue;
        }
        let said = daemon_set.status.counters();
        let counted = recount(cluster, daemon_set).counters();
        for ((counter, said), (_, counted)) in said.into_iter().zip(counted) {
            if said != counted {
                let key = daemon_set.key();
                report(format!(
                    "{counter} of {key} is {said}, and there are {counted}"
                ));
            }
        }
        let (seen, generation) = (
            daemon_set.status.observed_generation,
            daemon_set.metadata.generation,
        );
        if seen != generation {
            let key = daemon_set.key();
            report(format!(
                "observedGeneration of {key} is {seen}, and its generation {generation}"
            ));
        }
    }
}

pub(super) fn nothing_left_to_do(
    cluster: &Cluster,
    memory: &Memory,
    report: &mut dyn FnMut(String),
) {
    for daemon_set in at_rest(cluster) {
        if memory.uninformed.contains(&daemon_set.metadata.uid) {
            continue;
        }
        let plan = next_plan(cluster, daemon_set);
        let left = left(&plan);
        if !left.is_empty() {
            let key = daemon_set.key();
            report(format!("a sync of {key} would {}", left.join(", ")));
        }
    }
}

/// What a plan would do.
fn left(plan: &Plan) -> Vec<String> {
    let mut left = Vec::new();
    let mut say = |deed: &str, names: Vec<&str>| {
        if !names.is_empty() {
            left.push(format!("{deed} {}", names.join(" and ")));
        }
    };
    let revisions = &plan.revisions;
    for (deed, names) in [
        ("adopt", &plan.adopt_pods),
        ("release", &plan.release_pods),
        ("relabel", &plan.relabel_pods),
        ("adopt", &revisions.adopt),
        ("release", &revisions.release),
        ("relabel", &revisions.relabel),
        ("delete", &revisions.delete),
    ] {
        say(deed, names.iter().map(|it| &**it).collect());
    }
    let creates = plan.creates.iter().map(|it| &*it.node);
    say("create a pod for", creates.collect());
    let deletes = plan.deletes.iter().map(|it| &*it.pod);
    say("delete", deletes.collect());
    let new = revisions.create.iter().map(|it| &*it.metadata.name);
    say("create", new.collect());
    let bumped = revisions.bump.iter().map(|(name, _)| &**name);
    say("renumber", bumped.collect());
    if plan.status_updated {
        left.push("write the status".to_owned());
    }
    if let Some(after) = plan.requeue_after {
        left.push(format!("look again after {after}"));
    }
    if let Some(error) = &plan.error {
        left.push(format!("fail: {error:?}"));
    }
    left
}
