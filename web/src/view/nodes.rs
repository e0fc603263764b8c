//! Nodes as cards: how each is, what is on it, and why there is nothing.

use std::{collections::BTreeMap, rc::Rc};

use cluster::{Cluster, Key, ObjectRef, Step, kubelet::Power, store::key_of};
use controller::placement::Rules;
use objects::{Condition, ConditionStatus, ConditionType, DaemonSet, Name, Node, Phase, Pod};

use super::Revisions;
use crate::{
    model::{Model, Selected, documents::asked_for},
    text,
};

/// The most nodes that are shown as cards.
pub const CARDS_MAX: usize = 60;
/// The most pods of other owners that a card names; of the rest it says how many.
const OTHERS_MAX: usize = 3;

/// The shape of a pod's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A disc: ready.
    Ready,
    /// A half disc: containers are being started, or run and are not ready.
    Starting,
    /// A dashed ring: waits for a node, or for its kubelet.
    Pending,
    /// A crossed ring: being deleted.
    Going,
    /// A triangle: nobody has heard of it, or it has failed.
    Lost,
}

impl Mark {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Starting => "starting",
            Self::Pending => "pending",
            Self::Going => "being deleted",
            Self::Lost => "failed or lost",
        }
    }
}

/// A pod as a card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct PodView {
    pub key: Key,
    /// The node it is on, or waits for.
    pub node: Name,
    /// kubectl's STATUS cell.
    pub status: String,
    pub mark: Mark,
    /// The number of its revision, if a DaemonSet made it.
    pub revision: Option<i64>,
    /// Whether that revision is the current one.
    pub is_current: bool,
    /// What stands behind its name.
    pub word: String,
    /// kubectl's READY, RESTARTS and AGE.
    pub ready: String,
    pub restarts: String,
    pub age: String,
    /// The current step is about it.
    pub is_now: bool,
    pub is_selected: bool,
}

/// How full a node is of something, in hundredths; and in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    pub percent: i64,
    pub words: String,
}

/// A node as a card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    pub name: Name,
    pub roles: String,
    /// kubectl's STATUS cell.
    pub status: String,
    pub health: Health,
    /// Whether its machine is on; a node of a dump has none.
    pub power: Option<Power>,
    /// Whether its kubelet runs.
    pub kubelet_runs: bool,
    pub cordoned: bool,
    /// What it runs short of.
    pub pressures: Vec<&'static str>,
    /// Whether the Node object is there.
    pub exists: bool,
    /// Labels that matter here, `KEY=VALUE`.
    pub labels: Vec<String>,
    /// Taints, shortened and whole.
    pub taints: Vec<(String, String)>,
    pub room: Option<Room>,
    pub pods: Vec<PodView>,
    /// How many pods of other owners are not among them.
    pub n_more_pods: usize,
    /// Why no pod is here, and what would change that.
    pub empty: Option<(String, Option<String>)>,
    pub is_now: bool,
    pub is_selected: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Good,
    Cordoned,
    Bad,
}

/// What all cards have in common, asked once.
struct Asked<'a> {
    cluster: &'a Cluster,
    step: Option<&'a Step>,
    selected: Option<&'a Selected>,
    revisions: Revisions,
    rules: Vec<(Rules<'a>, &'a DaemonSet)>,
    /// Label keys that a DaemonSet asks for, be it there or only written.
    keys: Vec<String>,
}

impl<'a> Asked<'a> {
    fn of(model: &'a Model) -> Self {
        let cluster = model.work.cluster();
        let daemon_sets = || cluster.store().daemon_sets.values();
        Self {
            cluster,
            step: model.work.timeline().last_step(),
            selected: model.selected.as_ref(),
            revisions: Revisions::of(cluster),
            rules: daemon_sets().map(|it| (Rules::new(it), &**it)).collect(),
            keys: {
                let documents = model.documents.all().iter();
                let written = documents.flat_map(|it| it.asks_for.iter().cloned());
                let there = daemon_sets().flat_map(|it| asked_for(it));
                written.chain(there).collect()
            },
        }
    }

    fn is_now(&self, object: &ObjectRef) -> bool {
        self.step
            .is_some_and(|step| step.object.as_ref() == Some(object))
    }
}

/// All nodes by name, control planes first; then nodes that are gone and still have pods.
pub fn nodes(model: &Model) -> Vec<Rc<NodeView>> {
    let cluster = model.work.cluster();
    let store = cluster.store();
    let asked = Asked::of(model);
    let mut pods: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in store.pods.values() {
        if let Some(node) = pod.target_node() {
            pods.entry(node).or_default().push(pod);
        }
    }
    let mut views: Vec<NodeView> = Vec::new();
    for (name, node) in store.nodes.iter() {
        let pods = pods.remove(&**name).unwrap_or_default();
        views.push(node_view(node, &pods, &asked));
    }
    views.sort_by(|a, b| {
        let rank = |view: &NodeView| !view.roles.contains("control-plane");
        (rank(a), natural(&a.name)).cmp(&(rank(b), natural(&b.name)))
    });
    views.extend(
        pods.into_iter()
            .map(|(name, pods)| gone(name, &pods, &asked)),
    );
    views.into_iter().map(Rc::new).collect()
}

