//! Rolling updates: which nodes they are busy with, and how many those may be.
//!
//! What is promised by `rollingUpdate`, `pkg/controller/daemon/update.go`, v1.34, is that it does
//! not go on to another node while as many as it may wait for theirs. Pods that were not available
//! anyway, and nodes that a fault befalls, go beyond that.

use std::collections::BTreeMap;

use controller::{
    CreateReason, DeleteReason,
    daemon_pods::{Current, is_available},
    placement::Rules,
};
use objects::{DaemonSet, Millis, Name, Pod, controller_revision::HASH_LABEL};

use super::memory::{Memory, daemon_set_of, owner, staying};
use crate::{Cluster, Key, Step, What, Why, store::key_of};

/// What rolling updates are busy with.
#[derive(Clone, Default)]
pub(super) struct Rollouts {
    /// Nodes from which one has taken an available pod, until there is one again.
    taken: BTreeMap<(Name, Name), Taken>,
    /// Second pods that one has added to nodes, until they are available.
    added: BTreeMap<Name, Added>,
    /// What one has just done, and the bound it went by.
    rolled: Option<Rolled>,
}

/// A node that waits for its pod.
#[derive(Clone, Copy, Default)]
struct Taken {
    /// After this moment the pod there is available, if it stays as it is.
    until: Option<Millis>,
}

#[derive(Clone)]
struct Added {
    daemon_set: Name,
    node: Name,
    pod: Key,
}

#[derive(Clone)]
struct Rolled {
    daemon_set: Name,
    node: Name,
    bound: i64,
    surges: bool,
}

impl Rollouts {
    /// Looks at what has become of them, and at what has just been done.
    pub(super) fn note(&mut self, cluster: &Cluster, step: Option<&Step>) {
        let daemon_set = |uid: &Name| daemon_set_of(cluster, uid);
        self.taken.retain(|(uid, node), taken| {
            let Some(daemon_set) = daemon_set(uid) else {
                return false;
            };
            let was_available = taken.until.is_some_and(|until| until < cluster.unix_now());
            taken.until = available_after(cluster, daemon_set, node);
            let is_available = taken.until.is_some_and(|until| until < cluster.unix_now());
            !was_available && !is_available && should_run(cluster, daemon_set, node)
        });
        self.added.retain(|_, added| {
            daemon_set(&added.daemon_set).is_some_and(|it| added.takes_room(cluster, it))
        });
        self.rolled = step.and_then(|step| rolled(cluster, step));
        let (Some(rolled), Some(step)) = (&self.rolled, step) else {
            return;
        };
        let (daemon_set, node) = (rolled.daemon_set.clone(), rolled.node.clone());
        if let (true, Some(pod)) = (rolled.surges, &step.object) {
            let pod = pod.key.clone();
            let added = Added {
                daemon_set,
                node,
                pod: pod.clone(),
            };
            self.added.insert(pod.name, added);
        } else if daemon_set_of(cluster, &daemon_set)
            .is_some_and(|it| should_run(cluster, it, &node))
        {
            self.taken.insert((daemon_set, node), Taken::default());
        }
    }
}

impl Added {
    /// Whether it is a new pod beside an old one, and not available.
    fn takes_room(&self, cluster: &Cluster, daemon_set: &DaemonSet) -> bool {
        let hash = cluster.store.current_hash(daemon_set);
        let current = Current::new(daemon_set, &hash);
        let now = cluster.unix_now();
        let seconds = daemon_set.spec.min_ready_seconds;
        let is_new = |pod: &Pod| current.includes(&pod.metadata.labels);
        let staying = || staying(cluster, daemon_set, &self.node);
        let waits = |pod: &Pod| {
            key_of(&pod.metadata) == self.pod && is_new(pod) && !is_available(pod, seconds, now)
        };
        staying().any(waits) && staying().any(|pod| !is_new(pod))
    }
}

pub(super) fn rollout_within_bounds(_: &Cluster, memory: &Memory, report: &mut dyn FnMut(String)) {
    let rollouts = &memory.rollouts;
    let Some(rolled) = &rollouts.rolled else {
        return;
    };
    let (node, bound) = (&rolled.node, rolled.bound);
    let mut nodes: Vec<&str> = if rolled.surges {
        let added = rollouts.added.values();
        let own = added.filter(|it| it.daemon_set == rolled.daemon_set);
        own.map(|it| &*it.node).collect()
    } else {
        let taken = rollouts.taken.keys();
        let own = taken.filter(|(daemon_set, _)| *daemon_set == rolled.daemon_set);
        own.map(|(_, node)| &**node).collect()
    };
    nodes.sort_unstable();
    if i64::try_from(nodes.len()).unwrap_or(i64::MAX) > bound {
        let nodes = nodes.join(", ");
        report(format!(
            "the rollout goes on to node {node}, and now is busy on {nodes}: more than {bound}"
        ));
    }
}

/// What a rolling update has done within its room, if the step was that, and of the template that
/// is still current.
fn rolled(cluster: &Cluster, step: &Step) -> Option<Rolled> {
    let (node, bound, surges) = match (&step.what, &step.why) {
        (
            What::DeletedPod { node },
            Why::Delete(DeleteReason::RollingUpdate {
                max_unavailable, ..
            }),
        ) => (node, *max_unavailable, false),
        (What::CreatedPod { node }, Why::Create(CreateReason::SurgeRoom { max_surge, .. })) => {
            (node, *max_surge, true)
        }
        _ => return None,
    };
    let key = &step.object.as_ref()?.key;
    let pod = cluster.store.pods.get(key)?;
    let daemon_set = owner(cluster, pod)?;
    let hash = cluster.store.current_hash(daemon_set);
    if surges && pod.metadata.labels.get(HASH_LABEL) != Some(&hash) {
        return None;
    }
    Some(Rolled {
        daemon_set: daemon_set.metadata.uid.clone(),
        node: node.clone(),
        bound,
        surges,
    })
}

/// After which moment a node has an available pod of a DaemonSet, if nothing changes.
fn available_after(cluster: &Cluster, daemon_set: &DaemonSet, node: &Name) -> Option<Millis> {
    let seconds = daemon_set.spec.min_ready_seconds;
    let after = |pod: &Pod| {
        let since = pod.ready()?.last_transition_time;
        match seconds {
            0 => Some(Millis(i64::MIN)),
            seconds => Some(since?.to_unix_millis() + Millis::from_secs(seconds)),
        }
    };
    staying(cluster, daemon_set, node).filter_map(after).min()
}

/// Whether a node is there and is to have a pod. One that only keeps its pod waits for none when
/// that is gone.
fn should_run(cluster: &Cluster, daemon_set: &DaemonSet, node: &str) -> bool {
    let node = cluster.store.nodes.get(node);
    node.is_some_and(|it| Rules::new(daemon_set).decide(it).should_run)
}
