//! How the page looks, and how it reads to those who do not look.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use serde_json::{Value, json};

use super::page::Page;

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

    /// As a person sees it who has chosen few and strong colours.
    pub(crate) async fn force_colors(&self) {
        let media = json!({ "features": [
            { "name": "forced-colors", "value": "active" },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.browser
            .devtools("Emulation.setEmulatedMedia", media)
            .await;
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
        assert_eq!(self.what_does_not_fit().await, [""; 0], "{look:?}");
    }

    /// Of the above, what is not so.
    pub(crate) async fn what_does_not_fit(&self) -> Vec<String> {
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
            // Clicks may go through a notice; what it covers is not to be seen all the same.
            const notice = document.querySelector('[data-testid="notice"]');
            notice?.style.setProperty("pointer-events", "auto");
            const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
            const isInSight = (button, box) => button.contains(document.elementFromPoint(...middle(box)));
            const buttons = [...document.querySelectorAll("button")]
                // Not those in what is folded up.
                .filter((button) => button.checkVisibility({ contentVisibilityAuto: true }))
                .map((button) => ({
                    button,
                    isInSentence: button.closest("p") !== null,
                    box: button.getBoundingClientRect(),
                }));
            for (const { button, isInSentence, box } of buttons) {
                if (isInSentence || (box.width >= 24 && box.height >= 24) || !isInSight(button, box)) continue;
                const [x, y] = middle(box);
                const isCrowded = buttons.some(({ button: other, box }) => {
                    const near = [Math.max(box.left, Math.min(x, box.right)), Math.max(box.top, Math.min(y, box.bottom))];
                    return other !== button && isInSight(other, box) && Math.hypot(near[0] - x, near[1] - y) < 12;
                });
                if (isCrowded) complaints.push(`hard to hit: ${button.outerHTML}`);
            }
            for (const { button } of buttons) {
                if (button.disabled) continue;
                button.focus();
                if (!isInSight(button, button.getBoundingClientRect())) {
                    complaints.push(`out of sight when it has the focus: ${button.outerHTML}`);
                }
            }
            document.activeElement.blur();
            notice?.style.removeProperty("pointer-events");
            scrollTo(0, 0);
            for (const it of document.querySelectorAll("*")) if (it.scrollTop > 0) it.scrollTop = 0;
            return complaints;
        "#;
        self.complaints(script).await
    }

    /// The first so many of what has this `data-testid` are in the window, and nothing lies over
    /// them.
    pub(crate) async fn assert_in_sight(&self, id: &str, count: usize) {
        let script = r#"
            return [...document.querySelectorAll(arguments[0])].slice(0, arguments[1]).map((it) => {
                const { left, right, top, bottom } = it.getBoundingClientRect();
                const onTop = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
                return it.contains(onTop) && top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
            });
        "#;
        let selector = super::page::by_id(id);
        let seen = self
            .browser
            .run(script, [json!(selector), json!(count)])
            .await;
        let size = self
            .browser
            .run("return `${innerWidth}x${innerHeight}`;", [])
            .await;
        assert_eq!(seen, json!(vec![true; count]), "{id} at {size}");
    }

    /// As it is on paper.
    pub(crate) async fn look_on_paper(&self) {
        let media = json!({ "media": "print" });
        self.browser
            .devtools("Emulation.setEmulatedMedia", media)
            .await;
    }

    /// Which of these can be seen, anywhere on the page or the paper.
    pub(crate) async fn visible(&self, ids: &[&str]) -> Vec<String> {
        let script = r#"
            return arguments[0].filter((id) => {
                const it = document.querySelector(`[data-testid="${id}"]`);
                const box = it?.getBoundingClientRect();
                return it?.checkVisibility({ opacityProperty: true }) && box.width > 0 && box.height > 0;
            });
        "#;
        let seen = self.browser.run(script, [json!(ids)]).await;
        serde_json::from_value(seen).expect("ids are texts")
    }

    async fn complaints(&self, script: &str) -> Vec<String> {
        let complaints = self.browser.run(script, []).await;
        serde_json::from_value(complaints).expect("complaints are texts")
    }

    /// A window over the page is not wider than it, can be closed, and its buttons are in sight
    /// when they have the focus: of that, what is not so.
    pub(crate) async fn what_does_not_fit_in_the_dialog(&self) -> Vec<String> {
        let script = r#"
            const complaints = [];
            const dialog = document.querySelector('[data-testid="dialog"]');
            const close = document.querySelector('[data-testid="dialog-close"]').getBoundingClientRect();
            for (const box of [dialog, ...dialog.querySelectorAll(".dialog__box, .dialog__box > *")]) {
                if (box.scrollWidth > Math.max(box.clientWidth, 1) + 1 && getComputedStyle(box).overflowX !== "auto") {
                    complaints.push(`wider than its box: ${box.outerHTML.slice(0, 200)}`);
                }
            }
            const { left, right, top, bottom } = dialog.getBoundingClientRect();
            if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) complaints.push("out of the window");
            if (close.top < 0 || close.bottom > innerHeight || close.right > innerWidth) complaints.push("cannot be closed");
            for (const button of dialog.querySelectorAll("button")) {
                button.focus();
                const box = button.getBoundingClientRect();
                const onTop = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                if (!button.disabled && !button.contains(onTop)) complaints.push(`out of sight when it has the focus: ${button.outerHTML}`);
            }
            return complaints;
        "#;
        self.complaints(script).await
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
