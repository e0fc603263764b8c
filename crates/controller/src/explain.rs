//! The whole story of one node: every rule that was asked, every pod there, and what the next
//! sync does about them or why it waits.

use std::fmt;

use objects::{DaemonSet, Millis, Name, Phase};
use serde::{Deserialize, Serialize};

use crate::{
    CreateReason, Decision, DeleteReason, Index, Observed, Plan, PodState,
    daemon_pods::DaemonPod,
    observed::Listers,
    placement::Rules,
    plan::{Rollout, SyncError},
    pod_state::Finding,
    pods_on_node::PodsOnNode,
    reason::Rule,
    sync,
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
    /// Nodes that use up its room, by name.
    pub taking_room: Vec<Name>,
}

/// A pod on the node, and what comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodStory {
    pub pod: Name,
    pub phase: Phase,
    pub is_ready: bool,
    pub is_available: bool,
    /// How long it has to stay ready yet until `minReadySeconds` are over.
    pub available_in: Option<Millis>,
    /// It was made from the current template; `None` if the sync ends before it knows which
    /// revision that is.
    pub is_updated: Option<bool>,
    /// How it is, as kubectl says it, and what for.
    pub state: PodState,
    pub fate: Fate,
}

impl PodStory {
    /// Whether it is ready, and how long it has to be yet.
    pub fn readiness(&self) -> String {
        match (self.is_available, self.is_ready, self.available_in) {
            (true, ..) => "available".into(),
            (false, true, Some(left)) => {
                format!("ready, not available yet: minReadySeconds are over in {left}")
            }
            (false, true, None) => "ready, not available yet".into(),
            (false, false, _) => "not ready".into(),
        }
    }

    /// What comes of it, and who is to mend it where the controller leaves one alone that is not
    /// well.
    pub fn outcome(&self) -> String {
        if self.fate != Fate::Stays || self.is_ready {
            return self.fate.to_string();
        }
        let is_unscheduled = |it: &Finding| matches!(it, Finding::Unscheduled { .. });
        let left = match self.state.findings.iter().any(is_unscheduled) {
            true => "a place for it to the scheduler",
            false => "containers to the kubelet",
        };
        format!(
            "{}; the controller replaces pods that have failed, are old or too many, and leaves {left}",
            self.fate
        )
    }
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
    /// The selector is empty, and the controller leaves such a DaemonSet alone.
    SelectsAll,
    /// The DaemonSet is being deleted; its pods are the garbage collector's.
    DaemonSetGoes,
    /// The sync fails before it gets there, and is tried again.
    SyncFails(SyncError),
    /// Creates and deletes of an earlier sync have not been seen yet.
    Expectations,
    /// The pod is being deleted, and holds its place until it is gone.
    BeingDeleted,
    /// The pod has failed, and the back-off of its node, that long in all, is not over.
    Backoff { delay: Millis },
    /// The pod is old, and the rolling update has no room for one more.
    RollingUpdate(Rollout),
    /// The pod is old, and somebody has to delete it.
    OnDelete,
    /// This sync has other things to do first.
    LaterSync,
    /// The pod is old, and stays until the new one that is beside it, or that this sync puts
    /// there, is available.
    NewNotAvailable,
}

