//! What the controller sees: its caches and its memory, at one moment.

use objects::{ControllerRevision, DaemonSet, Name, Node, Pod};

use crate::{Backoff, Decision, placement::Rules};

/// Where the controller reads objects, as upstream its listers.
pub trait Listers {
    /// All nodes.
    fn nodes(&self) -> impl Iterator<Item = &Node>;
    /// A node by its name.
    fn node(&self, name: &Name) -> Option<&Node>;
    /// The pods of the DaemonSet's namespace, whoever owns them.
    fn pods(&self) -> impl Iterator<Item = &Pod>;
    /// A pod of that namespace by its name.
    fn pod(&self, name: &Name) -> Option<&Pod>;
    /// The revisions of the DaemonSet's namespace, whoever owns them.
    fn revisions(&self) -> impl Iterator<Item = &ControllerRevision>;
}

/// The controller's memory.
#[derive(Clone, Copy)]
pub struct Memory<'a> {
    /// Whether every create and delete of earlier syncs has been seen. If not, a sync only
    /// counts.
    pub expectations_met: bool,
    /// How long failed pods are to be left alone.
    pub failed_pods_backoff: &'a Backoff,
}

/// The input of one sync, besides the DaemonSet and the time.
#[derive(Clone)]
pub struct Observed<'a> {
    /// All nodes.
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

impl Observed<'_> {
    /// The answer for every node, by name.
    pub fn decisions(&self, daemon_set: &DaemonSet) -> Vec<Decision> {
        let rules = Rules::new(daemon_set);
        let mut decisions: Vec<_> = self.nodes().map(|node| rules.decide(node)).collect();
        decisions.sort_by(|a, b| a.node.cmp(&b.node));
        decisions
    }

    /// The memory, without what is seen.
    pub fn memory(&self) -> Memory<'_> {
        Memory {
            expectations_met: self.expectations_met,
            failed_pods_backoff: self.failed_pods_backoff,
        }
    }
}

impl Listers for Observed<'_> {
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().copied()
    }

    fn node(&self, name: &Name) -> Option<&Node> {
        self.nodes().find(|node| node.metadata.name == *name)
    }

    fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.pods.iter().copied()
    }

    fn pod(&self, name: &Name) -> Option<&Pod> {
        self.pods().find(|pod| pod.metadata.name == *name)
    }

    fn revisions(&self) -> impl Iterator<Item = &ControllerRevision> {
        self.revisions.iter().copied()
    }
}
