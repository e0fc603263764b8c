//! How quick the page is in a real browser: the figures of the budgets, at several sizes.
//!
//! `cargo xtask bench` runs it on the `dist/` that it has built.

#[path = "../browser/chromium.rs"]
#[allow(dead_code)]
mod chromium;
#[path = "../browser/driver.rs"]
#[allow(dead_code)]
mod driver;
#[path = "../browser/firefox.rs"]
#[allow(dead_code)]
mod firefox;
#[path = "../browser/server.rs"]
#[allow(dead_code)]
mod server;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use driver::Browser;
use serde_json::{Value, json};
use server::{Host, Site};
use tokio::runtime::Runtime;

/// Nodes of the clusters.
const SIZES: [u64; 4] = [4, 100, 1_000, 5_000];

/// Budgets in milliseconds, and megabytes, by the name of a figure and the size that it is for.
const BUDGETS: [(&str, u64, f64); 10] = [
    ("first step after navigation", 4, 400.0),
    ("first rollout", 100, 10.0),
    ("rolling update, 1 at a time", 100, 40.0),
    ("first rollout", 5_000, 900.0),
    ("rolling update, 10 %", 5_000, 1_200.0),
    ("a step forward, to paint", 5_000, 50.0),
    ("a step back, to paint", 5_000, 50.0),
    ("first step back, to paint", 5_000, 50.0),
    ("longest task", 5_000, 50.0),
    ("memory, MB", 5_000, 250.0),
];

/// From navigation until a step can be taken, and it is drawn.
const FIRST_STEP: &str = r#"
    return (async () => {
        const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        while (!window.playground) await new Promise((next) => setTimeout(next, 1));
        await painted();
        return { "first step after navigation": performance.now() };
    })();
"#;

/// Runs through a cluster's life some times over, and tells how long each part took in most of them.
/// What is called "cold" is the first time, when the browser has not compiled what runs yet.
///
/// A part is over when the page shows what came of it, be it painted already or not; what is "to
/// paint" waits for the next picture, which comes every 16 ms.
const LIFE: &str = r#"
    return (async (scenario, name, lives) => {
        const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const next = () => new Promise((done) => {
            const channel = new MessageChannel();
            channel.port1.onmessage = done;
            channel.port2.postMessage(null);
        });
        let longest = 0;
        new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
        }).observe({ entryTypes: ["longtask"] });
        const byId = (id) => document.querySelector(`[data-testid="${id}"]`);
        const settled = async () => {
            const goes = () => byId("play").ariaPressed === "true" || byId("quiet").dataset.quiet !== "true";
            do await next();
            while (goes());
        };
        const taken = {};
        const took = async (name, act, done = painted) => {
            const start = performance.now();
            act();
            await done();
            (taken[name] ??= []).push(performance.now() - start);
        };
        for (let life = 0; life < lives; life++) {
            const lasted = longest;
            await took("load", () => playground.load(scenario));
            await painted();
            longest = lasted;
            await took("apply, to paint", () => byId("apply").click());
            await took("first rollout", () => byId("settle").click(), settled);
            await painted();
            playground.kubectl("set image ds/agent agent=agent:2");
            await painted();
            await took(name, () => byId("settle").click(), settled);
            await painted();
            await took("first step back, to paint", () => byId("step-back").click());
            for (let i = 0; i < 3; i++) await took("a step back, to paint", () => byId("step-back").click());
            for (let i = 0; i < 3; i++) await took("a step forward, to paint", () => byId("step-forward").click());
        }
        const figures = { "steps": Number(byId("scrubber").max), "longest task": longest };
        for (const [name, times] of Object.entries(taken)) {
            if (lives > 1) figures[`${name}, cold`] = times[0];
            figures[name] = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
        }
        return figures;
    })(...arguments);
"#;

fn scenario(n_nodes: u64, max_unavailable: &str) -> String {
    format!(
        "\
apiVersion: daemonset-playground/v1
kind: Scenario
metadata: {{ name: bench }}
title: Bench
seed: 7
nodePools:
- {{ name: worker, count: {n_nodes} }}
files:
  agent.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {{ name: agent }}
    spec:
      selector: {{ matchLabels: {{ app: agent }} }}
      updateStrategy: {{ rollingUpdate: {{ maxUnavailable: {max_unavailable} }} }}
      template:
        metadata: {{ labels: {{ app: agent }} }}
        spec: {{ containers: [ {{ name: agent, image: \"agent:1\" }} ] }}
"
    )
}

fn main() {
    let runtime = Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        println!("in the browser                 nodes    value  budget");
        for n_nodes in SIZES {
            measure(n_nodes).await;
        }
    });
}

async fn measure(n_nodes: u64) {
    let directory = env::var_os("DIST_DIR").map(PathBuf::from);
    let directory = directory.expect("DIST_DIR is set: run `cargo xtask bench`");
    let site = Site::serve(directory, Host::Whole).await;
    let browser = Browser::start().await;
    // The first time the files come into the browser's cache. What a page before has left behind would
    // count as the memory of this one, so of the larger clusters there is none.
    let visits = if n_nodes == SIZES[0] { 2 } else { 1 };
    for _ in 0..visits {
        let loaded = browser.session().goto(&site.url).await;
        loaded.expect("the page loads");
        let figures = browser.run(FIRST_STEP, []).await;
        if n_nodes == SIZES[0] {
            print(n_nodes, &figures);
        }
    }
    let (max_unavailable, name) = match n_nodes {
        ..=100 => ("1", "rolling update, 1 at a time"),
        _ => ("10%", "rolling update, 10 %"),
    };
    // In a small cluster there are few steps, which the browser has to learn first.
    let lives = if n_nodes <= 100 { 5 } else { 1 };
    let scenario = scenario(n_nodes, max_unavailable);
    let arguments = [json!(scenario), json!(name), json!(lives)];
    let figures = browser.run(LIFE, arguments).await;
    print(n_nodes, &figures);
    let (own, resident) = renderer_mb();
    print(
        n_nodes,
        &json!({ "memory, MB": own, "with the browser's code, MB": resident }),
    );
    browser.quit().await;
}

/// What the process that draws the page holds of its own, in MB, and with the browser's code, which
/// all its processes share. WASM memory only grows, so in the end that is what was needed. Nought
/// where there is no `/proc`.
fn renderer_mb() -> (f64, f64) {
    let held = |process: &Path| {
        let command = fs::read_to_string(process.join("cmdline")).ok()?;
        if !command.contains("--type=renderer") {
            return None;
        }
        let status = fs::read_to_string(process.join("status")).ok()?;
        let mb = |field: &str| {
            let line = status.lines().find(|it| it.starts_with(field))?;
            let kb: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kb / 1000.0)
        };
        Some((mb("RssAnon:")? + mb("RssShmem:")?, mb("VmRSS:")?))
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = processes.filter_map(|it| held(&it.path()));
    all.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
}

fn print(n_nodes: u64, figures: &Value) {
    for (name, value) in figures.as_object().into_iter().flatten() {
        let value = value.as_f64().unwrap_or_default();
        let budget = BUDGETS.iter().find(|it| it.0 == name && it.1 == n_nodes);
        let verdict = match budget {
            Some((_, _, most)) if value <= *most => format!("{most:7.0}  ok"),
            Some((_, _, most)) => format!("{most:7.0}  OVER"),
            None => String::new(),
        };
        println!("{name:30} {n_nodes:5} {value:8.0} {verdict}");
    }
}
