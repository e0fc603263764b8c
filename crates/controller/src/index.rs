//! The nodes and pods of one DaemonSet, by node, kept up to date change by change.
//!
//! A sync asks about nodes at which something is to be done, and for sums over the others; so in a
//! cluster of thousands of nodes its cost is that of what has changed since the last one.

use std::collections::{BTreeMap, BTreeSet};

use objects::{
    DaemonSet, DaemonSetSpec, Labels, Millis, Name, Pod, Shared, Timestamp,
    controller_revision::HASH_LABEL,
};

use crate::{
    daemon_pods::{Census, Claim, DaemonPod},
    observed::Listers,
    on_node::{Act, Counts, OnNode, Tally},
    placement::Rules,
    pods_on_node::PodsOnNode,
};

/// What is known of the nodes and pods of a DaemonSet. It says the same, whether it was built just
/// now or has been told of every change since.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// What it was built for. With another DaemonSet, template or hash all is looked at anew.
    basis: Option<Basis>,
    nodes: BTreeMap<Name, (OnNode, Tally)>,
    /// The pods that are the DaemonSet's or were.
    pods: BTreeMap<Name, Known>,
    counts: Counts,
    taken_room: i64,
    available: i64,
    /// Nodes at which `manage` has something to do, or may.
    unsettled: BTreeSet<Name>,
    /// Nodes on which the rolling update acts, by when.
    to_act: BTreeSet<(Act, Name)>,
    /// When the passing of time alone changes something on a node.
    next_changes: BTreeSet<(Millis, Name)>,
    adopt: BTreeSet<Name>,
    release: BTreeSet<Name>,
    /// The hashes that own pods with a target carry, and how many of each there are.
    hashes: BTreeMap<String, usize>,
    changed_nodes: BTreeSet<Name>,
    changed_pods: BTreeSet<Name>,
    /// The moment for which it was brought up to date last.
    as_of: Millis,
}

/// All that answers depend on, besides nodes, pods and the time.
#[derive(Clone, Debug)]
struct Basis {
    uid: Name,
    is_being_deleted: bool,
    spec: DaemonSetSpec,
    template_generation: Option<i64>,
    hash: String,
    surges: bool,
}

impl Basis {
    fn of(daemon_set: &DaemonSet, hash: &str, surges: bool) -> Self {
        Self {
            uid: daemon_set.metadata.uid.clone(),
            is_being_deleted: daemon_set.metadata.is_being_deleted(),
            spec: daemon_set.spec.clone(),
            template_generation: daemon_set.template_generation(),
            hash: hash.to_owned(),
            surges,
        }
    }

    /// Whether it is what [`Basis::of`] would give.
    fn is_of(&self, daemon_set: &DaemonSet, hash: &str, surges: bool) -> bool {
        let Self {
            uid,
            is_being_deleted,
            spec,
            template_generation,
            hash: its_hash,
            surges: its_surges,
        } = self;
        *uid == daemon_set.metadata.uid
            && *is_being_deleted == daemon_set.metadata.is_being_deleted()
            && *template_generation == daemon_set.template_generation()
            && its_hash == hash
            && *its_surges == surges
            && *spec == daemon_set.spec
    }
}

/// A pod that was counted.
#[derive(Clone, Debug)]
struct Known {
    claim: Claim,
    labels: Shared<Labels>,
    has_target: bool,
    place: Option<Place>,
}

/// Where a pod stands: in which node's list, and by what it is ordered there besides its name.
#[derive(Clone, Debug)]
struct Place {
    node: Name,
    is_bound: bool,
    created: Option<Timestamp>,
}

impl Place {
    fn of(pod: &DaemonPod) -> Self {
        Self {
            node: pod.target_node.clone(),
            is_bound: pod.is_bound,
            created: pod.created,
        }
    }
}

impl Index {
    /// A node has appeared, changed or gone.
    pub fn node_changed(&mut self, name: &Name) {
        self.changed_nodes.insert(name.clone());
    }

    /// A pod of the DaemonSet's namespace has appeared, changed or gone.
    pub fn pod_changed(&mut self, name: &Name) {
        self.changed_pods.insert(name.clone());
    }