/// Explains a node that is among those observed; `None` for any other.
pub fn explain(
    observed: &Observed<'_>,
    daemon_set: &DaemonSet,
    node: &str,
    now: Millis,
) -> Option<Explanation> {
    let node = observed.node(&Name::from(node))?;
    let mut index = Index::default();
    let plan = sync(&mut index, observed, observed.memory(), daemon_set, now);
    if plan.hash.is_none() {
        // The sync ended before it looked at any pod.
        index.update(observed, daemon_set, plan.hash(), now);
    }
    let name = &node.metadata.name;
    let rules = Rules::new(daemon_set);
    let none = PodsOnNode::default();
    let here = index.node(name).map_or(&none, |on_node| &on_node.pods);
    let pods: Vec<PodStory> = here
        .iter()
        .filter_map(|pod| Some((pod, observed.pod(&pod.name)?)))
        .map(|(pod, object)| PodStory {
            state: PodState::of(object, Some(node), now),
            pod: pod.name.clone(),
            phase: pod.phase,
            is_ready: pod.is_ready,
            is_available: pod.is_available(now),
            available_in: pod
                .available_after
                .filter(|after| *after >= now)
                .map(|after| after - now),
            is_updated: plan.hash.is_some().then_some(pod.is_updated),
            fate: fate(pod, here, observed, daemon_set, &plan, now),
        })
        .collect();
    let decision = rules.decide(node);
    let creates = plan.creates.iter().find(|create| create.node == *name);
    let creates = creates.map(|create| create.reason.clone());
    let lacks_a_pod = decision.should_run && creates.is_none();
    let waits = match pods.first().map(|story| &story.fate) {
        _ if !lacks_a_pod || pods.iter().any(|story| story.fate == Fate::Stays) => None,
        None => Some(halted(observed, daemon_set, &plan).unwrap_or(Wait::LaterSync)),
        Some(Fate::Waits(wait @ (Wait::BeingDeleted | Wait::Backoff { .. }))) => Some(wait.clone()),
        Some(_) => None,
    };
    Some(Explanation {
        checks: rules.trace(node),
        decision,
        pods,
        creates,
        waits,
        taking_room: match plan.rollout {
            Some(_) => index.taking_room().cloned().collect(),
            None => Vec::new(),
        },
        rollout: plan.rollout,
    })
}

/// Why a sync gets to no pod at all, if it does not.
pub fn halted(observed: &Observed<'_>, daemon_set: &DaemonSet, plan: &Plan) -> Option<Wait> {
    let selector = daemon_set.spec.selector.as_ref();
    if selector.is_some_and(|selector| selector.is_empty()) {
        return Some(Wait::SelectsAll);
    }
    if daemon_set.metadata.is_being_deleted() {
        return Some(Wait::DaemonSetGoes);
    }
    match &plan.error {
        // Without a current revision.
        Some(error) if plan.hash.is_none() => Some(Wait::SyncFails(error.clone())),
        _ if !observed.expectations_met => Some(Wait::Expectations),
        _ => None,
    }
}

fn fate(
    pod: &DaemonPod,
    here: &PodsOnNode,
    observed: &Observed<'_>,
    daemon_set: &DaemonSet,
    plan: &Plan,
    now: Millis,
) -> Fate {
    let name = &pod.name;
    if let Some(delete) = plan.deletes.iter().find(|delete| delete.pod == *name) {
        return Fate::Deleted(delete.reason.clone());
    }
    if pod.is_being_deleted {
        return Fate::Waits(Wait::BeingDeleted);
    }
    if let Some(wait) = halted(observed, daemon_set, plan) {
        return Fate::Waits(wait);
    }
    if pod.phase == Phase::Failed {
        let backoff = observed.failed_pods_backoff;
        let holding = backoff.holding(daemon_set, &pod.target_node, now);
        // Deleting another one of the node has begun the next back-off.
        let mut deletes = plan.deletes.iter();
        let begun = deletes.find_map(|delete| match delete.reason {
            DeleteReason::Failed { next_delay } if delete.node == pod.target_node => {
                Some(next_delay)
            }
            _ => None,
        });
        let holding = begun.or(holding);
        return Fate::Waits(holding.map_or(Wait::LaterSync, |delay| Wait::Backoff { delay }));
    }
    let mut creates = plan.creates.iter();
    let has_new = here.iter().any(|it| !it.is_being_deleted && it.is_updated)
        || creates.any(|create| create.node == pod.target_node);
    let rollout = plan.rollout.map(|rollout| rollout.after(plan));
    match (rollout, &plan.error) {
        _ if pod.is_updated => Fate::Stays,
        _ if !daemon_set.is_rolling_update() => Fate::Waits(Wait::OnDelete),
        (_, Some(error)) => Fate::Waits(Wait::SyncFails(error.clone())),
        _ if has_new => Fate::Waits(Wait::NewNotAvailable),
        (Some(rollout), _) if !rollout.has_room() => Fate::Waits(Wait::RollingUpdate(rollout)),
        _ => Fate::Waits(Wait::LaterSync),
    }
}

/// More names of nodes than these are only counted.
const SHOWN: usize = 10;

