//! Why something is so: the whole reasoning, as the core tells it.

use cluster::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    due::Patience,
    kubelet::Power,
    store::key_of,
    waiting::{Waiting, WaitingFor},
};
use controller::{
    DeleteReason, Explanation as OfNode, PodState,
    explain::Fate,
    placement::Rules,
    pod_state::Finding,
    reason::Rule,
    trace::{Check, Fact, Remedy},
};
use objects::{DaemonSet, IntOrPercent, Name, Pod};

use crate::{
    model::{Model, Selected},
    text,
    view::status,
};

/// More waits than these say nothing new.
const WAITS_MAX: usize = 12;
/// Of a pod's story so many steps are told.
const STORY_MAX: usize = 40;

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Yes, no, or a fact that is neither.
    pub mark: Option<bool>,
    pub text: String,
    pub detail: Option<String>,
    /// The step that it tells of, if one is told of.
    pub step: Option<usize>,
}

/// Why something is so.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Explanation {
    pub title: String,
    pub lines: Vec<Line>,
    /// Of a node: what each DaemonSet has to say.
    pub groups: Vec<Group>,
    /// Where in Kubernetes' source the rule is.
    pub source: Option<String>,
    /// What would change the outcome.
    pub remedy: Option<String>,
    /// A pod that is not ready yet, and can be waited for.
    pub wait_for: Option<Key>,
}

/// What one DaemonSet has to say about a node.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Group {
    pub title: String,
    pub lines: Vec<Line>,
    /// What would change the outcome.
    pub remedy: Option<String>,
}

fn line(mark: Option<bool>, text: impl Into<String>, detail: Option<String>) -> Line {
    Line {
        mark,
        text: text.into(),
        detail,
        step: None,
    }
}

fn titled(title: impl Into<String>) -> Explanation {
    Explanation {
        title: title.into(),
        ..Explanation::default()
    }
}

/// The reasons of what is selected, or of the current step. `None`: nothing has happened.
pub fn explanation(model: &Model) -> Option<Explanation> {
    let cluster = model.work.cluster();
    match &model.selected {
        Some(Selected::Node(name)) => Some(of_node(cluster, name)),
        Some(Selected::Pod(key)) => Some(of_pod(model, key)),
        Some(Selected::DaemonSet(key)) => Some(of_daemon_set(cluster, key)),
        Some(Selected::Waiting) => Some(of_waiting(cluster)),
        None => {
            let step = model.work.timeline().last_step()?;
            Some(of_step(cluster, step))
        }
    }
}

fn of_node(cluster: &Cluster, name: &Name) -> Explanation {
    let daemon_sets = &cluster.store().daemon_sets;
    let mut explanation = titled(match daemon_sets.len() {
        0 | 1 => format!("Should {name} run a pod?"),
        _ => format!("Which pods should {name} run?"),
    });
    explanation.lines.extend(machine(cluster, name));
    for (key, daemon_set) in daemon_sets.iter() {
        let Some(told) = cluster.explain_now(key, name) else {
            continue;
        };
        let mut lines = vec![verdict(&told, name)];
        lines.extend(told.checks.iter().map(asked));
        lines.extend(stories(&told));
        explanation.groups.push(Group {
            title: daemon_set.key(),
            lines,
            remedy: remedy(&told),
        });
        explanation.source = Some("daemon_controller.go NodeShouldRunDaemonPod, v1.34".into());
    }
    if daemon_sets.is_empty() {
        explanation
            .lines
            .push(line(None, text::NO_DAEMON_SET, None));
    }
    explanation
}

/// What is not well with a node, which the controller does not look at.
fn machine(cluster: &Cluster, name: &Name) -> Option<Line> {
    let told = match (cluster.power(name), cluster.kubelet_runs(name)) {
        (Some(Power::Off), _) => text::MACHINE_IS_OFF,
        (Some(Power::Unknown), _) => text::KUBELET_IS_SILENT,
        (Some(Power::On), Some(false)) => text::KUBELET_IS_STOPPED,
        _ => return None,
    };
    let unseen = text::CONTROLLER_DOES_NOT_LOOK.to_owned();
    Some(line(Some(false), told, Some(unseen)))
}

