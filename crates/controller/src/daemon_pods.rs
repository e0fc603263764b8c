//! Which pods are the DaemonSet's own, and which of them are on which node.

use objects::{
    Condition, DaemonSet, Labels, Millis, Name, ObjectMeta, Pod, Timestamp,
    controller_revision::HASH_LABEL,
};

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
    claim_of_staying(daemon_set, object).of(object)
}

/// The claim on an object with these labels and owners that is not being deleted.
fn claim_of_staying(daemon_set: &DaemonSet, object: &ObjectMeta) -> Claim {
    let selector = daemon_set.spec.selector.as_ref();
    let is_selected = || selector.is_some_and(|selector| selector.matches(&object.labels));
    let daemon_set_goes = daemon_set.metadata.is_being_deleted();
    match object.controller() {
        Some(owner) if owner.uid != daemon_set.metadata.uid => Claim::Ignore,
        Some(_) if is_selected() => Claim::Keep,
        Some(_) if daemon_set_goes => Claim::Ignore,
        Some(_) => Claim::Release,
        None if daemon_set_goes => Claim::Ignore,
        None if is_selected() => Claim::Adopt,
        None => Claim::Ignore,
    }
}

impl Claim {
    /// What goes away is not adopted any more.
    fn of(self, object: &ObjectMeta) -> Self {
        match self {
            Self::Adopt if object.is_being_deleted() => Self::Ignore,
            claim => claim,
        }
    }

    /// Whether the object counts as the DaemonSet's.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Keep | Self::Adopt)
    }
}

/// One of the DaemonSet's pods, with all that the phases of a sync ask about it. Looked up once: a
/// sync of thousands of pods is mostly a matter of not touching them again.
#[derive(Clone, Copy)]
pub struct DaemonPod<'a> {
    pub pod: &'a Pod,
    /// The node it is bound to, or pinned to while it is not bound.
    pub target_node: &'a str,
    pub is_bound: bool,
    pub is_being_deleted: bool,
    pub is_ready: bool,
    pub is_available: bool,
    /// It carries the current hash.
    pub has_hash: bool,
    /// It carries the current hash or the template generation.
    pub is_updated: bool,
}

/// Asks of many pods whose they are and how they stand. Pods of one template have their labels and
/// owners in common: what these say is found out once.
pub struct Census<'a> {
    daemon_set: &'a DaemonSet,
    current: Current<'a>,
    now: Millis,
    known: Vec<(&'a ObjectMeta, Marks)>,
}

/// What labels and owners say about a pod.
#[derive(Clone, Copy)]
struct Marks {
    claim: Claim,
    has_hash: bool,
    is_updated: bool,
}

/// A world has pods of few templates at a time; those without any are all different.
const MOST_KNOWN: usize = 4;

impl<'a> Census<'a> {
    /// For a DaemonSet whose current revision has this hash.
    pub fn new(daemon_set: &'a DaemonSet, hash: &'a str, now: Millis) -> Self {
        Self {
            daemon_set,
            current: Current::new(daemon_set, hash),
            now,
            known: Vec::new(),
        }
    }

    /// What is to be done about a pod's ownership; and the pod as the phases see it if it is the
    /// DaemonSet's and any phase looks at it. None does if it has no target, or has ended and is
    /// being deleted.
    pub fn ask(&mut self, pod: &'a Pod) -> (Claim, Option<DaemonPod<'a>>) {
        let marks = self.marks(&pod.metadata);
        let claim = marks.claim.of(&pod.metadata);
        let daemon_pod = claim
            .is_own()
            .then(|| self.daemon_pod(pod, marks))
            .flatten();
        (claim, daemon_pod)
    }

