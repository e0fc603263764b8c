//! What must hold at a moment.

use std::collections::BTreeMap;

use cluster::{Cluster, Key};
use controller::daemon_pods::Current;
use objects::{DaemonSet, Node, Pod};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// A number, or a bound.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    Exactly(i64),
    AtMost(i64),
    AtLeast(i64),
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let bound = |text: &str| text.trim().parse::<i64>().ok();
        let number = match &value {
            Value::Number(number) => number.as_i64().map(Self::Exactly),
            Value::String(text) => match (text.strip_prefix("<="), text.strip_prefix(">=")) {
                (Some(rest), _) => bound(rest).map(Self::AtMost),
                (_, Some(rest)) => bound(rest).map(Self::AtLeast),
                _ => bound(text).map(Self::Exactly),
            },
            _ => None,
        };
        number.ok_or_else(|| {
            de::Error::custom(format!(
                "expected a number, \"<= n\" or \">= n\", found {value}"
            ))
        })
    }
}

impl Number {
    fn check(&self, name: &str, found: i64, wrong: &mut Vec<String>) {
        let (holds, expected) = match self {
            Self::Exactly(n) => (found == *n, n.to_string()),
            Self::AtMost(n) => (found <= *n, format!("<= {n}")),
            Self::AtLeast(n) => (found >= *n, format!(">= {n}")),
        };
        if !holds {
            wrong.push(format!("{name}: expected {expected}, found {found}"));
        }
    }
}

