//! The whole story of one node: every rule that was asked, every pod there, and what the next
//! sync does about them or why it waits.

use std::fmt;

use objects::{DaemonSet, Millis, Name, Node, Phase};
use serde::{Deserialize, Serialize};

use crate::{
    CreateReason, Decision, DeleteReason, Observed, Plan,
    daemon_pods::{Census, DaemonPod, DaemonPods},
    placement::Rules,
    plan::Rollout,
    reason::Upstream,
    reconcile,
    trace::{Check, Remedy},
};

/// Why a node runs the daemon pod, or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    pub decision: Decision,
    /// Every rule with its answer, also those behind the first no.
    pub checks: Vec<Check>,
    /// The DaemonSet's pods there, in the order in which duplicates are decided.
    pub pods: Vec<PodStory>,
    /// Why the next sync creates a pod there.
    pub creates: Option<CreateReason>,
    /// Why it does not, although the node has no pod that runs and should have one.
    pub waits: Option<Wait>,
    /// How far the rolling update is.
    pub rollout: Option<Rollout>,
}

/// A pod on the node, and what comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodStory {
    pub pod: Name,
    pub phase: Phase,
    pub is_ready: bool,
    pub is_available: bool,
    /// It was made from the current template.
    pub is_updated: bool,
    pub fate: Fate,
}

/// What the next sync does about a pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fate {
    Stays,
    Deleted(DeleteReason),
    Waits(Wait),
}

/// Why nothing is done yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Wait {
    /// Creates and deletes of an earlier sync have not been seen yet.
    Expectations,
    /// The pod is being deleted, and holds its place until it is gone.
    BeingDeleted,
    /// The pod has failed, and the back-off of its node is not over.
    Backoff,
    /// The pod is old, and the rolling update has no room for one more.
    RollingUpdate(Rollout),
    /// The pod is old, and somebody has to delete it.
    OnDelete,
    /// The pod is old, and this sync acted elsewhere first.
    LaterSync,
    /// The pod is new and not available, and the old one beside it stays until it is.
    NewNotAvailable,
}

/// Explains a node that is among those observed; `None` for any other.
pub fn explain(
    observed: &Observed<'_>,
    daemon_set: &DaemonSet,
    node: &str,
    now: Millis,
) -> Option<Explanation> {
    let node: &Node = observed.nodes.iter().find(|it| it.metadata.name == *node)?;
    let plan = reconcile(observed, daemon_set, now);
    let name = &node.metadata.name;
    let rules = Rules::new(daemon_set);
    let decisions = [rules.decide(node)];
    let mut census = Census::new(daemon_set, &plan.hash, now);
    let own = observed.pods.iter().filter_map(|pod| census.ask(pod).1);
    let here = own.filter(|pod| *pod.target_node == **name).collect();
    let here = DaemonPods::on(&decisions, here);
    let here = here.on_nodes(&decisions)[0].pods;
    let pods: Vec<PodStory> = here
        .iter()
        .map(|pod| PodStory {
            pod: pod.name().clone(),
            phase: pod.pod.status.phase,
            is_ready: pod.is_ready,
            is_available: pod.is_available,
            is_updated: pod.is_updated,
            fate: fate(pod, here, observed, daemon_set, &plan),
        })
        .collect();
    let [decision] = decisions;
    let creates = plan.creates.iter().find(|create| create.node == *name);
    let creates = creates.map(|create| create.reason.clone());
    let has_running = pods.iter().any(|story| story.fate == Fate::Stays);
    let waits = (decision.should_run && creates.is_none() && !has_running)
        .then(|| match pods.first().map(|story| &story.fate) {
            None if !observed.expectations_met => Some(Wait::Expectations),
            None => Some(Wait::LaterSync),
            Some(Fate::Waits(wait @ (Wait::BeingDeleted | Wait::Backoff))) => Some(wait.clone()),
            Some(_) => None,
        })
        .flatten();
    Some(Explanation {
        checks: rules.trace(node),
        decision,
        pods,
        creates,
        waits,
        rollout: plan.rollout,
    })
}

fn fate(
    pod: &DaemonPod<'_>,
    here: &[DaemonPod<'_>],
    observed: &Observed<'_>,
    daemon_set: &DaemonSet,
    plan: &Plan,
) -> Fate {
    let name = pod.name();
    if let Some(delete) = plan.deletes.iter().find(|delete| delete.pod == *name) {
        return Fate::Deleted(delete.reason.clone());
    }
    if pod.is_being_deleted {
        return Fate::Waits(Wait::BeingDeleted);
    }
    if !observed.expectations_met {
        return Fate::Waits(Wait::Expectations);
    }
    if pod.pod.status.phase == Phase::Failed {
        return Fate::Waits(Wait::Backoff);
    }
    let beside = here
        .iter()
        .any(|other| !other.is_being_deleted && other.is_updated != pod.is_updated);
    match (pod.is_updated, plan.rollout) {
        (true, _) => Fate::Stays,
        (false, _) if !daemon_set.is_rolling_update() => Fate::Waits(Wait::OnDelete),
        (false, _) if beside => Fate::Waits(Wait::NewNotAvailable),
        (false, Some(rollout)) => Fate::Waits(Wait::RollingUpdate(rollout)),
        (false, None) => Fate::Waits(Wait::LaterSync),
    }
}

impl Explanation {
    /// The smallest edits that together would turn the answer into a yes; none if it is one, or
    /// if some rule has no such edit.
    pub fn remedies(&self) -> Vec<Remedy> {
        let failed = self.checks.iter().filter(|check| !check.passed);
        let remedies: Option<Vec<Remedy>> = failed.map(Check::remedy).collect();
        remedies.unwrap_or_default()
    }
}

impl Upstream for Wait {
    fn upstream(&self) -> &'static str {
        match self {
            Self::Expectations => "daemon_controller.go syncDaemonSet",
            Self::BeingDeleted | Self::Backoff => "daemon_controller.go podsShouldBeOnNode",
            Self::LaterSync => "daemon_controller.go updateDaemonSet",
            Self::OnDelete => "daemon_controller.go updateDaemonSet",
            Self::RollingUpdate(_) | Self::NewNotAvailable => "update.go rollingUpdate",
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expectations => {
                f.write_str("creates and deletes of an earlier sync have not been seen yet")
            }
            Self::BeingDeleted => {
                f.write_str("it is being deleted, and holds its place until it is gone")
            }
            Self::Backoff => {
                f.write_str("it has failed, and is left alone until its back-off ends")
            }
            Self::RollingUpdate(rollout) => write!(f, "it is of an old revision; {rollout}"),
            Self::OnDelete => f.write_str(
                "it is of an old revision, and under OnDelete stays until somebody deletes it",
            ),
            Self::LaterSync => f.write_str("this sync has other work; a later one sees to it"),
            Self::NewNotAvailable => f.write_str(
                "it is of an old revision, and stays until the new pod beside it is available",
            ),
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stays => f.write_str("it stays"),
            Self::Deleted(reason) => write!(f, "the next sync deletes it: {reason}"),
            Self::Waits(wait) => write!(f, "{wait}"),
        }
    }
}