/// One node by its name, as the card that many nodes leave room for.
pub fn node(model: &Model, name: &str) -> Option<Rc<NodeView>> {
    let store = model.work.cluster().store();
    let node = store.nodes.get(name)?;
    let pods = store
        .pods
        .values()
        .filter(|it| it.target_node() == Some(name));
    let pods: Vec<&Pod> = pods.map(|it| &**it).collect();
    Some(Rc::new(node_view(node, &pods, &Asked::of(model))))
}

/// A name by which it is sorted: what stands before its number, and that.
pub(super) type Natural<'a> = (&'a str, u64);

/// `worker-10` comes after `worker-9`.
pub(super) fn natural(name: &str) -> Natural<'_> {
    let end = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (end, name[end.len()..].parse().unwrap_or(0))
}

fn gone(name: &str, pods: &[&Pod], asked: &Asked<'_>) -> NodeView {
    let (pods, n_more_pods) = pod_views(pods, asked);
    NodeView {
        name: name.into(),
        roles: String::new(),
        status: text::NODE_GONE.into(),
        health: Health::Bad,
        power: None,
        kubelet_runs: false,
        cordoned: false,
        pressures: Vec::new(),
        exists: false,
        labels: Vec::new(),
        taints: Vec::new(),
        room: None,
        pods,
        n_more_pods,
        empty: None,
        is_now: false,
        is_selected: false,
    }
}

/// Pods of DaemonSets first, then as many others as fit.
fn pod_views(pods: &[&Pod], asked: &Asked<'_>) -> (Vec<PodView>, usize) {
    let of_daemon = |pod: &Pod| {
        pod.metadata
            .controller()
            .is_some_and(|it| it.kind == "DaemonSet")
    };
    let (daemons, others): (Vec<&Pod>, Vec<&Pod>) = pods.iter().partition(|pod| of_daemon(pod));
    let n_more = others.len().saturating_sub(OTHERS_MAX);
    let shown = daemons
        .into_iter()
        .chain(others.into_iter().take(OTHERS_MAX));
    (shown.map(|pod| pod_view(pod, asked)).collect(), n_more)
}

fn pod_view(pod: &Pod, asked: &Asked<'_>) -> PodView {
    let key = key_of(&pod.metadata);
    let node = pod.target_node().map(Name::from).unwrap_or_default();
    let status = pod.status_cell();
    let mark = mark(asked.cluster, pod, &node);
    let (revision, is_current) = asked.revisions.of_pod(pod);
    let word = match (mark, revision) {
        (Mark::Ready, Some(revision)) => format!("rev {revision}"),
        (Mark::Ready, None) | (Mark::Going | Mark::Pending, _) => status.clone(),
        (Mark::Lost, _) if status == "Running" => "out of touch".into(),
        (Mark::Starting, _) if status == "Running" => "not ready yet".into(),
        (Mark::Lost | Mark::Starting, _) => status.clone(),
    };
    let now = asked.cluster.unix_now();
    let (ready, restarts) = kubectl::cells::ready_and_restarts(pod, now);
    PodView {
        is_now: asked.is_now(&ObjectRef::pod(&key)),
        is_selected: asked.selected == Some(&Selected::Pod(key.clone())),
        age: kubectl::cells::age(pod.metadata.creation_timestamp, now),
        key,
        node,
        status,
        mark,
        revision,
        is_current,
        word,
        ready,
        restarts,
    }
}

pub(super) fn mark(cluster: &Cluster, pod: &Pod, node: &str) -> Mark {
    let node_is_lost = || {
        cluster.store().nodes.get(node).is_none_or(|node| {
            node.condition(&ConditionType::Ready)
                .is_some_and(|it| it.status == ConditionStatus::Unknown)
        })
    };
    match pod.status.phase {
        _ if pod.metadata.is_being_deleted() => Mark::Going,
        Phase::Failed | Phase::Unknown => Mark::Lost,
        Phase::Running if pod.is_ready() => Mark::Ready,
        Phase::Running if node_is_lost() => Mark::Lost,
        Phase::Running | Phase::Succeeded => Mark::Starting,
        Phase::Pending if pod.status.container_statuses.is_empty() => Mark::Pending,
        Phase::Pending => Mark::Starting,
    }
}

/// `node.kubernetes.io/unreachable` is `unreachable`.
fn short(key: &str) -> &str {
    match key.split_once('/') {
        Some((prefix, name)) if prefix.ends_with("kubernetes.io") => name,
        _ => key,
    }
}

