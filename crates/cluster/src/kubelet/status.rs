//! What a kubelet reports of a pod.
//!
//! Models `generateAPIPodStatus` and `getPhase`, `pkg/kubelet/kubelet_pods.go`, and the conditions
//! of `pkg/kubelet/status/generate.go`, v1.34.

use objects::{
    Condition, ConditionStatus, ConditionType, Container, Name, Phase, Pod, Timestamp,
    pod::{ContainerState, ContainerStatus, PodIp, Running, Terminated, Waiting},
};
use serde_json::Value;

use super::worker::State;
use crate::{
    conditions::{condition, set_condition},
    digest::container_id,
};

/// The order in which a pod's conditions stand.
const ORDER: [ConditionType; 5] = [
    ConditionType::PodReadyToStartContainers,
    ConditionType::Initialized,
    ConditionType::Ready,
    ConditionType::ContainersReady,
    ConditionType::PodScheduled,
];

/// The status of the container at a place among the init containers and, after them, the others.
pub(super) fn of(pod: &Pod, at: usize) -> Option<&ContainerStatus> {
    let n_init = pod.spec.init_containers.len();
    if at < n_init {
        pod.status.init_container_statuses.get(at)
    } else {
        pod.status.container_statuses.get(at - n_init)
    }
}

fn of_mut(pod: &mut Pod, at: usize) -> Option<&mut ContainerStatus> {
    let n_init = pod.spec.init_containers.len();
    if at < n_init {
        pod.status.init_container_statuses.get_mut(at)
    } else {
        pod.status.container_statuses.get_mut(at - n_init)
    }
}

fn waiting(reason: &str, message: &str) -> ContainerState {
    ContainerState {
        waiting: Some(Box::new(Waiting {
            reason: reason.into(),
            message: message.into(),
            ..Waiting::default()
        })),
        ..ContainerState::default()
    }
}

fn terminated(
    exit_code: i64,
    reason: &str,
    before: &ContainerState,
    now: Timestamp,
) -> ContainerState {
    ContainerState {
        terminated: Some(Box::new(Terminated {
            exit_code,
            reason: reason.into(),
            started_at: before.running.as_ref().and_then(|it| it.started_at),
            finished_at: Some(now),
            ..Terminated::default()
        })),
        ..ContainerState::default()
    }
}

/// The kubelet has taken the pod on: everything is there, nothing runs. Containers that ran before
/// the machine went off have ended, nobody knows how.
pub(super) fn accepted(pod: &mut Pod, now: Timestamp, host_ip: Name, pod_ip: Name) {
    let status = &mut pod.status;
    status.start_time.get_or_insert(now);
    // In the end it has five, and there are thousands of pods.
    status
        .conditions
        .reserve_exact(5 - status.conditions.len().min(5));
    let all = |ip: &Name| {
        vec![PodIp {
            ip: ip.clone(),
            ..PodIp::default()
        }]
        .into()
    };
    (status.host_ips, status.host_ip) = (all(&host_ip), host_ip);
    (status.pod_ips, status.pod_ip) = (all(&pod_ip), pod_ip);
    let sandbox = condition(
        ConditionType::PodReadyToStartContainers,
        ConditionStatus::True,
        "",
        "",
    );
    let scheduled = condition(ConditionType::PodScheduled, ConditionStatus::True, "", "");
    set_condition(&mut status.conditions, sandbox, now);
    set_condition(&mut status.conditions, scheduled, now);
    let first = if pod.spec.init_containers.is_empty() {
        "ContainerCreating"
    } else {
        "PodInitializing"
    };
    let fresh = |before: &[ContainerStatus], containers: &[Container]| -> Vec<ContainerStatus> {
        let of = |(i, container): (usize, &Container)| {
            let before = before
                .get(i)
                .filter(|it| it.name == container.name)
                .cloned()
                .unwrap_or_default();
            let ended = match (before.state.running.is_some(), &before.state.terminated) {
                (true, _) => Box::new(terminated(255, "Unknown", &before.state, now)),
                (false, Some(_)) => Box::new(before.state.clone()),
                (false, None) => before.last_state.unwrap_or_default(),
            };
            ContainerStatus {
                name: container.name.clone(),
                image: container.image.clone(),
                restart_count: before.restart_count,
                last_state: Some(ended),
                started: Some(false),
                state: waiting(first, ""),
                ..ContainerStatus::default()
            }
        };
        containers.iter().enumerate().map(of).collect()
    };
    status.container_statuses = fresh(&status.container_statuses, &pod.spec.containers);
    status.init_container_statuses =
        fresh(&status.init_container_statuses, &pod.spec.init_containers);
    refresh(pod, now);
}

