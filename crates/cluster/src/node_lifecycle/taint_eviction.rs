//! Taint eviction: pods that do not tolerate a NoExecute taint are deleted, now or in a while.
//!
//! Models `pkg/controller/tainteviction/taint_eviction.go`, v1.34.

use std::collections::BTreeMap;

use objects::{Effect, EventType, Millis, Name, Node, Pod};
use serde::Serialize;

use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{disruption_target, set_condition},
    due::{Due, Patience},
    fault::Component,
    store::key_of,
};

const NAME: &str = "taint-eviction-controller";

/// What taint eviction remembers: the pods that are to go.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TaintEviction {
    waiting: BTreeMap<Key, Waiting>,
}

/// Since when it is known that a pod is to go, and when.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Waiting {
    since: Millis,
    until: Millis,
}

/// How long a pod may stay on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stay {
    ForEver,
    For(Millis),
}

/// All NoExecute taints must be tolerated; of the tolerations that do the shortest counts.
fn stay(pod: &Pod, node: &Node) -> Stay {
    let mut shortest: Option<i64> = None;
    let taints = node.spec.taints.iter();
    for taint in taints.filter(|it| it.effect == Effect::NoExecute) {
        let Some(toleration) = pod.spec.tolerations.iter().find(|it| it.tolerates(taint)) else {
            return Stay::For(Millis(0));
        };
        if let Some(seconds) = toleration.toleration_seconds {
            let seconds = seconds.max(0);
            shortest = Some(shortest.map_or(seconds, |it| it.min(seconds)));
        }
    }
    match shortest {
        Some(seconds) => Stay::For(Millis::from_secs(seconds.min(i64::from(i32::MAX)))),
        None => Stay::ForEver,
    }
}

impl Cluster {
    /// A node's taints have changed, or a pod has come to it.
    pub(crate) fn watch_no_execute(&mut self, node: &Node) {
        let taints = node.spec.taints.iter();
        let any = taints.filter(|it| it.effect == Effect::NoExecute).count() > 0;
        if !any && self.taint_eviction.waiting.is_empty() {
            return;
        }
        let pods: Vec<_> = self.store.pods_on(&node.metadata.name).cloned().collect();
        for pod in pods {
            self.watch_no_execute_for(&pod, node);
        }
    }

    pub(crate) fn watch_no_execute_for(&mut self, pod: &Pod, node: &Node) {
        if !self.component_runs(Component::NodeLifecycle) {
            return;
        }
        let key = key_of(&pod.metadata);
        let known = self.taint_eviction.waiting.get(&key).copied();
        let seconds = match stay(pod, node) {
            Stay::ForEver => return self.cancel_eviction(&key, pod),
            Stay::For(time) => time,
        };
        let mut since = self.now;
        if let Some(waiting) = known {
            since = waiting.since;
            if since + seconds < self.now || since + seconds == waiting.until {
                return;
            }
            self.forget_eviction(&key);
        }
        let until = since + seconds;
        self.taint_eviction
            .waiting
            .insert(key.clone(), Waiting { since, until });
        self.due
            .at(until, Due::TaintEviction { pod: key }, Patience::Awaited);
    }

    fn cancel_eviction(&mut self, key: &Key, pod: &Pod) {
        if self.taint_eviction.waiting.contains_key(key) {
            self.forget_eviction(key);
            let message = format!("Cancelling deletion of Pod {key}");
            self.record_on_pod(
                pod,
                NAME,
                "",
                EventType::Normal,
                "TaintManagerEviction",
                message,
            );
        }
    }

    pub(crate) fn forget_eviction(&mut self, key: &Key) {
        if self.taint_eviction.waiting.remove(key).is_some() {
            self.due
                .retain(|due| !matches!(due, Due::TaintEviction { pod } if pod == key));
        }
    }

    /// The component starts anew: it looks at all nodes.
    pub(super) fn restart_taint_eviction(&mut self) {
        self.taint_eviction = TaintEviction::default();
        let nodes: Vec<_> = self.store.nodes.values().cloned().collect();
        nodes.iter().for_each(|node| self.watch_no_execute(node));
    }

    /// A pod's time on a tainted node is over.
    pub(crate) fn evict_by_taint(&mut self, key: &Key) -> Option<Step> {
        self.taint_eviction.waiting.remove(key)?;
        let pod = self.store.pods.get(key)?.clone();
        let node: Name = pod.spec.node_name.clone();
        let message = format!("Marking for deletion Pod {key}");
        self.record_on_pod(
            &pod,
            NAME,
            "",
            EventType::Normal,
            "TaintManagerEviction",
            message,
        );
        if pod.metadata.is_being_deleted() {
            return None;
        }
        let now = self.timestamp();
        self.write_pod(key, |pod| {
            let target = disruption_target(
                "DeletionByTaintManager",
                "Taint manager: deleting due to NoExecute taint",
            );
            set_condition(&mut pod.status.conditions, target, now);
        });
        self.delete_pod(key);
        let taints = self.node(&node).map(|node| {
            let taints = node.spec.taints.iter();
            let taint = taints.filter(|it| it.effect == Effect::NoExecute);
            let untolerated = taint.clone().find(|it| !crate::fit::tolerates(&pod, it));
            untolerated.or(taint.clone().next()).cloned()
        });
        let why = match taints.flatten() {
            Some(taint) => Why::TaintExpired {
                taint: Box::new(taint),
            },
            None => Why::Happened,
        };
        self.did(
            Actor::TaintEviction,
            What::DeletedPod { node },
            ObjectRef::pod(key),
            why,
        )
    }
}
