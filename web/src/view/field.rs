//! Many nodes as a field of marks, each still there to be found.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use cluster::Kind;
use objects::{Name, Pod};

use super::{
    Revisions,
    nodes::{Mark, Natural, mark, natural},
};
use crate::model::{Model, Selected};

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

impl Dot {
    /// Whether the two are drawn the same.
    pub fn looks_like(&self, other: &Self) -> bool {
        let look = |it: &Self| {
            (
                (it.mark, it.is_current),
                (it.is_bad, it.is_cordoned),
                (it.is_now, it.is_selected, it.is_found),
            )
        };
        look(self) == look(other)
    }
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
}

/// A label with more values than this puts nothing together.
const VALUES_MAX: usize = 24;

pub fn field(model: &Model) -> FieldView {
    let cluster = model.work.cluster();
    let store = cluster.store();
    let owner = model.daemon_set().map(|it| it.metadata.uid.clone());
    let revisions = Revisions::of(cluster);
    let mut pods: HashMap<&str, &Pod> = HashMap::with_capacity(store.nodes.len());
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
    let last_step = model.work.timeline().last_step();
    let now = last_step.and_then(|step| step.object.as_ref());
    let now_of = |kind: Kind| now.filter(|it| it.kind == kind).map(|it| &it.key);
    let (now_pod, now_node) = (now_of(Kind::Pod), now_of(Kind::Node));
    let selected = match &model.selected {
        Some(Selected::Node(name)) => Some(name),
        _ => None,
    };
    let find = model.find.trim().to_lowercase();
    let mut values: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    // With what they are sorted by, as to compare is most of the work.
    let mut groups: BTreeMap<String, Vec<(Natural<'_>, Dot)>> = BTreeMap::new();
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
        let is_now = now_node.is_some_and(|it| it.name == *name)
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
            is_selected: selected == Some(name),
            is_found,
        };
        let group = match &model.group_by {
            Some(key) => match node.metadata.labels.get(key) {
                Some(value) => format!("{key}={value}"),
                None => format!("without {key}"),
            },
            None => String::new(),
        };
        groups.entry(group).or_default().push((natural(name), dot));
    }
    let n_nodes = store.nodes.len();
    let puts_together = |(key, values): (&str, BTreeMap<&str, usize>)| {
        let has = values.values().sum::<usize>();
        let few = values.len() <= VALUES_MAX && (values.len() > 1 || has < n_nodes);
        few.then(|| key.to_owned())
    };
    let keys = values.into_iter().filter_map(puts_together).collect();
    let groups = groups.into_iter().map(|(title, mut dots)| {
        dots.sort_by_key(|(natural, _)| *natural);
        let dots = dots.into_iter().map(|(_, dot)| dot).collect();
        Group { title, dots }
    });
    FieldView {
        groups: Rc::new(groups.collect()),
        n_found,
        keys,
    }
}
