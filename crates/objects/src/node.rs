//! Nodes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Condition, ConditionStatus, Fields, ObjectMeta, Quantity, Taint, is_zero};

/// Models `v1.Node`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    pub metadata: ObjectMeta,
    #[serde(skip_serializing_if = "is_zero")]
    pub spec: NodeSpec,
    #[serde(skip_serializing_if = "is_zero")]
    pub status: NodeStatus,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.NodeSpec`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSpec {
    #[serde(skip_serializing_if = "is_zero")]
    pub taints: Vec<Taint>,
    /// Cordoned.
    #[serde(skip_serializing_if = "is_zero")]
    pub unschedulable: bool,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Amounts by name of the resource.
pub type ResourceList = BTreeMap<String, Quantity>;

/// Models `v1.NodeStatus`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus {
    #[serde(skip_serializing_if = "is_zero")]
    pub allocatable: ResourceList,
    #[serde(skip_serializing_if = "is_zero")]
    pub capacity: ResourceList,
    #[serde(skip_serializing_if = "is_zero")]
    pub conditions: Vec<Condition>,
    #[serde(flatten)]
    pub rest: Fields,
}

impl Node {
    /// Whether the kubelet said that it is ready, and was heard of lately.
    pub fn is_ready(&self) -> bool {
        self.condition("Ready")
            .is_some_and(|ready| ready.status == ConditionStatus::True)
    }

    /// A condition by its type.
    pub fn condition(&self, type_: &str) -> Option<&Condition> {
        self.status
            .conditions
            .iter()
            .find(|condition| condition.type_ == type_)
    }

    /// kubectl's STATUS cell.
    ///
    /// Models `printNode`, `pkg/printers/internalversion/printers.go`, v1.34.
    pub fn status_cell(&self) -> String {
        let ready = match self.condition("Ready") {
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
