//! What is to be seen, derived from the model. No browser in here either.

use std::{collections::BTreeMap, rc::Rc};

use cluster::{Actor, Cluster, Key, Kind, ObjectRef, Step, Timeline, What, Why, store::key_of};
use controller::{DeleteReason, placement::Rules, trace::Check};
use objects::{ConditionStatus, ConditionType, DaemonSet, Name, Node, Phase, Pod};

use crate::{
    model::{Model, Selected},
    text,
};

/// The shape of a pod's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A disc: ready.
    Ready,
    /// A half disc: containers are being started, or run and are not ready.
    Starting,
    /// A dashed ring: waits for a node, or for its kubelet.
    Pending,
    /// A crossed ring: being deleted.
    Going,
    /// A triangle: nobody has heard of it, or it has failed.
    Lost,
}

/// A pod as a card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct PodView {
    pub key: Key,
    /// The node it is on, or waits for.
    pub node: Name,
    /// kubectl's STATUS cell.
    pub status: String,
    pub mark: Mark,
    /// The number of its revision, if a DaemonSet made it.
    pub revision: Option<i64>,
    /// Whether that revision is the current one.
    pub is_current: bool,
    /// What stands behind its name.
    pub word: String,
    /// The current step is about it.
    pub is_now: bool,
}

/// A node as a card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    pub name: Name,
    /// kubectl's STATUS cell.
    pub status: String,
    pub health: Health,
    /// Whether its machine is on; a node of a dump has none.
    pub powered: Option<bool>,
    pub cordoned: bool,
    /// Whether the Node object is there.
    pub exists: bool,
    /// Labels that tell nodes apart, `KEY=VALUE`.
    pub labels: Vec<String>,
    /// Taints, shortened and whole.
    pub taints: Vec<(String, String)>,
    pub pods: Vec<PodView>,
    /// Why no pod is here, and what would change that.
    pub empty: Option<(String, Option<String>)>,
    pub is_now: bool,
    pub is_selected: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Good,
    Cordoned,
    Bad,
}

/// All nodes by name, control planes first; then nodes that are gone and still have pods.
pub fn nodes(model: &Model) -> Vec<Rc<NodeView>> {
    let cluster = model.timeline.cluster();
    let step = model.timeline.last_step();
    let mut pods: BTreeMap<&str, Vec<PodView>> = BTreeMap::new();
    let current = current_hashes(cluster);
    for pod in cluster.store().pods.values() {
        if let Some(node) = pod.target_node() {
            pods.entry(node)
                .or_default()
                .push(pod_view(cluster, pod, &current, step));
        }
    }
    let selected =
        |name: &str| matches!(&model.selected, Some(Selected::Node(it)) if **it == *name);
    let mut views: Vec<NodeView> = Vec::new();
    for (name, node) in cluster.store().nodes.iter() {
        let pods = pods.remove(&**name).unwrap_or_default();
        let mut view = node_view(cluster, node, pods, step);
        view.is_selected = selected(name);
        views.push(view);
    }
    views.sort_by_key(|view| !is_control_plane(cluster, &view.name));
    for (name, pods) in pods {
        views.push(NodeView {
            name: name.into(),
            status: text::NODE_GONE.into(),
            health: Health::Bad,
            powered: None,
            cordoned: false,
            exists: false,
            labels: Vec::new(),
            taints: Vec::new(),
            pods,
            empty: None,
            is_now: false,
            is_selected: false,
        });
    }
    views.into_iter().map(Rc::new).collect()
}

fn is_control_plane(cluster: &Cluster, name: &Name) -> bool {
    let node = cluster.store().nodes.get(name);
    node.is_some_and(|it| {
        it.metadata
            .labels
            .contains_key("node-role.kubernetes.io/control-plane")
    })
}

fn current_hashes(cluster: &Cluster) -> BTreeMap<Name, (String, Rc<DaemonSet>)> {
    let store = cluster.store();
    let entry = |it: &Rc<DaemonSet>| {
        (
            it.metadata.uid.clone(),
            (store.current_hash(it), it.clone()),
        )
    };
    store.daemon_sets.values().map(entry).collect()
}

