//! The first rollout, and a new image.

use crate::browser::visit::{NEW_IMAGE, OLD_IMAGE, roll_out, visit};

/// Many more than a rollout on a handful of nodes takes.
const STEPS_MAX: usize = 200;

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