impl Explanation {
    /// The smallest edits that together would turn the answer into a yes; none if it is one, or
    /// if some rule has no such edit.
    pub fn remedies(&self) -> Vec<Remedy> {
        let failed = self.checks.iter().filter(|check| !check.passed);
        let remedies: Option<Vec<Remedy>> = failed.map(Check::remedy).collect();
        remedies.unwrap_or_default()
    }

    /// Who uses up the room that a pod here waits for, if one does.
    pub fn used_up(&self) -> Option<String> {
        let waits = |it: &PodStory| matches!(it.fate, Fate::Waits(Wait::RollingUpdate(_)));
        if !self.pods.iter().any(waits) {
            return None;
        }
        let bound = match self.rollout? {
            Rollout::Unavailable { .. } => "maxUnavailable",
            Rollout::Surge { .. } => "maxSurge",
        };
        let by = match &self.taking_room[..] {
            [] => "the nodes that this sync acts on".to_owned(),
            names => {
                let shown: Vec<&str> = names.iter().take(SHOWN).map(|it| &**it).collect();
                let more = match names.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    n => format!(" and {n} more"),
                };
                format!("{}{more}", shown.join(", "))
            }
        };
        Some(format!(
            "the rolling update has no room: {bound} is used up by {by}"
        ))
    }

    /// The edits for a daemon that is to run on nodes that are as this one all the same; none
    /// where [`Explanation::remedies`] has them already.
    pub fn otherwise(&self) -> Vec<Remedy> {
        let remedies = self.remedies();
        remedies.iter().filter_map(Remedy::otherwise).collect()
    }
}