fn remedy(told: &OfNode) -> Option<String> {
    let joined = |remedies: Vec<Remedy>| {
        let remedies: Vec<String> = remedies.iter().map(ToString::to_string).collect();
        remedies.join(", and ")
    };
    let remedies = told.remedies();
    if remedies.is_empty() {
        return None;
    }
    let remedies = joined(remedies);
    let otherwise = told.otherwise();
    Some(match otherwise.is_empty() {
        true => remedies,
        false => format!("{remedies}. {}{}", text::ONLY_IF_IT_MUST, joined(otherwise)),
    })
}

fn verdict(told: &OfNode, name: &Name) -> Line {
    let decision = &told.decision;
    let verdict = match (decision.should_run, decision.should_continue_running) {
        (true, _) => "should run it",
        (false, true) => "gets no pod, and may keep one it has",
        (false, false) => "must not run it",
    };
    line(
        Some(decision.should_run),
        format!("{name} {verdict}"),
        Some(decision.because.to_string()),
    )
}

/// What comes of the pods on a node, and why there is not another.
fn stories(told: &OfNode) -> Vec<Line> {
    let mut lines: Vec<Line> = told
        .pods
        .iter()
        .map(|pod| {
            let mark = match &pod.fate {
                Fate::Stays => Some(true),
                Fate::Deleted(_) => Some(false),
                Fate::Waits(_) => None,
            };
            let mut detail = pod.outcome();
            for finding in &pod.state.findings {
                detail += &format!("; {finding}");
            }
            line(
                mark,
                format!("Pod {}: {}, {}", pod.pod, pod.state, pod.readiness()),
                Some(detail),
            )
        })
        .collect();
    if let Some(used_up) = told.used_up() {
        lines.push(line(None, sentence_case(&used_up), None));
    }
    if let Some(creates) = &told.creates {
        let text = "The next sync creates a pod here";
        lines.push(line(Some(true), text, Some(creates.to_string())));
    }
    if let Some(waits) = &told.waits {
        lines.push(line(None, "No pod is created yet", Some(waits.to_string())));
    }
    lines
}

fn of_pod(model: &Model, key: &Key) -> Explanation {
    let timeline = model.work.timeline();
    let cluster = timeline.cluster();
    let mut explanation = titled(format!("What happened to {}?", key.name));
    let pod = cluster.store().pods.get(key);
    explanation
        .lines
        .extend(pod.into_iter().flat_map(|pod| state(cluster, pod)));
    let n_state = explanation.lines.len();
    let about = |step: &Step| step.object == Some(ObjectRef::pod(key));
    let numbers = (0..timeline.position()).filter(|at| timeline.step(*at).is_some_and(about));
    let numbers: Vec<usize> = numbers.collect();
    let n_left_out = numbers.len().saturating_sub(STORY_MAX);
    if n_left_out > 0 {
        let text = format!("{n_left_out} earlier steps");
        explanation.lines.push(line(None, text, None));
    }
    for at in numbers.into_iter().skip(n_left_out) {
        let Some(step) = timeline.step(at) else {
            continue;
        };
        let deed = step.deed().replace(&format!(" pod {key}"), " it");
        explanation.lines.push(Line {
            step: Some(at + 1),
            ..line(
                None,
                format!("{} {deed}", step.actor),
                Some(format!("T+{}: {}", step.time, step.why)),
            )
        });
    }
    if explanation.lines.len() == n_state {
        explanation
            .lines
            .push(line(None, text::THERE_FROM_THE_BEGINNING, None));
    }
    let owner = pod.and_then(|pod| {
        let uid = &pod.metadata.controller()?.uid;
        let mut all = cluster.store().daemon_sets.values();
        all.find(|it| it.metadata.uid == *uid)
    });
    let node = pod.and_then(|pod| pod.target_node());
    if let (Some(owner), Some(node)) = (owner, node) {
        let told = cluster.explain_now(&key_of(&owner.metadata), node);
        let pods = told.iter().flat_map(|told| &told.pods);
        for story in pods.filter(|it| it.pod == key.name) {
            let fate = story.outcome();
            explanation
                .lines
                .push(line(None, "What the next sync does about it", Some(fate)));
            let used_up = told.iter().find_map(OfNode::used_up);
            let used_up = used_up.map(|it| line(None, sentence_case(&it), None));
            explanation.lines.extend(used_up);
            explanation.source = match &story.fate {
                Fate::Waits(wait) => Some(format!("{}, v1.34", wait.upstream())),
                Fate::Deleted(reason) => Some(format!("{}, v1.34", reason.upstream())),
                Fate::Stays => None,
            };
        }
    }
    // One whose kubelet is silent, or which has ended, is not going to be ready.
    let kubelet_runs = node.and_then(|node| cluster.kubelet_runs(node)) != Some(false);
    let waits = pod.is_some_and(|pod| {
        kubelet_runs && !(pod.is_ready() || pod.is_terminal() || pod.metadata.is_being_deleted())
    });
    explanation.wait_for = waits.then(|| key.clone());
    explanation
}