fn pod_view(
    cluster: &Cluster,
    pod: &Pod,
    current: &BTreeMap<Name, (String, Rc<DaemonSet>)>,
    step: Option<&Step>,
) -> PodView {
    let key = key_of(&pod.metadata);
    let owner = pod
        .metadata
        .controller()
        .and_then(|owner| current.get(&owner.uid));
    let node = pod.target_node().map(Name::from).unwrap_or_default();
    let hash = pod
        .metadata
        .labels
        .get(objects::controller_revision::HASH_LABEL);
    let status = pod.status_cell();
    let mark = mark(cluster, pod, &node);
    let revision = owner.and_then(|(_, daemon_set)| cluster.store().revision_of(daemon_set, pod));
    let word = match (mark, revision) {
        (Mark::Ready, Some(revision)) => format!("rev {revision}"),
        (Mark::Ready, None) | (Mark::Going | Mark::Pending, _) => status.clone(),
        (Mark::Lost, _) if status == "Running" => "out of touch".into(),
        (Mark::Starting, _) if status == "Running" => "not ready yet".into(),
        (Mark::Lost | Mark::Starting, _) => status.clone(),
    };
    PodView {
        is_current: owner.is_some_and(|(current, _)| hash == Some(current)),
        is_now: step.is_some_and(|step| step.object == Some(ObjectRef::pod(&key))),
        key,
        node,
        status,
        mark,
        revision,
        word,
    }
}

fn mark(cluster: &Cluster, pod: &Pod, node: &Name) -> Mark {
    let node_is_lost = cluster.store().nodes.get(node).is_none_or(|node| {
        node.condition(&ConditionType::Ready)
            .is_some_and(|it| it.status == ConditionStatus::Unknown)
    });
    match pod.status.phase {
        _ if pod.metadata.is_being_deleted() => Mark::Going,
        Phase::Failed | Phase::Unknown => Mark::Lost,
        Phase::Running if !pod.is_ready() && node_is_lost => Mark::Lost,
        Phase::Running if pod.is_ready() => Mark::Ready,
        Phase::Running | Phase::Succeeded => Mark::Starting,
        Phase::Pending if pod.status.container_statuses.is_empty() => Mark::Pending,
        Phase::Pending => Mark::Starting,
    }
}

/// `node.kubernetes.io/unreachable` is `unreachable`.
fn short(key: &str) -> &str {
    match key.split_once('/') {
        Some((prefix, name)) if prefix.ends_with("kubernetes.io") => name,
        _ => key,
    }
}

fn node_view(cluster: &Cluster, node: &Node, pods: Vec<PodView>, step: Option<&Step>) -> NodeView {
    let name = &node.metadata.name;
    let told_by_kubernetes = |key: &&String| {
        key.split_once('/')
            .is_some_and(|(prefix, _)| prefix.ends_with("kubernetes.io"))
    };
    let labels = node
        .metadata
        .labels
        .iter()
        .filter(|(key, _)| !told_by_kubernetes(key));
    let empty = if pods.is_empty() {
        Some(nothing_here(cluster, node))
    } else {
        None
    };
    NodeView {
        name: name.clone(),
        status: node.status_cell(),
        health: match (node.is_ready(), node.spec.unschedulable) {
            (false, _) => Health::Bad,
            (true, true) => Health::Cordoned,
            (true, false) => Health::Good,
        },
        powered: cluster.is_powered(name),
        cordoned: node.spec.unschedulable,
        exists: true,
        labels: labels
            .map(|(key, value)| {
                if value.is_empty() {
                    key.clone()
                } else {
                    format!("{key}={value}")
                }
            })
            .collect(),
        taints: node
            .spec
            .taints
            .iter()
            .map(|taint| {
                (
                    taint.to_string().replacen(&taint.key, short(&taint.key), 1),
                    taint.to_string(),
                )
            })
            .collect(),
        pods,
        empty,
        is_now: step.is_some_and(|step| step.object == Some(ObjectRef::node(name))),
        is_selected: false,
    }
}

fn nothing_here(cluster: &Cluster, node: &Node) -> (String, Option<String>) {
    let daemon_set = cluster.store().daemon_sets.values().next();
    let decision = daemon_set.map(|daemon_set| Rules::new(daemon_set).decide(node));
    match decision.filter(|decision| !decision.should_run) {
        Some(no) => (
            format!("No pod: {}", no.because),
            no.because.remedy().map(|it| it.to_string()),
        ),
        None => (text::NO_POD_YET.into(), None),
    }
}

