//! The page as its user sees it: what can be done there, and what is to be
//! seen. The only file that knows the page's `data-testid`s.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::{By, Key, WebElement};
use tokio::time::{Instant, interval};

use super::{
    driver::Browser,
    server::{EDITOR_FILE, Editor, Site},
};

/// How long is waited for what the page does at once on a quick machine.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(20);

pub(crate) struct Page {
    browser: Browser,
    site: Site,
}

/// What is to be seen at one moment.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View {
    /// The sentence of the current step.
    pub(crate) reason: String,
    pub(crate) problems: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) counters: BTreeMap<String, u32>,
    /// How many steps have been taken, as the scrubber has it.
    pub(crate) position: u32,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) status: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Pod {
    pub(crate) name: String,
    pub(crate) node: String,
    pub(crate) status: String,
    pub(crate) revision: u32,
}

impl View {
    /// The status of a node that is there.
    pub(crate) fn status_of(&self, node: &str) -> &str {
        let node = self.nodes.iter().find(|found| found.name == node);
        &node.expect("the node is there").status
    }

    pub(crate) fn has_node(&self, node: &str) -> bool {
        self.nodes.iter().any(|found| found.name == node)
    }

    pub(crate) fn pods_on(&self, node: &str) -> Vec<&Pod> {
        self.pods.iter().filter(|pod| pod.node == node).collect()
    }

    /// Whether each node has one pod, and each of those runs with this revision.
    pub(crate) fn every_node_runs(&self, revision: u32) -> bool {
        self.pods.len() == self.nodes.len()
            && self
                .nodes
                .iter()
                .all(|node| self.pods_on(&node.name).len() == 1)
            && self
                .pods
                .iter()
                .all(|pod| pod.runs() && pod.revision == revision)
    }

    #[track_caller]
    pub(crate) fn counter(&self, name: &str) -> u32 {
        let counter = self.counters.get(name);
        *counter.unwrap_or_else(|| panic!("there is no counter {name}: {:?}", self.counters))
    }
}

impl Pod {
    pub(crate) fn runs(&self) -> bool {
        self.status == "Running"
    }
}

/// How the page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) scheme: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Default for Look {
    fn default() -> Look {
        Look {
            scheme: "light",
            width: 1280,
            height: 800,
        }
    }
}

const READ: &str = r#"
    const all = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)];
    const text = (id) => all(id).map((it) => it.innerText.replace(/\s+/g, " ").trim()).join(" ");
    return {
        reason: text("reason"),
        problems: text("problems"),
        nodes: all("node").map(({ dataset }) => ({ name: dataset.node, status: dataset.status })),
        pods: all("pod").map(({ dataset }) => ({
            name: dataset.pod,
            node: dataset.node ?? "",
            status: dataset.status,
            revision: Number(dataset.revision),
        })),
        counters: Object.fromEntries(
            all("status")
                .flatMap((status) => [...status.querySelectorAll("[data-counter]")])
                .map((it) => [it.dataset.counter, Number(it.textContent)]),
        ),
        position: Number(all("scrubber").map((it) => it.ariaValueNow ?? it.value)),
    };
"#;

