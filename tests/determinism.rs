//! One scenario with all kinds of trouble gives the same bytes, however often it is played.
#![cfg(not(target_arch = "wasm32"))]

use std::thread;

use cluster::{Cluster, DeleteOptions, Input, Key, ObjectRef, Propagation, Timeline};
use kubectl::Files;

const RUNS: usize = 1000;

const NODES: &str = "\
---
apiVersion: v1
kind: Node
metadata: {name: n1}
---
apiVersion: v1
kind: Node
metadata: {name: n2}
---
apiVersion: v1
kind: Node
metadata: {name: n3}
";

const AGENT: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  minReadySeconds: 2
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: 'agent:1'}]}
  updateStrategy: {rollingUpdate: {maxUnavailable: 2}}
";

/// What is done, and for how many steps it is left to itself then.
const DEEDS: [(&str, usize); 10] = [
    ("kubectl apply -f agent.yaml", 30),
    ("kubectl apply -f surging.yaml", 12),
    ("fault node/n2 power off", 15),
    ("kubectl apply -f next.yaml", 9),
    ("fault component daemonset-controller stop", 3),
    ("fault image agent:2 crash", 3),
    ("fault component daemonset-controller start", 25),
    ("fault node/n2 power on", 40),
    ("kubectl delete node n3", 20),
    ("delete agent and what it owns first", 60),
];

/// The digest of the cluster in the end, and how many steps led there.
fn play() -> (String, usize) {
    let surging = AGENT.replace("maxUnavailable: 2", "maxSurge: 1, maxUnavailable: 0");
    let files = Files::from([
        ("agent.yaml".to_owned(), AGENT.to_owned()),
        (
            "surging.yaml".to_owned(),
            surging.replace("agent:1", "agent:3"),
        ),
        (
            "next.yaml".to_owned(),
            surging.replace("agent:1", "agent:2"),
        ),
    ]);
    let mut cluster = Cluster::new(7);
    for (node, _) in objects::manifest::read(NODES).objects {
        cluster.seed(node).expect("a node is valid");
    }
    let mut timeline = Timeline::new(cluster);
    for (deed, n_steps) in DEEDS {
        if let Some(command) = deed.strip_prefix("kubectl ") {
            let output = kubectl::execute(command, &files, &mut timeline);
            assert_eq!(output.exit_code, 0, "{command}: {}", output.text);
        } else if let Some(fault) = deed.strip_prefix("fault ") {
            let fault = fault.parse().expect("a fault that there is");
            let done = timeline.act(Input::Fault(fault), deed);
            assert!(done.is_ok(), "{deed}");
        } else {
            let object = ObjectRef::daemon_set(&Key::new("default", "agent"));
            let options = DeleteOptions {
                propagation: Propagation::Foreground,
                ..DeleteOptions::default()
            };
            let done = timeline.act(Input::Delete { object, options }, deed);
            assert!(done.is_ok(), "{deed}");
        }
        for _ in 0..n_steps {
            if timeline.forward().is_none() {
                break;
            }
        }
    }
    (timeline.cluster().digest(), timeline.len())
}

#[test]
fn a_thousand_runs_give_one_digest() {
    let first = play();
    assert!(first.1 > 100, "only {} steps", first.1);
    thread::scope(|scope| {
        let half = || {
            for run in 0..RUNS / 2 {
                assert_eq!(play(), first, "run {run}");
            }
        };
        scope.spawn(half);
        half();
    });
}