/// A part of a sentence; one that names a node or pod can be followed.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    Text(String),
    Link(String, Selected),
}

/// The sentence of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    pub actor: String,
    pub deed: Vec<Segment>,
    /// Why, as the rest of the sentence.
    pub because: Option<String>,
    /// The command that a person's act stood for.
    pub command: Option<String>,
}

/// Who did what and why.
pub fn sentence(step: &Step) -> Sentence {
    let (actor, because, command) = match (&step.actor, &step.why) {
        (Actor::Kubectl, Why::Asked(command)) => {
            (text::YOU.into(), None, Some(command.to_string()))
        }
        (Actor::Fault, _) => {
            let What::Fault(fault) = &step.what else {
                return sentence_of(step, text::THE_WORLD.into(), None, None);
            };
            (
                text::THE_WORLD.into(),
                None,
                Some(format!("fault: {fault}")),
            )
        }
        (Actor::Kubelet { node }, why) => {
            (format!("kubelet of {node}"), Some(why.to_string()), None)
        }
        // What was counted is said already.
        (actor, Why::Counted) => (actor.to_string(), None, None),
        (actor, why) => (actor.to_string(), Some(why.to_string()), None),
    };
    sentence_of(step, actor, because, command)
}

fn sentence_of(
    step: &Step,
    actor: String,
    because: Option<String>,
    command: Option<String>,
) -> Sentence {
    let node = match &step.what {
        What::CreatedPod { node } | What::DeletedPod { node } | What::Bound { node } => Some(node),
        _ => None,
    };
    let mut links: Vec<(String, String, Selected)> = Vec::new();
    let object = step.object.as_ref();
    links.extend(object.and_then(|ObjectRef { kind, key }| {
        let name = &key.name;
        match kind {
            Kind::Pod => Some((
                format!("pod {key}"),
                name.to_string(),
                Selected::Pod(key.clone()),
            )),
            Kind::Node => Some((
                format!("node {name}"),
                name.to_string(),
                Selected::Node(name.clone()),
            )),
            _ => None,
        }
    }));
    links.extend(node.map(|node| {
        (
            format!("node {node}"),
            node.to_string(),
            Selected::Node(node.clone()),
        )
    }));
    Sentence {
        actor,
        deed: linked(&step.deed(), links),
        because,
        command,
    }
}

/// Puts links where a text has their words; `pod NS/NAME` is shown as `pod NAME`.
fn linked(deed: &str, links: Vec<(String, String, Selected)>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut rest = deed;
    for (words, shown, target) in links {
        let Some((before, after)) = rest.split_once(&words) else {
            continue;
        };
        let noun = words.split(' ').next().unwrap_or_default();
        segments.push(Segment::Text(format!("{before}{noun} ")));
        segments.push(Segment::Link(shown, target));
        rest = after;
    }
    segments.push(Segment::Text(rest.to_owned()));
    segments
}

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Yes, no, or a fact that is neither.
    pub mark: Option<bool>,
    pub text: String,
    pub detail: Option<String>,
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
}

fn line(mark: Option<bool>, text: impl Into<String>, detail: Option<String>) -> Line {
    Line {
        mark,
        text: text.into(),
        detail,
    }
}

/// The reasons of what is selected, or of the current step. `None`: nothing has happened.
pub fn explanation(model: &Model) -> Option<Explanation> {
    let cluster = model.timeline.cluster();
    match &model.selected {
        Some(Selected::Node(name)) => Some(of_node(cluster, name)),
        Some(Selected::Pod(key)) => Some(of_pod(&model.timeline, key)),
        None => model
            .timeline
            .last_step()
            .map(|step| of_step(cluster, step)),
    }
}