/// A container has been started, for the first time or again.
pub(super) fn started(pod: &mut Pod, at: usize, now: Timestamp) {
    let probed = super::worker::container(pod, at)
        .is_some_and(|it| it.rest.get("startupProbe").is_some_and(Value::is_object));
    let image = super::worker::container(pod, at)
        .map(|it| it.image.clone())
        .unwrap_or_default();
    let uid = pod.metadata.uid.clone();
    if let Some(status) = of_mut(pod, at) {
        if status.state.terminated.is_some() {
            status.last_state = Some(Box::new(std::mem::take(&mut status.state)));
        }
        if status.last_end().is_some() {
            status.restart_count += 1;
        }
        let container = format!("{uid}/{}/{}", status.name, status.restart_count);
        status.container_id = container_id(&container).into();
        status.image_id = image_id(&image).into();
        status.image = image;
        status.started = Some(!probed);
        status.ready = false;
        status.state = ContainerState {
            running: Some(Running {
                started_at: Some(now),
                ..Running::default()
            }),
            ..ContainerState::default()
        };
    }
    refresh(pod, now);
}

/// An image by its whole name, as the runtime reports it.
///
/// Models `splitDockerDomain`, distribution `reference/normalize.go`.
fn image_id(image: &str) -> String {
    let is_domain = |it: &str| it.contains(['.', ':']) || it == "localhost";
    match image.split_once('/') {
        Some((first, _)) if is_domain(first) => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
        None => format!("docker.io/library/{image}"),
    }
}

/// A container's probes say that it is ready.
pub(super) fn became_ready(pod: &mut Pod, at: usize, now: Timestamp) {
    if let Some(status) = of_mut(pod, at) {
        status.started = Some(true);
        status.ready = true;
    }
    refresh(pod, now);
}

/// A container has ended.
pub(super) fn exited(pod: &mut Pod, at: usize, exit_code: i64, now: Timestamp) {
    let is_init = at < pod.spec.init_containers.len();
    if let Some(status) = of_mut(pod, at) {
        let reason = if exit_code == 0 { "Completed" } else { "Error" };
        status.state = terminated(exit_code, reason, &status.state, now);
        status.started = Some(false);
        status.ready = is_init && exit_code == 0;
    }
    refresh(pod, now);
}

/// A container waits, for this reason.
pub(super) fn waits(pod: &mut Pod, at: usize, reason: &str, message: &str, now: Timestamp) {
    if let Some(status) = of_mut(pod, at) {
        if status.state.terminated.is_some() {
            status.last_state = Some(Box::new(std::mem::take(&mut status.state)));
        }
        status.state = waiting(reason, message);
        status.started = Some(false);
        status.ready = false;
    }
    refresh(pod, now);
}

/// A pod that is there from the start and runs, and does not say how: all its containers do.
pub(crate) fn seeded(pod: &mut Pod, now: Timestamp) {
    let is_silent = pod.status.container_statuses.is_empty() && pod.status.conditions.is_empty();
    let is_bound = !pod.spec.node_name.is_empty() && !pod.metadata.is_being_deleted();
    if pod.status.phase == Phase::Running && is_silent && is_bound {
        let n_containers = pod.spec.init_containers.len() + pod.spec.containers.len();
        found(pod, &vec![State::Running; n_containers], now);
    }
}

