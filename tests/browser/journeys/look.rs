//! How the page looks, in both themes and all sizes.

use crate::browser::{
    look::Look,
    page::Page,
    visit::{NEW_IMAGE, OLD_IMAGE, roll_out, visit},
};

const WORKERS: [&str; 3] = ["worker-1", "worker-2", "worker-3"];

#[test]
fn the_page_looks_and_reads_well_in_both_themes_and_sizes() {
    visit(async |page| {
        page.editor_is_loaded().await;
        page.assert_is_accessible().await;
        take_pictures(page, "fresh").await;

        page.look(Look::default()).await;
        roll_out(page).await;
        page.replace_in_editor(OLD_IMAGE, NEW_IMAGE).await;
        page.apply().await;
        page.steps_until("a worker has its new pod", |view| {
            let is_new = |node: &&str| view.pods_on(node).iter().any(|pod| pod.revision == 2);
            WORKERS.iter().any(is_new)
        })
        .await;
        page.assert_is_accessible().await;
        take_pictures(page, "rollout").await;
    });
}

async fn take_pictures(page: &Page, state: &str) {
    for scheme in ["light", "dark"] {
        for (width, height) in [(1280, 800), (390, 844), (320, 640)] {
            let look = Look {
                scheme,
                width,
                height,
            };
            page.look(look).await;
            page.take_picture(&format!("{state}-{scheme}-{width}"))
                .await;
            page.assert_fits(look).await;
        }
    }
}

#[test]
fn the_theme_is_the_systems_until_one_is_chosen() {
    visit(async |page| {
        page.look(Look {
            scheme: "dark",
            ..Look::default()
        })
        .await;
        let dark = page.background().await;
        page.look(Look::default()).await;
        let light = page.background().await;
        assert_ne!(dark, light);
        let round = [
            page.next_theme().await,
            page.next_theme().await,
            page.next_theme().await,
        ];
        assert_eq!(
            round,
            [light.clone(), dark, light],
            "light, dark, and as the system again"
        );
    });
}

#[test]
fn on_paper_there_is_what_one_reads_and_nothing_to_press() {
    const READ: [&str; 5] = ["node", "pod", "status", "why", "reason"];
    const PRESSED: [&str; 7] = [
        "apply",
        "step-forward",
        "scrubber",
        "share",
        "node-cordon",
        "add-node",
        "console-input",
    ];
    visit(async |page| {
        roll_out(page).await;
        page.choose_node("worker-1").await;
        page.look_on_paper().await;
        page.take_picture("print").await;
        assert_eq!(page.visible(&READ).await, READ);
        assert_eq!(page.visible(&PRESSED).await, [""; 0]);
        page.open_at("?lesson=rolling-update").await;
        page.look_on_paper().await;
        page.take_picture("print-lesson").await;
        assert_eq!(page.visible(&["lesson-said", "node"]).await.len(), 2);
    });
}
