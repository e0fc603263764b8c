//! No text makes anything panic: manifests, scenarios and command lines, damaged at random places.
//! The seed stands in the message of a failure.

use std::panic;

use tests::{Random, daemonset, root};

const ROUNDS: u64 = 1500;

/// What tends to hurt: syntax, odd numbers, keys and types in the wrong place.
const SPLINTERS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\n",
    "\t",
    "&a ",
    "*a",
    "!!binary ",
    "|",
    "null",
    "~",
    "-1",
    "99999999999999999999",
    "1e400",
    "0%",
    "\u{0}",
    "é",
    "'",
    "\"",
    "---\n",
    "spec:",
];

fn damaged(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(chars.len() + 1);
        let splinter: Vec<char> = SPLINTERS[random.below(SPLINTERS.len())].chars().collect();
        let to = (at + random.below(6)).min(chars.len());
        chars.splice(at..to, splinter);
    }
    chars.into_iter().collect()
}

fn without_panic(what: &str, seed: u64, text: &str, act: impl FnOnce() + panic::UnwindSafe) {
    if panic::catch_unwind(act).is_err() {
        panic!("{what} panicked with seed {seed} on:\n{text}");
    }
}

#[test]
fn no_damaged_text_makes_anything_panic() {
    let lesson = std::fs::read_to_string(root("web/lessons/first-rollout.yaml"))
        .expect("the lesson is there");
    let manifest = scenario::Scenario::read(&lesson)
        .expect("the lesson can be read")
        .files["node-exporter.yaml"]
        .clone();
    let node = "---\napiVersion: v1\nkind: Node\nmetadata: {name: a, labels: {kubernetes.io/os: linux}}\nspec: {taints: [{key: k, effect: NoExecute}]}\n";
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: node-exporter}, creationTimestamp: '2026-01-01T00:00:00Z'}\nspec: {nodeName: a, containers: [{name: c, image: i, resources: {requests: {cpu: 1.5}}}]}\nstatus: {phase: Running, conditions: [{type: Ready, status: 'True'}]}\n";
    let world = format!("{manifest}{node}{pod}");
    let mut n_reconciled = 0;
    for seed in 0..ROUNDS {
        let mut random = Random(seed);
        let text = damaged(&world, &mut random);
        without_panic("lint", seed, &text, || {
            drop(daemonset(&["lint", "-"], &text))
        });
        without_panic("reconcile", seed, &text, || {
            drop(daemonset(&["reconcile", "-"], &text))
        });
        n_reconciled += usize::from(daemonset(&["reconcile", "-"], &text).exit_code == 0);
        let text = damaged(&lesson, &mut random);
        without_panic("run", seed, &text, || drop(daemonset(&["run", "-"], &text)));
    }
    assert!(
        n_reconciled > 20,
        "only {n_reconciled} of {ROUNDS} texts were still worlds"
    );
}

#[test]
fn no_damaged_command_makes_kubectl_panic() {
    for seed in 0..ROUNDS {
        let mut random = Random(seed);
        let line = damaged(
            "delete pod/a node b -n x --grace-period=5 --force -f 'a b.yaml'",
            &mut random,
        );
        without_panic("kubectl", seed, &line, || {
            let mut timeline = cluster::Timeline::new(cluster::Cluster::new(1));
            drop(kubectl::execute(
                &line,
                &kubectl::Files::new(),
                &mut timeline,
            ));
        });
    }
}
