//! How a pod is, and what keeps it from being ready: what it says itself, with what its node says.
//!
//! No rule of the controller reads more of this than whether the pod has failed and whether it is
//! ready; those who ask why want to know the rest.

use std::fmt;

use objects::{
    ConditionStatus, ConditionType, ContainerCounts, Millis, Name, Node, Pod,
    pod::{ContainerStatus, Terminated},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a pod is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodState {
    /// kubectl's STATUS cell.
    pub status: String,
    /// How often its containers were started again.
    pub restarts: i64,
    /// What keeps it from being ready, or has lately; what others follow from comes first.
    pub findings: Vec<Finding>,
}

/// Something that a pod is not well for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Finding {
    /// Its deletion was asked for.
    #[serde(rename_all = "camelCase")]
    BeingDeleted {
        /// How long ago, and so long it may take its containers to stop.
        ago: Millis,
        grace_period: Millis,
        /// The object stays until these are taken off it.
        finalizers: Vec<String>,
    },
    /// The node that it is bound to does not exist.
    NodeMissing { node: Name },
    /// Nobody has heard of the node's kubelet for long.
    #[serde(rename_all = "camelCase")]
    NodeUnreachable {
        node: Name,
        reason: String,
        message: String,
        /// Nobody stops the containers of a pod that is being deleted, either.
        holds_deletion: bool,
    },
    /// The node's kubelet says that the node is not ready.
    NodeNotReady {
        node: Name,
        reason: String,
        message: String,
    },
    /// No room has been found for it.
    #[serde(rename_all = "camelCase")]
    Unscheduled {
        /// The one node that it may run on.
        pinned_to: Option<Name>,
        reason: String,
        message: String,
    },
    /// The whole pod was ended or refused: `Evicted`, `OutOfcpu`.
    Ended { reason: String, message: String },
    /// A container waits to be started.
    Waiting {
        container: Name,
        reason: String,
        message: String,
    },
    /// A container has ended, and has not been started again.
    Terminated { container: Name, end: End },
    /// A container runs, and its startup probe has not succeeded yet.
    NotStarted { container: Name },
    /// A container runs, and its readiness probe does not succeed, or has not yet.
    #[serde(rename_all = "camelCase")]
    NotReady { container: Name, is_probed: bool },
    /// How a container ended the last time before it was started again.
    LastEnded { container: Name, end: End },
    /// A condition, besides those that the containers account for.
    Condition {
        condition: String,
        reason: String,
        message: String,
    },
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    pub exit_code: i64,
    /// `Error`, `OOMKilled`, `Completed`, or nothing.
    pub reason: String,
    pub message: String,
    /// How long ago, if that is said.
    pub ago: Option<Millis>,
}

impl End {
    fn of(terminated: &Terminated, now: Millis) -> Self {
        let message = terminated.rest.get("message").and_then(|it| it.as_str());
        let finished = terminated.finished_at;
        Self {
            exit_code: terminated.exit_code,
            reason: terminated.reason.clone(),
            message: message.unwrap_or_default().trim().to_owned(),
            ago: finished.map(|it| (now - it.to_unix_millis()).max(Millis(0))),
        }
    }
}

impl PodState {
    /// Of a pod on this node, if its node exists, at this moment.
    pub fn of(pod: &Pod, node: Option<&Node>, now: Millis) -> Self {
        let mut findings = Vec::new();
        let node_is_lost = !pod.is_terminal() && about_node(pod, node, &mut findings);
        if pod.metadata.is_being_deleted() {
            findings.insert(0, being_deleted(pod, now));
        }
        if pod.spec.node_name.is_empty() && !pod.is_terminal() {
            findings.push(unscheduled(pod));
        }
        if !pod.status.reason.is_empty() {
            findings.push(Finding::Ended {
                reason: pod.status.reason.clone(),
                message: pod.status.message.clone(),
            });
        }
        about_containers(pod, node_is_lost, now, &mut findings);
        let ready = pod.condition(&ConditionType::Ready);
        let explained = ["", "ContainersNotReady", "PodCompleted", "PodFailed"];
        if let Some(ready) = ready.filter(|it| it.status != ConditionStatus::True)
            && !node_is_lost
            && !explained.contains(&ready.reason.as_str())
        {
            findings.push(Finding::Condition {
                condition: ready.type_.as_str().to_owned(),
                reason: ready.reason.clone(),
                message: ready.message.clone(),
            });
        }
        Self {
            status: pod.status_cell(),
            restarts: ContainerCounts::of(pod).restarts,
            findings,
        }
    }
}

