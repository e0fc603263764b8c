//! What is done to nodes, and what becomes of their pods.

use crate::browser::{
    nodes::Pool,
    visit::{roll_out, visit},
};

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
fn taints_and_labels_decide_where_pods_run() {
    visit(async |page| {
        page.open_at("?lesson=one-per-node").await;
        page.leaves_the_lesson().await;
        let before = roll_out(page).await;

        page.taint("worker-1", "dedicated", "gpu", "NoExecute")
            .await;
        let tainted = page.settle_to_the_end().await;
        assert!(tainted.pods_on("worker-1").is_empty(), "{tainted:#?}");
        assert_eq!(tainted.pods.len(), 2, "{tainted:#?}");
        page.card_says("worker-1", "dedicated=gpu:NoExecute").await;
        page.card_says("worker-1", "To change that: tolerate").await;
        page.remove_a_taint("worker-1").await;
        let free = page.settle_to_the_end().await;
        assert!(free.every_node_runs(1), "{free:#?}");
        assert_ne!(
            free.pods_on("worker-1")[0].name,
            before.pods_on("worker-1")[0].name,
            "it is another pod"
        );

        page.say_and_see(
            r#"patch ds fluentd -p '{"spec":{"template":{"spec":{"nodeSelector":{"disk":"ssd"}}}}}'"#,
            "patched",
        )
        .await;
        let nowhere = page.settle_to_the_end().await;
        assert_eq!(nowhere.pods, [], "no node has the label");
        page.label("worker-3", "disk", "ssd").await;
        let labelled = page.settle_to_the_end().await;
        assert_eq!(labelled.pods.len(), 1, "{labelled:#?}");
        assert_eq!(labelled.pods_on("worker-3").len(), 1, "{labelled:#?}");
        page.card_says("worker-3", "disk=ssd").await;
    });
}

#[test]
fn a_drained_node_keeps_its_daemon_pod() {
    visit(async |page| {
        let before = roll_out(page).await;
        page.drain("worker-2").await;
        page.answers(
            "$ kubectl drain worker-2 --ignore-daemonsets --delete-emptydir-data --force",
            "node/worker-2 drained",
        )
        .await;
        let drained = page.settle_to_the_end().await;
        assert_eq!(drained.status_of("worker-2"), "Ready,SchedulingDisabled");
        assert_eq!(drained.pods, before.pods);
    });
}

#[test]
fn a_kubelet_stops_and_a_disk_fills_up() {
    visit(async |page| {
        roll_out(page).await;
        page.do_more("worker-1", "Stop the kubelet").await;
        page.card_says("worker-1", "kubelet stopped").await;
        let stopped = page.settle_to_the_end().await;
        assert_eq!(stopped.status_of("worker-1"), "NotReady");
        assert_eq!(stopped.counter("numberReady"), 3);
        page.do_more("worker-1", "Start the kubelet").await;
        let started = page.settle_to_the_end().await;
        assert_eq!(started.status_of("worker-1"), "Ready");
        assert_eq!(started.counter("numberReady"), 4);

        page.do_more("worker-3", "Begin disk pressure").await;
        page.settle_to_the_end().await;
        page.card_says("worker-3", "disk pressure").await;
        page.do_more("worker-3", "End disk pressure").await;
        page.settle_to_the_end().await;
        assert!(!page.card("worker-3").await.contains("disk pressure"));
    });
}

#[test]
fn several_nodes_join_with_labels_and_taints() {
    const GPU: Pool<'_> = Pool {
        name: "gpu",
        count: "3",
        labels: "disk=ssd, zone=a",
        taints: "gpu=yes:NoSchedule",
    };
    visit(async |page| {
        roll_out(page).await;
        page.add_nodes(GPU).await;
        let joined = page
            .see_that("three nodes join", |view| view.nodes.len() == 7)
            .await;
        assert!(joined.status_of("gpu-1").starts_with("NotReady"));
        let ready = page.settle_to_the_end().await;
        assert!(ready.every_node_runs(1), "{ready:#?}");
        let nodes = page.state().await["nodes"].clone();
        let nodes = nodes.as_array().expect("nodes are a list");
        let gpu = nodes.iter().find(|it| it["metadata"]["name"] == "gpu-2");
        let gpu = gpu.expect("gpu-2 is there");
        assert_eq!(gpu["metadata"]["labels"]["zone"], "a", "{gpu:#}");
        assert_eq!(gpu["spec"]["taints"][0]["key"], "gpu", "{gpu:#}");

        // What cannot be read is told, and what was typed stays.
        let bad = Pool {
            taints: "gpu=yes",
            ..GPU
        };
        page.fill_in_nodes(bad).await;
        page.asks_to_add_them().await;
        page.is_told("gpu=yes").await;
        page.dialog_says("Add nodes").await;
        assert_eq!(page.view().await.nodes.len(), 7);
    });
}

#[test]
fn an_image_that_cannot_be_pulled_and_a_controller_that_is_stopped() {
    visit(async |page| {
        page.of_the_control_plane("Stop daemonset-controller").await;
        page.apply().await;
        let idle = page.settle_to_the_end().await;
        assert_eq!(idle.pods, [], "nobody made a pod");
        page.asks_why_it_is_quiet().await;
        page.side_says("daemonset-controller").await;
        page.of_the_control_plane("Start daemonset-controller")
            .await;
        let started = page.settle_to_the_end().await;
        assert!(started.every_node_runs(1), "{started:#?}");

        page.let_the_image("cannot be pulled").await;
        page.add_a_node().await;
        let stuck = page.settle_to_the_end().await;
        let pod = stuck.pods_on("worker-4")[0];
        assert!(
            ["ErrImagePull", "ImagePullBackOff"].contains(&&*pod.status),
            "{stuck:#?}"
        );
        page.let_the_image("can be pulled again").await;
        page.choose_pod_on("worker-4").await;
        page.runs_until_the_pod_is_ready().await;
        page.see_that("every node runs it", |view| view.every_node_runs(1))
            .await;
    });
}

#[test]
fn the_keyboard_goes_on_at_the_next_card_when_a_node_is_deleted() {
    visit(async |page| {
        roll_out(page).await;
        page.deletes_by_key("worker-1").await;
        page.card_has_the_focus("worker-2").await;
        page.settle_to_the_end().await;
        page.deletes_by_key("worker-3").await;
        page.see_that("worker-3 is gone", |view| !view.has_node("worker-3"))
            .await;
    });
}
