//! What can be given away as files, and taken from one.

use crate::browser::visit::{roll_out, visit};

#[test]
fn the_session_can_be_saved_in_every_form() {
    visit(async |page| {
        roll_out(page).await;
        page.cordon("worker-1").await;
        page.open_dialog("share").await;
        let text = async |button: &str, name: &str| {
            let bytes = page.saves(button, name).await;
            String::from_utf8(bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let scenario = text("save-scenario", "first-rollout.yaml").await;
        let read = scenario::Scenario::read(&scenario);
        let read = read.unwrap_or_else(|error| panic!("{error}: {scenario}"));
        assert!(
            !read.steps.is_empty(),
            "nothing of what was done: {scenario}"
        );
        assert!(scenario.contains("cordon worker-1"), "{scenario}");
        let transcript = text("save-transcript", "first-rollout.md").await;
        for part in ["$ kubectl cordon worker-1", "created pod", "T+"] {
            assert!(transcript.contains(part), "no {part:?}: {transcript}");
        }
        let picture = text("save-svg", "first-rollout.svg").await;
        assert!(picture.starts_with("<svg"), "{picture}");
        assert!(picture.contains("worker-1"), "{picture}");
        let pixels = page.saves("save-png", "first-rollout.png").await;
        assert!(pixels.starts_with(b"\x89PNG"), "{} bytes", pixels.len());
        let archive = page.saves("save-manifests", "first-rollout.zip").await;
        assert!(archive.starts_with(b"PK"), "{} bytes", archive.len());
    });
}

#[test]
fn a_file_with_a_dump_in_json_is_imported() {
    visit(async |page| {
        let before = roll_out(page).await;
        let dump = page
            .call("kubectl('get nodes,ds,pods,controllerrevisions -A -o json')")
            .await;
        let dump = dump.as_str().expect("kubectl answers with text");
        page.import_file("dump.json", dump).await;
        page.is_told("Imported 4 nodes").await;
        let imported = page
            .see_that("it begins there", |view| view.position == 0)
            .await;
        assert_eq!(imported.nodes, before.nodes);
        assert_eq!(imported.pods, before.pods);
    });
}
