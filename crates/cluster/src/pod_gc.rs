//! Pod GC: pods that nobody else would ever remove.
//!
//! Models `pkg/controller/podgc/gc_controller.go`, v1.34: a round every 20 s looks for terminated
//! pods above a threshold, pods that end on nodes out of service, pods whose node is gone since a
//! quarantine of 40 s, and pods that are to go and have no node.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};

use objects::{Millis, Name, Phase, Pod, Timestamp};
use serde::Serialize;

use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{disruption_target, set_condition},
    due::{Due, Patience},
    store::key_of,
};

const PERIOD: Millis = Millis::from_secs(20);
const QUARANTINE: Millis = Millis::from_secs(40);
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// What pod GC remembers: since when it has missed which node.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PodGc {
    missing_since: BTreeMap<Name, Millis>,
    round_asked_for: bool,
    /// What the round that is under way still has to remove, and why.
    round: Option<VecDeque<(Key, Why)>>,
}

impl Cluster {
    /// Asks for the next round.
    pub(crate) fn collect_pods_later(&mut self) {
        if !self.pod_gc.round_asked_for {
            self.pod_gc.round_asked_for = true;
            let rounds = self.now.0.div_euclid(PERIOD.0) + 1;
            self.due
                .at(Millis(rounds * PERIOD.0), Due::PodGc, Patience::Awaited);
        }
    }

    /// Whether a pod is one for pod GC, now or in a while.
    pub(crate) fn is_garbage(&self, pod: &Pod) -> bool {
        let node = &pod.spec.node_name;
        if node.is_empty() {
            return pod.metadata.is_being_deleted();
        }
        !self.store.nodes.contains_key(node)
            || (pod.metadata.is_being_deleted() && self.is_out_of_service(node))
    }

    fn is_out_of_service(&self, node: &str) -> bool {
        self.node(node).is_some_and(|node| {
            let taints = &node.spec.taints;
            !node.is_ready() && taints.iter().any(|it| it.key == OUT_OF_SERVICE)
        })
    }

    /// A node is out of service or comes to be: pods that end there are removed.
    pub(crate) fn watch_out_of_service(&mut self, node: &Name) {
        if self.is_out_of_service(node)
            && self
                .store
                .pods_on(node)
                .any(|it| it.metadata.is_being_deleted())
        {
            self.collect_pods_later();
        }
    }

    /// The next pod of a round. What goes is decided when the round begins.
    pub(crate) fn collect_pods(&mut self) -> Option<Step> {
        if self.pod_gc.round.is_none() {
            self.pod_gc.round = Some(self.begin_round());
        }
        let round = self.pod_gc.round.as_mut()?;
        while let Some((key, why)) = round.pop_front() {
            if self.store.pods.contains_key(&key) {
                self.soon(Due::PodGc);
                return self.collect_pod(&key, why);
            }
        }
        self.pod_gc.round = None;
        self.pod_gc.round_asked_for = false;
        if self.too_many_terminated() || self.store.pods.values().any(|it| self.is_garbage(it)) {
            self.collect_pods_later();
        }
        None
    }

    fn begin_round(&mut self) -> VecDeque<(Key, Why)> {
        let out_of_service = |pod: &Rc<Pod>| Why::OutOfService {
            node: pod.spec.node_name.clone(),
        };
        let terminated = self.surplus_terminated().into_iter();
        let terminated = terminated.map(|pod| (pod, Why::ManyTerminated));
        let terminating = self.terminating_out_of_service().into_iter();
        let terminating = terminating.map(|pod| (pod, out_of_service(pod)));
        let mut round: VecDeque<_> = terminated
            .chain(terminating)
            .map(|(pod, why)| (key_of(&pod.metadata), why))
            .collect();
        let gone = self.nodes_gone();
        let (mut orphaned, mut never_bound) = (Vec::new(), Vec::new());
        for (key, pod) in self.store.pods.iter() {
            let node = &pod.spec.node_name;
            if gone.contains(node) {
                orphaned.push((key.clone(), Why::NodeGone { node: node.clone() }));
            } else if node.is_empty() && pod.metadata.is_being_deleted() {
                never_bound.push((key.clone(), Why::NeverBound));
            }
        }
        round.extend(orphaned);
        round.extend(never_bound);
        round
    }

    /// The nodes that pods are bound to and that have been missing for long enough.
    fn nodes_gone(&mut self) -> BTreeSet<Name> {
        let nodes = &self.store.nodes;
        let bound_to = self.store.pods.values().map(|pod| &pod.spec.node_name);
        let missing: BTreeSet<Name> = bound_to
            .filter(|node| !node.is_empty() && !nodes.contains_key(*node))
            .cloned()
            .collect();
        let (now, since) = (self.now, &mut self.pod_gc.missing_since);
        since.retain(|node, _| missing.contains(node));
        let mut gone = missing;
        gone.retain(|node| now - *since.entry(node.clone()).or_insert(now) >= QUARANTINE);
        gone
    }

    /// Whether more pods have ended than are kept; with a threshold of 0 all are kept.
    pub(crate) fn too_many_terminated(&self) -> bool {
        let max = usize::try_from(self.timing.terminated_pod_gc_threshold).unwrap_or(0);
        max > 0 && self.store.n_terminated() > max
    }

    /// The pods that have ended, as many as are too many, in the order in which they go.
    fn surplus_terminated(&self) -> Vec<&Rc<Pod>> {
        if !self.too_many_terminated() {
            return Vec::new();
        }
        let kept = usize::try_from(self.timing.terminated_pod_gc_threshold).unwrap_or(0);
        let all = self.store.pods.values();
        let mut terminated: Vec<_> = all.filter(|pod| pod.is_terminal()).collect();
        terminated.sort_by_key(|pod| turn(pod));
        terminated.truncate(terminated.len().saturating_sub(kept));
        terminated
    }

    fn terminating_out_of_service(&self) -> Vec<&Rc<Pod>> {
        let all = self.store.pods.values();
        let mut terminating: Vec<_> = all
            .filter(|pod| {
                pod.metadata.is_being_deleted() && self.is_out_of_service(&pod.spec.node_name)
            })
            .collect();
        terminating.sort_by_key(|pod| turn(pod));
        terminating
    }

    /// Marks a pod as failed, and removes it by force.
    fn collect_pod(&mut self, key: &Key, why: Why) -> Option<Step> {
        let now = self.timestamp();
        let node_gone = matches!(why, Why::NodeGone { .. });
        self.write_pod(key, |pod| {
            if pod.is_terminal() {
                return;
            }
            pod.status.phase = Phase::Failed;
            if node_gone {
                let target = disruption_target("DeletionByPodGC", "PodGC: node no longer exists");
                set_condition(&mut pod.status.conditions, target, now);
            }
        });
        self.delete_pod_now(key);
        self.did(Actor::PodGc, What::Removed, ObjectRef::pod(key), why)
    }
}

/// Evicted pods go first, then the older ones.
///
/// Models `byEvictionAndCreationTimestamp`.
fn turn(pod: &Pod) -> (bool, Option<Timestamp>, Name) {
    let is_evicted = pod.status.phase == Phase::Failed && pod.status.reason == "Evicted";
    let metadata = &pod.metadata;
    (
        !is_evicted,
        metadata.creation_timestamp,
        metadata.name.clone(),
    )
}
