//! What has to be remembered from one step to the next, and the checks that go by it.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use objects::{
    DaemonSet, Millis, Name, Node, ObjectMeta, Pod, RevisionData, controller_revision::HASH_LABEL,
};

use super::rollout::Rollouts;
use crate::{Cluster, Key, Step, due::Due};

/// The longest that pod GC takes: a round in up to 20 s that misses the node, and the one that
/// comes 40 s later.
const POD_GC_TAKES: Millis = Millis::from_secs(60);

/// The longest that the garbage collector takes: it is told at once.
const GARBAGE_COLLECTOR_TAKES: Millis = Millis::from_secs(1);

/// What a watch remembers.
#[derive(Clone, Default)]
pub(super) struct Memory {
    before: Marks,
    now: Marks,
    /// Pods that were there at the last look, by uid.
    pods: BTreeSet<Name>,
    /// Those that were not.
    new_pods: Vec<Key>,
    nodes: BTreeMap<Name, Rc<Node>>,
    /// Revisions at the last look, by the uid of their owner.
    revisions: BTreeMap<Key, Name>,
    /// DaemonSets that surge, or did when they planned what they still do.
    surging: BTreeSet<Name>,
    /// DaemonSets that were not told of something that has gone, and have not seen it yet.
    pub(super) uninformed: BTreeSet<Name>,
    /// Objects that other objects could be owned by.
    owners: BTreeSet<Name>,
    /// Owners that are gone and named by something that stays, since then.
    missed_owners: BTreeMap<Name, Millis>,
    /// Pods whose node is gone, since then.
    nodeless: BTreeMap<Name, Millis>,
    pub(super) rollouts: Rollouts,
}

/// What only grows.
#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
struct Marks {
    time: Millis,
    resource_version: u64,
}

impl Memory {
    /// Looks at what is different.
    pub(super) fn note(&mut self, cluster: &Cluster, step: Option<&Step>) {
        self.before = self.now;
        self.now = Marks {
            time: cluster.now,
            resource_version: cluster.resource_version,
        };
        self.note_pods(cluster);
        self.note_nodes(cluster);
        self.note_revisions(cluster);
        self.note_informed(cluster);
        self.note_owners(cluster);
        self.note_surging(cluster);
        self.rollouts.note(cluster, step);
    }

    /// Those that were not told, until they have seen it all the same.
    fn note_informed(&mut self, cluster: &Cluster) {
        let is_uninformed = |uid: &Name| {
            daemon_set_of(cluster, uid).is_some_and(|it| !super::recount::is_informed(cluster, it))
        };
        self.uninformed.retain(is_uninformed);
    }

    /// What there was to begin with is no news.
    pub(super) fn forget_news(&mut self) {
        self.new_pods.clear();
        self.before = self.now;
    }

    fn note_pods(&mut self, cluster: &Cluster) {
        self.new_pods.clear();
        let pods = &cluster.store.pods;
        for (key, pod) in pods.iter() {
            if self.pods.insert(pod.metadata.uid.clone()) {
                self.new_pods.push(key.clone());
            }
        }
        if self.pods.len() > pods.len() {
            self.pods = pods.values().map(|it| it.metadata.uid.clone()).collect();
        }
        let nodes = &cluster.store.nodes;
        let nodeless = pods.values().filter(|pod| {
            let node = &pod.spec.node_name;
            !node.is_empty() && !nodes.contains_key(node)
        });
        let known = std::mem::take(&mut self.nodeless);
        for pod in nodeless {
            let uid = pod.metadata.uid.clone();
            let since = known.get(&uid).copied().unwrap_or(cluster.now);
            self.nodeless.insert(uid, since);
        }
    }

    /// The deletion of a node tells no DaemonSet; its taints and labels tell those that should run
    /// there or have a pod bound there, but none of which a pod waits for the node.
    fn note_nodes(&mut self, cluster: &Cluster) {
        let nodes = &cluster.store.nodes;
        let is_same = |it: &Rc<Node>, now: &Rc<Node>| {
            Rc::ptr_eq(it, now)
                || it.metadata.labels == now.metadata.labels && it.spec.taints == now.spec.taints
        };
        let changed: Vec<Name> = self
            .nodes
            .iter()
            .filter(|(name, it)| !nodes.get(&***name).is_some_and(|now| is_same(it, now)))
            .map(|(name, _)| name.clone())
            .collect();
        for name in &changed {
            let waits =
                |pod: &Pod| pod.spec.node_name.is_empty() && pod.target_node() == Some(&**name);
            let misses = |it: &DaemonSet| {
                !nodes.contains_key(name) || cluster.store.pods_of(it).any(|pod| waits(pod))
            };
            let sets = cluster.store.daemon_sets.values();
            let sets = sets.filter(|it| misses(it));
            self.uninformed
                .extend(sets.map(|it| it.metadata.uid.clone()));
        }
        if !changed.is_empty() || self.nodes.len() != nodes.len() {
            self.nodes = nodes
                .iter()
                .map(|(name, node)| (name.clone(), node.clone()))
                .collect();
        }
    }

