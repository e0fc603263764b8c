//! `daemonset reconcile`: one sync of the controller on a dump, or on an array of cases.

use controller::{Decision, Phase, Plan, explain::halted, reason::Rule};
use objects::{Millis, Name};
use serde_json::{Value, json};

use crate::{
    Failure, Format, Found, Io,
    world::{self, moment},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kubernetes objects (YAML, JSON, a List), or a JSON array of cases
    file: String,
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Which DaemonSet; all of them if it is not given
    #[arg(long, value_name = "NAMESPACE/NAME")]
    daemonset: Option<String>,
    /// The moment of the sync; if it is not given, the latest time that the objects speak of
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<Millis>,
}

pub(crate) fn reconcile(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let worlds = world::read(&args.file, args.daemonset.as_deref(), args.now, io)?;
    for world in &worlds {
        for daemon_set in world.subjects() {
            let plan = world.sync(daemon_set);
            let decisions = world.decisions(daemon_set);
            let name = world.name.clone().unwrap_or_else(|| daemon_set.key());
            match args.output {
                Format::Json => writeln!(io.stdout, "{}", to_json(&name, &plan, &decisions))?,
                Format::Text => {
                    writeln!(io.stdout, "{name}")?;
                    let backoff = world.backoff(daemon_set);
                    let observed = world.observed(daemon_set, &backoff);
                    if let Some(wait) = halted(&observed, daemon_set, &plan) {
                        writeln!(io.stdout, "  {wait}")?;
                    }
                    print(&plan, &decisions, io)?;
                }
            }
        }
    }
    Ok(Found::Nothing)
}

/// A plan under the names of the vectors.
fn to_json(name: &str, plan: &Plan, decisions: &[Decision]) -> Value {
    let revisions = &plan.revisions;
    let because = |act: &str, of: &Name, reason: &dyn Rule, says: String| {
        json!({
            act: of,
            "rule": reason.rule(),
            "says": says,
            "upstream": format!("pkg/controller/daemon/{}, v1.34", reason.upstream()),
        })
    };
    let creates = plan.creates.iter();
    let creates = creates.map(|it| because("create", &it.node, &it.reason, it.reason.to_string()));
    let deletes = plan.deletes.iter();
    let deletes = deletes.map(|it| because("delete", &it.pod, &it.reason, it.reason.to_string()));
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
        "reasons": creates.chain(deletes).collect::<Vec<_>>(),
        "requeueAfterSeconds": plan.requeue_after.map(|after| after.0 as f64 / 1000.0).map(number),
        "error": plan.error.as_ref().map(ToString::to_string),
        "decisions": decisions.iter().map(|it| json!({
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

fn print(plan: &Plan, decisions: &[Decision], io: &mut Io<'_>) -> Result<(), Failure> {
    let out = &mut io.stdout;
    for (does, names) in [
        ("adopt revision", &plan.revisions.adopt),
        ("release revision", &plan.revisions.release),
        (
            "label revision with its own name as hash:",
            &plan.revisions.relabel,
        ),
        ("delete revision", &plan.revisions.delete),
        ("adopt pod", &plan.adopt_pods),
        ("release pod", &plan.release_pods),
        ("give the current hash to pod", &plan.relabel_pods),
    ] {
        for name in names {
            writeln!(out, "  {does} {name}")?;
        }
    }
    if let Some((name, number)) = &plan.revisions.bump {
        writeln!(
            out,
            "  revision {name} is current again, as number {number}"
        )?;
    }
    if let Some(created) = &plan.revisions.create {
        let (name, number) = (&created.metadata.name, created.revision);
        writeln!(out, "  create revision {name}, number {number}")?;
    }
    for create in &plan.creates {
        writeln!(out, "  create a pod for {}: {}", create.node, create.reason)?;
    }
    for delete in &plan.deletes {
        writeln!(
            out,
            "  delete pod {} on {}: {}",
            delete.pod, delete.node, delete.reason
        )?;
    }
    for event in &plan.events {
        writeln!(
            out,
            "  event {} {}: {}",
            event.type_.as_str(),
            event.reason,
            event.message
        )?;
    }
    if let Some(error) = plan.error.as_ref().filter(|_| plan.hash.is_some()) {
        writeln!(out, "  the sync fails: {error}")?;
    }
    if let Some(after) = plan.requeue_after {
        writeln!(out, "  look again in {after}")?;
    }
    if let Some(rollout) = &plan.rollout {
        writeln!(out, "  rolling update: {rollout}")?;
    }
    if plan.creates.is_empty() && plan.deletes.is_empty() {
        writeln!(out, "  no pod is created or deleted")?;
    }
    for decision in decisions {
        let says = match (decision.should_run, decision.should_continue_running) {
            (true, _) => "should run",
            (false, true) => "may keep a pod, gets none",
            (false, false) => "must not run",
        };
        writeln!(
            out,
            "    {:<24} {says}: {}",
            decision.node, decision.because
        )?;
    }
    let counters = plan
        .status
        .counters()
        .map(|(name, count)| format!("{name} {count}"));
    writeln!(
        out,
        "  status{}: {}",
        if plan.status_updated {
            " (written)"
        } else {
            ""
        },
        counters.join(", ")
    )?;
    Ok(())
}
