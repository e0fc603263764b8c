//! The console.

use thirtyfour::Key;

use super::page::{Page, by_id};

impl Page {
    /// Says a line to the cluster, without `kubectl`.
    pub(crate) async fn say(&self, line: &str) {
        self.press_in("console-input", format!("{line}{}", Key::Enter.value()))
            .await;
    }

    /// Says a line, and waits for this in the answer to it.
    pub(crate) async fn say_and_see(&self, line: &str, part: &str) -> String {
        self.say(line).await;
        self.answers(&format!("$ kubectl {line}"), part).await
    }

    /// Waits until the last that was said is this line with this in its answer; returns the answer.
    pub(crate) async fn answers(&self, line: &str, part: &str) -> String {
        let script = r#"
            const said = [...document.querySelectorAll(".said")].at(-1);
            const text = (it) => it?.innerText ?? "";
            return [text(said?.querySelector(".said__line")), text(said?.querySelector("pre"))];
        "#;
        self.wait_for(&format!("{line:?} is answered with {part:?}"), async || {
            let said = self.browser.run(script, []).await;
            let (found, answer) = (said[0].as_str(), said[1].as_str().unwrap_or_default());
            if found == Some(line) && answer.contains(part) {
                Ok(answer.to_owned())
            } else {
                Err(format!("{said:#}"))
            }
        })
        .await
    }

    /// Presses a key in the console's line, and waits until this stands there.
    pub(crate) async fn line_becomes(&self, keys: &str, line: &str) {
        self.press_in("console-input", keys).await;
        self.read_until("console-input", &format!("{line:?}"), |text| text == line)
            .await;
    }

    /// Types the beginning of a line and lets it be completed.
    pub(crate) async fn begins_a_line(&self, text: &str) {
        self.press_in("console-input", format!("{text}{}", Key::Tab.value()))
            .await;
    }

    pub(crate) async fn console_offers(&self, choice: &str) {
        self.wait_for(&format!("the console offers {choice}"), async || {
            let text = self.text_at(".console__choices").await;
            if text.contains(choice) {
                Ok(())
            } else {
                Err(text)
            }
        })
        .await;
    }

    /// Waits until this was said at some time.
    pub(crate) async fn console_holds(&self, line: &str) {
        self.shows("console-output", line).await;
    }

    /// Whether the last answer is wider than its box, can be scrolled to its end with the keyboard,
    /// and does not make anything else wider.
    pub(crate) async fn answer_scrolls_sideways(&self) -> bool {
        let script = r#"
            const answer = [...document.querySelectorAll(".said pre")].at(-1);
            const output = answer.closest(".console__output");
            answer.scrollLeft = answer.scrollWidth;
            return answer.tabIndex === 0 && answer.scrollLeft > 0
                && answer.scrollLeft + answer.clientWidth >= answer.scrollWidth - 1
                && output.scrollWidth <= output.clientWidth;
        "#;
        self.browser.run(script, []).await == true
    }

    pub(crate) async fn console_is_empty(&self) {
        self.is_gone(".said").await;
    }

    /// Clicks on the line that was said last: to its step.
    pub(crate) async fn go_to_what_was_said(&self, line: &str) {
        let console = by_id("console-output");
        self.click_words(&console, line).await;
    }
}