/// An expectation: about a DaemonSet, a node, events, or an object's being there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expect {
    daemon_set: Option<String>,
    /// Counters; on a pod or node kubectl's STATUS cell.
    status: Option<Value>,
    pods: Option<Value>,
    each_node: Option<Number>,
    node: Option<String>,
    terminating: Option<Number>,
    ready: Option<bool>,
    restarts: Option<Number>,
    revision: Option<Number>,
    any_pod: Option<AnyPod>,
    taints: Option<Vec<String>>,
    event: Option<EventExpect>,
    exists: Option<String>,
    absent: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnyPod {
    status: Option<String>,
    ready: Option<bool>,
    node: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PodCounts {
    total: Option<Number>,
    ready: Option<Number>,
    updated: Option<Number>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventExpect {
    object: Option<String>,
    #[serde(rename = "type")]
    type_: Option<String>,
    reason: Option<String>,
    message: Option<String>,
    count: Option<Number>,
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

fn key(text: &str) -> Key {
    match text.split_once('/') {
        Some((namespace, name)) => Key::new(namespace, name),
        None => Key::new("default", text),
    }
}

fn restarts(pod: &Pod) -> i64 {
    pod.status
        .container_statuses
        .iter()
        .map(|it| it.restart_count)
        .sum()
}

fn typed<T: de::DeserializeOwned>(name: &str, value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|error| format!("{name}: {error}"))
}

impl Expect {
    /// What of it does not hold, each with what was expected and what was found.
    pub fn check(&self, cluster: &Cluster) -> Vec<String> {
        let mut wrong = Vec::new();
        if let Err(message) = self.check_into(cluster, &mut wrong) {
            wrong.push(message);
        }
        wrong
    }

    fn check_into(&self, cluster: &Cluster, wrong: &mut Vec<String>) -> Result<(), String> {
        let mut asked = false;
        for (object, wanted) in [(&self.exists, true), (&self.absent, false)] {
            if let Some(object) = object {
                asked = true;
                let there = exists(cluster, object)?;
                if there != wanted {
                    let found = if there {
                        "it exists"
                    } else {
                        "it does not exist"
                    };
                    wrong.push(format!("{object}: {found}"));
                }
            }
        }
        if let Some(event) = &self.event {
            asked = true;
            event.check(cluster, wrong);
        }
        match (&self.daemon_set, &self.node) {
            (Some(name), _) => {
                let daemon_set = cluster.store().daemon_sets.get(&key(name));
                let daemon_set =
                    daemon_set.ok_or_else(|| format!("daemon set {name} does not exist"))?;
                self.check_daemon_set(cluster, daemon_set, wrong)
            }
            (None, Some(name)) => {
                let node = cluster.store().nodes.get(name.as_str());
                let node = node.ok_or_else(|| format!("node {name} does not exist"))?;
                self.check_node(node, wrong)
            }
            (None, None) if asked => Ok(()),
            (None, None) => Err(
                "an expectation is about one of `daemonSet`, `node`, `event`, `exists`, `absent`"
                    .into(),
            ),
        }
    }

    fn check_node(&self, node: &Node, wrong: &mut Vec<String>) -> Result<(), String> {
        if let Some(status) = &self.status {
            let (expected, found): (String, _) = (typed("status", status)?, node.status_cell());
            if expected != found {
                wrong.push(format!("status: expected {expected}, found {found}"));
            }
        }
        if let Some(taints) = &self.taints {
            let mut missing: Vec<&str> = taints.iter().map(String::as_str).collect();
            let mut surplus = Vec::new();
            for taint in &node.spec.taints {
                let bare = format!("{}:{}", taint.key, taint.effect.as_str());
                let full = taint.to_string();
                match missing.iter().position(|it| *it == full || *it == bare) {
                    Some(found) => drop(missing.remove(found)),
                    None => surplus.push(full),
                }
            }
            if !missing.is_empty() || !surplus.is_empty() {
                wrong.push(format!(
                    "taints: missing {missing:?}, not expected {surplus:?}"
                ));
            }
        }
        Ok(())
    }

    fn check_daemon_set(
        &self,
        cluster: &Cluster,
        daemon_set: &DaemonSet,
        wrong: &mut Vec<String>,
    ) -> Result<(), String> {
        let store = cluster.store();
        let pods: Vec<&Pod> = store.pods_of(daemon_set).map(|pod| &**pod).collect();
        let live = |pod: &&&Pod| !pod.metadata.is_being_deleted();
        if let Some(node) = &self.node {
            return self.check_pods_on(cluster, daemon_set, node, &pods, wrong);
        }
        if let Some(status) = &self.status {
            let expected: BTreeMap<String, Number> = typed("status", status)?;
            for (name, number) in expected {
                let status = &daemon_set.status;
                let found = match name.as_str() {
                    "observedGeneration" => status.observed_generation,
                    "collisionCount" => status.collision_count.unwrap_or(0),
                    _ => {
                        let counter = status.counters().into_iter().find(|(it, _)| *it == name);
                        counter
                            .ok_or_else(|| format!("status: there is no counter {name:?}"))?
                            .1
                    }
                };
                number.check(&name, found, wrong);
            }
        }
        if let Some(counts) = &self.pods {
            let counts: PodCounts = typed("pods", counts)?;
            let hash = store.current_hash(daemon_set);
            let current = Current::new(daemon_set, &hash);
            let all = || pods.iter().filter(live);
            let found = [
                ("total", counts.total, count(all())),
                (
                    "ready",
                    counts.ready,
                    count(all().filter(|pod| pod.is_ready())),
                ),
                (
                    "updated",
                    counts.updated,
                    count(all().filter(|pod| current.includes(&pod.metadata.labels))),
                ),
            ];
            for (name, number, found) in found {
                if let Some(number) = number {
                    number.check(&format!("pods.{name}"), found, wrong);
                }
            }
        }
        if let Some(number) = &self.each_node {
            for node in store.nodes.keys() {
                let here = pods.iter().filter(live).filter(|pod| !pod.is_terminal());
                let here = count(here.filter(|pod| pod.target_node() == Some(node)));
                number.check(&format!("pods on {node}"), here, wrong);
            }
        }
        if let Some(any) = &self.any_pod {
            let fits = |pod: &&Pod| {
                any.status
                    .as_ref()
                    .is_none_or(|status| pod.status_cell() == *status)
                    && any.ready.is_none_or(|ready| pod.is_ready() == ready)
                    && any
                        .node
                        .as_ref()
                        .is_none_or(|node| pod.target_node() == Some(node))
            };
            if !pods.iter().any(fits) {
                let found: Vec<String> = pods.iter().map(|pod| pod.status_cell()).collect();
                wrong.push(format!("anyPod: no pod is so; their status is {found:?}"));
            }
        }
        Ok(())
    }

    fn check_pods_on(
        &self,
        cluster: &Cluster,
        daemon_set: &DaemonSet,
        node: &str,
        pods: &[&Pod],
        wrong: &mut Vec<String>,
    ) -> Result<(), String> {
        if !cluster.store().nodes.contains_key(node) {
            return Err(format!("node {node} does not exist"));
        }
        let here = pods.iter().filter(|pod| pod.target_node() == Some(node));
        let (going, live): (Vec<&Pod>, Vec<&Pod>) =
            here.partition(|pod| pod.metadata.is_being_deleted());
        if let Some(number) = &self.pods {
            typed::<Number>("pods", number)?.check("pods", count(live.iter()), wrong);
        }
        if let Some(number) = &self.terminating {
            number.check("terminating", count(going.iter()), wrong);
        }
        let about_one = self.status.is_some()
            || self.ready.is_some()
            || self.restarts.is_some()
            || self.revision.is_some();
        if !about_one {
            return Ok(());
        }
        let [pod] = live[..] else {
            return Err(format!(
                "expected exactly one pod on {node} that is not being deleted, found {}",
                live.len()
            ));
        };
        if let Some(status) = &self.status {
            let (expected, found): (String, _) = (typed("status", status)?, pod.status_cell());
            if expected != found {
                wrong.push(format!("status: expected {expected}, found {found}"));
            }
        }
        if let Some(ready) = self.ready.filter(|ready| *ready != pod.is_ready()) {
            wrong.push(format!("ready: expected {ready}, found {}", !ready));
        }
        if let Some(number) = &self.restarts {
            number.check("restarts", restarts(pod), wrong);
        }
        if let Some(number) = &self.revision {
            number.check(
                "revision",
                cluster.store().revision_of(daemon_set, pod).unwrap_or(0),
                wrong,
            );
        }
        Ok(())
    }
}

fn exists(cluster: &Cluster, object: &str) -> Result<bool, String> {
    let (kind, name) = object
        .split_once('/')
        .ok_or_else(|| format!("{object}: expected KIND/[NAMESPACE/]NAME"))?;
    let store = cluster.store();
    Ok(match kind.to_lowercase().as_str() {
        "node" | "nodes" | "no" => store.nodes.contains_key(name),
        "pod" | "pods" | "po" => store.pods.contains_key(&key(name)),
        "daemonset" | "daemonsets" | "ds" => store.daemon_sets.contains_key(&key(name)),
        "controllerrevision" | "controllerrevisions" => {
            store.controller_revisions.contains_key(&key(name))
        }
        _ => return Err(format!("{object}: unknown kind {kind:?}")),
    })
}

impl EventExpect {
    fn check(&self, cluster: &Cluster, wrong: &mut Vec<String>) {
        let fits = |event: &objects::Event| {
            let involved = &event.involved_object;
            let object_fits = self.object.as_ref().is_none_or(|wanted| {
                let (kind, name) = wanted.split_once('/').unwrap_or((wanted, "*"));
                let (namespace, name) = name
                    .split_once('/')
                    .map_or((None, name), |(ns, name)| (Some(ns), name));
                let name_fits = match name.strip_suffix('*') {
                    Some(prefix) => involved.name.starts_with(prefix),
                    None => *involved.name == *name,
                };
                kind.eq_ignore_ascii_case(&involved.kind)
                    && namespace.is_none_or(|namespace| *involved.namespace == *namespace)
                    && name_fits
            });
            object_fits
                && self
                    .type_
                    .as_ref()
                    .is_none_or(|it| event.type_.as_str() == it)
                && self.reason.as_ref().is_none_or(|it| event.reason == *it)
                && self
                    .message
                    .as_ref()
                    .is_none_or(|it| event.message.contains(it.as_str()))
        };
        let found = cluster
            .store()
            .events
            .values()
            .filter(|event| fits(event))
            .map(|it| it.count)
            .sum();
        self.count
            .clone()
            .unwrap_or(Number::AtLeast(1))
            .check("event count", found, wrong);
    }
}
