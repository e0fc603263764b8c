//! How Trunk is called.

use std::{env, fs, process::Command};

use crate::{
    Result,
    process::{command, output},
};

/// What the page's fields mean; `index.html` names it.
const DESCRIPTIONS: &str = "target/page/descriptions.txt";

/// A Trunk command with its environment, and what it builds from that no other tool makes.
pub(crate) fn trunk(subcommand: &str) -> Result<Command> {
    write_descriptions()?;
    let mut trunk = command("trunk");
    trunk
        .arg(subcommand)
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    if env::var_os("NO_COLOR").is_some() {
        // Trunk takes nothing but `true` and `false` there.
        trunk.env("NO_COLOR", "true");
    }
    Ok(trunk)
}

fn write_descriptions() -> Result {
    let example = [
        "run",
        "--quiet",
        "-p",
        "objects",
        "--example",
        "descriptions",
    ];
    let text = output(command("cargo").args(example))
        .ok_or("cargo run -p objects --example descriptions fails")?;
    if fs::read_to_string(DESCRIPTIONS).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::create_dir_all("target/page")?;
    Ok(fs::write(DESCRIPTIONS, text)?)
}
