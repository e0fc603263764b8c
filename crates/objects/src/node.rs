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

impl Node {
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
