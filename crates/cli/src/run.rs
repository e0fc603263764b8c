//! `daemonset run`: plays a scenario.

use std::io::Write;

use objects::{FieldPath, Millis, position::Places};
use scenario::{Run, RunFailure, Scenario, Told, file::RunFor};
use serde_json::{Value, json};

use crate::{Failure, Format, Found, Io};

/// So many of those that wait are told.
const WAITING_MAX: usize = 10;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The scenario to play
    scenario: String,
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Takes the place of the scenario's seed
    #[arg(long)]
    seed: Option<u64>,
    /// How long to go on after the last step: `quiet`, a duration such as `60s`, or `steps:N`
    #[arg(long, value_parser = until)]
    until: Option<RunFor>,
}

fn until(text: &str) -> Result<RunFor, String> {
    let steps = text
        .strip_prefix("steps:")
        .map(|number| format!("{number} steps"));
    RunFor::read(&Value::from(steps.unwrap_or_else(|| text.to_owned())))
}

pub(crate) fn run(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let text = io.read(&args.scenario)?;
    let file = &args.scenario;
    let scenario =
        Scenario::read(&text).map_err(|error| Failure::Cannot(format!("{file}:{error}")))?;
    let mut run = Run::new(&scenario, args.seed)
        .map_err(|error| Failure::Cannot(format!("{file}: {error}")))?;
    let mut written = Ok(());
    let stdout = &mut io.stdout;
    let mut tell = |told: Told<'_>| {
        if written.is_ok() {
            written = write(stdout, args.output, &told);
        }
    };
    let mut failed = None;
    if let Err(failure) = run.play(&mut tell) {
        failed = Some((Some(failure.step), failure.wrong));
    } else if let Some(until) = args.until
        && let Err(wrong) = run.run_for(until, &mut tell)
    {
        failed = Some(match wrong {
            RunFailure::Endless(message) => (None, vec![message]),
            RunFailure::Always(failure) => (Some(failure.step), failure.wrong),
        });
    }
    written?;
    let cluster = run.timeline().cluster();
    if let Format::Text = args.output {
        // Why nothing more happens: what only something from outside can end.
        let stuck = cluster.waiting().filter(|it| it.until.is_none());
        for waiting in stuck.take(WAITING_MAX) {
            writeln!(io.stdout, "{waiting}")?;
        }
    }
    let (passed, n_failed) = (run.checks_passed(), usize::from(failed.is_some()));
    match args.output {
        Format::Text => writeln!(
            io.stdout,
            "{} steps, T+{}, {}; {passed} checks passed, {n_failed} failed; digest {}",
            run.timeline().len(),
            seconds(cluster.now()),
            if cluster.is_quiet() {
                "quiet"
            } else {
                "not quiet"
            },
            cluster.digest(),
        )?,
        Format::Json => {
            let line = json!({
                "steps": run.timeline().len(),
                "timeMs": cluster.now().0,
                "quiet": cluster.is_quiet(),
                "digest": cluster.digest(),
                "checks": { "passed": passed, "failed": n_failed },
            });
            writeln!(io.stdout, "{line}")?;
        }
    }
    let Some((step, wrong)) = failed else {
        return Ok(Found::Nothing);
    };
    let place = step.map_or_else(String::new, |step| {
        let field = FieldPath::of("steps").index(step);
        let places = Places::find(&text, [(0, &field)]);
        format!(":{}", places.value(0, &field))
    });
    let name = step.map_or_else(|| "--until".to_owned(), |step| format!("steps[{step}]"));
    for wrong in wrong {
        writeln!(io.stderr, "{file}{place}: error: {name}: {wrong}")?;
    }
    Ok(Found::Something)
}

fn seconds(time: Millis) -> String {
    format!("{}.{:03}s", time.0 / 1000, time.0 % 1000)
}

fn write(out: &mut &mut dyn Write, format: Format, told: &Told<'_>) -> std::io::Result<()> {
    match (format, told) {
        (Format::Text, Told::Said(text)) => writeln!(out, "\n{}\n", text.trim_end()),
        (Format::Text, Told::Command { line, output }) => {
            writeln!(out, "$ kubectl {line}")?;
            write!(out, "{}", output.text)
        }
        (Format::Text, Told::Stepped { step, .. }) => writeln!(out, "{step}"),
        (Format::Json, Told::Stepped { number, step }) => {
            let line = json!({
                "step": number,
                "timeMs": step.time.0,
                "actor": step.actor.to_string(),
                "what": step.deed(),
                "object": step.object_text(),
                "reason": step.why.to_string(),
            });
            writeln!(out, "{line}")
        }
        (Format::Text, Told::Asked(ask)) => writeln!(out, "\n? {}\n", ask.question.trim_end()),
        (Format::Text, Told::Answered(ask)) => {
            writeln!(out, "\n= {}. {}\n", ask.answer, ask.because.trim_end())
        }
        (
            Format::Json,
            Told::Said(_) | Told::Command { .. } | Told::Asked(_) | Told::Answered(_),
        )
        | (_, Told::Expected | Told::Marked(_)) => Ok(()),
    }
}
