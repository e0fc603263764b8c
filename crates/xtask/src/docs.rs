//! The guide for other people's pages, `docs/embedding.md`, tested with the tools that it is for.

use std::{
    fs,
    path::{Path, PathBuf, absolute},
};

use crate::{
    Result, browser, dist,
    process::{command, find, install, output, run as run_command},
    setup,
    versions::MDBOOK,
};

/// The tests, with those tools that npm installs.
const TESTS: &str = "tests/docs";
/// What is built, and those tools that pip installs.
const WORK: &str = "target/docs";
const SCREENSHOTS: &str = "target/screenshots/docs";

pub(crate) fn prepare() -> Result {
    setup::npm_ci(
        TESTS,
        "the npm packages of the documentation tools",
        "1 to 2 minutes",
    )?;
    python_packages()?;
    setup::cargo_tool(&MDBOOK)?;
    browser::ensure().map(drop)
}

pub(crate) fn run() -> Result {
    let site = absolute(dist::DIRECTORY)?;
    if !site.join("embed.js").is_file() {
        return Err("there is no dist/ yet: run `cargo xtask dist` first".into());
    }
    run_command(command("cargo").args(["build", "--quiet", "-p", "cli"]))?;
    let daemonset = format!("target/debug/daemonset{}", std::env::consts::EXE_SUFFIX);
    run_command(
        command("node")
            .arg("--test")
            .current_dir(TESTS)
            .env("NO_PROXY", "127.0.0.1")
            .env("DIST_DIR", site)
            .env("WORK_DIR", absolute(WORK)?)
            .env("SCREENSHOT_DIR", absolute(SCREENSHOTS)?)
            .env("PYTHON_PROGRAMS", absolute(python_programs())?)
            .env("DAEMONSET", absolute(daemonset)?)
            .env("CHROMIUM", browser::ensure()?.chromium),
    )
}

fn environment() -> PathBuf {
    Path::new(WORK).join("python")
}

fn python_programs() -> PathBuf {
    environment().join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// Hugo, MkDocs and Sphinx, in an environment of their own.
fn python_packages() -> Result {
    let wanted = fs::read_to_string(Path::new(TESTS).join("requirements.txt"))?;
    let installed = environment().join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|it| it == wanted) {
        return Ok(());
    }
    let python = python()?;
    install("Hugo, MkDocs and Sphinx", "about 30 seconds", || {
        fs::create_dir_all(WORK)?;
        run_command(
            command(python)
                .args(["-m", "venv", "--clear"])
                .arg(environment()),
        )?;
        let pip = python_programs().join("pip");
        let args = [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary=:all:",
            "--requirement",
        ];
        run_command(
            command(&absolute(pip)?.to_string_lossy())
                .args(args)
                .arg(Path::new(TESTS).join("requirements.txt")),
        )?;
        Ok(fs::write(&installed, &wanted)?)
    })
}

/// A Python that can make environments; Debian has that in a package of its own.
fn python() -> Result<&'static str> {
    let usable = || {
        let check = [
            "-c",
            "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))",
        ];
        ["python3", "python"]
            .into_iter()
            .find(|name| find(name).is_some() && output(command(name).args(check)).is_some())
    };
    if let Some(name) = usable() {
        return Ok(name);
    }
    let how = "the documentation tools need Python 3.11 or newer with its module venv: install \
               it with your system's packages (Debian: python3-venv)";
    let apt = browser::apt_get().ok_or(how)?;
    install("Python's venv", "about 20 seconds", || {
        run_command(apt().args(["update", "-q"]))?;
        run_command(
            apt()
                .args(["install", "-q", "-y", "--no-install-recommends"])
                .arg("python3-venv"),
        )
    })?;
    usable().ok_or_else(|| how.into())
}
