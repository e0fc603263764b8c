//! Why a pod is created or deleted, as data; the sentence is made by `Display`.

use std::fmt;

use objects::{Millis, Name, Shared};
use serde::{Deserialize, Serialize};

use crate::Placement;

/// Which rule decided.
pub trait Rule {
    /// Its name, which does not change.
    fn rule(&self) -> &'static str;

    /// Where it is upstream, for those who want to read it: file and function below
    /// `pkg/controller/daemon/`.
    fn upstream(&self) -> &'static str;
}

/// Why a node gets a pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CreateReason {
    /// It should run one and has none.
    NoDaemonPod { because: Shared<Placement> },
    /// It should run one, and all it has are failed, succeeded or going. Only under surge is a
    /// second pod put beside them.
    NoRunningPod,
    /// Its old pod is not available, so the new one takes no room from anybody.
    OldNotAvailable { old: Name },
    /// There is room for one more surge.
    SurgeRoom {
        old: Name,
        surging: i64,
        max_surge: i64,
    },
}

/// Why a pod is deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DeleteReason {
    /// It has failed; the next on this node is left alone for so long.
    Failed { next_delay: Millis },
    /// It has ended well, which a daemon never should.
    Succeeded,
    /// The node must not run it any longer.
    NodeMustNotRun { because: Shared<Placement> },
    /// Another pod of the same node is kept.
    Duplicate { kept: Name },
    /// It was never bound, and the node it waits for does not exist.
    NodeMissing,
    /// It is old, and not available anyway.
    OldNotAvailable,
    /// It is old, and one more node may be unavailable.
    RollingUpdate {
        unavailable: i64,
        max_unavailable: i64,
    },
    /// It is old and not ready, and a new one is beside it.
    OldNotReadyBesideNew { new: Name },
    /// It is old, and the new one beside it is available.
    NewAvailable { new: Name },
    /// It is old and not available, on a node that no longer should run one.
    OldNotWanted { because: Shared<Placement> },
    /// More nodes have an available pod than should, and this one should not.
    Sunset {
        available: i64,
        desired: i64,
        because: Shared<Placement>,
    },
}

impl fmt::Display for CreateReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDaemonPod { because } => write!(f, "no daemon pod there, {because}"),
            Self::NoRunningPod => {
                f.write_str("no daemon pod runs there, and surge allows a second one")
            }
            Self::OldNotAvailable { old } => {
                write!(f, "the old pod {old} there is not available")
            }
            Self::SurgeRoom {
                old,
                surging,
                max_surge,
            } => write!(
                f,
                "it is to replace {old}; {surging} surging, maxSurge {max_surge}"
            ),
        }
    }
}

impl fmt::Display for DeleteReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { next_delay } => {
                write!(
                    f,
                    "it has failed; the next to fail there is left alone for {next_delay}"
                )
            }
            Self::Succeeded => f.write_str("it has ended, and a daemon should not"),
            Self::NodeMustNotRun { because } => write!(f, "{because}"),
            Self::Duplicate { kept } => write!(f, "one pod a node, and {kept} is kept"),
            Self::NodeMissing => f.write_str("the node it waits for does not exist"),
            Self::OldNotAvailable => {
                f.write_str("it is of an old revision and not available anyway")
            }
            Self::RollingUpdate {
                unavailable,
                max_unavailable,
            } => write!(
                f,
                "it is of an old revision; {unavailable} unavailable, maxUnavailable {max_unavailable}"
            ),
            Self::OldNotReadyBesideNew { new } => {
                write!(
                    f,
                    "it is of an old revision and not ready, and {new} is there"
                )
            }
            Self::NewAvailable { new } => {
                write!(
                    f,
                    "it is of an old revision, and {new} is available in its place"
                )
            }
            Self::OldNotWanted { because } => {
                write!(
                    f,
                    "it is of an old revision and not available, and {because}"
                )
            }
            Self::Sunset {
                available,
                desired,
                because,
            } => write!(
                f,
                "nodes with an available pod {available}, that should have one {desired}, and {because}"
            ),
        }
    }
}

impl Rule for CreateReason {
    fn rule(&self) -> &'static str {
        match self {
            Self::NoDaemonPod { .. } => "noDaemonPod",
            Self::NoRunningPod => "noRunningPod",
            Self::OldNotAvailable { .. } => "oldNotAvailable",
            Self::SurgeRoom { .. } => "surgeRoom",
        }
    }

    fn upstream(&self) -> &'static str {
        match self {
            Self::NoDaemonPod { .. } | Self::NoRunningPod => {
                "daemon_controller.go podsShouldBeOnNode"
            }
            Self::OldNotAvailable { .. } | Self::SurgeRoom { .. } => "update.go rollingUpdate",
        }
    }
}

impl Rule for DeleteReason {
    fn rule(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "failed",
            Self::Succeeded => "succeeded",
            Self::NodeMustNotRun { .. } => "nodeMustNotRun",
            Self::Duplicate { .. } => "duplicate",
            Self::NodeMissing => "nodeMissing",
            Self::OldNotAvailable => "oldNotAvailable",
            Self::RollingUpdate { .. } => "rollingUpdate",
            Self::OldNotReadyBesideNew { .. } => "oldNotReadyBesideNew",
            Self::NewAvailable { .. } => "newAvailable",
            Self::OldNotWanted { .. } => "oldNotWanted",
            Self::Sunset { .. } => "sunset",
        }
    }

    fn upstream(&self) -> &'static str {
        match self {
            Self::Failed { .. }
            | Self::Succeeded
            | Self::NodeMustNotRun { .. }
            | Self::Duplicate { .. }
            | Self::OldNotReadyBesideNew { .. } => "daemon_controller.go podsShouldBeOnNode",
            Self::NodeMissing => "daemon_controller.go getUnscheduledPodsWithoutNode",
            Self::OldNotAvailable
            | Self::RollingUpdate { .. }
            | Self::NewAvailable { .. }
            | Self::OldNotWanted { .. }
            | Self::Sunset { .. } => "update.go rollingUpdate",
        }
    }
}
