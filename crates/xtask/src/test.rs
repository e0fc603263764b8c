//! `cargo xtask test`: every check there is.

use std::{fs, path::absolute, process::Command, time::Instant};

use crate::{
    Result, browser, dist, docs, fuzz,
    process::{Span, command, run as run_command},
    setup, unknown_argument,
    versions::WASM_TARGET,
};

pub(crate) const USAGE: &str = "\
usage: cargo xtask test [--quick] [STEP...]

Runs the steps in this order and stops at the first that fails; with names,
only those:
  fmt           the formatting
  clippy        the lints, warnings denied
  clippy-wasm   the same for what is compiled to WASM
  unit          all tests that need no browser and no WASM
  parity        one scenario in WASM gives what it gives natively
  editor        the editor's own tests
  dist          the static site builds and stays on its host, the npm package
                builds
  npm           the last dist's npm package, installed and used in Node, in
                TypeScript, by bundlers and in a real browser
  browser       the journeys in Chromium, on the last dist
  firefox       the same in Firefox, as far as they need no DevTools; left out
                where there is no Firefox and none can be installed
  docs          docs/embedding.md: what it says to write is built by the tools
                it is for, and opened in a real browser, on the last dist
  fuzz          inputs led by coverage, 20 seconds for each target; needs a
                C++ compiler
  --quick       only fmt, clippy and unit: those that need nothing but Rust";

/// Where the browser tests put pictures of the page.
const SCREENSHOTS: &str = "target/screenshots";

struct Step {
    name: &'static str,
    /// Whether nothing but Rust is needed.
    quick: bool,
    /// Installs what the step needs; done for all steps before the first is run.
    prepare: fn() -> Result,
    run: fn() -> Result,
}

const STEPS: [Step; 12] = [
    Step {
        name: "fmt",
        quick: true,
        prepare: nothing,
        run: fmt,
    },
    Step {
        name: "clippy",
        quick: true,
        prepare: nothing,
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        quick: false,
        prepare: setup::wasm_tools,
        run: clippy_wasm,
    },
    Step {
        name: "unit",
        quick: true,
        prepare: nothing,
        run: unit,
    },
    Step {
        name: "parity",
        quick: false,
        prepare: setup::wasm_tools,
        run: parity,
    },
    Step {
        name: "editor",
        quick: false,
        prepare: setup::npm_packages,
        run: editor,
    },
    Step {
        name: "dist",
        quick: false,
        prepare: setup::page_tools,
        run: dist::build,
    },
    Step {
        name: "npm",
        quick: false,
        prepare: prepare_npm,
        run: npm_package,
    },
    Step {
        name: "browser",
        quick: false,
        prepare: prepare_browser,
        run: journeys_in_chromium,
    },
    Step {
        name: "firefox",
        quick: false,
        prepare: prepare_firefox,
        run: journeys_in_firefox,
    },
    Step {
        name: "docs",
        quick: false,
        prepare: docs::prepare,
        run: docs::run,
    },
    Step {
        name: "fuzz",
        quick: false,
        prepare: fuzz::prepare,
        run: fuzz::run,
    },
];

pub(crate) fn run(args: &[String]) -> Result {
    let steps = choose(args)?;
    for step in &steps {
        (step.prepare)()?;
    }
    let start = Instant::now();
    let mut durations = Vec::new();
    for step in &steps {
        let name = step.name;
        println!("-- {name}");
        let start = Instant::now();
        (step.run)().map_err(|error| {
            format!("step `{name}` failed: {error}\n`cargo xtask test {name}` runs just this step")
        })?;
        durations.push((name, start.elapsed()));
    }
    println!();
    for (name, duration) in durations.into_iter().chain([("total", start.elapsed())]) {
        println!("{name:12}{:>13}", Span(duration));
    }
    Ok(())
}

/// The steps that the arguments ask for, in their order.
fn choose(args: &[String]) -> Result<Vec<&'static Step>> {
    let is_step = |name: &str| STEPS.iter().any(|step| step.name == name);
    if let Some(arg) = args.iter().find(|arg| *arg != "--quick" && !is_step(arg)) {
        return Err(unknown_argument(arg, USAGE));
    }
    let quick = args.iter().any(|arg| arg == "--quick");
    let all = !args.iter().any(|arg| is_step(arg));
    Ok(STEPS
        .iter()
        .filter(|step| all || args.iter().any(|arg| arg == step.name))
        .filter(|step| !quick || step.quick)
        .collect())
}