/// How a pod is, and what keeps it from being ready.
fn state(cluster: &Cluster, pod: &Pod) -> Vec<Line> {
    let node = pod.target_node().map(Name::from);
    let object = node.as_ref().and_then(|it| cluster.store().nodes.get(it));
    let state = PodState::of(pod, object.map(|it| &**it), cluster.unix_now());
    let ready = match pod.is_ready() {
        true => "ready",
        false => "not ready",
    };
    let text = format!("It is {state}, {ready}");
    let mut lines = vec![line(Some(pod.is_ready()), text, None)];
    lines.extend(node.and_then(|node| machine(cluster, &node)));
    for finding in &state.findings {
        let mark = match finding {
            Finding::LastEnded { .. } => None,
            _ => Some(false),
        };
        lines.push(line(mark, sentence_case(&finding.to_string()), None));
    }
    lines
}

fn of_daemon_set(cluster: &Cluster, key: &Key) -> Explanation {
    let mut explanation = titled(format!("What does {} want?", key.name));
    let Some(daemon_set) = cluster.store().daemon_sets.get(key) else {
        return explanation;
    };
    let (progress, is_done) = kubectl::cells::rollout_progress(daemon_set);
    let lines = &mut explanation.lines;
    lines.push(line(
        Some(is_done),
        progress,
        Some("kubectl rollout status".into()),
    ));
    for (name, value) in daemon_set.status.counters() {
        lines.push(line(
            None,
            format!("{name}: {value}"),
            Some(status::meaning(name).into()),
        ));
    }
    if let Some(rollout) = cluster.plan_now(key).and_then(|plan| plan.rollout) {
        lines.push(line(
            Some(rollout.has_room()),
            format!("Rolling update: {rollout}"),
            None,
        ));
    }
    let rules = Rules::new(daemon_set);
    let nodes = cluster.store().nodes.values();
    let no: Vec<String> = nodes
        .map(|node| rules.decide(node))
        .filter(|decision| !decision.should_run)
        .map(|decision| format!("{}: {}", decision.node, decision.because))
        .collect();
    for text in no.iter().take(WAITS_MAX) {
        lines.push(line(Some(false), text.clone(), None));
    }
    if no.len() > WAITS_MAX {
        let text = format!(
            "and {} more nodes that should not run it",
            no.len() - WAITS_MAX
        );
        lines.push(line(None, text, None));
    }
    explanation
}

/// What each component waits for.
fn of_waiting(cluster: &Cluster) -> Explanation {
    let mut explanation = titled(match cluster.is_quiet() {
        true => "Why is nothing happening?",
        false => "What is going to happen?",
    });
    // What only comes round again is no reason.
    let is_told = |it: &Waiting| {
        let comes_round = matches!(
            it.for_what,
            WaitingFor::Round | WaitingFor::Lease | WaitingFor::Expiry
        );
        it.until.is_none() || it.patience == Patience::Awaited || !comes_round
    };
    let waiting: Vec<_> = cluster
        .waiting()
        .filter(is_told)
        .take(WAITS_MAX + 1)
        .collect();
    for it in waiting.iter().take(WAITS_MAX) {
        explanation.lines.push(line(None, it.to_string(), None));
    }
    if waiting.len() > WAITS_MAX {
        explanation.lines.push(line(None, "and others", None));
    }
    // What is not as it should be, though nobody waits with it.
    let mut all_are_done = true;
    for daemon_set in cluster.store().daemon_sets.values() {
        let (progress, is_done) = kubectl::cells::rollout_progress(daemon_set);
        let n_misscheduled = daemon_set.status.number_misscheduled;
        if !is_done || n_misscheduled > 0 {
            all_are_done = false;
            let detail = format!("numberMisscheduled: {n_misscheduled}");
            let detail = (n_misscheduled > 0).then_some(detail);
            explanation.lines.push(line(Some(false), progress, detail));
        }
    }
    if waiting.is_empty() && all_are_done {
        explanation.lines.push(line(
            Some(true),
            text::ALL_IS_AS_WANTED,
            Some(text::ALL_IS_AS_WANTED_DETAIL.into()),
        ));
    }
    explanation
}

