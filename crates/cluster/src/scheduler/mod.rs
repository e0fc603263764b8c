//! The scheduler: one pod after the other, by priority.
//!
//! Models `pkg/scheduler/schedule_one.go`, `pkg/scheduler/backend/queue/scheduling_queue.go` and
//! the filter plugins, v1.34. Of several nodes that fit it takes the one with the most room, as
//! `NodeResourcesFit` scores it; other scores are not modelled.

mod filter;
mod passed_over;
mod preemption;

use std::collections::{BTreeMap, BTreeSet};

use objects::{ConditionStatus, ConditionType, EventType, Millis, Name, Pod};
use serde::Serialize;

pub use filter::Failure;
pub use passed_over::passed_over;
pub(crate) use preemption::Preemption;

use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{condition, set_condition},
    due::{Due, Patience},
    fault::Component,
};

const NAME: &str = "default-scheduler";

/// Of so many nodes a step tells what is against them.
const NODES_TOLD: usize = 20;

/// After so long a pod is tried again though nothing has changed that could help.
const FLUSH_AFTER: Millis = Millis::from_secs(300);

/// What the scheduler remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scheduler {
    /// Pods to be tried: highest priority first, then first come.
    queue: BTreeSet<Queued>,
    sequence: u64,
    /// The pod that is being tried.
    busy: Option<Key>,
    /// Pods that did not fit when they were tried last.
    unschedulable: BTreeMap<Key, Tried>,
    /// Pods that wait out their back-off.
    backing_off: BTreeMap<Key, Tried>,
    /// How often pods in the queue were tried before.
    tries: BTreeMap<Key, u32>,
    /// Nodes on which pods are ended to make room for a pod.
    nominated: BTreeMap<Key, Name>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Queued {
    negated_priority: i64,
    sequence: u64,
    pod: Key,
}

/// How often a pod was tried, and when last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Tried {
    times: u32,
    at: Millis,
}

impl Tried {
    /// When it may be tried again: after 1 s, 2, 4, 8, and then 10 s.
    fn back_off_ends(self) -> Millis {
        let seconds = 1 << self.times.saturating_sub(1).min(4);
        self.at + Millis::from_secs(seconds).min(Millis::from_secs(10))
    }
}

impl Scheduler {
    pub(crate) fn forget(&mut self, pod: &Key) {
        self.queue.retain(|queued| queued.pod != *pod);
        self.unschedulable.remove(pod);
        self.backing_off.remove(pod);
        self.tries.remove(pod);
        self.nominated.remove(pod);
    }

    /// Pods that fit nowhere at present.
    pub fn unschedulable(&self) -> impl Iterator<Item = &Key> {
        self.unschedulable.keys()
    }

    /// Pods that wait for their turn.
    pub fn queued(&self) -> impl Iterator<Item = &Key> {
        self.busy.iter().chain(self.queue.iter().map(|it| &it.pod))
    }
}

impl Cluster {
    /// Puts a pod into the scheduler's queue.
    pub(crate) fn queue_pod(&mut self, key: &Key) {
        if !self.component_runs(Component::Scheduler) {
            return;
        }
        let Some(pod) = self.store.pods.get(key) else {
            return;
        };
        if !pod.spec.node_name.is_empty() || is_gated(pod) || !is_ours(pod) {
            return;
        }
        let scheduler = &mut self.scheduler;
        scheduler.sequence += 1;
        scheduler.queue.insert(Queued {
            negated_priority: -pod.spec.priority.unwrap_or(0),
            sequence: scheduler.sequence,
            pod: key.clone(),
        });
        self.take_next_pod();
    }

    /// A pod has waited out its back-off, or for too long.
    pub(crate) fn queue_pod_again(&mut self, key: &Key) {
        // It may have been tried since this was asked for, and wait anew.
        let (now, scheduler) = (self.now, &mut self.scheduler);
        let waited_out = |it: &Tried| it.back_off_ends() <= now;
        let flushed = |it: &Tried| now - it.at >= FLUSH_AFTER;
        let tried = if scheduler.backing_off.get(key).is_some_and(waited_out) {
            scheduler.backing_off.remove(key)
        } else if scheduler.unschedulable.get(key).is_some_and(flushed) {
            scheduler.unschedulable.remove(key)
        } else {
            None
        };
        if let Some(tried) = tried {
            self.scheduler.tries.insert(key.clone(), tried.times);
            self.queue_pod(key);
        }
    }

