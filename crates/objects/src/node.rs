//! Nodes.

use std::collections::BTreeMap;

use crate::{
    Condition, ConditionStatus, ConditionType, ObjectMeta, Quantity, Taint, Timestamp,
    fields::object,
};

object! {
    /// Models `v1.Node`.
    pub struct Node {
        metadata: ObjectMeta = always "metadata",
        spec: NodeSpec = "spec",
        status: NodeStatus = "status",
    }
}

object! {
    /// Models `v1.NodeSpec`.
    pub struct NodeSpec {
        taints: Vec<Taint> = "taints",
        /// Cordoned.
        unschedulable: bool = "unschedulable",
    }
}

/// Amounts by name of the resource.
pub type ResourceList = BTreeMap<String, Quantity>;

object! {
    /// Models `v1.NodeStatus`.
    pub struct NodeStatus {
        allocatable: ResourceList = "allocatable",
        capacity: ResourceList = "capacity",
        conditions: Vec<Condition> = "conditions",
    }
}

/// Taints of the effect NoSchedule that follow a condition of the node, with the status that calls
/// for them.
///
/// Models `nodeConditionToTaintKeyStatusMap`,
/// `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, v1.34.
pub const TAINTS_BY_CONDITION: [(ConditionType, ConditionStatus, &str); 6] = [
    (
        ConditionType::Ready,
        ConditionStatus::False,
        "node.kubernetes.io/not-ready",
    ),
    (
        ConditionType::Ready,
        ConditionStatus::Unknown,
        "node.kubernetes.io/unreachable",
    ),
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

impl Node {
    /// The condition that calls for a taint, if the node is so now.
    pub fn condition_for(&self, taint: &Taint) -> Option<&Condition> {
        let mut all = TAINTS_BY_CONDITION.iter();
        let (type_, status, _) = all.find(|(_, _, key)| *key == taint.key)?;
        self.condition(type_).filter(|it| it.status == *status)
    }

    /// The latest time that it speaks of.
    pub fn latest(&self) -> Option<Timestamp> {
        crate::pod::latest(&self.metadata, &self.status.conditions)
    }

    /// Whether the kubelet said that it is ready, and was heard of lately.
    pub fn is_ready(&self) -> bool {
        self.condition(&ConditionType::Ready)
            .is_some_and(|ready| ready.status == ConditionStatus::True)
    }

    /// A condition by its type.
    pub fn condition(&self, type_: &ConditionType) -> Option<&Condition> {
        self.status
            .conditions
            .iter()
            .find(|condition| condition.type_ == *type_)
    }

    /// kubectl's STATUS cell.
    ///
    /// Models `printNode`, `pkg/printers/internalversion/printers.go`, v1.34.
    pub fn status_cell(&self) -> String {
        let ready = match self.condition(&ConditionType::Ready) {
            None => "Unknown",
            Some(_) if self.is_ready() => "Ready",
            Some(_) => "NotReady",
        };
        let cordoned = if self.spec.unschedulable {
            ",SchedulingDisabled"
        } else {
            ""
        };
        format!("{ready}{cordoned}")
    }
}
