//! Node lifecycle: who has not been heard of, and the taints that follow.
//!
//! Models `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, v1.34.

mod taint_eviction;
mod zones;

use std::collections::{BTreeMap, BTreeSet};

use objects::{
    Condition, ConditionStatus, ConditionType, Effect, EventType, Millis, Name, Node, Taint,
    node::TAINTS_BY_CONDITION,
};
use serde::Serialize;

pub use taint_eviction::TaintEviction;
use zones::{Rate, Zone, Zones};

use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{condition, set_condition},
    due::{Due, Patience},
    fault::Component,
    store::key_of,
};

pub(crate) const NOT_READY: &str = "node.kubernetes.io/not-ready";
pub(crate) const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
pub(crate) const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// What node lifecycle remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NodeLifecycle {
    /// When the next NoExecute taint may be put on a node of a zone.
    next_no_execute: BTreeMap<Zone, Millis>,
    /// Nodes in the queue for that taint.
    queued: BTreeSet<Name>,
    /// Since when it has watched the leases, if it was started anew.
    watches_since: Millis,
    /// How many nodes of each zone are ready and lost.
    #[serde(skip)]
    zones: Zones,
}

/// The first NoSchedule taint that does not follow the node's conditions, and why it should be
/// there or should not.
fn next_change(node: &Node) -> Option<(Taint, Why)> {
    let wanted = TAINTS_BY_CONDITION.into_iter().map(|(type_, status, key)| {
        let holds = node
            .condition(&type_)
            .is_some_and(|condition| condition.status == status);
        (key, because(&type_, status, holds), holds)
    });
    let cordoned = node.spec.unschedulable;
    let why = Why::Condition {
        of: "spec.unschedulable".into(),
        value: "true".into(),
        holds: cordoned,
    };
    wanted
        .chain([(UNSCHEDULABLE, why, cordoned)])
        .find_map(|(key, why, holds)| {
            let taint = Taint::new(key, Effect::NoSchedule);
            let there = node
                .spec
                .taints
                .iter()
                .any(|it| it.same_key_and_effect(&taint));
            (there != holds).then_some((taint, why))
        })
}

fn because(type_: &ConditionType, status: ConditionStatus, holds: bool) -> Why {
    Why::Condition {
        of: format!("condition {}", type_.as_str()),
        value: format!("{status:?}"),
        holds,
    }
}

fn no_execute_taints(node: &Node) -> impl Iterator<Item = &Taint> {
    let ours = |taint: &&Taint| {
        taint.effect == Effect::NoExecute && (taint.key == NOT_READY || taint.key == UNREACHABLE)
    };
    node.spec.taints.iter().filter(ours)
}

impl Cluster {
    /// A node's conditions may call for other taints than it has.
    pub(crate) fn watch_conditions(&mut self, before: Option<&Node>, node: &Node) {
        if !self.component_runs(Component::NodeLifecycle) {
            return;
        }
        let name = &node.metadata.name;
        if next_change(node).is_some() {
            self.soon(Due::NodeTaints { node: name.clone() });
        }
        if before.is_none_or(|before| before.spec.taints != node.spec.taints) {
            self.watch_no_execute(node);
        }
        let status = |node: &Node| node.condition(&ConditionType::Ready).map(|it| it.status);
        if before.is_none_or(|before| status(before) != status(node)) {
            if before.is_none_or(|before| before.is_ready() != node.is_ready()) {
                // What was asked for is for what the node was before.
                self.forget_no_execute(node);
            }
            self.readiness_changed(node);
        }
    }

    /// A node has become ready, or is no longer.
    fn readiness_changed(&mut self, node: &Node) {
        let name = &node.metadata.name;
        if !node.is_ready() {
            self.queue_no_execute(name);
        } else if no_execute_taints(node).next().is_some() {
            // Its own queue takes a moment.
            self.after(
                Millis::from_secs(2),
                Due::NodeNoExecute { node: name.clone() },
            );
        }
    }

    /// A node has come, changed or gone. If a zone is in another state for it, lost nodes may have
    /// waited for that, or all may be taken for a fault of the control plane now.
    pub(crate) fn watch_zones(&mut self, before: Option<&Node>, after: Option<&Node>) {
        let zones = &mut self.node_lifecycle.zones;
        let place = |node: Option<&Node>| node.map(|node| (Zone::of(node), node.is_ready()));
        let (was, is) = (place(before), place(after));
        if was == is {
            return;
        }
        let states = zones.states(&self.timing);
        was.into_iter().for_each(|it| zones.leave(it));
        is.into_iter().for_each(|it| zones.join(it));
        let no_state_changed = zones.states(&self.timing) == states;
        if !self.component_runs(Component::NodeLifecycle) {
            return;
        }
        if let Some(node) = after.filter(|node| !node.is_ready()) {
            self.queue_no_execute(&node.metadata.name);
        }
        if no_state_changed {
            return;
        }
        let lost = self.store.nodes.values().filter(|it| !it.is_ready());
        let lost: Vec<Name> = lost.map(|it| it.metadata.name.clone()).collect();
        lost.iter().for_each(|name| self.queue_no_execute(name));
    }

