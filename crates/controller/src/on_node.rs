//! A node with the DaemonSet's pods there, and what the phases make of it.

use objects::{Millis, Name};

use crate::{Decision, daemon_pods::DaemonPod, pods_on_node::PodsOnNode, rolling_update, surge};

/// A node that exists, or is some pod's target.
#[derive(Clone, Debug, PartialEq)]
pub struct OnNode {
    pub name: Name,
    /// The answer for the node; `None` if it does not exist.
    pub decision: Option<Decision>,
    /// The DaemonSet's pods there.
    pub pods: PodsOnNode,
}

impl OnNode {
    /// Whether a pod is wanted here.
    pub fn should_run(&self) -> bool {
        self.decision.as_ref().is_some_and(|it| it.should_run)
    }

    /// Its pods that are not being deleted.
    pub fn staying(&self) -> impl Iterator<Item = &DaemonPod> {
        self.pods.iter().filter(|pod| !pod.is_being_deleted)
    }

    /// The new and the old pod among those that are not being deleted; `None` if there are two of
    /// either.
    ///
    /// Models `findUpdatedPodsOnNode`, `pkg/controller/daemon/update.go`, v1.34.
    pub fn new_and_old(&self) -> Option<(Option<&DaemonPod>, Option<&DaemonPod>)> {
        let (mut new, mut old) = (None, None);
        for pod in self.staying() {
            let slot = if pod.is_updated { &mut new } else { &mut old };
            if slot.replace(pod).is_some() {
                return None;
            }
        }
        Some((new, old))
    }

    /// Whether `manage` has nothing to do here and nothing to wait for, whatever the time.
    fn is_settled(&self, surges: bool) -> bool {
        let Some(decision) = &self.decision else {
            return self.pods.without_spent().all(|pod| pod.is_bound);
        };
        let mut pods = self.pods.iter();
        match (pods.next(), pods.next()) {
            (None, _) => !decision.should_run,
            // A pod that goes holds its place, except that under surge another comes beside it.
            (Some(pod), None) if pod.is_being_deleted => !(surges && decision.should_run),
            (Some(pod), None) => decision.should_continue_running && !pod.has_ended(),
            (Some(_), Some(_)) => false,
        }
    }

    /// What counts and what is to be done here at this moment.
    pub(crate) fn tally(&self, now: Millis, surges: bool) -> Tally {
        let first = self.pods.iter().next();
        let counted = first.filter(|_| self.should_run());
        let count = |holds: bool| i64::from(holds);
        // Only nodes that have pods or should have are asked about the rolling update.
        let is_concerned = self.should_run() || !self.pods.is_empty();
        Tally {
            counts: Counts {
                desired: count(self.should_run()),
                current: count(counted.is_some()),
                ready: count(counted.is_some_and(|pod| pod.is_ready)),
                available: count(counted.is_some_and(|pod| pod.is_available(now))),
                updated: count(counted.is_some_and(|pod| pod.is_updated)),
                misscheduled: count(
                    self.decision.is_some() && first.is_some() && counted.is_none(),
                ),
            },
            is_settled: self.is_settled(surges),
            turn: match surges {
                _ if !is_concerned => Turn::default(),
                false => rolling_update::turn(self, now),
                true => surge::turn(self, now),
            },
            next_change: self
                .pods
                .without_spent()
                .filter_map(|pod| pod.available_after.filter(|after| *after >= now))
                .min(),
        }
    }
}

/// What one node adds to the sums of a sync.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) counts: Counts,
    pub(crate) is_settled: bool,
    pub(crate) turn: Turn,
    /// After which moment a pod becomes available by the passing of time alone.
    pub(crate) next_change: Option<Millis>,
}

/// What the status counts. Of the pods of a node the first one counts, also if it is being
/// deleted; pods on nodes that do not exist count nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) desired: i64,
    pub(crate) current: i64,
    pub(crate) ready: i64,
    pub(crate) available: i64,
    pub(crate) updated: i64,
    pub(crate) misscheduled: i64,
}

impl Counts {
    /// Adds so many times the other.
    pub(crate) fn add(&mut self, times: i64, other: Self) {
        self.desired += times * other.desired;
        self.current += times * other.current;
        self.ready += times * other.ready;
        self.available += times * other.available;
        self.updated += times * other.updated;
        self.misscheduled += times * other.misscheduled;
    }
}

/// What a rolling update makes of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Turn {
    /// It uses up one of `maxUnavailable`, or of `maxSurge`.
    pub(crate) takes_room: bool,
    /// Under surge: it has an available pod.
    pub(crate) is_available: bool,
    pub(crate) act: Act,
}

/// When a rolling update acts on a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    #[default]
    Never,
    /// It takes no room from anybody.
    AtOnce,
    /// When there is room for one more.
    WithRoom,
    /// Under surge: when more nodes have an available pod than should.
    Sunset,
    /// Under surge: an old pod is alone on a node that does not exist, and the sync fails.
    Lost,
}
