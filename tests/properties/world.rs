//! Worlds by chance: what the controller may meet, the odd and the broken included.

use std::fmt;

use cluster::rng::Rng;
use controller::{
    Backoff, Decision, Index, Observed, Plan,
    daemon_pods::{Current, POD_TEMPLATE_GENERATION, is_available},
    placement::Rules,
    reconcile,
    template::{owner_reference, revision_labels},
    template_hash,
};
use objects::{
    Affinity, Condition, ConditionStatus, Container, ControllerRevision, DaemonSet, Effect,
    LabelSelector, Labels, Millis, Name, Node, NodeAffinity, NodeSelector, ObjectMeta,
    OwnerReference, Phase, Pod, PodSpec, PodTemplateSpec, RevisionData, Shared, Taint, Timestamp,
    controller_revision::HASH_LABEL, daemon_set::TEMPLATE_GENERATION,
};
use serde_json::{Value, json};

/// 2026-01-01T00:00:00Z.
const NOW: Timestamp = Timestamp(1_767_225_600);
const GENERATION: i64 = 7;

/// Chance, from a seed.
pub(crate) struct Dice(Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rng::new(seed))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound as u64) as usize
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// All that one sync sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct World {
    pub(crate) daemon_set: DaemonSet,
    /// By name.
    pub(crate) nodes: Vec<Node>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) revisions: Vec<ControllerRevision>,
    pub(crate) expectations_met: bool,
    pub(crate) backoff: Backoff,
    pub(crate) now: Millis,
}

