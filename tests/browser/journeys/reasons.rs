//! Why: of a step, a node, a pod, a DaemonSet and the quiet; events, history, YAML.

use crate::browser::visit::{NEW_IMAGE, OLD_IMAGE, roll_out, visit};

#[test]
fn why_can_be_asked_of_everything() {
    visit(async |page| {
        page.apply().await;
        page.run_until_the_next_decision().await;
        page.see_that("a pod was created", |view| !view.pods.is_empty())
            .await;
        page.side_says("daemon_controller.go").await;

        // The pod of the sentence; and back.
        let view = page.view().await;
        let pod = view.pods[0].clone();
        page.follows_in_the_sentence(&pod.name).await;
        page.side_says(&format!("What happened to {}?", pod.name))
            .await;
        page.comes_back_to_the_step().await;
        page.side_says("Why: daemonset-controller created pod")
            .await;

        let settled = page.settle_to_the_end().await;
        page.choose_pod_on("worker-1").await;
        let name = &settled.pods_on("worker-1")[0].name;
        page.side_says(&format!("What happened to {name}?")).await;
        page.follows_to_a_step_of_the_story().await;
        let there = page
            .see_that("one of its steps", |view| view.position < settled.position)
            .await;
        assert!(there.reason.contains(&**name), "{there:#?}");
        page.scrub_to_the_end().await;

        page.choose_node("worker-1").await;
        let node = page.side_says("Should worker-1 run a pod?").await;
        for part in ["worker-1 should run it", "NodeShouldRunDaemonPod"] {
            assert!(node.contains(part), "no {part:?}: {node}");
        }

        page.follows_the_daemon_set("node-exporter").await;
        page.side_says("What does node-exporter want?").await;

        page.asks_why_it_is_quiet().await;
        page.side_says("All is as it is wanted").await;
        page.comes_back_to_the_step().await;
    });
}

#[test]
fn a_node_without_a_pod_says_why_and_what_would_change_it() {
    visit(async |page| {
        page.open_at("?lesson=one-per-node").await;
        page.leaves_the_lesson().await;
        roll_out(page).await;
        page.taint("worker-2", "dedicated", "gpu", "NoSchedule")
            .await;
        page.settle_to_the_end().await;
        page.say("delete pods --all").await;
        let settled = page.settle_to_the_end().await;
        assert!(settled.pods_on("worker-2").is_empty(), "{settled:#?}");
        page.choose_node("worker-2").await;
        let why = page.side_says("worker-2 gets no pod").await;
        for part in ["dedicated", "To change that: tolerate"] {
            assert!(why.contains(part), "no {part:?}: {why}");
        }
    });
}

#[test]
fn events_are_filtered_and_lead_to_their_steps() {
    visit(async |page| {
        let settled = roll_out(page).await;
        page.open_side("events").await;
        page.side_says("SuccessfulCreate").await;
        let all = page.events().await.len();
        page.filter_events("successfulcreate").await;
        let created = page.sees_only_events_with("Created pod").await;
        assert_eq!(created.len(), 4, "{created:#?}");
        assert!(all > 4);
        page.follows_to_a_step().await;
        let there = page
            .see_that("its step", |view| view.position < settled.position)
            .await;
        assert!(
            there.reason.contains("node-exporter"),
            "another step: {there:#?}"
        );
    });
}

#[test]
fn the_history_shows_revisions_and_leads_back() {
    visit(async |page| {
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        let updated = page.settle_to_the_end().await;
        assert!(updated.every_node_runs(2), "{updated:#?}");

        page.open_side("history").await;
        page.side_says("Revision 2").await;
        page.open_the_difference_of(1).await;
        let difference = page.side_says("+ image: prom/node-exporter:v1.9.1").await;
        assert!(
            difference.contains("- image: prom/node-exporter:v1.9.0"),
            "{difference}"
        );
        page.undo_to(1).await;
        page.answers(
            "$ kubectl rollout undo ds/node-exporter -n monitoring --to-revision=1",
            "rolled back",
        )
        .await;
        let undone = page.settle_to_the_end().await;
        assert!(undone.every_node_runs(3), "{undone:#?}");
    });
}

#[test]
fn the_yaml_is_that_of_what_is_chosen() {
    visit(async |page| {
        roll_out(page).await;
        page.open_side("yaml").await;
        let daemon_set = page
            .side_says("kubectl get ds node-exporter -n monitoring -o yaml")
            .await;
        assert!(
            daemon_set.contains("numberReady: 4"),
            "no status: {daemon_set}"
        );
        page.choose_node("worker-3").await;
        let node = page.side_says("kubectl get node worker-3 -o yaml").await;
        assert!(
            node.contains("kubernetes.io/hostname: worker-3"),
            "no labels: {node}"
        );
        page.choose_pod_on("worker-3").await;
        let pod = page.side_says("kind: Pod").await;
        assert!(pod.contains("nodeName: worker-3"), "{pod}");
    });
}
