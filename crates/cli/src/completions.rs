//! `daemonset completions`: what a shell asks to complete a command line.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{Failure, Found, Io};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which shell asks
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn completions(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let mut script = Vec::new();
    let mut command = crate::Args::command();
    clap_complete::generate(args.shell, &mut command, "daemonset", &mut script);
    io.stdout.write_all(&script)?;
    Ok(Found::Nothing)
}
