//! How long one sync of a DaemonSet at rest takes, and how that grows with the cluster. For people
//! to read: no test depends on it.

use std::{hint::black_box, time::Instant};

use controller::{Backoff, Observed, reconcile, template::Pattern};
use objects::{
    Condition, ConditionStatus, ConditionType, ControllerRevision, DaemonSet, Millis, Node, Object,
    Phase, Pod, Timestamp, manifest,
};

const SIZES: [usize; 3] = [100, 500, 5000];
const BUDGET_MS: f64 = 2.0;
const NOW: &str = "2026-01-01T01:00:00Z";

struct World {
    daemon_set: DaemonSet,
    nodes: Vec<Node>,
    pods: Vec<Pod>,
    revisions: Vec<ControllerRevision>,
}

fn main() {
    println!(
        "{:>6}  {:<24}  {:>9}  {:>8}  growth",
        "nodes", "one sync at rest", "median", "budget"
    );
    let mut before: Option<(usize, f64)> = None;
    for size in SIZES {
        let ms = median_ms(&world(size));
        let growth = before.map_or_else(String::new, |(smaller, was)| {
            format!("{:.1}x for {}x", ms / was, size / smaller)
        });
        let budget = match size {
            5000 if ms <= BUDGET_MS => "2ms ok",
            5000 => "2ms OVER",
            _ => "",
        };
        println!("{size:>6}  {:<24}  {ms:>7.3}ms  {budget:>8}  {growth}", "");
        before = Some((size, ms));
    }
}

fn median_ms(world: &World) -> f64 {
    let now = objects::time::parse_rfc3339(NOW).expect("a moment");
    let backoff = Backoff::default();
    let mut times: Vec<f64> = (0..201)
        .map(|_| {
            let started = Instant::now();
            let observed = Observed {
                nodes: world.nodes.iter().collect(),
                pods: world.pods.iter().collect(),
                revisions: world.revisions.iter().collect(),
                ..Observed::nothing(&backoff)
            };
            let plan = reconcile(black_box(&observed), &world.daemon_set, now);
            assert!(
                plan.by.is_none() && plan.status.number_available as usize == world.nodes.len()
            );
            drop(plan);
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Every node has its pod, available. The pods come in the order of their names, which is none of
/// their nodes.
fn world(size: usize) -> World {
    let mut text = String::from(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: a, uid: u, namespace: default, generation: 1, annotations: { deprecated.daemonset.template.generation: '1' } }\nspec:\n  selector: { matchLabels: { app: a } }\n  template: { metadata: { labels: { app: a } }, spec: { nodeSelector: { kubernetes.io/os: linux }, tolerations: [ { key: gpu, operator: Exists } ], containers: [ { name: a, image: 'a:1' } ] } }\n",
    );
    for i in 0..size {
        text += &format!(
            "---\napiVersion: v1\nkind: Node\nmetadata: {{ name: worker-{i:04}, labels: {{ kubernetes.io/os: linux, kubernetes.io/hostname: worker-{i:04} }} }}\n"
        );
    }
    let mut world = World {
        daemon_set: DaemonSet::default(),
        nodes: Vec::new(),
        pods: Vec::new(),
        revisions: Vec::new(),
    };
    let manifest = manifest::read(&text);
    assert!(manifest.problems.is_empty(), "{}", manifest.problems[0]);
    for (mut object, _) in manifest.objects {
        object.default();
        match object {
            Object::DaemonSet(it) => world.daemon_set = *it,
            Object::Node(it) => world.nodes.push(*it),
            _ => {}
        }
    }
    let backoff = Backoff::default();
    let plan = reconcile(&Observed::nothing(&backoff), &world.daemon_set, Millis(0));
    let pattern = Pattern::new(&world.daemon_set, &plan.hash);
    world.revisions.extend(plan.revisions.create);
    let made = (0..)
        .zip(&world.nodes)
        .map(|(i, node)| pod(&pattern, i, node));
    world.pods = made.collect();
    world
        .pods
        .sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    world
}

/// A pod as the controller, the scheduler and the kubelet leave it.
fn pod(pattern: &Pattern, i: u64, node: &Node) -> Pod {
    let moment = |text| objects::time::parse_rfc3339(text).map(Timestamp::from_unix_millis);
    let mut pod = pattern.pod(&node.metadata.name);
    let name = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    pod.metadata.name = format!("a-{name:06x}-{i}").into();
    pod.metadata.creation_timestamp = moment("2026-01-01T00:00:00Z");
    pod.spec.node_name = node.metadata.name.clone();
    pod.status.phase = Phase::Running;
    let condition = |type_| Condition {
        type_,
        status: ConditionStatus::True,
        last_transition_time: moment("2026-01-01T00:01:00Z"),
        ..Condition::default()
    };
    let types = [
        ConditionType::PodReadyToStartContainers,
        ConditionType::Initialized,
        ConditionType::Ready,
        ConditionType::ContainersReady,
        ConditionType::PodScheduled,
    ];
    pod.status.conditions = types.map(condition).into();
    pod
}
