//! What must hold at a moment, or always.

mod daemon_set;
mod event;
mod node;
mod number;
mod object;

use std::collections::BTreeMap;

use cluster::{Cluster, Key};
use serde::Deserialize;
use serde_json::Value;

pub use number::Number;

use daemon_set::{OfAll, OnNode};
use event::EventExpect;
use node::NodeExpect;
use object::ObjectName;

/// Moments that have names.
pub type Marks = BTreeMap<String, Cluster>;

/// An expectation: about a DaemonSet, its pods on one node, a node, Events, or an object's being
/// there.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Fields")]
pub enum Expect {
    DaemonSet {
        name: String,
        all: OfAll,
    },
    OnNode {
        name: String,
        node: String,
        pods: OnNode,
    },
    Node {
        name: String,
        node: NodeExpect,
    },
    Event(EventExpect),
    Exists(ObjectName),
    Absent(ObjectName),
}

/// An expectation as it is written: any of its fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Fields {
    daemon_set: Option<String>,
    status: Option<Value>,
    pods: Option<Value>,
    each_node: Option<Number>,
    node: Option<String>,
    terminating: Option<Number>,
    ready: Option<bool>,
    restarts: Option<Number>,
    revision: Option<Number>,
    same_as: Option<String>,
    not_same_as: Option<String>,
    any_pod: Option<daemon_set::AnyPod>,
    taints: Option<Vec<String>>,
    event: Option<EventExpect>,
    exists: Option<ObjectName>,
    absent: Option<ObjectName>,
}

impl Fields {
    /// The fields that are written, by name.
    fn written(&self) -> Vec<&'static str> {
        let all = [
            ("daemonSet", self.daemon_set.is_some()),
            ("status", self.status.is_some()),
            ("pods", self.pods.is_some()),
            ("eachNode", self.each_node.is_some()),
            ("node", self.node.is_some()),
            ("terminating", self.terminating.is_some()),
            ("ready", self.ready.is_some()),
            ("restarts", self.restarts.is_some()),
            ("revision", self.revision.is_some()),
            ("sameAs", self.same_as.is_some()),
            ("notSameAs", self.not_same_as.is_some()),
            ("anyPod", self.any_pod.is_some()),
            ("taints", self.taints.is_some()),
            ("event", self.event.is_some()),
            ("exists", self.exists.is_some()),
            ("absent", self.absent.is_some()),
        ];
        let written = all.into_iter().filter(|(_, written)| *written);
        written.map(|(name, _)| name).collect()
    }
}

fn typed<T: for<'de> Deserialize<'de>>(
    name: &str,
    value: Option<Value>,
) -> Result<Option<T>, String> {
    value
        .map(|value| serde_json::from_value(value).map_err(|error| format!("{name}: {error}")))
        .transpose()
}

impl TryFrom<Fields> for Expect {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let written = fields.written();
        // What an expectation is about, with the fields that go with it.
        let (about, allowed): (&str, &[&str]) = match (&fields.daemon_set, &fields.node) {
            (Some(_), Some(_)) => (
                "`daemonSet` with `node`",
                &[
                    "daemonSet",
                    "node",
                    "pods",
                    "terminating",
                    "status",
                    "ready",
                    "restarts",
                    "revision",
                    "sameAs",
                    "notSameAs",
                ],
            ),
            (Some(_), None) => (
                "`daemonSet` without `node`",
                &["daemonSet", "status", "pods", "eachNode", "anyPod"],
            ),
            (None, Some(_)) => ("`node`", &["node", "status", "taints"]),
            (None, None) => match written[..] {
                ["event"] => ("`event`", &["event"]),
                ["exists"] => ("`exists`", &["exists"]),
                ["absent"] => ("`absent`", &["absent"]),
                _ => {
                    return Err("an expectation is about one of `daemonSet`, `node`, `event`, `exists`, `absent`".into());
                }
            },
        };
        if let Some(surplus) = written.iter().find(|name| !allowed.contains(name)) {
            let others = allowed.iter().map(|name| format!("`{name}`"));
            let others: Vec<String> = others.collect();
            return Err(format!(
                "`{surplus}` does not go with {about}; that takes {}",
                others.join(", ")
            ));
        }
        Ok(match (fields.daemon_set, fields.node) {
            (Some(name), Some(node)) => Self::OnNode {
                name,
                node,
                pods: OnNode {
                    pods: typed("pods", fields.pods)?,
                    terminating: fields.terminating,
                    status: typed("status", fields.status)?,
                    ready: fields.ready,
                    restarts: fields.restarts,
                    revision: fields.revision,
                    same_as: fields.same_as,
                    not_same_as: fields.not_same_as,
                },
            },
            (Some(name), None) => {
                let status: Option<BTreeMap<String, Number>> = typed("status", fields.status)?;
                let counters = status.iter().flatten();
                if let Some((name, _)) = counters.clone().find(|it| !daemon_set::is_counter(it.0)) {
                    return Err(format!(
                        "status: there is no counter {name:?}; there are {}",
                        daemon_set::counters().join(", ")
                    ));
                }
                Self::DaemonSet {
                    name,
                    all: OfAll {
                        status: status.unwrap_or_default(),
                        pods: typed("pods", fields.pods)?,
                        each_node: fields.each_node,
                        any_pod: fields.any_pod,
                    },
                }
            }
            (None, Some(name)) => Self::Node {
                name,
                node: NodeExpect {
                    status: typed("status", fields.status)?,
                    taints: fields.taints,
                },
            },
            (None, None) => match (fields.event, fields.exists, fields.absent) {
                (Some(event), _, _) => Self::Event(event),
                (_, Some(object), _) => Self::Exists(object),
                (_, _, Some(object)) => Self::Absent(object),
                (None, None, None) => return Err("an expectation expects something".into()),
            },
        })
    }
}