impl World {
    /// Any world: in one half all is well but for the template, in the other nothing need be.
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let nodes = nodes(dice);
        Self::with_nodes(dice, "agent", nodes)
    }

    /// Any world of a DaemonSet of this name, whose labels no DaemonSet of another name selects.
    pub(crate) fn with_nodes(dice: &mut Dice, name: &str, nodes: Vec<Node>) -> Self {
        let mut world = Self::without_pods(dice, name, nodes);
        if dice.percent(50) {
            world.revisions = tidy_revisions(dice, &world.daemon_set);
            world.pods = calm_pods(dice, &world);
        } else {
            world.revisions = wild_revisions(dice, &world.daemon_set);
            world.pods = wild_pods(dice, &world);
            for node in &world.nodes {
                if dice.percent(15) {
                    let ago = Millis(dice.pick(&[200, 1000, 10_000, 2_000_000]));
                    let delay = Millis::from_secs(dice.pick(&[1, 2, 4, 900]));
                    let (daemon_set, name) = (&world.daemon_set, &node.metadata.name);
                    world
                        .backoff
                        .remember(daemon_set, name, world.now - ago, delay);
                }
            }
            world.expectations_met = dice.percent(90);
            if dice.percent(3) {
                world.daemon_set.metadata.deletion_timestamp = Some(NOW);
            }
            if dice.percent(2) {
                world.daemon_set.spec.selector = Some(LabelSelector::default());
            }
        }
        world
    }

    /// A world in which a template has just been changed: every node that should run a pod has an
    /// available one of the template before.
    pub(crate) fn before_rollout(dice: &mut Dice) -> Self {
        let nodes = nodes(dice);
        let mut world = Self::without_pods(dice, "agent", nodes);
        let strategy = if dice.percent(50) {
            without_surge(dice)
        } else {
            with_surge(dice)
        };
        world.daemon_set.spec.update_strategy = read(strategy);
        world.revisions = vec![revision(&world.daemon_set, "v0", 1)];
        let rules = Rules::new(&world.daemon_set);
        for node in &world.nodes {
            let decision = rules.decide(node);
            if decision.should_run || decision.should_continue_running && dice.percent(50) {
                let name = format!("old-{}", node.metadata.name);
                let pod = healthy_pod(&world.daemon_set, &name, &node.metadata.name, "v0");
                world.pods.push(pod);
            }
        }
        world
    }

    /// A plain DaemonSet and so many plain nodes, each with a failed pod if so wanted.
    pub(crate) fn plain(n_nodes: usize, with_failed_pods: bool) -> Self {
        let mut world = Self::without_pods(&mut Dice::new(0), "agent", Vec::new());
        let template = &mut world.daemon_set.spec.template;
        template.spec = PodSpec::default();
        for i in 0..n_nodes {
            let name = format!("n{i:03}");
            let mut node = Node::default();
            node.metadata.name = name.as_str().into();
            world.nodes.push(node);
            let mut pod = healthy_pod(&world.daemon_set, &name, &name, "now");
            pod.status.phase = Phase::Failed;
            world.pods.extend(with_failed_pods.then_some(pod));
        }
        world
    }

    fn without_pods(dice: &mut Dice, name: &str, nodes: Vec<Node>) -> Self {
        Self {
            daemon_set: daemon_set(dice, name),
            nodes,
            pods: Vec::new(),
            revisions: Vec::new(),
            expectations_met: true,
            backoff: Backoff::default(),
            now: NOW.to_unix_millis() + Millis(dice.pick(&[0, 500])),
        }
    }

    pub(crate) fn observed(&self) -> Observed<'_> {
        Observed {
            nodes: self.nodes.iter().collect(),
            pods: self.pods.iter().collect(),
            revisions: self.revisions.iter().collect(),
            expectations_met: self.expectations_met,
            failed_pods_backoff: &self.backoff,
        }
    }

    /// Some pods and nodes go, others come or become as they are in another world; time passes, or is
    /// gone back in. The DaemonSet changes seldom.
    pub(crate) fn change(&mut self, dice: &mut Dice, index: &mut Index) {
        let other = Self::random(dice);
        self.pods.retain(|pod| {
            let stays = dice.below(5) > 0;
            if !stays {
                index.pod_changed(&pod.metadata.name);
            }
            stays
        });
        for pod in other.pods {
            if dice.below(3) == 0 {
                index.pod_changed(&pod.metadata.name);
                self.pods.retain(|it| it.metadata.name != pod.metadata.name);
                self.pods.push(pod);
            }
        }
        self.nodes.retain(|node| {
            let stays = dice.below(6) > 0;
            if !stays {
                index.node_changed(&node.metadata.name);
            }
            stays
        });
        for node in other.nodes {
            if dice.below(3) == 0 {
                index.node_changed(&node.metadata.name);
                self.nodes
                    .retain(|it| it.metadata.name != node.metadata.name);
                self.nodes.push(node);
            }
        }
        // Plans list pods by name.
        self.pods
            .sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
        match dice.below(8) {
            0 => self.daemon_set = other.daemon_set,
            1 => self.expectations_met = !self.expectations_met,
            _ => {}
        }
        self.now = self.now + Millis(dice.pick(&[0, 1, 500, 5000, 60_000, -500, -60_000]));
    }

    pub(crate) fn decisions(&self) -> Vec<Decision> {
        self.observed().decisions(&self.daemon_set)
    }

    pub(crate) fn plan(&self) -> Plan {
        reconcile(&self.observed(), &self.daemon_set, self.now)
    }

    pub(crate) fn pod(&self, name: &Name) -> &Pod {
        let mut pods = self.pods.iter();
        pods.find(|pod| pod.metadata.name == *name)
            .unwrap_or_else(|| panic!("there is no pod {name}"))
    }

    pub(crate) fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.metadata.name == *name)
    }

    /// Whether the DaemonSet is one that the controller does nothing about.
    pub(crate) fn is_left_alone(&self) -> bool {
        let selector = self.daemon_set.spec.selector.as_ref();
        self.daemon_set.metadata.is_being_deleted()
            || selector.is_some_and(|selector| selector.is_empty())
    }

    pub(crate) fn selects(&self, labels: &Labels) -> bool {
        let selector = self.daemon_set.spec.selector.as_ref();
        selector.is_some_and(|selector| selector.matches(labels))
    }

    /// Whether the DaemonSet is the object's controller.
    pub(crate) fn owns(&self, object: &ObjectMeta) -> bool {
        let owner = object.controller();
        owner.is_some_and(|owner| owner.uid == self.daemon_set.metadata.uid)
    }
}

/// For what is written down here.
fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("what is written here can be read")
}

fn nodes(dice: &mut Dice) -> Vec<Node> {
    let n_nodes = dice.below(15).max(dice.below(15));
    let mut nodes: Vec<Node> = (0..n_nodes).map(|i| node(dice, i)).collect();
    nodes.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    nodes
}

