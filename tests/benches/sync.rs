//! How long one sync of a DaemonSet at rest takes, and how that grows with the cluster. For people
//! to read: no test depends on it.

use std::{collections::BTreeMap, hint::black_box, time::Instant};

use controller::{
    Backoff, Index, Observed,
    observed::{Listers, Memory},
    reconcile, sync,
    template::Pattern,
};
use objects::{
    Condition, ConditionStatus, ConditionType, ControllerRevision, DaemonSet, Millis, Name, Node,
    Object, Phase, Pod, Timestamp, manifest,
};

const SIZES: [usize; 3] = [100, 500, 5000];
const BUDGET_US: f64 = 2000.0;
const NOW: &str = "2026-01-01T01:00:00Z";

struct World {
    daemon_set: DaemonSet,
    nodes: BTreeMap<Name, Node>,
    pods: BTreeMap<Name, Pod>,
    revisions: Vec<ControllerRevision>,
}

fn main() {
    println!(
        "{:>6}  {:<34}  {:>10}  {:>8}  growth",
        "nodes", "a sync at rest", "median", "budget"
    );
    let mut before: Option<(usize, [f64; 3])> = None;
    for size in SIZES {
        let world = world(size);
        let medians = [first(&world), again(&world, 0), again(&world, 10)];
        let names = [
            "the first, of all nodes and pods",
            "another, nothing has changed",
            "another, ten pods have changed",
        ];
        for (i, (name, us)) in names.into_iter().zip(medians).enumerate() {
            let growth = before.map_or_else(String::new, |(smaller, was)| {
                format!("{:.1}x for {}x", us / was[i], size / smaller)
            });
            let budget = match size {
                5000 if i > 0 && us <= BUDGET_US => "2ms ok",
                5000 if i > 0 => "2ms OVER",
                _ => "",
            };
            println!("{size:>6}  {name:<34}  {us:>8.1}us  {budget:>8}  {growth}");
        }
        before = Some((size, medians));
    }
}

fn median_us(mut sync: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..201)
        .map(|_| {
            let started = Instant::now();
            sync();
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn first(world: &World) -> f64 {
    median_us(|| world.sync(&mut Index::default()))
}

fn again(world: &World, n_changed: usize) -> f64 {
    let mut index = Index::default();
    world.sync(&mut index);
    let names: Vec<&Name> = world.pods.keys().collect();
    let mut next = 0;
    median_us(|| {
        for _ in 0..n_changed {
            next = (next + 37) % names.len();
            index.pod_changed(names[next]);
        }
        world.sync(&mut index);
    })
}

impl World {
    fn sync(&self, index: &mut Index) {
        let now = objects::time::parse_rfc3339(NOW).expect("a moment");
        let backoff = Backoff::default();
        let memory = Memory {
            expectations_met: true,
            failed_pods_backoff: &backoff,
        };
        let plan = sync(index, black_box(self), memory, &self.daemon_set, now);
        assert!(plan.by.is_none() && plan.status.number_available as usize == self.nodes.len());
    }
}

impl Listers for World {
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    fn node(&self, name: &Name) -> Option<&Node> {
        self.nodes.get(name)
    }

    fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.pods.values()
    }

    fn pod(&self, name: &Name) -> Option<&Pod> {
        self.pods.get(name)
    }

    fn revisions(&self) -> impl Iterator<Item = &ControllerRevision> {
        self.revisions.iter()
    }
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
        nodes: BTreeMap::new(),
        pods: BTreeMap::new(),
        revisions: Vec::new(),
    };
    let manifest = manifest::read(&text);
    assert!(manifest.problems.is_empty(), "{}", manifest.problems[0]);
    for (mut object, _) in manifest.objects {
        object.default();
        match object {
            Object::DaemonSet(it) => world.daemon_set = *it,
            Object::Node(it) => drop(world.nodes.insert(it.metadata.name.clone(), *it)),
            _ => {}
        }
    }
    let backoff = Backoff::default();
    let plan = reconcile(&Observed::nothing(&backoff), &world.daemon_set, Millis(0));
    let pattern = Pattern::new(&world.daemon_set, plan.hash());
    world.revisions.extend(plan.revisions.create);
    for (i, node) in (0..).zip(world.nodes.values()) {
        let pod = pod(&pattern, i, node);
        world.pods.insert(pod.metadata.name.clone(), pod);
    }
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