/// What came of an expectation.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Holds,
    /// What it is about does not exist.
    Missing(String),
    /// What was expected and what was found, a line each.
    Broken(Vec<String>),
}

impl Verdict {
    fn of(wrong: Vec<String>) -> Self {
        if wrong.is_empty() {
            Self::Holds
        } else {
            Self::Broken(wrong)
        }
    }
}

fn key(text: &str) -> Key {
    match text.split_once('/') {
        Some((namespace, name)) => Key::new(namespace, name),
        None => Key::new("default", text),
    }
}

impl Expect {
    /// Whether it holds.
    pub fn judge(&self, cluster: &Cluster, marks: &Marks) -> Verdict {
        let store = cluster.store();
        let daemon_set = |name: &str| {
            let found = store.daemon_sets.get(&key(name));
            found.ok_or_else(|| Verdict::Missing(format!("daemon set {name} does not exist")))
        };
        let node = |name: &str| {
            let found = store.nodes.get(name);
            found.ok_or_else(|| Verdict::Missing(format!("node {name} does not exist")))
        };
        let verdict = || -> Result<Vec<String>, Verdict> {
            Ok(match self {
                Self::DaemonSet { name, all } => all.check(cluster, daemon_set(name)?),
                Self::OnNode {
                    name,
                    node: on,
                    pods,
                } => {
                    node(on)?;
                    pods.check(cluster, daemon_set(name)?, on, marks)
                }
                Self::Node { name, node: wanted } => wanted.check(node(name)?),
                Self::Event(event) => event.check(cluster),
                Self::Exists(object) => object.check(cluster, true),
                Self::Absent(object) => object.check(cluster, false),
            })
        };
        verdict().map_or_else(|missing| missing, Verdict::of)
    }

    /// What of it does not hold, each with what was expected and what was found. About what does
    /// not exist nothing holds.
    pub fn check(&self, cluster: &Cluster, marks: &Marks) -> Vec<String> {
        match self.judge(cluster, marks) {
            Verdict::Holds => Vec::new(),
            Verdict::Missing(what) => vec![what],
            Verdict::Broken(wrong) => wrong,
        }
    }

    /// What of it is broken, where it is to hold always: what does not exist breaks nothing.
    pub fn check_always(&self, cluster: &Cluster, marks: &Marks) -> Vec<String> {
        match self.judge(cluster, marks) {
            Verdict::Broken(wrong) => wrong,
            Verdict::Holds | Verdict::Missing(_) => Vec::new(),
        }
    }

    /// The marks it names.
    pub(crate) fn marks(&self) -> impl Iterator<Item = &str> {
        let on_node = match self {
            Self::OnNode { pods, .. } => Some(pods),
            _ => None,
        };
        on_node
            .into_iter()
            .flat_map(|it| [&it.same_as, &it.not_same_as])
            .filter_map(Option::as_deref)
    }
}
