//! Going through time.

use thirtyfour::Key;

use crate::browser::visit::{roll_out, visit};

#[test]
fn the_arrow_keys_step_but_not_while_one_types() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.apply().await;
        let applied = page
            .see_that("it is applied", |view| view.position > 0)
            .await;
        page.press_arrow_right().await;
        let next = applied.position + 1;
        let stepped = page
            .see_that("a step is taken", |view| view.position == next)
            .await;
        page.press_arrow_left().await;
        let back = page
            .see_that("it is undone", |view| view.position < next)
            .await;
        assert_eq!(back, applied);
        page.press_arrow_right().await;
        page.see_that("it is taken again", |view| *view == stepped)
            .await;

        page.focus_editor().await;
        page.press_arrow_left().await;
        page.press_arrow_right().await;
        page.press_arrow_right().await;
        assert_eq!(page.view().await, stepped, "the arrows are the editor's");
    });
}

#[test]
fn the_scrubber_goes_to_any_step() {
    visit(async |page| {
        let settled = roll_out(page).await;
        page.scrub_to_the_start().await;
        let start = page
            .see_that("the start is reached", |view| view.position == 0)
            .await;
        assert_eq!(start.pods, []);
        page.scrub_to_the_end().await;
        let end = page
            .see_that("the end is reached", |view| {
                view.position == settled.position
            })
            .await;
        assert_eq!(end.pods, settled.pods);
        assert_eq!(end.reason, settled.reason);
    });
}

#[test]
fn play_goes_on_by_itself_until_it_is_stopped() {
    visit(async |page| {
        page.apply().await;
        page.play().await;
        page.see_that("three steps are taken", |view| view.position >= 4)
            .await;
        page.play().await;
        let stopped = page.view().await;
        assert_eq!(page.step_forward().await.position, stopped.position + 1);
    });
}

#[test]
fn every_way_through_time_has_a_key() {
    visit(async |page| {
        page.apply().await;
        page.see_that("it is applied", |view| view.position == 1)
            .await;
        page.leaves_the_field().await;
        page.press(".").await;
        let decided = page
            .see_that("a pod was created", |view| !view.pods.is_empty())
            .await;
        assert!(decided.reason.contains("created pod"), "{decided:#?}");
        page.run_until_the_next_decision().await;
        let next = page
            .see_that("another pod was created", |view| view.pods.len() == 2)
            .await;
        assert!(next.position > decided.position);

        page.press("s").await;
        let settled = page
            .see_that("every node runs revision 1", |view| view.every_node_runs(1))
            .await;
        page.is_at_rest().await;
        page.press(Key::Home).await;
        page.see_that("the start", |view| view.position == 0).await;
        page.press(Key::End).await;
        page.see_that("the end", |view| view.position >= settled.position)
            .await;

        page.press(Key::Home).await;
        page.leaves_the_field().await;
        page.press(" ").await;
        page.see_that("it plays", |view| view.position >= 2).await;
        assert!(page.goes_on().await);
        page.press(" ").await;
        page.is_at_rest().await;

        page.press("?").await;
        let keys = page.dialog_says("until the next decision").await;
        for what in [
            "play, pause",
            "a step forward",
            "settle",
            "apply",
            "complete",
        ] {
            assert!(keys.contains(what), "no {what:?}: {keys}");
        }
        page.press(Key::Escape).await;
        page.dialog_closes().await;
    });
}

#[test]
fn who_acts_in_the_past_makes_another_course_and_can_go_back() {
    visit(async |page| {
        let settled = roll_out(page).await;
        let before = page.state().await;
        page.seek(5).await;
        page.cordon("worker-1").await;
        page.see_that("worker-1 is cordoned", |view| {
            view.status_of("worker-1").contains("SchedulingDisabled")
        })
        .await;
        page.sees_other_courses(1).await;
        page.of_the_other_course("Go there").await;
        page.see_that("worker-1 was never cordoned", |view| {
            view.status_of("worker-1") == "Ready"
        })
        .await;
        page.scrub_to_the_end().await;
        page.see_that("the end of the first course", |view| {
            view.position == settled.position
        })
        .await;
        assert_eq!(page.state().await, before, "the first course has changed");

        page.sees_other_courses(1).await;
        page.of_the_other_course("Drop").await;
        page.sees_other_courses(0).await;
    });
}

#[test]
fn a_click_on_the_chart_leads_to_its_step() {
    visit(async |page| {
        let settled = roll_out(page).await;
        page.click_on_the_chart(25).await;
        let early = page
            .see_that("an early step", |view| view.position < settled.position / 2)
            .await;
        assert!(early.position > 0, "{early:#?}");
        page.click_on_the_chart(75).await;
        page.see_that("a late step", |view| view.position > settled.position / 2)
            .await;
        page.status_says("up to date").await;
    });
}

#[test]
fn the_speed_goes_round() {
    visit(async |page| {
        let round = [
            page.next_speed().await,
            page.next_speed().await,
            page.next_speed().await,
            page.next_speed().await,
        ];
        assert_eq!(round, ["2×", "4×", "½×", "1×"]);
    });
}

#[test]
fn who_does_not_look_misses_nothing() {
    visit(async |page| {
        page.apply().await;
        page.turns_away().await;
        page.play().await;
        page.has_waited_for_a_look().await;
        assert_eq!(page.view().await.position, 1);
        assert!(page.goes_on().await, "it waits, and is not stopped");
        page.looks_again().await;
        page.see_that("it plays", |view| view.position > 1).await;
    });
}
