//! Journeys through the page in a real browser, as its users take them:
//! `cargo xtask test browser` runs them on the last `dist/`.
//!
//! The page is served under a path of a host that has nothing else. Each
//! journey has a browser and a profile of its own, and ends with a look at
//! where its requests went and at the console.

mod browser {
    pub(crate) mod driver;
    pub(crate) mod editor;
    pub(crate) mod look;
    pub(crate) mod page;
    pub(crate) mod server;
    pub(crate) mod view;
}

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    thread,
};

use browser::{look::Look, page::Page, server::Editor, view::View};
use tokio::runtime::Runtime;

const WORKERS: [&str; 3] = ["worker-1", "worker-2", "worker-3"];
const OLD_IMAGE: &str = "node-exporter:v1.9.0";
const NEW_IMAGE: &str = "node-exporter:v1.9.1";

/// Many more than a rollout on a handful of nodes takes.
const STEPS_MAX: usize = 200;

/// Opens the page, goes the way, and sees whether the page kept to its host.
fn visit(journey: impl AsyncFnOnce(&Page)) {
    visit_with(Editor::Served, journey);
}

fn visit_with(editor: Editor, journey: impl AsyncFnOnce(&Page)) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let page = runtime.block_on(Page::open(editor));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            journey(&page).await;
            page.assert_kept_to_itself().await;
        });
    }));
    if outcome.is_err() {
        let name = thread::current().name().unwrap_or("journey").to_owned();
        runtime.block_on(page.take_picture(&format!("failed-{name}")));
    }
    runtime.block_on(page.close());
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Applies the manifest that a first visit finds, and lets it roll out.
async fn roll_out(page: &Page) -> View {
    page.apply().await;
    page.settle().await;
    page.see_that("every node runs revision 1", |view| view.every_node_runs(1))
        .await
}

#[test]
fn first_rollout() {
    visit(async |page| {
        let fresh = page.view().await;
        let names: Vec<&str> = fresh.nodes.iter().map(|node| &*node.name).collect();
        assert_eq!(names, ["control-plane", "worker-1", "worker-2", "worker-3"]);
        assert!(
            fresh.nodes.iter().all(|node| node.status == "Ready"),
            "{fresh:#?}"
        );
        assert_eq!(fresh.pods, []);
        page.editor_shows(OLD_IMAGE).await;

        page.apply().await;
        let mut way = vec![
            page.see_that("it is applied", |view| view.position > 0)
                .await,
        ];
        for _ in 0..8 {
            let before = way.last().expect("the way has begun");
            let now = page.step_forward().await;
            assert_ne!(now.reason, "", "step {} has no reason", now.position);
            assert_ne!(now.reason, before.reason, "two steps have the same reason");
            way.push(now);
        }
        assert!(
            way.iter().any(|view| !view.pods.is_empty()),
            "no pod in 8 steps: {way:#?}"
        );

        for earlier in way.iter().rev().skip(1) {
            assert_eq!(
                page.step_back().await,
                *earlier,
                "going back leads elsewhere"
            );
        }
        for later in &way[1..] {
            assert_eq!(
                page.step_forward().await,
                *later,
                "the same step again differs"
            );
        }

        page.settle().await;
        let settled = page
            .see_that("every node runs revision 1", |view| view.every_node_runs(1))
            .await;
        for counter in [
            "desiredNumberScheduled",
            "currentNumberScheduled",
            "numberReady",
            "numberAvailable",
        ] {
            assert_eq!(settled.counter(counter), 4, "{counter}");
        }
        assert_eq!(settled.counter("updatedNumberScheduled"), 4);
    });
}

