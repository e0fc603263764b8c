//! Other orders in which things could happen: any component may be quicker than another.
//!
//! [`Cluster::step`] does what is due first. Here whoever has something due may go next, whenever
//! that is due; what one component does for one object stays in its order. With
//! [`Cluster::outline`], which tells states apart by what they lead to and not by when or with
//! which names, all orders in which a small world can go can be tried.

use std::{collections::BTreeMap, fmt::Write};

use objects::{Millis, Name, Pod, controller_revision::HASH_LABEL};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Cluster, Key, Step,
    due::{Due, Patience},
    store::key_of,
};

/// Who does one thing after the other: a component, or the part of it that sees to one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    DaemonSet(Key),
    Scheduler,
    Preemption,
    Pod(Key),
    Node(Name),
    NodeLifecycle(Name),
    NodeLifecycleOfPod(Key),
    TaintEviction,
    ApiServer,
    PodGc,
    GarbageCollector,
}

impl Lane {
    fn of(due: &Due) -> Self {
        match due {
            Due::DaemonSetSync(key) | Due::DaemonSetWrite(key) | Due::DaemonSetRequeue(key) => {
                Self::DaemonSet(key.clone())
            }
            Due::Schedule | Due::ScheduleAgain(_) => Self::Scheduler,
            Due::Preempt { .. } => Self::Preemption,
            Due::KubeletPod { pod, .. } => Self::Pod(pod.clone()),
            Due::KubeletPressure { node }
            | Due::KubeletPressureEnds { node, .. }
            | Due::KubeletReady { node } => Self::Node(node.clone()),
            Due::LeaseCheck { node } | Due::NodeTaints { node } | Due::NodeNoExecute { node } => {
                Self::NodeLifecycle(node.clone())
            }
            Due::PodNotReady { pod } => Self::NodeLifecycleOfPod(pod.clone()),
            Due::TaintEviction { .. } => Self::TaintEviction,
            Due::EventExpiry => Self::ApiServer,
            Due::PodGc => Self::PodGc,
            Due::GarbageCollect { .. } => Self::GarbageCollector,
        }
    }
}

/// Something that may happen next.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    at: (Millis, u64),
    pub due: Due,
}

impl Cluster {
    /// What may happen next, if any component may be quicker than the others; none if the world
    /// is quiet. Retries that wait out a back-off are left to wait.
    pub fn choices(&self) -> Vec<Choice> {
        let mut first = BTreeMap::new();
        for (at, due, patience) in self.due.iter() {
            if patience == Patience::Awaited {
                first.entry(Lane::of(due)).or_insert_with(|| Choice {
                    at: *at,
                    due: due.clone(),
                });
            }
        }
        first.into_values().collect()
    }

    /// Lets something happen that may happen next; time goes on to when it is due. What changed
    /// an object, if anything did.
    pub fn choose(&mut self, choice: &Choice) -> Option<Step> {
        let (time, due) = self.due.take(&choice.at)?;
        self.happen(time, due)
    }

    /// All of the state that decides what can come of it, as text: the same for two states that
    /// differ in times, and in names, uids and numbers drawn or counted up.
    pub fn outline(&self) -> String {
        let names = Names::new(self);
        let mut text = String::new();
        self.outline_objects(&names, &mut text);
        // Each component says itself what it holds.
        add(&mut text, &names, &self.daemonset_controller);
        add(&mut text, &names, &self.scheduler);
        add(&mut text, &names, &self.kubelets);
        add(&mut text, &names, &self.images);
        add(&mut text, &names, &self.node_lifecycle);
        add(&mut text, &names, &self.taint_eviction);
        add(&mut text, &names, &self.pod_gc);
        add(&mut text, &names, &self.garbage_collector);
        add(&mut text, &names, &self.stopped);
        let mut due: BTreeMap<Lane, Vec<&Due>> = BTreeMap::new();
        for (_, it, patience) in self.due.iter() {
            if patience == Patience::Awaited {
                due.entry(Lane::of(it)).or_default().push(it);
            }
        }
        let mut due: Vec<String> = due.values().map(|it| names.outline(it)).collect();
        due.sort_unstable();
        text += &due.join(",");
        text
    }

