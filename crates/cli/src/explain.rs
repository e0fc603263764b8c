//! `daemonset explain`: why a node runs the daemon pod, or does not; how a pod is, and why.

use controller::{Explanation, PodState, explain::PodStory, trace::Remedy};
use objects::{DaemonSet, Millis};
use scenario::{json, subject};

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
    #[arg(long, value_name = "NAME", required_unless_present = "pod")]
    node: Option<String>,
    /// Which pod; its node and DaemonSet are asked about
    #[arg(long, value_name = "NAMESPACE/NAME", conflicts_with_all = ["node", "daemonset"])]
    pod: Option<String>,
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
        if let Some(wanted) = &args.pod {
            explain_pod(args, wanted, world, io)?;
            continue;
        }
        let node = args.node.as_deref().unwrap_or_default();
        for daemon_set in world.subjects() {
            let Some(explanation) = world.explanation(daemon_set, node) else {
                return Err(Failure::Cannot(no_such_node(args, node, world)));
            };
            tell(args, &explanation, daemon_set, world, io)?;
        }
    }
    // The process ends: giving back a large dump object by object would take a while.
    std::mem::forget(worlds);
    Ok(Found::Nothing)
}

/// How a pod is, and what its DaemonSet makes of it and of its node.
fn explain_pod(args: &Args, wanted: &str, world: &World, io: &mut Io<'_>) -> Result<(), Failure> {
    let cannot = |message: String| Failure::Cannot(format!("{}: {message}", args.file));
    let pod = world.pod(wanted).map_err(cannot)?;
    let key = format!("{}/{}", pod.metadata.namespace, pod.metadata.name);
    let Some(daemon_set) = world.owner(pod) else {
        let owner = pod.metadata.controller();
        let owner = owner.map_or("nobody".into(), |it| format!("{}/{}", it.kind, it.name));
        return Err(cannot(format!(
            "pod {key} belongs to {owner}, and not to a DaemonSet among the objects"
        )));
    };
    let node = pod.target_node().unwrap_or_default();
    let explanation = world.explanation(daemon_set, node);
    let is_told = |it: &Explanation| it.pods.iter().any(|it| it.pod == pod.metadata.name);
    if args.output == Format::Text && !explanation.as_ref().is_some_and(is_told) {
        // No rule looks at it: its node does not exist, or it has ended and goes.
        let state = PodState::of(pod, world.node(node), world.now);
        writeln!(io.stdout, "pod {key}: {state}")?;
        print_findings(&state, "  ", io)?;
    }
    match explanation {
        Some(explanation) => tell(args, &explanation, daemon_set, world, io),
        None if args.output == Format::Json => {
            Err(Failure::Cannot(no_such_node(args, node, world)))
        }
        None => Ok(()),
    }
}

fn tell(
    args: &Args,
    explanation: &Explanation,
    daemon_set: &DaemonSet,
    world: &World,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    match args.output {
        Format::Json => {
            let mut line = json::explanation(explanation, daemon_set);
            if let Some(name) = &world.name {
                line["name"] = name.as_str().into();
            }
            writeln!(io.stdout, "{line}")?;
        }
        Format::Text => {
            if let Some(name) = &world.name {
                writeln!(io.stdout, "{name}")?;
            }
            print(explanation, daemon_set, io)?;
        }
    }
    Ok(())
}

fn no_such_node(args: &Args, node: &str, world: &World) -> String {
    let there_are = subject::other_nodes(world.nodes()).unwrap_or_else(|| {
        "there are no nodes among the objects; add them with `kubectl get nodes -o yaml`".into()
    });
    format!("{}: no node {node}; {there_are}", args.file)
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
        match check.fact.fields() {
            (Some(of_daemon_set), Some(of_node)) => writeln!(
                out,
                "      from {of_daemon_set} of the DaemonSet, {of_node} of the Node"
            )?,
            (None, Some(of_node)) => writeln!(out, "      from {of_node} of the Node")?,
            (_, None) => {}
        }
    }
    let remedies = explanation.remedies();
    if !remedies.is_empty() {
        writeln!(out, "  to change that: {}", joined(&remedies))?;
    }
    let otherwise = explanation.otherwise();
    if !otherwise.is_empty() {
        let edits = joined(&otherwise);
        writeln!(
            out,
            "  only if it has to run on such nodes, as a network plugin does: {edits}"
        )?;
    }
    for story in &explanation.pods {
        print_story(story, io)?;
    }
    let out = &mut io.stdout;
    if explanation.pods.is_empty() {
        writeln!(out, "  no pod of it is there")?;
    }
    if let Some(reason) = &explanation.creates {
        writeln!(out, "  the next sync creates one: {reason}")?;
    }
    if let Some(wait) = &explanation.waits {
        writeln!(out, "  none is created yet: {wait}")?;
    }
    if let Some(used_up) = explanation.used_up() {
        writeln!(out, "  {used_up}")?;
    }
    Ok(())
}

fn joined(remedies: &[Remedy]) -> String {
    let remedies: Vec<String> = remedies.iter().map(ToString::to_string).collect();
    remedies.join(", and ")
}

fn print_story(story: &PodStory, io: &mut Io<'_>) -> Result<(), Failure> {
    let revision = match story.is_updated {
        Some(true) => ", current revision",
        Some(false) => ", old revision",
        None => "",
    };
    writeln!(
        io.stdout,
        "  pod {}: {}, {}{revision}: {}",
        story.pod,
        story.state,
        story.readiness(),
        story.outcome()
    )?;
    print_findings(&story.state, "      ", io)
}

fn print_findings(state: &PodState, indent: &str, io: &mut Io<'_>) -> Result<(), Failure> {
    for finding in &state.findings {
        writeln!(io.stdout, "{indent}{finding}")?;
    }
    Ok(())
}
