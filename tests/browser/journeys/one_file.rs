//! The page in one file, opened from a disk.

use std::fs;

use tempfile::TempDir;

use crate::browser::{
    server::Host,
    visit::{NEW_IMAGE, OLD_IMAGE, dist, roll_out, visit_at},
};

const NAME: &str = "playground.html";

#[test]
fn one_file_is_the_whole_page() {
    let stick = TempDir::with_prefix("daemonset-playground-stick-");
    let stick = stick.expect("a temporary directory can be made");
    let file = stick.path().join(NAME);
    fs::copy(dist().join(NAME), &file).expect("the file is there");
    visit_at(dist(), Host::Whole, async |page| {
        page.is_cut_off();
        page.open_from_disk(&file, "").await;
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        page.settle().await;
        page.see_that("every node runs revision 2", |view| view.every_node_runs(2))
            .await;
        page.open_dialog("share").await;
        let archive = page.saves("save-manifests", "first-rollout.zip").await;
        assert!(archive.starts_with(b"PK"), "{} bytes", archive.len());
        page.close_dialog().await;
        // What was done is kept there, too.
        page.reload().await;
        page.see_that("it is as it was", |view| view.every_node_runs(2))
            .await;
        page.open_from_disk(&file, "?lesson=surge").await;
        page.read_that("the lesson", |it| !it.said.is_empty()).await;
        page.assert_nothing_went_wrong().await;
    });
}

#[test]
fn one_file_says_what_fields_mean() {
    visit_at(dist(), Host::Whole, async |page| {
        page.open_from_disk(&dist().join(NAME), "").await;
        page.editor_is_loaded().await;
        page.rests_on(
            "updateStrategy",
            "An update strategy to replace existing DaemonSet pods",
        )
        .await;
    });
}

#[test]
fn a_host_that_names_another_charset_does_not_spoil_it() {
    let host = Host::Sends(NAME, "content-type", "text/html; charset=utf-8");
    visit_at(dist(), host, async |page| {
        page.open_at(NAME).await;
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.assert_nothing_went_wrong().await;
    });
}

#[test]
fn a_page_of_the_site_opened_from_a_disk_leads_to_the_one_file() {
    visit_at(dist(), Host::Whole, async |page| {
        page.go_to_disk(&dist().join("index.html"), "?lesson=surge")
            .await;
        let said = page.says_why_it_is_stuck().await;
        assert!(said.contains("opened from a disk"), "{said}");
        page.take_picture("cannot-start-from-disk").await;
        page.goes_to_the_one_file().await;
        page.read_that("the lesson", |it| !it.said.is_empty()).await;
    });
}