    fn daemon_pod(&self, pod: &'a Pod, marks: Marks) -> Option<DaemonPod<'a>> {
        let is_being_deleted = pod.metadata.is_being_deleted();
        if is_being_deleted && pod.is_terminal() {
            return None;
        }
        let min_ready_seconds = self.daemon_set.spec.min_ready_seconds;
        let ready = pod.ready();
        Some(DaemonPod {
            pod,
            target_node: pod.target_node()?,
            is_bound: !pod.spec.node_name.is_empty(),
            is_being_deleted,
            is_ready: ready.is_some(),
            is_available: ready
                .is_some_and(|ready| is_ready_for_longer(ready, min_ready_seconds, self.now)),
            has_hash: marks.has_hash,
            is_updated: marks.is_updated,
        })
    }

    fn marks(&mut self, metadata: &'a ObjectMeta) -> Marks {
        let is_same = |(known, _): &&(&ObjectMeta, Marks)| {
            known.labels.is_same(&metadata.labels)
                && known.owner_references.is_same(&metadata.owner_references)
        };
        if let Some((_, marks)) = self.known.iter().find(is_same) {
            return *marks;
        }
        let marks = Marks {
            claim: claim_of_staying(self.daemon_set, metadata),
            has_hash: self.current.has_hash(&metadata.labels),
            is_updated: self.current.includes(&metadata.labels),
        };
        if self.known.len() < MOST_KNOWN {
            self.known.push((metadata, marks));
        }
        marks
    }
}

impl<'a> DaemonPod<'a> {
    /// The pod's name.
    pub fn name(&self) -> &'a Name {
        &self.pod.metadata.name
    }

    /// Bound before unbound, older before younger, then by name.
    ///
    /// Models `podByCreationTimestampAndPhase`, `pkg/controller/daemon/daemon_controller.go`,
    /// v1.34.
    fn order(&self) -> (bool, Option<Timestamp>, &'a Name) {
        let metadata = &self.pod.metadata;
        (!self.is_bound, metadata.creation_timestamp, &metadata.name)
    }
}

/// The DaemonSet's pods by their target node, those of a node in the order in which duplicates
/// are decided.
///
/// Models `getNodesToDaemonPods`, `pkg/controller/daemon/daemon_controller.go`, v1.34.
pub struct DaemonPods<'a> {
    pods: Vec<DaemonPod<'a>>,
    /// For each node, where its pods end.
    ends: Vec<usize>,
    /// The targets that do not exist, by name, and where their pods end.
    missing: Vec<(&'a str, usize)>,
}

/// A node that exists, or is some pod's target, with the DaemonSet's pods there.
#[derive(Clone, Copy)]
pub struct OnNode<'a> {
    pub node: &'a str,
    /// The answer for the node; `None` if it does not exist.
    pub decision: Option<&'a Decision>,
    pub pods: &'a [DaemonPod<'a>],
}

impl<'a> OnNode<'a> {
    /// Whether a pod is wanted here.
    pub fn should_run(&self) -> bool {
        self.decision.is_some_and(|decision| decision.should_run)
    }

    /// Its pods that are not being deleted.
    pub fn staying(&self) -> impl Iterator<Item = &'a DaemonPod<'a>> + use<'a> {
        self.pods.iter().filter(|pod| !pod.is_being_deleted)
    }

    /// The new and the old pod among those that are not being deleted; `None` if there are two of
    /// either.
    ///
    /// Models `findUpdatedPodsOnNode`, `pkg/controller/daemon/update.go`, v1.34.
    pub fn new_and_old(&self) -> Option<(Option<&'a DaemonPod<'a>>, Option<&'a DaemonPod<'a>>)> {
        let (mut new, mut old) = (None, None);
        for pod in self.staying() {
            let slot = if pod.is_updated { &mut new } else { &mut old };
            if slot.replace(pod).is_some() {
                return None;
            }
        }
        Some((new, old))
    }
}

impl<'a> DaemonPods<'a> {
    /// Puts pods to their nodes: those that were decided about, by name, and others.
    pub fn on(decisions: &[Decision], pods: Vec<DaemonPod<'a>>) -> Self {
        let index = NodeIndex::of(decisions);
        let n_nodes = decisions.len();
        let (mut on_nodes, mut missing) = (Vec::with_capacity(pods.len()), Vec::new());
        let mut ends = vec![0; n_nodes];
        for pod in pods {
            match index.get(pod.target_node) {
                Some(node) => {
                    ends[node] += 1;
                    on_nodes.push((node, pod));
                }
                None => missing.push(pod),
            }
        }
        // From how many to where they end, and from there backwards to where each goes.
        let mut end = 0;
        for n_pods in &mut ends {
            end += *n_pods;
            *n_pods = end;
        }
        let mut next = ends.clone();
        let mut places = vec![0; on_nodes.len()];
        for (i, (node, _)) in on_nodes.iter().enumerate() {
            next[*node] -= 1;
            places[next[*node]] = i;
        }
        let mut sorted: Vec<DaemonPod<'a>> = places.iter().map(|&i| on_nodes[i].1).collect();
        let mut start = 0;
        for &end in &ends {
            if end - start > 1 {
                sorted[start..end].sort_by(|a, b| a.order().cmp(&b.order()));
            }
            start = end;
        }
        missing.sort_by(|a, b| (a.target_node, a.order()).cmp(&(b.target_node, b.order())));
        let mut groups: Vec<(&str, usize)> = Vec::new();
        for pod in missing {
            sorted.push(pod);
            match groups.last_mut() {
                Some(group) if group.0 == pod.target_node => group.1 = sorted.len(),
                _ => groups.push((pod.target_node, sorted.len())),
            }
        }
        Self {
            pods: sorted,
            ends,
            missing: groups,
        }
    }

