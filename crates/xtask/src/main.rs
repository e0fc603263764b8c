//! `cargo xtask`: builds, serves, tests and measures the playground.
//!
//! One file per command. No dependencies, so that it is there at once; what it
//! needs beyond Rust and Node it installs by itself (see [`setup`]).

mod bench;
mod browser;
mod dist;
mod docs;
mod fuzz;
mod halves;
mod npm;
mod offline;
mod process;
mod serve;
mod setup;
mod single_file;
mod sizes;
mod soak;
mod test;
mod trunk;
mod versions;

use std::{env, path::Path, process::ExitCode};

/// What went wrong, in words that say what to do about it.
type Error = Box<dyn std::error::Error>;
type Result<T = ()> = std::result::Result<T, Error>;

struct Task {
    name: &'static str,
    about: &'static str,
    usage: &'static str,
    run: fn(&[String]) -> Result,
}

const TASKS: [Task; 6] = [
    Task {
        name: "serve",
        about: "build the page and serve it with live reload",
        usage: serve::USAGE,
        run: serve::run,
    },
    Task {
        name: "test",
        about: "every check there is, in order; or some of them",
        usage: test::USAGE,
        run: test::run,
    },
    Task {
        name: "dist",
        about: "build the static site into dist/",
        usage: dist::USAGE,
        run: dist::run,
    },
    Task {
        name: "bench",
        about: "download sizes against their budgets, and timings",
        usage: bench::USAGE,
        run: bench::run,
    },
    Task {
        name: "soak",
        about: "random walks, with the invariants asked after every step",
        usage: soak::USAGE,
        run: soak::run,
    },
    Task {
        name: "setup",
        about: "install what the other commands need",
        usage: setup::USAGE,
        run: setup::run,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    env::set_current_dir(root)?;

    let is_help = |arg: &String| ["help", "--help", "-h"].contains(&arg.as_str());
    let Some((name, args)) = args.split_first().filter(|(name, _)| !is_help(name)) else {
        print!("{}", overview());
        return Ok(());
    };
    let task = TASKS
        .iter()
        .find(|task| task.name == name)
        .ok_or_else(|| format!("there is no `{name}`\n\n{}", overview()))?;
    if args.iter().any(is_help) {
        println!("{}", task.usage);
        return Ok(());
    }
    (task.run)(args)
}

fn overview() -> String {
    let mut text = String::from("usage: cargo xtask <command> [--help]\n\n");
    for Task { name, about, .. } in TASKS {
        text += &format!("  {name:6} {about}\n");
    }
    text
}

/// The complaint about an argument that a command does not take.
fn unknown_argument(arg: &str, usage: &str) -> Error {
    format!("`{arg}` is not understood here\n\n{usage}").into()
}