    fn outline_objects(&self, names: &Names, text: &mut String) {
        let store = &self.store;
        for (name, node) in store.nodes.iter() {
            let _ = write!(text, "{name}");
            for condition in &node.status.conditions {
                let _ = write!(text, " {:?}", condition.status);
            }
            for taint in &node.spec.taints {
                let _ = write!(text, " {taint}");
            }
            let _ = write!(
                text,
                " {:?}{}",
                node.metadata.labels, node.spec.unschedulable
            );
        }
        for (key, it) in store.daemon_sets.iter() {
            let (metadata, hash) = (&it.metadata, store.current_hash(it));
            let _ = write!(
                text,
                "\n{key} {} {} {hash} {:?} {:?} {:?}",
                names.of(&metadata.uid),
                metadata.generation,
                metadata.finalizers,
                it.status.counters(),
                it.status.observed_generation,
            );
        }
        for (key, revision) in store.controller_revisions.iter() {
            let _ = write!(text, "\n{key} {}", revision.revision);
            for owner in &*revision.metadata.owner_references {
                let _ = write!(text, " {}", names.of(&owner.uid));
            }
        }
        for pod in names.pods.iter().filter_map(|key| store.pods.get(key)) {
            let metadata = &pod.metadata;
            let _ = write!(
                text,
                "\n{} {} {:?} {} {:?} {:?}",
                names.of(&metadata.name),
                pod.spec.node_name,
                pod.status.phase,
                pod.is_ready(),
                metadata.labels.get(HASH_LABEL),
                metadata.deletion_grace_period_seconds,
            );
            for status in &pod.status.container_statuses {
                let state = &status.state;
                let runs = (state.running.is_some(), state.terminated.is_some());
                let _ = write!(text, " {runs:?}{}", status.ready);
            }
            for owner in &*metadata.owner_references {
                let _ = write!(text, " {}", names.of(&owner.uid));
            }
        }
        text.push('\n');
    }
}

/// What tells when something was or will be, how often, or by which number, under the name that it
/// has in a component.
const UNTOLD: [&str; 23] = [
    "addresses_given",
    "at",
    "delay",
    "failed_pods_backoff",
    "failures",
    "joins_at",
    "last_lease",
    "lease_offset",
    "looks_until",
    "missing_since",
    "n_due",
    "next_no_execute",
    "pull_back_off",
    "pull_takes",
    "pulls_until",
    "restart_back_off",
    "sequence",
    "since",
    "times",
    "tries",
    "until",
    "waiting_since",
    "watches_since",
];

/// Names and uids drawn by chance, and what is said instead.
struct Names {
    /// Pods by the node they are for, the older ones first.
    pods: Vec<Key>,
    instead: BTreeMap<Name, String>,
}

impl Names {
    fn new(cluster: &Cluster) -> Self {
        let store = &cluster.store;
        let mut instead = BTreeMap::new();
        for (key, daemon_set) in store.daemon_sets.iter() {
            instead.insert(daemon_set.metadata.uid.clone(), format!("uid of {key}"));
        }
        let mut pods: Vec<&Pod> = store.pods.values().map(|it| &**it).collect();
        pods.sort_by_key(|it| {
            let (metadata, node) = (&it.metadata, it.target_node().unwrap_or_default());
            (node, metadata.creation_timestamp, &metadata.name)
        });
        let drawn = pods
            .iter()
            .filter(|it| !it.metadata.generate_name.is_empty());
        for (i, pod) in drawn.enumerate() {
            instead.insert(pod.metadata.name.clone(), format!("pod {i}"));
            instead.insert(pod.metadata.uid.clone(), format!("uid of pod {i}"));
        }
        let pods = pods.iter().map(|it| key_of(&it.metadata)).collect();
        Self { pods, instead }
    }

    fn of<'a>(&'a self, name: &'a str) -> &'a str {
        let name = name.rsplit('/').next().unwrap_or(name);
        match self.instead.get(name) {
            Some(instead) => instead,
            // Of something that is gone.
            None if name.len() == 36 => "uid",
            None => name,
        }
    }

    fn outline(&self, value: &impl Serialize) -> String {
        let value = serde_json::to_value(value).unwrap_or_default();
        let mut text = String::new();
        self.write(&value, &mut text);
        text
    }

    fn write(&self, value: &Value, text: &mut String) {
        match value {
            Value::Object(fields) => {
                text.push('{');
                let mut fields: Vec<_> = fields
                    .iter()
                    .filter(|(name, _)| !UNTOLD.contains(&name.as_str()))
                    .map(|(name, value)| (self.of(name), value))
                    .collect();
                fields.sort_by_key(|(name, _)| *name);
                for (name, value) in fields {
                    text.push_str(name);
                    text.push(':');
                    self.write(value, text);
                    text.push(' ');
                }
                text.push('}');
            }
            Value::Array(items) => {
                text.push('[');
                for item in items {
                    self.write(item, text);
                    text.push(' ');
                }
                text.push(']');
            }
            Value::String(name) => text.push_str(self.of(name)),
            other => {
                let _ = write!(text, "{other}");
            }
        }
    }
}

fn add(text: &mut String, names: &Names, part: &impl Serialize) {
    text.push_str(&names.outline(part));
    text.push('\n');
}
