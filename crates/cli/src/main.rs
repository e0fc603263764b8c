//! The `daemonset` command.

use std::{
    io::{self, BufWriter},
    process::ExitCode,
};

fn main() -> ExitCode {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    let mut stdout = BufWriter::new(stdout.lock());
    let mut io = cli::Io {
        stdin: &mut stdin.lock(),
        stdout: &mut stdout,
        stderr: &mut stderr.lock(),
    };
    ExitCode::from(cli::main(std::env::args_os(), &mut io))
}