/// The kubelet has started anew and reports what it finds.
pub(super) fn found(pod: &mut Pod, states: &[State], now: Timestamp) {
    let n_init = pod.spec.init_containers.len();
    if pod.status.container_statuses.is_empty() {
        // It came without: what runs, runs.
        let running = |container: &Container| ContainerStatus {
            name: container.name.clone(),
            image: container.image.clone(),
            ready: true,
            started: Some(true),
            state: ContainerState {
                running: Some(Running {
                    started_at: pod.status.start_time,
                    ..Running::default()
                }),
                ..ContainerState::default()
            },
            ..ContainerStatus::default()
        };
        if states.iter().skip(n_init).all(|it| *it == State::Running) {
            pod.status.container_statuses = pod.spec.containers.iter().map(running).collect();
        }
    }
    refresh(pod, now);
}

/// The pod has failed for good, without its containers being asked.
pub(super) fn failed(
    pod: &mut Pod,
    reason: &str,
    message: &str,
    conditions: &[Condition],
    now: Timestamp,
) {
    let status = &mut pod.status;
    for container in status
        .container_statuses
        .iter_mut()
        .chain(&mut status.init_container_statuses)
    {
        if container.state.running.is_some() {
            container.state = terminated(137, "Error", &container.state, now);
        }
        container.ready = false;
        container.started = Some(false);
    }
    status.phase = Phase::Failed;
    status.reason = reason.into();
    status.message = message.into();
    status.start_time.get_or_insert(now);
    // In the end it has five, and there are thousands of pods.
    status
        .conditions
        .reserve_exact(5 - status.conditions.len().min(5));
    for condition in conditions {
        set_condition(&mut status.conditions, condition.clone(), now);
    }
    if !status.container_statuses.is_empty() {
        refresh(pod, now);
    }
}

/// Brings phase and conditions in line with what the containers do.
fn refresh(pod: &mut Pod, now: Timestamp) {
    let initialized = initialized(pod);
    pod.status.phase = phase(pod, initialized.status == ConditionStatus::True);
    let containers_ready = containers_ready(pod);
    let ready = ready(pod, &containers_ready);
    let conditions = &mut pod.status.conditions;
    for new in [initialized, ready, containers_ready] {
        set_condition(conditions, new, now);
    }
    let place = |it: &Condition| {
        ORDER
            .iter()
            .position(|type_| *type_ == it.type_)
            .unwrap_or(ORDER.len())
    };
    if !conditions.is_sorted_by_key(place) {
        conditions.sort_by_key(place);
    }
}

fn named(names: &[&str]) -> String {
    format!("[{}]", names.join(" "))
}

fn initialized(pod: &Pod) -> Condition {
    let containers = &pod.spec.init_containers;
    let incomplete: Vec<&str> = containers
        .iter()
        .zip(&pod.status.init_container_statuses)
        .filter(|(container, status)| match &status.state.terminated {
            Some(terminated) => terminated.exit_code != 0,
            None => !(container.is_sidecar() && status.started == Some(true)),
        })
        .map(|(container, _)| &*container.name)
        .collect();
    if incomplete.is_empty() {
        return condition(ConditionType::Initialized, ConditionStatus::True, "", "");
    }
    let message = format!("containers with incomplete status: {}", named(&incomplete));
    condition(
        ConditionType::Initialized,
        ConditionStatus::False,
        "ContainersNotInitialized",
        &message,
    )
}