fn of_step(cluster: &Cluster, step: &Step) -> Explanation {
    let mut explanation = titled(match &step.what {
        What::WroteStatus { .. } => "What was counted?".to_owned(),
        _ => format!("Why: {} {}", actor(step), step.deed()),
    });
    explanation.source = step.upstream().map(|source| format!("{source}, v1.34"));
    let daemon_set = daemon_set_of(cluster, step);
    let lines = &mut explanation.lines;
    match (&step.why, &step.what) {
        (Why::Asked(command), _) => {
            lines.push(line(None, "A command was given", Some(command.to_string())));
        }
        (Why::Happened, What::Fault(fault)) => {
            let said = format!("fault: {fault}");
            lines.push(line(None, "It was made to happen", Some(said)));
        }
        (Why::Create(reason), What::CreatedPod { node }) => {
            lines.push(line(Some(true), sentence_case(&reason.to_string()), None));
            lines.extend(placement(cluster, daemon_set, node));
        }
        (Why::Delete(reason), What::DeletedPod { node }) => {
            lines.push(line(Some(true), sentence_case(&reason.to_string()), None));
            if let DeleteReason::RollingUpdate {
                max_unavailable, ..
            } = reason
            {
                lines.extend(daemon_set.and_then(|it| bound(it, *max_unavailable)));
                explanation.remedy = Some(format!(
                    "set maxUnavailable to {}, and more nodes go at a time",
                    max_unavailable + 1
                ));
            }
            lines.extend(placement(cluster, daemon_set, node));
        }
        (Why::Counted, What::WroteStatus { before, after }) => {
            let counters = before.counters().into_iter().zip(after.counters());
            for ((name, before), (_, after)) in counters {
                let meaning = Some(status::meaning(name).to_owned());
                if before != after {
                    lines.push(line(None, format!("{name}: {before} → {after}"), meaning));
                }
            }
            if lines.is_empty() {
                let text = format!("observedGeneration: {}", after.observed_generation);
                lines.push(line(None, text, Some(text::OBSERVED_GENERATION.into())));
            }
        }
        (Why::Filters { message, nodes }, _) => {
            for (node, failure) in nodes {
                let reasons = failure.reasons().join(", ");
                lines.push(line(Some(false), format!("{node}: {reasons}"), None));
            }
            lines.push(line(
                None,
                message.clone(),
                Some(text::SCHEDULER_MESSAGE.into()),
            ));
        }
        (why, _) => lines.push(line(Some(true), sentence_case(&why.to_string()), None)),
    }
    explanation
}

fn actor(step: &Step) -> String {
    match &step.actor {
        Actor::Kubectl => text::YOU.to_lowercase(),
        Actor::Fault => text::THE_WORLD.to_lowercase(),
        actor => actor.to_string(),
    }
}

/// The DaemonSet that a step about a pod is about: its owner, if it is there still.
fn daemon_set_of<'a>(cluster: &'a Cluster, step: &Step) -> Option<&'a DaemonSet> {
    let key = &step.object.as_ref()?.key;
    let store = cluster.store();
    let owner = store
        .pods
        .get(key)
        .and_then(|pod| pod.metadata.controller());
    let mut all = store.daemon_sets.values();
    let found = match owner {
        Some(owner) => all.find(|it| it.metadata.uid == owner.uid),
        // A pod that is gone has the name of its owner before its own five letters.
        None => {
            let name = key.name.rsplit_once('-').map_or("", |(name, _)| name);
            all.find(|it| *it.metadata.name == *name && it.metadata.namespace == key.namespace)
        }
    };
    found.map(|it| &**it)
}

/// The rules that were asked about a node.
fn placement(cluster: &Cluster, daemon_set: Option<&DaemonSet>, node: &Name) -> Vec<Line> {
    let node = cluster.store().nodes.get(node);
    let (Some(node), Some(daemon_set)) = (node, daemon_set) else {
        return Vec::new();
    };
    Rules::new(daemon_set)
        .trace(node)
        .iter()
        .map(asked)
        .collect()
}

