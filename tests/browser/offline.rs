//! What is kept of the site for when there is no network, and newer versions of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{page::Page, visit::dist};

/// What one build of the site has where another has something else.
const EDITOR: &str = "editor.js";
const ARCHIVE: &str = "archive.js";
const NOTICE: &str = "#new-version";

/// A copy of the site that can be built anew.
pub(crate) struct Copied(TempDir);

impl Copied {
    pub(crate) fn new() -> Copied {
        let copied = TempDir::with_prefix("daemonset-playground-site-");
        let copied = copied.expect("a temporary directory can be made");
        copy(&dist(), copied.path());
        Copied(copied)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// Puts another build in its place, in which some of the files tell its name.
    pub(crate) fn is_built_anew(&self, name: &str) {
        for file in [EDITOR, ARCHIVE] {
            self.change(file, |text| format!("{text}\n// {name}"));
        }
        let meta = format!("<head><meta name=\"build\" content=\"{name}\">");
        self.change("index.html", |text| text.replacen("<head>", &meta, 1));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let built = Command::new("node")
            .arg(root.join("web/offline/build.mjs"))
            .arg(self.0.path())
            .status();
        assert!(built.expect("node runs").success(), "it is not built");
    }

    /// One of the files is that of another build.
    pub(crate) fn is_mixed_up(&self) {
        self.change(ARCHIVE, |text| format!("{text}\n// of another build"));
    }

    fn change(&self, file: &str, how: impl Fn(String) -> String) {
        let path = self.0.path().join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        fs::write(path, how(text)).expect("the file can be written");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("the site is there") {
        let entry = entry.expect("the site can be read");
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(path, to).expect("a file can be copied");
        }
    }
}

impl Page {
    /// Waits until all of the site is kept.
    pub(crate) async fn is_kept(&self) {
        let script = "return navigator.serviceWorker.ready.then(({ active }) => active.state);";
        self.wait_for("the site is kept", async || {
            let state = self.browser.run(script, []).await;
            let is_kept = (state == "activated").then_some(());
            is_kept.ok_or(state.to_string())
        })
        .await;
    }

    /// Whether the page has loaded what keeps the site, which it does once it has nothing else to do; in
    /// a while in which that can be loaded some times.
    pub(crate) async fn has_begun_to_keep(&self) -> bool {
        let script = "
            return (async () => {
                const { content } = document.querySelector('meta[name=\"offline\"]');
                // The page's own turn comes before this one.
                await new Promise((done) => requestIdleCallback(done));
                for (let i = 0; i < 5; i++) await (await fetch(content, { cache: 'no-store' })).text();
                const loaded = performance.getEntriesByType('resource').map((it) => it.name);
                return loaded.filter((it) => it === new URL(content, location).href).length > 5;
            })();";
        self.browser.run(script, []).await == true
    }

    /// The network is cut.
    pub(crate) fn is_cut_off(&self) {
        self.site.leave();
    }

    /// Waits until it is said that there is a newer version.
    pub(crate) async fn hears_of_a_new_version(&self) {
        self.wait_for("a new version is announced", async || {
            let said = self.text_at(NOTICE).await;
            said.contains("new version").then_some(()).ok_or(said)
        })
        .await;
    }

    pub(crate) async fn has_a_notice_of_a_new_version(&self) -> bool {
        self.has(NOTICE).await
    }

    /// Follows the notice.
    pub(crate) async fn takes_the_new_version(&self) {
        self.browser.run("window.isOld = true;", []).await;
        self.click_words(NOTICE, "Reload").await;
        self.is_reloaded().await;
    }

    /// Of which builds the page and what it loads are: nothing for the first.
    pub(crate) async fn builds(&self) -> [String; 3] {
        let script = r#"
            const told = async (file) => {
                const text = await (await fetch(`${file}?now`)).text();
                return /\n\/\/ (.*)$/.exec(text)?.[1] ?? "";
            };
            return (async (files) => [
                document.querySelector("meta[name=build]")?.content ?? "",
                ...await Promise.all(files.map(told)),
            ])(arguments[0]);
        "#;
        let builds = self.browser.run(script, [json!([EDITOR, ARCHIVE])]).await;
        serde_json::from_value(builds).expect("there are three")
    }

    /// Looks for a newer version, and returns what became of it.
    pub(crate) async fn looks_for_a_new_version(&self) -> Value {
        let script = r#"
            return (async () => {
                const registration = await navigator.serviceWorker.ready;
                return new Promise((done) => {
                    registration.addEventListener("updatefound", () => {
                        const found = registration.installing;
                        found.addEventListener("statechange", () => {
                            if (["activated", "redundant"].includes(found.state)) done(found.state);
                        });
                    });
                    registration.update();
                });
            })();
        "#;
        self.browser.run(script, []).await
    }

    /// What keeps the browser from installing it as an app.
    pub(crate) async fn cannot_be_installed_because(&self) -> Value {
        let found = self
            .browser
            .devtools("Page.getInstallabilityErrors", json!({}));
        found.await["installabilityErrors"].clone()
    }
}