    /// A revision of a DaemonSet that is gone serves the next one that has its name and template,
    /// which is not told when the garbage collector takes it.
    fn note_revisions(&mut self, cluster: &Cluster) {
        let store = &cluster.store;
        for (key, owner) in &self.revisions {
            if store.controller_revisions.contains_key(key) || is_there(cluster, owner) {
                continue;
            }
            let sets = store.daemon_sets.iter();
            let here = sets.filter(|(set, _)| set.namespace == key.namespace);
            self.uninformed
                .extend(here.map(|(_, it)| it.metadata.uid.clone()));
        }
        self.revisions.clear();
        for (key, revision) in store.controller_revisions.iter() {
            if let Some(owner) = revision.metadata.controller() {
                self.revisions.insert(key.clone(), owner.uid.clone());
            }
        }
    }

    fn note_owners(&mut self, cluster: &Cluster) {
        let store = &cluster.store;
        let sets = store.daemon_sets.values();
        self.owners.extend(sets.map(|it| it.metadata.uid.clone()));
        let others = store.others.values();
        let uids = others.filter_map(|it| it["metadata"]["uid"].as_str());
        self.owners.extend(uids.map(Name::from));
        let known = std::mem::take(&mut self.missed_owners);
        for (_, metadata) in dependents(cluster) {
            for owner in &*metadata.owner_references {
                if self.owners.contains(&owner.uid) && !is_there(cluster, &owner.uid) {
                    let since = known.get(&owner.uid).copied().unwrap_or(cluster.now);
                    self.missed_owners.insert(owner.uid.clone(), since);
                }
            }
        }
    }

    fn note_surging(&mut self, cluster: &Cluster) {
        for (key, daemon_set) in cluster.store.daemon_sets.iter() {
            let uid = &daemon_set.metadata.uid;
            if surges(daemon_set) {
                self.surging.insert(uid.clone());
            } else if self.surging.contains(uid) && self.new_pods.is_empty() {
                let mut due = cluster.due.iter();
                if !due.any(|(_, due, _)| *due == Due::DaemonSetWrite(key.clone())) {
                    self.surging.remove(uid);
                }
            }
        }
    }
}

fn surges(daemon_set: &DaemonSet) -> bool {
    daemon_set.max_surge(1) > Some(0)
}

/// The DaemonSet of a uid.
pub(super) fn daemon_set_of<'a>(cluster: &'a Cluster, uid: &Name) -> Option<&'a DaemonSet> {
    let mut sets = cluster.store.daemon_sets.values();
    sets.find(|it| it.metadata.uid == *uid).map(|it| &**it)
}

/// The DaemonSet that controls a pod.
pub(super) fn owner<'a>(cluster: &'a Cluster, pod: &Pod) -> Option<&'a DaemonSet> {
    daemon_set_of(cluster, &pod.metadata.controller()?.uid)
}

/// A DaemonSet's pods of a node.
fn on_node<'a>(
    cluster: &'a Cluster,
    daemon_set: &'a DaemonSet,
    node: &'a str,
) -> impl Iterator<Item = &'a Pod> {
    let pods = cluster.store.pods_of(daemon_set).map(|it| &**it);
    pods.filter(move |it| it.target_node() == Some(node))
}

/// Those that are not being deleted.
pub(super) fn staying<'a>(
    cluster: &'a Cluster,
    daemon_set: &'a DaemonSet,
    node: &'a str,
) -> impl Iterator<Item = &'a Pod> {
    on_node(cluster, daemon_set, node).filter(|it| !it.metadata.is_being_deleted())
}