#[test]
fn a_node_switched_off_is_noticed() {
    visit(async |page| {
        let before = roll_out(page).await;
        page.switch_power_of("worker-2").await;
        page.settle().await;
        let without = page
            .see_that("worker-2 is not ready", |view| {
                view.status_of("worker-2").starts_with("NotReady")
            })
            .await;
        assert_eq!(
            without.pods_on("worker-2").len(),
            1,
            "its pod waits for it: {without:#?}"
        );
        assert_eq!(
            without.pods_on("worker-2")[0].name,
            before.pods_on("worker-2")[0].name
        );
        assert_eq!(
            without.pods.len(),
            4,
            "nothing runs elsewhere instead: {without:#?}"
        );
        assert_eq!(without.counter("numberReady"), 3);

        page.switch_power_of("worker-2").await;
        page.settle().await;
        page.see_that("all is well again", |view| {
            view.status_of("worker-2") == "Ready"
                && view.every_node_runs(1)
                && view.counter("numberReady") == 4
        })
        .await;
    });
}

#[test]
fn a_new_image_rolls_out_node_by_node() {
    visit(async |page| {
        page.editor_is_loaded().await;
        let before = roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        assert_eq!(page.view().await.pods, before.pods, "editing must not act");

        page.apply().await;
        let mut view = page
            .see_that("the new image is applied", |view| {
                view.position > before.position
            })
            .await;
        for _ in 0..STEPS_MAX {
            if view.every_node_runs(2) {
                break;
            }
            view = page.step_forward().await;
            let out = view
                .nodes
                .iter()
                .filter(|node| !view.pods_on(&node.name).iter().any(|pod| pod.runs()));
            assert!(
                out.count() <= 1,
                "more than one node without a running pod: {view:#?}"
            );
        }
        assert!(
            view.every_node_runs(2),
            "not done after {STEPS_MAX} steps: {view:#?}"
        );

        page.settle().await;
        let settled = page
            .see_that("all four are counted", |view| {
                view.counter("numberAvailable") == 4
            })
            .await;
        assert!(settled.every_node_runs(2), "{settled:#?}");
        assert_eq!(settled.counter("updatedNumberScheduled"), 4);
        let is_kept = |name: &str| before.pods.iter().any(|pod| pod.name == name);
        assert!(
            !settled.pods.iter().any(|pod| is_kept(&pod.name)),
            "an old pod: {settled:#?}"
        );
    });
}

#[test]
fn nodes_come_and_go_and_are_cordoned() {
    visit(async |page| {
        let before = roll_out(page).await;

        page.cordon("worker-1").await;
        page.settle().await;
        let cordoned = page
            .see_that("worker-1 is cordoned", |view| {
                view.status_of("worker-1") == "Ready,SchedulingDisabled"
            })
            .await;
        assert_eq!(
            cordoned.pods, before.pods,
            "a daemon pod stays on a cordoned node"
        );
        page.cordon("worker-1").await;
        page.see_that("worker-1 is uncordoned", |view| {
            view.status_of("worker-1") == "Ready"
        })
        .await;

        page.delete_node("worker-3").await;
        page.settle().await;
        page.see_that("worker-3 and its pod are gone", |view| {
            !view.has_node("worker-3")
                && view.every_node_runs(1)
                && view.counter("desiredNumberScheduled") == 3
        })
        .await;

        page.add_a_node().await;
        page.add_a_node().await;
        page.settle().await;
        let grown = page
            .see_that("two new nodes run their pods", |view| {
                view.nodes.len() == 5 && view.every_node_runs(1) && view.counter("numberReady") == 5
            })
            .await;
        assert!(
            grown.nodes.iter().all(|node| node.status == "Ready"),
            "{grown:#?}"
        );
    });
}

