//! A headless Firefox, driven by geckodriver.

use std::sync::Mutex;

use tempfile::TempDir;
use thirtyfour::{
    DesiredCapabilities, WebDriver, common::capabilities::firefox::FirefoxPreferences,
    error::WebDriverResult,
};

use super::driver::{Program, named};

pub(crate) const DRIVER: Program = Program {
    variable: "GECKODRIVER",
    said_before_port: "Listening on 127.0.0.1:",
};

pub(crate) async fn connect(url: &str, profile: &TempDir) -> WebDriverResult<WebDriver> {
    let mut preferences = FirefoxPreferences::new();
    // What a page says comes out with what the browser says.
    preferences.set("devtools.console.stdout.content", true)?;
    // A foreign host is not found: nothing listens there.
    preferences.set("network.proxy.type", 1)?;
    preferences.set("network.proxy.http", "127.0.0.1")?;
    preferences.set("network.proxy.http_port", 9)?;
    preferences.set("network.proxy.ssl", "127.0.0.1")?;
    preferences.set("network.proxy.ssl_port", 9)?;
    // Files are saved without asking.
    preferences.set("browser.download.folderList", 2)?;
    preferences.set("browser.download.dir", profile.path().join("downloads"))?;
    // As strict as it is without a driver.
    preferences.set("security.fileuri.strict_origin_policy", true)?;
    let mut wanted = DesiredCapabilities::firefox();
    wanted.set_firefox_binary(&named("FIREFOX"))?;
    wanted.set_headless()?;
    wanted.set_preferences(preferences)?;
    let session = WebDriver::builder(url, wanted).await?;
    // With what the browser has above the page.
    session.set_window_rect(0, 0, 1280, 885).await?;
    Ok(session)
}

/// What the page that is there has asked for.
pub(crate) async fn requests(session: &WebDriver) -> Vec<String> {
    let script = r#"
        const kinds = ["navigation", "resource"];
        return kinds.flatMap((kind) => performance.getEntriesByType(kind).map(({ name }) => name));
    "#;
    let requests = session.execute(script, []).await;
    let requests = requests.and_then(|it| it.convert());
    requests.unwrap_or_else(|error| panic!("the requests are not told: {error}"))
}

/// What a page has had to say since this was last asked; of it the errors, or all.
pub(crate) fn console(said: &Mutex<Vec<String>>, only_errors: bool) -> Vec<String> {
    let said = std::mem::take(&mut *said.lock().expect("nobody panics with it"));
    let is_error = |line: &String| {
        // A page that is left takes what it was loading for all there is.
        if line.contains("CompileError: at offset 0: failed to match magic number") {
            return false;
        }
        let of_page = ["JavaScript error: http://", "JavaScript error: file://"];
        // The browser's own are not in quotes.
        of_page.iter().any(|it| line.starts_with(it)) || line.starts_with("console.error: \"")
    };
    let is_of_page =
        |line: &String| is_error(line) || !only_errors && line.starts_with("console.warn: \"");
    said.into_iter().filter(is_of_page).collect()
}
