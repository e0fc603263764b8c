//! The scheduler: one pod after the other, by priority.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use controller::node_affinity::{is_readable, matches};
use objects::{
    Condition, ConditionStatus, ConditionType, Effect, EventType, Millis, Name, Node, Pod,
    node::ResourceList,
};
use serde::Serialize;

use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    due::{Due, Patience},
};

const NAME: &str = "default-scheduler";

/// What the scheduler remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scheduler {
    /// Pods to be tried: highest priority first, then first come.
    queue: BTreeSet<Queued>,
    sequence: u64,
    /// The pod that is being tried.
    busy: Option<Key>,
    /// Pods that did not fit, and how often they were tried.
    unschedulable: BTreeMap<Key, u32>,
    attempts: BTreeMap<Key, u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Queued {
    negated_priority: i64,
    sequence: u64,
    pod: Key,
}

impl Scheduler {
    pub(crate) fn forget(&mut self, pod: &Key) {
        self.queue.retain(|queued| queued.pod != *pod);
        self.unschedulable.remove(pod);
        self.attempts.remove(pod);
    }

    /// Pods that fit nowhere at present.
    pub fn unschedulable(&self) -> impl Iterator<Item = &Key> {
        self.unschedulable.keys()
    }
}

impl Cluster {
    /// Puts a pod into the scheduler's queue.
    pub(crate) fn queue_pod(&mut self, key: &Key) {
        let Some(pod) = self.store.pods.get(key) else {
            return;
        };
        let scheduler = &mut self.scheduler;
        scheduler.sequence += 1;
        scheduler.queue.insert(Queued {
            negated_priority: -pod.spec.priority.unwrap_or(0),
            sequence: scheduler.sequence,
            pod: key.clone(),
        });
        self.take_next_pod();
    }

    fn take_next_pod(&mut self) {
        if self.scheduler.busy.is_none()
            && let Some(queued) = self.scheduler.queue.pop_first()
        {
            self.scheduler.busy = Some(queued.pod);
            self.after(self.timing.schedule, Due::Schedule);
        }
    }

    /// Something has changed that may help: those that did not fit wait out their back-off and
    /// are tried again. Pods pinned to another node are left alone.
    pub(crate) fn wake_unschedulable(&mut self, node: Option<&Name>) {
        if self.scheduler.unschedulable.is_empty() {
            return;
        }
        let pods = &self.store.pods;
        let helped = |key: &Key| match (node, pods.get(key).and_then(|pod| pod.target_node())) {
            (Some(node), Some(target)) => **node == *target,
            _ => true,
        };
        let woken: Vec<(Key, u32)> = self
            .scheduler
            .unschedulable
            .iter()
            .filter(|(key, _)| helped(key))
            .map(|(key, tries)| (key.clone(), *tries))
            .collect();
        for (key, tries) in woken {
            self.scheduler.unschedulable.remove(&key);
            let delay =
                Millis::from_secs(1 << tries.saturating_sub(1).min(4)).min(Millis::from_secs(10));
            self.due
                .at(self.now + delay, Due::ScheduleAgain(key), Patience::Awaited);
        }
    }

    pub(crate) fn schedule_one(&mut self) -> Option<Step> {
        let key = self.scheduler.busy.take()?;
        let step = self.schedule(&key);
        self.take_next_pod();
        step
    }

    fn schedule(&mut self, key: &Key) -> Option<Step> {
        let pod = self.store.pods.get(key).cloned()?;
        if !pod.spec.node_name.is_empty() || pod.metadata.is_being_deleted() {
            return None;
        }
        match self.find_node(&pod) {
            Ok(node) => {
                self.scheduler.attempts.remove(key);
                let now = self.timestamp();
                let bound = node.clone();
                self.write_pod(key, |pod| {
                    pod.spec.node_name = bound;
                    set_condition(
                        &mut pod.status.conditions,
                        condition(ConditionType::PodScheduled, ConditionStatus::True, "", ""),
                        now,
                    );
                });
                let message = format!("Successfully assigned {key} to {node}");
                self.record_on_pod(&pod, NAME, "", EventType::Normal, "Scheduled", message);
                let pinned = pod.target_node().is_some();
                self.did(
                    Actor::Scheduler,
                    What::Bound { node },
                    ObjectRef::pod(key),
                    Why::FiltersPassed { pinned },
                )
            }
            Err(message) => {
                let tries = self.scheduler.attempts.entry(key.clone()).or_default();
                *tries += 1;
                self.scheduler.unschedulable.insert(key.clone(), *tries);
                self.record_on_pod(
                    &pod,
                    NAME,
                    "",
                    EventType::Warning,
                    "FailedScheduling",
                    message.clone(),
                );
                let now = self.timestamp();
                let said = pod
                    .condition(&ConditionType::PodScheduled)
                    .is_some_and(|it| it.message == message);
                if said {
                    return None;
                }
                let text = message.clone();
                self.write_pod(key, |pod| {
                    let unschedulable = condition(
                        ConditionType::PodScheduled,
                        ConditionStatus::False,
                        "Unschedulable",
                        &text,
                    );
                    set_condition(&mut pod.status.conditions, unschedulable, now);
                });
                self.did(
                    Actor::Scheduler,
                    What::Unschedulable,
                    ObjectRef::pod(key),
                    Why::Filters(message),
                )
            }
        }
    }

