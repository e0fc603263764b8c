//! The text in the editor: what is wrong with it, and that it is kept.

use crate::browser::{
    server::{EDITOR_FILE, Host},
    view::View,
    visit::{NEW_IMAGE, OLD_IMAGE, roll_out, visit, visit_with},
};

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
        page.marks_as_wrong("DemonSet").await;
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
    visit_with(Host::Lacks(EDITOR_FILE), async |page| {
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
    visit_with(Host::Holds(EDITOR_FILE), async |page| {
        page.editor_is_a_text_area().await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.release();
        page.editor_is_loaded().await;
        page.editor_shows(NEW_IMAGE).await;
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
