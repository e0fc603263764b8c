//! Why something is so: the whole reasoning, as the core tells it.

use cluster::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    due::Patience,
    store::key_of,
    waiting::{Waiting, WaitingFor},
};
use controller::{
    DeleteReason, Explanation as OfNode,
    explain::Fate,
    placement::Rules,
    reason::Rule,
    trace::{Check, Fact},
};
use objects::{DaemonSet, IntOrPercent, Name};

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
    /// Where in Kubernetes' source the rule is.
    pub source: Option<String>,
    /// What would change the outcome.
    pub remedy: Option<String>,
    /// A pod that is not ready yet, and can be waited for.
    pub wait_for: Option<Key>,
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
    let mut explanation = titled(format!("Should {name} run a pod?"));
    let lines = &mut explanation.lines;
    let unseen = Some(text::CONTROLLER_DOES_NOT_LOOK.to_owned());
    match (cluster.is_powered(name), cluster.kubelet_runs(name)) {
        (Some(false), _) => lines.push(line(None, "Its machine is switched off", unseen)),
        (Some(true), Some(false)) => lines.push(line(None, "Its kubelet is stopped", unseen)),
        _ => {}
    }
    let daemon_sets = &cluster.store().daemon_sets;
    for (key, daemon_set) in daemon_sets.iter() {
        let Some(told) = cluster.explain_now(key, name) else {
            continue;
        };
        explanation.lines.extend(told.checks.iter().map(asked));
        explanation.lines.push(verdict(&told, name, daemon_set));
        explanation.lines.extend(stories(&told));
        let remedies: Vec<String> = told.remedies().iter().map(ToString::to_string).collect();
        if !remedies.is_empty() && explanation.remedy.is_none() {
            explanation.remedy = Some(remedies.join(", and "));
        }
        explanation.source = Some("daemon_controller.go NodeShouldRunDaemonPod, v1.34".into());
    }
    if daemon_sets.is_empty() {
        explanation
            .lines
            .push(line(None, text::NO_DAEMON_SET, None));
    }
    explanation
}

fn verdict(told: &OfNode, name: &Name, daemon_set: &DaemonSet) -> Line {
    let decision = &told.decision;
    let verdict = match (decision.should_run, decision.should_continue_running) {
        (true, _) => "should run it",
        (false, true) => "gets no pod, and may keep one it has",
        (false, false) => "must not run it",
    };
    let of = format!("daemon set {}", daemon_set.key());
    line(
        Some(decision.should_run),
        format!("{name} {verdict}"),
        Some(of),
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
            line(mark, format!("Pod {}", pod.pod), Some(pod.fate.to_string()))
        })
        .collect();
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
        let deed = step.deed().replace(&format!(" pod {key}"), "");
        explanation.lines.push(Line {
            step: Some(at + 1),
            ..line(
                None,
                format!("{} {deed}", step.actor),
                Some(format!("T+{}: {}", step.time, step.why)),
            )
        });
    }
    if explanation.lines.is_empty() {
        explanation
            .lines
            .push(line(None, text::THERE_FROM_THE_BEGINNING, None));
    }
    let pod = cluster.store().pods.get(key);
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
            let fate = story.fate.to_string();
            explanation
                .lines
                .push(line(None, "What the next sync does about it", Some(fate)));
            explanation.source = match &story.fate {
                Fate::Waits(wait) => Some(format!("{}, v1.34", wait.upstream())),
                Fate::Deleted(reason) => Some(format!("{}, v1.34", reason.upstream())),
                Fate::Stays => None,
            };
        }
    }
    let waits = pod.is_some_and(|pod| !pod.is_ready() && !pod.metadata.is_being_deleted());
    explanation.wait_for = waits.then(|| key.clone());
    explanation
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
    explanation.source = step.why.upstream().map(|source| format!("{source}, v1.34"));
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
