//! The program comes in two files: the page is there with the first.

use serde_json::json;

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

#[test]
fn no_page_stands_still_until_a_player_in_it_has_the_rest() {
    // By requests that are waited for.
    const WATCH: &str = "<script>
        globalThis.waited = [];
        const open = XMLHttpRequest.prototype.open;
        XMLHttpRequest.prototype.open = function (method, url, isLater = true) {
            if (!isLater) waited.push(url);
            return open.call(this, method, url, isLater);
        };
    </script>";
    let of = |text: &str| format!("<daemonset-playground><pre>{text}</pre></daemonset-playground>");
    let scenario = |more: &str| {
        of(&format!(
            "apiVersion: daemonset-playground/v1\nkind: Scenario\nnodePools: [ {{ name: a }} ]\n{more}"
        ))
    };
    let pod = "apiVersion: v1, kind: Pod, metadata: { name: p }, spec: { containers: [ { name: c, image: i } ] }";
    let lesson =
        |with: &str| format!("<daemonset-playground lesson=surge {with}></daemonset-playground>");
    visit_at(dist(), Host::Whole, async |page| {
        for player in [
            lesson(""),
            lesson("step=3"),
            lesson("panes=cluster,editor,console,status,why,events,history,yaml"),
            of(
                &std::fs::read_to_string("../crates/xtask/src/first_step.yaml")
                    .expect("it is there"),
            ),
            scenario("steps: [ { kubectl: cordon a-1 }, { say: It is cordoned. } ]"),
            scenario(&format!("objects: [ {{ {pod} }} ]")),
            scenario("steps: [ { say: It is, }, { expect: { node: a-1, status: Ready } } ]"),
            of(&format!("{{ {pod} }}")),
        ] {
            page.open_hosting(&format!("{WATCH}{player}")).await;
            page.is_told_of("ready").await;
            let waited = page.in_hosting("return waited;").await;
            assert_eq!(waited, json!([]), "{player}");
            let failed = page
                .in_hosting("return told.find((it) => it.type === 'error') ?? null")
                .await;
            assert_eq!(failed, json!(null), "{player}");
        }
    });
}