    /// The node for a pod, or the message of `FailedScheduling`.
    ///
    /// Models the filter plugins and `FitError.Error`, `pkg/scheduler/framework`, v1.34.
    fn find_node(&self, pod: &Pod) -> Result<Name, String> {
        let nodes = &self.store.nodes;
        if nodes.is_empty() {
            return Err("no nodes available to schedule pods".into());
        }
        let pinned = pod.target_node();
        let candidates: Vec<&Rc<Node>> = match pinned {
            Some(name) => nodes.get(name).into_iter().collect(),
            None => nodes.values().collect(),
        };
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        // Failures that removing pods can cure are told apart in the second half.
        let mut curable = 0;
        for node in &candidates {
            let failed = self.filter(pod, node);
            if failed.is_empty() {
                return Ok(node.metadata.name.clone());
            }
            curable += usize::from(failed.iter().all(|failure| failure.curable));
            for failure in failed {
                *reasons.entry(failure.text).or_default() += 1;
            }
        }
        let total = nodes.len();
        if candidates.len() < total {
            let elsewhere = "node(s) didn't satisfy plugin(s) [NodeAffinity]".to_owned();
            *reasons.entry(elsewhere).or_default() += total - candidates.len();
        }
        let mut preemption = BTreeMap::new();
        if curable > 0 {
            preemption.insert(
                "No preemption victims found for incoming pod".to_owned(),
                curable,
            );
        }
        if curable < total {
            preemption.insert(
                "Preemption is not helpful for scheduling".to_owned(),
                total - curable,
            );
        }
        let available = format!("0/{total} nodes are available");
        Err(format!(
            "{available}: {}. preemption: {available}: {}.",
            listed(&reasons),
            listed(&preemption)
        ))
    }

    /// What speaks against a node: the reasons of the first plugin that fails.
    fn filter(&self, pod: &Pod, node: &Node) -> Vec<Failure> {
        let never = |text: String| {
            vec![Failure {
                text,
                curable: false,
            }]
        };
        let tolerates =
            |taint: &objects::Taint| pod.spec.tolerations.iter().any(|it| it.tolerates(taint));
        if node.spec.unschedulable
            && !tolerates(&objects::Taint::new(
                crate::node_lifecycle::UNSCHEDULABLE,
                Effect::NoSchedule,
            ))
        {
            return never("node(s) were unschedulable".into());
        }
        let binding = |taint: &&objects::Taint| {
            matches!(taint.effect, Effect::NoSchedule | Effect::NoExecute)
        };
        if let Some(taint) = node
            .spec
            .taints
            .iter()
            .filter(binding)
            .find(|taint| !tolerates(taint))
        {
            return never(format!(
                "node(s) had untolerated taint {{{}: {}}}",
                taint.key, taint.value
            ));
        }
        let selected = pod
            .spec
            .node_selector
            .iter()
            .all(|(key, value)| node.metadata.labels.get(key) == Some(value));
        let terms = pod
            .spec
            .affinity
            .as_ref()
            .and_then(|affinity| affinity.required_terms());
        let wanted = terms.is_none_or(|terms| {
            let mut readable = terms.iter().filter(|term| is_readable(term));
            readable.any(|term| matches(term, node))
        });
        if !selected || !wanted {
            return never("node(s) didn't match Pod's node affinity/selector".into());
        }
        if self.ports_taken(pod, node) {
            let text = "node(s) didn't have free ports for the requested pod ports".into();
            return vec![Failure {
                text,
                curable: true,
            }];
        }
        self.lacking(pod, node)
            .into_iter()
            .map(|text| Failure {
                text,
                curable: true,
            })
            .collect()
    }

