//! The windows over the page, and what is said about the last action.

use serde_json::json;

use super::page::{Page, by_id};

impl Page {
    /// Opens a window by its button: `share`, `examples`, `keys`.
    pub(crate) async fn open_dialog(&self, button: &str) {
        self.click(button).await;
        self.find(&format!("{}[open]", by_id("dialog"))).await;
    }

    /// All that a window says.
    pub(crate) async fn dialog_says(&self, part: &str) -> String {
        self.shows("dialog", part).await
    }

    pub(crate) async fn close_dialog(&self) {
        self.click("dialog-close").await;
        self.dialog_closes().await;
    }

    pub(crate) async fn dialog_closes(&self) {
        self.is_gone(&by_id("dialog")).await;
    }

    /// Waits until this is said about the last action, where it can be seen and not under a window.
    pub(crate) async fn is_told(&self, part: &str) -> String {
        let told = self.shows("notice", part).await;
        let script = r#"
            const notice = document.querySelector(arguments[0]);
            const { x, y, width, height } = notice.getBoundingClientRect();
            // Clicks may go through it; it is to be seen all the same.
            notice.style.pointerEvents = "auto";
            const onTop = document.elementFromPoint(x + width / 2, y + height / 2);
            notice.style.pointerEvents = "";
            return notice.contains(onTop);
        "#;
        let is_in_sight = self.browser.run(script, [json!(by_id("notice"))]).await;
        assert_eq!(is_in_sight, true, "said where nobody sees it: {told}");
        told
    }

    pub(crate) async fn undo(&self) {
        self.click("undo").await;
    }

    /// `Start over`, and yes.
    pub(crate) async fn start_over(&self) {
        self.open_dialog("reset").await;
        self.click("start-over").await;
        self.dialog_closes().await;
    }

    /// Presses the button, whatever comes of it.
    pub(crate) async fn asks_to_share(&self) {
        self.click("share").await;
    }

    /// The link that the page gives away.
    pub(crate) async fn share_link(&self) -> String {
        self.open_dialog("share").await;
        let link = self
            .read_until("share-link", "a link", |text| !text.is_empty())
            .await;
        self.close_dialog().await;
        link
    }

    /// Pastes what kubectl gave.
    pub(crate) async fn import(&self, text: &str) {
        self.open_dialog("import").await;
        // Typed sign by sign a cluster would take minutes.
        let script = r#"
            const [area, text] = [document.querySelector(arguments[0]), arguments[1]];
            const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
            set.call(area, text);
            area.dispatchEvent(new InputEvent("input", { bubbles: true }));
        "#;
        self.browser
            .run(script, [json!(by_id("import-text")), json!(text)])
            .await;
        self.click("import-go").await;
        self.dialog_closes().await;
    }

    /// Opens the example with this name.
    pub(crate) async fn open_example(&self, title: &str) {
        self.open_dialog("examples").await;
        let script = r#"
            const all = [...document.querySelectorAll(arguments[0])];
            all.find((it) => it.innerText.startsWith(arguments[1])).click();
        "#;
        self.browser
            .run(script, [json!(by_id("example-open")), json!(title)])
            .await;
        self.dialog_closes().await;
    }

    /// No text of a stranger ran as a script, which would have set this variable, or was drawn.
    pub(crate) async fn assert_no_text_became_html(&self, variable: &str) {
        let script = r#"
            const drawn = document.querySelectorAll("img, svg[onload], a[href^=javascript]");
            return [window[arguments[0]] ?? null, [...drawn].map((it) => it.outerHTML)];
        "#;
        let seen = self.browser.run(script, [json!(variable)]).await;
        assert_eq!(seen, json!([null, []]));
    }
}
