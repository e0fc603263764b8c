//! `daemonset run`: plays a scenario.

use std::io::Write;

use objects::{FieldPath, Millis, position::Places};
use scenario::{Failure as Failed, Run, RunFor, Scenario, Told, json};

use crate::{
    Failure, Format, Found, Io,
    terminal::{BOLD, DIM, Progress, paint},
};

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
    /// How long to go on after the scenario's last step: `quiet`, a duration such as `60s` that is
    /// counted from there, or `steps:N` for N steps more
    #[arg(long, value_parser = until)]
    until: Option<RunFor>,
}

fn until(text: &str) -> Result<RunFor, String> {
    let wrong =
        || format!("cannot go on until {text:?}: give quiet, a duration such as 60s, or steps:5");
    match text.strip_prefix("steps:") {
        Some(number) => match number.parse::<u64>() {
            Ok(number) => RunFor::parse(&format!("{number} steps")),
            Err(_) => Err(wrong()),
        },
        None => match RunFor::parse(text) {
            Ok(RunFor::Steps(_)) | Err(_) => Err(wrong()),
            Ok(until) => Ok(until),
        },
    }
}

pub(crate) fn run(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let text = io.read(&args.scenario)?;
    let file = &args.scenario;
    let cannot = |error| Failure::At(format!("{file}:{error}"));
    let scenario = Scenario::read(&text).map_err(cannot)?;
    let mut run = Run::new(&scenario, args.seed).map_err(|wrong| cannot(wrong.in_text(&text)))?;
    let mut written = Ok(());
    let mut progress = Progress::new(io.terminal);
    let (stdout, stderr) = (&mut io.stdout, &mut io.stderr);
    let has_colours = io.terminal.stdout_has_colours;
    let mut tell = |told: Told<'_>| {
        if written.is_err() {
            return;
        }
        written = write(stdout, args.output, &told, has_colours);
        if let (Told::Stepped { number, step }, Ok(())) = (told, &written) {
            written = progress.step(number, step.time, stderr);
        }
    };
    while run.play_next(&mut tell) {}
    if let Some(until) = args.until
        && !run.is_stopped()
    {
        run.go_on(until, &mut tell);
    }
    written?;
    progress.end(io.stderr)?;
    summarise(&run, args.output, &mut io.stdout)?;
    let found = match run.failures().is_empty() {
        true => Found::Nothing,
        false => Found::Something,
    };
    tell_failures(&run, file, &text, io)?;
    // The process ends: giving back a long history object by object would take a while.
    std::mem::forget(run);
    Ok(found)
}

/// What went wrong, and where it stands in the file.
fn tell_failures(run: &Run<'_>, file: &str, text: &str, io: &mut Io<'_>) -> std::io::Result<()> {
    let failed: Vec<Option<FieldPath>> = run.failures().iter().map(Failed::field).collect();
    let places = Places::find(text, failed.iter().flatten().map(|field| (0, field)));
    for (failure, field) in run.failures().iter().zip(&failed) {
        let head = match field {
            Some(field) => format!("{file}:{}: error: {field}", places.value(0, field)),
            None => format!("error: {file}: --until"),
        };
        for wrong in &failure.wrong {
            io.tell(&format!("{head}: {wrong}"))?;
        }
    }
    Ok(())
}

/// The last line: where it came to, and what held.
fn summarise(run: &Run<'_>, format: Format, out: &mut dyn Write) -> std::io::Result<()> {
    let cluster = run.timeline().cluster();
    let (steps, quiet) = (run.timeline().len(), cluster.is_quiet());
    let (passed, failed) = (run.checks_passed(), run.failures().len());
    if let Format::Text = format {
        // Why nothing more happens: what only something from outside can end.
        let stuck = cluster.waiting().filter(|it| it.until.is_none());
        for waiting in stuck.take(WAITING_MAX) {
            writeln!(out, "{waiting}")?;
        }
        match run.checks_to_come() {
            0 => {}
            1 => writeln!(out, "1 check was not looked at: no run comes after its ask")?,
            n => writeln!(
                out,
                "{n} checks were not looked at: no run comes after their ask"
            )?,
        }
        match run.steps_left() {
            0 => {}
            1 => writeln!(out, "1 step of the scenario was not played")?,
            n => writeln!(out, "{n} steps of the scenario were not played")?,
        }
    }
    match format {
        Format::Text => writeln!(
            out,
            "{steps} steps, T+{}, {}; {passed} checks passed, {failed} failed; digest {}",
            seconds(cluster.now()),
            if quiet { "quiet" } else { "not quiet" },
            cluster.digest(),
        ),
        Format::Json => writeln!(out, "{}", json::summary(run)),
    }
}

fn seconds(time: Millis) -> String {
    format!("{}.{:03}s", time.0 / 1000, time.0 % 1000)
}

