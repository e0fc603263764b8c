//! The `fuzz` step of `cargo xtask test`: inputs led by coverage for the targets of `tests/fuzz`.

use std::{
    env,
    fs::{self, File},
    process::Command,
};

use crate::{
    Result,
    process::{command, output, run as run_command},
    setup,
    versions::CARGO_FUZZ,
};

pub(crate) const MANIFEST: &str = "tests/fuzz/Cargo.toml";

/// Each target, and whether its inputs are texts rather than bytes that a world is made from.
const TARGETS: [(&str, bool); 3] = [("decode", true), ("reconcile", true), ("world", false)];

pub(crate) fn prepare() -> Result {
    setup::cargo_tool(&CARGO_FUZZ)
}

/// What is built and what is found goes to `target/fuzz`; the repository only gives inputs.
pub(crate) fn run() -> Result {
    let host = output(command("rustc").args(["--print", "host-tuple"]))
        .ok_or("rustc does not say what it compiles for")?;
    let mut build = command("cargo");
    build
        .args(["fuzz", "build", "--target", &host])
        .args(["--fuzz-dir", "tests/fuzz", "--target-dir", "target/fuzz"])
        // The address sanitizer needs a nightly Rust, and would find little: nothing is unsafe.
        .args(["--sanitizer", "none"]);
    run_command(&mut build)?;
    // Longer than what fuzzing makes: ten megabytes in one line, and a mistake in it whose place
    // has to be found.
    let long_line = "target/fuzz/long-line.yaml";
    let long = "x".repeat(10_000_000);
    fs::write(
        long_line,
        format!("{{apiVersion: v1, kind: Node, metadata: {{annotations: {{a: {long}}}, b: 1}}}}\n"),
    )?;
    // The same from run to run, unless another is asked for.
    let seed = env::var("SEED").unwrap_or_else(|_| "1".to_owned());
    for (target, reads_text) in TARGETS {
        let program = format!("target/fuzz/{host}/release/{target}");
        // The first directory takes what is found. Earlier failures are tried again.
        let directories = [
            format!("target/fuzz/corpus/{target}"),
            format!("target/fuzz/failures/{target}"),
            format!("tests/fuzz/corpus/{target}"),
        ];
        for directory in &directories[..2] {
            fs::create_dir_all(directory)?;
        }
        let mut fuzz = Command::new(&program);
        fuzz.args(["-max_total_time=20", "-max_len=65536"])
            .arg(format!("-seed={seed}"))
            .args(directories);
        if reads_text {
            watch(target, Command::new(&program).arg(long_line))?;
            fuzz.arg("-dict=tests/fuzz/kubernetes.dict");
        }
        watch(target, &mut fuzz)?;
    }
    Ok(())
}

/// Runs a target, and tells which input it fails on. What it prints is long: it goes to a file.
fn watch(target: &str, fuzz: &mut Command) -> Result {
    let log = format!("target/fuzz/{target}.log");
    let file = File::create(&log)?;
    let kept = format!("target/fuzz/{target}.input");
    let _ = fs::remove_file(&kept);
    let failures = format!("target/fuzz/failures/{target}");
    let status = fuzz
        // Seconds for one input, and megabytes.
        .args(["-timeout=60", "-rss_limit_mb=2048"])
        .arg(format!("-artifact_prefix={failures}/"))
        .env("FUZZ_INPUT", &kept)
        .env("RUST_BACKTRACE", "1")
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .map_err(|error| format!("cannot run {target}: {error}"))?;
    let printed = fs::read(&log)?;
    let printed = String::from_utf8_lossy(&printed);
    if status.success() {
        let is_count = |line: &&str| line.starts_with("Done") || line.starts_with("Executed");
        let count = printed.lines().rfind(is_count).unwrap_or("done");
        println!("{target}: {count}");
        return Ok(());
    }
    eprintln!("{}", failure(&printed));
    // A stack overflow ends it before it can write the input down.
    let killed = format!("{failures}/killed");
    let input = input(&printed).or_else(|| {
        fs::rename(kept, &killed).ok()?;
        Some(&killed)
    });
    Err(match input {
        Some(input) => {
            let program = fuzz.get_program().display();
            format!("{target} fails: `{program} {input}` runs it again")
        }
        None => format!("{target} ended with {status}; {log} has all that it printed"),
    }
    .into())
}

/// What a target printed, from where something goes wrong.
fn failure(printed: &str) -> &str {
    let starts = ["\nthread '", "\n==", "\nALARM"].map(|start| printed.find(start));
    let start = starts.into_iter().flatten().min().unwrap_or(0);
    printed[start..].trim()
}

/// The input that libFuzzer was at when it failed: written to a file, or one that it was given.
fn input(printed: &str) -> Option<&str> {
    let marks = ["Test unit written to ", "Running: "];
    let mut inputs = marks.iter().filter_map(|mark| printed.split_once(mark));
    inputs.next()?.1.lines().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_targets_are_run() {
        let manifest = include_str!("../../../tests/fuzz/Cargo.toml");
        let binaries = manifest.split("[[bin]]\nname = \"").skip(1);
        let names = binaries.filter_map(|it| it.split('"').next());
        assert!(names.eq(TARGETS.map(|(name, _)| name)));
    }

    #[test]
    fn the_targets_use_what_the_workspace_uses() {
        let packages = |lock: &'static str| {
            let value = |package: &'static str, name: &str| {
                let mut lines = package.lines();
                lines.find_map(|line| line.strip_prefix(name))
            };
            let packages = lock.split("[[package]]").skip(1);
            packages.map(move |it| (value(it, "name = "), value(it, "version = ")))
        };
        let used: Vec<_> = packages(include_str!("../../../Cargo.lock")).collect();
        for package in packages(include_str!("../../../tests/fuzz/Cargo.lock")) {
            let is_own = used.iter().all(|(name, _)| *name != package.0);
            assert!(is_own || used.contains(&package), "{package:?}");
        }
    }

    #[test]
    fn a_failure_is_told_without_what_came_before() {
        let printed = "INFO: a\n#1 b\n\nthread 'main' panicked at c:\nd\n==1== ERROR: e\n\
                       artifact_prefix='f/'; Test unit written to f/crash-1\nBase64: eA==\n";
        assert!(failure(printed).starts_with("thread 'main' panicked at c:\nd\n==1== ERROR"));
        assert_eq!(input(printed), Some("f/crash-1"));
        assert_eq!(failure("cannot start\n"), "cannot start");
        assert_eq!(input("INFO: a\nRunning: long.yaml\n"), Some("long.yaml"));
    }
}
