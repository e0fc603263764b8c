//! The transport: moving in time.

use thirtyfour::Key;

use super::{
    page::{Page, by_id},
    view::View,
};

impl Page {
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

    /// Takes a step at a time until it is so.
    pub(crate) async fn steps_until(&self, awaited: &str, is_so: impl Fn(&View) -> bool) -> View {
        /// Many more than a rollout on a handful of nodes takes.
        const STEPS_MAX: usize = 200;
        let mut view = self.view().await;
        for _ in 0..STEPS_MAX {
            if is_so(&view) {
                return view;
            }
            view = self.step_forward().await;
        }
        panic!("{awaited}: not after {STEPS_MAX} steps: {view:#?}");
    }

    /// Runs until nothing is left to do.
    pub(crate) async fn settle(&self) {
        self.click("settle").await;
    }

    /// Runs, and stops some frames later, as a person does who sees that it takes long.
    pub(crate) async fn settle_and_stop_soon(&self) {
        let script = r#"
            const click = (id) => document.querySelector(`[data-testid="${id}"]`).click();
            const frame = () => new Promise(requestAnimationFrame);
            return (async () => {
                click("settle");
                for (let i = 0; i < 5; i++) await frame();
                click("play");
            })();
        "#;
        self.browser.run(script, []).await;
    }

    /// Runs until nothing is left to do, and waits for that.
    pub(crate) async fn settle_to_the_end(&self) -> View {
        self.settle().await;
        self.is_at_rest().await;
        self.view().await
    }

    /// Waits until nothing goes on by itself.
    pub(crate) async fn is_at_rest(&self) {
        self.wait_for("it is at rest", async || {
            match (self.goes_on().await, self.text_of("time").await) {
                (false, _) => Ok(()),
                (true, time) => Err(time),
            }
        })
        .await;
    }

    /// Whether something goes on by itself.
    pub(crate) async fn goes_on(&self) -> bool {
        self.has(&format!("{}[aria-pressed=true]", by_id("play")))
            .await
    }

    /// Starts to play, or stops.
    pub(crate) async fn play(&self) {
        self.click("play").await;
    }

    pub(crate) async fn run_until_the_next_decision(&self) {
        self.click("until-decision").await;
    }

    /// Seeks by the page's own API, as a host page does.
    pub(crate) async fn seek(&self, step: u32) -> View {
        self.call(&format!("seek({step})")).await;
        self.see_that(&format!("step {step} is reached"), |view| {
            view.position == step
        })
        .await
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

    /// Waits until there are so many other courses of things.
    pub(crate) async fn sees_other_courses(&self, count: usize) {
        let script = "return document.querySelectorAll('[data-testid=branches] li').length;";
        self.wait_for(&format!("there are {count} other courses"), async || {
            let found = self.browser.run(script, []).await;
            if found == count {
                Ok(())
            } else {
                Err(found.to_string())
            }
        })
        .await;
    }

    /// `Go there` or `Drop` of the first other course.
    pub(crate) async fn of_the_other_course(&self, words: &str) {
        let list = by_id("branches");
        if !self.has(&format!("{list}[open]")).await {
            self.click_on(&format!("{list} summary")).await;
        }
        self.click_words(&list, words).await;
    }

    /// Clicks on the chart, so many percent of the way.
    pub(crate) async fn click_on_the_chart(&self, percent: i64) {
        let chart = format!("{} svg", by_id("chart"));
        self.click_at(&chart, (0, 20), percent).await;
    }

    /// The next speed of playing.
    pub(crate) async fn next_speed(&self) -> String {
        let before = self.text_of("speed").await;
        self.click("speed").await;
        self.read_until("speed", "another speed", |text| text != before)
            .await
    }

    /// Goes to another tab, as far as the page can tell; it is counted how often it asks.
    pub(crate) async fn turns_away(&self) {
        let script = r#"
            window.looks = 0;
            Object.defineProperty(document, "hidden", {
                configurable: true, get: () => { window.looks += 1; return true; },
            });
            Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
            document.dispatchEvent(new Event("visibilitychange"));
        "#;
        self.browser.run(script, []).await;
    }

    /// Waits until the page would have taken some steps, had it been looked at.
    pub(crate) async fn has_waited_for_a_look(&self) {
        self.wait_for("the page asks whether it is seen", async || {
            let looks = self.browser.run("return window.looks;", []).await;
            match looks.as_u64() {
                Some(3..) => Ok(()),
                _ => Err(looks.to_string()),
            }
        })
        .await;
    }

    pub(crate) async fn looks_again(&self) {
        let script = r#"
            delete document.hidden;
            delete document.visibilityState;
            document.dispatchEvent(new Event("visibilitychange"));
        "#;
        self.browser.run(script, []).await;
    }

    /// Takes the focus away from buttons and fields.
    pub(crate) async fn leaves_the_field(&self) {
        let script = "document.activeElement.blur();";
        self.browser.run(script, []).await;
    }
}