fn asked(check: &Check) -> Line {
    let from = match check.fact.fields() {
        (Some(template), Some(node)) => Some(format!("{template} · node {node}")),
        (Some(field), None) | (None, Some(field)) => Some(field.to_string()),
        (None, None) => None,
    };
    let detail = match (check.consequence(), from) {
        (Some(consequence), Some(from)) => Some(format!("{consequence} ({from})")),
        (consequence, from) => consequence.or(from),
    };
    let detail = detail.filter(|_| check.fact != Fact::Unconstrained);
    line(
        Some(check.passed),
        sentence_case(&check.fact.to_string()),
        detail,
    )
}

fn bound(daemon_set: &DaemonSet, max_unavailable: i64) -> Option<Line> {
    let rolling_update = daemon_set.spec.update_strategy.rolling_update.as_ref()?;
    let desired = daemon_set.status.desired_number_scheduled;
    let text = match rolling_update.max_unavailable.as_ref()? {
        IntOrPercent::Int(number) => format!("maxUnavailable is {number}"),
        IntOrPercent::String(text) => format!(
            "maxUnavailable is {text} of {desired} desired nodes, rounded up to {max_unavailable}"
        ),
    };
    Some(line(
        None,
        text,
        Some("spec.updateStrategy.rollingUpdate.maxUnavailable".into()),
    ))
}