/// The editor's content: CodeMirror's, or the plain text area's.
const EDITOR: &str = r#"
    const editor = document.querySelector('[data-testid="editor"]');
    const code = editor?.querySelector(".cm-content");
    const area = code ? null : editor?.querySelector("textarea");
    const setArea = (text) => {
        const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
        set.call(area, text);
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
"#;

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
    async fn wait_for<T>(&self, awaited: &str, probe: impl AsyncFn() -> Result<T, String>) -> T {
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

// The transport, the cluster, the theme.
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

    /// Ctrl+Enter with the cursor in the editor.
    pub(crate) async fn apply_from_the_editor(&self) {
        self.focus_editor().await;
        let keys = self.browser.session().action_chain();
        let keys = keys
            .key_down(Key::Control)
            .send_keys(Key::Enter)
            .key_up(Key::Control);
        keys.perform()
            .await
            .unwrap_or_else(|error| panic!("no key reaches the editor: {error}"));
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

    /// The next of automatic, light and dark; returns the page's background.
    pub(crate) async fn next_theme(&self) -> String {
        self.click("theme").await;
        self.background().await
    }

    pub(crate) async fn background(&self) -> String {
        let script = "return getComputedStyle(document.body).backgroundColor;";
        self.browser.run(script, []).await.to_string()
    }
}

// The editor.
impl Page {
    /// Waits until CodeMirror has taken the place of the text area.
    pub(crate) async fn editor_is_loaded(&self) {
        self.wait_for("the editor is loaded", async || {
            let script = format!("{EDITOR} return code !== null;");
            let is_loaded = self.browser.run(&script, []).await == true;
            is_loaded
                .then_some(())
                .ok_or_else(|| "no .cm-content in the editor".to_owned())
        })
        .await;
    }

    pub(crate) async fn editor_is_a_text_area(&self) {
        let script = format!("{EDITOR} return area !== null;");
        assert_eq!(
            self.browser.run(&script, []).await,
            true,
            "there is no text area"
        );
    }

    pub(crate) fn release_the_editor(&self) {
        self.site.release_the_editor();
    }

    /// Takes the place of all that is in the editor.
    pub(crate) async fn set_editor_text(&self, text: &str) {
        let script = format!(
            "{EDITOR}
            if (area) return setArea(arguments[0]);
            code.focus();
            document.execCommand('selectAll');
            document.execCommand('insertText', false, arguments[0]);"
        );
        self.browser.run(&script, [json!(text)]).await;
        for line in text.lines() {
            self.editor_shows(line).await;
        }
    }

    /// Selects `old`, which stands in one line, and types `new` over it.
    pub(crate) async fn replace_in_editor(&self, old: &str, new: &str) {
        let script = format!(
            "{EDITOR}
            const [old, fresh] = arguments;
            if (area) {{
                if (!area.value.includes(old)) return false;
                setArea(area.value.replace(old, fresh));
                return true;
            }}
            const lines = [...code.querySelectorAll('.cm-line')];
            const line = lines.find((line) => line.textContent.includes(old));
            if (line) {{
                const place = (offset) => {{
                    const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                    let text = texts.nextNode();
                    for (; offset > text.length; text = texts.nextNode()) offset -= text.length;
                    return [text, offset];
                }};
                const start = line.textContent.indexOf(old);
                code.focus();
                getSelection().setBaseAndExtent(...place(start), ...place(start + old.length));
                return document.execCommand('insertText', false, fresh);
            }}
            {SCROLL_ON}
            return false;"
        );
        self.wait_for(&format!("the editor holds {old:?}"), async || {
            let is_done = self.browser.run(&script, [json!(old), json!(new)]).await == true;
            if is_done {
                Ok(())
            } else {
                Err(self.editor_text().await)
            }
        })
        .await;
        for line in new.lines() {
            self.editor_shows(line).await;
        }
    }

    /// Waits until this part of a line is to be seen in the editor.
    pub(crate) async fn editor_shows(&self, part: &str) {
        let script = format!(
            "{EDITOR}
            if ((area ? area.value : code?.innerText ?? '').includes(arguments[0])) return true;
            if (code) {{ {SCROLL_ON} }}
            return false;"
        );
        self.wait_for(&format!("the editor shows {part:?}"), async || {
            let is_shown = self.browser.run(&script, [json!(part)]).await == true;
            if is_shown {
                Ok(())
            } else {
                Err(self.editor_text().await)
            }
        })
        .await;
    }

    /// What is in the text area, or in sight in CodeMirror.
    async fn editor_text(&self) -> String {
        let script = format!("{EDITOR} return area ? area.value : code?.innerText;");
        let text = self.browser.run(&script, []).await;
        text.as_str().unwrap_or("no editor at all").to_owned()
    }

    pub(crate) async fn focus_editor(&self) {
        let script = format!("{EDITOR} (code ?? area).focus();");
        self.browser.run(&script, []).await;
    }
}

/// CodeMirror has only those lines in the document that are in sight: brings
/// the next ones there, from the top again after the last.
const SCROLL_ON: &str = "
    const scroller = code.closest('.cm-scroller');
    const at = scroller.scrollTop;
    scroller.scrollTop = at + scroller.clientHeight;
    if (scroller.scrollTop === at) scroller.scrollTop = 0;
";

// How it looks and reads.
impl Page {
    pub(crate) async fn look(&self, look: Look) {
        let Look {
            scheme,
            width,
            height,
        } = look;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.browser
            .devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.browser
            .devtools("Emulation.setEmulatedMedia", media)
            .await;
    }

    /// Writes `NAME.png` where the pictures go.
    pub(crate) async fn take_picture(&self, name: &str) {
        let directory = env::var_os("SCREENSHOT_DIR").map(PathBuf::from);
        let directory = directory.expect("SCREENSHOT_DIR is set: run `cargo xtask test browser`");
        fs::create_dir_all(&directory).expect("the directory of the pictures can be made");
        let picture = directory.join(format!("{name}.png"));
        let taken = self.browser.session().screenshot(&picture).await;
        taken.unwrap_or_else(|error| panic!("no picture {}: {error}", picture.display()));
    }

    /// Nothing is wider than the window, the sentence and the transport are in
    /// view, what is to be pressed is large or far enough from others (WCAG
    /// 2.5.8), and what has the focus can be seen (2.4.11).
    pub(crate) async fn assert_fits(&self, look: Look) {
        let script = r#"
            const complaints = [];
            const { scrollWidth } = document.documentElement;
            if (scrollWidth > innerWidth) complaints.push(`${scrollWidth}px wide`);
            for (const id of ["reason", "step-back", "step-forward", "play", "settle"]) {
                const box = document.querySelector(`[data-testid="${id}"]`).getBoundingClientRect();
                const isInView = box.width > 0 && box.left >= 0 && box.right <= innerWidth
                    && box.top >= 0 && box.bottom <= innerHeight;
                if (!isInView) complaints.push(`${id} is not in view: ${JSON.stringify(box)}`);
            }
            const buttons = [...document.querySelectorAll("button")].map((button) => ({
                button,
                isInSentence: button.closest("p") !== null,
                box: button.getBoundingClientRect(),
            }));
            for (const { button, isInSentence, box } of buttons) {
                if (isInSentence || (box.width >= 24 && box.height >= 24)) continue;
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const isCrowded = buttons.some(({ button: other, box }) => {
                    const near = [Math.max(box.left, Math.min(x, box.right)), Math.max(box.top, Math.min(y, box.bottom))];
                    return other !== button && box.width > 0 && Math.hypot(near[0] - x, near[1] - y) < 12;
                });
                if (isCrowded) complaints.push(`hard to hit: ${button.outerHTML}`);
            }
            for (const { button } of buttons) {
                if (button.disabled || button.getClientRects().length === 0) continue;
                button.focus();
                const box = button.getBoundingClientRect();
                const onTop = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                if (!button.contains(onTop)) {
                    complaints.push(`out of sight when it has the focus: ${button.outerHTML}`);
                }
            }
            document.activeElement.blur();
            scrollTo(0, 0);
            return complaints;
        "#;
        let complaints = self.browser.run(script, []).await;
        assert_eq!(complaints, json!([]), "{look:?}");
    }

    /// What a screen reader needs before anything else.
    pub(crate) async fn assert_is_accessible(&self) {
        let script = r#"
            const sentence = document.querySelector('[data-testid="reason"]');
            const live = sentence.closest('[aria-live], [role="status"], [role="log"]');
            return {
                language: document.documentElement.lang !== "",
                title: document.title !== "",
                headings: document.querySelectorAll("h1").length,
                announced: live !== null && live.ariaLive !== "off",
            };
        "#;
        assert_eq!(
            self.browser.run(script, []).await,
            json!({ "language": true, "title": true, "headings": 1, "announced": true })
        );
        let tree = self
            .browser
            .devtools("Accessibility.getFullAXTree", json!({}))
            .await;
        let nodes = tree["nodes"].as_array().expect("the tree has nodes");
        let controls = nodes.iter().filter(|node| {
            const ROLES: [&str; 8] = [
                "button",
                "checkbox",
                "combobox",
                "link",
                "slider",
                "spinbutton",
                "tab",
                "textbox",
            ];
            let role = node["role"]["value"].as_str().unwrap_or_default();
            node["ignored"] == false && ROLES.contains(&role)
        });
        let nameless: Vec<&Value> = controls
            .clone()
            .filter(|node| node["name"]["value"].as_str().is_none_or(str::is_empty))
            .collect();
        assert!(
            nameless.is_empty(),
            "without an accessible name: {nameless:#?}"
        );
        let buttons: BTreeSet<&str> = controls
            .filter(|node| node["role"]["value"] == "button")
            .filter_map(|node| node["name"]["value"].as_str())
            .collect();
        assert!(
            buttons.len() > 4,
            "the buttons have the same names: {buttons:?}"
        );
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

    async fn click(&self, id: &str) {
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
