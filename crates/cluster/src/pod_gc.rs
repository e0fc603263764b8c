//! Pod GC: pods that nobody else would ever remove.
//!
//! Models `pkg/controller/podgc/gc_controller.go`, v1.34: a round every 20 s looks for terminated
//! pods above a threshold, pods that end on nodes out of service, pods whose node is gone since a
//! quarantine of 40 s, and pods that are to go and have no node.

use std::collections::BTreeMap;

use objects::{Millis, Name, Phase, Pod};
use serde::Serialize;

use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{disruption_target, set_condition},
    due::{Due, Patience},
};

const PERIOD: Millis = Millis::from_secs(20);
const QUARANTINE: Millis = Millis::from_secs(40);
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// What pod GC remembers: since when it has missed which node.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PodGc {
    missing_since: BTreeMap<Name, Millis>,
    round_asked_for: bool,
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

    /// A round, or what is left of it.
    pub(crate) fn collect_pods(&mut self) -> Option<Step> {
        self.pod_gc.round_asked_for = false;
        let garbage: Vec<(Key, Name)> = self
            .store
            .pods
            .iter()
            .filter(|(_, pod)| self.is_garbage(pod))
            .map(|(key, pod)| (key.clone(), pod.spec.node_name.clone()))
            .collect();
        let nodes = &self.store.nodes;
        self.pod_gc.missing_since.retain(|node, _| {
            !nodes.contains_key(node) && garbage.iter().any(|(_, it)| it == node)
        });
        let now = self.now;
        for (key, node) in &garbage {
            let why = if node.is_empty() {
                Why::NeverBound
            } else if self.store.nodes.contains_key(node) {
                Why::OutOfService { node: node.clone() }
            } else {
                let missing_since = &mut self.pod_gc.missing_since;
                let since = *missing_since.entry(node.clone()).or_insert(now);
                if now - since < QUARANTINE {
                    continue;
                }
                Why::NodeGone { node: node.clone() }
            };
            return self.collect_pod(key, why);
        }
        if let Some(key) = self.oldest_surplus() {
            return self.collect_pod(&key, Why::ManyTerminated);
        }
        if !garbage.is_empty() || self.too_many_terminated() {
            self.collect_pods_later();
        }
        None
    }

    /// Whether more pods have ended than are kept; with a threshold of 0 all are kept.
    pub(crate) fn too_many_terminated(&self) -> bool {
        let max = usize::try_from(self.timing.terminated_pod_gc_threshold).unwrap_or(0);
        max > 0 && self.store.n_terminated() > max
    }

    fn oldest_surplus(&self) -> Option<Key> {
        if !self.too_many_terminated() {
            return None;
        }
        let pods = self.store.pods.iter();
        let oldest = pods
            .filter(|(_, pod)| pod.is_terminal())
            .min_by_key(|(key, pod)| {
                (
                    pod.metadata.creation_timestamp.map(|it| it.0),
                    (*key).clone(),
                )
            });
        oldest.map(|(key, _)| key.clone())
    }

    /// Marks a pod as failed, and removes it by force.
    fn collect_pod(&mut self, key: &Key, why: Why) -> Option<Step> {
        // The same round goes on.
        self.pod_gc.round_asked_for = true;
        self.soon(Due::PodGc);
        let message = match &why {
            Why::NodeGone { .. } => Some("PodGC: node no longer exists"),
            Why::OutOfService { .. } => Some("PodGC: node is out-of-service"),
            _ => None,
        };
        let now = self.timestamp();
        self.write_pod(key, |pod| {
            if !pod.is_terminal() {
                pod.status.phase = Phase::Failed;
            }
            if let Some(message) = message {
                let target = disruption_target("DeletionByPodGC", message);
                set_condition(&mut pod.status.conditions, target, now);
            }
        });
        self.delete_pod_now(key);
        self.did(Actor::PodGc, What::Removed, ObjectRef::pod(key), why)
    }
}
