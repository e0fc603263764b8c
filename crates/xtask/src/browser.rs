//! The browsers of the browser tests.

use std::{env, path::PathBuf, process::Command};

use crate::{
    Result,
    process::{command, find, install, output, run},
    setup::cargo_tool,
    versions::GECKODRIVER,
};

const CHROMIUM_NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const CHROMEDRIVER_NAMES: [&str; 1] = ["chromedriver"];
const FIREFOX_NAMES: [&str; 2] = ["firefox", "firefox-esr"];
const GECKODRIVER_NAMES: [&str; 1] = ["geckodriver"];

/// Chromium, and the WebDriver server that drives it.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// Finds a browser, or installs one where that can be done without asking.
pub(crate) fn ensure() -> Result<Browser> {
    if let Some(browser) = locate()? {
        return Ok(browser);
    }
    let apt = apt_get().ok_or(
        "the browser tests need Chromium and chromedriver: install them with your system's \
         packages (Debian: chromium and chromium-driver), or name them in CHROMIUM and \
         CHROMEDRIVER",
    )?;
    install(
        "Chromium and chromedriver",
        "1 to 3 minutes, 120 MB",
        || apt_install(&apt, &["chromium", "chromium-driver"]),
    )?;
    locate()?.ok_or_else(|| "apt-get installed Chromium, but it is not on the PATH".into())
}

fn locate() -> Result<Option<Browser>> {
    let chromium = named_or_found("CHROMIUM", &CHROMIUM_NAMES)?;
    let chromedriver = named_or_found("CHROMEDRIVER", &CHROMEDRIVER_NAMES)?;
    Ok(chromium
        .zip(chromedriver)
        .map(|(chromium, chromedriver)| Browser {
            chromium,
            chromedriver,
        }))
}

fn named_or_found(variable: &str, names: &[&str]) -> Result<Option<PathBuf>> {
    match env::var_os(variable).map(PathBuf::from) {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => Err(format!("{variable} is {}, which is no file", path.display()).into()),
        None => Ok(names.iter().find_map(|name| find(name))),
    }
}

/// Firefox, and the WebDriver server that drives it.
pub(crate) struct Firefox {
    pub(crate) firefox: PathBuf,
    pub(crate) geckodriver: PathBuf,
}

/// Finds Firefox, or installs it where that can be done without asking. `None`: there is none here.
pub(crate) fn ensure_firefox() -> Result<Option<Firefox>> {
    let find_firefox = || named_or_found("FIREFOX", &FIREFOX_NAMES);
    let firefox = match (find_firefox()?, apt_get()) {
        (Some(firefox), _) => firefox,
        (None, Some(apt)) => {
            let takes = "1 to 3 minutes, 80 MB";
            install("Firefox", takes, || apt_install(&apt, &["firefox-esr"]))?;
            find_firefox()?.ok_or("apt-get installed Firefox, but it is not on the PATH")?
        }
        (None, None) => return Ok(None),
    };
    let find_driver = || named_or_found("GECKODRIVER", &GECKODRIVER_NAMES);
    let geckodriver = match find_driver()? {
        Some(geckodriver) => geckodriver,
        None => {
            cargo_tool(&GECKODRIVER)?;
            find_driver()?.ok_or("cargo installed geckodriver, but it is not on the PATH")?
        }
    };
    Ok(Some(Firefox {
        firefox,
        geckodriver,
    }))
}

fn apt_install(apt: &impl Fn() -> Command, packages: &[&str]) -> Result {
    run(apt().args(["update", "-q"]))?;
    run(apt()
        .args(["install", "-q", "-y", "--no-install-recommends"])
        .args(packages))
}

/// How to call apt-get with the right to install, if there is a way.
pub(crate) fn apt_get() -> Option<impl Fn() -> Command> {
    find("apt-get")?;
    let is_root = output(command("id").arg("-u"))? == "0";
    if !is_root {
        output(command("sudo").args(["-n", "true"]))?;
    }
    Some(move || {
        let mut apt = command(if is_root { "env" } else { "sudo" });
        if !is_root {
            apt.args(["-n", "env"]);
        }
        apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        apt
    })
}