    /// The scheduler ends; or it is back, and looks at all pods that have no node.
    pub(crate) fn switch_scheduler(&mut self, runs: bool) {
        self.scheduler = Scheduler::default();
        self.due.retain(|due| {
            !matches!(
                due,
                Due::Schedule | Due::ScheduleAgain(_) | Due::Preempt { .. }
            )
        });
        if runs {
            let pods = self.store.pods.iter();
            let unbound: Vec<Key> = pods
                .filter(|(_, pod)| pod.spec.node_name.is_empty())
                .map(|(key, _)| key.clone())
                .collect();
            unbound.iter().for_each(|key| self.queue_pod(key));
        }
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
        let woken: Vec<Key> = self
            .scheduler
            .unschedulable
            .keys()
            .filter(|key| helped(key))
            .cloned()
            .collect();
        for key in woken {
            if let Some(tried) = self.scheduler.unschedulable.remove(&key) {
                let at = tried.back_off_ends().max(self.now);
                self.scheduler.backing_off.insert(key.clone(), tried);
                self.due.at(at, Due::ScheduleAgain(key), Patience::Awaited);
            }
        }
    }

    /// A pod that has no node was changed: that may help it.
    pub(crate) fn unbound_pod_changed(&mut self, before: &Pod, after: &Pod) {
        let key = crate::store::key_of(&after.metadata);
        if is_gated(before) && !is_gated(after) {
            self.queue_pod(&key);
        }
    }

    pub(crate) fn schedule_one(&mut self) -> Option<Step> {
        let key = self.scheduler.busy.take()?;
        let step = self.schedule(&key);
        self.take_next_pod();
        step
    }

    fn schedule(&mut self, key: &Key) -> Option<Step> {
        let times = self.scheduler.tries.remove(key).unwrap_or(0) + 1;
        let pod = self.store.pods.get(key).cloned()?;
        if !pod.spec.node_name.is_empty() || pod.metadata.is_being_deleted() {
            return None;
        }
        match self.find_node(&pod) {
            Ok(node) => {
                self.scheduler.nominated.remove(key);
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
            Err(misfit) => {
                let preemption = self.preempt(&pod, &misfit);
                let message = misfit.message(&preemption);
                let tried = Tried {
                    times,
                    at: self.now,
                };
                self.scheduler.unschedulable.insert(key.clone(), tried);
                let again = Due::ScheduleAgain(key.clone());
                self.due.at(self.now + FLUSH_AFTER, again, Patience::Retry);
                self.unschedulable(key, &pod, message, preemption, misfit.failures)
            }
        }
    }

    /// Says of a pod that it fits nowhere, and has pods ended for it if that helps.
    fn unschedulable(
        &mut self,
        key: &Key,
        pod: &Pod,
        message: String,
        preemption: Preemption,
        failures: Vec<(Name, Failure)>,
    ) -> Option<Step> {
        let nodes = failures.into_iter().take(NODES_TOLD).collect();
        let event = |it: &mut Self, message| {
            it.record_on_pod(
                pod,
                NAME,
                "",
                EventType::Warning,
                "FailedScheduling",
                message,
            );
        };
        event(self, message.clone());
        let nominated = match &preemption {
            Preemption::Victims { node, victims } => {
                self.scheduler.nominated.insert(key.clone(), node.clone());
                for victim in victims {
                    let due = Due::Preempt {
                        victim: victim.clone(),
                        by: key.clone(),
                    };
                    self.soon(due);
                }
                Some(node.clone())
            }
            _ => None,
        };
        let now = self.timestamp();
        let before = pod.metadata.resource_version.clone();
        let text = message.clone();
        self.write_pod(key, |pod| {
            let unschedulable = condition(
                ConditionType::PodScheduled,
                ConditionStatus::False,
                "Unschedulable",
                &text,
            );
            set_condition(&mut pod.status.conditions, unschedulable, now);
            if let Some(node) = nominated {
                pod.status.nominated_node_name = Some(node);
            }
        });
        if self.store.pods.get(key)?.metadata.resource_version == before {
            return None;
        }
        self.did(
            Actor::Scheduler,
            What::Unschedulable,
            ObjectRef::pod(key),
            Why::Filters { message, nodes },
        )
    }
}

/// Whether a pod may not be scheduled yet.
fn is_gated(pod: &Pod) -> bool {
    let gates = pod
        .spec
        .rest
        .get("schedulingGates")
        .and_then(|it| it.as_array());
    gates.is_some_and(|it| !it.is_empty())
}

/// Whether no other scheduler is named.
fn is_ours(pod: &Pod) -> bool {
    let name = pod
        .spec
        .rest
        .get("schedulerName")
        .and_then(|it| it.as_str());
    name.is_none_or(|name| name == NAME)
}
