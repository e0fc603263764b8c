//! The npm package: the core as WASM, and what `crates/js/npm` puts around it.

use std::{fs, path::Path};

use crate::{
    Result,
    halves::optimize,
    process::{command, run},
    single_file,
    versions::WASM_TARGET,
};

/// What is packed as it is.
const SOURCES: &str = "crates/js/npm";
/// What the linker writes.
const LINKED: &str = "target/wasm32-unknown-unknown/page/js.wasm";
/// Where the steps between are kept.
const WORK: &str = "target/npm";
/// The version that stands in the package's source.
const NO_VERSION: &str = "\"version\": \"0.0.0\"";

/// Writes the package into a directory of the site, of which it takes the element along, with all that
/// this loads.
pub(crate) fn write(site: &Path, name: &str) -> Result {
    let package = &site.join(name);
    run(command("cargo").args([
        "build",
        "--package",
        "js",
        "--lib",
        "--target",
        WASM_TARGET,
        "--profile",
        "page",
    ]))?;
    // It begins empty, so that nothing of an older version is packed.
    if package.is_dir() {
        fs::remove_dir_all(package)?;
    }
    fs::create_dir_all(package)?;
    copy(site, &package.join("site"), &[name, single_file::NAME])?;
    for entry in fs::read_dir(SOURCES)? {
        let entry = entry?;
        fs::copy(entry.path(), package.join(entry.file_name()))?;
    }
    fs::copy("LICENSE", package.join("LICENSE"))?;
    let manifest = package.join("package.json");
    let text = fs::read_to_string(&manifest)?;
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    if !text.contains(NO_VERSION) {
        return Err(format!("{SOURCES}/package.json lacks {NO_VERSION}").into());
    }
    fs::write(&manifest, text.replacen(NO_VERSION, version, 1))?;

    run(command("wasm-bindgen").args([
        "--target=web",
        "--no-typescript",
        // Where the program is found is said in `index.js` and `node.js`.
        "--omit-default-module-path",
        "--out-name=core",
        "--out-dir",
        WORK,
        LINKED,
    ]))?;
    let work = |name: &str| Path::new(WORK).join(name);
    fs::copy(work("core.js"), package.join("core.js"))?;
    optimize(
        &work("core_bg.wasm"),
        &package.join("playground.wasm"),
        "-Oz",
    )
}

/// Copies a directory, without some of what is in it.
fn copy(from: &Path, to: &Path, without: &[&str]) -> Result {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if without.iter().any(|it| name == *it) {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to.join(name), &[])?,
            false => drop(fs::copy(entry.path(), to.join(name))?),
        }
    }
    Ok(())
}