/// Models `getPhase`.
fn phase(pod: &Pod, initialized: bool) -> Phase {
    if matches!(pod.status.phase, Phase::Failed | Phase::Succeeded) {
        return pod.status.phase;
    }
    let policy = pod
        .spec
        .rest
        .get("restartPolicy")
        .and_then(Value::as_str)
        .unwrap_or("Always");
    let statuses = &pod.status.container_statuses;
    let (mut waiting, mut running, mut failed, mut succeeded) = (0, 0, 0, 0);
    for status in statuses {
        let ended = status
            .state
            .terminated
            .as_deref()
            .or(match status.state.running {
                Some(_) => None,
                None => status.last_end(),
            });
        match (&status.state.running, ended) {
            (Some(_), _) => running += 1,
            (None, Some(it)) if it.exit_code == 0 => succeeded += 1,
            (None, Some(_)) => failed += 1,
            (None, None) => waiting += 1,
        }
    }
    let init_failed = pod.status.init_container_statuses.iter().any(|it| {
        it.state
            .terminated
            .as_ref()
            .is_some_and(|it| it.exit_code != 0)
    });
    match policy {
        "Never" if init_failed => Phase::Failed,
        _ if !initialized || waiting > 0 => Phase::Pending,
        "Always" => Phase::Running,
        _ if running > 0 => Phase::Running,
        _ if failed == 0 && succeeded > 0 => Phase::Succeeded,
        "Never" => Phase::Failed,
        _ => Phase::Running,
    }
}

fn containers_ready(pod: &Pod) -> Condition {
    let is = |status, reason: &str, message: &str| {
        condition(ConditionType::ContainersReady, status, reason, message)
    };
    match pod.status.phase {
        Phase::Succeeded => return is(ConditionStatus::False, "PodCompleted", ""),
        Phase::Failed => return is(ConditionStatus::False, "PodFailed", ""),
        _ => {}
    }
    let sidecars = pod
        .spec
        .init_containers
        .iter()
        .zip(&pod.status.init_container_statuses);
    let sidecars = sidecars
        .filter(|(it, _)| it.is_sidecar())
        .map(|(_, status)| status);
    let unready: Vec<&str> = sidecars
        .chain(&pod.status.container_statuses)
        .filter(|it| !it.ready)
        .map(|it| &*it.name)
        .collect();
    if unready.is_empty() {
        return is(ConditionStatus::True, "", "");
    }
    let message = format!("containers with unready status: {}", named(&unready));
    is(ConditionStatus::False, "ContainersNotReady", &message)
}

fn ready(pod: &Pod, containers_ready: &Condition) -> Condition {
    let mut ready = Condition {
        type_: ConditionType::Ready,
        ..containers_ready.clone()
    };
    if containers_ready.status != ConditionStatus::True {
        return ready;
    }
    let gates = pod
        .spec
        .rest
        .get("readinessGates")
        .and_then(Value::as_array);
    let unmet: Vec<String> = gates
        .into_iter()
        .flatten()
        .filter_map(|gate| gate["conditionType"].as_str())
        .filter_map(|type_| {
            let found = pod
                .status
                .conditions
                .iter()
                .find(|it| it.type_.as_str() == type_);
            match found {
                None => Some(format!(
                    "corresponding condition of pod readiness gate {type_:?} does not exist."
                )),
                Some(it) if it.status != ConditionStatus::True => Some(format!(
                    "the status of pod readiness gate {type_:?} is not \"True\", but {}",
                    it.status.as_str()
                )),
                Some(_) => None,
            }
        })
        .collect();
    if !unmet.is_empty() {
        ready.status = ConditionStatus::False;
        ready.reason = "ReadinessGatesNotReady".into();
        ready.message = unmet.join(", ");
    }
    ready
}

#[cfg(test)]
mod tests {
    use super::image_id;

    #[test]
    fn images_have_the_names_of_their_registries() {
        for (image, want) in [
            ("agent:1", "docker.io/library/agent:1"),
            ("fluent/fluentd:v1", "docker.io/fluent/fluentd:v1"),
            ("quay.io/a/b", "quay.io/a/b"),
            ("host:5000/b", "host:5000/b"),
            ("localhost/b", "localhost/b"),
        ] {
            assert_eq!(image_id(image), want);
        }
    }
}
