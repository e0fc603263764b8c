//! Finding and running programs.

use std::{
    env,
    ffi::OsString,
    fmt,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::Result;

/// Where the npm packages put their programs, wasm-opt among them.
const NPM_PROGRAMS: &str = "web/editor/node_modules/.bin";

/// A command that finds the pinned tools before any others on the PATH.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", search_path());
    command
}

fn search_path() -> OsString {
    let root = env::current_dir().unwrap_or_default();
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    let inherited = env::var_os("PATH").unwrap_or_default();
    let directories = [root.join(NPM_PROGRAMS)]
        .into_iter()
        .chain(cargo_home.map(|home| home.join("bin")))
        .chain(env::split_paths(&inherited));
    // Only a directory with a `:` in its name can fail to join.
    env::join_paths(directories).unwrap_or(inherited)
}

/// The program of that name on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&search_path())
        .map(|directory| directory.join(&file))
        .find(|path| path.is_file())
}

/// Runs a command whose output the reader sees; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result {
    let status = command
        .status()
        .map_err(|error| format!("cannot run {}: {error}", Shown(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {status}", Shown(command)).into())
    }
}

/// What a command prints, or `None` if it is missing or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// A command as it would be typed.
struct Shown<'a>(&'a Command);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}", self.0.get_program().display())?;
        for arg in self.0.get_args() {
            write!(f, " {}", arg.display())?;
        }
        write!(f, "`")
    }
}

/// Says what is installed and how long that takes; afterwards, how long it took.
pub(crate) fn install(what: &str, takes: &str, run: impl FnOnce() -> Result) -> Result {
    eprintln!("installing {what} (once; {takes})");
    let start = Instant::now();
    run()?;
    eprintln!("installed {what} in {}", Span(start.elapsed()));
    Ok(())
}

/// A duration for people.
pub(crate) struct Span(pub(crate) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let text = if seconds < 60 {
            format!("{:.1} s", self.0.as_secs_f64())
        } else {
            format!("{} min {:02} s", seconds / 60, seconds % 60)
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("cargo");
        command.args(["fmt", "--check"]);
        assert_eq!(Shown(&command).to_string(), "`cargo fmt --check`");
    }

    #[test]
    fn spans_are_short_and_aligned() {
        let text = |seconds| format!("{:>12}", Span(Duration::from_secs_f64(seconds)));
        assert_eq!(text(0.62), "       0.6 s");
        assert_eq!(text(349.0), "  5 min 49 s");
    }
}
