//! Which nodes a pod may run on, and the words for those on which it may not.
//!
//! Models the filter plugins in their order and `FitError.Error`, `pkg/scheduler/framework`, v1.34.

use std::collections::BTreeMap;

use objects::{Effect, Name, Node, Pod, Taint};
use serde::{Deserialize, Serialize};

use super::Preemption;
use crate::{
    Cluster, Version,
    fit::{self, Lacking},
    node_lifecycle::UNSCHEDULABLE,
};

/// What keeps a pod off a node: the reasons of the first plugin that fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Failure {
    Unschedulable,
    Taint(Taint),
    NodeAffinity,
    Ports,
    Lacking(Vec<Lacking>),
}

impl Failure {
    /// Whether it can be cured by ending other pods.
    pub(super) fn is_curable(&self) -> bool {
        matches!(self, Self::Ports | Self::Lacking(_))
    }

    /// As the scheduler says them.
    pub fn reasons(&self) -> Vec<String> {
        match self {
            Self::Unschedulable => vec!["node(s) were unschedulable".into()],
            Self::Taint(taint) => vec![format!(
                "node(s) had untolerated taint {{{}: {}}}",
                taint.key, taint.value
            )],
            Self::NodeAffinity => vec!["node(s) didn't match Pod's node affinity/selector".into()],
            Self::Ports => {
                vec!["node(s) didn't have free ports for the requested pod ports".into()]
            }
            Self::Lacking(lacking) => lacking
                .iter()
                .map(|it| match it.resource.as_str() {
                    "pods" => "Too many pods".into(),
                    resource => format!("Insufficient {resource}"),
                })
                .collect(),
        }
    }
}

/// Why no node will do.
pub(super) struct Misfit {
    pub(super) version: Version,
    /// How many nodes there are.
    pub(super) n_nodes: usize,
    /// Those that were looked at, and what is against each.
    pub(super) failures: Vec<(Name, Failure)>,
}

/// `COUNT REASON`, sorted as strings, as upstream does.
pub(super) fn listed(reasons: &BTreeMap<String, usize>) -> String {
    let mut listed: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    listed.sort();
    listed.join(", ")
}

impl Misfit {
    /// What is said of it: in the Event, and in the pod's condition.
    pub(super) fn message(&self, preemption: &Preemption) -> String {
        if self.n_nodes == 0 {
            return "no nodes available to schedule pods".into();
        }
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for reason in self
            .failures
            .iter()
            .flat_map(|(_, failure)| failure.reasons())
        {
            *reasons.entry(reason).or_default() += 1;
        }
        let elsewhere = self.n_nodes - self.failures.len();
        if elsewhere > 0 {
            *reasons
                .entry(self.version.pinned_elsewhere().into())
                .or_default() += elsewhere;
        }
        let n_nodes = self.n_nodes;
        let message = format!("0/{n_nodes} nodes are available: {}.", listed(&reasons));
        match preemption.message(self) {
            preemption if preemption.is_empty() => message,
            preemption => format!("{message} preemption: {preemption}"),
        }
    }
}

impl Cluster {
    /// The node for a pod.
    pub(super) fn find_node(&self, pod: &Pod) -> Result<Name, Misfit> {
        let nodes = &self.store.nodes;
        let candidates: Vec<&Node> = match pod.target_node() {
            Some(name) => nodes.get(name).map(|it| &**it).into_iter().collect(),
            None => nodes.values().map(|it| &**it).collect(),
        };
        let mut failures = Vec::new();
        let mut best: Option<(i128, &Node)> = None;
        for node in candidates {
            match self.filter(pod, node) {
                Some(failure) => failures.push((node.metadata.name.clone(), failure)),
                None if pod.target_node().is_some() => return Ok(node.metadata.name.clone()),
                None => {
                    let room = self.room(node);
                    if best.is_none_or(|(most, _)| room > most) {
                        best = Some((room, node));
                    }
                }
            }
        }
        match best {
            Some((_, node)) => Ok(node.metadata.name.clone()),
            None => Err(Misfit {
                version: self.version,
                n_nodes: nodes.len(),
                failures,
            }),
        }
    }

    /// The node that would take a pod, if the scheduler may look for one.
    pub(crate) fn node_for(&self, pod: &Pod) -> Option<Name> {
        let may = !super::is_gated(pod) && super::is_ours(pod);
        may.then(|| self.find_node(pod).ok()).flatten()
    }

    /// What speaks against a node.
    fn filter(&self, pod: &Pod, node: &Node) -> Option<Failure> {
        let others = self.others(pod, node);
        self.filter_beside(pod, node, others.iter().copied())
    }

    /// The pods that count on a node: those that have not ended, and those that pods are ended
    /// for, unless they are of lower priority.
    pub(super) fn others(&self, pod: &Pod, node: &Node) -> Vec<&Pod> {
        let name = &node.metadata.name;
        let nominated = self.scheduler.nominated.iter();
        let priority = pod.spec.priority.unwrap_or(0);
        let nominated = nominated
            .filter(|(_, it)| *it == name)
            .filter_map(|(key, _)| self.store.pods.get(key))
            .filter(|it| {
                it.metadata.uid != pod.metadata.uid && it.spec.priority.unwrap_or(0) >= priority
            });
        let here = self.store.non_terminated_on(name);
        here.chain(nominated).map(|it| &**it).collect()
    }

    /// What speaks against a node on which these pods are.
    pub(super) fn filter_beside<'a>(
        &self,
        pod: &Pod,
        node: &Node,
        others: impl Iterator<Item = &'a Pod> + Clone,
    ) -> Option<Failure> {
        let cordoned = Taint::new(UNSCHEDULABLE, Effect::NoSchedule);
        if node.spec.unschedulable && !fit::tolerates(pod, &cordoned) {
            return Some(Failure::Unschedulable);
        }
        if let Some(taint) = fit::untolerated(pod, node, fit::NO_SCHEDULE_OR_EXECUTE) {
            return Some(Failure::Taint(taint.clone()));
        }
        if !fit::selects(pod, node) {
            return Some(Failure::NodeAffinity);
        }
        if fit::ports_taken(pod, others.clone()) {
            return Some(Failure::Ports);
        }
        let lacking = fit::lacking(pod, node, others);
        (!lacking.is_empty()).then_some(Failure::Lacking(lacking))
    }

    /// How much of a node is free, in thousandths: of its CPU and its memory together. Pods that
    /// ask for nothing count as if they asked for a little.
    ///
    /// Models `leastRequestedScore`, `noderesources/least_allocated.go`.
    fn room(&self, node: &Node) -> i128 {
        let pods: Vec<_> = self.store.non_terminated_on(&node.metadata.name).collect();
        let free = |resource: &str, at_least: i128| {
            let quantity = node.status.allocatable.get(resource);
            let capacity = quantity.and_then(objects::Quantity::milli).unwrap_or(0);
            let used: i128 = pods
                .iter()
                .map(|it| fit::request(it, resource).max(at_least))
                .sum();
            if capacity > 0 {
                (capacity - used).max(0) * 1000 / capacity
            } else {
                0
            }
        };
        free("cpu", 100) + free("memory", (200 << 20) * 1000)
    }
}
