//! What Apply would do is told before, the editor helps, and there are examples.

use crate::browser::visit::{NEW_IMAGE, OLD_IMAGE, roll_out, visit};

#[test]
fn what_apply_would_do_is_told_before_it_is_done() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.would("Creates 4 pods").await;
        let before = roll_out(page).await;
        page.would("daemonset.apps/node-exporter created").await;

        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.would("Rolls 4 pods, at most 1 at a time").await;
        assert!(
            page.editor_tabs().await.contains('•'),
            "no mark of a change"
        );
        let changes = page.open_changes().await;
        for line in [
            "- image: prom/node-exporter:v1.9.0",
            "+ image: prom/node-exporter:v1.9.1",
        ] {
            assert!(changes.contains(line), "no {line:?} in {changes}");
        }
        page.revert().await;
        page.editor_shows(OLD_IMAGE).await;
        page.would("No change").await;
        assert!(!page.editor_tabs().await.contains('•'), "still marked");

        page.replace_in_editor("os: linux", "os: windows").await;
        let deletes = page.would("Deletes 4 pods at once").await;
        assert!(
            deletes.contains("maxUnavailable does not limit this"),
            "{deletes}"
        );
        page.revert().await;

        page.replace_in_editor("maxUnavailable: 10%", "maxUnavailable: 3")
            .await;
        page.would("Changes the daemon set, and no pod").await;
        page.revert().await;

        page.replace_in_editor("name: node-exporter", "name: node-exporter # again")
            .await;
        page.would("No change").await;
        page.revert().await;

        // The selector cannot be changed.
        page.replace_in_editor("{ app: node-exporter }", "{ app: other }")
            .await;
        page.replace_in_editor("{ app: node-exporter }", "{ app: other }")
            .await;
        page.would("field is immutable").await;
        page.apply().await;
        page.see_that("it is refused", |view| view.problems.contains("immutable"))
            .await;
        assert_eq!(page.view().await.pods, before.pods, "nothing was done");
    });
}

#[test]
fn the_manifest_goes_with_its_object_and_what_is_typed_is_kept() {
    const SET_IMAGE: &str =
        "set image -n monitoring ds/node-exporter node-exporter=prom/node-exporter:v1.9.1";
    visit(async |page| {
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.say_and_see(SET_IMAGE, "image updated").await;
        page.editor_shows(NEW_IMAGE).await;
        page.would("No change").await;
        page.step_back().await;
        page.editor_shows(OLD_IMAGE).await;
        page.step_forward().await;
        page.settle_to_the_end().await;

        page.replace_in_editor("maxUnavailable: 10%", "maxUnavailable: 2")
            .await;
        page.say_and_see("rollout undo ds/node-exporter -n monitoring", "rolled back")
            .await;
        page.is_told_of_another_change(NEW_IMAGE, OLD_IMAGE).await;
        page.editor_shows("maxUnavailable: 2").await;
        page.takes_it_over().await;
        page.editor_shows(OLD_IMAGE).await;
        page.editor_shows("maxUnavailable: 10%").await;
        page.brings_the_typed_text_back().await;
        page.editor_shows("maxUnavailable: 2").await;
    });
}

#[test]
fn the_editor_offers_fields_and_says_what_they_mean() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.rests_on("updateStrategy", "replace existing DaemonSet pods")
            .await;
        page.replace_in_editor("updateStrategy:", "minR").await;
        page.completes_to("minReadySeconds", "minimum number of seconds")
            .await;
        page.editor_shows("minReadySeconds: ").await;
    });
}

#[test]
fn nodes_and_the_scenario_are_texts_too() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.open_editor_tab("Nodes").await;
        page.editor_shows("kind: Node").await;
        page.replace_in_editor(
            "kubernetes.io/hostname: worker-1",
            "kubernetes.io/hostname: worker-1\n    disk: ssd",
        )
        .await;
        page.would("node/worker-1 configured").await;
        page.apply().await;
        page.see_that("it is applied", |view| view.position > 0)
            .await;
        let nodes = page.state().await["nodes"].clone();
        let labels = nodes.as_array().expect("nodes are a list").iter();
        let n_labelled = labels.filter(|it| it["metadata"]["labels"]["disk"] == "ssd");
        assert_eq!(n_labelled.count(), 1, "{nodes:#}");

        page.open_editor_tab("Scenario").await;
        page.editor_shows("kind: Scenario").await;
        page.replace_in_editor("count: 3", "count: 5").await;
        page.apply().await;
        page.see_that("six nodes", |view| view.has_node("worker-5"))
            .await;
        page.is_told("had back").await;
        page.undo().await;
        page.see_that("what was there is back", |view| {
            !view.has_node("worker-5") && view.position > 0
        })
        .await;
    });
}

#[test]
fn the_examples_run() {
    visit(async |page| {
        page.editor_is_loaded().await;
        for (title, image) in [
            ("Logs", "fluentd"),
            ("Monitoring", "node-exporter"),
            ("Storage", "ebs"),
            ("Network", "calico"),
        ] {
            page.open_example(title).await;
            page.editor_shows(image).await;
            let effect = page.would("Creates").await;
            assert!(effect.contains("pods"), "{title}: {effect}");
            page.apply().await;
            page.would("created").await;
            let settled = page.settle_to_the_end().await;
            let desired = settled.counter("desiredNumberScheduled");
            assert!(desired >= 3, "{title}: {settled:#?}");
            assert_eq!(settled.counter("numberReady"), desired, "{title}");
        }
        let view = page.view().await;
        assert!(view.pods_on("worker-1").len() >= 4, "{view:#?}");
        assert!(view.pods.iter().all(|pod| pod.runs()), "{view:#?}");
    });
}
