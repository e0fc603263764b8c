//! How Trunk is called.

use std::{env, process::Command};

use crate::process::command;

/// A Trunk command with its environment.
pub(crate) fn trunk(subcommand: &str) -> Command {
    let mut trunk = command("trunk");
    trunk
        .arg(subcommand)
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    if env::var_os("NO_COLOR").is_some() {
        // Trunk takes nothing but `true` and `false` there.
        trunk.env("NO_COLOR", "true");
    }
    trunk
}
