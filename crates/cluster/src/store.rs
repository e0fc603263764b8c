//! The objects there are, by kind and name.

use std::{collections::BTreeSet, fmt, rc::Rc};

use objects::{
    ControllerRevision, DaemonSet, Event, Name, Node, Pod, controller_revision::HASH_LABEL,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::sorted_map::SortedMap;

/// Namespace and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub namespace: Name,
    pub name: Name,
}

impl Key {
    pub fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
        }
    }
}

/// `NAMESPACE/NAME`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// As text, so that it can be a key in JSON.
impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (namespace, name) = text.split_once('/').unwrap_or(("", &text));
        Ok(Self::new(namespace, name))
    }
}

/// The kinds that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    Node,
    DaemonSet,
    Pod,
    ControllerRevision,
    Event,
    /// Any other, which no rule reads. Its name is the whole of `KIND/NAMESPACE/NAME`.
    Other,
}

impl Kind {
    /// As it stands in `kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::DaemonSet => "DaemonSet",
            Self::Pod => "Pod",
            Self::ControllerRevision => "ControllerRevision",
            Self::Event => "Event",
            Self::Other => "Object",
        }
    }

    /// As the API server says of an object that breaks its rules: `DaemonSet.apps`.
    pub fn qualified(self) -> &'static str {
        match self {
            Self::DaemonSet => "DaemonSet.apps",
            Self::ControllerRevision => "ControllerRevision.apps",
            other => other.as_str(),
        }
    }

    /// As kubectl and the API server name it in messages: `daemonsets.apps`.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Node => "nodes",
            Self::DaemonSet => "daemonsets.apps",
            Self::Pod => "pods",
            Self::ControllerRevision => "controllerrevisions.apps",
            Self::Event => "events",
            Self::Other => "objects",
        }
    }
}

/// Objects by kind. Each is shared with the steps and checkpoints that hold it, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Store {
    pub nodes: SortedMap<Name, Rc<Node>>,
    pub daemon_sets: SortedMap<Key, Rc<DaemonSet>>,
    pub pods: SortedMap<Key, Rc<Pod>>,
    pub controller_revisions: SortedMap<Key, Rc<ControllerRevision>>,
    pub events: SortedMap<Key, Rc<Event>>,
    /// Objects of kinds that no rule reads, by `KIND/NAMESPACE/NAME`.
    pub others: SortedMap<String, Rc<Value>>,
    /// Pods bound to each node.
    #[serde(skip)]
    bound: SortedMap<Name, Rc<Bound>>,
    /// How many pods have run to their end.
    #[serde(skip)]
    n_terminated: usize,
}

/// The pods bound to a node. Those that have ended can be very many, and few rules ask for them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Bound {
    non_terminated: BTreeSet<Key>,
    terminated: BTreeSet<Key>,
}

impl Bound {
    fn of(&mut self, pod: &Pod) -> &mut BTreeSet<Key> {
        match pod.is_terminal() {
            true => &mut self.terminated,
            false => &mut self.non_terminated,
        }
    }
}

impl Store {
    /// The pods bound to a node, by name.
    pub fn pods_on(&self, node: &str) -> impl Iterator<Item = &Rc<Pod>> {
        let bound = self.bound.get(node).into_iter();
        let keys = bound.flat_map(|it| it.non_terminated.union(&it.terminated));
        keys.filter_map(|key| self.pods.get(key))
    }

    /// Those of them that have not run to their end, by name.
    pub fn non_terminated_on(&self, node: &str) -> impl Iterator<Item = &Rc<Pod>> {
        let bound = self.bound.get(node).into_iter();
        let keys = bound.flat_map(|it| &it.non_terminated);
        keys.filter_map(|key| self.pods.get(key))
    }

    /// The pods of a namespace, by name.
    pub fn pods_in(&self, namespace: &Name) -> impl Iterator<Item = &Rc<Pod>> {
        in_namespace(&self.pods, namespace)
    }

    /// The revisions of a namespace, by name.
    pub fn revisions_in(&self, namespace: &Name) -> impl Iterator<Item = &Rc<ControllerRevision>> {
        in_namespace(&self.controller_revisions, namespace)
    }

    /// The pods that a DaemonSet controls, by name.
    pub fn pods_of(&self, daemon_set: &DaemonSet) -> impl Iterator<Item = &Rc<Pod>> {
        let uid = daemon_set.metadata.uid.clone();
        self.pods_in(&daemon_set.metadata.namespace)
            .filter(move |pod| {
                pod.metadata
                    .controller()
                    .is_some_and(|owner| owner.uid == uid)
            })
    }