fn node(dice: &mut Dice, i: usize) -> Node {
    let mut node = Node::default();
    node.metadata.name = format!("n{i}").into();
    for (key, values) in [
        ("zone", &["a", "a", "b", "c"][..]),
        ("disk", &["ssd", "ssd", "hdd"]),
        ("gpu", &["yes"]),
        ("cores", &["2", "8", "many"]),
    ] {
        if dice.percent(if key == "gpu" { 20 } else { 85 }) {
            let value = dice.pick(values).to_owned();
            node.metadata.labels.insert(key.into(), value);
        }
    }
    for _ in 0..dice.pick(&[0, 0, 0, 0, 0, 1, 1, 2]) {
        let key = dice.pick(&[
            "dedicated",
            "node-role.kubernetes.io/control-plane",
            "node.kubernetes.io/disk-pressure",
            "node.kubernetes.io/network-unavailable",
            "node.kubernetes.io/not-ready",
            "node.kubernetes.io/out-of-service",
            "node.kubernetes.io/unreachable",
            "node.kubernetes.io/unschedulable",
        ]);
        let effect = dice.pick(&[
            Effect::NoSchedule,
            Effect::NoSchedule,
            Effect::NoExecute,
            Effect::PreferNoSchedule,
        ]);
        let mut taint = Taint::new(key, effect);
        taint.value = dice.pick(&["", "", "db"]).into();
        node.spec.taints.push(taint);
    }
    // Nobody should read these.
    node.spec.unschedulable = dice.percent(10);
    if dice.percent(5) {
        node.metadata.deletion_timestamp = Some(NOW);
    }
    node
}

fn daemon_set(dice: &mut Dice, name: &str) -> DaemonSet {
    let selector = match dice.below(5) {
        0 => json!({ "matchExpressions": [
            { "key": "app", "operator": "In", "values": [name, "nothing"] },
            { "key": "released", "operator": "DoesNotExist" },
        ]}),
        _ => json!({ "matchLabels": { "app": name } }),
    };
    let strategy = match dice.below(8) {
        0 => json!({ "type": "OnDelete" }),
        1..5 => without_surge(dice),
        _ => with_surge(dice),
    };
    let generation = match dice.below(10) {
        0 => json!({}),
        1 => json!({ TEMPLATE_GENERATION: "seven" }),
        _ => json!({ TEMPLATE_GENERATION: "2" }),
    };
    let mut daemon_set: DaemonSet = read(json!({
        "metadata": {
            "name": name, "namespace": "default", "uid": format!("uid-of-{name}"),
            "generation": GENERATION, "annotations": generation,
        },
        "spec": {
            "minReadySeconds": dice.pick(&[0, 0, 0, 5, 30]),
            "revisionHistoryLimit": dice.pick(&[0, 1, 2, 10]),
            "selector": selector,
            "template": {
                "metadata": { "labels": { "app": name } },
                "spec": pod_spec(dice),
            },
            "updateStrategy": strategy,
        },
    }));
    daemon_set.spec.template = at_version(&daemon_set, "now");
    if dice.percent(10) {
        daemon_set.spec.revision_history_limit = None;
    }
    let status = &mut daemon_set.status;
    status.observed_generation = dice.pick(&[0, GENERATION - 1, GENERATION, GENERATION]);
    status.collision_count = dice.pick(&[None, None, None, Some(1)]);
    status.desired_number_scheduled = dice.pick(&[0, 3]);
    status.number_ready = dice.pick(&[0, 2]);
    daemon_set
}

fn without_surge(dice: &mut Dice) -> Value {
    let max_unavailable = dice.pick(&[
        json!(0),
        json!(1),
        json!(1),
        json!(2),
        json!(3),
        json!("10%"),
        json!("34%"),
        json!("100%"),
    ]);
    json!({ "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": max_unavailable, "maxSurge": 0 } })
}

fn with_surge(dice: &mut Dice) -> Value {
    let max_surge = dice.pick(&[
        json!(1),
        json!(1),
        json!(2),
        json!("10%"),
        json!("34%"),
        json!("100%"),
    ]);
    // The API server takes only 0 beside a surge; the controller then reads neither.
    let max_unavailable = dice.pick(&[0, 0, 0, 0, 2]);
    json!({ "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": max_unavailable, "maxSurge": max_surge } })
}

