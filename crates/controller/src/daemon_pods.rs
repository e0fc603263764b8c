//! Which pods are the DaemonSet's own, and how they stand.

use objects::{
    Condition, DaemonSet, Labels, Millis, Name, ObjectMeta, OwnerReference, Phase, Pod, Shared,
    Timestamp, controller_revision::HASH_LABEL,
};

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

/// What pods are ordered by.
pub(crate) type Order<'a> = (bool, Option<Timestamp>, &'a Name);

/// One of the DaemonSet's pods, with all that the phases of a sync ask about it.
#[derive(Clone, Debug, PartialEq)]
pub struct DaemonPod {
    pub name: Name,
    /// The node it is bound to, or pinned to while it is not bound.
    pub target_node: Name,
    pub created: Option<Timestamp>,
    pub phase: Phase,
    pub is_bound: bool,
    pub is_being_deleted: bool,
    pub is_ready: bool,
    /// It is available after this moment, if it stays as it is; `None` is never.
    pub available_after: Option<Millis>,
    /// It carries the current hash.
    pub has_hash: bool,
    /// It carries the current hash or the template generation.
    pub is_updated: bool,
}

impl DaemonPod {
    /// Whether it has been ready for long enough.
    pub fn is_available(&self, now: Millis) -> bool {
        self.available_after.is_some_and(|after| after < now)
    }

    /// Whether it has ended, well or badly.
    pub fn has_ended(&self) -> bool {
        matches!(self.phase, Phase::Succeeded | Phase::Failed)
    }

    /// Bound before unbound, older before younger, then by name.
    ///
    /// Models `podByCreationTimestampAndPhase`, `pkg/controller/daemon/daemon_controller.go`,
    /// v1.34.
    pub(crate) fn order(&self) -> Order<'_> {
        (!self.is_bound, self.created, &self.name)
    }
}

/// Asks of many pods whose they are and how they stand. Pods of one template have their labels and
/// owners in common: what these say is found out once.
pub struct Census<'a> {
    daemon_set: &'a DaemonSet,
    current: Current<'a>,
    known: Vec<(Shared<Labels>, Shared<Vec<OwnerReference>>, Marks)>,
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
    pub fn new(daemon_set: &'a DaemonSet, hash: &'a str) -> Self {
        Self {
            daemon_set,
            current: Current::new(daemon_set, hash),
            known: Vec::new(),
        }
    }

    /// What is to be done about a pod's ownership; and the pod as the phases see it if it is the
    /// DaemonSet's and any phase looks at it. None does if it has no target, or has ended and is
    /// being deleted.
    pub fn ask(&mut self, pod: &Pod) -> (Claim, Option<DaemonPod>) {
        let marks = self.marks(&pod.metadata);
        let claim = marks.claim.of(&pod.metadata);
        let daemon_pod = claim
            .is_own()
            .then(|| self.daemon_pod(pod, marks))
            .flatten();
        (claim, daemon_pod)
    }

    fn daemon_pod(&self, pod: &Pod, marks: Marks) -> Option<DaemonPod> {
        let metadata = &pod.metadata;
        let is_being_deleted = metadata.is_being_deleted();
        if is_being_deleted && pod.is_terminal() {
            return None;
        }
        let is_bound = !pod.spec.node_name.is_empty();
        let target_node = match is_bound {
            true => pod.spec.node_name.clone(),
            false => pod.target_node()?.into(),
        };
        let min_ready_seconds = self.daemon_set.spec.min_ready_seconds;
        let ready = pod.ready();
        Some(DaemonPod {
            name: metadata.name.clone(),
            target_node,
            created: metadata.creation_timestamp,
            phase: pod.status.phase,
            is_bound,
            is_being_deleted,
            is_ready: ready.is_some(),
            available_after: ready.and_then(|it| available_after(it, min_ready_seconds)),
            has_hash: marks.has_hash,
            is_updated: marks.is_updated,
        })
    }

    fn marks(&mut self, metadata: &ObjectMeta) -> Marks {
        let (labels, owners) = (&metadata.labels, &metadata.owner_references);
        let mut known = self.known.iter();
        if let Some((_, _, marks)) = known.find(|it| it.0.is_same(labels) && it.1.is_same(owners)) {
            return *marks;
        }
        let marks = Marks {
            claim: claim_of_staying(self.daemon_set, metadata),
            has_hash: self.current.has_hash(labels),
            is_updated: self.current.includes(labels),
        };
        if self.known.len() < MOST_KNOWN {
            self.known.push((labels.clone(), owners.clone(), marks));
        }
        marks
    }
}

/// Ready for longer than `min_ready_seconds`.
///
/// Models `IsPodAvailable`, `pkg/api/v1/pod/util.go`, v1.34: exactly as long is not long enough,
/// and a pod that does not say since when is never so.
pub fn is_available(pod: &Pod, min_ready_seconds: i64, now: Millis) -> bool {
    let after = pod
        .ready()
        .and_then(|it| available_after(it, min_ready_seconds));
    after.is_some_and(|after| after < now)
}

/// After which moment a pod is available that has this condition Ready, which is True.
fn available_after(ready: &Condition, min_ready_seconds: i64) -> Option<Millis> {
    if min_ready_seconds == 0 {
        return Some(Millis(i64::MIN));
    }
    let since = ready.last_transition_time.filter(|it| !it.is_zero())?;
    Some(since.to_unix_millis() + Millis::from_secs(min_ready_seconds))
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

    /// Whether a pod with these labels carries the hash. None is as good as an empty one.
    ///
    /// Models the comparison in `podsShouldBeOnNode`, `pkg/controller/daemon/daemon_controller.go`,
    /// v1.34.
    pub fn has_hash(&self, labels: &Labels) -> bool {
        labels.get(HASH_LABEL).map_or("", String::as_str) == self.hash
    }

    /// Whether a pod with these labels carries the hash or the generation.
    ///
    /// Models `IsPodUpdated`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
    pub fn includes(&self, labels: &Labels) -> bool {
        let generation = labels.get(POD_TEMPLATE_GENERATION);
        (!self.hash.is_empty() && self.has_hash(labels))
            || (self.generation.is_some() && generation == self.generation.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_3_5_the_hash_of_a_pod() {
        let labels = |hash: Option<&str>| -> Labels {
            let hash = hash.map(|hash| (HASH_LABEL.to_owned(), hash.to_owned()));
            hash.into_iter().collect()
        };
        // Of a current revision that is another's, and has no such label, the hash is empty: pods
        // without the label are like it, and are not updated for that.
        for (current, of_pod, has_hash, is_updated) in [
            ("a", Some("a"), true, true),
            ("a", Some("b"), false, false),
            ("a", None, false, false),
            ("", Some("a"), false, false),
            ("", Some(""), true, false),
            ("", None, true, false),
        ] {
            let current = Current {
                hash: current,
                generation: None,
            };
            let labels = labels(of_pod);
            let found = (current.has_hash(&labels), current.includes(&labels));
            assert_eq!(
                found,
                (has_hash, is_updated),
                "{:?} {of_pod:?}",
                current.hash
            );
        }
    }
}
