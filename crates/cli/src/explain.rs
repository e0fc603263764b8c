//! `daemonset explain`: why a node runs the daemon pod, or does not.

use controller::{Explanation, explain::Fate, reason::Rule};
use objects::{DaemonSet, Millis};
use serde_json::{Value, json};

use crate::{
    Failure, Format, Found, Io,
    terminal::{BAD, GOOD, paint},
    world::{self, World, moment},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kubernetes objects (YAML, JSON, a List), or a JSON array of cases
    file: String,
    /// Which node
    #[arg(long, value_name = "NAME")]
    node: String,
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Which DaemonSet; all of them if it is not given
    #[arg(long, value_name = "NAMESPACE/NAME")]
    daemonset: Option<String>,
    /// The moment of the next sync; if it is not given, the latest time that the objects speak of
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<Millis>,
}

pub(crate) fn explain(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let worlds = world::read(&args.file, args.daemonset.as_deref(), args.now, io)?;
    for world in &worlds {
        for daemon_set in world.subjects() {
            let backoff = world.backoff(daemon_set);
            let observed = world.observed(daemon_set, &backoff);
            let explained = controller::explain(&observed, daemon_set, &args.node, world.now);
            let Some(explanation) = explained else {
                return Err(Failure::Cannot(no_such_node(args, world)));
            };
            match args.output {
                Format::Json => {
                    let mut line = to_json(&explanation, daemon_set);
                    if let Some(name) = &world.name {
                        line["name"] = name.as_str().into();
                    }
                    writeln!(io.stdout, "{line}")?;
                }
                Format::Text => {
                    if let Some(name) = &world.name {
                        writeln!(io.stdout, "{name}")?;
                    }
                    print(&explanation, daemon_set, io)?;
                }
            }
        }
    }
    // The process ends: giving back a large dump object by object would take a while.
    std::mem::forget(worlds);
    Ok(Found::Nothing)
}

fn no_such_node(args: &Args, world: &World) -> String {
    const SHOWN: usize = 10;
    let names: Vec<&str> = world.nodes().collect();
    let mut shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        shown += &format!(" and {} more", names.len() - SHOWN);
    }
    let there_are = if names.is_empty() {
        "there are no nodes among the objects; add them with `kubectl get nodes -o yaml`".into()
    } else {
        format!("there are {shown}")
    };
    format!("{}: no node {}; {there_are}", args.file, args.node)
}

fn to_json(explanation: &Explanation, daemon_set: &DaemonSet) -> Value {
    let decision = &explanation.decision;
    json!({
        "daemonSet": daemon_set.key(),
        "node": decision.node,
        "shouldRun": decision.should_run,
        "shouldContinueRunning": decision.should_continue_running,
        "reason": decision.because.to_string(),
        "checks": explanation.checks.iter().map(|check| {
            let (of_daemon_set, of_node) = check.fact.fields();
            json!({
                "rule": check.fact.rule(),
                "passed": check.passed,
                "fact": check.fact.to_string(),
                "consequence": check.consequence(),
                "daemonSetField": of_daemon_set.map(|field| field.to_string()),
                "nodeField": of_node.map(|field| field.to_string()),
                "remedy": check.remedy().map(|remedy| remedy.to_string()),
                "upstream": format!("pkg/controller/daemon/{}, v1.34", check.fact.upstream()),
            })
        }).collect::<Vec<_>>(),
        "remedies": explanation.remedies().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "pods": explanation.pods.iter().map(|story| json!({
            "pod": story.pod,
            "phase": story.phase,
            "ready": story.is_ready,
            "available": story.is_available,
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
        "rollout": explanation.rollout.as_ref().map(ToString::to_string),
    })
}

fn print(
    explanation: &Explanation,
    daemon_set: &DaemonSet,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    let has_colours = io.terminal.stdout_has_colours;
    let out = &mut io.stdout;
    let decision = &explanation.decision;
    let verdict = match (decision.should_run, decision.should_continue_running) {
        (true, _) => "should run a pod of",
        (false, true) => "gets no pod, and may keep one it has, of",
        (false, false) => "must not run a pod of",
    };
    writeln!(
        out,
        "{} {verdict} {}: {}",
        decision.node,
        daemon_set.key(),
        decision.because
    )?;
    for check in &explanation.checks {
        let (answer, style) = if check.passed {
            ("yes", GOOD)
        } else {
            ("no ", BAD)
        };
        let answer = paint(answer, style, has_colours);
        writeln!(out, "  {answer} {}", check.fact)?;
        if let Some(consequence) = check.consequence() {
            writeln!(out, "      {consequence}")?;
        }
        if let (Some(of_daemon_set), Some(of_node)) = check.fact.fields() {
            writeln!(
                out,
                "      from {of_daemon_set} of the DaemonSet, {of_node} of the Node"
            )?;
        }
    }
    let remedies = explanation.remedies();
    if !remedies.is_empty() {
        let remedies: Vec<String> = remedies.iter().map(ToString::to_string).collect();
        writeln!(out, "  to change that: {}", remedies.join(", and "))?;
    }
    for story in &explanation.pods {
        let ready = match (story.is_available, story.is_ready) {
            (true, _) => "available",
            (false, true) => "ready, not available yet",
            (false, false) => "not ready",
        };
        let revision = match story.is_updated {
            Some(true) => ", current revision",
            Some(false) => ", old revision",
            None => "",
        };
        writeln!(
            out,
            "  pod {}: {}, {ready}{revision}: {}",
            story.pod,
            story.phase.as_str(),
            story.fate
        )?;
    }
    if explanation.pods.is_empty() {
        writeln!(out, "  no pod of it is there")?;
    }
    if let Some(reason) = &explanation.creates {
        writeln!(out, "  the next sync creates one: {reason}")?;
    }
    if let Some(wait) = &explanation.waits {
        writeln!(out, "  none is created yet: {wait}")?;
    }
    Ok(())
}
