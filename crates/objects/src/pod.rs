//! Pods, and the template that pods are made from.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    Affinity, Labels, Name, ObjectMeta, Quantity, Shared, Timestamp, Toleration,
    fields::{object, words},
    node::ResourceList,
    quantity::Amount,
};

object! {
    /// Models `v1.Pod`.
    pub struct Pod {
        metadata: ObjectMeta = always "metadata",
        spec: PodSpec = always "spec",
        status: PodStatus = "status",
    }
}

object! {
    /// Models `v1.PodTemplateSpec`.
    pub struct PodTemplateSpec {
        metadata: ObjectMeta = always "metadata",
        spec: PodSpec = always "spec",
    }
}

object! {
    /// Models `v1.PodSpec`. What the pods of one template have in common is shared between them.
    pub struct PodSpec {
        affinity: Option<Shared<Affinity>> = "affinity",
        containers: Shared<Vec<Container>> = "containers",
        host_network: bool = "hostNetwork",
        init_containers: Shared<Vec<Container>> = "initContainers",
        node_name: Name = "nodeName",
        node_selector: Shared<Labels> = "nodeSelector",
        priority: Option<i64> = "priority",
        priority_class_name: String = "priorityClassName",
        termination_grace_period_seconds: Option<i64> = "terminationGracePeriodSeconds",
        tolerations: Shared<Vec<Toleration>> = "tolerations",
    }
}

object! {
    /// Models `v1.Container`.
    pub struct Container {
        image: Name = "image",
        image_pull_policy: String = "imagePullPolicy",
        name: Name = always "name",
        ports: Vec<ContainerPort> = "ports",
        /// Present, also empty, once defaulted.
        resources: Option<ResourceRequirements> = "resources",
    }
}

object! {
    /// Models `v1.ContainerPort`.
    pub struct ContainerPort {
        container_port: i64 = always "containerPort",
        host_ip: String = "hostIP",
        host_port: i64 = "hostPort",
        name: String = "name",
        protocol: String = "protocol",
    }
}

object! {
    /// Models `v1.ResourceRequirements`.
    pub struct ResourceRequirements {
        limits: ResourceList = "limits",
        requests: ResourceList = "requests",
    }
}

words! {
    /// Models `v1.PodPhase`.
    pub enum Phase("phase of a pod") {
        /// Not every container has run yet. What a pod without a phase counts as.
        Pending,
        /// Containers run, or are about to be started again.
        Running,
        /// All containers ended well, for good.
        Succeeded,
        /// All containers ended, at least one badly; or the node would not have the pod.
        Failed,
        /// No longer used by Kubernetes.
        Unknown,
    }
}

words! {
    /// The status of a condition.
    pub enum ConditionStatus("status of a condition") {
        /// Nobody has said anything lately.
        Unknown,
        True,
        False,
    }
}

words! {
    /// What a condition is about.
    pub enum ConditionType {
        /// Of pods and of nodes.
        Ready,
        PodScheduled,
        Initialized,
        ContainersReady,
        PodReadyToStartContainers,
        MemoryPressure,
        DiskPressure,
        PIDPressure,
        NetworkUnavailable,
        ..Other
    }
}

object! {
    /// Models `v1.PodCondition` and `v1.NodeCondition`.
    pub struct Condition {
        last_transition_time: Option<Timestamp> = "lastTransitionTime",
        message: String = "message",
        reason: String = "reason",
        status: ConditionStatus = always "status",
        type_: ConditionType = always "type",
    }
}

object! {
    /// Models `v1.PodStatus`.
    pub struct PodStatus {
        conditions: Vec<Condition> = "conditions",
        container_statuses: Vec<ContainerStatus> = "containerStatuses",
        host_ip: Name = "hostIP",
        host_ips: Shared<Vec<PodIp>> = "hostIPs",
        init_container_statuses: Vec<ContainerStatus> = "initContainerStatuses",
        message: String = "message",
        nominated_node_name: Option<Name> = "nominatedNodeName",
        phase: Phase = always "phase",
        pod_ip: Name = "podIP",
        pod_ips: Shared<Vec<PodIp>> = "podIPs",
        reason: String = "reason",
        start_time: Option<Timestamp> = "startTime",
    }
}

