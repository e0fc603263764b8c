//! What the page's address says, and what a host page can ask of it.

use serde_json::{Value, json};

use crate::browser::{
    look::Look,
    server::{MISSING_FILE, SCENARIO_FILE},
    visit::{roll_out, visit},
};

#[test]
fn the_address_opens_a_lesson_or_says_that_there_is_none() {
    visit(async |page| {
        page.open_at("?lesson=rolling-update").await;
        page.read_that("the lesson is there", |it| it.title == "Rolling update")
            .await;
        page.open_at("?lesson=no-such-lesson").await;
        page.is_told("no-such-lesson").await;
    });
}

#[test]
fn the_address_opens_at_a_step_and_plays() {
    visit(async |page| {
        page.open_at("?lesson=rolling-update&step=4").await;
        let there = page.view().await;
        assert_eq!(there.position, 4, "{there:#?}");
        assert!(there.reason.contains("created pod"), "{there:#?}");

        page.open_at("?lesson=rolling-update&step=2&play=1").await;
        page.see_that("it plays", |view| view.position >= 4).await;
        assert!(page.goes_on().await);
    });
}

#[test]
fn the_address_opens_a_scenario_from_beside_the_page() {
    visit(async |page| {
        page.open_at(&format!("?scenario={SCENARIO_FILE}")).await;
        let view = page
            .see_that("its nodes", |view| view.has_node("elsewhere-2"))
            .await;
        assert_eq!(view.nodes.len(), 2);
        page.open_at(&format!("?scenario={MISSING_FILE}")).await;
        page.is_told("404").await;
    });
}

#[test]
fn the_address_chooses_the_theme() {
    visit(async |page| {
        page.look(Look::default()).await;
        let light = page.background().await;
        page.open_at("?theme=dark").await;
        let dark = page.background().await;
        assert_ne!(dark, light);
        page.look(Look {
            scheme: "dark",
            ..Look::default()
        })
        .await;
        page.open_at("?theme=light").await;
        assert_eq!(page.background().await, light);
        page.open_at("?theme=auto").await;
        assert_eq!(page.background().await, dark);
    });
}

#[test]
fn embedded_only_the_figure_and_the_means_to_move_it_are_there() {
    visit(async |page| {
        page.open_at("?embed=1&lesson=one-per-node").await;
        for id in ["node", "reason", "step-forward", "settle", "scrubber"] {
            assert!(page.has_id(id).await, "no {id}");
        }
        for id in ["editor", "console-input", "share", "theme", "status"] {
            assert!(!page.has_id(id).await, "{id} is there");
        }
        page.read_that("the lesson is there", |it| !it.said.is_empty())
            .await;
        let read = page.reads_to_the_end(&["3", "1"]).await;
        assert!(read.len() > 4, "{read:#?}");
        assert!(page.view().await.every_node_runs(1));
    });
}

#[test]
fn a_host_page_can_look_and_act() {
    visit(async |page| {
        let fresh = page.state().await;
        assert_eq!(fresh["step"], 0);
        assert_eq!(fresh["quiet"], true);
        assert_eq!(
            names(&fresh["nodes"]),
            ["control-plane", "worker-1", "worker-2", "worker-3"]
        );

        let settled = roll_out(page).await;
        let state = page.state().await;
        assert_eq!(state["step"], settled.position);
        assert_eq!(state["steps"], settled.position);
        assert_eq!(state["quiet"], true);
        assert!(state["timeMs"].as_u64() > Some(1000), "{state:#}");
        assert_eq!(names(&state["daemonSets"]), ["node-exporter"]);
        assert_eq!(state["daemonSets"][0]["apiVersion"], "apps/v1");
        assert_eq!(state["pods"].as_array().map(Vec::len), Some(4));
        assert_eq!(state["pods"][0]["status"]["phase"], "Running");

        page.call("back()").await;
        page.see_that("a step back", |view| view.position + 1 == settled.position)
            .await;
        page.call("step()").await;
        page.see_that("a step forward", |view| view.position == settled.position)
            .await;
        let answer = page.call("kubectl('get ds -n monitoring')").await;
        assert!(
            answer
                .as_str()
                .is_some_and(|it| it.contains("node-exporter")),
            "{answer}"
        );
        page.call("seek(0)").await;
        page.call("play()").await;
        page.see_that("it plays", |view| view.position >= 2).await;
        page.call("pause()").await;
        page.is_at_rest().await;
        page.call("settle()").await;
        page.see_that("every node runs revision 1", |view| view.every_node_runs(1))
            .await;
    });
}

fn names(objects: &Value) -> Vec<&str> {
    let objects = objects.as_array().expect("objects are a list");
    objects
        .iter()
        .filter_map(|it| it["metadata"]["name"].as_str())
        .collect()
}

#[test]
fn a_scenario_can_be_given_by_the_host_page() {
    const SCENARIO: &str = "apiVersion: daemonset-playground/v1\nkind: Scenario\nmetadata: { name: given }\nnodePools: [ { name: given, count: 3 } ]\n";
    visit(async |page| {
        page.call(&format!("load({})", json!(SCENARIO))).await;
        page.see_that("its nodes", |view| view.has_node("given-3"))
            .await;
        page.call("undo()").await;
        page.see_that("what was there", |view| view.has_node("worker-3"))
            .await;
        page.call("load('not a scenario')").await;
        page.is_told("Not loaded").await;
    });
}