    /// The number of the revision whose hash a pod of a DaemonSet carries.
    pub fn revision_of(&self, daemon_set: &DaemonSet, pod: &Pod) -> Option<i64> {
        let hash = pod.metadata.labels.get(HASH_LABEL)?;
        let uid = &daemon_set.metadata.uid;
        let owned = |it: &&Rc<ControllerRevision>| {
            it.metadata
                .controller()
                .is_some_and(|owner| owner.uid == *uid)
        };
        let mut revisions = self
            .revisions_in(&daemon_set.metadata.namespace)
            .filter(owned);
        revisions
            .find(|it| it.hash() == Some(hash))
            .map(|it| it.revision)
    }

    /// The hash of the revision that holds a DaemonSet's template; empty if there is none yet.
    pub fn current_hash(&self, daemon_set: &DaemonSet) -> String {
        let revisions = self.revisions_in(&daemon_set.metadata.namespace);
        let held = revisions.filter(|it| it.holds(&daemon_set.spec.template));
        held.max_by_key(|it| it.revision)
            .and_then(|it| it.hash().cloned())
            .unwrap_or_default()
    }

    /// How many pods have run to their end, well or badly.
    pub fn n_terminated(&self) -> usize {
        self.n_terminated
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
            + self.daemon_sets.len()
            + self.pods.len()
            + self.controller_revisions.len()
            + self.events.len()
            + self.others.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An object of a kind that no rule of the store knows.
    pub fn other(&self, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        let name = format!("{kind}/{namespace}/{name}");
        self.others.get(&name).map(Rc::as_ref)
    }

    /// All objects of such a kind.
    pub fn others_of(&self, kind: &str) -> impl Iterator<Item = &Value> {
        let first = format!("{kind}/");
        let all = self.others.range_from(&first);
        all.take_while(move |(name, _)| name.starts_with(&first))
            .map(|(_, it)| &**it)
    }

    pub(crate) fn put_other(&mut self, value: Value) {
        self.others.insert(other_name(&value), Rc::new(value));
    }

    pub(crate) fn put_pod(&mut self, pod: Rc<Pod>) {
        let key = key_of(&pod.metadata);
        let before = match self.pods.get_mut(&key) {
            Some(place) => Some(std::mem::replace(place, Rc::clone(&pod))),
            None => self.pods.insert(key.clone(), Rc::clone(&pod)),
        };
        let count = |pod: &Rc<Pod>| usize::from(pod.is_terminal());
        self.n_terminated += count(&pod);
        self.n_terminated -= before.as_ref().map_or(0, count);
        // Most often it stays where it is.
        let place = |pod: &Rc<Pod>| (pod.spec.node_name.clone(), pod.is_terminal());
        if before.as_ref().map(place) == Some(place(&pod)) {
            return;
        }
        if let Some(before) = before {
            self.unbind(&key, &before);
        }
        if !pod.spec.node_name.is_empty() {
            let bound = self.bound.or_default(&pod.spec.node_name);
            Rc::make_mut(bound).of(&pod).insert(key);
        }
    }

    pub(crate) fn take_pod(&mut self, key: &Key) -> Option<Rc<Pod>> {
        let pod = self.pods.remove(key)?;
        self.unbind(key, &pod);
        self.n_terminated -= usize::from(pod.is_terminal());
        Some(pod)
    }

    fn unbind(&mut self, key: &Key, pod: &Pod) {
        if let Some(bound) = self.bound.get_mut(&pod.spec.node_name) {
            Rc::make_mut(bound).of(pod).remove(key);
            if bound.non_terminated.is_empty() && bound.terminated.is_empty() {
                self.bound.remove(&pod.spec.node_name);
            }
        }
    }
}

/// `KIND/NAMESPACE/NAME`.
pub(crate) fn other_name(value: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, metadata) = (text(&value["kind"]), &value["metadata"]);
    let (namespace, name) = (text(&metadata["namespace"]), text(&metadata["name"]));
    format!("{kind}/{namespace}/{name}")
}

/// The key of an object with this metadata.
pub fn key_of(metadata: &objects::ObjectMeta) -> Key {
    Key {
        namespace: metadata.namespace.clone(),
        name: metadata.name.clone(),
    }
}

fn in_namespace<'a, T: Clone>(
    objects: &'a SortedMap<Key, T>,
    namespace: &Name,
) -> impl Iterator<Item = &'a T> + use<'a, T> {
    let namespace = namespace.clone();
    let first = Key {
        namespace: namespace.clone(),
        name: Name::default(),
    };
    objects
        .range_from(&first)
        .take_while(move |(key, _)| key.namespace == namespace)
        .map(|(_, it)| it)
}
