//! The pods of one DaemonSet on one node, in the order in which duplicates are decided.

use objects::Phase;

use crate::daemon_pods::{DaemonPod, Order};

/// The pods of a node. Under surge failed ones can pile up by the thousand while the back-off
/// holds them, so those of which nothing else counts stand apart: a sync need not look at each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodsOnNode {
    spent: Vec<DaemonPod>,
    others: Vec<DaemonPod>,
}

impl PodsOnNode {
    /// Failed, bound, not ready and not being deleted.
    fn is_spent(pod: &DaemonPod) -> bool {
        pod.phase == Phase::Failed && pod.is_bound && !pod.is_ready && !pod.is_being_deleted
    }

    /// All of them.
    pub fn iter(&self) -> Merged<'_> {
        Merged(&self.others, &self.spent)
    }

    /// All but the spent ones.
    pub fn without_spent(&self) -> Merged<'_> {
        Merged(&self.others, &[])
    }

    /// Whether any is spent.
    pub fn has_spent(&self) -> bool {
        !self.spent.is_empty()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.others.is_empty() && self.spent.is_empty()
    }

    pub(crate) fn insert(&mut self, pod: DaemonPod) {
        let pods = match Self::is_spent(&pod) {
            true => &mut self.spent,
            false => &mut self.others,
        };
        let at = pods.partition_point(|it| it.order() < pod.order());
        pods.insert(at, pod);
    }

    /// Takes a pod out again that is ordered as this one.
    pub(crate) fn remove(&mut self, order: Order<'_>) {
        for pods in [&mut self.others, &mut self.spent] {
            if let Ok(at) = pods.binary_search_by(|it| it.order().cmp(&order)) {
                pods.remove(at);
            }
        }
    }
}

/// Two ordered lists as one.
pub struct Merged<'a>(&'a [DaemonPod], &'a [DaemonPod]);

impl<'a> Iterator for Merged<'a> {
    type Item = &'a DaemonPod;

    fn next(&mut self) -> Option<Self::Item> {
        let list = match (self.0.first(), self.1.first()) {
            (Some(one), Some(other)) if other.order() < one.order() => &mut self.1,
            (None, _) => &mut self.1,
            _ => &mut self.0,
        };
        let (first, rest) = list.split_first()?;
        *list = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use objects::Timestamp;

    use super::*;

    #[test]
    fn spent_pods_keep_their_place_among_all() {
        let pod = |name: &str, created: i64, phase: Phase| DaemonPod {
            name: name.into(),
            target_node: "n".into(),
            created: Some(Timestamp(created)),
            phase,
            is_bound: true,
            is_being_deleted: false,
            is_ready: false,
            available_after: None,
            has_hash: true,
            is_updated: true,
        };
        let mut pods = PodsOnNode::default();
        pods.insert(pod("d", 3, Phase::Failed));
        pods.insert(pod("c", 2, Phase::Running));
        pods.insert(pod("a", 2, Phase::Failed));
        pods.insert(pod("b", 1, Phase::Running));
        let names = |pods: Merged<'_>| pods.map(|pod| pod.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(pods.iter()), ["b", "a", "c", "d"]);
        assert_eq!(names(pods.without_spent()), ["b", "c"]);
        pods.remove(pod("a", 2, Phase::Failed).order());
        pods.remove(pod("b", 1, Phase::Running).order());
        assert_eq!(names(pods.iter()), ["c", "d"]);
        assert!(pods.has_spent());
    }
}
