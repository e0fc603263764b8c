//! Without a network, and with newer versions.

use crate::browser::{
    look::Look,
    offline::Copied,
    server::Host,
    visit::{dist, roll_out, visit_at},
};

#[test]
fn after_the_first_visit_everything_works_without_a_network() {
    visit_at(dist(), Host::Whole, async |page| {
        page.open_at("").await;
        page.is_kept().await;
        page.is_cut_off();
        page.reload().await;
        page.editor_is_loaded().await;
        roll_out(page).await;
        page.open_dialog("share").await;
        let archive = page.saves("save-manifests", "first-rollout.zip").await;
        assert!(archive.starts_with(b"PK"), "{} bytes", archive.len());
        page.open_at("?lesson=surge&theme=dark").await;
        page.read_that("the lesson", |it| !it.said.is_empty()).await;
        page.open_at("index.html?lesson=taints-and-tolerations")
            .await;
        page.read_that("the lesson", |it| !it.said.is_empty()).await;
    });
}

#[test]
fn in_a_frame_of_another_page_nothing_is_kept() {
    visit_at(dist(), Host::Whole, async |page| {
        page.open_at("?embed=1").await;
        assert!(!page.has_begun_to_keep().await);
        page.open_at("").await;
        page.is_kept().await;
        assert!(page.has_begun_to_keep().await);
    });
}

#[test]
fn an_update_is_announced_and_comes_with_a_reload() {
    let site = Copied::new();
    visit_at(site.path(), Host::Whole, async |page| {
        page.open_at("").await;
        page.is_kept().await;
        page.reload().await;
        site.is_built_anew("second");
        // That which is kept comes first, and all of it.
        page.reload().await;
        page.hears_of_a_new_version().await;
        assert_eq!(page.builds().await, ["", "", ""]);
        for scheme in ["light", "dark"] {
            page.look(Look {
                scheme,
                ..Look::default()
            })
            .await;
            page.take_picture(&format!("new-version-{scheme}")).await;
        }
        page.assert_is_accessible().await;

        let old = page.this_tab().await;
        page.open_another_tab().await;
        assert_eq!(page.builds().await, ["second"; 3]);
        page.go_to_tab(&old).await;
        assert_eq!(page.builds().await, ["", "", ""]);

        page.takes_the_new_version().await;
        assert_eq!(page.builds().await, ["second"; 3]);
        assert!(!page.has_a_notice_of_a_new_version().await);
        page.assert_kept_to_itself().await;
    });
}

#[test]
fn of_a_host_that_is_updated_by_half_nothing_is_taken() {
    let site = Copied::new();
    visit_at(site.path(), Host::Whole, async |page| {
        page.open_at("").await;
        page.is_kept().await;
        page.reload().await;
        site.is_built_anew("second");
        site.is_mixed_up();
        assert_eq!(page.looks_for_a_new_version().await, "redundant");
        page.reload().await;
        assert_eq!(page.builds().await, ["", "", ""]);
        assert!(!page.has_a_notice_of_a_new_version().await);
        // Then the rest of it comes.
        site.is_built_anew("third");
        assert_eq!(page.looks_for_a_new_version().await, "activated");
        page.reload().await;
        assert_eq!(page.builds().await, ["third"; 3]);
    });
}

#[test]
fn it_can_be_installed_as_an_app() {
    visit_at(dist(), Host::Whole, async |page| {
        page.open_at("").await;
        page.is_kept().await;
        let errors = page.cannot_be_installed_because().await;
        assert_eq!(errors, serde_json::json!([]));
    });
}
