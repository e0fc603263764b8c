//! Ending pods of lower priority to make room for one of higher.
//!
//! Models `pkg/scheduler/framework/preemption/preemption.go` and
//! `plugins/defaultpreemption/default_preemption.go`, v1.34. Disruption budgets are not asked.

use std::collections::BTreeMap;

use objects::{EventType, Name, Pod};

use super::{
    NAME,
    filter::{Misfit, listed},
};
use crate::conditions::{disruption_target, set_condition};
use crate::{Actor, Cluster, Key, ObjectRef, Step, What, Why, store::key_of};

/// What can be done for a pod that fits nowhere.
pub(crate) enum Preemption {
    /// Its class forbids it to preempt.
    Never,
    /// Pods are already on their way out for it.
    UnderWay,
    /// On these nodes ending pods would not do; on the others it could not help at all.
    NoVictims { on: usize },
    /// These are ended.
    Victims { node: Name, victims: Vec<Key> },
}

impl Preemption {
    pub(super) fn message(&self, misfit: &Misfit) -> String {
        let on = match self {
            Self::Never => return "not eligible due to preemptionPolicy=Never.".into(),
            Self::UnderWay => {
                return "not eligible due to a terminating pod on the nominated node.".into();
            }
            Self::Victims { .. } => return String::new(),
            Self::NoVictims { on } => *on,
        };
        let n_nodes = misfit.n_nodes;
        let reasons = [
            ("No preemption victims found for incoming pod", on),
            ("Preemption is not helpful for scheduling", n_nodes - on),
        ];
        let reasons: BTreeMap<String, usize> = reasons
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(reason, count)| (reason.to_owned(), count))
            .collect();
        format!("0/{n_nodes} nodes are available: {}.", listed(&reasons))
    }
}

fn priority(pod: &Pod) -> i64 {
    pod.spec.priority.unwrap_or(0)
}

impl Cluster {
    /// What can be done for a pod that fits nowhere.
    pub(super) fn preempt(&self, pod: &Pod, misfit: &Misfit) -> Preemption {
        let policy = pod.spec.rest.get("preemptionPolicy");
        if policy.and_then(|it| it.as_str()) == Some("Never") {
            return Preemption::Never;
        }
        if let Some(node) = self.scheduler.nominated.get(&key_of(&pod.metadata)) {
            let mut here = self.store.pods_on(node);
            if here.any(|it| it.metadata.is_being_deleted() && priority(it) < priority(pod)) {
                return Preemption::UnderWay;
            }
        }
        let curable = misfit.failures.iter().filter(|(_, it)| it.is_curable());
        let candidates = curable
            .clone()
            .filter_map(|(node, _)| Some((node, self.victims(pod, node)?)));
        // Where the highest victim is lowest, then where the fewest are.
        let best = candidates.min_by_key(|(_, victims)| {
            let highest = victims.iter().map(|it| priority(it)).max();
            let sum: i128 = victims.iter().map(|it| i128::from(priority(it))).sum();
            (highest, sum, victims.len())
        });
        match best {
            Some((node, victims)) => Preemption::Victims {
                node: node.clone(),
                victims: victims.iter().map(|it| key_of(&it.metadata)).collect(),
            },
            None => Preemption::NoVictims {
                on: curable.count(),
            },
        }
    }

    /// The pods to end on a node so that a pod fits: of those of lower priority as few as will do.
    fn victims(&self, pod: &Pod, node: &Name) -> Option<Vec<&Pod>> {
        let node = self.store.nodes.get(node)?;
        let others = self.others(pod, node);
        let (mut lower, mut kept): (Vec<&Pod>, Vec<&Pod>) = others
            .into_iter()
            .partition(|it| priority(it) < priority(pod));
        let fits = |kept: &[&Pod]| {
            self.filter_beside(pod, node, kept.iter().copied())
                .is_none()
        };
        if lower.is_empty() || !fits(&kept) {
            return None;
        }
        // Given back as long as it still fits: the highest first, of equals the one that runs longest.
        lower.sort_by_key(|it| {
            let started = it.status.start_time.map_or(i64::MAX, |it| it.0);
            (-priority(it), started, key_of(&it.metadata))
        });
        let mut victims = Vec::new();
        for other in lower {
            kept.push(other);
            if !fits(&kept) {
                kept.pop();
                victims.push(other);
            }
        }
        Some(victims)
    }

    /// Ends a pod to make room for another.
    pub(crate) fn preempt_pod(&mut self, victim: &Key, by: &Key) -> Option<Step> {
        let pod = self.store.pods.get(victim)?.clone();
        let uid = self.store.pods.get(by)?.metadata.uid.clone();
        if pod.metadata.is_being_deleted() {
            return None;
        }
        let node = pod.spec.node_name.clone();
        let now = self.timestamp();
        self.write_pod(victim, |pod| {
            let target = disruption_target(
                "PreemptionByScheduler",
                "default-scheduler: preempting to accommodate a higher priority pod",
            );
            set_condition(&mut pod.status.conditions, target, now);
        });
        self.delete_pod(victim);
        let message = format!("Preempted by pod {uid} on node {node}");
        self.record_on_pod(&pod, NAME, "", EventType::Normal, "Preempted", message);
        let why = Why::Preempted { by: by.clone() };
        self.did(
            Actor::Scheduler,
            What::DeletedPod { node },
            ObjectRef::pod(victim),
            why,
        )
    }
}