/// A text that begins a sentence.
fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        // A name at the beginning stays as it is written.
        Some(first)
            if chars
                .as_str()
                .starts_with(|c: char| c.is_lowercase() || c == ' ') =>
        {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::{Action, Opening, tests::settled};

    fn after(commands: &[&str]) -> Model {
        let mut model = Model::new(Opening::default());
        settled(&mut model, Action::Apply);
        for line in commands {
            settled(&mut model, Action::Console((*line).into()));
        }
        model
    }

    /// Everything that is said, as text.
    fn told(model: &mut Model, selected: Selected) -> String {
        model.selected = Some(selected);
        let why = explanation(model).unwrap();
        let mut text = why.title + "\n";
        let mut push = |lines: &[Line]| {
            for line in lines.iter().filter(|it| it.step.is_none()) {
                let mark = match line.mark {
                    Some(true) => "+",
                    Some(false) => "-",
                    None => "·",
                };
                text += &format!("  {mark} {}\n", line.text);
                if let Some(detail) = &line.detail {
                    text += &format!("      {detail}\n");
                }
            }
        };
        push(&why.lines);
        for group in &why.groups {
            push(&[line(None, format!("# {}", group.title), None)]);
            push(&group.lines);
            if let Some(remedy) = &group.remedy {
                push(&[line(None, format!("remedy: {remedy}"), None)]);
            }
        }
        text
    }

    #[track_caller]
    fn check(model: &mut Model, selected: Selected, want: Expect) {
        want.assert_eq(&told(model, selected));
    }

    fn pod_on(model: &Model, node: &str) -> Key {
        let mut pods = model.work.cluster().store().pods.values();
        let pod = pods.find(|it| it.target_node() == Some(node)).unwrap();
        key_of(&pod.metadata)
    }

    #[test]
    fn a_node_is_told_of_by_each_daemon_set_with_its_own_remedy() {
        let mut model = after(&["taint node worker-1 gpu=yes:NoExecute"]);
        let mut text = model.documents.open().text.to_string();
        for (from, to) in [
            ("node-exporter", "scrub"),
            ("kubernetes.io/os: linux", "disk: ssd"),
        ] {
            text = text.replace(from, to);
        }
        model.update(Action::OpenManifest {
            name: "scrub.yaml".into(),
            text,
        });
        settled(&mut model, Action::Apply);
        settled(
            &mut model,
            Action::Console("fault node/worker-1 power off".into()),
        );
        check(
            &mut model,
            Selected::Node("worker-1".into()),
            expect![[r#"
                Which pods should worker-1 run?
                  - The machine is switched off
                      the controller does not look at that, only at labels and taints
                  · # monitoring/node-exporter
                  + worker-1 should run it
                      the node fits, tolerated: gpu=yes:NoExecute, node.kubernetes.io/unreachable:NoSchedule, node.kubernetes.io/unreachable:NoExecute
                  + Label kubernetes.io/os=linux is as nodeSelector wants
                      spec.template.spec.nodeSelector[kubernetes.io/os] · node metadata.labels[kubernetes.io/os]
                  + Taint gpu=yes:NoExecute
                      tolerated by everything (spec.template.spec.tolerations · node spec.taints[0])
                  + Taint node.kubernetes.io/unreachable:NoSchedule
                      tolerated by everything (spec.template.spec.tolerations · node spec.taints[1])
                  + Taint node.kubernetes.io/unreachable:NoExecute
                      tolerated by node.kubernetes.io/unreachable:NoExecute, which the controller adds to every daemon pod (spec.taints[2])
                  + Pod node-exporter-qtjx2: Running, not ready
                      it stays; the controller replaces pods that have failed, are old or too many, and leaves containers to the kubelet; its node worker-1 is unreachable (NodeStatusUnknown: Kubelet stopped posting node status): whether the containers run there nobody knows, and a pod that is deleted there stays until the kubelet is back
                  · # monitoring/scrub
                  - worker-1 must not run it
                      no label disk; nodeSelector wants disk=ssd
                  - No label disk, but nodeSelector wants disk=ssd
                      spec.template.spec.nodeSelector[disk] · node metadata.labels[disk]
                  + Taint gpu=yes:NoExecute
                      tolerated by everything (spec.template.spec.tolerations · node spec.taints[0])
                  + Taint node.kubernetes.io/unreachable:NoSchedule
                      tolerated by everything (spec.template.spec.tolerations · node spec.taints[1])
                  + Taint node.kubernetes.io/unreachable:NoExecute
                      tolerated by node.kubernetes.io/unreachable:NoExecute, which the controller adds to every daemon pod (spec.taints[2])
                  · remedy: label the node disk=ssd
            "#]],
        );
    }

    #[test]
    fn a_pod_tells_how_it_is() {
        let mut model = after(&[]);
        let image = "prom/node-exporter:v1.9.0";
        settled(
            &mut model,
            Action::Console(format!("fault image {image} crash")),
        );
        let pod = pod_on(&model, "worker-2");
        settled(
            &mut model,
            Action::Console(format!("delete pod {} -n monitoring", pod.name)),
        );
        let pod = pod_on(&model, "worker-2");
        check(
            &mut model,
            Selected::Pod(pod),
            expect![[r#"
                What happened to node-exporter-g6clr?
                  - It is CrashLoopBackOff, 1 restart, not ready
                  - Container node-exporter waits (CrashLoopBackOff: back-off 10s restarting failed container=node-exporter pod=node-exporter-g6clr_monitoring(7a27143e-dc7f-4d65-a7c9-2cf10f4bb044))
                  · Container node-exporter ended the last time with exit code 1 (Error), 0s ago
                  · What the next sync does about it
                      it stays; the controller replaces pods that have failed, are old or too many, and leaves containers to the kubelet
            "#]],
        );
        settled(
            &mut model,
            Action::Console("fault node/worker-1 power off".into()),
        );
        let pod = pod_on(&model, "worker-1");
        check(
            &mut model,
            Selected::Pod(pod.clone()),
            expect![[r#"
                What happened to node-exporter-qtjx2?
                  - It is Running, not ready
                  - The machine is switched off
                      the controller does not look at that, only at labels and taints
                  - Its node worker-1 is unreachable (NodeStatusUnknown: Kubelet stopped posting node status): whether the containers run there nobody knows, and a pod that is deleted there stays until the kubelet is back
                  · What the next sync does about it
                      it stays; the controller replaces pods that have failed, are old or too many, and leaves containers to the kubelet
            "#]],
        );
        settled(
            &mut model,
            Action::Console(format!("delete pod {} -n monitoring", pod.name)),
        );
        check(
            &mut model,
            Selected::Pod(pod),
            expect![[r#"
                What happened to node-exporter-qtjx2?
                  - It is Terminating, not ready
                  - The machine is switched off
                      the controller does not look at that, only at labels and taints
                  - Its deletion was asked for 0s ago, with a grace period of 30s
                  - Its node worker-1 is unreachable (NodeStatusUnknown: Kubelet stopped posting node status): the pod stays until the kubelet there is back and has stopped it, the Node object is deleted, or the deletion is forced
                  · What the next sync does about it
                      it is being deleted, and holds its place until it is gone
            "#]],
        );
    }
}
