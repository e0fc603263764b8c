//! A headless Chromium, driven by chromedriver.

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    BrowserLogEntry, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel::All,
    WebDriver, error::WebDriverResult,
};

use super::driver::{Program, named};

pub(crate) const DRIVER: Program = Program {
    variable: "CHROMEDRIVER",
    said_before_port: "started successfully on port ",
};

pub(crate) async fn connect(url: &str, profile: &TempDir) -> WebDriverResult<WebDriver> {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&named("CHROMIUM"))?;
    for switch in [
        "--headless",
        "--no-sandbox",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        // A page that is out of sight must not be slowed down.
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        // A foreign host is not even looked up.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--window-size=1280,800",
    ] {
        wanted.add_arg(switch)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    wanted.set_browser_log_level(All)?;
    wanted.set_logging_prefs("performance", All)?;
    let session = WebDriver::builder(url, wanted).await?;
    let saves = json!({ "behavior": "allow", "downloadPath": profile.path().join("downloads") });
    session
        .cdp()
        .send_raw("Browser.setDownloadBehavior", saves)
        .await?;
    Ok(session)
}

/// All requests since this was last asked, as their URLs, but for those of the browser's own first
/// tab.
pub(crate) async fn requests(session: &WebDriver) -> Vec<String> {
    let entries = log(session, "performance").await.into_iter();
    let requests = entries.filter_map(|entry| {
        let entry: Value = serde_json::from_str(&entry.message).ok()?;
        let message = &entry["message"];
        if message["method"] != "Network.requestWillBeSent" {
            return None;
        }
        let document = message["params"]["documentURL"].as_str()?;
        let url = message["params"]["request"]["url"].as_str()?;
        (!document.starts_with("chrome:")).then(|| url.to_owned())
    });
    requests.collect()
}

/// What the console has shown since this was last asked; of it the errors, or all.
pub(crate) async fn console(session: &WebDriver, only_errors: bool) -> Vec<String> {
    let entries = log(session, "browser").await.into_iter();
    let entries = entries.filter(|it| !only_errors || it.level == "SEVERE");
    entries.map(|it| it.message).collect()
}

async fn log(session: &WebDriver, name: &str) -> Vec<BrowserLogEntry> {
    let log = session.get_log(name).await;
    log.unwrap_or_else(|error| panic!("no {name} log: {error}"))
}
