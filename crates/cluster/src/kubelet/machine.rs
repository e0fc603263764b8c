//! Machines: what is on them, when they are on, and the Node objects they register.

use std::{collections::BTreeSet, rc::Rc};

use objects::{ConditionStatus, ConditionType, Labels, Millis, Name, Node, ObjectMeta, Shared};
use serde::Serialize;

use super::worker::Worker;
use crate::{
    Actor, ApiError, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{condition, set_condition},
    due::{Due, Patience},
    fault::Pressure,
    sorted_map::SortedMap,
};

/// How often a kubelet renews its lease.
const LEASE_RENEW_INTERVAL: Millis = Millis::from_secs(10);

/// Whether a machine is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Power {
    On,
    #[default]
    Off,
    /// Nobody had heard of its kubelet for long when it came: it may be off, broken or cut off.
    /// Until it is switched on nothing happens there.
    Unknown,
}

/// A machine and its kubelet. It stays when its Node object goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Kubelet {
    pub(super) runs: bool,
    pub(super) power: Power,
    /// The labels the node had first, with which it registers again.
    labels: Shared<Labels>,
    pub(super) images: BTreeSet<Name>,
    /// Images are pulled one at a time: until then the last of them.
    pub(super) pulls_until: Millis,
    pub(super) workers: SortedMap<Key, Worker>,
    /// What the machine runs short of, and which conditions of the node say so.
    pub(super) short_of: BTreeSet<Pressure>,
    pub(super) pressures: BTreeSet<Pressure>,
    /// What it has told of `spec.unschedulable` of its node.
    pub(super) told_unschedulable: bool,
    /// When the node that it registered last is ready at the earliest.
    joins_at: Millis,
    /// Where in each 10 s its lease is renewed.
    lease_offset: Millis,
    /// While it does not run: when it last renewed its lease.
    pub(crate) last_lease: Option<Millis>,
    /// Which machine it is, in the order of their coming.
    ordinal: u32,
    /// How many pods have had an address of its own on it.
    addresses_given: u32,
}

impl Kubelet {
    /// Whether it runs.
    pub fn runs(&self) -> bool {
        self.runs
    }

    /// Whether its machine is on.
    pub fn power(&self) -> Power {
        self.power
    }

    /// What its machine runs short of.
    pub fn short_of(&self) -> impl Iterator<Item = Pressure> {
        self.short_of.iter().copied()
    }

    /// The last renewal at or before a time.
    fn lease_before(&self, now: Millis) -> Millis {
        let since = (now.0 - self.lease_offset.0).rem_euclid(LEASE_RENEW_INTERVAL.0);
        Millis((now.0 - since).max(0))
    }

    /// The first of its 10 s rounds after a time.
    pub(super) fn round_after(&self, now: Millis) -> Millis {
        let since = (now.0 - self.lease_offset.0).rem_euclid(LEASE_RENEW_INTERVAL.0);
        Millis(now.0 - since + LEASE_RENEW_INTERVAL.0)
    }

    /// The address of the machine.
    pub(crate) fn host_ip(&self) -> String {
        let [_, a, b, c] = self.ordinal.saturating_add(2).to_be_bytes();
        format!("172.{}.{b}.{c}", 18 + u32::from(a))
    }

    /// A new address for a pod.
    pub(super) fn next_pod_ip(&mut self) -> String {
        self.addresses_given += 1;
        let [_, a, b, c] = self.ordinal.to_be_bytes();
        let host = self.addresses_given % 253 + 2;
        format!("10.{}.{}.{host}", 244 + u32::from(a) + u32::from(b), c)
    }
}

impl Cluster {
    /// When the kubelet of a node last renewed its lease; `None` without a kubelet.
    pub fn lease_renewed_at(&self, node: &str) -> Option<Millis> {
        let kubelet = self.kubelets.get(node)?;
        let at = kubelet.last_lease.unwrap_or(kubelet.lease_before(self.now));
        Some(self.unix_now() - self.now + at)
    }

    pub(super) fn kubelet_mut(&mut self, node: &str) -> Option<&mut Kubelet> {
        self.kubelets.get_mut(node).map(Rc::make_mut)
    }

