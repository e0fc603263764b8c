//! Node lifecycle: who has not been heard of, and the taints that follow.
//!
//! Models `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, v1.34.

use objects::{
    Condition, ConditionStatus, ConditionType, Effect, EventType, Millis, Name, Node, Taint,
};
use serde::Serialize;

use crate::{
    Actor, Cluster, ObjectRef, Step, What, Why,
    due::{Due, Patience},
    scheduler::{condition, set_condition},
    store::key_of,
};

pub(crate) const NOT_READY: &str = "node.kubernetes.io/not-ready";
pub(crate) const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
pub(crate) const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// Taints that follow a condition, with the status that calls for them.
const BY_CONDITION: [(ConditionType, ConditionStatus, &str); 6] = [
    (ConditionType::Ready, ConditionStatus::False, NOT_READY),
    (ConditionType::Ready, ConditionStatus::Unknown, UNREACHABLE),
    (
        ConditionType::MemoryPressure,
        ConditionStatus::True,
        "node.kubernetes.io/memory-pressure",
    ),
    (
        ConditionType::DiskPressure,
        ConditionStatus::True,
        "node.kubernetes.io/disk-pressure",
    ),
    (
        ConditionType::PIDPressure,
        ConditionStatus::True,
        "node.kubernetes.io/pid-pressure",
    ),
    (
        ConditionType::NetworkUnavailable,
        ConditionStatus::True,
        "node.kubernetes.io/network-unavailable",
    ),
];

/// One NoExecute taint in so long.
const EVICTION_INTERVAL: Millis = Millis::from_secs(10);

/// What node lifecycle remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NodeLifecycle {
    /// When the next NoExecute taint may be put on a node.
    next_no_execute: Millis,
}

/// The first NoSchedule taint that does not follow the node's conditions, and why it should be
/// there or should not.
fn next_change(node: &Node) -> Option<(Taint, Why)> {
    let wanted = BY_CONDITION.into_iter().map(|(type_, status, key)| {
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
    pub(crate) fn watch_conditions(&mut self, node: &Node) {
        let name = || node.metadata.name.clone();
        if next_change(node).is_some() {
            self.soon(Due::NodeTaints { node: name() });
        }
        if node.is_ready() && no_execute_taints(node).next().is_some() {
            // Its own queue takes a moment.
            self.after(Millis::from_secs(2), Due::NodeNoExecute { node: name() });
        }
    }

    /// Asks for a look at the first round after a silent node's grace period.
    pub(crate) fn check_lease_later(&mut self, name: &Name) {
        let Some(last_lease) = self.kubelets.get(name).and_then(|it| it.last_lease) else {
            return;
        };
        let expires = last_lease + self.timing.node_monitor_grace_period;
        let period = self.timing.node_monitor_period.0.max(1);
        let rounds = expires.0.div_euclid(period) + 1;
        let at = Millis(rounds.saturating_mul(period)).max(self.now);
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
        if known || self.now - last_lease <= grace_period {
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
            self.soon(Due::PodsNotReady { node: name.clone() });
        }
        let soon = self.now + self.timing.node_monitor_period;
        self.due.at(
            soon,
            Due::NodeNoExecute { node: name.clone() },
            Patience::Awaited,
        );
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
        self.change_taint(name, taint, why)
    }

    fn change_taint(&mut self, name: &Name, mut taint: Taint, why: Why) -> Option<Step> {
        let add = matches!(why, Why::Condition { holds: true, .. });
        let what = if add {
            What::AddedTaint(taint.clone())
        } else {
            What::RemovedTaint(taint.clone())
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
        let node = self.node(name)?.clone();
        let ready = node
            .condition(&ConditionType::Ready)
            .map_or(ConditionStatus::True, |it| it.status);
        let wanted = match ready {
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
            return self.change_taint(
                name,
                taint.clone(),
                because(&ConditionType::Ready, was, false),
            );
        }
        let key = wanted.filter(|_| no_execute_taints(&node).next().is_none())?;
        if !self.evictions_allowed() {
            return None;
        }
        if self.now < self.node_lifecycle.next_no_execute {
            let at = self.node_lifecycle.next_no_execute;
            self.due.at(
                at,
                Due::NodeNoExecute { node: name.clone() },
                Patience::Awaited,
            );
            return None;
        }
        self.node_lifecycle.next_no_execute = self.now + EVICTION_INTERVAL;
        self.change_taint(
            name,
            Taint::new(key, Effect::NoExecute),
            because(&ConditionType::Ready, ready, true),
        )
    }

    /// Whether so few nodes are lost that it is their own fault. All nodes are one zone.
    ///
    /// Models `ComputeZoneState` and `handleDisruption`, the same file: with all nodes lost, or
    /// more than 2 and at least 55 % of at most 50, no taints are put on.
    fn evictions_allowed(&self) -> bool {
        let total = self.store.nodes.len();
        let lost = self
            .store
            .nodes
            .values()
            .filter(|node| !node.is_ready())
            .count();
        let partly = lost > 2 && lost * 100 >= total * 55;
        lost < total && (!partly || total > 50)
    }

    pub(crate) fn mark_next_pod_not_ready(&mut self, name: &Name) -> Option<Step> {
        if self.node(name)?.is_ready() {
            return None;
        }
        let pod = self.store.pods_on(name).find(|pod| pod.is_ready())?.clone();
        let key = key_of(&pod.metadata);
        let now = self.timestamp();
        self.record_on_pod(
            &pod,
            "node-controller",
            "",
            EventType::Warning,
            "NodeNotReady",
            "Node is not ready".into(),
        );
        self.write_pod(&key, |pod| {
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
        self.soon(Due::PodsNotReady { node: name.clone() });
        self.did(
            Actor::NodeLifecycle,
            What::MarkedNotReady,
            ObjectRef::pod(&key),
            Why::NodeNotReady { node: name.clone() },
        )
    }
}
