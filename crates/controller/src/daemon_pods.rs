//! Which pods are the DaemonSet's own, and which of them are on which node.

use objects::{DaemonSet, Labels, Millis, Name, ObjectMeta, Pod, controller_revision::HASH_LABEL};

use crate::Decision;

/// The label with the template generation that a pod was made from.
pub const POD_TEMPLATE_GENERATION: &str = "pod-template-generation";

/// What is to be done about the ownership of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Owned, and selected.
    Keep,
    /// Selected, and owned by nobody: take it.
    Adopt,
    /// Owned, and no longer selected: let it go.
    Release,
    /// Somebody else's, or nobody's.
    Ignore,
}

/// Models `BaseControllerRefManager.ClaimObject`, `pkg/controller/controller_ref_manager.go`, v1.34.
pub fn claim(daemon_set: &DaemonSet, object: &ObjectMeta) -> Claim {
    let selected = |labels: &Labels| {
        daemon_set
            .spec
            .selector
            .as_ref()
            .is_some_and(|selector| selector.matches(labels))
    };
    let daemon_set_goes = daemon_set.metadata.is_being_deleted();
    match object.controller() {
        Some(owner) if owner.uid != daemon_set.metadata.uid => Claim::Ignore,
        Some(_) if selected(&object.labels) => Claim::Keep,
        Some(_) if daemon_set_goes => Claim::Ignore,
        Some(_) => Claim::Release,
        None if daemon_set_goes || object.is_being_deleted() => Claim::Ignore,
        None if selected(&object.labels) => Claim::Adopt,
        None => Claim::Ignore,
    }
}

/// The DaemonSet's pods by their target node, those of a node in the order in which duplicates
/// are decided. Pods without a target are left out.
pub struct DaemonPods<'a> {
    pods: Vec<&'a Pod>,
    /// For each node with pods, by name, where its pods end.
    groups: Vec<(&'a str, usize)>,
}

/// A node that exists, or is some pod's target, with the DaemonSet's pods there.
#[derive(Clone, Copy)]
pub struct OnNode<'a> {
    pub node: &'a str,
    /// The answer for the node; `None` if it does not exist.
    pub decision: Option<&'a Decision>,
    pub pods: &'a [&'a Pod],
}

impl OnNode<'_> {
    /// Whether a pod is wanted here.
    pub fn should_run(&self) -> bool {
        self.decision.is_some_and(|decision| decision.should_run)
    }
}

impl<'a> DaemonPods<'a> {
    /// Models `getNodesToDaemonPods`, `pkg/controller/daemon/daemon_controller.go`, v1.34. Pods
    /// that have ended and are being deleted are left out, unless asked for.
    pub fn of(pods: &[&'a Pod], include_deleted_terminal: bool) -> Self {
        let counts = |pod: &Pod| {
            include_deleted_terminal || !pod.is_terminal() || !pod.metadata.is_being_deleted()
        };
        let targeted = pods.iter().filter(|pod| counts(pod));
        let mut targeted: Vec<(&str, &Pod)> = targeted
            .filter_map(|&pod| Some((pod.target_node()?, pod)))
            .collect();
        targeted
            .sort_by(|(a, pod), (b, other)| a.cmp(b).then_with(|| order(pod).cmp(&order(other))));
        let mut groups: Vec<(&str, usize)> = Vec::with_capacity(targeted.len());
        for (end, (node, _)) in (1..).zip(&targeted) {
            match groups.last_mut() {
                Some(group) if group.0 == *node => group.1 = end,
                _ => groups.push((node, end)),
            }
        }
        Self {
            pods: targeted.into_iter().map(|(_, pod)| pod).collect(),
            groups,
        }
    }

    /// All pods, by node.
    pub fn pods(&self) -> &[&'a Pod] {
        &self.pods
    }

    /// All nodes that exist or are some pod's target, by name. The decisions are by name, too.
    pub fn on_nodes<'s>(&'s self, decisions: &'s [Decision]) -> Vec<OnNode<'s>> {
        let mut on_nodes = Vec::with_capacity(decisions.len());
        let mut decisions = decisions.iter().peekable();
        let mut start = 0;
        for &(node, end) in &self.groups {
            while let Some(decision) = decisions.next_if(|decision| *decision.node < *node) {
                on_nodes.push(OnNode {
                    node: &decision.node,
                    decision: Some(decision),
                    pods: &[],
                });
            }
            let decision = decisions.next_if(|decision| *decision.node == *node);
            on_nodes.push(OnNode {
                node,
                decision,
                pods: &self.pods[start..end],
            });
            start = end;
        }
        on_nodes.extend(decisions.map(|decision| OnNode {
            node: &decision.node,
            decision: Some(decision),
            pods: &[],
        }));
        on_nodes
    }
}

/// Bound before unbound, older before younger, then by name.
///
/// Models `podByCreationTimestampAndPhase`, `pkg/controller/daemon/daemon_controller.go`, v1.34.
fn order(pod: &Pod) -> (bool, Option<objects::Timestamp>, &Name) {
    (
        pod.spec.node_name.is_empty(),
        pod.metadata.creation_timestamp,
        &pod.metadata.name,
    )
}

/// Ready for longer than `min_ready_seconds`.
///
/// Models `IsPodAvailable`, `pkg/api/v1/pod/util.go`, v1.34: exactly as long is not long enough,
/// and a pod that does not say since when is never so.
pub fn is_available(pod: &Pod, min_ready_seconds: i64, now: Millis) -> bool {
    let Some(ready) = pod.condition("Ready").filter(|_| pod.is_ready()) else {
        return false;
    };
    min_ready_seconds == 0
        || ready.last_transition_time.is_some_and(|since| {
            since.to_unix_millis() + Millis::from_secs(min_ready_seconds) < now
        })
}

/// What makes a pod one of the current template.
pub struct Current<'a> {
    pub hash: &'a str,
    /// The DaemonSet's template generation, as text.
    pub generation: Option<String>,
}

impl<'a> Current<'a> {
    /// Of a DaemonSet whose current revision has this hash.
    pub fn new(daemon_set: &DaemonSet, hash: &'a str) -> Self {
        let generation = daemon_set
            .template_generation()
            .map(|generation| generation.to_string());
        Self { hash, generation }
    }

    /// Whether a pod carries the hash.
    pub fn has_hash(&self, pod: &Pod) -> bool {
        let hash = pod.metadata.labels.get(HASH_LABEL);
        !self.hash.is_empty() && hash.is_some_and(|hash| hash == self.hash)
    }

    /// Whether a pod carries the hash or the generation.
    ///
    /// Models `IsPodUpdated`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
    pub fn includes(&self, pod: &Pod) -> bool {
        let generation = pod.metadata.labels.get(POD_TEMPLATE_GENERATION);
        self.has_hash(pod) || (self.generation.is_some() && generation == self.generation.as_ref())
    }

    /// The new and the old pod among those of a node that are not being deleted; `None` if there
    /// are two of either.
    ///
    /// Models `findUpdatedPodsOnNode`, `pkg/controller/daemon/update.go`, v1.34.
    pub fn split<'p>(&self, pods: &[&'p Pod]) -> Option<(Option<&'p Pod>, Option<&'p Pod>)> {
        let (mut new, mut old) = (None, None);
        for &pod in pods.iter().filter(|pod| !pod.metadata.is_being_deleted()) {
            let slot = if self.includes(pod) {
                &mut new
            } else {
                &mut old
            };
            if slot.replace(pod).is_some() {
                return None;
            }
        }
        Some((new, old))
    }
}
