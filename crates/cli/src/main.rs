//! The `daemonset` command.

use std::{
    io::{self, BufWriter, IsTerminal},
    process::ExitCode,
};

use anstream::{AutoStream, ColorChoice};

fn main() -> ExitCode {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    let terminal = cli::Terminal {
        // By NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM and what they lead to.
        stdout_has_colours: AutoStream::choice(&stdout) != ColorChoice::Never,
        stderr_has_colours: AutoStream::choice(&stderr) != ColorChoice::Never,
        shows_progress: stderr.is_terminal() && !stdout.is_terminal(),
    };
    let mut stdout = BufWriter::new(stdout.lock());
    let mut io = cli::Io {
        stdin: &mut stdin.lock(),
        stdout: &mut stdout,
        stderr: &mut stderr.lock(),
        terminal,
    };
    ExitCode::from(cli::main(std::env::args_os(), &mut io))
}