    /// Adds the machine of a node, unless it is there. Whether it was not.
    fn add_machine(&mut self, node: &Node) -> bool {
        let offset = Millis(i64::try_from(self.rng.below(10_000)).unwrap_or(0));
        let name = &node.metadata.name;
        if self.kubelets.contains_key(name) {
            return false;
        }
        let images = node.status.rest.get("images").and_then(|it| it.as_array());
        let names = images
            .into_iter()
            .flatten()
            .filter_map(|image| image["names"].as_array())
            .flatten()
            .filter_map(|name| name.as_str().map(Name::from));
        // A node of which nobody has heard for long is not there only to come back at once.
        let ready = node.condition(&ConditionType::Ready);
        let is_lost = ready.is_some_and(|it| it.status == ConditionStatus::Unknown);
        let kubelet = Kubelet {
            runs: !is_lost,
            power: if is_lost { Power::Unknown } else { Power::On },
            labels: node.metadata.labels.clone(),
            told_unschedulable: node.spec.unschedulable,
            images: names.collect(),
            lease_offset: offset,
            ordinal: u32::try_from(self.kubelets.len()).unwrap_or(0),
            ..Kubelet::default()
        };
        self.kubelets.insert(name.clone(), kubelet.into());
        true
    }

    /// Pods may have been bound to a machine before it came.
    fn tell_of_pods(&mut self, name: &Name, from_the_start: bool) {
        let bound: Vec<_> = self.store.pods_on(name).cloned().collect();
        for pod in bound {
            if from_the_start {
                self.knew_pod(&pod);
            }
            self.tell_kubelet(&pod);
        }
    }

    /// A Node object that is there from the start. Without conditions it is Ready.
    pub(crate) fn seed_node(&mut self, mut node: Node) {
        if self.add_machine(&node) {
            self.tell_of_pods(&node.metadata.name, true);
        }
        self.describe_machine(&mut node);
        if node.status.conditions.is_empty() {
            node.status.conditions = conditions(true);
            let now = self.timestamp();
            for condition in &mut node.status.conditions {
                condition.last_transition_time = Some(now);
            }
        }
        self.add_node(node);
    }

    /// A Node object that is new: its machine comes up and reports ready in a while.
    pub(crate) fn join_node(&mut self, mut node: Node) {
        if !self.kubelets.contains_key(&node.metadata.name) {
            self.record_on_node(&node.metadata.name, "kubelet", "Starting");
        }
        if self.add_machine(&node) {
            self.tell_of_pods(&node.metadata.name, false);
        }
        self.describe_machine(&mut node);
        node.status.conditions = conditions(false);
        let now = self.timestamp();
        for condition in &mut node.status.conditions {
            condition.last_transition_time = Some(now);
        }
        let name = node.metadata.name.clone();
        self.add_node(node);
        let latency = self.timing.node_join;
        let joins_at = self.now + self.rng.jitter(latency, self.timing.jitter_percent);
        if let Some(kubelet) = self.kubelet_mut(&name) {
            kubelet.joins_at = joins_at;
            if kubelet.runs {
                self.ready_later(name);
            }
        }
    }

    /// A kubelet that runs posts that it is ready as soon as it may.
    fn ready_later(&mut self, name: Name) {
        let joins_at = self.kubelets.get(&name).map(|it| it.joins_at);
        let at = self.now.max(joins_at.unwrap_or_default());
        let ready = Due::KubeletReady { node: name };
        self.due.instead_at(at, ready, Patience::Awaited);
    }

    fn add_node(&mut self, node: Node) {
        let name = node.metadata.name.clone();
        self.store.nodes.insert(name.clone(), Rc::new(node.clone()));
        self.record_on_node(&name, "node-controller", "RegisteredNode");
        self.node_changed(&name, None, Some(&node));
    }

    /// The Node object goes; the machine stays, and its kubelet goes on with its pods.
    pub(crate) fn remove_node(&mut self, name: &Name) {
        if let Some(node) = self.store.nodes.remove(name) {
            self.due.cancel(&Due::KubeletReady { node: name.clone() });
            self.forget_no_execute(&node);
            self.record_on_node(name, "node-controller", "RemovingNode");
            self.node_changed(name, Some(&node), None);
        }
    }

