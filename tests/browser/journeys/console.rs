//! The console, and that the page's buttons speak there.

use thirtyfour::Key;

use crate::browser::visit::{roll_out, visit};

#[test]
fn the_console_answers_as_kubectl_does() {
    visit(async |page| {
        let nodes = page.say_and_see("get nodes", "worker-1").await;
        let header = nodes.lines().next().unwrap_or_default();
        let columns: Vec<&str> = header.split_whitespace().collect();
        assert_eq!(columns, ["NAME", "STATUS", "ROLES", "AGE", "VERSION"]);
        page.say_and_see(
            "get nodez",
            "error: the server doesn't have a resource type \"nodez\"",
        )
        .await;

        let up = Key::Up.value().to_string();
        let down = Key::Down.value().to_string();
        page.line_becomes(&up, "get nodez").await;
        page.line_becomes(&up, "get nodes").await;
        page.line_becomes(&down, "get nodez").await;
        page.line_becomes(&down, "").await;

        let tab = Key::Tab.value();
        page.line_becomes(
            &format!("describe node cont{tab}"),
            "describe node control-plane",
        )
        .await;
        page.say("").await;
        page.line_becomes(&format!("describe node w{tab}"), "describe node worker-")
            .await;
        page.console_offers("worker-2").await;
    });
}

#[test]
fn what_fields_mean_is_loaded_when_it_is_first_asked_for() {
    visit(async |page| {
        let line = "explain ds.spec.minReadySeconds";
        page.say_and_see(line, "The minimum number of seconds")
            .await;
    });
}

#[test]
fn what_a_button_did_stands_in_the_console() {
    visit(async |page| {
        let before = roll_out(page).await;
        page.answers("$ kubectl apply -f node-exporter.yaml", "created")
            .await;
        page.cordon("worker-1").await;
        page.answers("$ kubectl cordon worker-1", "node/worker-1 cordoned")
            .await;
        page.switch_power_of("worker-2").await;
        page.answers("$ fault: node/worker-2 power off", "").await;
        page.settle_to_the_end().await;

        // A line leads to its step.
        page.go_to_what_was_said("$ kubectl cordon worker-1").await;
        page.see_that("worker-1 was just cordoned", |view| {
            view.position == before.position + 1
                && view.status_of("worker-1") == "Ready,SchedulingDisabled"
        })
        .await;

        page.say("clear").await;
        page.console_is_empty().await;
    });
}

#[test]
fn edit_opens_the_object_in_the_editor() {
    visit(async |page| {
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.say("edit ds node-exporter -n monitoring").await;
        page.editor_shows("revisionHistoryLimit: 10").await;
        page.replace_in_editor("revisionHistoryLimit: 10", "revisionHistoryLimit: 3")
            .await;
        page.would("Changes the daemon set, and no pod").await;
        // Whatever happens to the object meanwhile: only what was edited is sent.
        page.say_and_see(
            "annotate ds node-exporter -n monitoring team=metrics",
            "annotated",
        )
        .await;
        page.apply().await;
        page.console_holds("daemonset.apps/node-exporter patched")
            .await;
        let sets = page.state().await["daemonSets"].clone();
        assert_eq!(sets[0]["spec"]["revisionHistoryLimit"], 3, "{sets:#}");
        assert_eq!(sets[0]["metadata"]["annotations"]["team"], "metrics");
        // As an editor does it closes, and the manifest says what has become of its object.
        assert!(!page.editor_tabs().await.contains("edit node-exporter"));
        page.editor_shows("revisionHistoryLimit: 3").await;
    });
}

#[test]
fn what_is_wider_than_the_console_scrolls_in_a_box_of_its_own() {
    visit(async |page| {
        roll_out(page).await;
        for line in [
            "get pods -o wide -n monitoring",
            "get events -A",
            "describe node worker-1",
        ] {
            page.say_and_see(line, "worker-1").await;
            assert!(page.answer_scrolls_sideways().await, "{line}");
        }
    });
}