/// Labels that a DaemonSet asks for, and those that people gave.
fn labels(node: &Node, keys: &[String]) -> Vec<String> {
    let by_kubernetes = |key: &str| {
        key.split_once('/').is_some_and(|(prefix, _)| {
            prefix.ends_with("kubernetes.io") || prefix.ends_with("k8s.io")
        })
    };
    let everybody_has = |key: &str, value: &str| key == "kubernetes.io/os" && value == "linux";
    let labels = node.metadata.labels.iter();
    let matters = labels.filter(|(key, value)| {
        !by_kubernetes(key) || (keys.contains(key) && !everybody_has(key, value))
    });
    matters
        .map(|(key, value)| match value.as_str() {
            "" => key.clone(),
            value => format!("{key}={value}"),
        })
        .collect()
}

fn node_view(node: &Node, pods: &[&Pod], asked: &Asked<'_>) -> NodeView {
    let name = &node.metadata.name;
    let (views, n_more_pods) = pod_views(pods, asked);
    let has_daemon = views.iter().any(|pod| pod.revision.is_some());
    let is_true = |type_: ConditionType| {
        node.condition(&type_)
            .is_some_and(|it: &Condition| it.status == ConditionStatus::True)
    };
    let pressures = [
        (ConditionType::DiskPressure, "disk"),
        (ConditionType::MemoryPressure, "memory"),
        (ConditionType::PIDPressure, "pid"),
    ];
    NodeView {
        name: name.clone(),
        roles: roles(node),
        status: node.status_cell(),
        health: match (node.is_ready(), node.spec.unschedulable) {
            (false, _) => Health::Bad,
            (true, true) => Health::Cordoned,
            (true, false) => Health::Good,
        },
        power: asked.cluster.power(name),
        kubelet_runs: asked.cluster.kubelet_runs(name) == Some(true),
        cordoned: node.spec.unschedulable,
        pressures: pressures
            .into_iter()
            .filter(|(type_, _)| is_true(type_.clone()))
            .map(|(_, what)| what)
            .collect(),
        exists: true,
        labels: labels(node, &asked.keys),
        taints: node
            .spec
            .taints
            .iter()
            .map(|taint| {
                let whole = taint.to_string();
                (whole.replacen(&taint.key, short(&taint.key), 1), whole)
            })
            .collect(),
        room: room(node, pods),
        empty: (!has_daemon).then(|| nothing_here(node, asked)),
        pods: views,
        n_more_pods,
        is_now: asked.is_now(&ObjectRef::node(name)),
        is_selected: asked.selected == Some(&Selected::Node(name.clone())),
    }
}

fn roles(node: &Node) -> String {
    let labels = node.metadata.labels.keys();
    let roles = labels.filter_map(|key| key.strip_prefix("node-role.kubernetes.io/"));
    roles.collect::<Vec<_>>().join(",")
}

/// How much of its CPU and memory is asked for, the fuller of the two.
fn room(node: &Node, pods: &[&Pod]) -> Option<Room> {
    let of = |resource: &str, unit: fn(i128) -> String| {
        let allocatable = node.status.allocatable.get(resource)?.milli()?;
        let requested: i128 = pods
            .iter()
            .filter(|pod| !pod.is_terminal())
            .filter_map(|pod| Some(pod.requests().get(resource)?.milli()))
            .sum();
        let percent = (requested * 100).checked_div(allocatable)?;
        let words = format!("{resource} {} of {}", unit(requested), unit(allocatable));
        Some((i64::try_from(percent).unwrap_or(i64::MAX), words))
    };
    let cpu = of("cpu", |milli| format!("{milli}m"))?;
    let memory = of("memory", |milli| format!("{}Mi", milli / 1000 / (1 << 20)))?;
    Some(Room {
        percent: cpu.0.max(memory.0),
        words: format!("Requested: {}, {}", cpu.1, memory.1),
    })
}

fn nothing_here(node: &Node, asked: &Asked<'_>) -> (String, Option<String>) {
    if asked.rules.is_empty() {
        return (text::NOTHING_TO_RUN.into(), None);
    }
    let mut no = None;
    for (rules, daemon_set) in &asked.rules {
        let decision = rules.decide(node);
        if decision.should_run {
            return (text::NO_POD_YET.into(), None);
        }
        let name = match asked.rules.len() {
            1 => String::new(),
            _ => format!("{}: ", daemon_set.metadata.name),
        };
        let because = format!("No pod: {name}{}", decision.because);
        let remedies: Option<Vec<String>> = rules
            .trace(node)
            .iter()
            .filter(|check| !check.passed)
            .map(|check| Some(check.remedy()?.to_string()))
            .collect();
        let remedy = remedies
            .filter(|it| !it.is_empty())
            .map(|it| it.join(", and "));
        no.get_or_insert((because, remedy));
    }
    no.unwrap_or((text::NO_POD_YET.into(), None))
}
