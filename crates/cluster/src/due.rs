//! What is to happen, ordered by when.

use objects::{Millis, Name};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeSeq};

use crate::{Key, fault::Pressure, kubelet::Work, sorted_map::SortedMap};

/// Something that a component is going to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// The controller takes a DaemonSet off its queue.
    DaemonSetSync(Key),
    /// The controller carries out the next write of a sync.
    DaemonSetWrite(Key),
    /// The controller puts a DaemonSet into its queue, as it asked itself to.
    DaemonSetRequeue(Key),
    /// The scheduler has decided about the pod it took off its queue.
    Schedule,
    /// A pod has waited out its back-off, and the scheduler may try it again.
    ScheduleAgain(Key),
    /// The kubelet of a node does the next thing with a pod.
    KubeletPod { node: Name, pod: Key, work: Work },
    /// The kubelet of a node looks at what its machine runs short of.
    KubeletPressure { node: Name },
    /// What a machine ran short of has been there again for long enough.
    KubeletPressureEnds { node: Name, what: Pressure },
    /// The kubelet of a node posts that it is ready.
    KubeletReady { node: Name },
    /// Node lifecycle looks at a node whose lease may have run out.
    LeaseCheck { node: Name },
    /// Node lifecycle brings a node's taints in line with its conditions.
    NodeTaints { node: Name },
    /// Node lifecycle takes a not ready node off its queue for the NoExecute taint.
    NodeNoExecute { node: Name },
    /// Node lifecycle marks a pod of a lost node as not ready.
    PodNotReady { pod: Key },
    /// A pod's time on a node with a NoExecute taint is over.
    TaintEviction { pod: Key },
    /// The scheduler ends a pod to make room for another.
    Preempt { victim: Key, by: Key },
    /// Events that have grown old are removed.
    EventExpiry,
    /// Pod GC makes its round.
    PodGc,
    /// The garbage collector deletes what an object that is gone has owned.
    GarbageCollect { owner: Name },
}

impl Due {
    /// The node whose kubelet it is for, if it is for one.
    pub(crate) fn kubelet(&self) -> Option<&Name> {
        match self {
            Self::KubeletPod { node, .. }
            | Self::KubeletReady { node }
            | Self::KubeletPressure { node }
            | Self::KubeletPressureEnds { node, .. } => Some(node),
            _ => None,
        }
    }
}

/// The queue: first by time, then in the order of asking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DueQueue {
    queue: SortedMap<(Millis, u64), (Due, Patience)>,
    /// How many of them are awaited.
    n_awaited: usize,
    sequence: u64,
}

/// Whether the world waits for something to happen, or would be quiet without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Patience {
    /// It will change something, or may.
    Awaited,
    /// A retry that waits out a back-off.
    Retry,
}

impl DueQueue {
    /// Asks for something at a time.
    pub fn at(&mut self, time: Millis, due: Due, patience: Patience) {
        self.sequence += 1;
        self.n_awaited += usize::from(patience == Patience::Awaited);
        self.queue.insert((time, self.sequence), (due, patience));
    }

    /// Asks for something at a time, instead of whenever it was asked for before: that was for
    /// another reason, which holds no longer.
    pub fn instead_at(&mut self, time: Millis, due: Due, patience: Patience) {
        self.cancel(&due);
        self.at(time, due, patience);
    }

    /// Asks for something at a time, unless it is asked for already.
    pub fn once_at(&mut self, time: Millis, due: Due, patience: Patience) {
        if !self.queue.values().any(|(it, _)| *it == due) {
            self.at(time, due, patience);
        }
    }

    /// Nobody waits for it any more.
    pub fn cancel(&mut self, due: &Due) {
        self.retain(|it| it != due);
    }

    /// Takes the next thing out, with its time.
    pub fn pop(&mut self) -> Option<(Millis, Due)> {
        let ((time, _), (due, patience)) = self.queue.pop_first()?;
        self.n_awaited -= usize::from(patience == Patience::Awaited);
        Some((time, due))
    }

    /// All of them as they come, with time and number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&(Millis, u64), &Due, Patience)> {
        self.queue
            .iter()
            .map(|(at, (due, patience))| (at, due, *patience))
    }

    /// Takes one out that is not the next.
    pub(crate) fn take(&mut self, at: &(Millis, u64)) -> Option<(Millis, Due)> {
        let (due, patience) = self.queue.remove(at)?;
        self.n_awaited -= usize::from(patience == Patience::Awaited);
        Some((at.0, due))
    }

    /// When the next thing is due.
    pub fn next_time(&self) -> Option<Millis> {
        self.queue.first().map(|(&(time, _), _)| time)
    }

    /// Whether nothing is left but retries.
    pub fn is_quiet(&self) -> bool {
        self.n_awaited == 0
    }

    /// Drops what nobody waits for any more, and counts it.
    pub fn retain(&mut self, keep: impl Fn(&Due) -> bool) -> u32 {
        let n_before = self.queue.len();
        self.queue.retain(|_, (due, _)| keep(due));
        let patience = self.queue.values().map(|(_, patience)| patience);
        self.n_awaited = patience.filter(|it| **it == Patience::Awaited).count();
        u32::try_from(n_before - self.queue.len()).unwrap_or(u32::MAX)
    }
}

impl Serialize for DueQueue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.queue.len()))?;
        for ((time, sequence), entry) in self.queue.iter() {
            list.serialize_element(&(time, sequence, entry))?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_longer_is_not_done() {
        let mut queue = DueQueue::default();
        let ready = |node: &str| Due::KubeletReady { node: node.into() };
        queue.at(Millis(5), ready("a"), Patience::Awaited);
        queue.at(Millis(6), ready("b"), Patience::Retry);
        queue.instead_at(Millis(7), ready("a"), Patience::Awaited);
        queue.once_at(Millis(1), ready("a"), Patience::Awaited);
        assert_eq!(queue.pop(), Some((Millis(6), ready("b"))));
        assert_eq!(queue.pop(), Some((Millis(7), ready("a"))));
        queue.once_at(Millis(8), ready("a"), Patience::Awaited);
        queue.cancel(&ready("a"));
        assert!(queue.is_quiet());
        assert_eq!(queue.pop(), None);
    }
}
