//! What the site needs to work without a network: a service worker that keeps its files.

use std::path::Path;

use crate::{
    Result,
    process::{command, run},
};

/// Writes the service worker of a site; nothing of the site may change after that.
pub(crate) fn write(site: &Path) -> Result {
    run(command("node").arg("web/offline/build.mjs").arg(site))
}
