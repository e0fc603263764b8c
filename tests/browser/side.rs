//! What stands beside the cluster: reasons, events, history, YAML.

use super::page::{Page, by_id};

impl Page {
    /// Opens `why`, `events`, `history` or `yaml`.
    pub(crate) async fn open_side(&self, name: &str) {
        self.click(&format!("tab-{name}")).await;
    }

    /// Waits until the panel of the open tab says this; returns all that it says.
    pub(crate) async fn side_says(&self, part: &str) -> String {
        self.wait_for(&format!("the side says {part:?}"), async || {
            let text = self.text_at("[role=tabpanel]").await;
            if text.contains(part) {
                Ok(text)
            } else {
                Err(text)
            }
        })
        .await
    }

    pub(crate) async fn asks_why_it_is_quiet(&self) {
        self.click("quiet").await;
    }

    pub(crate) async fn runs_until_the_pod_is_ready(&self) {
        self.click("until-ready").await;
    }

    pub(crate) async fn comes_back_to_the_step(&self) {
        self.click("close-selection").await;
    }

    /// Follows the link with these words in the sentence of the current step.
    pub(crate) async fn follows_in_the_sentence(&self, words: &str) {
        self.click_words(&by_id("reason"), words).await;
    }

    /// Follows the first link of the open panel that leads to a step.
    pub(crate) async fn follows_to_a_step(&self) {
        self.click_on("[role=tabpanel] li button.link").await;
    }

    /// Follows the last line of a story to its step.
    pub(crate) async fn follows_to_a_step_of_the_story(&self) {
        self.click_on("[role=tabpanel] .why__lines li button.link")
            .await;
    }

    /// Follows the name of the DaemonSet in the status.
    pub(crate) async fn follows_the_daemon_set(&self, name: &str) {
        self.click_words(&by_id("status"), name).await;
    }

    pub(crate) async fn filter_events(&self, text: &str) {
        self.fill_at(&format!("{} input", by_id("events")), text)
            .await;
    }

    /// The rows of the events.
    pub(crate) async fn events(&self) -> Vec<String> {
        let rows = self.text_at(&format!("{} li", by_id("events"))).await;
        rows.lines().map(str::to_owned).collect()
    }

    /// Waits until each row that is left says this, and returns the rows.
    pub(crate) async fn sees_only_events_with(&self, part: &str) -> Vec<String> {
        self.wait_for(
            &format!("only events with {part:?} are shown"),
            async || {
                let rows = self.events().await;
                if rows.iter().all(|row| row.contains(part)) {
                    Ok(rows)
                } else {
                    Err(format!("{rows:#?}"))
                }
            },
        )
        .await
    }

    /// Opens what a revision differs in from the current one.
    pub(crate) async fn open_the_difference_of(&self, revision: u32) {
        let section = revision_section(revision);
        self.click_on(&format!("{section} summary")).await;
    }

    pub(crate) async fn undo_to(&self, revision: u32) {
        let section = revision_section(revision);
        self.click_on(&format!("{section} {}", by_id("revision-undo")))
            .await;
    }

    /// What the counters and the chart say.
    pub(crate) async fn status_says(&self, part: &str) -> String {
        self.shows("status", part).await
    }
}

fn revision_section(revision: u32) -> String {
    format!(r#"{}[data-revision="{revision}"]"#, by_id("revision"))
}