    /// Ends a kubelet, and switches its machine off if asked. Whether that changed anything.
    pub(crate) fn stop_kubelet(&mut self, name: &Name, power: bool) -> Result<bool, ApiError> {
        let now = self.now;
        let kubelet = self.machine(name)?;
        let changes = kubelet.runs || (power && kubelet.power != Power::Off);
        if !changes {
            return Ok(false);
        }
        if power {
            kubelet.power = Power::Off;
            kubelet.workers.values_mut().for_each(Worker::interrupt);
        }
        if kubelet.runs {
            kubelet.runs = false;
            kubelet.last_lease = Some(kubelet.lease_before(now));
            self.due.retain(|due| due.kubelet() != Some(name));
            self.check_lease_later(name);
        }
        Ok(true)
    }

    /// Starts a kubelet, and switches its machine on if asked. Whether that changed anything.
    pub(crate) fn start_kubelet(&mut self, name: &Name, power: bool) -> Result<bool, ApiError> {
        let kubelet = self.machine(name)?;
        if kubelet.runs || !(power || kubelet.power == Power::On) {
            return Ok(false);
        }
        kubelet.power = Power::On;
        kubelet.runs = true;
        kubelet.last_lease = None;
        kubelet.told_unschedulable = false;
        kubelet.pulls_until = Millis::default();
        self.record_on_node(name, "kubelet", "Starting");
        if self.store.nodes.contains_key(name) {
            self.ready_later(name.clone());
        } else {
            self.register_again(name);
        }
        self.due.cancel(&Due::LeaseCheck { node: name.clone() });
        self.tell_schedulable(name);
        self.resume_pods(name);
        self.restart_pressure(name);
        Ok(true)
    }

    pub(super) fn machine(&mut self, name: &Name) -> Result<&mut Kubelet, ApiError> {
        let none = || ApiError::NoMachine { node: name.clone() };
        self.kubelet_mut(name).ok_or_else(none)
    }

    /// A kubelet registers its Node only when it starts.
    fn register_again(&mut self, name: &Name) {
        let labels = self
            .kubelets
            .get(name)
            .map(|kubelet| kubelet.labels.clone())
            .unwrap_or_default();
        let metadata = ObjectMeta {
            name: name.clone(),
            labels,
            ..ObjectMeta::default()
        };
        let node = Node {
            metadata,
            ..Node::default()
        };
        // It is valid: the name was a node's before.
        let _ = self.create(objects::Object::Node(Box::new(node)));
    }

    /// The kubelet posts that it and its machine are well.
    pub(crate) fn kubelet_ready(&mut self, name: &Name) -> Option<Step> {
        let node = self.node(name)?.clone();
        if node.is_ready() {
            return None;
        }
        let joined = node
            .condition(&ConditionType::Ready)
            .is_some_and(|it| it.reason == "KubeletNotReady");
        let now = self.timestamp();
        let pressures = self.kubelets.get(name)?.pressures.clone();
        self.record_on_node(name, "kubelet", "NodeReady");
        self.write_node(name, |node| {
            for condition in conditions(true) {
                let is_bad = pressures.iter().any(|it| it.condition() == condition.type_);
                if !is_bad {
                    set_condition(&mut node.status.conditions, condition, now);
                }
            }
            for pressure in pressures {
                set_condition(
                    &mut node.status.conditions,
                    pressure.as_condition(true),
                    now,
                );
            }
        });
        let why = if joined {
            Why::NodeJoined
        } else {
            Why::KubeletIsBack
        };
        self.did(
            Actor::Kubelet { node: name.clone() },
            What::Ready,
            ObjectRef::node(name),
            why,
        )
    }
}

/// A node's conditions as its kubelet posts them while nothing runs short.
fn conditions(ready: bool) -> Vec<objects::Condition> {
    let pressures = [Pressure::Memory, Pressure::Disk, Pressure::Pid];
    let mut conditions: Vec<_> = pressures.map(|it| it.as_condition(false)).into();
    let (status, reason, message) = if ready {
        (
            ConditionStatus::True,
            "KubeletReady",
            "kubelet is posting ready status",
        )
    } else {
        (
            ConditionStatus::False,
            "KubeletNotReady",
            "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
        )
    };
    conditions.push(condition(ConditionType::Ready, status, reason, message));
    conditions
}