object! {
    /// Models `v1.PodIP` and `v1.HostIP`.
    pub struct PodIp {
        ip: Name = "ip",
    }
}

object! {
    /// Models `v1.ContainerStatus`.
    pub struct ContainerStatus {
        container_id: Name = "containerID",
        image: Name = always "image",
        image_id: Name = always "imageID",
        last_state: Option<Box<ContainerState>> = "lastState",
        name: Name = always "name",
        ready: bool = always "ready",
        restart_count: i64 = always "restartCount",
        started: Option<bool> = "started",
        state: ContainerState = always "state",
    }
}

object! {
    /// Models `v1.ContainerState`: at most one of the three.
    pub struct ContainerState {
        running: Option<Running> = "running",
        terminated: Option<Box<Terminated>> = "terminated",
        waiting: Option<Box<Waiting>> = "waiting",
    }
}

object! {
    /// Models `v1.ContainerStateRunning`.
    pub struct Running {
        started_at: Option<Timestamp> = "startedAt",
    }
}

object! {
    /// Models `v1.ContainerStateWaiting`.
    pub struct Waiting {
        message: String = "message",
        reason: String = "reason",
    }
}

object! {
    /// Models `v1.ContainerStateTerminated`.
    pub struct Terminated {
        exit_code: i64 = always "exitCode",
        finished_at: Option<Timestamp> = "finishedAt",
        reason: String = "reason",
        started_at: Option<Timestamp> = "startedAt",
    }
}

/// Amounts of resources, by their names.
pub type Amounts<'a> = BTreeMap<&'a str, Amount>;

impl Container {
    fn add<'a>(&'a self, of: fn(&ResourceRequirements) -> &ResourceList, total: &mut Amounts<'a>) {
        for (resource, amount) in self.resources.iter().flat_map(of) {
            *total.entry(resource).or_default() += amount.amount().unwrap_or_default();
        }
    }

    /// Whether it is an init container that runs on beside the others.
    pub fn is_sidecar(&self) -> bool {
        self.rest.get("restartPolicy").and_then(Value::as_str) == Some("Always")
    }
}

impl ContainerStatus {
    /// When it started and ended, now and the last time.
    fn times(&self) -> impl Iterator<Item = Timestamp> {
        let states = self.last_state.as_deref().into_iter().chain([&self.state]);
        states.flat_map(|state| {
            let started = state.running.as_ref().and_then(|it| it.started_at);
            let ended = state.terminated.as_ref().and_then(|it| it.finished_at);
            started.into_iter().chain(ended)
        })
    }

    /// How it ended the last time, if it has been started again since or waits for that.
    pub fn last_end(&self) -> Option<&Terminated> {
        self.last_state.as_ref()?.terminated.as_deref()
    }
}

impl ResourceRequirements {
    /// Whether what is limited is requested, too.
    pub(crate) fn is_requested(&self) -> bool {
        self.limits.keys().all(|it| self.requests.contains_key(it))
    }
}

/// The latest time that an object speaks of: it was got no earlier.
pub(crate) fn latest(metadata: &ObjectMeta, conditions: &[Condition]) -> Option<Timestamp> {
    let transitions = conditions.iter().filter_map(|it| it.last_transition_time);
    let heartbeats = conditions.iter().filter_map(|it| {
        let at = it.rest.get("lastHeartbeatTime").and_then(Value::as_str)?;
        crate::time::parse_rfc3339(at).map(Timestamp::from_unix_millis)
    });
    // It says by when the object is to be gone, not when that was asked for.
    let grace = metadata.deletion_grace_period_seconds.unwrap_or(0);
    let deletion = metadata.deletion_timestamp;
    let deletion = deletion.map(|it| Timestamp(it.0.saturating_sub(grace)));
    let times = transitions.chain(heartbeats).chain(deletion);
    times.chain(metadata.creation_timestamp).max()
}

impl Pod {
    /// The latest time that it speaks of.
    pub fn latest(&self) -> Option<Timestamp> {
        let status = &self.status;
        let containers = status.container_statuses.iter();
        let containers = containers.chain(&status.init_container_statuses);
        let times = containers.flat_map(ContainerStatus::times);
        times
            .chain(latest(&self.metadata, &status.conditions))
            .max()
    }

