//! `daemonset reconcile`: one sync of the controller on a dump, or on an array of cases.

use std::collections::BTreeMap;

use controller::{Backoff, Observed, Phase, Plan, reconcile as sync};
use objects::{
    ControllerRevision, DaemonSet, Millis, Node, Object, Pod, manifest, time::parse_rfc3339,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, Format, Found, Io};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kubernetes objects (YAML, JSON, a List), or a JSON array of cases
    file: String,
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Which DaemonSet, if there are several
    #[arg(long, value_name = "NAMESPACE/NAME")]
    daemonset: Option<String>,
    /// The moment of the sync; if it is not given, the latest time that the objects speak of
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<Millis>,
}

fn moment(text: &str) -> Result<Millis, String> {
    parse_rfc3339(text)
        .ok_or_else(|| format!("{text:?} is not an RFC 3339 time such as 2026-01-01T00:00:00Z"))
}

/// One world, as the recorded vectors hold it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    #[serde(default)]
    name: String,
    now: Option<String>,
    #[serde(default)]
    controller_state: ControllerState,
    objects: Vec<Value>,
}

/// What the controller remembers. What the API answers is not an input of the plan.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ControllerState {
    failed_pods_backoff: Vec<FailedPod>,
    pending_creates: i64,
    pending_deletes: i64,
    daemon_set_not_in_cache: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailedPod {
    node: String,
    last_delete_seconds_ago: f64,
    delay_seconds: f64,
}

/// Objects by kind, as the controller lists them.
#[derive(Default)]
struct World {
    daemon_sets: Vec<DaemonSet>,
    nodes: BTreeMap<String, Node>,
    pods: Vec<Pod>,
    revisions: Vec<ControllerRevision>,
}

impl World {
    fn add(&mut self, object: Object) {
        match object {
            Object::DaemonSet(it) => self.daemon_sets.push(*it),
            Object::Node(it) => drop(self.nodes.insert(it.metadata.name.to_string(), *it)),
            Object::Pod(it) => self.pods.push(*it),
            Object::ControllerRevision(it) => self.revisions.push(*it),
            Object::Event(_) | Object::Other(_) => {}
        }
    }

    /// The latest time that any pod speaks of: a dump was made not much later.
    fn latest(&self) -> Millis {
        let of_pod = |pod: &Pod| {
            let transitions = pod
                .status
                .conditions
                .iter()
                .filter_map(|it| it.last_transition_time);
            transitions.chain(pod.metadata.creation_timestamp).max()
        };
        let latest = self.pods.iter().filter_map(of_pod).max();
        latest.map_or(Millis(0), |time| {
            time.to_unix_millis() + Millis::from_secs(1)
        })
    }

    fn sync(&self, daemon_set: &DaemonSet, state: &ControllerState, now: Millis) -> Plan {
        if state.daemon_set_not_in_cache {
            return Plan {
                status: daemon_set.status.clone(),
                ..Plan::default()
            };
        }
        let mut backoff = Backoff::default();
        for failed in &state.failed_pods_backoff {
            let millis = |seconds: f64| Millis((seconds * 1000.0).round() as i64);
            let last_update = now - millis(failed.last_delete_seconds_ago);
            backoff.remember(
                daemon_set,
                &failed.node,
                last_update,
                millis(failed.delay_seconds),
            );
        }
        let namespace = &daemon_set.metadata.namespace;
        let observed = Observed {
            nodes: self.nodes.values().collect(),
            pods: self
                .pods
                .iter()
                .filter(|it| it.metadata.namespace == *namespace)
                .collect(),
            revisions: self
                .revisions
                .iter()
                .filter(|it| it.metadata.namespace == *namespace)
                .collect(),
            expectations_met: state.pending_creates <= 0 && state.pending_deletes <= 0,
            failed_pods_backoff: &backoff,
        };
        sync(&observed, daemon_set, now)
    }
}

pub(crate) fn reconcile(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let text = io.read(&args.file)?;
    if text.trim_start().starts_with('[') {
        return cases(args, &text, io);
    }
    let manifest = manifest::read(&text);
    if !manifest.problems.is_empty() {
        for problem in &manifest.problems {
            writeln!(io.stderr, "{}:{problem}", args.file)?;
        }
        return Ok(Found::Something);
    }
    let mut world = World::default();
    for (mut object, _) in manifest.objects {
        object.default();
        world.add(object);
    }
    let daemon_set =
        choose(&world.daemon_sets, args.daemonset.as_deref()).map_err(Failure::Cannot)?;
    let now = args.now.unwrap_or_else(|| world.latest());
    let plan = world.sync(daemon_set, &ControllerState::default(), now);
    match args.output {
        Format::Json => writeln!(io.stdout, "{}", to_json(&daemon_set.key(), &plan))?,
        Format::Text => print(&plan, daemon_set, io)?,
    }
    Ok(Found::Nothing)
}

fn choose<'a>(all: &'a [DaemonSet], wanted: Option<&str>) -> Result<&'a DaemonSet, String> {
    let keys = || {
        all.iter()
            .map(DaemonSet::key)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (wanted, all) {
        (_, []) => Err("there is no DaemonSet among the objects".into()),
        (None, [only]) => Ok(only),
        (None, _) => Err(format!(
            "several DaemonSets: choose one with --daemonset: {}",
            keys()
        )),
        (Some(wanted), _) => {
            let found = all
                .iter()
                .find(|it| it.key() == wanted || *it.metadata.name == *wanted);
            found.ok_or_else(|| format!("no DaemonSet {wanted}; there are {}", keys()))
        }
    }
}