    fn ports_taken(&self, pod: &Pod, node: &Node) -> bool {
        let wanted = host_ports(pod);
        !wanted.is_empty()
            && self
                .store
                .pods_on(&node.metadata.name)
                .filter(|it| !it.is_terminal())
                .any(|other| {
                    host_ports(other)
                        .iter()
                        .any(|taken| wanted.iter().any(|port| conflict(port, taken)))
                })
    }

    fn lacking(&self, pod: &Pod, node: &Node) -> Vec<String> {
        let here: Vec<&Rc<Pod>> = self
            .store
            .pods_on(&node.metadata.name)
            .filter(|pod| !pod.is_terminal())
            .collect();
        let allocatable = |resource: &str| {
            node.status
                .allocatable
                .get(resource)
                .and_then(|quantity| quantity.milli())
        };
        let mut lacking = Vec::new();
        let pods_max = allocatable("pods").unwrap_or(0) / 1000;
        if i128::try_from(here.len()).unwrap_or(i128::MAX) + 1 > pods_max {
            lacking.push("Too many pods".into());
        }
        for (resource, wanted) in requests(pod) {
            if wanted == 0 {
                continue;
            }
            let used: i128 = here
                .iter()
                .filter_map(|pod| requests(pod).remove(resource))
                .sum();
            if used + wanted > allocatable(resource).unwrap_or(0) {
                lacking.push(format!("Insufficient {resource}"));
            }
        }
        lacking
    }
}

struct Failure {
    text: String,
    curable: bool,
}

/// `COUNT REASON`, sorted as strings, as upstream does.
fn listed(reasons: &BTreeMap<String, usize>) -> String {
    let mut listed: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    listed.sort();
    listed.join(", ")
}

type HostPort<'a> = (&'a str, &'a str, i64);

fn host_ports(pod: &Pod) -> Vec<HostPort<'_>> {
    let ports = pod
        .spec
        .containers
        .iter()
        .flat_map(|container| &container.ports);
    ports
        .filter(|port| port.host_port > 0)
        .map(|it| (it.protocol.as_str(), it.host_ip.as_str(), it.host_port))
        .collect()
}

fn conflict(a: &HostPort<'_>, b: &HostPort<'_>) -> bool {
    let any = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
    a.0 == b.0 && a.2 == b.2 && (any(a.1) || any(b.1) || a.1 == b.1)
}

/// What a pod asks for, in thousandths: the sum of its containers, or its largest init container.
/// A container that only has a limit asks for that.
fn requests(pod: &Pod) -> BTreeMap<&str, i128> {
    let mut total: BTreeMap<&str, i128> = BTreeMap::new();
    let empty = ResourceList::new();
    let of = |container: &objects::Container| -> Vec<(String, i128)> {
        let resources = container.resources.as_ref();
        let (requests, limits) =
            resources.map_or((&empty, &empty), |it| (&it.requests, &it.limits));
        let limits = limits
            .iter()
            .filter(|(name, _)| !requests.contains_key(*name));
        requests
            .iter()
            .chain(limits)
            .map(|(name, amount)| (name.clone(), amount.milli().unwrap_or(0)))
            .collect()
    };
    let names = pod
        .spec
        .containers
        .iter()
        .chain(&*pod.spec.init_containers)
        .filter_map(|it| it.resources.as_ref());
    for name in names.flat_map(|it| it.requests.keys().chain(it.limits.keys())) {
        let one = |container| {
            of(container)
                .into_iter()
                .find(|(it, _)| it == name)
                .map_or(0, |(_, amount)| amount)
        };
        let running: i128 = pod.spec.containers.iter().map(one).sum();
        let starting = pod.spec.init_containers.iter().map(one).max().unwrap_or(0);
        total.insert(name, running.max(starting));
    }
    total
}

/// A condition that says so from now on.
pub(crate) fn condition(
    type_: ConditionType,
    status: ConditionStatus,
    reason: &str,
    message: &str,
) -> Condition {
    Condition {
        type_,
        status,
        reason: reason.into(),
        message: message.into(),
        ..Condition::default()
    }
}

/// Puts a condition in the place of the one of its type. The time of transition moves only when
/// the status does.
pub(crate) fn set_condition(
    conditions: &mut Vec<Condition>,
    mut new: Condition,
    now: objects::Timestamp,
) {
    match conditions
        .iter_mut()
        .find(|condition| condition.type_ == new.type_)
    {
        Some(old) => {
            new.last_transition_time = if old.status == new.status {
                old.last_transition_time
            } else {
                Some(now)
            };
            new.rest = std::mem::take(&mut old.rest);
            *old = new;
        }
        None => {
            new.last_transition_time = Some(now);
            conditions.push(new);
        }
    }
}
