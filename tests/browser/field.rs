//! Many nodes: the field of marks.

use thirtyfour::Key;

use super::page::{Page, by_id};

impl Page {
    pub(crate) async fn sees_the_field(&self) {
        self.find(&by_id("field")).await;
    }

    pub(crate) async fn find_nodes(&self, text: &str) {
        self.fill("find", text).await;
    }

    /// What the field says: found, groups, what is pointed at.
    pub(crate) async fn field_says(&self, part: &str) -> String {
        self.wait_for(&format!("the field says {part:?}"), async || {
            let text = self.text_at(".field").await;
            if text.contains(part) {
                Ok(text)
            } else {
                Err(text)
            }
        })
        .await
    }

    /// Chooses one of the nodes that were found.
    pub(crate) async fn choose_found(&self, node: &str) {
        self.click_words(".field__list", node).await;
    }

    pub(crate) async fn group_by(&self, label: &str) {
        self.choose("group-by", label).await;
    }

    /// Goes by the arrow keys, so many nodes on, and chooses the one there.
    pub(crate) async fn choose_by_keys(&self, right: usize) {
        let keys = vec![Key::Right.value(); right];
        let keys: String = keys.into_iter().chain([Key::Enter.value()]).collect();
        self.press_in("field", keys).await;
    }

    /// Clicks into the first group, so many CSS pixels from its corner.
    pub(crate) async fn click_into_the_field(&self, x: i64, y: i64) {
        self.click_at(&by_id("field"), (x, y), 0).await;
    }

    /// From now on the longest task of the page's thread is noted.
    pub(crate) async fn watch_for_long_tasks(&self) {
        let script = r#"
            window.longestTaskMs = 0;
            new PerformanceObserver((list) => {
                for (const { duration } of list.getEntries()) {
                    window.longestTaskMs = Math.max(window.longestTaskMs, duration);
                }
            }).observe({ type: "longtask" });
        "#;
        self.browser.run(script, []).await;
    }

    /// In milliseconds; 0 if none was longer than 50.
    pub(crate) async fn longest_task(&self) -> f64 {
        let longest = self.browser.run("return window.longestTaskMs;", []).await;
        longest.as_f64().expect("long tasks are watched for")
    }
}