    /// Takes in what has changed, also by the passing of time, or by going back in it.
    pub(crate) fn update(
        &mut self,
        listers: &impl Listers,
        daemon_set: &DaemonSet,
        hash: &str,
        now: Millis,
    ) {
        // Whether it surges may turn on how many nodes should run a pod: none, or some.
        let surges = |desired| daemon_set.max_surge(desired) > Some(0);
        let surges_now = surges(self.counts.desired);
        let is_same = |basis: &Basis| basis.is_of(daemon_set, hash, surges_now);
        let (rules, mut census) = (Rules::new(daemon_set), Census::new(daemon_set, hash));
        let mut touched = Vec::new();
        if self.basis.as_ref().is_some_and(is_same) {
            for name in std::mem::take(&mut self.changed_nodes) {
                let node = listers.node(&name);
                self.on_node(&name).decision = node.map(|node| rules.decide(node));
                touched.push(name);
            }
            for name in std::mem::take(&mut self.changed_pods) {
                touched.extend(self.forget_pod(&name));
                let pod = listers.pod(&name);
                touched.extend(pod.and_then(|pod| self.remember_pod(pod, &mut census)));
            }
            while let Some((after, _)) = self.next_changes.first()
                && *after < now
            {
                touched.extend(self.next_changes.pop_first().map(|(_, name)| name));
            }
        } else {
            *self = Self {
                basis: Some(Basis::of(daemon_set, hash, surges_now)),
                ..Self::default()
            };
            for node in listers.nodes() {
                self.on_node(&node.metadata.name).decision = Some(rules.decide(node));
            }
            for pod in listers.pods() {
                self.remember_pod(pod, &mut census);
            }
            touched.extend(self.nodes.keys().cloned());
        }
        if now < self.as_of {
            // What time alone had changed has not come yet.
            touched.extend(self.nodes.keys().cloned());
        }
        self.as_of = now;
        touched.sort_unstable();
        touched.dedup();
        touched.iter().for_each(|name| self.count_again(name, now));
        if let Some(basis) = &mut self.basis
            && basis.surges != surges(self.counts.desired)
        {
            basis.surges = !basis.surges;
            let names: Vec<Name> = self.nodes.keys().cloned().collect();
            names.iter().for_each(|name| self.count_again(name, now));
        }
    }

    fn on_node(&mut self, name: &Name) -> &mut OnNode {
        let nothing = || OnNode {
            name: name.clone(),
            decision: None,
            pods: PodsOnNode::default(),
        };
        let (on_node, _) = self
            .nodes
            .entry(name.clone())
            .or_insert_with(|| (nothing(), Tally::default()));
        on_node
    }

    /// Undoes what a pod has added. The node that it was on is to be counted again.
    fn forget_pod(&mut self, name: &Name) -> Option<Name> {
        let known = self.pods.remove(name)?;
        self.adopt.remove(name);
        self.release.remove(name);
        if let Some(hash) = known.counted_hash()
            && let Some(count) = self.hashes.get_mut(hash)
        {
            *count -= 1;
            if *count == 0 {
                self.hashes.remove(hash);
            }
        }
        let Place {
            node,
            is_bound,
            created,
        } = known.place?;
        let pods = &mut self.on_node(&node).pods;
        pods.remove((!is_bound, created, name));
        Some(node)
    }

    fn remember_pod(&mut self, pod: &Pod, census: &mut Census<'_>) -> Option<Name> {
        let (claim, daemon_pod) = census.ask(pod);
        let name = &pod.metadata.name;
        match claim {
            Claim::Ignore => return None,
            Claim::Adopt => drop(self.adopt.insert(name.clone())),
            Claim::Release => drop(self.release.insert(name.clone())),
            Claim::Keep => {}
        }
        let known = Known {
            claim,
            labels: pod.metadata.labels.clone(),
            has_target: pod.target_node().is_some(),
            place: daemon_pod.as_ref().map(Place::of),
        };
        if let Some(hash) = known.counted_hash() {
            match self.hashes.get_mut(hash) {
                Some(count) => *count += 1,
                None => drop(self.hashes.insert(hash.clone(), 1)),
            }
        }
        self.pods.insert(name.clone(), known);
        let daemon_pod = daemon_pod?;
        let node = daemon_pod.target_node.clone();
        self.on_node(&node).pods.insert(daemon_pod);
        Some(node)
    }

