//! `dist/playground.html`: the whole page in one file, which opens from disk.

use std::{fs, path::Path};

use crate::{
    Result,
    process::{command, run},
    versions::WASM_TARGET,
};

pub(crate) const NAME: &str = "playground.html";
/// In bytes.
const SIZE_MAX: u64 = 1_000_000;
/// In which no part of the program is made larger for speed.
const PROFILE: &str = "one-file";
/// What wasm-bindgen makes of the program.
const WORK: &str = "target/one-file";

/// Packs a site, the program apart, into one file of it.
pub(crate) fn write(site: &Path) -> Result {
    let what = ["--package", "web", "--bin", "web"];
    let how = ["--target", WASM_TARGET, "--profile", PROFILE];
    run(command("cargo").arg("build").args(what).args(how))?;
    let linked = format!("target/{WASM_TARGET}/{PROFILE}/web.wasm");
    run(command("wasm-bindgen").args([
        "--target",
        "web",
        "--no-typescript",
        "--out-dir",
        WORK,
        &linked,
    ]))?;
    run(command("node")
        .arg("web/one-file/pack.mjs")
        .arg(site)
        .arg(WORK))?;
    let size = fs::metadata(site.join(NAME))?.len();
    if size > SIZE_MAX {
        return Err(
            format!("{NAME} has {size} bytes, but must not have more than {SIZE_MAX}").into(),
        );
    }
    Ok(())
}
