//! What the controller sees: its caches and its memory, at one moment.

use objects::{ControllerRevision, Node, Pod};

use crate::Backoff;

/// The input of one sync, besides the DaemonSet and the time.
#[derive(Clone)]
pub struct Observed<'a> {
    /// All nodes, in the order in which they are to be looked at: by name.
    pub nodes: Vec<&'a Node>,
    /// The pods of the DaemonSet's namespace, whoever owns them.
    pub pods: Vec<&'a Pod>,
    /// The revisions of the DaemonSet's namespace, whoever owns them.
    pub revisions: Vec<&'a ControllerRevision>,
    /// Whether every create and delete of earlier syncs has been seen. If not, this sync only
    /// counts.
    pub expectations_met: bool,
    /// How long failed pods are to be left alone.
    pub failed_pods_backoff: &'a Backoff,
}

impl<'a> Observed<'a> {
    /// An empty cluster, nothing outstanding.
    pub fn nothing(failed_pods_backoff: &'a Backoff) -> Self {
        Self {
            nodes: Vec::new(),
            pods: Vec::new(),
            revisions: Vec::new(),
            expectations_met: true,
            failed_pods_backoff,
        }
    }
}