    /// Replaces what a node adds to the sums and sets. One that is gone and has no pods is
    /// forgotten.
    fn count_again(&mut self, name: &Name, now: Millis) {
        let surges = self.basis.as_ref().is_some_and(|basis| basis.surges);
        let Some((on_node, tally)) = self.nodes.get_mut(name) else {
            return;
        };
        let (before, after) = (*tally, on_node.tally(now, surges));
        *tally = after;
        let is_gone = on_node.decision.is_none() && on_node.pods.is_empty();
        self.counts.add(-1, before.counts);
        self.counts.add(1, after.counts);
        let count = |holds: bool| i64::from(holds);
        self.taken_room += count(after.turn.takes_room) - count(before.turn.takes_room);
        self.available += count(after.turn.is_available) - count(before.turn.is_available);
        if after.is_settled {
            self.unsettled.remove(name);
        } else {
            self.unsettled.insert(name.clone());
        }
        if before.turn.act != after.turn.act {
            self.to_act.remove(&(before.turn.act, name.clone()));
            if after.turn.act != Act::Never {
                self.to_act.insert((after.turn.act, name.clone()));
            }
        }
        if before.next_change != after.next_change {
            let at = |change: Option<Millis>| change.map(|at| (at, name.clone()));
            if let Some(before) = at(before.next_change) {
                self.next_changes.remove(&before);
            }
            self.next_changes.extend(at(after.next_change));
        }
        if is_gone {
            self.nodes.remove(name);
        }
    }

    /// A node that exists, or is some pod's target.
    pub fn node(&self, name: &str) -> Option<&OnNode> {
        self.nodes.get(name).map(|(on_node, _)| on_node)
    }

    /// All nodes that exist or are some pod's target, by name.
    pub fn nodes(&self) -> impl Iterator<Item = &OnNode> {
        self.nodes.values().map(|(on_node, _)| on_node)
    }

    /// The nodes that use up `maxUnavailable`, or `maxSurge`, by name.
    pub fn taking_room(&self) -> impl Iterator<Item = &Name> {
        let takes = self
            .nodes
            .iter()
            .filter(|(_, (_, tally))| tally.turn.takes_room);
        takes.map(|(name, _)| name)
    }

    /// The nodes at which `manage` has something to do, or may: those that exist, and then others.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = &OnNode> {
        let all = || self.unsettled.iter().filter_map(|name| self.node(name));
        let exist = all().filter(|it| it.decision.is_some());
        exist.chain(all().filter(|it| it.decision.is_none()))
    }

    /// The nodes on which the rolling update acts at such a time, by name.
    pub(crate) fn to_act(&self, act: Act) -> impl Iterator<Item = &OnNode> {
        let from = (act, Name::default());
        let these = self.to_act.range(from..).take_while(move |it| it.0 == act);
        these.filter_map(|(_, name)| self.node(name))
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// How much of `maxUnavailable` or of `maxSurge` is used up.
    pub(crate) fn taken_room(&self) -> i64 {
        self.taken_room
    }

    /// Under surge: how many nodes have an available pod.
    pub(crate) fn available(&self) -> i64 {
        self.available
    }

    pub(crate) fn adopt(&self) -> impl Iterator<Item = &Name> {
        self.adopt.iter()
    }

    pub(crate) fn release(&self) -> impl Iterator<Item = &Name> {
        self.release.iter()
    }

    /// The DaemonSet's own pods that do not carry a hash, by name.
    pub(crate) fn without_hash(&self, hash: &str) -> impl Iterator<Item = &Name> {
        let own = self.pods.iter().filter(|(_, known)| known.claim.is_own());
        let of = |known: &Known| known.labels.get(HASH_LABEL).cloned().unwrap_or_default();
        let others = own.filter(move |(_, known)| of(known) != hash);
        others.map(|(name, _)| name)
    }

    /// Whether an own pod carries a hash, one that has ended and goes included; but not one
    /// without a target.
    pub(crate) fn is_live(&self, hash: &str) -> bool {
        self.hashes.contains_key(hash)
    }
}

impl Known {
    fn counted_hash(&self) -> Option<&String> {
        let counts = self.claim.is_own() && self.has_target;
        let hash = self.labels.get(HASH_LABEL);
        hash.filter(|hash| counts && !hash.is_empty())
    }
}