fn cases(args: &Args, text: &str, io: &mut Io<'_>) -> Result<Found, Failure> {
    let cannot = |message: String| Failure::Cannot(format!("{}: {message}", args.file));
    let cases: Vec<Case> = serde_json::from_str(text).map_err(|error| cannot(error.to_string()))?;
    for case in cases {
        let bad = |message: String| cannot(format!("case {:?}: {message}", case.name));
        let mut world = World::default();
        for value in &case.objects {
            let value = objects::decode::without_nulls(value.clone());
            world.add(Object::from_value(value).map_err(|error| bad(error.to_string()))?);
        }
        let now = match &case.now {
            Some(text) => moment(text).map_err(bad)?,
            None => world.latest(),
        };
        // The one under test comes first.
        let first = world
            .daemon_sets
            .first()
            .ok_or_else(|| bad("there is no DaemonSet among the objects".into()))?;
        let daemon_set = match args.daemonset.as_deref() {
            Some(wanted) => choose(&world.daemon_sets, Some(wanted)).map_err(bad)?,
            None => first,
        };
        let plan = world.sync(daemon_set, &case.controller_state, args.now.unwrap_or(now));
        match args.output {
            Format::Json => writeln!(io.stdout, "{}", to_json(&case.name, &plan))?,
            Format::Text => {
                writeln!(io.stdout, "{}", case.name)?;
                print(&plan, daemon_set, io)?;
            }
        }
    }
    Ok(Found::Nothing)
}

/// A plan under the names of the vectors.
fn to_json(name: &str, plan: &Plan) -> Value {
    let revisions = &plan.revisions;
    json!({
        "name": name,
        "by": plan.by.map(|by| match by {
            Phase::Manage => "manage",
            Phase::RollingUpdate => "rollingUpdate",
        }),
        "create": plan.creates.iter().map(|it| &it.node).collect::<Vec<_>>(),
        "delete": plan.deletes.iter().map(|it| &it.pod).collect::<Vec<_>>(),
        "status": plan.status,
        "statusUpdated": plan.status_updated,
        "events": plan.events.iter().map(|it| json!({ "type": it.type_, "reason": it.reason, "message": it.message })).collect::<Vec<_>>(),
        "revisions": {
            "create": i32::from(revisions.create.is_some()),
            "created": revisions.create.iter().map(|it| json!({ "name": it.metadata.name, "revision": it.revision })).collect::<Vec<_>>(),
            "delete": revisions.delete,
            "bump": revisions.bump.iter().map(|(name, revision)| json!({ "name": name, "revision": revision })).collect::<Vec<_>>(),
            "relabel": revisions.relabel,
            "adopt": revisions.adopt,
            "release": revisions.release,
        },
        "adoptPods": plan.adopt_pods,
        "releasePods": plan.release_pods,
        "relabelPods": plan.relabel_pods,
        "requeueAfterSeconds": plan.requeue_after.map(|after| after.0 as f64 / 1000.0).map(number),
        "error": plan.error.as_ref().map(ToString::to_string),
        "decisions": plan.decisions.iter().map(|it| json!({
            "node": it.node,
            "shouldRun": it.should_run,
            "shouldContinueRunning": it.should_continue_running,
            "reason": it.because.to_string(),
        })).collect::<Vec<_>>(),
    })
}

/// Whole seconds without a decimal point.
fn number(seconds: f64) -> Value {
    if seconds.fract() == 0.0 {
        json!(seconds as i64)
    } else {
        json!(seconds)
    }
}

fn print(plan: &Plan, daemon_set: &DaemonSet, io: &mut Io<'_>) -> Result<(), Failure> {
    let out = &mut io.stdout;
    for create in &plan.creates {
        writeln!(out, "create a pod for {}: {}", create.node, create.reason)?;
    }
    for delete in &plan.deletes {
        writeln!(
            out,
            "delete pod {} on {}: {}",
            delete.pod, delete.node, delete.reason
        )?;
    }
    for event in &plan.events {
        writeln!(
            out,
            "event {} {}: {}",
            event.type_.as_str(),
            event.reason,
            event.message
        )?;
    }
    if let Some(error) = &plan.error {
        writeln!(out, "the sync fails: {error}")?;
    }
    if let Some(after) = plan.requeue_after {
        writeln!(out, "look again in {after}")?;
    }
    if plan.creates.is_empty() && plan.deletes.is_empty() {
        writeln!(out, "no pod of {} is created or deleted", daemon_set.key())?;
    }
    for decision in &plan.decisions {
        let says = match (decision.should_run, decision.should_continue_running) {
            (true, _) => "should run",
            (false, true) => "may keep a pod, gets none",
            (false, false) => "must not run",
        };
        writeln!(out, "  {:<24} {says}: {}", decision.node, decision.because)?;
    }
    let counters = plan
        .status
        .counters()
        .map(|(name, count)| format!("{name} {count}"));
    writeln!(
        out,
        "status{}: {}",
        if plan.status_updated {
            " (written)"
        } else {
            ""
        },
        counters.join(", ")
    )?;
    Ok(())
}
