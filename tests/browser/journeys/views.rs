//! Every view of the page, in both themes, wide and narrow: a picture, axe's rules, and whether
//! all of it can be seen and reached.

use crate::browser::{
    look::Look,
    nodes::Pool,
    page::Page,
    visit::{NEW_IMAGE, OLD_IMAGE, roll_out, visit},
};

/// What was found wrong so far: a journey goes through all its views before it fails.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    /// Looks at what is on the page now.
    async fn look_at(&mut self, page: &Page, view: &str) {
        for scheme in ["light", "dark"] {
            for (width, height) in [(1280, 800), (390, 844)] {
                let look = Look {
                    scheme,
                    width,
                    height,
                };
                page.look(look).await;
                let name = format!("{view}-{scheme}-{width}");
                page.take_picture(&name).await;
                let wrong = page.axe_findings().await;
                self.add(&name, wrong.iter().map(|it| format!("axe: {it:#}")));
                let wrong = if page.has_id("dialog").await {
                    page.what_does_not_fit_in_the_dialog().await
                } else {
                    page.what_does_not_fit().await
                };
                self.add(&name, wrong);
            }
        }
        page.look(Look::default()).await;
    }

    fn add(&mut self, name: &str, wrong: impl IntoIterator<Item = String>) {
        let wrong = wrong.into_iter();
        self.0.extend(wrong.map(|it| format!("{name}: {it}")));
    }

    #[track_caller]
    fn assert_none(&self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

#[test]
fn the_start_and_the_lessons() {
    visit(async |page| {
        let mut findings = Findings::default();
        page.editor_is_loaded().await;
        findings.look_at(page, "start").await;
        page.starts_the_first_lesson().await;
        page.read_that("the lesson is there", |it| !it.said.is_empty())
            .await;
        findings.look_at(page, "lesson").await;
        while page.reading().await.asked.is_empty() {
            page.goes_on_reading().await;
            page.hurries().await;
        }
        findings.look_at(page, "lesson-asks").await;
        page.predicts("4").await;
        page.goes_on_reading().await;
        page.hurries().await;
        findings.look_at(page, "lesson-verdict").await;
        page.goes_on_reading().await;
        page.read_that("it goes on", |it| it.goes_on).await;
        page.reads_to_the_end(&["1"]).await;
        findings.look_at(page, "lesson-end").await;
        findings.assert_none();
    });
}

#[test]
fn the_windows() {
    visit(async |page| {
        let mut findings = Findings::default();
        page.editor_is_loaded().await;
        roll_out(page).await;
        for button in [
            "lessons",
            "examples",
            "import",
            "share",
            "reset",
            "keys",
            "add-nodes",
            "faults",
            "node-taint",
            "node-label",
            "node-more",
        ] {
            page.open_dialog(button).await;
            findings.look_at(page, &format!("dialog-{button}")).await;
            page.close_dialog().await;
        }
        findings.assert_none();
    });
}

#[test]
fn the_rollout_and_what_stands_beside_it() {
    visit(async |page| {
        let mut findings = Findings::default();
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.open_changes().await;
        findings.look_at(page, "changes").await;
        page.apply().await;
        page.steps_until("a new pod is there", |view| {
            view.pods.iter().any(|pod| pod.revision == 2)
        })
        .await;
        findings.look_at(page, "rollout").await;
        for side in ["events", "history", "yaml"] {
            page.open_side(side).await;
            findings.look_at(page, side).await;
        }
        page.choose_node("worker-1").await;
        page.open_side("why").await;
        findings.look_at(page, "why-node").await;
        page.asks_why_it_is_quiet().await;
        findings.look_at(page, "why-waiting").await;
        findings.assert_none();
    });
}

#[test]
fn trouble_and_other_courses() {
    visit(async |page| {
        let mut findings = Findings::default();
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.seek(4).await;
        page.cordon("worker-1").await;
        page.switch_power_of("worker-2").await;
        page.do_more("worker-3", "Begin disk pressure").await;
        page.taint("control-plane", "dedicated", "gpu", "NoExecute")
            .await;
        page.let_the_image("crashes after each start").await;
        page.say("get nodez").await;
        page.settle_to_the_end().await;
        page.sees_other_courses(1).await;
        findings.look_at(page, "trouble").await;
        page.choose_pod_on("worker-2").await;
        findings.look_at(page, "why-pod").await;
        page.replace_in_editor("kind: DaemonSet", "kind: DemonSet")
            .await;
        page.apply().await;
        page.is_told("no matches for kind").await;
        findings.look_at(page, "problems").await;
        page.begins_a_line("get ").await;
        page.console_offers("nodes").await;
        findings.look_at(page, "completion").await;
        findings.assert_none();
    });
}

#[test]
fn the_field_and_the_embedded_page() {
    visit(async |page| {
        let mut findings = Findings::default();
        for (name, count) in [("east", "120"), ("west", "80")] {
            let labels = format!("zone={name}");
            let pool = Pool {
                name,
                count,
                labels: &labels,
                taints: "",
            };
            page.add_nodes(pool).await;
        }
        page.apply().await;
        page.settle_to_the_end().await;
        page.group_by("zone").await;
        page.find_nodes("east-11").await;
        page.choose_found("east-11").await;
        findings.look_at(page, "field").await;
        page.open_at("?embed=1&lesson=surge").await;
        findings.look_at(page, "embedded").await;
        findings.assert_none();
    });
}

#[test]
fn forced_colours_and_other_sizes() {
    visit(async |page| {
        let mut findings = Findings::default();
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        page.steps_until("a new pod is there", |view| {
            view.pods.iter().any(|pod| pod.revision == 2)
        })
        .await;
        page.force_colors().await;
        page.take_picture("rollout-forced-1280").await;
        for (width, height) in [(1440, 900), (768, 1024), (360, 740), (3840, 2160)] {
            let look = Look {
                width,
                height,
                ..Look::default()
            };
            page.look(look).await;
            let name = format!("rollout-light-{width}");
            page.take_picture(&name).await;
            findings.add(&name, page.what_does_not_fit().await);
        }
        findings.assert_none();
    });
}
