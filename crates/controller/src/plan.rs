//! What one sync does.

use objects::{
    ControllerRevision, DaemonSetStatus, EventType, Millis, Name, labels::LabelSelectorRequirement,
};
use serde::{Deserialize, Serialize};

use crate::{Backoff, CreateReason, DeleteReason};

/// The most creates, and separately deletes, of one sync.
pub const BURST_REPLICAS: usize = 250;

/// Everything that one sync decided, in the order in which it is carried out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Pods to take over, by name.
    pub adopt_pods: Vec<Name>,
    /// Pods to let go.
    pub release_pods: Vec<Name>,
    /// Pods to give the current hash, as duplicates of the current revision are merged.
    pub relabel_pods: Vec<Name>,
    pub revisions: RevisionChanges,
    /// The hash of the current revision; `None` if the sync ended before it was known. It is empty
    /// where the current revision is another's and has no such label.
    pub hash: Option<String>,
    /// Which phase acted, if one did.
    pub by: Option<Phase>,
    pub creates: Vec<Create>,
    pub deletes: Vec<Delete>,
    /// How far a rolling update is, if this sync looked at it.
    pub rollout: Option<Rollout>,
    /// Events on the DaemonSet, besides those for each create and delete.
    pub events: Vec<Note>,
    /// The status after the sync.
    pub status: DaemonSetStatus,
    /// Whether the status is to be written.
    pub status_updated: bool,
    /// When to look again, the earliest of what was asked for.
    pub requeue_after: Option<Millis>,
    /// The memory for the next sync.
    pub failed_pods_backoff: Backoff,
    /// What made the sync fail; it is then tried again.
    pub error: Option<SyncError>,
}

/// Which part of a sync creates and deletes pods; never both in one sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// One pod on every node that should run it.
    Manage,
    /// Old pods make way for new ones.
    RollingUpdate,
}

/// The numbers that a rolling update goes by, before this sync acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rollout {
    /// Without surge: nodes without an available pod, and how many there may be.
    Unavailable {
        unavailable: i64,
        max_unavailable: i64,
    },
    /// With surge: nodes with a second pod that is not available yet, and how many there may be.
    Surge { surging: i64, max_surge: i64 },
}

impl Rollout {
    /// The numbers once the plan is carried out that was made by them.
    pub fn after(self, plan: &Plan) -> Self {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match self {
            Self::Unavailable {
                unavailable,
                max_unavailable,
            } => {
                let reasons = plan.deletes.iter().map(|delete| &delete.reason);
                let taken = reasons.filter(|it| matches!(it, DeleteReason::RollingUpdate { .. }));
                Self::Unavailable {
                    unavailable: unavailable.saturating_add(count(taken.count())),
                    max_unavailable,
                }
            }
            Self::Surge { surging, max_surge } => {
                let reasons = plan.creates.iter().map(|create| &create.reason);
                let taken = reasons.filter(|it| matches!(it, CreateReason::SurgeRoom { .. }));
                Self::Surge {
                    surging: surging.saturating_add(count(taken.count())),
                    max_surge,
                }
            }
        }
    }

    /// Whether one more node may lose its old pod, or get a second one.
    pub fn has_room(&self) -> bool {
        match self {
            Self::Unavailable {
                unavailable,
                max_unavailable,
            } => unavailable < max_unavailable,
            Self::Surge { surging, max_surge } => surging < max_surge,
        }
    }
}

impl std::fmt::Display for Rollout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let next = match (self, self.has_room()) {
            (_, true) => "there is room to go on",
            (Self::Unavailable { .. }, false) => "it waits until one is available again",
            (Self::Surge { .. }, false) => "it waits until a new one is available",
        };
        match self {
            Self::Unavailable {
                unavailable,
                max_unavailable,
            } => write!(
                f,
                "{unavailable} unavailable, maxUnavailable {max_unavailable}: {next}"
            ),
            Self::Surge { surging, max_surge } => {
                write!(f, "{surging} surging, maxSurge {max_surge}: {next}")
            }
        }
    }
}

/// The sizes of the batches in which creates are sent: 1, 2, 4, ... A batch in which one fails is
/// the last; what was not tried is no longer expected.
///
/// Models `slowStartBatch`, `pkg/controller/daemon/daemon_controller.go` `syncNodes`, v1.34.
pub fn slow_start(n_creates: usize) -> impl Iterator<Item = usize> {
    let (mut left, mut next) = (n_creates, 1);
    std::iter::from_fn(move || {
        let batch = next.min(left);
        left -= batch;
        next = next.saturating_mul(2);
        (batch > 0).then_some(batch)
    })
}

/// A pod to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Create {
    pub node: Name,
    pub reason: CreateReason,
}

/// A pod to delete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delete {
    pub pod: Name,
    /// The node it is on or waits for.
    pub node: Name,
    pub reason: DeleteReason,
}

/// An Event to write on the DaemonSet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub type_: EventType,
    pub reason: String,
    pub message: String,
}

/// Changes to ControllerRevisions, by name, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RevisionChanges {
    pub adopt: Vec<Name>,
    pub release: Vec<Name>,
    /// Those that lack the hash label and get their own name as hash.
    pub relabel: Vec<Name>,
    /// Duplicates of the current one, and those beyond the history's limit.
    pub delete: Vec<Name>,
    /// The current one and its new number, as an older template is current again.
    pub bump: Option<(Name, i64)>,
    /// The current one, if no revision held the template.
    pub create: Option<ControllerRevision>,
}

/// Why a sync failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SyncError {
    /// A revision of the name that the new one would have holds something else. The count of
    /// collisions is raised, so that the next hash is another.
    HashCollision { name: Name },
    /// Under surge, an old pod is alone on a node that does not exist.
    NodeNotFound { node: Name },
    /// `maxUnavailable` or `maxSurge` cannot be read.
    InvalidStrategy,
    /// A part of the selector cannot be read.
    InvalidSelector(Box<LabelSelectorRequirement>),
}

impl std::fmt::Display for SyncError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::HashCollision { name } => {
                write!(
                    f,
                    "controllerrevisions.apps {name:?} already exists with another template"
                )
            }
            Self::InvalidSelector(part) => write!(
                f,
                "the selector cannot be read: {} {} [{}]",
                part.key,
                part.operator,
                part.values.join(", ")
            ),
            Self::InvalidStrategy => f.write_str(
                "invalid value for maxUnavailable or maxSurge: neither a number nor a percentage",
            ),
            Self::NodeNotFound { node } => {
                write!(
                    f,
                    "failed to get node for nodeName {node:?}: node {node:?} not found"
                )
            }
        }
    }
}

impl Plan {
    /// The hash of the current revision, or none.
    pub fn hash(&self) -> &str {
        self.hash.as_deref().unwrap_or_default()
    }

    /// Asks for another look after so long; the earliest one counts.
    pub fn look_again(&mut self, after: Millis) {
        self.requeue_after = Some(
            self.requeue_after
                .map_or(after, |earlier| earlier.min(after)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Semantics 3.6.
    #[test]
    fn creates_start_slowly() {
        let batches = |n_creates| slow_start(n_creates).collect::<Vec<_>>();
        assert!(batches(0).is_empty());
        assert_eq!(batches(1), [1]);
        assert_eq!(batches(10), [1, 2, 4, 3]);
        assert_eq!(batches(BURST_REPLICAS), [1, 2, 4, 8, 16, 32, 64, 123]);
    }
}
