//! The kubelets: one a machine, and what each does with the pods bound to its node.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use objects::{
    ConditionStatus, ConditionType, EventType, Labels, Millis, Name, Node, ObjectMeta, Phase, Pod,
    Shared,
    pod::{ContainerState, ContainerStatus, Waiting},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    Actor, ApiError, Cluster, Fault, Key, ObjectRef, Step, What, Why,
    due::Due,
    scheduler::{condition, set_condition},
};

/// A machine and its kubelet. It stays when its Node object goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Kubelet {
    runs: bool,
    powered: bool,
    /// The labels the node had first, with which it registers again.
    labels: Shared<Labels>,
    images: BTreeSet<String>,
    workers: BTreeMap<Key, Worker>,
    /// Where in each 10 s its lease is renewed.
    lease_offset: Millis,
    /// While it does not run: when it last renewed its lease.
    pub(crate) last_lease: Option<Millis>,
}

/// What a kubelet does with one pod.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Worker {
    stage: Stage,
    /// Which container it is at.
    container: usize,
    /// The machine was off since the containers ran.
    interrupted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize)]
enum Stage {
    /// Has just heard of it.
    Accepting,
    Pulling,
    Starting,
    BecomingReady,
    Running,
    Stopping,
}

/// How often a kubelet renews its lease.
const LEASE_RENEW_INTERVAL: Millis = Millis::from_secs(10);

impl Kubelet {
    fn new(labels: Shared<Labels>, lease_offset: Millis) -> Self {
        Self {
            runs: true,
            powered: true,
            labels,
            lease_offset,
            ..Self::default()
        }
    }

    /// Whether it runs.
    pub fn runs(&self) -> bool {
        self.runs
    }

    /// Whether its machine is on.
    pub fn is_powered(&self) -> bool {
        self.powered
    }

    /// The last renewal at or before a time.
    fn lease_before(&self, now: Millis) -> Millis {
        let since = (now.0 - self.lease_offset.0).rem_euclid(LEASE_RENEW_INTERVAL.0);
        Millis((now.0 - since).max(0))
    }
}

impl Cluster {
    fn kubelet_mut(&mut self, node: &str) -> Option<&mut Kubelet> {
        self.kubelets.get_mut(node).map(Rc::make_mut)
    }

    fn add_machine(&mut self, node: &Node) {
        let offset = Millis(i64::try_from(self.rng.below(10_000)).unwrap_or(0));
        let kubelet = Kubelet::new(node.metadata.labels.clone(), offset);
        let name = &node.metadata.name;
        if !self.kubelets.contains_key(name) {
            self.kubelets.insert(name.clone(), kubelet.into());
        }
    }

