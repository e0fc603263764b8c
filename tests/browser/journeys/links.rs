//! Links: they open where they were made, and those of strangers do no harm.

use serde_json::json;

use crate::browser::visit::{roll_out, visit};

#[test]
fn a_link_opens_at_the_same_step_in_the_same_state() {
    visit(async |page| {
        roll_out(page).await;
        page.switch_power_of("worker-2").await;
        let settled = page.settle_to_the_end().await;
        let there = page.seek(settled.position - 7).await;
        let before = page.state().await;
        let link = page.share_link().await;
        assert_eq!(page.call("link()").await, json!(link));

        page.forgets_everything().await;
        page.open_at(fragment(&link)).await;
        let view = page.view().await;
        assert_eq!(view.position, there.position);
        assert_eq!(view.reason, there.reason);
        assert_eq!(page.state().await, before);
        page.settle_to_the_end().await;
        page.see_that("it goes on as it did", |view| {
            view.position == settled.position && view.pods == settled.pods
        })
        .await;
    });
}

#[test]
fn a_damaged_link_says_so_and_loads_nothing() {
    visit(async |page| {
        let fresh = page.view().await;
        roll_out(page).await;
        let link = page.share_link().await;
        page.forgets_everything().await;
        let half = &link[..link.len() - 40];
        for damaged in [
            fragment(half),
            "#1.AAAA",
            "#9.AAAA",
            "#1.",
            "#nonsense",
            "#%00%ff",
        ] {
            page.open_at(damaged).await;
            page.is_told("link").await;
            let view = page.view().await;
            assert_eq!(view.nodes, fresh.nodes, "{damaged}");
            assert_eq!(view.position, 0, "{damaged}");
        }
    });
}

/// Marks in every text that a stranger can set.
const HOSTILE: &str = r#"
apiVersion: daemonset-playground/v1
kind: Scenario
metadata: { name: "<img src=x onerror='window.hacked=1'>" }
title: "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
nodePools:
- { name: worker, count: 2, labels: { disk: "ssd" } }
files:
  "<img src=x onerror='window.hacked=1'>.yaml": |
    # </textarea></pre><img src=x onerror='window.hacked=1'>
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: fine, annotations: { kubernetes.io/change-cause: "<img src=x onerror='window.hacked=1'>" } }
    spec:
      selector: { matchLabels: { app: fine } }
      template:
        metadata: { labels: { app: fine } }
        spec: { containers: [ { name: c, image: "<img src=x onerror='window.hacked=1'>" } ] }
steps:
- say: "<img src=x onerror='window.hacked=1'> **<svg onload='window.hacked=1'>** [x](javascript:window.hacked=1)"
"#;

#[test]
fn a_strangers_text_never_becomes_html() {
    visit(async |page| {
        page.call(&format!("load({})", json!(HOSTILE))).await;
        page.read_that("it is said as text", |it| it.said.contains("<img src=x"))
            .await;
        page.leaves_the_lesson().await;
        page.apply().await;
        let settled = page.settle_to_the_end().await;
        assert!(settled.pods.len() == 2, "{settled:#?}");
        page.open_side("history").await;
        page.side_says("<img src=x").await;
        page.say("describe ds fine").await;
        page.open_dialog("share").await;
        page.close_dialog().await;
        let link = page.share_link().await;
        page.open_at(fragment(&link)).await;
        page.assert_no_text_became_html("hacked").await;
    });
}

#[test]
fn what_is_too_large_is_refused_at_once() {
    visit(async |page| {
        let before = page.view().await;
        let head =
            "apiVersion: daemonset-playground/v1\nkind: Scenario\nmetadata: { name: huge }\n";
        let nodes = format!("{head}nodePools: [ {{ name: n, count: 1000000000 }} ]\n");
        page.call(&format!("load({})", json!(nodes))).await;
        page.is_told("Not loaded").await;
        assert_eq!(page.view().await.nodes, before.nodes);

        let bomb = page.packs_many_blanks(200 << 20).await;
        page.open_at(&format!("#1.{bomb}")).await;
        page.is_told("link").await;
        assert_eq!(page.view().await.nodes, before.nodes);

        let deep = format!("{head}x: {}\n", "[".repeat(100_000));
        page.call(&format!("load({})", json!(deep))).await;
        page.is_told("Not loaded").await;
        assert_eq!(page.view().await.nodes, before.nodes);

        // Aliases that grow to billions.
        let mut bomb = format!("{head}a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n");
        for at in 1..12 {
            let before = format!("*a{}, ", at - 1).repeat(10);
            bomb += &format!("a{at}: &a{at} [ {before} ]\n");
        }
        page.call(&format!("load({})", json!(bomb))).await;
        page.is_told("Not loaded").await;
        assert_eq!(page.view().await.nodes, before.nodes);
    });
}

fn fragment(link: &str) -> &str {
    &link[link.find('#').expect("a link has a fragment")..]
}