    /// Asks for a look at a node in the round after the one that sees what it is like now.
    fn queue_no_execute(&mut self, name: &Name) {
        if self.node_lifecycle.queued.insert(name.clone()) {
            let seen = self.now + self.timing.node_monitor_period;
            let at = self.monitor_round_after(Millis(seen.0 - 1));
            let due = Due::NodeNoExecute { node: name.clone() };
            self.due.at(at, due, Patience::Awaited);
        }
    }

    /// Nobody is to look at a node any more, to put the taint on it or to take it off.
    pub(crate) fn forget_no_execute(&mut self, node: &Node) {
        let name = &node.metadata.name;
        let is_queued = self.node_lifecycle.queued.remove(name);
        if is_queued || no_execute_taints(node).next().is_some() {
            self.due.cancel(&Due::NodeNoExecute { node: name.clone() });
        }
    }

    /// The first round of looking at all nodes after a time.
    fn monitor_round_after(&self, time: Millis) -> Millis {
        let period = self.timing.node_monitor_period.0.max(1);
        Millis((time.0.div_euclid(period) + 1).saturating_mul(period))
    }

    /// The component ends; or it is back, and looks at all nodes.
    pub(crate) fn switch_node_lifecycle(&mut self, runs: bool) {
        self.node_lifecycle = NodeLifecycle {
            watches_since: self.now,
            zones: std::mem::take(&mut self.node_lifecycle.zones),
            ..NodeLifecycle::default()
        };
        self.taint_eviction = TaintEviction::default();
        self.due.retain(|due| {
            !matches!(
                due,
                Due::LeaseCheck { .. }
                    | Due::NodeTaints { .. }
                    | Due::NodeNoExecute { .. }
                    | Due::PodNotReady { .. }
                    | Due::TaintEviction { .. }
            )
        });
        if !runs {
            return;
        }
        let nodes: Vec<_> = self.store.nodes.values().cloned().collect();
        for node in &nodes {
            self.watch_conditions(None, node);
            self.check_lease_later(&node.metadata.name);
            if !node.is_ready() {
                self.pods_not_ready(&node.metadata.name);
            }
        }
        self.restart_taint_eviction();
    }

    /// Asks for a look at the first round after a silent node's grace period.
    pub(crate) fn check_lease_later(&mut self, name: &Name) {
        if !self.component_runs(Component::NodeLifecycle) {
            return;
        }
        let Some(last_lease) = self.kubelets.get(name).and_then(|it| it.last_lease) else {
            return;
        };
        let seen = last_lease.max(self.node_lifecycle.watches_since);
        let expires = seen + self.timing.node_monitor_grace_period;
        let at = self.monitor_round_after(expires).max(self.now);
        self.due.at(
            at,
            Due::LeaseCheck { node: name.clone() },
            Patience::Awaited,
        );
    }

    pub(crate) fn check_lease(&mut self, name: &Name) -> Option<Step> {
        let kubelet = self.kubelets.get(name)?;
        let last_lease = kubelet.last_lease?;
        let grace_period = self.timing.node_monitor_grace_period;
        let node = self.node(name)?;
        let known = node
            .condition(&ConditionType::Ready)
            .is_some_and(|it| it.status == ConditionStatus::Unknown);
        let seen = last_lease.max(self.node_lifecycle.watches_since);
        if known || self.now - seen <= grace_period {
            return None;
        }
        let was_ready = node.is_ready();
        let now = self.timestamp();
        self.write_node(name, |node| {
            for type_ in [
                ConditionType::Ready,
                ConditionType::MemoryPressure,
                ConditionType::DiskPressure,
                ConditionType::PIDPressure,
            ] {
                let unknown = condition(
                    type_,
                    ConditionStatus::Unknown,
                    "NodeStatusUnknown",
                    "Kubelet stopped posting node status.",
                );
                set_condition(&mut node.status.conditions, unknown, now);
            }
        });
        if was_ready {
            self.record_on_node(name, "node-controller", "NodeNotReady");
            self.pods_not_ready(name);
        }
        let why = Why::LeaseExpired {
            last_lease,
            grace_period,
        };
        self.did(
            Actor::NodeLifecycle,
            What::LostTouch,
            ObjectRef::node(name),
            why,
        )
    }

