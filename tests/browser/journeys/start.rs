//! Where the page can start, and what it says where it cannot.

use crate::browser::{
    look::Look,
    page::Page,
    server::Host,
    visit::{dist, roll_out, visit_at, visit_with},
};

#[track_caller]
fn says(host: Host, name: &str, parts: &[&str]) {
    visit_at(dist(), host, async |page| {
        let said = page.is_stuck().await;
        take_pictures(page, name).await;
        for part in parts {
            assert!(said.contains(part), "no {part:?}: {said}");
        }
    });
}

async fn take_pictures(page: &Page, name: &str) {
    assert_eq!(page.axe_findings().await, Vec::<serde_json::Value>::new());
    for scheme in ["light", "dark"] {
        let look = Look {
            scheme,
            ..Look::default()
        };
        page.look(look).await;
        page.take_picture(&format!("cannot-start-{name}-{scheme}"))
            .await;
    }
}

#[test]
fn a_host_need_not_know_wasm() {
    for kind in ["application/octet-stream", ""] {
        visit_with(Host::Sends(".wasm", "content-type", kind), async |page| {
            roll_out(page).await;
            page.assert_nothing_is_said_on_the_console().await;
        });
    }
}

#[test]
fn a_program_that_is_missing_is_named() {
    says(
        Host::Lacks("first-"),
        "missing",
        &["first-", "the host answers 404", "every file of dist/"],
    );
}

#[test]
fn a_script_of_the_program_that_is_missing_is_named() {
    says(Host::Lacks("web-"), "glue", &["web-", "404"]);
}

#[test]
fn a_script_that_is_missing_is_named() {
    says(Host::Lacks("start-"), "script", &["start-", "404"]);
}

#[test]
fn a_host_that_does_not_know_scripts_is_told() {
    let host = Host::Sends(".js", "content-type", "text/plain");
    says(host, "type", &["as text/plain", "text/javascript"]);
}

#[test]
fn a_host_that_forbids_wasm_is_told() {
    let host = Host::Sends("", "content-security-policy", "script-src 'self'");
    says(
        host,
        "forbidden",
        &["forbids WebAssembly", "wasm-unsafe-eval"],
    );
}

#[test]
fn a_browser_without_wasm_is_told() {
    visit_at(dist(), Host::Whole, async |page| {
        page.has_no_wasm().await;
        let said = page.is_stuck().await;
        assert!(said.contains("WebAssembly is off"), "{said}");
        take_pictures(page, "off").await;
    });
}

#[test]
fn a_program_that_is_held_back_is_named() {
    visit_at(dist(), Host::Whole, async |page| {
        page.is_held_back("*/first-*").await;
        let said = page.is_stuck().await;
        assert!(said.contains("an ad blocker"), "{said}");
        assert!(said.contains("first-"), "{said}");
        take_pictures(page, "held-back").await;
    });
}