fn being_deleted(pod: &Pod, now: Millis) -> Finding {
    let seconds = pod.metadata.deletion_grace_period_seconds.unwrap_or(0);
    let grace_period = Millis::from_secs(seconds);
    // The timestamp says by when it is to be gone.
    let by = pod.metadata.deletion_timestamp;
    let by = by.map_or(now, |it| it.to_unix_millis());
    Finding::BeingDeleted {
        ago: (now - (by - grace_period)).max(Millis(0)),
        grace_period,
        finalizers: pod.metadata.finalizers.clone(),
    }
}

/// Tells of a node that is not well. Whether nobody there says how the pod is.
fn about_node(pod: &Pod, node: Option<&Node>, findings: &mut Vec<Finding>) -> bool {
    let name = pod.spec.node_name.clone();
    if name.is_empty() {
        return false;
    }
    let Some(node) = node else {
        findings.push(Finding::NodeMissing { node: name });
        return true;
    };
    let Some(ready) = node.condition(&ConditionType::Ready) else {
        return false;
    };
    let (reason, message) = (ready.reason.clone(), ready.message.clone());
    match ready.status {
        ConditionStatus::True => {}
        ConditionStatus::False => findings.push(Finding::NodeNotReady {
            node: name,
            reason,
            message,
        }),
        ConditionStatus::Unknown => {
            findings.push(Finding::NodeUnreachable {
                node: name,
                reason,
                message,
                holds_deletion: pod.metadata.is_being_deleted(),
            });
            return true;
        }
    }
    false
}

fn unscheduled(pod: &Pod) -> Finding {
    let scheduled = pod.condition(&ConditionType::PodScheduled);
    let said = scheduled.map(|it| (it.reason.clone(), it.message.clone()));
    let (reason, message) = said.unwrap_or_default();
    Finding::Unscheduled {
        pinned_to: pod.target_node().map(Name::from),
        reason,
        message,
    }
}

fn about_containers(pod: &Pod, node_is_lost: bool, now: Millis, findings: &mut Vec<Finding>) {
    let status = &pod.status;
    let inits = status.init_container_statuses.iter();
    let done = |it: &ContainerStatus| {
        let ended = it.state.terminated.as_ref();
        ended.is_some_and(|it| it.exit_code == 0) || it.started == Some(true)
    };
    // The others have nothing to tell before these are done.
    let current = inits.clone().find(|it| !done(it));
    for it in inits.filter(|it| done(it)).filter(|it| !it.ready) {
        push_last_end(it, now, findings);
    }
    match current {
        Some(current) if !pod.is_terminal() => {
            about_container(pod, current, node_is_lost, now, findings);
        }
        _ => {
            for it in &status.container_statuses {
                about_container(pod, it, node_is_lost, now, findings);
            }
        }
    }
}

fn about_container(
    pod: &Pod,
    status: &ContainerStatus,
    node_is_lost: bool,
    now: Millis,
    findings: &mut Vec<Finding>,
) {
    let container = status.name.clone();
    if let Some(terminated) = &status.state.terminated {
        let end = End::of(terminated, now);
        findings.push(Finding::Terminated { container, end });
        return;
    }
    if let Some(waiting) = &status.state.waiting {
        findings.push(Finding::Waiting {
            container,
            reason: waiting.reason.clone(),
            message: waiting.message.clone(),
        });
    } else if status.state.running.is_some() && !status.ready && !node_is_lost {
        findings.push(match status.started {
            Some(false) => Finding::NotStarted { container },
            _ => Finding::NotReady {
                is_probed: is_probed(pod, &container),
                container,
            },
        });
    }
    push_last_end(status, now, findings);
}

/// Whether a container has a readiness probe.
fn is_probed(pod: &Pod, container: &str) -> bool {
    let mut containers = pod.spec.containers.iter().chain(&*pod.spec.init_containers);
    let found = containers.find(|it| it.name == container);
    found.is_some_and(|it| it.rest.get("readinessProbe").is_some_and(Value::is_object))
}

fn push_last_end(status: &ContainerStatus, now: Millis, findings: &mut Vec<Finding>) {
    if let Some(last) = status.last_end() {
        findings.push(Finding::LastEnded {
            container: status.name.clone(),
            end: End::of(last, now),
        });
    }
}

/// `CrashLoopBackOff, 7 restarts`
impl fmt::Display for PodState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.status)?;
        match self.restarts {
            0 => Ok(()),
            1 => f.write_str(", 1 restart"),
            n => write!(f, ", {n} restarts"),
        }
    }
}

