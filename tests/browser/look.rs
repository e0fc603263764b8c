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
