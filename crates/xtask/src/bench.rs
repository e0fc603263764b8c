//! `cargo xtask bench`: the figures that have budgets.

use std::path::{Path, absolute};

use crate::{
    Result, browser, dist,
    process::{command, run as run_command},
    setup, single_file,
    sizes::{self, Sized},
    unknown_argument,
};

pub(crate) const USAGE: &str = "\
usage: cargo xtask bench

Builds dist/ and prints what a visitor downloads, compressed, against the
budgets; then how quick the page is in a real browser, and the timings of a
sync and of rollouts in the native engine.";

const KILOBYTE: u64 = 1000;

struct Budget {
    name: &'static str,
    bytes: u64,
    /// Whether a file of the site counts.
    counts: fn(&str) -> bool,
}

const BUDGETS: [Budget; 4] = [
    Budget {
        name: "page until the first step",
        bytes: 200 * KILOBYTE,
        counts: |name| is_program(name) && !LATER.iter().any(|it| name.starts_with(it)),
    },
    Budget {
        name: "player until the first step",
        bytes: 150 * KILOBYTE,
        counts: |name| {
            is_program(name)
                && PLAYER.iter().any(|it| name.starts_with(it))
                && !PLAYER_REST.iter().any(|it| name.starts_with(it))
        },
    },
    Budget {
        name: "player before it is in view",
        bytes: 4 * KILOBYTE,
        counts: |name| name == ELEMENT,
    },
    Budget {
        name: "editor",
        bytes: 115 * KILOBYTE,
        counts: |name| name == EDITOR,
    },
];

const EDITOR: &str = "editor.js";
const ELEMENT: &str = "embed.js";
/// What the names begin with of what a player in another page takes.
const PLAYER: [&str; 3] = [ELEMENT, "player-", "web-"];
/// Of what it loads once the first step can be taken.
const PLAYER_REST: [&str; 2] = ["player-panes-", "player-rest-"];
/// What the names begin with of what the page loads when it is there or has failed, or never.
const LATER: [&str; 9] = [
    EDITOR,
    "archive.js",
    "cannot_start.js",
    ELEMENT,
    "offline-",
    "player-",
    "rest-",
    "sw.js",
    single_file::NAME,
];

pub(crate) fn run(args: &[String]) -> Result {
    if let Some(arg) = args.first() {
        return Err(unknown_argument(arg, USAGE));
    }
    setup::page_tools()?;
    dist::build()?;

    let files = sizes::measure(Path::new(dist::DIRECTORY))?;
    println!("brotli, kB                    value  budget  ratio");
    for budget in BUDGETS {
        println!("{}", line(&budget, &files));
    }
    println!();
    page()?;
    for bench in ["sync", "rollout"] {
        run_command(command("cargo").args(["bench", "-p", "tests", "--bench", bench]))?;
    }
    Ok(())
}

/// The page in a real browser.
fn page() -> Result {
    let browser = browser::ensure()?;
    let bench = [
        "bench",
        "-p",
        "tests",
        "--features",
        "browser",
        "--bench",
        "page",
    ];
    run_command(
        command("cargo")
            .args(bench)
            // What is served on loopback is not to be asked of a proxy.
            .env("NO_PROXY", "127.0.0.1")
            .env("DIST_DIR", absolute(dist::DIRECTORY)?)
            .env("CHROMIUM", browser.chromium)
            .env("CHROMEDRIVER", browser.chromedriver),
    )
}

fn is_program(name: &str) -> bool {
    // The package for npm lies beside the page, which loads nothing of it.
    let is_packages = name.starts_with("npm/");
    let endings = [".html", ".css", ".js", ".wasm"];
    !is_packages && endings.iter().any(|ending| name.ends_with(ending))
}

fn line(budget: &Budget, files: &[Sized]) -> String {
    let counted = files.iter().filter(|file| (budget.counts)(&file.name));
    let value: u64 = counted.map(|file| file.brotli).sum();
    let kilobytes = |bytes: u64| bytes as f64 / KILOBYTE as f64;
    format!(
        "{:28} {:6.1} {:7.1} {:6.2}  {}",
        budget.name,
        kilobytes(value),
        kilobytes(budget.bytes),
        value as f64 / budget.bytes as f64,
        if value <= budget.bytes { "ok" } else { "OVER" },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counts_what_it_loads() {
        let file = |name: &str, brotli| Sized {
            name: name.to_owned(),
            raw: 0,
            brotli,
        };
        let files = [
            file("editor.js", 107_300),
            file("editor.js.LICENSE.txt", 700),
            file("index.html", 1_000),
            file("first-0123.wasm", 209_000),
            file("rest-0123.wasm", 600_000),
            file("cannot_start.js", 1_400),
            file("embed.js", 2_000),
            file("offline-0123.js", 400),
            file("player-0123.wasm", 130_000),
            file("player-0123.css", 7_000),
            file("player-panes-0123.css", 3_000),
            file("player-rest-0123.wasm", 600_000),
            file("web-0123.js", 6_000),
            file("playground.html", 900_000),
            file("sw.js", 2_000),
            file("npm/playground.wasm", 600_000),
        ];
        let lines: Vec<String> = BUDGETS.iter().map(|budget| line(budget, &files)).collect();
        assert_eq!(
            lines,
            [
                "page until the first step     216.0   200.0   1.08  OVER",
                "player until the first step   145.0   150.0   0.97  ok",
                "player before it is in view     2.0     4.0   0.50  ok",
                "editor                        107.3   115.0   0.93  ok",
            ]
        );
    }
}