#[test]
fn bad_yaml_is_told_with_its_place_and_keeps_the_text() {
    const NONSENSE: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: [unclosed\nspec: what: is: this\n";
    visit(async |page| {
        page.editor_is_loaded().await;
        let before = roll_out(page).await;
        assert_eq!(before.problems, "");

        page.set_editor_text(NONSENSE).await;
        page.apply().await;
        let refused = page
            .see_that("a problem is told", |view| !view.problems.is_empty())
            .await;
        assert_told(&refused, "Line 5, column 5");
        assert_eq!(refused.nodes, before.nodes);
        assert_eq!(refused.pods, before.pods);
        page.editor_shows("name: [unclosed").await;

        page.reload().await;
        page.editor_is_loaded().await;
        page.editor_shows("name: [unclosed").await;
        page.editor_shows("spec: what: is: this").await;
    });
}

#[test]
fn what_the_api_server_would_refuse_is_told_with_its_field() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.replace_in_editor("kind: DaemonSet", "kind: DemonSet")
            .await;
        page.apply().await;
        let refused = page
            .see_that("the kind is not known", |view| !view.problems.is_empty())
            .await;
        assert_told(&refused, "DemonSet");
        assert_told(&refused, "Line 2, column 7");
        assert_eq!(refused.pods, []);

        page.replace_in_editor("kind: DemonSet", "kind: DaemonSet")
            .await;
        page.see_that("the problem is gone", |view| view.problems.is_empty())
            .await;
        page.replace_in_editor("apps/v1", "apps/v1\nunheardOf: 1")
            .await;
        page.apply().await;
        let refused = page
            .see_that("the field is not known", |view| !view.problems.is_empty())
            .await;
        assert_told(&refused, "unheardOf");
        assert_told(&refused, "Line 2, column 1");
        assert_eq!(refused.pods, []);
    });
}

#[track_caller]
fn assert_told(view: &View, part: &str) {
    let problems = &view.problems;
    assert!(problems.contains(part), "no {part:?} in {problems:?}");
}

#[test]
fn the_text_is_there_again_after_a_reload() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.reload().await;
        page.editor_is_loaded().await;
        page.editor_shows(NEW_IMAGE).await;
    });
}

#[test]
fn the_page_is_usable_without_the_editor() {
    visit_with(Editor::Missing, async |page| {
        page.editor_is_a_text_area().await;
        page.editor_shows(OLD_IMAGE).await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        page.settle().await;
        page.see_that("every node runs revision 2", |view| view.every_node_runs(2))
            .await;
        page.reload().await;
        page.editor_is_a_text_area().await;
        page.editor_shows(NEW_IMAGE).await;
    });
}

#[test]
fn what_was_typed_before_the_editor_came_is_kept() {
    visit_with(Editor::Held, async |page| {
        page.editor_is_a_text_area().await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.release_the_editor();
        page.editor_is_loaded().await;
        page.editor_shows(NEW_IMAGE).await;
    });
}

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
fn the_editor_applies_with_control_and_enter() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.apply_from_the_editor().await;
        page.see_that("it is applied", |view| view.position > 0)
            .await;
        page.settle().await;
        page.see_that("every node runs revision 1", |view| view.every_node_runs(1))
            .await;
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
fn the_page_looks_and_reads_well_in_both_themes_and_sizes() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.assert_is_accessible().await;
        take_pictures(page, "fresh").await;

        page.look(Look::default()).await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        let mut view = page.view().await;
        for _ in 0..STEPS_MAX {
            if WORKERS
                .iter()
                .any(|node| view.pods_on(node).iter().any(|pod| pod.revision == 2))
            {
                break;
            }
            view = page.step_forward().await;
        }
        page.assert_is_accessible().await;
        take_pictures(page, "rollout").await;
    });
}

async fn take_pictures(page: &Page, state: &str) {
    for scheme in ["light", "dark"] {
        for (width, height) in [(1280, 800), (390, 844), (320, 640)] {
            let look = Look {
                scheme,
                width,
                height,
            };
            page.look(look).await;
            page.take_picture(&format!("{state}-{scheme}-{width}"))
                .await;
            page.assert_fits(look).await;
        }
    }
}

#[test]
fn the_theme_is_the_systems_until_one_is_chosen() {
    visit(async |page| {
        page.look(Look {
            scheme: "dark",
            ..Look::default()
        })
        .await;
        let dark = page.background().await;
        page.look(Look::default()).await;
        let light = page.background().await;
        assert_ne!(dark, light);
        let round = [
            page.next_theme().await,
            page.next_theme().await,
            page.next_theme().await,
        ];
        assert_eq!(
            round,
            [light.clone(), dark, light],
            "light, dark, and as the system again"
        );
    });
}
