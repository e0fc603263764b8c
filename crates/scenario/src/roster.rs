//! The pods of one DaemonSet, counted; and kept counted from step to step, so that what must
//! always hold costs no look at every pod and node after every step.

use std::collections::{BTreeMap, BTreeSet};

use cluster::{Key, Kind, ObjectRef, Store};
use controller::daemon_pods::Current;
use objects::{DaemonSet, Name, Pod};

/// The pods of a DaemonSet, by name and by the node that is their target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Roster {
    key: Key,
    uid: Name,
    template: Template,
    pods: BTreeMap<Name, Member>,
    places: BTreeMap<Name, Place>,
    /// The nodes there are, by how many pods they have that are neither terminal nor going.
    by_count: BTreeMap<i64, BTreeSet<Name>>,
    live: i64,
    ready: i64,
    updated: i64,
}

/// What tells updated pods.
#[derive(Clone, Debug, PartialEq)]
struct Template {
    hash: String,
    generation: Option<String>,
}

/// What is counted of a pod.
#[derive(Clone, Debug, PartialEq)]
struct Member {
    uid: Name,
    node: Option<Name>,
    is_going: bool,
    is_terminal: bool,
    is_ready: bool,
    is_updated: bool,
}

/// A node, or a name that pods take for one.
#[derive(Clone, Debug, Default, PartialEq)]
struct Place {
    is_node: bool,
    /// Those that are neither terminal nor being deleted.
    active: i64,
    pods: BTreeSet<Name>,
}

fn template(store: &Store, daemon_set: &DaemonSet) -> Template {
    let hash = store.current_hash(daemon_set);
    Template {
        generation: Current::new(daemon_set, &hash).generation,
        hash,
    }
}

impl Roster {
    /// Counts. `None`: there is no such DaemonSet.
    pub(crate) fn count(store: &Store, key: &Key) -> Option<Self> {
        let daemon_set = store.daemon_sets.get(key)?;
        let mut roster = Self {
            key: key.clone(),
            uid: daemon_set.metadata.uid.clone(),
            template: template(store, daemon_set),
            pods: BTreeMap::new(),
            places: BTreeMap::new(),
            by_count: BTreeMap::new(),
            live: 0,
            ready: 0,
            updated: 0,
        };
        for node in store.nodes.keys() {
            roster.set_node(node, true);
        }
        for pod in store.pods_of(daemon_set) {
            roster.add(pod);
        }
        Some(roster)
    }

    /// Counts again what a step has changed. `false`: that is not enough, all must be counted.
    pub(crate) fn follow(&mut self, store: &Store, changed: &ObjectRef) -> bool {
        let Some(daemon_set) = store.daemon_sets.get(&self.key) else {
            return false;
        };
        match changed.kind {
            Kind::Node => {
                let name = &changed.key.name;
                self.set_node(name, store.nodes.contains_key(name));
                true
            }
            Kind::Pod => {
                if changed.key.namespace == self.key.namespace {
                    self.remove(&changed.key.name);
                    if let Some(pod) = store.pods.get(&changed.key) {
                        self.add(pod);
                    }
                }
                true
            }
            Kind::DaemonSet | Kind::ControllerRevision => {
                daemon_set.metadata.uid == self.uid && template(store, daemon_set) == self.template
            }
            Kind::Event | Kind::Other => true,
        }
    }

    fn set_node(&mut self, node: &Name, is_node: bool) {
        self.change(node, |place| place.is_node = is_node);
    }

    fn add(&mut self, pod: &Pod) {
        let owner = pod.metadata.controller();
        if owner.is_none_or(|owner| owner.uid != self.uid) {
            return;
        }
        let current = Current {
            hash: &self.template.hash,
            generation: self.template.generation.clone(),
        };
        let member = Member {
            uid: pod.metadata.uid.clone(),
            node: pod.target_node().map(Name::from),
            is_going: pod.metadata.is_being_deleted(),
            is_terminal: pod.is_terminal(),
            is_ready: pod.is_ready(),
            is_updated: current.includes(&pod.metadata.labels),
        };
        self.tally(&member, 1);
        if let Some(node) = &member.node {
            self.change(node, |place| {
                place.pods.insert(pod.metadata.name.clone());
                place.active += member.active();
            });
        }
        self.pods.insert(pod.metadata.name.clone(), member);
    }

    fn remove(&mut self, pod: &Name) {
        let Some(member) = self.pods.remove(pod) else {
            return;
        };
        self.tally(&member, -1);
        if let Some(node) = &member.node {
            self.change(node, |place| {
                place.pods.remove(pod);
                place.active -= member.active();
            });
        }
    }

    fn tally(&mut self, member: &Member, by: i64) {
        if !member.is_going {
            self.live += by;
            self.ready += by * i64::from(member.is_ready);
            self.updated += by * i64::from(member.is_updated);
        }
    }

    fn change(&mut self, node: &Name, change: impl FnOnce(&mut Place)) {
        let place = self.places.entry(node.clone()).or_default();
        let before = (place.is_node, place.active);
        change(place);
        let after = (place.is_node, place.active);
        if !place.is_node && place.pods.is_empty() {
            self.places.remove(node);
        }
        if before == after {
            return;
        }
        if let (true, count) = before
            && let Some(nodes) = self.by_count.get_mut(&count)
        {
            nodes.remove(node);
            if nodes.is_empty() {
                self.by_count.remove(&count);
            }
        }
        if let (true, count) = after {
            self.by_count.entry(count).or_default().insert(node.clone());
        }
    }

    /// How many are not being deleted.
    pub(crate) fn live(&self) -> i64 {
        self.live
    }

    /// How many of these are ready.
    pub(crate) fn ready(&self) -> i64 {
        self.ready
    }

    /// How many of these carry the current hash or template generation.
    pub(crate) fn updated(&self) -> i64 {
        self.updated
    }

    /// The nodes there are, by how many pods they have that are neither terminal nor being
    /// deleted.
    pub(crate) fn nodes_by_count(&self) -> impl Iterator<Item = (i64, &BTreeSet<Name>)> {
        self.by_count.iter().map(|(count, nodes)| (*count, nodes))
    }

    /// All pods, by name.
    pub(crate) fn pods<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = &'a Pod> {
        self.pods.keys().filter_map(|name| self.pod(store, name))
    }

    /// Those whose target is this node, by name.
    pub(crate) fn pods_on<'a>(
        &'a self,
        store: &'a Store,
        node: &str,
    ) -> impl Iterator<Item = &'a Pod> {
        let place = self.places.get(node);
        let names = place.into_iter().flat_map(|place| &place.pods);
        names.filter_map(|name| self.pod(store, name))
    }

    /// Name and uid of those whose target is this node and that are not being deleted.
    pub(crate) fn live_on(&self, node: &str) -> impl Iterator<Item = (&Name, &Name)> {
        let place = self.places.get(node);
        let names = place.into_iter().flat_map(|place| &place.pods);
        names.filter_map(|name| {
            let member = self.pods.get(name).filter(|it| !it.is_going)?;
            Some((name, &member.uid))
        })
    }

    fn pod<'a>(&self, store: &'a Store, name: &Name) -> Option<&'a Pod> {
        let key = Key {
            namespace: self.key.namespace.clone(),
            name: name.clone(),
        };
        store.pods.get(&key).map(|pod| &**pod)
    }
}

impl Member {
    fn active(&self) -> i64 {
        i64::from(!self.is_going && !self.is_terminal)
    }
}