    /// A Node object that is there from the start. Without conditions it is Ready.
    pub(crate) fn seed_node(&mut self, mut node: Node) {
        self.add_machine(&node);
        Self::describe_machine(&mut node);
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
        self.add_machine(&node);
        Self::describe_machine(&mut node);
        node.status.conditions = conditions(false);
        let now = self.timestamp();
        for condition in &mut node.status.conditions {
            condition.last_transition_time = Some(now);
        }
        let name = node.metadata.name.clone();
        self.add_node(node);
        if self.kubelets.get(&name).is_some_and(|it| it.runs()) {
            self.after(self.timing.node_join, Due::KubeletReady { node: name });
        }
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
            self.record_on_node(name, "node-controller", "RemovingNode");
            self.node_changed(name, Some(&node), None);
        }
    }

    /// A fault, or its end. Whether it changed anything.
    pub(crate) fn strike(&mut self, fault: &Fault) -> Result<bool, ApiError> {
        let Some(name) = fault.node().cloned() else {
            return Ok(false);
        };
        let now = self.now;
        let Some(kubelet) = self.kubelet_mut(&name) else {
            return Err(ApiError::NoMachine { node: name });
        };
        match fault {
            Fault::Kubelet { runs: false, .. } | Fault::Power { on: false, .. } => {
                let off = matches!(fault, Fault::Power { .. });
                if !kubelet.runs && (!off || !kubelet.powered) {
                    return Ok(false);
                }
                if off {
                    kubelet.powered = false;
                    kubelet
                        .workers
                        .values_mut()
                        .for_each(|worker| worker.interrupted = true);
                }
                if kubelet.runs {
                    kubelet.runs = false;
                    kubelet.last_lease = Some(kubelet.lease_before(now));
                    self.due.retain(|due| !matches!(due, Due::KubeletPod { node, .. } | Due::KubeletReady { node } if *node == name));
                    self.check_lease_later(&name);
                }
            }
            Fault::Kubelet { .. } | Fault::Power { .. } => {
                if kubelet.runs || (!kubelet.powered && matches!(fault, Fault::Kubelet { .. })) {
                    return Ok(false);
                }
                kubelet.powered = true;
                kubelet.runs = true;
                kubelet.last_lease = None;
                if self.store.nodes.contains_key(&name) {
                    self.soon(Due::KubeletReady { node: name.clone() });
                } else {
                    self.register_again(&name);
                }
                self.resume_pods(&name);
            }
            _ => return Ok(false),
        }
        Ok(true)
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

    /// After a start the kubelet looks at every pod bound to its node anew.
    fn resume_pods(&mut self, name: &Name) {
        let pods: Vec<_> = self.store.pods_on(name).cloned().collect();
        for pod in pods {
            self.tell_kubelet(&pod);
        }
    }

    /// A bound pod is new to its kubelet, or is to be ended.
    pub(crate) fn tell_kubelet(&mut self, pod: &Pod) {
        let name = pod.spec.node_name.clone();
        let key = crate::store::key_of(&pod.metadata);
        let Some(kubelet) = self.kubelet_mut(&name) else {
            return;
        };
        let ran = pod
            .status
            .container_statuses
            .iter()
            .any(|it| it.state.running.is_some())
            || (pod.status.phase == Phase::Running && pod.status.container_statuses.is_empty());
        let worker = kubelet.workers.entry(key.clone()).or_insert(Worker {
            stage: if ran {
                Stage::Running
            } else {
                Stage::Accepting
            },
            container: 0,
            interrupted: false,
        });
        if !kubelet.runs || pod.is_terminal() {
            return;
        }
        let due = Due::KubeletPod {
            node: name,
            pod: key.clone(),
        };
        if pod.metadata.is_being_deleted() {
            if worker.stage == Stage::Stopping {
                self.soon(due);
                return;
            }
            let started = worker.stage > Stage::Pulling;
            worker.stage = Stage::Stopping;
            self.due.retain(|other| *other != due);
            self.stop_containers(pod, started, due);
        } else {
            if worker.interrupted {
                *worker = Worker {
                    stage: Stage::Accepting,
                    container: 0,
                    interrupted: false,
                };
            }
            self.soon(due);
        }
    }

    fn stop_containers(&mut self, pod: &Pod, started: bool, due: Due) {
        if !started {
            self.soon(due);
            return;
        }
        for container in &*pod.spec.containers {
            let message = format!("Stopping container {}", container.name);
            self.record_on_pod(
                pod,
                "kubelet",
                &pod.spec.node_name,
                EventType::Normal,
                "Killing",
                message,
            );
        }
        let grace = Millis::from_secs(pod.metadata.deletion_grace_period_seconds.unwrap_or(30));
        let stop = self
            .rng
            .jitter(self.timing.container_stop, self.timing.jitter_percent)
            .min(grace);
        self.due
            .at(self.now + stop, due, crate::due::Patience::Awaited);
    }

    pub(crate) fn forget_pod(&mut self, node: &Name, pod: &Key) {
        if let Some(kubelet) = self.kubelet_mut(node)
            && kubelet.workers.remove(pod).is_some()
        {
            self.due
                .retain(|due| !matches!(due, Due::KubeletPod { pod: it, .. } if it == pod));
        }
    }

    /// The next thing that a kubelet does with a pod.
    pub(crate) fn kubelet_pod(&mut self, node: &Name, key: &Key) -> Option<Step> {
        let pod = self.store.pods.get(key).cloned()?;
        let worker = self.kubelets.get(node)?.workers.get(key)?.clone();
        let now = self.timestamp();
        let object = || ObjectRef::pod(key);
        let actor = Actor::Kubelet { node: node.clone() };
        match worker.stage {
            Stage::Accepting => {
                let restarts = !pod.status.container_statuses.is_empty();
                self.write_pod(key, |pod| accept(pod, now));
                let pulls = self.prepare_container(node, key, &pod, 0);
                let why = if restarts {
                    Why::KubeletIsBack
                } else {
                    Why::BoundHere
                };
                self.did(actor, What::Accepted { pulls }, object(), why)
            }
            Stage::Pulling => {
                let image = pod.spec.containers.get(worker.container)?.image.clone();
                self.kubelet_mut(node)?.images.insert(image.clone());
                let message = format!("Successfully pulled image {image:?}");
                self.record_on_pod(&pod, "kubelet", node, EventType::Normal, "Pulled", message);
                self.proceed(
                    node,
                    key,
                    Stage::Starting,
                    worker.container,
                    self.timing.container_start,
                );
                self.did(actor, What::Pulled { image }, object(), Why::ImageArrived)
            }
            Stage::Starting => {
                let container = pod.spec.containers.get(worker.container)?;
                let name = container.name.clone();
                for (reason, message) in [
                    ("Created", format!("Created container: {name}")),
                    ("Started", format!("Started container {name}")),
                ] {
                    self.record_on_pod(&pod, "kubelet", node, EventType::Normal, reason, message);
                }
                self.write_pod(key, |pod| start_container(pod, &name, now));
                let next = worker.container + 1;
                let pulls = if next < pod.spec.containers.len() {
                    self.prepare_container(node, key, &pod, next)
                } else {
                    self.proceed(node, key, Stage::BecomingReady, next, self.timing.ready);
                    None
                };
                self.did(
                    actor,
                    What::Started {
                        container: name,
                        pulls,
                    },
                    object(),
                    Why::ImagePresent,
                )
            }
            Stage::BecomingReady | Stage::Running => {
                if let Some(kubelet) = self.kubelet_mut(node)
                    && let Some(worker) = kubelet.workers.get_mut(key)
                {
                    worker.stage = Stage::Running;
                }
                if pod.is_ready() {
                    return None;
                }
                self.write_pod(key, |pod| become_ready(pod, now));
                let why = if worker.stage == Stage::Running {
                    Why::KubeletIsBack
                } else {
                    Why::ContainersRun
                };
                self.did(actor, What::Ready, object(), why)
            }
            Stage::Stopping => {
                self.delete_pod_now(key);
                self.did(actor, What::Stopped, object(), Why::DeletionAsked)
            }
        }
    }

    /// Pulls a container's image if the node does not have it; which image, if so.
    fn prepare_container(
        &mut self,
        node: &Name,
        key: &Key,
        pod: &Pod,
        index: usize,
    ) -> Option<String> {
        let image = pod.spec.containers.get(index)?.image.clone();
        let present = self
            .kubelets
            .get(node)
            .is_some_and(|kubelet| kubelet.images.contains(&image));
        if present {
            let message = format!("Container image {image:?} already present on machine");
            self.record_on_pod(pod, "kubelet", node, EventType::Normal, "Pulled", message);
            self.proceed(
                node,
                key,
                Stage::Starting,
                index,
                self.timing.container_start,
            );
            return None;
        }
        let message = format!("Pulling image {image:?}");
        self.record_on_pod(pod, "kubelet", node, EventType::Normal, "Pulling", message);
        self.proceed(node, key, Stage::Pulling, index, self.timing.image_pull);
        Some(image)
    }

    fn proceed(&mut self, node: &Name, key: &Key, stage: Stage, container: usize, latency: Millis) {
        if let Some(kubelet) = self.kubelet_mut(node) {
            kubelet.workers.insert(
                key.clone(),
                Worker {
                    stage,
                    container,
                    interrupted: false,
                },
            );
        }
        self.after(
            latency,
            Due::KubeletPod {
                node: node.clone(),
                pod: key.clone(),
            },
        );
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
        self.record_on_node(name, "kubelet", "NodeReady");
        self.write_node(name, |node| {
            for condition in conditions(true) {
                set_condition(&mut node.status.conditions, condition, now);
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

/// A node's conditions as its kubelet posts them.
fn conditions(ready: bool) -> Vec<objects::Condition> {
    let fine = [
        (
            ConditionType::MemoryPressure,
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
        ),
        (
            ConditionType::DiskPressure,
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure",
        ),
        (
            ConditionType::PIDPressure,
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available",
        ),
    ];
    let mut conditions: Vec<_> = fine
        .map(|(type_, reason, message)| condition(type_, ConditionStatus::False, reason, message))
        .into();
    conditions.push(if ready {
        condition(ConditionType::Ready, ConditionStatus::True, "KubeletReady", "kubelet is posting ready status")
    } else {
        condition(ConditionType::Ready,
            ConditionStatus::False,
            "KubeletNotReady",
            "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
        )
    });
    conditions
}

/// Status when the kubelet has seen a pod: everything is there, nothing is ready.
fn accept(pod: &mut Pod, now: objects::Timestamp) {
    let names: Vec<&str> = pod
        .spec
        .containers
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    let unready = format!("containers with unready status: [{}]", names.join(" "));
    let status = &mut pod.status;
    status.start_time.get_or_insert(now);
    status.phase = Phase::Pending;
    let scheduled = condition(ConditionType::PodScheduled, ConditionStatus::True, "", "");
    for new in [
        condition(
            ConditionType::PodReadyToStartContainers,
            ConditionStatus::True,
            "",
            "",
        ),
        condition(ConditionType::Initialized, ConditionStatus::True, "", ""),
        condition(
            ConditionType::Ready,
            ConditionStatus::False,
            "ContainersNotReady",
            &unready,
        ),
        condition(
            ConditionType::ContainersReady,
            ConditionStatus::False,
            "ContainersNotReady",
            &unready,
        ),
        scheduled,
    ] {
        set_condition(&mut status.conditions, new, now);
    }
    let order = [
        ConditionType::PodReadyToStartContainers,
        ConditionType::Initialized,
        ConditionType::Ready,
        ConditionType::ContainersReady,
        ConditionType::PodScheduled,
    ];
    status
        .conditions
        .sort_by_key(|it| order.iter().position(|type_| *type_ == it.type_));
    let restarts: Vec<i64> = status
        .container_statuses
        .iter()
        .map(|it| it.restart_count + 1)
        .collect();
    status.container_statuses = pod
        .spec
        .containers
        .iter()
        .enumerate()
        .map(|(i, container)| {
            let waiting = Waiting {
                reason: "ContainerCreating".into(),
                ..Waiting::default()
            };
            let mut rest = objects::Fields::new();
            rest.insert("image".into(), json!(container.image));
            rest.insert("imageID".into(), json!(""));
            ContainerStatus {
                name: container.name.clone(),
                restart_count: restarts.get(i).copied().unwrap_or(0),
                started: Some(false),
                state: ContainerState {
                    waiting: Some(waiting),
                    ..ContainerState::default()
                },
                rest,
                ..ContainerStatus::default()
            }
        })
        .collect();
}

fn start_container(pod: &mut Pod, name: &str, now: objects::Timestamp) {
    let status = &mut pod.status;
    if let Some(container) = status
        .container_statuses
        .iter_mut()
        .find(|it| it.name == name)
    {
        container.state = ContainerState {
            running: Some(json!({ "startedAt": now.to_string() })),
            ..ContainerState::default()
        };
        container.started = Some(true);
    }
    if status
        .container_statuses
        .iter()
        .all(|it| it.state.running.is_some())
    {
        status.phase = Phase::Running;
    }
}

fn become_ready(pod: &mut Pod, now: objects::Timestamp) {
    let status = &mut pod.status;
    status
        .container_statuses
        .iter_mut()
        .for_each(|it| it.ready = true);
    for type_ in [ConditionType::Ready, ConditionType::ContainersReady] {
        set_condition(
            &mut status.conditions,
            condition(type_, ConditionStatus::True, "", ""),
            now,
        );
    }
}
