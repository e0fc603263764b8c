//! The lesson, as a reader walks it.

use serde::Deserialize;
use thirtyfour::Key;

use super::page::{Page, by_id};

/// What the lesson says now.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reading {
    pub(crate) title: String,
    /// `2 of 7`.
    pub(crate) page: String,
    pub(crate) said: String,
    /// A question that waits for an answer; empty if there is none.
    pub(crate) asked: String,
    /// What came of the last prediction.
    pub(crate) verdict: String,
    pub(crate) goes_on: bool,
    pub(crate) is_done: bool,
}

const READ: &str = r#"
    const find = (id) => document.querySelector(`[data-testid="${id}"]`);
    const text = (it) => it?.innerText.replace(/\s+/g, " ").trim() ?? "";
    const lesson = find("lesson");
    return {
        title: text(lesson?.querySelector("h2")),
        page: text(lesson?.querySelector(".lesson__count")),
        said: text(find("lesson-said")),
        asked: find("ask-answer") ? text(find("ask")) : "",
        verdict: text(find("ask-verdict")),
        goesOn: find("lesson-hurry") !== null,
        isDone: lesson !== null && find("lesson-next") === null,
    };
"#;

impl Page {
    pub(crate) async fn reading(&self) -> Reading {
        let seen = self.browser.run(READ, []).await;
        serde_json::from_value(seen.clone())
            .unwrap_or_else(|error| panic!("no lesson ({error}): {seen:#}"))
    }

    pub(crate) async fn read_that(
        &self,
        awaited: &str,
        is_so: impl Fn(&Reading) -> bool,
    ) -> Reading {
        self.wait_for(awaited, async || {
            let reading = self.reading().await;
            if is_so(&reading) {
                Ok(reading)
            } else {
                Err(format!("{reading:#?}"))
            }
        })
        .await
    }

    pub(crate) async fn reads_the_welcome(&self) -> String {
        self.read_until("welcome", "what this is", |text| !text.is_empty())
            .await
    }

    pub(crate) async fn starts_the_first_lesson(&self) {
        self.click("welcome-start").await;
    }

    /// From the welcome to the list, and there to a lesson.
    pub(crate) async fn goes_to_the_lessons(&self) {
        self.click_words(&by_id("welcome"), "All lessons").await;
    }

    pub(crate) async fn opens_the_lesson(&self, name: &str) {
        let item = format!(r#"{}[data-lesson="{name}"]"#, by_id("lesson-open"));
        self.click_on(&item).await;
        self.dialog_closes().await;
    }

    /// Predicts, and goes on only then.
    pub(crate) async fn predicts(&self, answer: &str) {
        self.find(&format!("{}[aria-disabled=true]", by_id("lesson-next")))
            .await;
        self.shows("lesson-why-not", "First say what you think")
            .await;
        self.fill("ask-answer", answer).await;
        self.click("ask-submit").await;
        self.shows("ask-given", answer).await;
    }

    /// Presses Next from the keyboard.
    pub(crate) async fn goes_on_by_key(&self) {
        self.focus_on(&by_id("lesson-next")).await;
        self.press(Key::Enter).await;
    }

    /// Waits until the keyboard would answer what is asked.
    pub(crate) async fn answer_has_the_focus(&self) {
        self.focus_comes_to(&by_id("ask-answer")).await;
    }

    /// Waits until the keyboard would go on to the next page.
    pub(crate) async fn next_has_the_focus(&self) {
        self.focus_comes_to(&by_id("lesson-next")).await;
    }

    /// Goes on to the next page. What it runs can be watched until it is there.
    pub(crate) async fn goes_on_reading(&self) {
        self.click("lesson-next").await;
    }

    /// Lets the lesson come to what it says next.
    pub(crate) async fn hurries(&self) -> Reading {
        let before = self.reading().await;
        if before.goes_on {
            self.click("lesson-hurry").await;
        }
        self.read_that("the lesson says what comes next", |it| !it.goes_on)
            .await
    }

    /// Reads on page by page, giving these answers in turn; returns what was read.
    pub(crate) async fn reads_to_the_end(&self, answers: &[&str]) -> Vec<Reading> {
        const PAGES_MAX: usize = 30;
        let mut answers = answers.iter();
        let mut read = vec![self.hurries().await];
        for _ in 0..PAGES_MAX {
            let now = read.last().expect("a page was read");
            if now.is_done {
                assert_eq!(answers.next(), None, "not all was asked: {read:#?}");
                return read;
            }
            if !now.asked.is_empty() {
                let answer = answers.next();
                let answer = answer.unwrap_or_else(|| panic!("asked once more: {now:#?}"));
                self.predicts(answer).await;
            }
            let page = now.page.clone();
            self.goes_on_reading().await;
            self.read_that("the lesson goes on", |it| {
                it.goes_on || it.is_done || it.page != page
            })
            .await;
            read.push(self.hurries().await);
        }
        panic!("no end after {PAGES_MAX} pages: {read:#?}");
    }

    pub(crate) async fn leaves_the_lesson(&self) {
        self.click("lesson-leave").await;
        self.is_gone(&by_id("lesson")).await;
    }

    pub(crate) async fn takes_up_the_lesson_again(&self) {
        self.click("lesson-resume").await;
    }
}
