//! How the page begins, what it says when it cannot, and when it ends.

use std::path::Path;

use serde_json::json;

use super::page::Page;

impl Page {
    /// As in a browser without WebAssembly.
    pub(crate) async fn has_no_wasm(&self) {
        let script = json!({ "source": "delete globalThis.WebAssembly;" });
        self.browser
            .devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .await;
    }

    /// As if something held back what has such an address.
    pub(crate) async fn is_held_back(&self, pattern: &str) {
        self.browser.devtools("Network.enable", json!({})).await;
        let blocked = json!({ "urls": [pattern] });
        self.browser
            .devtools("Network.setBlockedURLs", blocked)
            .await;
    }

    /// Has the program panic with the next thing that is drawn: as if it had a bug.
    pub(crate) async fn has_a_bug(&self) {
        let script = r#"
            const makers = [[Document.prototype, "createElement"], [Node.prototype, "cloneNode"]];
            const made = makers.map(([kind, name]) => kind[name]);
            for (const [kind, name] of makers) {
                kind[name] = () => {
                    makers.forEach(([kind, name], at) => (kind[name] = made[at]));
                    throw new Error("a bug");
                };
            }
        "#;
        let evaluate = json!({ "expression": script });
        self.browser.devtools("Runtime.evaluate", evaluate).await;
    }

    /// Waits until it is said that the program has ended, and returns that.
    pub(crate) async fn says_that_it_has_stopped(&self) -> String {
        self.wait_for("it is said that the page has stopped", async || {
            let said = self.text_at("#broken:not([hidden])").await;
            let is_said = said.contains("this is a bug").then(|| said.clone());
            is_said.ok_or(said)
        })
        .await
    }

    /// Begins again with what it had.
    pub(crate) async fn reloads_after_a_bug(&self) {
        self.browser.run("window.isOld = true;", []).await;
        self.click_on("#broken-reload").await;
        self.is_reloaded().await;
    }

    /// Opens the page, which does not come up, and returns what it says about that.
    pub(crate) async fn is_stuck(&self) -> String {
        self.go_to(&self.site.url).await;
        self.says_why_it_is_stuck().await
    }

    pub(crate) async fn says_why_it_is_stuck(&self) -> String {
        self.wait_for("it is said why it does not start", async || {
            let said = self.text_at("#cannot-start:not([hidden])").await;
            match said.is_empty() {
                true => Err("nothing".to_owned()),
                false => Ok(said),
            }
        })
        .await
    }

    /// Opens a file of the disk, with this behind its address.
    pub(crate) async fn open_from_disk(&self, file: &Path, rest: &str) {
        self.go_to_disk(file, rest).await;
        self.is_there().await;
    }

    pub(crate) async fn go_to_disk(&self, file: &Path, rest: &str) {
        self.go_to(&format!("file://{}{rest}", file.display()))
            .await;
    }

    /// Follows the link to the page that opens from a disk.
    pub(crate) async fn goes_to_the_one_file(&self) {
        self.click_on("#cannot-start a").await;
        self.is_there().await;
    }

    /// Not even a warning.
    pub(crate) async fn assert_nothing_is_said_on_the_console(&self) {
        let said = self.browser.console().await;
        assert!(said.is_empty(), "on the console: {said:#?}");
    }

    /// The console is clean.
    pub(crate) async fn assert_nothing_went_wrong(&self) {
        let errors = self.browser.console_errors().await;
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}