fn write(
    out: &mut &mut dyn Write,
    format: Format,
    told: &Told<'_>,
    has_colours: bool,
) -> std::io::Result<()> {
    match (format, told) {
        (Format::Text, Told::Said(text)) => writeln!(out, "\n{}\n", text.trim_end()),
        (Format::Text, Told::Command { line, output }) => {
            let line = format!("$ kubectl {line}");
            writeln!(out, "{}", paint(&line, BOLD, has_colours))?;
            match output.text.trim_end_matches('\n') {
                "" => Ok(()),
                text => writeln!(out, "{text}"),
            }
        }
        (Format::Text, Told::Stepped { step, .. }) if has_colours => {
            let line = step.to_string();
            let (time, rest) = line.split_once("  ").unwrap_or(("", &line));
            writeln!(out, "{}  {rest}", paint(time, DIM, true))
        }
        (Format::Text, Told::Stepped { step, .. }) => writeln!(out, "{step}"),
        (Format::Json, Told::Stepped { number, step }) => {
            writeln!(out, "{}", json::step(*number, step))
        }
        (Format::Text, Told::Asked(ask)) => {
            writeln!(out, "\n{}", ask.question.trim_end())?;
            match ask.answer.as_str() {
                Some(answer) => writeln!(out, "Answer: {answer}")?,
                None => writeln!(out, "Answer: {}", ask.answer)?,
            }
            match &ask.because {
                Some(because) => writeln!(out, "{}\n", because.trim_end()),
                None => writeln!(out),
            }
        }
        (Format::Json, Told::Said(_) | Told::Asked(_) | Told::Command { .. })
        | (_, Told::Expected | Told::Marked(_)) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::main;

    const SCENARIO: &str = "
apiVersion: daemonset-playground/v1
kind: Scenario
nodePools: [ { name: a } ]
steps:
- always: { node: a-1, status: Ready }
- ask: { question: 'What now?', answer: 4, because: So it is., check: { node: a-1, taints: [] } }
- expect: { node: b }
- kubectl: cordon a-1
- run: quiet
- expect: { node: a-1 }
";

    /// Exit code, the last line of output, and all of what went wrong.
    fn play(args: &[&str], text: &str) -> (u8, String, String) {
        let (code, stdout, stderr) = play_whole(args, text);
        let last = stdout.lines().last().unwrap_or_default().to_owned();
        (code, last, stderr)
    }

    fn play_whole(args: &[&str], text: &str) -> (u8, String, String) {
        let (mut stdin, mut stdout, mut stderr) = (text.as_bytes(), Vec::new(), Vec::new());
        let mut io = Io {
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
            terminal: crate::Terminal::default(),
        };
        let args = ["daemonset", "run", "-"]
            .into_iter()
            .chain(args.iter().copied());
        let code = main(args.map(Into::into), &mut io);
        let [stdout, stderr] =
            [stdout, stderr].map(|it| String::from_utf8(it).expect("output is UTF-8"));
        (code, stdout, stderr)
    }

    #[test]
    fn all_checks_that_fail_are_told() {
        let (code, last, stderr) = play(&["-o", "json"], SCENARIO);
        assert_eq!(code, 1);
        assert!(
            last.starts_with("{\"checks\":{\"failed\":3,\"passed\":1},\"digest\":\""),
            "{last}"
        );
        assert!(
            last.ends_with("\"quiet\":true,\"steps\":2,\"timeMs\":0}"),
            "{last}"
        );
        assert_eq!(
            stderr,
            "\
-:8:3: error: steps[2]: node b does not exist
-:6:3: error: steps[0]: status: expected Ready, found Ready,SchedulingDisabled, after step 1, T+0.000s  kubectl  changed node a-1: kubectl cordon a-1
-:7:3: error: steps[1]: check: taints: expected none, found node.kubernetes.io/unschedulable:NoSchedule
"
        );
    }

    #[test]
    fn what_was_not_looked_at_and_not_played_is_told() {
        let said = |args: &[&str], text: &str| {
            let (code, stdout, _) = play_whole(args, text);
            let told = stdout.lines().filter(|it| it.contains(" not "));
            (code, told.map(str::to_owned).collect::<Vec<_>>().join("\n"))
        };
        let asks = "
apiVersion: daemonset-playground/v1
kind: Scenario
nodePools: [ { name: a } ]
steps:
- kubectl: cordon a-1
- ask: { question: q, answer: 4, check: { exists: node/b } }
";
        let (code, told) = said(&[], asks);
        assert!(
            told.starts_with("1 check was not looked at: no run comes after its ask\n"),
            "{told}"
        );
        assert_eq!(code, 0);
        let (code, told) = said(&["--until", "quiet"], asks);
        assert!(!told.contains("looked at"), "{told}");
        assert_eq!(code, 1);
        let stops = asks.replace("cordon a-1", "cordon b");
        let (_, told) = said(&[], &stops);
        assert!(
            told.contains("\n1 step of the scenario was not played"),
            "{told}"
        );
    }

    #[test]
    fn it_goes_on_until_as_long_as_was_said() {
        let time = |until: &str| {
            let (_, last, _) = play(&["-o", "json", "--until", until], SCENARIO);
            let line: serde_json::Value = serde_json::from_str(&last).unwrap_or_default();
            (line["timeMs"].as_i64(), line["steps"].as_i64())
        };
        assert_eq!(time("60s"), (Some(60_000), Some(2)));
        assert_eq!(time("quiet"), (Some(0), Some(2)));
        assert_eq!(time("steps:5"), (Some(0), Some(2)));
    }

    #[test]
    fn what_cannot_be_played_exits_with_2() {
        for (args, text, want) in [
            (
                &["--until", "soon"][..],
                SCENARIO,
                "cannot go on until \"soon\": give quiet, a duration such as 60s, or steps:5",
            ),
            (&["--until", "5 steps"], SCENARIO, "or steps:5"),
            (&["--until", "steps:2000000"], SCENARIO, "at most 1000000"),
            (&["--seed", "x"], SCENARIO, "invalid digit"),
            (
                &[],
                "apiVersion: daemonset-playground/v1\nkind: Scenario\nsteps: [ { exspect: {} } ]\n",
                "-:3:12: error: steps[0].exspect: unknown field \"exspect\"; did you mean \"expect\"?",
            ),
            (
                &[],
                "apiVersion: daemonset-playground/v1\nkind: Scenario\nobjects: [ { kind: Pod } ]\n",
                "-:3:12: error: objects[0]",
            ),
        ] {
            let (code, _, stderr) = play(args, text);
            assert_eq!(code, 2, "{args:?}");
            assert!(stderr.contains(want), "{args:?}: {stderr}");
        }
    }
}
