//! Pods, and the template that pods are made from.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Affinity, Fields, Labels, Name, ObjectMeta, Timestamp, Toleration, is_zero, node::ResourceList,
};

/// Models `v1.Pod`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    pub metadata: ObjectMeta,
    pub spec: PodSpec,
    #[serde(skip_serializing_if = "is_zero")]
    pub status: PodStatus,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.PodTemplateSpec`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodTemplateSpec {
    pub metadata: ObjectMeta,
    pub spec: PodSpec,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.PodSpec`. What the pods of one template have in common is shared between them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Rc<Affinity>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub containers: Rc<Vec<Container>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub host_network: bool,
    #[serde(skip_serializing_if = "is_zero")]
    pub init_containers: Rc<Vec<Container>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub node_name: Name,
    #[serde(skip_serializing_if = "is_zero")]
    pub node_selector: Rc<Labels>,
    #[serde(skip_serializing_if = "is_zero")]
    pub priority: Option<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    pub priority_class_name: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub termination_grace_period_seconds: Option<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    pub tolerations: Rc<Vec<Toleration>>,
    #[serde(flatten)]
    pub rest: Rc<Fields>,
}

/// Models `v1.Container`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    #[serde(skip_serializing_if = "is_zero")]
    pub image: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub image_pull_policy: String,
    pub name: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub ports: Vec<ContainerPort>,
    /// Present, also empty, once defaulted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceRequirements>,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.ContainerPort`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    pub container_port: i64,
    #[serde(rename = "hostIP", skip_serializing_if = "is_zero")]
    pub host_ip: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub host_port: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub name: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub protocol: String,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.ResourceRequirements`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRequirements {
    #[serde(skip_serializing_if = "is_zero")]
    pub limits: ResourceList,
    #[serde(skip_serializing_if = "is_zero")]
    pub requests: ResourceList,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.PodPhase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Not every container has run yet. What a pod without a phase counts as.
    #[default]
    #[serde(alias = "")]
    Pending,
    /// Containers run, or are about to be started again.
    Running,
    /// All containers ended well, for good.
    Succeeded,
    /// All containers ended, at least one badly; or the node would not have the pod.
    Failed,
    /// No longer used by Kubernetes.
    Unknown,
}

impl Phase {
    /// As it stands in `status.phase`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Unknown => "Unknown",
        }
    }
}

/// The status of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConditionStatus {
    True,
    False,
    /// Nobody has said anything lately.
    #[default]
    Unknown,
}

/// Models `v1.PodCondition` and `v1.NodeCondition`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    #[serde(skip_serializing_if = "is_zero")]
    pub last_transition_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "is_zero")]
    pub message: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub reason: String,
    pub status: ConditionStatus,
    #[serde(rename = "type")]
    pub type_: String,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.PodStatus`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    #[serde(skip_serializing_if = "is_zero")]
    pub conditions: Vec<Condition>,
    #[serde(skip_serializing_if = "is_zero")]
    pub container_statuses: Vec<ContainerStatus>,
    #[serde(skip_serializing_if = "is_zero")]
    pub message: String,
    pub phase: Phase,
    #[serde(skip_serializing_if = "is_zero")]
    pub reason: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub start_time: Option<Timestamp>,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.ContainerStatus`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    pub name: String,
    pub ready: bool,
    pub restart_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<bool>,
    pub state: ContainerState,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.ContainerState`: at most one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerState {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminated: Option<Terminated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
}

/// Models `v1.ContainerStateWaiting`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Waiting {
    #[serde(skip_serializing_if = "is_zero")]
    pub reason: String,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.ContainerStateTerminated`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminated {
    pub exit_code: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub reason: String,
    #[serde(flatten)]
    pub rest: Fields,
}

impl Pod {
    /// A condition by its type.
    pub fn condition(&self, type_: &str) -> Option<&Condition> {
        self.status
            .conditions
            .iter()
            .find(|condition| condition.type_ == type_)
    }

    /// Whether its condition Ready is True.
    pub fn is_ready(&self) -> bool {
        self.condition("Ready")
            .is_some_and(|ready| ready.status == ConditionStatus::True)
    }

    /// Whether it has run to its end, well or badly.
    pub fn is_terminal(&self) -> bool {
        matches!(self.status.phase, Phase::Succeeded | Phase::Failed)
    }

    /// The node it is bound to, or pinned to while it is not bound.
    ///
    /// Models `GetTargetNodeName`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
    pub fn target_node(&self) -> Option<&str> {
        if self.spec.node_name.is_empty() {
            self.spec.affinity.as_ref()?.pinned_node()
        } else {
            Some(&self.spec.node_name)
        }
    }

    /// kubectl's STATUS cell.
    ///
    /// Models `printPod`, `pkg/printers/internalversion/printers.go`, v1.34; init containers
    /// are not modelled yet.
    pub fn status_cell(&self) -> String {
        let status = &self.status;
        let mut cell = status.phase.as_str();
        if !status.reason.is_empty() {
            cell = &status.reason;
        }
        let mut any_running = false;
        for container in status.container_statuses.iter().rev() {
            let (waiting, terminated) = (&container.state.waiting, &container.state.terminated);
            if let Some(waiting) = waiting
                .as_ref()
                .filter(|waiting| !waiting.reason.is_empty())
            {
                cell = &waiting.reason;
            } else if let Some(terminated) = terminated {
                cell = if terminated.reason.is_empty() {
                    "Error"
                } else {
                    &terminated.reason
                };
            } else if container.ready && container.state.running.is_some() {
                any_running = true;
            }
        }
        if cell == "Completed" && any_running {
            cell = if self.is_ready() {
                "Running"
            } else {
                "NotReady"
            };
        }
        if self.metadata.is_being_deleted() && !self.is_terminal() {
            cell = if status.reason == "NodeLost" {
                "Unknown"
            } else {
                "Terminating"
            };
        }
        cell.to_owned()
    }
}
