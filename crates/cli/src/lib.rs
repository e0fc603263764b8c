//! The command line over the same core as the page: [`main`] with its input and output given, so
//! that tests call it as a shell would.

use std::{
    ffi::OsString,
    fs,
    io::{self, Read, Write},
};

use clap::{Parser, Subcommand, ValueEnum};

mod explain;
mod export;
mod lint;
mod reconcile;
mod run;
mod world;

/// A long run allocates millions of small objects.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a DaemonSet does, without a cluster.
#[derive(Parser)]
#[command(
    name = "daemonset",
    version,
    after_help = "FILE may be `-`, standard input.\nExit code: 0 all is well, 1 something was found (a problem, a failed expectation), 2 it could not be done."
)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One sync of the controller on a dump: what it would create and delete, and why
    #[command(
        after_help = "Example:\n  kubectl get ds,nodes,pods,controllerrevisions -A -o yaml | daemonset reconcile --daemonset kube-system/kube-proxy -"
    )]
    Reconcile(reconcile::Args),
    /// Why a node runs the daemon pod, or does not: every rule that is asked, and its answer
    #[command(
        after_help = "Example:\n  kubectl get ds,nodes,pods,controllerrevisions -A -o yaml | daemonset explain - --node worker-2 --daemonset kube-system/kube-proxy"
    )]
    Explain(explain::Args),
    /// What the API server would say of a manifest
    #[command(after_help = "Example:\n  daemonset lint fluentd.yaml")]
    Lint(lint::Args),
    /// Plays a scenario, a line a step
    #[command(after_help = "Example:\n  daemonset run web/lessons/first-rollout.yaml")]
    Run(run::Args),
    /// Writes a scenario as manifests and a script of kubectl commands, for a real cluster
    #[command(
        after_help = "Example:\n  daemonset export --to kwok rollout web/lessons/first-rollout.yaml && kwokctl create cluster && rollout/replay.sh"
    )]
    Export(export::Args),
}

/// For whom the output is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON value a line
    Json,
}

/// Where a command reads and writes.
pub struct Io<'a> {
    pub stdin: &'a mut dyn Read,
    pub stdout: &'a mut dyn Write,
    pub stderr: &'a mut dyn Write,
}

/// Why a command could not do what it was asked to.
enum Failure {
    /// Said to the user; exit code 2.
    Cannot(String),
    /// The same, of a place in a file: `FILE:LINE:COL: error: FIELD.PATH: message`.
    At(String),
    /// Nobody reads on; that is no failure.
    Closed,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Cannot(format!("cannot write: {error}")),
        }
    }
}

/// Whether a command found something; the exit code says so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Something,
}

impl Io<'_> {
    fn read(&mut self, file: &str) -> Result<String, Failure> {
        let cannot = |error: io::Error| {
            let advice = match error.kind() {
                io::ErrorKind::NotFound => "; check the path, or give `-` for standard input",
                io::ErrorKind::IsADirectory => "; give a file in it",
                _ => "",
            };
            Failure::Cannot(format!("cannot read {file}: {error}{advice}"))
        };
        let bytes = if file == "-" {
            let mut bytes = Vec::new();
            self.stdin.read_to_end(&mut bytes).map_err(cannot)?;
            bytes
        } else {
            fs::read(file).map_err(cannot)?
        };
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failure::Cannot(format!(
                "cannot read {file}: byte {at} is not UTF-8; save the file as UTF-8"
            ))
        })
    }
}

/// Does what the arguments say, and gives the exit code.
pub fn main(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> u8 {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            let text = error.render().to_string();
            let (out, code) = if error.use_stderr() {
                (&mut io.stderr, 2)
            } else {
                (&mut io.stdout, 0)
            };
            // Where even this cannot be written there is nobody to tell.
            let _ = write!(out, "{text}").and_then(|()| out.flush());
            return code;
        }
    };
    let done = match &args.command {
        Command::Reconcile(args) => reconcile::reconcile(args, io),
        Command::Explain(args) => explain::explain(args, io),
        Command::Lint(args) => lint::lint(args, io),
        Command::Run(args) => run::run(args, io),
        Command::Export(args) => export::export(args, io),
    };
    let flushed = io.stdout.flush().map_err(Failure::from);
    match done.and_then(|found| flushed.map(|()| found)) {
        Ok(Found::Nothing) | Err(Failure::Closed) => 0,
        Ok(Found::Something) => 1,
        Err(Failure::Cannot(message)) => {
            let _ = writeln!(io.stderr, "error: {message}");
            2
        }
        Err(Failure::At(diagnostic)) => {
            let _ = writeln!(io.stderr, "{diagnostic}");
            2
        }
    }
}
