//! The page as its user meets it: what can be done there. With `view`, `editor`
//! and `look` the only place that knows the page's `data-testid`s.

use std::{env, path::PathBuf, time::Duration};

use thirtyfour::{By, Key, WebElement};
use tokio::time::{Instant, interval};

use super::{
    driver::Browser,
    server::{EDITOR_FILE, Editor, Site},
    view::{READ, View},
};

/// How long is waited for what the page does at once on a quick machine.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(20);

pub(crate) struct Page {
    pub(super) browser: Browser,
    pub(super) site: Site,
}

// The page opens, is looked at, and closes.
impl Page {
    /// Opens the site and waits until the cluster is there.
    pub(crate) async fn open(editor: Editor) -> Page {
        let directory = env::var_os("DIST_DIR").map(PathBuf::from);
        let directory = directory.expect("DIST_DIR is set: run `cargo xtask test browser`");
        let site = Site::serve(directory, editor).await;
        let browser = Browser::start().await;
        let page = Page { browser, site };
        page.load().await;
        page
    }

    async fn load(&self) {
        let url = self.site.url.as_str();
        let loaded = self.browser.session().goto(url).await;
        loaded.unwrap_or_else(|error| panic!("{url} does not load: {error}"));
        self.see_that("the cluster is there", |view| !view.nodes.is_empty())
            .await;
    }

    pub(crate) async fn reload(&self) {
        let reloaded = self.browser.session().refresh().await;
        reloaded.unwrap_or_else(|error| panic!("no reload: {error}"));
        self.see_that("the cluster is there", |view| !view.nodes.is_empty())
            .await;
    }

    pub(crate) async fn close(self) {
        self.browser.quit().await;
    }

    pub(crate) async fn view(&self) -> View {
        let seen = self.browser.run(READ, []).await;
        serde_json::from_value(seen.clone())
            .unwrap_or_else(|error| panic!("the page shows what it should not ({error}): {seen:#}"))
    }

    /// Waits until what is to be seen is as it should be, and returns it.
    pub(crate) async fn see_that(&self, awaited: &str, is_so: impl Fn(&View) -> bool) -> View {
        self.wait_for(awaited, async || {
            let view = self.view().await;
            if is_so(&view) {
                Ok(view)
            } else {
                Err(format!("{view:#?}"))
            }
        })
        .await
    }

    /// Probes until there is a result; an error says what was seen instead.
    pub(super) async fn wait_for<T>(
        &self,
        awaited: &str,
        probe: impl AsyncFn() -> Result<T, String>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut glances = interval(GLANCE);
        loop {
            glances.tick().await;
            match probe().await {
                Ok(result) => return result,
                Err(seen) if Instant::now() > deadline => {
                    panic!("after {PATIENCE:?} still waiting until {awaited}; seen last: {seen}")
                }
                Err(_) => {}
            }
        }
    }

    /// Every request so far was one to the site, and the console is clean.
    pub(crate) async fn assert_kept_to_itself(&self) {
        let requests = self.browser.requests().await;
        assert!(
            requests.contains(&self.site.url),
            "not even the page was requested: {requests:#?}"
        );
        for url in requests {
            let is_ours = [self.site.url.as_str(), "data:", "blob:"];
            assert!(
                is_ours.iter().any(|start| url.starts_with(start)),
                "a request left {}: {url}",
                self.site.url
            );
        }
        let mut errors = self.browser.console_errors().await;
        if self.site.editor == Editor::Missing {
            errors.retain(|error| !error.contains(EDITOR_FILE));
        }
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}

// The transport and the cluster.
impl Page {
    pub(crate) async fn apply(&self) {
        self.click("apply").await;
    }

    /// One step forward; returns what is then to be seen.
    pub(crate) async fn step_forward(&self) -> View {
        let before = self.view().await;
        self.click("step-forward").await;
        let awaited = format!("step {} is taken", before.position + 1);
        self.see_that(&awaited, |view| view.position == before.position + 1)
            .await
    }

    pub(crate) async fn step_back(&self) -> View {
        let before = self.view().await;
        self.click("step-back").await;
        let awaited = format!("step {} is undone", before.position);
        self.see_that(&awaited, |view| view.position + 1 == before.position)
            .await
    }

    /// Runs until nothing is left to do.
    pub(crate) async fn settle(&self) {
        self.click("settle").await;
    }

    /// Starts to play, or stops.
    pub(crate) async fn play(&self) {
        self.click("play").await;
    }

    pub(crate) async fn scrub_to_the_start(&self) {
        self.press_in("scrubber", Key::Home).await;
    }

    pub(crate) async fn scrub_to_the_end(&self) {
        self.press_in("scrubber", Key::End).await;
    }

    pub(crate) async fn press_arrow_right(&self) {
        self.press(Key::Right).await;
    }

    pub(crate) async fn press_arrow_left(&self) {
        self.press(Key::Left).await;
    }

    pub(crate) async fn add_a_node(&self) {
        self.click("add-node").await;
    }

    pub(crate) async fn switch_power_of(&self, node: &str) {
        self.click_on_node(node, "node-power").await;
    }

    /// Cordons, or uncordons.
    pub(crate) async fn cordon(&self, node: &str) {
        self.click_on_node(node, "node-cordon").await;
    }

    pub(crate) async fn delete_node(&self, node: &str) {
        self.click_on_node(node, "node-delete").await;
    }
}

// Fingers.
impl Page {
    async fn find(&self, selector: &str) -> WebElement {
        self.wait_for(&format!("{selector} is there"), async || {
            let found = self.browser.session().find(By::Css(selector)).await;
            found.map_err(|error| error.to_string())
        })
        .await
    }

    pub(super) async fn click(&self, id: &str) {
        self.click_on(&format!(r#"[data-testid="{id}"]"#)).await;
    }

    /// A card's buttons may show only under the pointer.
    async fn click_on_node(&self, node: &str, id: &str) {
        let card = format!(r#"[data-testid="node"][data-node="{node}"]"#);
        let element = self.find(&card).await;
        let pointed = self
            .browser
            .session()
            .action_chain()
            .move_to_element_center(&element);
        pointed
            .perform()
            .await
            .unwrap_or_else(|error| panic!("cannot point at {node}: {error}"));
        self.click_on(&format!(r#"{card} [data-testid="{id}"]"#))
            .await;
    }

    /// Waits until the button can be pressed, and presses it.
    async fn click_on(&self, selector: &str) {
        self.wait_for(&format!("{selector} can be clicked"), async || {
            let button = self.find(selector).await;
            match button.is_enabled().await {
                Ok(true) => button.click().await.map_err(|error| error.to_string()),
                Ok(false) => Err("it is disabled".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await;
    }

    async fn press_in(&self, id: &str, key: Key) {
        let element = self.find(&format!(r#"[data-testid="{id}"]"#)).await;
        let pressed = element.send_keys(key).await;
        pressed.unwrap_or_else(|error| panic!("no key reaches {id}: {error}"));
    }

    /// Presses a key where the focus is.
    async fn press(&self, key: Key) {
        let pressed = self
            .browser
            .session()
            .action_chain()
            .send_keys(key)
            .perform()
            .await;
        pressed.unwrap_or_else(|error| panic!("no key reaches the page: {error}"));
    }
}