    /// A condition by its type.
    pub fn condition(&self, type_: &ConditionType) -> Option<&Condition> {
        self.status
            .conditions
            .iter()
            .find(|condition| condition.type_ == *type_)
    }

    /// Its condition Ready, if that is True.
    pub fn ready(&self) -> Option<&Condition> {
        self.condition(&ConditionType::Ready)
            .filter(|ready| ready.status == ConditionStatus::True)
    }

    /// Whether its condition Ready is True.
    pub fn is_ready(&self) -> bool {
        self.ready().is_some()
    }

    /// Whether it has run to its end, well or badly.
    pub fn is_terminal(&self) -> bool {
        matches!(self.status.phase, Phase::Succeeded | Phase::Failed)
    }

    /// How much of each resource it asks for.
    ///
    /// Models `PodRequests`, component-helpers `resource/helpers.go`, v1.34.
    pub fn requests(&self) -> Amounts<'_> {
        let mut total = self.total(|it| &it.requests);
        for (resource, amount) in self.overhead() {
            *total.entry(resource).or_default() += amount;
        }
        total
    }

    /// How much of each resource it may have at most; without those of which that is not said.
    ///
    /// Models `PodLimits`, the same file.
    pub fn limits(&self) -> Amounts<'_> {
        let mut total = self.total(|it| &it.limits);
        for (resource, amount) in self.overhead() {
            if let Some(sum) = total.get_mut(resource) {
                *sum += amount;
            }
        }
        total
    }

    /// The sum of its containers, or what its init containers need at their most.
    fn total(&self, of: fn(&ResourceRequirements) -> &ResourceList) -> Amounts<'_> {
        let mut total = Amounts::new();
        for container in &*self.spec.containers {
            container.add(of, &mut total);
        }
        let mut sidecars = Amounts::new();
        let mut starting = Amounts::new();
        for container in &*self.spec.init_containers {
            let mut with_sidecars = sidecars.clone();
            container.add(of, &mut with_sidecars);
            if container.is_sidecar() {
                container.add(of, &mut total);
                sidecars.clone_from(&with_sidecars);
            }
            for (resource, amount) in with_sidecars {
                let most = starting.entry(resource).or_default();
                *most = most.max(amount);
            }
        }
        for (resource, amount) in starting {
            let sum = total.entry(resource).or_default();
            *sum = sum.max(amount);
        }
        total
    }

    fn overhead(&self) -> impl Iterator<Item = (&str, Amount)> {
        let overhead = self.spec.rest.get("overhead").and_then(Value::as_object);
        overhead.into_iter().flatten().map(|(resource, amount)| {
            let amount = Quantity(amount.clone()).amount();
            (resource.as_str(), amount.unwrap_or_default())
        })
    }

    /// Which pods go first when a node runs short: `Guaranteed` the last, `BestEffort` the first.
    ///
    /// Models `GetPodQOS`, kubectl `pkg/util/qos/qos.go`, v1.34.
    pub fn qos_class(&self) -> &str {
        if let Some(said) = self.status.rest.get("qosClass").and_then(Value::as_str) {
            return said;
        }
        let containers = self.spec.containers.iter();
        let mut is_best_effort = true;
        let mut is_guaranteed = true;
        for container in containers.chain(self.spec.init_containers.iter()) {
            let amount = |of: fn(&ResourceRequirements) -> &ResourceList, resource: &str| {
                let amount = container.resources.as_ref()?;
                let amount = of(amount).get(resource)?.milli()?;
                (amount != 0).then_some(amount)
            };
            for resource in ["cpu", "memory"] {
                let request = amount(|it| &it.requests, resource);
                let limit = amount(|it| &it.limits, resource);
                is_best_effort &= request.is_none() && limit.is_none();
                is_guaranteed &= limit.is_some() && request.or(limit) == limit;
            }
        }
        match (is_best_effort, is_guaranteed) {
            (true, _) => "BestEffort",
            (false, true) => "Guaranteed",
            (false, false) => "Burstable",
        }
    }

    /// The node it is bound to, or pinned to while it is not bound.
    ///
    /// Models `GetTargetNodeName`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
    pub fn target_node(&self) -> Option<&str> {
        if self.spec.node_name.is_empty() {
            self.spec.affinity.as_ref()?.pinned_node()
        } else {
            Some(&self.spec.node_name)
        }
    }

    /// kubectl's STATUS cell.
    ///
    /// Models `printPod`, `pkg/printers/internalversion/printers.go`, v1.34.
    pub fn status_cell(&self) -> String {
        if self.metadata.is_being_deleted() && !self.is_terminal() {
            let lost = self.status.reason == "NodeLost";
            return if lost { "Unknown" } else { "Terminating" }.to_owned();
        }
        self.initializing_cell()
            .unwrap_or_else(|| self.running_cell())
    }

    /// The cell while init containers have not ended well: `Init:0/2`, `Init:CrashLoopBackOff`.
    fn initializing_cell(&self) -> Option<String> {
        let containers = &self.spec.init_containers;
        let is_sidecar = |name: &str| {
            let named = containers.iter().find(|it| it.name == name);
            named.is_some_and(Container::is_sidecar)
        };
        let mut statuses = self.status.init_container_statuses.iter().enumerate();
        statuses.find_map(|(i, status)| {
            if let Some(terminated) = &status.state.terminated {
                return match (terminated.exit_code, terminated.reason.as_str()) {
                    (0, _) => None,
                    (code, "") => Some(format!("Init:ExitCode:{code}")),
                    (_, reason) => Some(format!("Init:{reason}")),
                };
            }
            if is_sidecar(&status.name) && status.started == Some(true) {
                return None;
            }
            let waiting = status.state.waiting.as_ref();
            match waiting.map_or("", |it| it.reason.as_str()) {
                "" | "PodInitializing" => Some(format!("Init:{i}/{}", containers.len())),
                reason => Some(format!("Init:{reason}")),
            }
        })
    }

    fn running_cell(&self) -> String {
        let status = &self.status;
        let gated = self
            .condition(&ConditionType::PodScheduled)
            .is_some_and(|it| it.reason == "SchedulingGated");
        let mut cell = match status.reason.as_str() {
            "" if gated => "SchedulingGated",
            "" => status.phase.as_str(),
            reason => reason,
        }
        .to_owned();
        let mut any_running = false;
        for container in status.container_statuses.iter().rev() {
            let (waiting, terminated) = (&container.state.waiting, &container.state.terminated);
            if let Some(waiting) = waiting.as_ref().filter(|it| !it.reason.is_empty()) {
                cell.clone_from(&waiting.reason);
            } else if let Some(terminated) = terminated {
                cell = match terminated.reason.as_str() {
                    "" => format!("ExitCode:{}", terminated.exit_code),
                    reason => reason.to_owned(),
                };
            } else if container.ready && container.state.running.is_some() {
                any_running = true;
            }
        }
        if cell == "Completed" && any_running {
            let ready = self.is_ready();
            cell = if ready { "Running" } else { "NotReady" }.to_owned();
        }
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_time_is_that_of_anything_it_speaks_of() {
        let check = |pod: &str, want: &str| {
            let pod: Pod = serde_yaml::from_str(pod).unwrap();
            let latest = pod.latest().map(|it| it.to_string());
            assert_eq!(latest.as_deref(), Some(want), "{pod:?}");
        };
        let ended = "{lastState: {terminated: {exitCode: 1, finishedAt: '2026-01-01T00:00:09Z'}}}";
        check(
            &format!(
                "{{metadata: {{creationTimestamp: '2026-01-01T00:00:00Z'}}, status: {{containerStatuses: [{ended}]}}}}"
            ),
            "2026-01-01T00:00:09Z",
        );
        // Its deletion was asked for a grace period before it is to be gone.
        check(
            "{metadata: {deletionTimestamp: '2026-01-01T00:01:00Z', deletionGracePeriodSeconds: 30}}",
            "2026-01-01T00:00:30Z",
        );
        check(
            "{status: {conditions: [{type: Ready, lastHeartbeatTime: '2026-01-01T00:00:07Z', lastTransitionTime: '2026-01-01T00:00:01Z'}]}}",
            "2026-01-01T00:00:07Z",
        );
    }
}
