//! Pod GC: pods whose node is gone are removed, after a while.
//!
//! Models `pkg/controller/podgc/gc_controller.go`, v1.34: a round every 20 s, and a quarantine of
//! 40 s from the round that first misses the node.

use std::collections::BTreeMap;

use objects::{Millis, Name};
use serde::Serialize;

use crate::{
    Actor, Cluster, ObjectRef, Step, What, Why,
    due::{Due, Patience},
    store::key_of,
};

const PERIOD: Millis = Millis::from_secs(20);
const QUARANTINE: Millis = Millis::from_secs(40);

/// What pod GC remembers: since when it has missed which node.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PodGc {
    missing_since: BTreeMap<Name, Millis>,
    round_asked_for: bool,
}

impl Cluster {
    /// Asks for the next round.
    pub(crate) fn collect_orphans_later(&mut self) {
        if !self.pod_gc.round_asked_for {
            self.pod_gc.round_asked_for = true;
            let rounds = self.now.0.div_euclid(PERIOD.0) + 1;
            self.due
                .at(Millis(rounds * PERIOD.0), Due::PodGc, Patience::Awaited);
        }
    }

    pub(crate) fn collect_orphans(&mut self) -> Option<Step> {
        self.pod_gc.round_asked_for = false;
        let nodes = &self.store.nodes;
        let orphans: Vec<_> = self
            .store
            .pods
            .values()
            .filter(|pod| {
                !pod.spec.node_name.is_empty() && !nodes.contains_key(&pod.spec.node_name)
            })
            .cloned()
            .collect();
        self.pod_gc
            .missing_since
            .retain(|node, _| orphans.iter().any(|it| it.spec.node_name == *node));
        let now = self.now;
        for orphan in &orphans {
            let node = &orphan.spec.node_name;
            let since = *self.pod_gc.missing_since.entry(node.clone()).or_insert(now);
            if now - since >= QUARANTINE {
                let key = key_of(&orphan.metadata);
                self.delete_pod_now(&key);
                // The same round goes on.
                self.pod_gc.round_asked_for = true;
                self.soon(Due::PodGc);
                let why = Why::NodeGone { node: node.clone() };
                return self.did(Actor::PodGc, What::Removed, ObjectRef::pod(&key), why);
            }
        }
        if !orphans.is_empty() {
            self.collect_orphans_later();
        }
        None
    }
}
