//! The program comes in two files: the page is there with the first.

use crate::browser::{
    server::{Host, PLAYER_REST, REST},
    visit::{NEW_IMAGE, OLD_IMAGE, dist, visit_at, visit_with},
};

#[test]
fn the_page_is_there_before_the_rest_of_its_program() {
    visit_with(Host::Holds(REST), async |page| {
        // Again, with what was kept of the first time.
        page.open_at("").await;
        page.editor_is_loaded().await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        let waiting = page.view().await;
        assert_eq!(waiting.position, 0, "{waiting:#?}");
        page.release();
        page.see_that("it is applied", |view| view.position > 0)
            .await;
        page.editor_shows(NEW_IMAGE).await;
        page.settle().await;
        page.see_that("every node runs revision 1", |view| view.every_node_runs(1))
            .await;
    });
}

#[test]
fn what_cannot_be_loaded_is_told_and_tried_again() {
    visit_with(Host::Lacks(REST), async |page| {
        page.apply().await;
        page.says_that_a_part_is_missing().await;
        page.tries_again().await;
        page.says_that_a_part_is_missing().await;
        page.release();
        page.tries_again().await;
        page.see_that("it is applied after all", |view| view.position > 0)
            .await;
    });
}

#[test]
fn a_lesson_waits_for_all_it_needs() {
    visit_with(Host::Holds(REST), async |page| {
        page.release();
        page.open_at("?lesson=surge").await;
        page.see_that("the lesson", |view| view.nodes.len() > 1)
            .await;
    });
}

#[test]
fn who_cannot_wait_has_the_rest_at_once_though_it_is_on_its_way() {
    visit_with(Host::Stalls(REST), async |page| {
        page.has_asked().await;
        assert_eq!(page.state().await["step"], 0);
        page.apply().await;
        page.see_that("it is applied", |view| view.position > 0)
            .await;
    });
}

#[test]
fn a_player_opens_the_whole_page_before_it_has_all_of_its_own_program() {
    visit_at(dist(), Host::Stalls(PLAYER_REST), async |page| {
        page.open_hosting(r#"<daemonset-playground lesson="surge"></daemonset-playground>"#)
            .await;
        page.is_told_of("ready").await;
        page.has_asked().await;
        // Followed it leads to another tab; here it is only looked at.
        let link = page
            .in_hosting(
                "const link = inside('open-whole');
                 link.addEventListener('click', (event) => event.preventDefault());
                 const before = link.href;
                 link.click();
                 return [before.split('#')[1], link.href];",
            )
            .await;
        assert_eq!(link[0], "", "{link:#}");
        let (_, session) = link[1]
            .as_str()
            .and_then(|it| it.split_once("index.html#"))
            .unwrap_or_else(|| panic!("no link to the page: {link:#}"));
        assert!(!session.is_empty(), "{link:#}");
        page.open_at(&format!("#{session}")).await;
        page.see_that("the lesson at its beginning", |view| {
            view.position == 0 && view.nodes.len() == 3
        })
        .await;
    });
}