fn of_node(cluster: &Cluster, name: &Name) -> Explanation {
    let mut explanation = Explanation {
        title: format!("Should {name} run a pod?"),
        ..Explanation::default()
    };
    let Some(node) = cluster.store().nodes.get(name) else {
        return explanation;
    };
    if cluster.is_powered(name) == Some(false) {
        explanation.lines.push(line(
            None,
            "Its machine is switched off",
            Some("the controller does not look at that, only at labels and taints".into()),
        ));
    }
    for daemon_set in cluster.store().daemon_sets.values() {
        let rules = Rules::new(daemon_set);
        let decision = rules.decide(node);
        explanation
            .lines
            .extend(rules.trace(node).iter().map(asked));
        let verdict = match (decision.should_run, decision.should_continue_running) {
            (true, _) => "should run it",
            (false, true) => "gets no pod, and may keep one it has",
            (false, false) => "must not run it",
        };
        explanation.lines.push(line(
            Some(decision.should_run),
            format!("{name} {verdict}"),
            Some(format!("daemon set {}", daemon_set.key())),
        ));
        let remedy = rules.trace(node).iter().find_map(Check::remedy);
        explanation.remedy = explanation.remedy.or(remedy.map(|it| it.to_string()));
        explanation.source = Some("daemon_controller.go NodeShouldRunDaemonPod".into());
    }
    if explanation.lines.is_empty() {
        explanation
            .lines
            .push(line(None, text::NO_DAEMON_SET, None));
    }
    explanation
}

fn of_pod(timeline: &Timeline, key: &Key) -> Explanation {
    let mut explanation = Explanation {
        title: format!("What happened to {}?", key.name),
        ..Explanation::default()
    };
    let about = |step: &&Step| step.object == Some(ObjectRef::pod(key));
    let steps = (0..timeline.position())
        .filter_map(|index| timeline.step(index))
        .filter(about);
    for step in steps {
        let deed = step.deed().replace(&format!(" pod {key}"), "");
        explanation.lines.push(line(
            None,
            format!("{} {deed}", step.actor),
            Some(format!("T+{}: {}", step.time, step.why)),
        ));
        explanation.source = step
            .why
            .upstream()
            .map(str::to_owned)
            .or(explanation.source);
    }
    explanation
}

fn of_step(cluster: &Cluster, step: &Step) -> Explanation {
    let title = match &step.what {
        What::WroteStatus { .. } => "What was counted?".to_owned(),
        _ => format!("Why: {}", step.deed()),
    };
    let mut explanation = Explanation {
        title,
        source: step.why.upstream().map(|source| format!("{source}, v1.34")),
        ..Explanation::default()
    };
    let lines = &mut explanation.lines;
    match (&step.why, &step.what) {
        (Why::Asked(command), _) => {
            lines.push(line(None, "A command was given", Some(command.to_string())))
        }
        (Why::Happened, What::Fault(fault)) => lines.push(line(
            None,
            "It was made to happen",
            Some(format!("fault: {fault}")),
        )),
        (Why::Create(reason), What::CreatedPod { node }) => {
            lines.push(line(Some(true), sentence_case(&reason.to_string()), None));
            lines.extend(placement(cluster, node));
        }
        (Why::Delete(reason), What::DeletedPod { node }) => {
            lines.push(line(Some(true), sentence_case(&reason.to_string()), None));
            if let DeleteReason::RollingUpdate {
                max_unavailable, ..
            } = reason
            {
                lines.extend(bounds(cluster, *max_unavailable));
                explanation.remedy = Some(format!(
                    "set maxUnavailable to {}, and more nodes go at a time",
                    max_unavailable + 1
                ));
            }
            lines.extend(placement(cluster, node));
        }
        (Why::Counted, What::WroteStatus { before, after }) => {
            for ((name, before), (_, after)) in before.counters().into_iter().zip(after.counters())
            {
                if before != after {
                    lines.push(line(
                        None,
                        format!("{name}: {before} → {after}"),
                        Some(meaning(name).into()),
                    ));
                }
            }
        }
        (why, _) => lines.push(line(Some(true), sentence_case(&why.to_string()), None)),
    }
    explanation
}

/// The rules that were asked about a node.
fn placement(cluster: &Cluster, node: &Name) -> Vec<Line> {
    let Some(node) = cluster.store().nodes.get(node) else {
        return Vec::new();
    };
    let Some(daemon_set) = cluster.store().daemon_sets.values().next() else {
        return Vec::new();
    };
    let checks = Rules::new(daemon_set).trace(node);
    checks.iter().map(asked).collect()
}

fn asked(check: &Check) -> Line {
    line(
        Some(check.passed),
        sentence_case(&check.fact.to_string()),
        check.consequence(),
    )
}

