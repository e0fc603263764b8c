//! The command line over the same core as the page: [`main`] with its input and output given, so
//! that tests call it as a shell would.

use std::{
    ffi::OsString,
    fs,
    io::{self, Read, Write},
};

use clap::{Parser, Subcommand, ValueEnum};

mod completions;
mod explain;
mod export;
mod help;
mod lint;
mod reconcile;
mod render;
mod run;
mod terminal;
mod world;

pub use terminal::Terminal;

/// A long run allocates millions of small objects.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a DaemonSet does, without a cluster.
#[derive(Parser)]
#[command(name = "daemonset", version, after_help = help::PROGRAM)]
struct Args {
    /// Tells only what is wrong
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays a scenario, a line a step
    #[command(after_help = help::RUN)]
    Run(run::Args),
    /// One sync of the controller on a dump: what it would create and delete, and why
    #[command(after_help = help::RECONCILE)]
    Reconcile(reconcile::Args),
    /// Why a node runs the daemon pod, or does not: every rule that is asked, and its answer
    #[command(after_help = help::EXPLAIN)]
    Explain(explain::Args),
    /// What the API server would say of a manifest
    #[command(after_help = help::LINT)]
    Lint(lint::Args),
    /// Writes a scenario as manifests and a script of kubectl commands, for a real cluster
    #[command(after_help = help::EXPORT)]
    Export(export::Args),
    /// Draws the cluster of a scenario
    #[command(after_help = help::RENDER)]
    Render(render::Args),
    /// Writes what a shell needs to complete command lines
    #[command(after_help = help::COMPLETIONS)]
    Completions(completions::Args),
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
    pub terminal: Terminal,
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
    /// Tells something that is wrong.
    fn tell(&mut self, diagnostic: &str) -> io::Result<()> {
        let line = terminal::diagnostic(diagnostic, self.terminal.stderr_has_colours);
        writeln!(self.stderr, "{line}")
    }

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
            let terminal = io.terminal;
            let (out, has_colours, code) = if error.use_stderr() {
                (&mut io.stderr, terminal.stderr_has_colours, 2)
            } else {
                (&mut io.stdout, terminal.stdout_has_colours, 0)
            };
            let text = match has_colours {
                true => error.render().ansi().to_string(),
                false => error.render().to_string(),
            };
            // Where even this cannot be written there is nobody to tell.
            let _ = write!(out, "{text}").and_then(|()| out.flush());
            return code;
        }
    };
    let mut nowhere = io::sink();
    let mut io = Io {
        stdin: &mut *io.stdin,
        stdout: match args.is_silent() {
            true => &mut nowhere,
            false => &mut *io.stdout,
        },
        stderr: &mut *io.stderr,
        terminal: Terminal {
            shows_progress: io.terminal.shows_progress && !args.quiet,
            ..io.terminal
        },
    };
    let io = &mut io;
    let done = match &args.command {
        Command::Run(args) => run::run(args, io),
        Command::Reconcile(args) => reconcile::reconcile(args, io),
        Command::Explain(args) => explain::explain(args, io),
        Command::Lint(args) => lint::lint(args, io),
        Command::Export(args) => export::export(args, io),
        Command::Render(args) => render::render(args, io),
        Command::Completions(args) => completions::completions(args, io),
    };
    let flushed = io.stdout.flush().map_err(Failure::from);
    let (message, head) = match done.and_then(|found| flushed.map(|()| found)) {
        Ok(Found::Nothing) | Err(Failure::Closed) => return 0,
        Ok(Found::Something) => return 1,
        Err(Failure::Cannot(message)) => (message, "error: "),
        Err(Failure::At(diagnostic)) => (diagnostic, ""),
    };
    let _ = io.tell(&format!("{head}{message}"));
    2
}

impl Args {
    /// Whether nothing is to be written but diagnostics. What lint writes are diagnostics, and
    /// completions are asked for by nobody who does not want them.
    fn is_silent(&self) -> bool {
        self.quiet && !matches!(self.command, Command::Lint(_) | Command::Completions(_))
    }
}