/// ` (REASON: MESSAGE)`, as far as they are said.
fn in_brackets(f: &mut fmt::Formatter<'_>, reason: &str, message: &str) -> fmt::Result {
    let message = message.trim().trim_end_matches('.');
    match (reason, message) {
        ("", "") => Ok(()),
        ("", said) | (said, "") => write!(f, " ({said})"),
        (reason, message) => write!(f, " ({reason}: {message})"),
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}", self.exit_code)?;
        in_brackets(f, &self.reason, &self.message)?;
        match self.ago {
            Some(ago) => write!(f, ", {} ago", seconds(ago)),
            None => Ok(()),
        }
    }
}

/// Parts of a second tell nothing here.
fn seconds(it: Millis) -> Millis {
    Millis(it.0 / 1000 * 1000)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeingDeleted {
                ago,
                grace_period,
                finalizers,
            } => {
                let ago_seconds = seconds(*ago);
                write!(
                    f,
                    "its deletion was asked for {ago_seconds} ago, with a grace period of {grace_period}"
                )?;
                if ago > grace_period {
                    f.write_str(" that is over")?;
                }
                if !finalizers.is_empty() {
                    write!(f, "; held by finalizers {}", finalizers.join(", "))?;
                }
                Ok(())
            }
            Self::NodeMissing { node } => write!(
                f,
                "its node {node} does not exist: pod garbage collection removes the pod"
            ),
            Self::NodeUnreachable {
                node,
                reason,
                message,
                holds_deletion,
            } => {
                write!(f, "its node {node} is unreachable")?;
                in_brackets(f, reason, message)?;
                f.write_str(match holds_deletion {
                    true => {
                        ": the pod stays until the kubelet there is back and has stopped it, the Node object is deleted, or the deletion is forced"
                    }
                    false => {
                        ": whether the containers run there nobody knows, and a pod that is deleted there stays until the kubelet is back"
                    }
                })
            }
            Self::NodeNotReady {
                node,
                reason,
                message,
            } => {
                write!(f, "its node {node} is not ready")?;
                in_brackets(f, reason, message)
            }
            Self::Unscheduled {
                reason, message, ..
            } if message.is_empty() => {
                f.write_str("the scheduler has not looked at it yet")?;
                in_brackets(f, reason, "")
            }
            Self::Unscheduled {
                pinned_to,
                reason,
                message,
            } => {
                f.write_str("the scheduler finds no place for it")?;
                if let Some(node) = pinned_to {
                    write!(f, " on {node}, the only node it may run on")?;
                }
                in_brackets(f, reason, message)
            }
            Self::Ended { reason, message } => {
                write!(f, "it was ended or refused: {reason}")?;
                in_brackets(f, "", message)
            }
            Self::Waiting {
                container,
                reason,
                message,
            } => {
                write!(f, "container {container} waits")?;
                in_brackets(f, reason, message)
            }
            Self::Terminated { container, end } => {
                write!(f, "container {container} has ended: {end}")
            }
            Self::NotStarted { container } => write!(
                f,
                "container {container} runs, and its startup probe has not succeeded yet"
            ),
            Self::NotReady {
                container,
                is_probed: true,
            } => write!(
                f,
                "container {container} runs, and is not ready: its readiness probe fails, or has not been asked yet"
            ),
            Self::NotReady { container, .. } => {
                write!(
                    f,
                    "container {container} runs, and is not said to be ready yet"
                )
            }
            Self::LastEnded { container, end } => {
                write!(f, "container {container} ended the last time with {end}")
            }
            Self::Condition {
                condition,
                reason,
                message,
            } => {
                write!(f, "its condition {condition} is not True")?;
                in_brackets(f, reason, message)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis::from_secs(1_767_225_600);

    #[track_caller]
    fn check(pod: &str, node: &str, want: &[&str]) {
        let pod: Pod = serde_yaml::from_str(pod).unwrap();
        let node: Option<Node> = (!node.is_empty()).then(|| serde_yaml::from_str(node).unwrap());
        let state = PodState::of(&pod, node.as_ref(), NOW);
        let mut got = vec![state.to_string()];
        got.extend(state.findings.iter().map(ToString::to_string));
        assert_eq!(got, want);
    }

    const READY: &str =
        "{metadata: {name: n}, status: {conditions: [{type: Ready, status: 'True'}]}}";
    const LOST: &str = "{metadata: {name: n}, status: {conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status.}]}}";

    #[test]
    fn a_pod_tells_what_it_is_not_well_for() {
        let pod = |status: &str| {
            format!("{{spec: {{nodeName: n, containers: [{{name: app}}]}}, status: {status}}}")
        };
        check(
            &pod(
                "{phase: Running, conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: app, ready: true, state: {running: {}}}]}",
            ),
            READY,
            &["Running"],
        );
        check(
            &pod(
                "{phase: Running, conditions: [{type: Ready, status: 'False', reason: ContainersNotReady, message: 'containers with unready status: [app]'}], containerStatuses: [{name: app, ready: false, restartCount: 12, state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled, finishedAt: '2025-12-31T23:57:30Z'}}}]}",
            ),
            READY,
            &[
                "CrashLoopBackOff, 12 restarts",
                "container app waits (CrashLoopBackOff: back-off 5m0s restarting failed container)",
                "container app ended the last time with exit code 137 (OOMKilled), 2m30s ago",
            ],
        );
        check(
            &pod(
                "{phase: Running, containerStatuses: [{name: app, ready: false, started: true, state: {running: {}}}]}",
            ),
            READY,
            &[
                "Running",
                "container app runs, and is not said to be ready yet",
            ],
        );
        check(
            "{spec: {nodeName: n, containers: [{name: app, readinessProbe: {}}]}, status: {phase: Running, containerStatuses: [{name: app, ready: false, started: true, state: {running: {}}}]}}",
            READY,
            &[
                "Running",
                "container app runs, and is not ready: its readiness probe fails, or has not been asked yet",
            ],
        );
        check(
            &pod(
                "{phase: Running, conditions: [{type: Ready, status: 'False'}], containerStatuses: [{name: app, ready: true, state: {running: {}}}]}",
            ),
            LOST,
            &[
                "Running",
                "its node n is unreachable (NodeStatusUnknown: Kubelet stopped posting node status): whether the containers run there nobody knows, and a pod that is deleted there stays until the kubelet is back",
            ],
        );
        check(
            &pod(
                "{phase: Failed, reason: Evicted, message: 'The node was low on resource: memory.'}",
            ),
            READY,
            &[
                "Evicted",
                "it was ended or refused: Evicted (The node was low on resource: memory)",
            ],
        );
        check(
            &pod(
                "{phase: Running, conditions: [{type: Ready, status: 'False', reason: ReadinessGatesNotReady, message: the gate is shut}]}",
            ),
            READY,
            &[
                "Running",
                "its condition Ready is not True (ReadinessGatesNotReady: the gate is shut)",
            ],
        );
        check(
            &pod("{phase: Running}"),
            "",
            &[
                "Running",
                "its node n does not exist: pod garbage collection removes the pod",
            ],
        );
    }

    #[test]
    fn a_pod_that_goes_tells_since_when_and_who_holds_it() {
        check(
            "{metadata: {deletionTimestamp: '2025-12-31T23:50:30Z', deletionGracePeriodSeconds: 30}, spec: {nodeName: n}, status: {phase: Running}}",
            LOST,
            &[
                "Terminating",
                "its deletion was asked for 10m0s ago, with a grace period of 30s that is over",
                "its node n is unreachable (NodeStatusUnknown: Kubelet stopped posting node status): the pod stays until the kubelet there is back and has stopped it, the Node object is deleted, or the deletion is forced",
            ],
        );
        check(
            "{metadata: {deletionTimestamp: '2026-01-01T00:00:20Z', deletionGracePeriodSeconds: 30, finalizers: [a/b]}, spec: {nodeName: n}, status: {phase: Running}}",
            READY,
            &[
                "Terminating",
                "its deletion was asked for 10s ago, with a grace period of 30s; held by finalizers a/b",
            ],
        );
    }

    #[test]
    fn a_pod_without_a_node_tells_what_the_scheduler_said() {
        check(
            "{status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/1 nodes are available: 1 Insufficient cpu.'}]}}",
            "",
            &[
                "Pending",
                "the scheduler finds no place for it (Unschedulable: 0/1 nodes are available: 1 Insufficient cpu)",
            ],
        );
        check(
            "{status: {phase: Pending}}",
            "",
            &["Pending", "the scheduler has not looked at it yet"],
        );
    }

    #[test]
    fn while_init_containers_run_they_tell() {
        check(
            "{spec: {nodeName: n, initContainers: [{name: a}, {name: b}], containers: [{name: app}]}, status: {phase: Pending, initContainerStatuses: [{name: a, ready: true, state: {terminated: {exitCode: 0, reason: Completed}}}, {name: b, restartCount: 2, state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image \"b:1\"'}}}], containerStatuses: [{name: app, state: {waiting: {reason: PodInitializing}}}]}}",
            READY,
            &[
                "Init:ImagePullBackOff, 2 restarts",
                "container b waits (ImagePullBackOff: Back-off pulling image \"b:1\")",
            ],
        );
    }
}
