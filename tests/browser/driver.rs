//! The browser: headless, with a fresh profile, and a WebDriver server of its own on a free port.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    panic::panic_any,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::WebDriver;

use super::{chromium, firefox};

/// For loading a page.
const PATIENCE: Duration = Duration::from_secs(30);
/// A script may take so long: less than the 20 s for which a request waits for the cache while
/// another one for the same file is on its way.
const SCRIPT_PATIENCE: Duration = Duration::from_secs(15);

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
}

impl Engine {
    /// The one that `BROWSER` names, or Chromium.
    pub(crate) fn wanted() -> Engine {
        match env::var("BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Engine::Chromium,
            Ok("firefox") => Engine::Firefox,
            Ok(other) => panic!("BROWSER is {other:?}: it can be chromium or firefox"),
        }
    }
}

/// What a journey in Firefox ends with where only Chromium can go on.
pub(crate) struct OnlyInChromium(pub(crate) String);

/// When dropped, the fields go in this order: the session, the driver, the
/// profile.
pub(crate) struct Browser {
    pub(crate) engine: Engine,
    session: WebDriver,
    driver: Driver,
    profile: TempDir,
}

impl Browser {
    pub(crate) async fn start() -> Browser {
        let engine = Engine::wanted();
        let driver = Driver::start(match engine {
            Engine::Chromium => &chromium::DRIVER,
            Engine::Firefox => &firefox::DRIVER,
        });
        let profile = TempDir::with_prefix("daemonset-playground-")
            .expect("a temporary directory can be made");
        let session = async {
            let session = match engine {
                Engine::Chromium => chromium::connect(&driver.url, &profile).await?,
                Engine::Firefox => firefox::connect(&driver.url, &profile).await?,
            };
            session.set_page_load_timeout(PATIENCE).await?;
            session.set_script_timeout(SCRIPT_PATIENCE).await?;
            Ok::<_, thirtyfour::error::WebDriverError>(session)
        };
        let session = session
            .await
            .unwrap_or_else(|error| panic!("no session with {engine:?}: {error}"));
        Browser {
            engine,
            session,
            driver,
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

    /// Sends a command of the DevTools protocol. Firefox has none: there the journey ends.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        if self.engine == Engine::Firefox {
            panic_any(OnlyInChromium(method.to_owned()));
        }
        self.session
            .cdp()
            .send_raw(method, parameters)
            .await
            .unwrap_or_else(|error| panic!("{method} failed: {error}"))
    }

    /// All requests since this was last asked, as their URLs; in Firefox those of the page that is
    /// there.
    pub(crate) async fn requests(&self) -> Vec<String> {
        match self.engine {
            Engine::Chromium => chromium::requests(&self.session).await,
            Engine::Firefox => firefox::requests(&self.session).await,
        }
    }

    /// What the console has shown in red since this was last asked.
    pub(crate) async fn console_errors(&self) -> Vec<String> {
        self.console_with(true).await
    }

    /// All that the console has shown since this was last asked.
    pub(crate) async fn console(&self) -> Vec<String> {
        self.console_with(false).await
    }

    async fn console_with(&self, only_errors: bool) -> Vec<String> {
        match self.engine {
            Engine::Chromium => chromium::console(&self.session, only_errors).await,
            Engine::Firefox => firefox::console(&self.driver.said, only_errors),
        }
    }

    pub(crate) async fn quit(self) {
        self.session
            .quit()
            .await
            .unwrap_or_else(|error| panic!("{:?} does not end: {error}", self.engine));
    }
}

/// A WebDriver server to be started.
pub(crate) struct Program {
    /// The environment variable that names it.
    pub(crate) variable: &'static str,
    /// What it says right before the port on which it listens.
    pub(crate) said_before_port: &'static str,
}

/// A running WebDriver server; killed when this value is dropped.
struct Driver {
    url: String,
    process: Child,
    /// What it and its browser have said since, line by line.
    said: Arc<Mutex<Vec<String>>>,
}

impl Driver {
    /// With `--port=0` chromedriver takes a free port of IPv6, and ends if another has the same port
    /// of IPv4: then the next one takes another port.
    fn start(program: &Program) -> Driver {
        const PORTS_TRIED_MAX: usize = 20;
        let mut said = String::new();
        for _ in 0..PORTS_TRIED_MAX {
            match Driver::start_on_some_port(program) {
                Ok(driver) => return driver,
                Err(last_words) => said = last_words,
            }
            if !said.contains("port not available") {
                break;
            }
        }
        let name = program.variable;
        panic!("{name} ended without saying on which port it listens; it said:\n{said}");
    }

    /// An error is what it said before it ended.
    fn start_on_some_port(program: &Program) -> Result<Driver, String> {
        let path = named(program.variable);
        let process = Command::new(&path)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {path}: {error}"));
        // From here on it is killed whatever comes.
        let mut driver = Driver {
            url: String::new(),
            process,
            said: Arc::default(),
        };
        let (port_is, port) = mpsc::channel();
        let (stdout, stderr) = (driver.process.stdout.take(), driver.process.stderr.take());
        let before = program.said_before_port;
        driver.listen(stdout.expect("stdout is a pipe"), move |line| {
            let port = line
                .split_once(before)
                .and_then(|(_, port)| port.trim_end_matches('.').parse::<u16>().ok());
            // Only the first is waited for.
            let _ = port.map(|port| port_is.send(port));
        });
        driver.listen(stderr.expect("stderr is a pipe"), |_| {});
        match port.recv() {
            Ok(port) => driver.url = format!("http://127.0.0.1:{port}"),
            // It ended.
            Err(_) => {
                return Err(driver
                    .said
                    .lock()
                    .expect("nobody panics with it")
                    .join("\n"));
            }
        }
        Ok(driver)
    }

    /// Reads what it says to the end, so that it never waits for a reader.
    fn listen(&self, from: impl Read + Send + 'static, hear: impl Fn(&str) + Send + 'static) {
        let said = Arc::clone(&self.said);
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                hear(&line);
                said.lock().expect("nobody panics with it").push(line);
            }
        });
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program that an environment variable names.
pub(crate) fn named(variable: &str) -> String {
    env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run `cargo xtask test browser`"))
}