fn nothing() -> Result {
    Ok(())
}

fn prepare_browser() -> Result {
    // Among them are the rules of accessibility.
    setup::npm_packages()?;
    browser::ensure().map(drop)
}

fn prepare_firefox() -> Result {
    setup::npm_packages()?;
    browser::ensure_firefox().map(drop)
}

fn prepare_npm() -> Result {
    setup::npm_test_packages()?;
    browser::ensure().map(drop)
}

fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut cargo = command("cargo");
    cargo.args(args);
    cargo
}

fn fmt() -> Result {
    run_command(&mut cargo(["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    run_command(&mut cargo([
        "fmt",
        "--manifest-path",
        fuzz::MANIFEST,
        "--check",
    ]))
}

fn clippy() -> Result {
    run_command(&mut cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "tests/browser",
        "--",
        "-D",
        "warnings",
    ]))
}

fn clippy_wasm() -> Result {
    run_command(&mut cargo([
        "clippy",
        "-p",
        "web",
        "-p",
        "js",
        "--target",
        WASM_TARGET,
        "--",
        "-D",
        "warnings",
    ]))
}

fn unit() -> Result {
    run_command(&mut cargo(["test", "--workspace"]))
}

fn parity() -> Result {
    run_command(&mut cargo([
        "test",
        "-p",
        "tests",
        "--target",
        WASM_TARGET,
        "--test",
        "parity",
    ]))
}

fn editor() -> Result {
    run_command(command("node").arg("--test").current_dir("web/editor"))
}

fn npm_package() -> Result {
    let package = absolute(dist::DIRECTORY)?.join("npm");
    if !package.join("package.json").is_file() {
        return Err("there is no dist/npm/ yet: run `cargo xtask dist` first".into());
    }
    run_command(
        command("node")
            .arg("--test")
            .current_dir("tests/npm")
            .env("NO_PROXY", "127.0.0.1")
            .env("PACKAGE_DIR", package)
            .env("CHROMIUM", browser::ensure()?.chromium),
    )
}

fn journeys_in_chromium() -> Result {
    let browser = browser::ensure()?;
    journeys("chromium", |test| {
        test.env("CHROMIUM", &browser.chromium)
            .env("CHROMEDRIVER", &browser.chromedriver)
    })
}

fn journeys_in_firefox() -> Result {
    let Some(browser) = browser::ensure_firefox()? else {
        println!("there is no Firefox: name one in FIREFOX, and geckodriver in GECKODRIVER");
        return Ok(());
    };
    journeys("firefox", |test| {
        test.env("FIREFOX", &browser.firefox)
            .env("GECKODRIVER", &browser.geckodriver)
    })
}

fn journeys(browser: &str, with: impl Fn(&mut Command) -> &mut Command) -> Result {
    let site = absolute(dist::DIRECTORY)?;
    if !site.join("index.html").is_file() {
        return Err("there is no dist/ yet: run `cargo xtask dist` first".into());
    }
    let screenshots = absolute(SCREENSHOTS)?.join(browser);
    fs::create_dir_all(&screenshots)?;
    let mut test = cargo([
        "test",
        "-p",
        "tests",
        "--features",
        "browser",
        "--test",
        "browser",
    ]);
    run_command(with(
        test
            // What is served on loopback is not to be asked of a proxy.
            .env("NO_PROXY", "127.0.0.1")
            .env("DIST_DIR", site)
            .env("SCREENSHOT_DIR", screenshots)
            .env("BROWSER", browser),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(args: &str, expected: &str) {
        let args: Vec<String> = args.split_whitespace().map(str::to_owned).collect();
        let names: Vec<&str> = choose(&args)
            .expect("the arguments are good")
            .iter()
            .map(|step| step.name)
            .collect();
        assert_eq!(names.join(" "), expected);
    }

    #[test]
    fn steps_are_chosen_by_name_and_kept_in_order() {
        let all = "fmt clippy clippy-wasm unit parity editor dist npm browser firefox docs fuzz";
        check("", all);
        check("--quick", "fmt clippy unit");
        check("browser dist", "dist browser");
    }

    #[test]
    fn an_unknown_step_is_refused() {
        assert!(choose(&["bowser".to_owned()]).is_err());
    }

    #[test]
    fn the_usage_names_every_step() {
        for step in &STEPS {
            assert!(
                USAGE.contains(&format!("\n  {:14}", step.name)),
                "{}",
                step.name
            );
        }
    }
}
