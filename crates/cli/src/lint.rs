//! `daemonset lint`: what the API server would say of a manifest.

use serde_json::json;

use crate::{Failure, Format, Found, Io};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Manifests: YAML, JSON, lists
    #[arg(required = true)]
    files: Vec<String>,
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

pub(crate) fn lint(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let mut found = Found::Nothing;
    for file in &args.files {
        let text = io.read(file)?;
        for mut problem in objects::manifest::lint(&text).problems {
            found = Found::Something;
            if problem
                .message
                .starts_with("no matches for kind \"Scenario\"")
            {
                problem.message += "; a scenario is checked by `daemonset run`";
            }
            match args.output {
                Format::Text => io.tell(&format!("{file}:{problem}"))?,
                Format::Json => {
                    let line = json!({
                        "file": file,
                        "line": problem.position.line,
                        "column": problem.position.column,
                        "field": problem.field.to_string(),
                        "message": problem.message,
                        "severity": problem.severity.as_str(),
                    });
                    writeln!(io.stdout, "{line}")?;
                }
            }
        }
    }
    Ok(found)
}