fn pod_spec(dice: &mut Dice) -> Value {
    let mut spec = json!({});
    if dice.percent(15) {
        spec["nodeSelector"] = dice.pick(&[json!({ "disk": "ssd" }), json!({ "zone": "a" })]);
    }
    if dice.percent(25) {
        let n_terms = dice.pick(&[0, 1, 1, 2, 2, 2, 2, 2]);
        let terms: Vec<Value> = (0..n_terms).map(|_| term(dice)).collect();
        spec["affinity"] = json!({ "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": terms },
        }});
    }
    let tolerations = [
        json!({ "operator": "Exists" }),
        json!({ "operator": "Exists", "effect": "NoSchedule" }),
        json!({ "key": "dedicated", "operator": "Exists" }),
        json!({ "key": "dedicated", "value": "db", "effect": "NoSchedule" }),
        json!({ "key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoSchedule" }),
        json!({ "key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60 }),
    ];
    let n_tolerations = dice.pick(&[0, 0, 0, 1, 1, 2]);
    spec["tolerations"] = (0..n_tolerations)
        .map(|_| dice.pick(&tolerations))
        .collect();
    spec["hostNetwork"] = dice.percent(20).into();
    if dice.percent(4) {
        spec["nodeName"] = "n1".into();
    }
    spec
}

fn term(dice: &mut Dice) -> Value {
    let expressions = [
        json!({ "key": "zone", "operator": "In", "values": ["a", "b"] }),
        json!({ "key": "zone", "operator": "NotIn", "values": ["c"] }),
        json!({ "key": "gpu", "operator": "DoesNotExist" }),
        json!({ "key": "disk", "operator": "Exists" }),
        json!({ "key": "cores", "operator": "Gt", "values": ["4"] }),
        json!({ "key": "cores", "operator": "Roughly", "values": ["4"] }),
    ];
    let fields = [
        json!({ "key": "metadata.name", "operator": "In", "values": ["n3"] }),
        json!({ "key": "metadata.name", "operator": "NotIn", "values": ["n3"] }),
    ];
    let mut term = json!({});
    let n_expressions = dice.pick(&[0, 1, 1, 1, 1, 2]);
    term["matchExpressions"] = (0..n_expressions)
        .map(|_| dice.pick(&expressions))
        .collect();
    if dice.percent(20) {
        term["matchFields"] = json!([dice.pick(&fields)]);
    }
    term
}

/// The template as it is or was at a version; "now" is the DaemonSet's.
fn at_version(daemon_set: &DaemonSet, version: &str) -> Shared<PodTemplateSpec> {
    let mut template = (*daemon_set.spec.template).clone();
    template.spec.containers = Shared::from(vec![Container {
        name: "agent".into(),
        image: format!("agent:{version}").into(),
        ..Container::default()
    }]);
    template.into()
}

/// The hash of a version; only that of the present one has a meaning.
fn hash_of(daemon_set: &DaemonSet, version: &str) -> String {
    match version {
        "now" => template_hash(&daemon_set.spec.template, daemon_set.status.collision_count),
        other => format!("hash-of-{other}"),
    }
}

fn revision(daemon_set: &DaemonSet, version: &str, number: i64) -> ControllerRevision {
    let template = at_version(daemon_set, version);
    let hash = hash_of(daemon_set, version);
    ControllerRevision {
        metadata: ObjectMeta {
            name: format!("{}-{hash}", daemon_set.metadata.name).into(),
            namespace: daemon_set.metadata.namespace.clone(),
            labels: revision_labels(&template, &hash),
            owner_references: vec![owner_reference(daemon_set)].into(),
            ..ObjectMeta::default()
        },
        data: RevisionData::Template(template),
        revision: number,
        ..ControllerRevision::default()
    }
}

/// The past, and perhaps the present already; after a rollback the numbers are in no order.
fn tidy_revisions(dice: &mut Dice, daemon_set: &DaemonSet) -> Vec<ControllerRevision> {
    let mut versions = vec!["v0", "v1", "v2", "v3"];
    versions.truncate(dice.below(5));
    if dice.percent(65) {
        versions.push("now");
    }
    if dice.percent(25) {
        dice.shuffle(&mut versions);
    }
    (1..)
        .zip(versions)
        .map(|(number, version)| revision(daemon_set, version, number))
        .collect()
}

fn wild_revisions(dice: &mut Dice, daemon_set: &DaemonSet) -> Vec<ControllerRevision> {
    let mut revisions = tidy_revisions(dice, daemon_set);
    if dice.percent(12) {
        let mut duplicate = revision(daemon_set, "now", 50);
        duplicate.metadata.name = format!("{}-duplicate", daemon_set.metadata.name).into();
        duplicate
            .metadata
            .labels
            .insert(HASH_LABEL.into(), "duplicate".into());
        revisions.push(duplicate);
    }
    for revision in &mut revisions {
        let metadata = &mut revision.metadata;
        match dice.below(12) {
            0 => drop(metadata.labels.remove(HASH_LABEL)),
            1 => metadata.owner_references.clear(),
            2 => metadata.owner_references = vec![somebody_else()].into(),
            3 => drop(metadata.labels.insert("app".into(), "former".into())),
            4 => revision.data = RevisionData::Other(json!({ "spec": {} })),
            _ => {}
        }
    }
    revisions
}

fn somebody_else() -> OwnerReference {
    OwnerReference {
        controller: Some(true),
        kind: "DaemonSet".into(),
        name: "somebody-else".into(),
        uid: "uid-of-somebody-else".into(),
        ..OwnerReference::default()
    }
}

/// A pod that has run for a day.
fn healthy_pod(daemon_set: &DaemonSet, name: &str, node: &str, version: &str) -> Pod {
    let mut labels = daemon_set.spec.template.metadata.labels.clone();
    labels.insert(HASH_LABEL.into(), hash_of(daemon_set, version));
    let generation = daemon_set.template_generation();
    let generation = generation.map(|now| if version == "now" { now } else { now - 1 });
    labels.extend(generation.map(|it| (POD_TEMPLATE_GENERATION.to_owned(), it.to_string())));
    let a_day_ago = Timestamp(NOW.0 - 86_400);
    let metadata = ObjectMeta {
        name: format!("{}-{name}", daemon_set.metadata.name).into(),
        namespace: daemon_set.metadata.namespace.clone(),
        labels,
        creation_timestamp: Some(a_day_ago),
        owner_references: vec![owner_reference(daemon_set)].into(),
        ..ObjectMeta::default()
    };
    let mut pod = Pod {
        metadata,
        ..Pod::default()
    };
    pod.spec.node_name = node.into();
    pod.status.phase = Phase::Running;
    pod.status.conditions = vec![ready(ConditionStatus::True, Some(a_day_ago))];
    pod
}

pub(crate) fn ready(status: ConditionStatus, since: Option<Timestamp>) -> Condition {
    Condition {
        type_: "Ready".into(),
        status,
        last_transition_time: since,
        ..Condition::default()
    }
}

/// A version, the present one as often as all others.
fn version(dice: &mut Dice) -> &'static str {
    dice.pick(&["now", "now", "now", "now", "v0", "v1", "v2", "v3"])
}