/// What can be owned, with its name.
fn dependents(cluster: &Cluster) -> impl Iterator<Item = (&Key, &ObjectMeta)> {
    let pods = cluster.store.pods.iter();
    let revisions = cluster.store.controller_revisions.iter();
    pods.map(|(key, it)| (key, &it.metadata))
        .chain(revisions.map(|(key, it)| (key, &it.metadata)))
}

fn is_there(cluster: &Cluster, uid: &Name) -> bool {
    let mut sets = cluster.store.daemon_sets.values();
    let mut others = cluster.store.others.values();
    sets.any(|it| it.metadata.uid == *uid)
        || others.any(|it| it["metadata"]["uid"].as_str() == Some(uid))
}

pub(super) fn time_goes_on(_: &Cluster, memory: &Memory, report: &mut dyn FnMut(String)) {
    let (before, now) = (memory.before, memory.now);
    if now.time < before.time {
        report(format!("T+{} comes after T+{}", now.time, before.time));
    }
    if now.resource_version < before.resource_version {
        let (now, before) = (now.resource_version, before.resource_version);
        report(format!("write {now} comes after write {before}"));
    }
}

pub(super) fn one_pod_per_node(cluster: &Cluster, memory: &Memory, report: &mut dyn FnMut(String)) {
    for key in &memory.new_pods {
        let Some(pod) = cluster.store.pods.get(key) else {
            continue;
        };
        let (Some(daemon_set), Some(node)) = (owner(cluster, pod), pod.target_node()) else {
            continue;
        };
        // One that was made by hand may have had no node when the DaemonSet counted.
        let by_hand = |it: &Pod| it.metadata.generate_name.is_empty();
        let others = on_node(cluster, daemon_set, node)
            .filter(|it| it.metadata.uid != pod.metadata.uid && !it.is_terminal() && !by_hand(it));
        let surges = memory.surging.contains(&daemon_set.metadata.uid);
        let others = others.filter(|it| !surges || !it.metadata.is_being_deleted());
        let others: Vec<&str> = others.map(|it| &*it.metadata.name).collect();
        if others.len() > usize::from(surges) {
            let others = others.join(" and ");
            report(format!(
                "pod {key} was made for node {node} beside {others}"
            ));
        }
    }
}

pub(super) fn hash_tells_template(
    cluster: &Cluster,
    memory: &Memory,
    report: &mut dyn FnMut(String),
) {
    for key in &memory.new_pods {
        let Some(pod) = cluster.store.pods.get(key) else {
            continue;
        };
        let Some(daemon_set) = owner(cluster, pod) else {
            continue;
        };
        let hash = pod.metadata.labels.get(HASH_LABEL);
        let mut revisions = cluster.store.revisions_in(&key.namespace);
        let revision = revisions.find(|it| {
            let owner = it.metadata.controller();
            it.hash() == hash && owner.is_some_and(|it| it.uid == daemon_set.metadata.uid)
        });
        let Some(RevisionData::Template(template)) = revision.map(|it| &it.data) else {
            continue;
        };
        if *pod.spec.containers != *template.spec.containers {
            let hash = hash.map_or("", String::as_str);
            report(format!(
                "pod {key} has not the containers of the template of hash {hash}"
            ));
        }
    }
}

pub(super) fn node_exists(cluster: &Cluster, memory: &Memory, report: &mut dyn FnMut(String)) {
    for (key, pod) in cluster.store.pods.iter() {
        let since = memory.nodeless.get(&pod.metadata.uid);
        let is_held = pod.metadata.is_being_deleted() && !pod.metadata.finalizers.is_empty();
        if let Some(since) = since.filter(|since| cluster.now - **since > POD_GC_TAKES && !is_held)
        {
            let node = &pod.spec.node_name;
            report(format!(
                "pod {key} is on node {node}, which is gone since T+{since}"
            ));
        }
    }
}

pub(super) fn owner_exists(cluster: &Cluster, memory: &Memory, report: &mut dyn FnMut(String)) {
    if memory.missed_owners.is_empty() {
        return;
    }
    for (key, metadata) in dependents(cluster) {
        for owner in &*metadata.owner_references {
            let since = memory.missed_owners.get(&owner.uid);
            let late = since.filter(|it| cluster.now - **it > GARBAGE_COLLECTOR_TAKES);
            if let Some(since) = late.filter(|_| !metadata.is_being_deleted()) {
                let (kind, name) = (&owner.kind, &owner.name);
                report(format!(
                    "{key} is owned by {kind} {name}, which is gone since T+{since}"
                ));
            }
        }
    }
}
