//! What programs are told: the same JSON by the command line, the page and the package.

use cluster::{Step, Timeline};
use controller::{
    Explanation, explain::Fate, pod_state::Finding, reason::Rule, trace::Check, trace::Fact,
};
use objects::{DaemonSet, Field};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::Run;

/// Where a timeline stands, with Kubernetes' own objects, as text: of 5,000 nodes it is so long that
/// its values are not to be there all at once.
pub fn state(timeline: &Timeline) -> String {
    let cluster = timeline.cluster();
    let store = cluster.store();
    let state = State {
        step: timeline.position(),
        steps: timeline.len(),
        time_ms: cluster.now().0,
        quiet: cluster.is_quiet(),
        daemon_sets: Each(|| store.daemon_sets.values().map(|it| it.write())),
        nodes: Each(|| store.nodes.values().map(|it| it.write())),
        pods: Each(|| store.pods.values().map(|it| it.write())),
    };
    serde_json::to_string(&state).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<D: Serialize, N: Serialize, P: Serialize> {
    step: usize,
    steps: usize,
    time_ms: i64,
    quiet: bool,
    daemon_sets: D,
    nodes: N,
    pods: P,
}

/// Objects that are made one after the other, each when it is written.
struct Each<F>(F);

impl<I: Iterator<Item = Value>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A step; `number` counts from 1.
pub fn step(number: usize, step: &Step) -> Value {
    json!({
        "step": number,
        "timeMs": step.time.0,
        "actor": step.actor.to_string(),
        "what": step.deed(),
        "object": step.object_text(),
        "reason": step.why.to_string(),
    })
}

/// Where a scenario has come to, and what held.
pub fn summary(run: &Run<'_>) -> Value {
    let cluster = run.timeline().cluster();
    json!({
        "steps": run.timeline().len(),
        "timeMs": cluster.now().0,
        "quiet": cluster.is_quiet(),
        "digest": cluster.digest(),
        "checks": { "passed": run.checks_passed(), "failed": run.failures().len() },
    })
}

/// Why a node runs the pod of a DaemonSet, or does not.
pub fn explanation(explanation: &Explanation, daemon_set: &DaemonSet) -> Value {
    let decision = &explanation.decision;
    json!({
        "daemonSet": daemon_set.key(),
        "node": decision.node,
        "shouldRun": decision.should_run,
        "shouldContinueRunning": decision.should_continue_running,
        "reason": decision.because.to_string(),
        "checks": explanation.checks.iter().map(check).collect::<Vec<_>>(),
        "remedies": explanation.remedies().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "otherwise": explanation.otherwise().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "pods": explanation.pods.iter().map(|story| json!({
            "pod": story.pod,
            "phase": story.phase,
            "status": story.state.status,
            "restarts": story.state.restarts,
            "because": story.state.findings.iter().map(finding).collect::<Vec<_>>(),
            "ready": story.is_ready,
            "available": story.is_available,
            "availableInSeconds": story.available_in.map(|it| (it.0 + 999) / 1000),
            "updated": story.is_updated,
            "fate": story.fate.to_string(),
            "rule": match &story.fate {
                Fate::Stays => None,
                Fate::Deleted(reason) => Some(reason.rule()),
                Fate::Waits(wait) => Some(wait.rule()),
            },
        })).collect::<Vec<_>>(),
        "creates": explanation.creates.as_ref().map(ToString::to_string),
        "waits": explanation.waits.as_ref().map(ToString::to_string),
        "takingRoom": explanation.taking_room,
        "rollout": explanation.rollout.as_ref().map(ToString::to_string),
    })
}

fn check(check: &Check) -> Value {
    let (of_daemon_set, of_node) = check.fact.fields();
    json!({
        "rule": check.fact.rule(),
        "passed": check.passed,
        "fact": check.fact.to_string(),
        "consequence": check.consequence(),
        "daemonSetField": of_daemon_set.map(|field| field.to_string()),
        "nodeField": of_node.map(|field| field.to_string()),
        "toleratedByController": match &check.fact {
            Fact::Taint { tolerated_by: Some(it), .. } => Some(it.is_automatic()),
            _ => None,
        },
        "remedy": check.remedy().map(|remedy| remedy.to_string()),
        "upstream": format!("pkg/controller/daemon/{}, v1.34", check.fact.upstream()),
    })
}

/// A finding with its data and its sentence.
fn finding(finding: &Finding) -> Value {
    let mut value = serde_json::to_value(finding).unwrap_or_default();
    value["text"] = finding.to_string().into();
    value
}
