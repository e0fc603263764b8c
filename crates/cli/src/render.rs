//! `daemonset render`: the cluster of a scenario as a picture.

use clap::ValueEnum;
use scenario::{Run, Scenario, picture};

use crate::{Failure, Found, Io};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The scenario, or `-`
    scenario: String,
    /// After so many steps; the last without
    #[arg(long, value_name = "N")]
    step: Option<usize>,
    /// What to write
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Output {
    /// A picture for browsers and documents
    #[default]
    Svg,
}

pub(crate) fn render(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let text = io.read(&args.scenario)?;
    let at = |error| Failure::At(format!("{}:{error}", args.scenario));
    let scenario = Scenario::read(&text).map_err(at)?;
    let mut run = Run::new(&scenario, None).map_err(|it| at(it.in_text(&text)))?;
    // What it expects is for `run` to look after.
    while run.play_next(&mut |_| {}) {}
    let mut timeline = run.into_timeline();
    if let Some(step) = args.step {
        if step > timeline.len() {
            return Err(Failure::Cannot(format!(
                "there is no step {step} in {}; it has {}",
                args.scenario,
                timeline.len()
            )));
        }
        timeline.seek(step);
    }
    let title = match scenario.title.as_str() {
        "" => &scenario.metadata.name,
        title => title,
    };
    match args.output {
        Output::Svg => io
            .stdout
            .write_all(picture::svg(timeline.cluster(), title).as_bytes())?,
    }
    Ok(Found::Nothing)
}
