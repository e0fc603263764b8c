//! The page as its user meets it: opened, looked at, touched, closed. With the
//! files beside it that add to `Page` (a part of the page each) the only place
//! that knows the page's `data-testid`s.

use std::{path::PathBuf, time::Duration};

use serde_json::{Value, json};
use thirtyfour::{By, TypingData, WebElement};
use tokio::time::{Instant, interval};

use super::{
    driver::{Browser, Engine},
    server::{Host, MISSING_FILE, Site},
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
    /// A browser and a site, which is not opened yet.
    pub(crate) async fn closed(directory: PathBuf, host: Host) -> Page {
        let site = Site::serve(directory, host).await;
        let browser = Browser::start().await;
        Page { browser, site }
    }

    /// Opens the page afresh with this behind its address: `?lesson=surge`, `#1.abc`.
    pub(crate) async fn open_at(&self, rest: &str) {
        self.go_to(&format!("{}{rest}", self.site.url)).await;
        self.is_there().await;
    }

    /// Goes to an address, whether or not anything comes up there.
    pub(super) async fn go_to(&self, url: &str) {
        // From elsewhere: a new fragment alone would not load the page.
        for url in ["about:blank", url] {
            let loaded = self.browser.session().goto(url).await;
            loaded.unwrap_or_else(|error| panic!("{url} does not load: {error}"));
        }
    }

    pub(crate) async fn reload(&self) {
        // As its user does it: a driver's reload may go past a service worker.
        self.browser
            .run("window.isOld = true; location.reload();", [])
            .await;
        self.is_reloaded().await;
    }

    /// Waits until there is another page than the one that was marked as old.
    pub(super) async fn is_reloaded(&self) {
        self.wait_for("the page is reloaded", async || {
            let script = "return window.isOld !== true;";
            let is_new = self.browser.session().execute(script, []).await;
            // While it goes there may be none that could answer.
            let is_new = is_new.is_ok_and(|it| *it.json() == true);
            is_new.then_some(()).ok_or_else(|| "not yet".to_owned())
        })
        .await;
        self.is_there().await;
    }

    /// As if this browser had never been here.
    pub(crate) async fn forgets_everything(&self) {
        let script = "localStorage.clear(); sessionStorage.clear();";
        // What is about to be kept is kept before.
        self.open_at("?embed=1").await;
        self.browser.run(script, []).await;
    }

    /// Waits until something that has this in it is kept.
    pub(crate) async fn is_kept_in_this_browser(&self, part: &str) {
        let script = "return Object.values({ ...localStorage });";
        self.wait_for(&format!("{part} is kept"), async || {
            let kept = self.browser.run(script, []).await.to_string();
            kept.contains(part).then_some(()).ok_or(kept)
        })
        .await;
    }

    pub(super) async fn is_there(&self) {
        self.wait_for("the page is there", async || {
            let script = "return document.querySelector('.stage:not([aria-busy])') !== null;";
            let is_there = self.browser.run(script, []).await == true;
            is_there
                .then_some(())
                .ok_or_else(|| "only its frame".to_owned())
        })
        .await;
    }

    /// Lets the file that the host holds back go on its way.
    pub(crate) fn release(&self) {
        self.site.release();
    }

    /// Waits until the file that the host treats apart has been asked for.
    pub(crate) async fn has_asked(&self) {
        self.wait_for("the file is asked for", async || {
            let was_asked = self.site.was_asked().then_some(());
            was_asked.ok_or("not yet".to_owned())
        })
        .await;
    }

    /// Waits until it is said that a part of the page cannot be loaded.
    pub(crate) async fn says_that_a_part_is_missing(&self) {
        self.wait_for("what is missing is told", async || {
            let shown = self.text_at("#cut-off:not([hidden])").await;
            shown
                .contains("cannot be loaded")
                .then_some(())
                .ok_or(shown)
        })
        .await;
    }

    pub(crate) async fn tries_again(&self) {
        self.click_on("#cut-off-again").await;
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
        let is_page = |url: &String| match self.browser.engine {
            Engine::Chromium => *url == self.site.url,
            // Only the last document is known, which may be another one of the site.
            Engine::Firefox => url.starts_with(&self.site.url),
        };
        assert!(
            requests.iter().any(is_page),
            "not even the page was requested: {requests:#?}"
        );
        for url in requests {
            let is_ours = [self.site.url.as_str(), "data:", "blob:", "file:"];
            assert!(
                is_ours.iter().any(|start| url.starts_with(start)),
                "a request left {}: {url}",
                self.site.url
            );
        }
        let mut errors = self.browser.console_errors().await;
        // The browser itself reports what is not there.
        errors.retain(|error| !error.contains(MISSING_FILE));
        if let Host::Lacks(file) = self.site.host {
            errors.retain(|error| !error.contains(file));
        }
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}

// Eyes.
impl Page {
    /// The text of all that has this `data-testid`; empty if nothing has.
    pub(super) async fn text_of(&self, id: &str) -> String {
        self.text_at(&by_id(id)).await
    }

    pub(super) async fn text_at(&self, selector: &str) -> String {
        let script = r#"
            const said = (it) => it.matches("input, textarea, select") ? it.value : it.innerText;
            return [...document.querySelectorAll(arguments[0])]
                .map((it) => said(it).replace(/\u200b/g, "").replace(/[ \u00a0\n]+/g, " ").trim())
                .join("\n");
        "#;
        let text = self.browser.run(script, [json!(selector)]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the text of what has this `data-testid` is so, and returns it.
    pub(super) async fn read_until(
        &self,
        id: &str,
        awaited: &str,
        is_so: impl Fn(&str) -> bool,
    ) -> String {
        self.wait_for(&format!("{id} says {awaited}"), async || {
            let text = self.text_of(id).await;
            if is_so(&text) { Ok(text) } else { Err(text) }
        })
        .await
    }

    pub(super) async fn shows(&self, id: &str, part: &str) -> String {
        self.read_until(id, &format!("{part:?}"), |text| text.contains(part))
            .await
    }

    pub(super) async fn has(&self, selector: &str) -> bool {
        let script = "return document.querySelector(arguments[0]) !== null;";
        self.browser.run(script, [json!(selector)]).await == true
    }

    pub(crate) async fn has_id(&self, id: &str) -> bool {
        self.has(&by_id(id)).await
    }

    pub(super) async fn is_gone(&self, selector: &str) {
        self.wait_for(&format!("{selector} is gone"), async || {
            match self.has(selector).await {
                false => Ok(()),
                true => Err(self.text_at(selector).await),
            }
        })
        .await;
    }

    /// What the page tells its host, `window.playground.state()`.
    pub(crate) async fn state(&self) -> Value {
        self.call("state()").await
    }

    /// What `window.playground` answers to a call.
    pub(crate) async fn call(&self, call: &str) -> Value {
        let script = format!("return window.playground.{call};");
        self.browser.run(&script, []).await
    }
}

// Fingers.
impl Page {
    pub(super) async fn find(&self, selector: &str) -> WebElement {
        self.wait_for(&format!("{selector} is there"), async || {
            let found = self.browser.session().find(By::Css(selector)).await;
            found.map_err(|error| error.to_string())
        })
        .await
    }

    pub(super) async fn click(&self, id: &str) {
        self.click_on(&by_id(id)).await;
    }

    /// Waits until the button can be pressed, and presses it.
    pub(super) async fn click_on(&self, selector: &str) {
        self.wait_for(&format!("{selector} can be clicked"), async || {
            let button = self.find(selector).await;
            let is_disabled = button.attr("aria-disabled").await;
            if is_disabled.is_ok_and(|it| it.as_deref() == Some("true")) {
                return Err("it is disabled".to_owned());
            }
            match button.is_enabled().await {
                Ok(true) => button.click().await.map_err(|error| error.to_string()),
                Ok(false) => Err("it is disabled".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await;
    }

    /// Presses the button with these words in the first thing that matches.
    pub(super) async fn click_words(&self, scope: &str, words: &str) {
        self.wait_for(
            &format!("{words:?} in {scope} can be pressed"),
            async || {
                let all = self
                    .browser
                    .session()
                    .find_all(By::Css(format!("{scope} button")))
                    .await;
                let mut seen = Vec::new();
                for button in all.map_err(|error| error.to_string())? {
                    let text = button.text().await.map_err(|error| error.to_string())?;
                    if text.trim() == words {
                        return button.click().await.map_err(|error| error.to_string());
                    }
                    seen.push(text);
                }
                Err(format!("{seen:?}"))
            },
        )
        .await;
    }

    /// Types into a field in place of what is in it.
    pub(super) async fn fill(&self, id: &str, text: &str) {
        self.fill_at(&by_id(id), text).await;
    }

    pub(super) async fn fill_at(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        let filled = async {
            field.clear().await?;
            field.send_keys(text).await
        };
        let filled = filled.await;
        filled.unwrap_or_else(|error| panic!("cannot type into {selector}: {error}"));
    }

    /// Chooses from a list by its words.
    pub(super) async fn choose(&self, id: &str, words: &str) {
        let list = self.find(&by_id(id)).await;
        let option = format!("./option[normalize-space()='{words}']");
        let chosen = async { list.find(By::XPath(option)).await?.click().await };
        let chosen = chosen.await;
        chosen.unwrap_or_else(|error| panic!("cannot choose {words:?} in {id}: {error}"));
    }

    /// Types where something has this `data-testid`.
    pub(super) async fn press_in(&self, id: &str, keys: impl Into<TypingData>) {
        let element = self.find(&by_id(id)).await;
        let pressed = element.send_keys(keys).await;
        pressed.unwrap_or_else(|error| panic!("no key reaches {id}: {error}"));
    }

    /// Clicks so many CSS pixels, and so many percent of its width, from the corner of something.
    pub(super) async fn click_at(&self, selector: &str, (x, y): (i64, i64), percent: i64) {
        self.find(selector).await;
        let script = r#"
            const element = document.querySelector(arguments[0]);
            element.scrollIntoView({ block: "nearest" });
            const { left, top, width } = element.getBoundingClientRect();
            return [Math.round(left + width * arguments[1] / 100), Math.round(top)];
        "#;
        let from = [json!(selector), json!(percent)];
        let from = self.browser.run(script, from).await;
        let at = |axis: usize| from[axis].as_i64().expect("what is drawn has a place");
        let chain = self.browser.session().action_chain();
        let clicked = chain.move_to(at(0) + x, at(1) + y).click().perform().await;
        clicked.unwrap_or_else(|error| panic!("no click reaches {selector}: {error}"));
    }

    /// Puts the focus on something, as the Tab key does.
    pub(super) async fn focus_on(&self, selector: &str) {
        self.find(selector).await;
        let script = "document.querySelector(arguments[0]).focus();";
        self.browser.run(script, [json!(selector)]).await;
    }

    /// Waits until the focus is on something, or in it.
    pub(super) async fn focus_comes_to(&self, selector: &str) {
        let script = r#"
            const { activeElement } = document;
            return [activeElement.closest(arguments[0]) !== null, activeElement.outerHTML.slice(0, 300)];
        "#;
        self.wait_for(&format!("the focus is on {selector}"), async || {
            let seen = self.browser.run(script, [json!(selector)]).await;
            match seen[0] == true {
                true => Ok(()),
                false => Err(format!("it is on {}", seen[1])),
            }
        })
        .await;
    }

    /// Presses a key where the focus is.
    pub(crate) async fn press(&self, key: impl Into<TypingData>) {
        let keys = self.browser.session().action_chain().send_keys(key);
        let pressed = keys.perform().await;
        pressed.unwrap_or_else(|error| panic!("no key reaches the page: {error}"));
    }
}

pub(super) fn by_id(id: &str) -> String {
    format!(r#"[data-testid="{id}"]"#)
}
