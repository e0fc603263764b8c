//! Many nodes as a field of marks, each still there to be found.

use std::{collections::BTreeMap, rc::Rc};

use cluster::{Key, Kind, ObjectRef};
use objects::{Name, Pod};

use super::{
    Revisions,
    nodes::{Mark, mark, natural},
};
use crate::model::{Model, Selected, Theme};

/// A node as a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    pub name: Name,
    /// Of its daemon pod; `None`: it has none.
    pub mark: Option<Mark>,
    pub is_current: bool,
    pub is_bad: bool,
    pub is_cordoned: bool,
    pub is_now: bool,
    pub is_selected: bool,
    /// Whether it is among those that are looked for.
    pub is_found: bool,
}

/// Nodes that are shown together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// `zone=a`, or nothing if there is one group only.
    pub title: String,
    pub dots: Vec<Dot>,
}

/// All nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldView {
    pub groups: Rc<Vec<Group>>,
    pub n_found: usize,
    /// Labels that put nodes together: few values, many nodes.
    pub keys: Vec<String>,
    /// The marks are drawn in its colours.
    pub theme: Theme,
}

/// A label with more values than this puts nothing together.
const VALUES_MAX: usize = 24;

pub fn field(model: &Model) -> FieldView {
    let cluster = model.work.cluster();
    let store = cluster.store();
    let owner = model.daemon_set().map(|it| it.metadata.uid.clone());
    let revisions = Revisions::of(cluster);
    let mut pods: BTreeMap<&str, &Pod> = BTreeMap::new();
    for pod in store.pods.values() {
        let controller = pod.metadata.controller();
        let is_own = controller.is_some_and(|it| Some(&it.uid) == owner.as_ref());
        if let Some(node) = pod.target_node().filter(|_| is_own) {
            // Of an old and a new pod the one that stays.
            let place = pods.entry(node).or_insert(pod);
            if place.metadata.is_being_deleted() {
                *place = pod;
            }
        }
    }
    let now = model
        .work
        .timeline()
        .last_step()
        .and_then(|step| step.object.clone());
    let now_pod: Option<&Key> = now
        .as_ref()
        .filter(|it| it.kind == Kind::Pod)
        .map(|it| &it.key);
    let find = model.find.trim().to_lowercase();
    let mut values: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut groups: BTreeMap<String, Vec<Dot>> = BTreeMap::new();
    let mut n_found = 0;
    for (name, node) in store.nodes.iter() {
        for (key, value) in node.metadata.labels.iter() {
            let of_key = values.entry(key).or_default();
            if of_key.len() <= VALUES_MAX {
                *of_key.entry(value).or_default() += 1;
            }
        }
        let pod = pods.get(&**name).copied();
        let is_found =
            !find.is_empty()
                && (name.to_lowercase().contains(&find)
                    || node.metadata.labels.iter().any(|(key, value)| {
                        format!("{key}={value}").to_lowercase().contains(&find)
                    }));
        n_found += usize::from(is_found);
        let is_now = now == Some(ObjectRef::node(name))
            || pod.is_some_and(|pod| {
                now_pod.is_some_and(|key| {
                    key.name == pod.metadata.name && key.namespace == pod.metadata.namespace
                })
            });
        let dot = Dot {
            name: name.clone(),
            mark: pod.map(|pod| mark(cluster, pod, name)),
            is_current: pod.is_some_and(|pod| revisions.of_pod(pod).1),
            is_bad: !node.is_ready(),
            is_cordoned: node.spec.unschedulable,
            is_now,
            is_selected: model.selected == Some(Selected::Node(name.clone())),
            is_found,
        };
        let group = match &model.group_by {
            Some(key) => match node.metadata.labels.get(key) {
                Some(value) => format!("{key}={value}"),
                None => format!("without {key}"),
            },
            None => String::new(),
        };
        groups.entry(group).or_default().push(dot);
    }
    let n_nodes = store.nodes.len();
    let puts_together = |(key, values): (&str, BTreeMap<&str, usize>)| {
        let has = values.values().sum::<usize>();
        let few = values.len() <= VALUES_MAX && (values.len() > 1 || has < n_nodes);
        few.then(|| key.to_owned())
    };
    let keys = values.into_iter().filter_map(puts_together).collect();
    let groups = groups.into_iter().map(|(title, mut dots)| {
        dots.sort_by(|a, b| natural(&a.name).cmp(&natural(&b.name)));
        Group { title, dots }
    });
    FieldView {
        groups: Rc::new(groups.collect()),
        n_found,
        keys,
        theme: model.theme,
    }
}
