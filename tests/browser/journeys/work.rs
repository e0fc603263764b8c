//! The work: imported, kept, begun anew, in two tabs.

use crate::browser::{
    server::Host,
    visit::{dist, roll_out, visit, visit_at},
};

/// What a person is asked to get from a cluster.
const DUMP: &str = "get nodes,ds,pods,controllerrevisions -A -o yaml";

#[test]
fn a_dump_of_a_cluster_becomes_that_cluster() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.cordon("worker-2").await;
        let before = roll_out(page).await;
        let dump = page.say_and_see(DUMP, "kind: ControllerRevision").await;
        page.import(&dump).await;
        page.is_told("Imported 4 nodes, 1 DaemonSet, 4 pods, 1 revision.")
            .await;
        let imported = page
            .see_that("it begins there", |view| view.position == 0)
            .await;
        assert_eq!(imported.nodes, before.nodes);
        assert_eq!(imported.pods, before.pods);
        page.choose_node("worker-2").await;
        page.side_says("worker-2 should run it").await;

        page.say_and_see(
            "set image -n monitoring ds/node-exporter node-exporter=prom/node-exporter:v2",
            "image updated",
        )
        .await;
        let updated = page.settle_to_the_end().await;
        assert!(updated.every_node_runs(2), "{updated:#?}");
    });
}

#[test]
fn a_file_can_be_dropped_on_the_page() {
    visit(async |page| {
        page.editor_is_loaded().await;
        let before = roll_out(page).await;
        let dump = page.say_and_see(DUMP, "kind: ControllerRevision").await;
        page.drops_a_file("dump.yaml", &dump).await;
        page.is_told("Imported 4 nodes, 1 DaemonSet, 4 pods, 1 revision.")
            .await;
        let imported = page
            .see_that("it begins there", |view| view.position == 0)
            .await;
        assert_eq!(imported.pods, before.pods);
        // Nobody has touched it.
        page.would("No change").await;

        page.drops_a_file("notes.txt", "hello: world").await;
        page.is_told("Nothing was imported").await;

        page.open_editor_tab("Scenario").await;
        page.drops_a_file(
            "two.yaml",
            "apiVersion: daemonset-playground/v1\nkind: Scenario\nmetadata: { name: two }\ntitle: Two nodes\nnodePools:\n- { name: pair, count: 2 }\n",
        )
        .await;
        page.see_that("the two nodes of the scenario", |view| {
            view.has_node("pair-2")
        })
        .await;
    });
}

#[test]
fn what_is_no_dump_is_refused_and_nothing_is_lost() {
    visit(async |page| {
        let before = roll_out(page).await;
        for (text, told) in [
            ("hello: world", "Nothing was imported"),
            ("a: [unclosed", "Nothing was imported"),
            (
                "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n",
                "no nodes, DaemonSets or pods",
            ),
        ] {
            page.import(text).await;
            page.is_told(told).await;
            assert_eq!(page.view().await, before, "{text:?}");
        }
    });
}

#[test]
fn starting_over_asks_first_and_can_be_undone() {
    visit(async |page| {
        roll_out(page).await;
        let before = page.state().await;
        page.open_dialog("reset").await;
        page.dialog_says("had back with Undo").await;
        page.close_dialog().await;
        assert_eq!(page.state().await, before, "it was only asked");

        page.start_over().await;
        page.is_told("Started over.").await;
        let fresh = page
            .see_that("nothing has happened", |view| view.position == 0)
            .await;
        assert_eq!(fresh.pods, []);
        page.undo().await;
        page.see_that("every node runs revision 1", |view| view.every_node_runs(1))
            .await;
        assert_eq!(page.state().await, before);
    });
}

#[test]
fn a_reload_keeps_the_work() {
    visit(async |page| {
        roll_out(page).await;
        page.cordon("worker-1").await;
        page.settle_to_the_end().await;
        let before = page.state().await;
        page.reload().await;
        assert_eq!(page.state().await, before);
        page.step_back().await;
        let there = page.state().await;
        page.reload().await;
        assert_eq!(page.state().await, there);
    });
}

#[test]
fn two_tabs_do_not_overwrite_each_others_work() {
    visit(async |page| {
        let one = page.this_tab().await;
        roll_out(page).await;
        let of_one = page.state().await;

        let two = page.open_another_tab().await;
        page.open_at("?lesson=one-per-node").await;
        page.leaves_the_lesson().await;
        page.apply().await;
        page.see_that("it is applied", |view| view.position == 1)
            .await;
        let of_two = page.state().await;

        page.go_to_tab(&one).await;
        page.reload().await;
        assert_eq!(page.state().await, of_one);
        page.go_to_tab(&two).await;
        page.open_at("").await;
        assert_eq!(page.state().await, of_two);
    });
}

#[test]
fn a_bug_is_told_and_nothing_is_lost() {
    visit_at(dist(), Host::Whole, async |page| {
        page.open_at("").await;
        page.editor_is_loaded().await;
        let rolled_out = roll_out(page).await;
        page.replace_in_editor("v1.9.0", "v1.9.7").await;
        page.is_kept_in_this_browser("v1.9.7").await;
        page.has_a_bug().await;
        page.asks_to_share().await;
        let said = page.says_that_it_has_stopped().await;
        assert!(said.contains("panicked at"), "{said}");
        assert!(said.contains("What you typed is kept"), "{said}");
        page.reloads_after_a_bug().await;
        page.editor_shows("v1.9.7").await;
        assert_eq!(page.view().await.pods, rolled_out.pods);
    });
}