/// One pod on a node, here and there a second one, and only where one may be.
fn calm_pods(dice: &mut Dice, world: &World) -> Vec<Pod> {
    let rules = Rules::new(&world.daemon_set);
    let mut pods = Vec::new();
    let (some_are_missing, some_are_not_ready) = (dice.percent(20), dice.percent(50));
    let some_have_a_second = dice.percent(20);
    for (i, node) in world.nodes.iter().enumerate() {
        let decision = rules.decide(node);
        let is_there = match (decision.should_run, decision.should_continue_running) {
            (true, _) => !some_are_missing || dice.percent(80),
            (false, true) => dice.percent(70),
            (false, false) => false,
        };
        if !is_there {
            continue;
        }
        let (name, node) = (format!("p{i}"), &node.metadata.name);
        let mut pod = healthy_pod(&world.daemon_set, &name, node, version(dice));
        if some_are_not_ready && dice.percent(40) {
            // Or ready for too short a time.
            pod.status.conditions = vec![ready(dice.pick(&STATUSES), Some(NOW))];
        }
        // One that surges already, or is a duplicate.
        if some_have_a_second && dice.percent(20) {
            let mut second = pod.clone();
            second.metadata.name = format!("{}-second", second.metadata.name).into();
            second.metadata.creation_timestamp = Some(NOW);
            let hash = hash_of(&world.daemon_set, "now");
            second.metadata.labels.insert(HASH_LABEL.into(), hash);
            second.status.conditions = vec![ready(dice.pick(&STATUSES), Some(NOW))];
            pods.push(second);
        }
        pods.push(pod);
    }
    if dice.percent(15) {
        let version = version(dice);
        pods.push(healthy_pod(&world.daemon_set, "left", "gone-0", version));
    }
    pods
}

const STATUSES: [ConditionStatus; 3] = [
    ConditionStatus::True,
    ConditionStatus::False,
    ConditionStatus::Unknown,
];

