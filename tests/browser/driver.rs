//! The browser: a headless Chromium with a fresh profile, and a chromedriver of
//! its own on a free port.

use std::{
    env,
    io::{self, BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel::All, WebDriver,
};

/// For loading a page.
const PATIENCE: Duration = Duration::from_secs(30);
/// A script may take so long: less than the 20 s for which a request waits for the cache while
/// another one for the same file is on its way.
const SCRIPT_PATIENCE: Duration = Duration::from_secs(15);

/// When dropped, the fields go in this order: the session, the driver, the
/// profile.
pub(crate) struct Browser {
    session: WebDriver,
    _driver: Chromedriver,
    profile: TempDir,
}

impl Browser {
    pub(crate) async fn start() -> Browser {
        let driver = Chromedriver::start();
        let profile = TempDir::with_prefix("daemonset-playground-")
            .expect("a temporary directory can be made");
        let session = connect(&driver.url, &profile)
            .await
            .unwrap_or_else(|error| panic!("no session with Chromium: {error}"));
        Browser {
            session,
            _driver: driver,
            profile,
        }
    }

    /// Where the page's files are saved.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.profile.path().join("downloads")
    }

    pub(crate) fn session(&self) -> &WebDriver {
        &self.session
    }

    /// What a script returns.
    pub(crate) async fn run(&self, script: &str, arguments: impl Into<Vec<Value>>) -> Value {
        self.session
            .execute(script, arguments.into())
            .await
            .unwrap_or_else(|error| panic!("a script failed: {error}\n{script}"))
            .json()
            .clone()
    }

    /// Sends a command of the DevTools protocol.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.session
            .cdp()
            .send_raw(method, parameters)
            .await
            .unwrap_or_else(|error| panic!("{method} failed: {error}"))
    }

    /// All requests since this was last asked, as their URLs, but for those of
    /// the browser's own first tab.
    pub(crate) async fn requests(&self) -> Vec<String> {
        self.log("performance")
            .await
            .into_iter()
            .filter_map(|entry| {
                let entry: Value = serde_json::from_str(&entry.message).ok()?;
                let message = &entry["message"];
                if message["method"] != "Network.requestWillBeSent" {
                    return None;
                }
                let document = message["params"]["documentURL"].as_str()?;
                let url = message["params"]["request"]["url"].as_str()?;
                (!document.starts_with("chrome:")).then(|| url.to_owned())
            })
            .collect()
    }

    /// What the console has shown in red since this was last asked.
    pub(crate) async fn console_errors(&self) -> Vec<String> {
        self.log("browser")
            .await
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .collect()
    }

    /// All that the console has shown since this was last asked.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.log("browser").await.into_iter();
        entries.map(|entry| entry.message).collect()
    }

    async fn log(&self, name: &str) -> Vec<thirtyfour::BrowserLogEntry> {
        self.session
            .get_log(name)
            .await
            .unwrap_or_else(|error| panic!("no {name} log: {error}"))
    }

    pub(crate) async fn quit(self) {
        self.session
            .quit()
            .await
            .unwrap_or_else(|error| panic!("Chromium does not end: {error}"));
    }
}

async fn connect(url: &str, profile: &TempDir) -> thirtyfour::error::WebDriverResult<WebDriver> {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&program("CHROMIUM"))?;
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
    session.set_page_load_timeout(PATIENCE).await?;
    session.set_script_timeout(SCRIPT_PATIENCE).await?;
    Ok(session)
}

/// A running chromedriver; killed when this value is dropped.
struct Chromedriver {
    url: String,
    process: Child,
}

impl Chromedriver {
    /// With `--port=0` it takes a free port of IPv6, and ends if another has the
    /// same port of IPv4: then the next one takes another port.
    fn start() -> Chromedriver {
        const PORTS_TRIED_MAX: usize = 20;
        let mut said = String::new();
        for _ in 0..PORTS_TRIED_MAX {
            match Chromedriver::start_on_some_port() {
                Ok(driver) => return driver,
                Err(last_words) => said = last_words,
            }
            if !said.contains("port not available") {
                break;
            }
        }
        panic!("chromedriver ended without saying on which port it listens; it said:\n{said}");
    }

    /// An error is what it said before it ended.
    fn start_on_some_port() -> Result<Chromedriver, String> {
        let program = program("CHROMEDRIVER");
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
        let stdout = process.stdout.take().expect("stdout is a pipe");
        // From here on it is killed whatever comes.
        let mut driver = Chromedriver {
            url: String::new(),
            process,
        };
        let mut stdout = BufReader::new(stdout);
        let port = started_on_port(&mut stdout)?;
        // What else it says is read, so that it never waits for a reader.
        thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
        driver.url = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads up to `ChromeDriver was started successfully on port 40817.`
fn started_on_port(stdout: &mut impl BufRead) -> Result<u16, String> {
    let mut said = String::new();
    while let Ok(1..) = stdout.read_line(&mut said) {
        let port = said
            .split_once("started successfully on port ")
            .and_then(|(_, port)| port.trim_end().trim_end_matches('.').parse().ok());
        if let Some(port) = port {
            return Ok(port);
        }
    }
    Err(said)
}

fn program(variable: &str) -> String {
    env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run `cargo xtask test browser`"))
}
