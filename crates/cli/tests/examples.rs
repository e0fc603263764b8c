//! Every command that README and `--help` show runs, and prints what they say.
#![cfg(unix)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const BIN: &str = env!("CARGO_BIN_EXE_daemonset");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder with the files that the examples name.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // There is none the first time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("web/lessons")).expect("it can be made");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readme");
    for entry in fs::read_dir(own).expect("the files are in the repository") {
        let file = entry.expect("they can be read");
        fs::copy(file.path(), folder.join(file.file_name())).expect("it can be written");
    }
    let lesson = "web/lessons/first-rollout.yaml";
    fs::copy(root().join(lesson), folder.join(lesson)).expect("it can be written");
    folder
}

/// What a shell makes of a line.
fn sh(line: &str, folder: &Path) -> Output {
    let bin = Path::new(BIN).parent().expect("it lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", bin.display()))
        .output()
        .expect("there is a shell")
}

fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Whether a text is as shown, where a line `...` stands for any number of lines.
fn is_as_shown(text: &[&str], shown: &[&str]) -> bool {
    match shown {
        [] => text.is_empty(),
        ["...", rest @ ..] => (0..=text.len()).any(|n| is_as_shown(&text[n..], rest)),
        [line, rest @ ..] => text.first() == Some(line) && is_as_shown(&text[1..], rest),
    }
}

#[test]
fn readme_shows_what_the_commands_print() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let (_, section) = readme
        .split_once("\n## The command line\n")
        .expect("it has the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let folder = folder("readme");
    let mut n_run = 0;
    let blocks = section.split("```console\n").skip(1);
    for block in blocks.filter_map(|it| it.split("\n```").next()) {
        // A run shows the commands of its scenario in the same way.
        let block = block.replace("\n$ kubectl", "\n\0kubectl");
        for example in format!("\n{block}").split("\n$ ").skip(1) {
            let example = example.replace('\0', "$ ");
            let (line, shown) = example.split_once('\n').unwrap_or((&example, ""));
            let output = sh(line, &folder);
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 1)), "{line}\n{output:?}");
            let text = printed(&output);
            let lines = |text| -> Vec<_> { str::lines(text).collect() };
            let is_right = shown.is_empty() || is_as_shown(&lines(&text), &lines(shown));
            assert!(
                is_right,
                "README shows of {line}\n{shown}\nbut it is\n{text}"
            );
            n_run += 1;
        }
    }
    for command in [
        "run",
        "reconcile",
        "explain",
        "lint",
        "export",
        "completions",
    ] {
        assert!(
            section.contains(&format!("$ daemonset {command} ")),
            "{command} has no example"
        );
    }
    assert!(n_run >= 6, "only {n_run} commands were found");
}

#[test]
fn the_examples_of_the_help_run() {
    let folder = folder("help");
    let commands = [
        "",
        "run",
        "reconcile",
        "explain",
        "lint",
        "export",
        "completions",
    ];
    for command in commands {
        let help = printed(&sh(&format!("daemonset {command} --help"), &folder));
        let (_, examples) = help.split_once("Examples:\n").expect("it has examples");
        let examples = examples.split("\n\n").next().unwrap_or_default();
        let lines = examples.lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() >= 2, "{command}");
        for line in lines {
            if line.contains("export") {
                // Each is the first, unless it says that it is not.
                let _ = fs::remove_dir_all(folder.join("rollout"));
            }
            let output = sh(line, &folder);
            assert_eq!(output.status.code(), Some(0), "{line}\n{output:?}");
        }
    }
}