/// Any pods anywhere, also on nodes that do not exist.
fn wild_pods(dice: &mut Dice, world: &World) -> Vec<Pod> {
    let mut targets: Vec<Name> = world
        .nodes
        .iter()
        .map(|it| it.metadata.name.clone())
        .collect();
    targets.extend(["gone-0", "gone-1"].map(Name::from));
    let mut pods = Vec::new();
    for target in &targets {
        let n_pods = match target.starts_with("gone") {
            true => dice.pick(&[0, 0, 0, 1, 2]),
            false => dice.pick(&[0, 1, 1, 1, 1, 2, 2, 3]),
        };
        for _ in 0..n_pods {
            let name = format!("p{}", pods.len());
            pods.push(wild_pod(dice, world, &name, target));
        }
    }
    pods
}

fn wild_pod(dice: &mut Dice, world: &World, name: &str, node: &str) -> Pod {
    let daemon_set = &world.daemon_set;
    let mut pod = healthy_pod(daemon_set, name, node, version(dice));
    let metadata = &mut pod.metadata;
    match dice.below(20) {
        0 => metadata.owner_references.clear(),
        1 => drop(metadata.labels.insert("app".into(), "former".into())),
        2 => metadata.owner_references = vec![somebody_else()].into(),
        3 => {
            metadata.owner_references.clear();
            metadata.labels = Shared::default();
        }
        _ => {}
    }
    match dice.below(12) {
        0 => drop(metadata.labels.remove(HASH_LABEL)),
        1 => drop(metadata.labels.remove(POD_TEMPLATE_GENERATION)),
        2 => metadata
            .labels
            .extend([(POD_TEMPLATE_GENERATION.to_owned(), "2".to_owned())]),
        _ => {}
    }
    let seconds_ago = |seconds: i64| Some(Timestamp(NOW.0 - seconds));
    metadata.creation_timestamp = dice.pick(&[
        seconds_ago(0),
        seconds_ago(60),
        seconds_ago(60),
        seconds_ago(86_400),
        None,
    ]);
    if dice.percent(10) {
        metadata.deletion_timestamp = seconds_ago(1);
    }
    match dice.below(20) {
        0..3 => {
            pod.spec.node_name = Name::default();
            pod.spec.affinity = Some(Shared::from(Affinity {
                node_affinity: Some(NodeAffinity {
                    required: Some(NodeSelector::pin(node)),
                    ..NodeAffinity::default()
                }),
                ..Affinity::default()
            }));
        }
        // Neither bound nor pinned: it is nowhere.
        3 => pod.spec.node_name = Name::default(),
        _ => {}
    }
    pod.status.phase = match dice.below(10) {
        0 => Phase::Pending,
        1 => Phase::Failed,
        2 => Phase::Succeeded,
        3 if dice.percent(20) => Phase::Unknown,
        _ => Phase::Running,
    };
    let min_ready_seconds = daemon_set.spec.min_ready_seconds;
    let since = dice.pick(&[
        seconds_ago(86_400),
        seconds_ago(86_400),
        seconds_ago(min_ready_seconds + 1),
        seconds_ago(min_ready_seconds),
        seconds_ago(0),
        None,
    ]);
    pod.status.conditions = match dice.below(8) {
        0 => vec![],
        1 => vec![ready(ConditionStatus::False, since)],
        2 => vec![ready(ConditionStatus::Unknown, since)],
        _ => vec![ready(ConditionStatus::True, since)],
    };
    pod
}

/// Short enough to be read: the strategy, and a line for every node and pod.
impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan();
        let current = Current::new(&self.daemon_set, plan.hash());
        let spec = &self.daemon_set.spec;
        let strategy = serde_json::to_value(&spec.update_strategy).unwrap_or_default();
        let seconds = spec.min_ready_seconds;
        writeln!(f, "{strategy}, minReadySeconds {seconds}, at {}", self.now)?;
        for decision in self.decisions() {
            let (node, because) = (&decision.node, &decision.because);
            writeln!(f, "node {node}: {because}")?;
        }
        for pod in &self.pods {
            let (metadata, says_if) = (&pod.metadata, |it: bool, says| if it { says } else { "" });
            writeln!(
                f,
                "pod {} on {}: {}{}{}{}{}",
                metadata.name,
                pod.target_node().unwrap_or("no node"),
                pod.status.phase.as_str(),
                says_if(pod.spec.node_name.is_empty(), ", not bound"),
                says_if(is_available(pod, seconds, self.now), ", available"),
                says_if(current.includes(&pod.metadata.labels), ", updated"),
                says_if(metadata.is_being_deleted(), ", being deleted"),
            )?;
        }
        Ok(())
    }
}
