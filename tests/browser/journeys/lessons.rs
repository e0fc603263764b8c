//! Newcomers: what the page tells them first, and the lessons.

use thirtyfour::Key;

use crate::browser::{look::Look, view::View, visit::visit};

#[test]
fn a_newcomer_is_welcomed_and_walks_the_first_lesson_to_its_end() {
    visit(async |page| {
        let welcome = page.reads_the_welcome().await;
        assert!(
            welcome.contains("one copy of a pod on every node"),
            "{welcome}"
        );
        page.starts_the_first_lesson().await;
        let first = page
            .read_that("a lesson is there", |it| !it.said.is_empty())
            .await;
        assert_eq!(first.title, "One pod on every node");

        let read = page.reads_to_the_end(&["7", "1"]).await;
        let verdicts: Vec<&str> = read
            .iter()
            .map(|it| &*it.verdict)
            .filter(|it| !it.is_empty())
            .collect();
        let [wrong, right] = verdicts[..] else {
            panic!("two predictions are asked for: {read:#?}");
        };
        assert!(
            wrong.contains("Not quite: you said 7, and it is 3."),
            "{wrong}"
        );
        assert!(wrong.contains("there are three nodes"), "no why: {wrong}");
        assert!(right.contains("Right: 1."), "{right}");
        assert!(
            read.iter()
                .zip(&read[1..])
                .all(|(one, next)| one.said != next.said),
            "a page twice: {read:#?}"
        );
        let end = page.view().await;
        assert_eq!(end.nodes.len(), 3);
        assert!(end.every_node_runs(1), "{end:#?}");
        for line in ["apply -f fluentd.yaml", "get ds", "delete pods"] {
            page.console_holds(&format!("$ kubectl {line}")).await;
        }
    });
}

#[test]
fn a_newcomer_ends_having_seen_a_rolling_update() {
    visit(async |page| {
        page.reads_the_welcome().await;
        page.goes_to_the_lessons().await;
        page.opens_the_lesson("rolling-update").await;
        page.read_that("the lesson is there", |it| it.title == "Rolling update")
            .await;
        page.hurries().await;

        // Next: version 1.8.2 rolls out; then a prediction, which holds Next back.
        page.goes_on_reading().await;
        let asked = page.hurries().await;
        assert!(asked.asked.contains("replaced at a time"), "{asked:#?}");
        assert!(page.view().await.every_node_runs(1));
        page.predicts("1").await;

        // Next: the new image. Next again, and the old and the new are there together.
        page.goes_on_reading().await;
        let one_stops = page.hurries().await;
        assert!(one_stops.verdict.contains("Right: 1."), "{one_stops:#?}");
        page.goes_on_reading().await;
        let both = page
            .see_that("old and new pods run side by side", |view| {
                let runs = |revision| {
                    view.pods
                        .iter()
                        .any(|pod| pod.runs() && pod.revision == revision)
                };
                runs(1) && runs(2)
            })
            .await;
        assert!(n_without_a_running_pod(&both) <= 1, "{both:#?}");
        page.hurries().await;
        let done = page.view().await;
        assert!(done.every_node_runs(2), "{done:#?}");

        let read = page.reads_to_the_end(&["2"]).await;
        let end = read.last().expect("something was read");
        assert!(end.said.contains("rolled out node by node"), "{end:#?}");
        let end = page.view().await;
        assert!(end.every_node_runs(3), "{end:#?}");
    });
}

fn n_without_a_running_pod(view: &View) -> usize {
    let without = view
        .nodes
        .iter()
        .filter(|node| !view.pods_on(&node.name).iter().any(|pod| pod.runs()));
    without.count()
}

#[test]
fn a_lesson_can_be_left_and_taken_up_again() {
    visit(async |page| {
        page.open_at("?lesson=surge").await;
        let before = page
            .read_that("the lesson is there", |it| !it.said.is_empty())
            .await;
        page.leaves_the_lesson().await;
        page.add_a_node().await;
        page.see_that("a node joins", |view| view.has_node("worker-4"))
            .await;
        page.takes_up_the_lesson_again().await;
        let after = page
            .read_that("the lesson is there", |it| !it.said.is_empty())
            .await;
        assert_eq!(after.page, before.page);

        // Another lesson takes its place; what was done can be had back.
        page.open_dialog("lessons").await;
        page.opens_the_lesson("the-selector").await;
        page.read_that("another lesson", |it| it.title != before.title)
            .await;
        page.is_told("had back").await;
        page.undo().await;
        page.read_that("the first again", |it| it.title == before.title)
            .await;
    });
}

#[test]
fn the_keyboard_goes_on_where_the_lesson_does() {
    visit(async |page| {
        page.open_at("?lesson=rolling-update").await;
        page.goes_on_by_key().await;
        page.press("s").await;
        page.answer_has_the_focus().await;
        page.press(format!("1{}", Key::Enter.value())).await;
        page.next_has_the_focus().await;
        let asked = page.reading().await.page;
        page.press(Key::Enter).await;
        page.press("s").await;
        let after = page
            .read_that("the verdict", |it| !it.verdict.is_empty())
            .await;
        assert_ne!(after.page, asked);
        page.next_has_the_focus().await;
    });
}

#[test]
fn the_lesson_and_the_cluster_are_seen_together() {
    visit(async |page| {
        page.open_at("?lesson=rolling-update").await;
        page.goes_on_reading().await;
        let asked = page.hurries().await;
        assert!(!asked.asked.is_empty(), "{asked:#?}");
        for (width, height) in [
            (360, 740),
            (390, 844),
            (768, 1024),
            (1024, 768),
            (1280, 720),
            (1920, 1080),
        ] {
            let look = Look {
                width,
                height,
                ..Look::default()
            };
            page.look(look).await;
            page.take_picture(&format!("lesson-asks-light-{width}"))
                .await;
            for id in ["lesson-said", "ask-answer", "ask-submit", "lesson-next"] {
                page.assert_in_sight(id, 1).await;
            }
            page.assert_in_sight("step-forward", 1).await;
            page.assert_in_sight("pod", 2).await;
        }
    });
}