    pub(crate) fn update_taints(&mut self, name: &Name) -> Option<Step> {
        let (taint, why) = next_change(self.node(name)?)?;
        let add = matches!(why, Why::Condition { holds: true, .. });
        self.change_taint(name, taint, add, why)
    }

    fn change_taint(&mut self, name: &Name, mut taint: Taint, add: bool, why: Why) -> Option<Step> {
        let what = if add {
            What::AddedTaint(Box::new(taint.clone()))
        } else {
            What::RemovedTaint(Box::new(taint.clone()))
        };
        taint.time_added = Some(self.timestamp());
        self.write_node(name, |node| {
            node.spec
                .taints
                .retain(|it| !it.same_key_and_effect(&taint));
            if add {
                node.spec.taints.push(taint);
            }
        });
        self.did(Actor::NodeLifecycle, what, ObjectRef::node(name), why)
    }

    /// Puts the NoExecute taint of a lost node on it, as fast as the zone's rate allows, or takes
    /// it off.
    pub(crate) fn update_no_execute(&mut self, name: &Name) -> Option<Step> {
        self.node_lifecycle.queued.remove(name);
        let node = self.node(name)?.clone();
        let states = self.node_lifecycle.zones.states(&self.timing);
        let ready = node
            .condition(&ConditionType::Ready)
            .map_or(ConditionStatus::True, |it| it.status);
        let wanted = match ready {
            _ if states.are_all_down() => None,
            ConditionStatus::True => None,
            ConditionStatus::False => Some(NOT_READY),
            ConditionStatus::Unknown => Some(UNREACHABLE),
        };
        let other = no_execute_taints(&node).find(|taint| Some(taint.key.as_str()) != wanted);
        if let Some(taint) = other {
            if wanted.is_some() {
                self.soon(Due::NodeNoExecute { node: name.clone() });
            }
            let was = match taint.key.as_str() {
                NOT_READY => ConditionStatus::False,
                _ => ConditionStatus::Unknown,
            };
            let why = if states.are_all_down() {
                Why::AllZonesDown
            } else {
                because(&ConditionType::Ready, was, false)
            };
            return self.change_taint(name, taint.clone(), false, why);
        }
        let key = wanted.filter(|_| no_execute_taints(&node).next().is_none())?;
        let zone = Zone::of(&node);
        let Rate::OneIn(interval) = states.rate(&zone, &self.timing) else {
            // Looked at again when a node of the zone changes.
            return None;
        };
        let next = self.node_lifecycle.next_no_execute.get(&zone);
        if let Some(next) = next.copied().filter(|next| self.now < *next) {
            self.node_lifecycle.queued.insert(name.clone());
            self.due.at(
                next,
                Due::NodeNoExecute { node: name.clone() },
                Patience::Awaited,
            );
            return None;
        }
        let next = self.now + interval;
        self.node_lifecycle.next_no_execute.insert(zone, next);
        let why = because(&ConditionType::Ready, ready, true);
        self.change_taint(name, Taint::new(key, Effect::NoExecute), true, why)
    }

    /// A node is lost: the pods that are ready on it are to be marked, each once.
    fn pods_not_ready(&mut self, name: &Name) {
        let ready = self.store.pods_on(name).filter(|pod| pod.is_ready());
        let ready: Vec<_> = ready.map(|pod| key_of(&pod.metadata)).collect();
        for pod in ready {
            self.soon(Due::PodNotReady { pod });
        }
    }

    /// Marks a pod of a node that is not ready.
    ///
    /// Models `MarkPodsNotReady`, `pkg/controller/util/node/controller_utils.go`, v1.34.
    pub(crate) fn mark_pod_not_ready(&mut self, key: &Key) -> Option<Step> {
        let pod = self
            .store
            .pods
            .get(key)
            .filter(|pod| pod.is_ready())?
            .clone();
        let name = pod.spec.node_name.clone();
        if self.node(&name)?.is_ready() {
            return None;
        }
        let now = self.timestamp();
        self.record_on_pod(
            &pod,
            "node-controller",
            "",
            EventType::Warning,
            "NodeNotReady",
            "Node is not ready".into(),
        );
        self.write_pod(key, |pod| {
            if let Some(old) = pod
                .status
                .conditions
                .iter()
                .find(|it| it.type_ == ConditionType::Ready)
                .cloned()
            {
                let not_ready = Condition {
                    status: ConditionStatus::False,
                    ..old
                };
                set_condition(&mut pod.status.conditions, not_ready, now);
            }
        });
        // A kubelet that runs says at once that it knows better.
        self.report_pod(&name, key);
        self.did(
            Actor::NodeLifecycle,
            What::MarkedNotReady,
            ObjectRef::pod(key),
            Why::NodeNotReady { node: name },
        )
    }
}