    /// All nodes that exist or are some pod's target, by name. The decisions are those about the
    /// nodes given before.
    pub fn on_nodes<'s>(&'s self, decisions: &'s [Decision]) -> Vec<OnNode<'s>> {
        let mut on_nodes = Vec::with_capacity(decisions.len() + self.missing.len());
        let mut start_of_missing = self.ends.last().copied().unwrap_or(0);
        let mut missing = self.missing.iter().peekable();
        let mut missing_before = |node: Option<&str>, on_nodes: &mut Vec<OnNode<'s>>| {
            while let Some(&(name, end)) =
                missing.next_if(|(name, _)| node.is_none_or(|node| *name < node))
            {
                on_nodes.push(OnNode {
                    node: name,
                    decision: None,
                    pods: &self.pods[start_of_missing..end],
                });
                start_of_missing = end;
            }
        };
        let mut start = 0;
        for (decision, &end) in decisions.iter().zip(&self.ends) {
            missing_before(Some(&decision.node), &mut on_nodes);
            on_nodes.push(OnNode {
                node: &decision.node,
                decision: Some(decision),
                pods: &self.pods[start..end],
            });
            start = end;
        }
        missing_before(None, &mut on_nodes);
        on_nodes
    }
}

/// Nodes by name, to be looked up in constant time. Only looked up, never walked through: the
/// order of the slots decides nothing.
struct NodeIndex<'a> {
    names: Vec<&'a str>,
    /// The place of a node and one more, at the slot of its name's hash or behind; 0 is free.
    slots: Vec<u32>,
}

impl<'a> NodeIndex<'a> {
    fn of(decisions: &'a [Decision]) -> Self {
        let mut index = Self {
            names: decisions.iter().map(|it| &*it.node).collect(),
            slots: vec![0; (decisions.len() * 2).next_power_of_two()],
        };
        for (place, decision) in (1..).zip(decisions) {
            let slot = index.slot(&decision.node);
            index.slots[slot] = place;
        }
        index
    }

    fn get(&self, name: &str) -> Option<usize> {
        place(self.slots[self.slot(name)])
    }

    /// The slot that holds the name, or the free one where it would stand.
    fn slot(&self, name: &str) -> usize {
        // FNV-1a.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        let is_other = |it: &str| !std::ptr::eq(it, name) && it != name;
        while place(self.slots[slot]).is_some_and(|place| is_other(self.names[place])) {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

fn place(slot: u32) -> Option<usize> {
    slot.checked_sub(1).map(|place| place as usize)
}

/// Ready for longer than `min_ready_seconds`.
///
/// Models `IsPodAvailable`, `pkg/api/v1/pod/util.go`, v1.34: exactly as long is not long enough,
/// and a pod that does not say since when is never so.
pub fn is_available(pod: &Pod, min_ready_seconds: i64, now: Millis) -> bool {
    let ready = pod.ready();
    ready.is_some_and(|ready| is_ready_for_longer(ready, min_ready_seconds, now))
}

fn is_ready_for_longer(ready: &Condition, min_ready_seconds: i64, now: Millis) -> bool {
    let since = ready.last_transition_time.filter(|it| !it.is_zero());
    min_ready_seconds == 0
        || since.is_some_and(|since| {
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

    /// Whether a pod with these labels carries the hash.
    pub fn has_hash(&self, labels: &Labels) -> bool {
        let hash = labels.get(HASH_LABEL);
        !self.hash.is_empty() && hash.is_some_and(|hash| hash == self.hash)
    }

    /// Whether a pod with these labels carries the hash or the generation.
    ///
    /// Models `IsPodUpdated`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
    pub fn includes(&self, labels: &Labels) -> bool {
        let generation = labels.get(POD_TEMPLATE_GENERATION);
        self.has_hash(labels)
            || (self.generation.is_some() && generation == self.generation.as_ref())
    }
}