fn bounds(cluster: &Cluster, max_unavailable: i64) -> Option<Line> {
    let daemon_set = cluster.store().daemon_sets.values().next()?;
    let written = daemon_set
        .spec
        .update_strategy
        .rolling_update
        .as_ref()?
        .max_unavailable
        .as_ref()?;
    let desired = daemon_set.status.desired_number_scheduled;
    let text = match written {
        objects::IntOrPercent::Int(number) => format!("maxUnavailable is {number}"),
        objects::IntOrPercent::String(text) => {
            format!(
                "maxUnavailable is {text} of {desired} desired nodes, rounded up to {max_unavailable}"
            )
        }
    };
    Some(line(None, text, None))
}

/// What a counter counts.
pub fn meaning(counter: &str) -> &'static str {
    match counter {
        "desiredNumberScheduled" => "nodes that should run the pod",
        "currentNumberScheduled" => "of these, nodes that have one",
        "numberReady" => "of these, nodes whose pod is ready",
        "updatedNumberScheduled" => "of these, nodes whose pod is of the current revision",
        "numberAvailable" => "of these, nodes whose pod has been ready for minReadySeconds",
        "numberUnavailable" => "desired nodes without an available pod",
        "numberMisscheduled" => "nodes that have a pod and should not",
        _ => "",
    }
}

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

/// The counters over the steps: position, available, up to date, desired.
pub fn history(timeline: &Timeline) -> Vec<(usize, i64, i64, i64)> {
    let written = (0..timeline.len()).filter_map(|index| match &timeline.step(index)?.what {
        What::WroteStatus { after, .. } => Some((
            index + 1,
            after.number_available,
            after.updated_number_scheduled,
            after.desired_number_scheduled,
        )),
        _ => None,
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Action, Saved};

    fn after(actions: impl IntoIterator<Item = Action>) -> Model {
        actions
            .into_iter()
            .fold(Model::new(Saved::default()), |model, action| {
                model.update(action)
            })
    }

    #[test]
    fn a_first_rollout_reads_as_sentences() {
        let mut model = after([Action::Apply]);
        let mut sentences = Vec::new();
        for _ in 0..8 {
            let sentence = sentence(model.timeline.last_step().unwrap());
            let deed = sentence.deed.iter().map(|segment| match segment {
                Segment::Text(text) => text.clone(),
                Segment::Link(text, _) => format!("[{text}]"),
            });
            let rest = sentence.because.or(sentence.command).unwrap_or_default();
            sentences.push(format!(
                "{} {}: {rest}\n",
                sentence.actor,
                deed.collect::<String>()
            ));
            model = model.update(Action::StepForward);
        }
        expect_test::expect_file!["snapshots/first_rollout.txt"].assert_eq(&sentences.concat());
    }

    #[test]
    fn marks_follow_the_pod() {
        let mut seen = Vec::new();
        let mut model = after([Action::Apply]);
        for _ in 0..60 {
            model = model.update(Action::StepForward);
            let nodes = nodes(&model);
            if let Some(pod) = nodes[0].pods.first()
                && seen.last() != Some(&pod.mark)
            {
                seen.push(pod.mark);
            }
        }
        assert_eq!(seen, [Mark::Pending, Mark::Starting, Mark::Ready]);
    }

    #[test]
    fn the_control_plane_comes_first_and_says_its_taint() {
        let nodes = nodes(&after([]));
        assert_eq!(nodes[0].name, "control-plane");
        assert_eq!(nodes[0].taints[0].0, "control-plane:NoSchedule");
        assert_eq!(nodes[0].empty, Some((text::NO_POD_YET.into(), None)));
    }

    #[test]
    fn a_node_says_which_rules_were_asked() {
        let model = after([
            Action::Apply,
            Action::Select(Some(Selected::Node("control-plane".into()))),
        ]);
        let lines: Vec<String> = explanation(&model)
            .unwrap()
            .lines
            .iter()
            .map(|it| it.text.clone())
            .collect();
        assert_eq!(
            lines,
            [
                "Label kubernetes.io/os=linux is as nodeSelector wants",
                "Taint node-role.kubernetes.io/control-plane:NoSchedule",
                "control-plane should run it",
            ]
        );
    }
}