impl Rule for Wait {
    fn rule(&self) -> &'static str {
        match self {
            Self::SelectsAll => "selectsAll",
            Self::DaemonSetGoes => "daemonSetGoes",
            Self::SyncFails(_) => "syncFails",
            Self::Expectations => "expectations",
            Self::BeingDeleted => "beingDeleted",
            Self::Backoff { .. } => "backoff",
            Self::RollingUpdate(_) => "rollingUpdate",
            Self::OnDelete => "onDelete",
            Self::LaterSync => "laterSync",
            Self::NewNotAvailable => "newNotAvailable",
        }
    }

    fn upstream(&self) -> &'static str {
        match self {
            Self::SelectsAll | Self::DaemonSetGoes | Self::Expectations => {
                "daemon_controller.go syncDaemonSet"
            }
            Self::SyncFails(_) => "daemon_controller.go processNextWorkItem",
            Self::BeingDeleted | Self::Backoff { .. } => "daemon_controller.go podsShouldBeOnNode",
            Self::LaterSync => "daemon_controller.go updateDaemonSet",
            Self::OnDelete => "daemon_controller.go updateDaemonSet",
            Self::RollingUpdate(_) | Self::NewNotAvailable => "update.go rollingUpdate",
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SelectsAll => f.write_str(
                "the selector is empty and would select all pods, so the controller does nothing",
            ),
            Self::DaemonSetGoes => f.write_str(
                "the DaemonSet is being deleted: the controller does nothing more, and its pods are left to the garbage collector",
            ),
            Self::SyncFails(error) => write!(f, "the sync fails and is tried again: {error}"),
            Self::Expectations => {
                f.write_str("creates and deletes of an earlier sync have not been seen yet")
            }
            Self::BeingDeleted => {
                f.write_str("it is being deleted, and holds its place until it is gone")
            }
            Self::Backoff { delay } => write!(
                f,
                "it has failed, and is left alone until the back-off of {delay} is over"
            ),
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use objects::{Node, Pod};

    use super::*;
    use crate::Backoff;

    const NOW: Millis = Millis::from_secs(1_767_225_600);

    /// What is said of the pods of node `a`, in a world of nodes `a` and `b`.
    #[track_caller]
    fn check(spec: &str, pods: &[&str], want: Expect) {
        let daemon_set: DaemonSet = serde_yaml::from_str(&format!(
            "{{metadata: {{name: d, namespace: default, uid: d, annotations: {{deprecated.daemonset.template.generation: '2'}}}}, spec: {{selector: {{matchLabels: {{app: d}}}}, template: {{metadata: {{labels: {{app: d}}}}}}, {spec}}}}}"
        ))
        .unwrap();
        let node = |name| serde_yaml::from_str::<Node>(&format!("metadata: {{name: {name}}}"));
        let nodes = [node("a").unwrap(), node("b").unwrap()];
        let pod = |text: &&str| -> Pod {
            let mut pod: Pod = serde_yaml::from_str(text).unwrap();
            pod.metadata.namespace = "default".into();
            pod.metadata.labels.insert("app".into(), "d".into());
            pod
        };
        let pods: Vec<Pod> = pods.iter().map(pod).collect();
        let backoff = Backoff::default();
        let observed = Observed {
            nodes: nodes.iter().collect(),
            pods: pods.iter().collect(),
            ..Observed::nothing(&backoff)
        };
        let told = explain(&observed, &daemon_set, "a", NOW).unwrap();
        let mut text = String::new();
        for story in &told.pods {
            let (readiness, outcome) = (story.readiness(), story.outcome());
            text += &format!("{}: {}, {readiness}: {outcome}\n", story.pod, story.state);
        }
        text += &told.used_up().map_or(String::new(), |it| it + "\n");
        want.assert_eq(&text);
    }

    const ROLLING: &str =
        "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}";

    fn pod(name: &str, node: &str, generation: i64, status: &str) -> String {
        format!(
            "{{metadata: {{name: {name}, labels: {{pod-template-generation: '{generation}'}}}}, spec: {{nodeName: {node}}}, status: {status}}}"
        )
    }

    const READY: &str = "{phase: Running, conditions: [{type: Ready, status: 'True', lastTransitionTime: '2025-12-31T23:59:00Z'}]}";
    const UNREADY: &str = "{phase: Running, conditions: [{type: Ready, status: 'False'}]}";
    const FAILED: &str = "{phase: Failed, reason: OutOfcpu}";

    #[test]
    fn a_pod_that_waits_for_a_rollout_tells_who_uses_up_the_room() {
        let pods = [pod("p", "a", 1, READY), pod("q", "b", 2, UNREADY)];
        check(
            ROLLING,
            &[&pods[0], &pods[1]],
            expect![[r#"
                p: Running, available: it is of an old revision; 1 unavailable, maxUnavailable 1: it waits until one is available again
                the rolling update has no room: maxUnavailable is used up by b
            "#]],
        );
    }

    #[test]
    fn a_pod_tells_how_long_it_has_to_be_ready_yet() {
        let pods = [pod("p", "a", 2, READY), pod("q", "b", 2, READY)];
        let spec = format!("minReadySeconds: 90, {ROLLING}");
        check(
            &spec,
            &[&pods[0], &pods[1]],
            expect![[r#"
            p: Running, ready, not available yet: minReadySeconds are over in 30s: it stays
        "#]],
        );
    }

    /// Semantics 11.7.
    #[test]
    fn of_two_failed_pods_the_second_waits_for_the_back_off_that_the_first_began() {
        let pods = [pod("p", "a", 2, FAILED), pod("q", "a", 2, FAILED)];
        check(
            ROLLING,
            &[&pods[0], &pods[1]],
            expect![[r#"
            p: OutOfcpu, not ready: the next sync deletes it: it has failed; the next to fail there is left alone for 1s
            q: OutOfcpu, not ready: it has failed, and is left alone until the back-off of 1s is over
        "#]],
        );
    }

    #[test]
    fn what_the_controller_leaves_alone_is_left_to_somebody() {
        let crashing = pod("p", "a", 2, UNREADY);
        let pinned = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [a]}]}]}}}";
        check(
            ROLLING,
            &[&crashing],
            expect![[r#"
            p: Running, not ready: it stays; the controller replaces pods that have failed, are old or too many, and leaves containers to the kubelet
        "#]],
        );
        let pending = pod("q", "a", 2, "{phase: Pending}").replace("nodeName: a", pinned);
        check(
            ROLLING,
            &[&pending],
            expect![[r#"
            q: Pending, not ready: it stays; the controller replaces pods that have failed, are old or too many, and leaves a place for it to the scheduler
        "#]],
        );
    }
}
