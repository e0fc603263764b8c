//! How long rollouts take natively, and how that grows with the cluster. For people to read: no
//! test depends on it.

use std::{collections::BTreeMap, time::Instant};

// For its allocator.
use cli as _;
use cluster::{Cluster, Timeline};
use kubectl::Files;

const SIZES: [u32; 4] = [100, 500, 1000, 5000];
const LESSON: &str = include_str!("../../web/lessons/first-rollout.yaml");

fn main() {
    let scenario = scenario::Scenario::read(LESSON).expect("the lesson can be read");
    let manifest = &scenario.files["node-exporter.yaml"];
    println!(
        "{:>6}  {:<34}  {:>9}  {:>7}  {:>10}  {:>6}",
        "nodes", "", "time", "steps", "µs a step", "growth"
    );
    let mut before: BTreeMap<&str, (u32, f64)> = BTreeMap::new();
    for size in SIZES {
        let resident = resident_megabytes();
        let mut timeline = Timeline::new(empty_cluster(size));
        let next = manifest.replace("v1.9.0", "v1.9.1");
        let one_by_one = manifest.replace("maxUnavailable: 10%", "maxUnavailable: 1");
        for (name, text) in [
            ("first rollout", manifest),
            ("rolling update, maxUnavailable 10%", &next),
            ("rolling update, maxUnavailable 1", &one_by_one),
        ] {
            let (seconds, steps) = apply_and_settle(&mut timeline, text);
            let growth = before
                .insert(name, (size, seconds))
                .map_or_else(String::new, |(smaller, was)| {
                    format!("{:.1}x for {}x", seconds / was, size / smaller)
                });
            println!(
                "{size:>6}  {name:<34}  {:>7.1}ms  {steps:>7}  {:>10.1}  {growth}",
                seconds * 1e3,
                seconds * 1e6 / steps as f64,
            );
        }
        let started = Instant::now();
        timeline.seek(timeline.len() / 2);
        println!(
            "{size:>6}  {:<34}  {:>7.1}ms",
            "seek to the middle",
            started.elapsed().as_secs_f64() * 1e3
        );
        if let (Some(before), Some(now)) = (resident, resident_megabytes()) {
            let taken = now - before;
            println!(
                "{size:>6}  {:<34}  {taken:>7.0}MB",
                "memory of all three, whole history"
            );
        }
    }
}

/// How much memory the process has, where the system tells.
fn resident_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn empty_cluster(size: u32) -> Cluster {
    let mut cluster = Cluster::new(1);
    for number in 1..=size {
        let text =
            format!("apiVersion: v1\nkind: Node\nmetadata: {{ name: worker-{number:04} }}\n");
        let manifest = objects::manifest::read(&text);
        for (object, _) in manifest.objects {
            cluster.seed(object).expect("a plain node is valid");
        }
    }
    cluster
}

fn apply_and_settle(timeline: &mut Timeline, manifest: &str) -> (f64, usize) {
    let files: Files = BTreeMap::from([("a.yaml".to_owned(), manifest.to_owned())]);
    let before = timeline.len();
    let started = Instant::now();
    let output = kubectl::execute("apply -f a.yaml", &files, timeline);
    assert_eq!(output.exit_code, 0, "{}", output.text);
    while timeline.forward().is_some() {}
    (started.elapsed().as_secs_f64(), timeline.len() - before)
}
