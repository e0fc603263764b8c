//! A small world of ordinary shape, with numbers and times as no manifest has them: what the
//! schema would refuse must not make a sync panic, either.
#![no_main]

use controller::{Backoff, daemon_pods::POD_TEMPLATE_GENERATION, template::Pattern, template_hash};
use fuzz::World;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use objects::{
    Condition, ConditionStatus, ControllerRevision, DaemonSet, Effect, IntOrPercent, LabelSelector,
    Labels, Millis, Name, Node, ObjectMeta, OwnerReference, Phase, Pod, PodTemplateSpec,
    RevisionData, Shared, Taint, Timestamp, Toleration,
    controller_revision::HASH_LABEL,
    daemon_set::{RollingUpdate, TEMPLATE_GENERATION},
};

/// More nodes than one sync creates pods for.
const MOST_NODES: usize = 300;

const UID: &str = "u";

#[derive(Arbitrary, Debug)]
enum Number {
    Small(i8),
    Any(i64),
    Least,
    Most,
    Least32,
    Most32,
}

impl Number {
    fn value(&self) -> i64 {
        match *self {
            Self::Small(value) => value.into(),
            Self::Any(value) => value,
            Self::Least => i64::MIN,
            Self::Most => i64::MAX,
            Self::Least32 => i32::MIN.into(),
            Self::Most32 => i32::MAX.into(),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Share {
    Nodes(Number),
    Percent(Number),
    Text(String),
}

impl Share {
    fn value(&self) -> IntOrPercent {
        match self {
            Self::Nodes(number) => IntOrPercent::Int(number.value()),
            Self::Percent(number) => IntOrPercent::String(format!("{}%", number.value())),
            Self::Text(text) => IntOrPercent::String(text.clone()),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum EffectShape {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
    Unknown,
}

impl EffectShape {
    fn value(&self) -> Effect {
        match self {
            Self::NoSchedule => Effect::NoSchedule,
            Self::PreferNoSchedule => Effect::PreferNoSchedule,
            Self::NoExecute => Effect::NoExecute,
            Self::Unknown => Effect::Other("x".into()),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum PhaseShape {
    Pending,
    Running,
    Succeeded,
    Failed,
    Unknown,
}

impl PhaseShape {
    fn value(&self) -> Phase {
        match self {
            Self::Pending => Phase::Pending,
            Self::Running => Phase::Running,
            Self::Succeeded => Phase::Succeeded,
            Self::Failed => Phase::Failed,
            Self::Unknown => Phase::Unknown,
        }
    }
}

/// One of two keys, so that they meet.
fn word(second: bool) -> &'static str {
    if second { "b" } else { "a" }
}

#[derive(Arbitrary, Debug)]
struct TaintShape {
    key: bool,
    value: bool,
    effect: EffectShape,
}

#[derive(Arbitrary, Debug)]
struct TolerationShape {
    key: Option<bool>,
    value: bool,
    effect: Option<EffectShape>,
    exists: bool,
    seconds: Option<Number>,
}

#[derive(Arbitrary, Debug)]
struct NodeShape {
    label: Option<bool>,
    taints: Vec<TaintShape>,
    unschedulable: bool,
}

/// Whether the DaemonSet owns an object, or may take it.
#[derive(Arbitrary, Debug)]
struct Owned {
    selected: bool,
    /// `false` is somebody else.
    owner: Option<bool>,
    deletion: Option<Number>,
}

#[derive(Arbitrary, Debug)]
enum Target {
    /// Pinned to a node by its affinity; perhaps to one that does not exist.
    Pinned(u16),
    Bound(u16),
    /// One pod on each node.
    OnEach,
    Nowhere,
}

#[derive(Arbitrary, Debug)]
enum HashShape {
    OfTheTemplate,
    OfRevision(u8),
    Absent,
}

#[derive(Arbitrary, Debug)]
struct PodShape {
    owned: Owned,
    target: Target,
    hash: HashShape,
    generation: Option<Number>,
    phase: PhaseShape,
    created: Option<Number>,
    ready: Option<(bool, Option<Number>)>,
}

#[derive(Arbitrary, Debug)]
struct RevisionShape {
    owned: Owned,
    number: Number,
    has_hash: bool,
    /// Of the current template, or of one with such an image.
    image: Option<u8>,
    /// Named as the revision of the current template would be.
    takes_name: bool,
}

#[derive(Arbitrary, Debug)]
struct DaemonSetShape {
    selects_all: bool,
    on_delete: bool,
    max_unavailable: Option<Share>,
    max_surge: Option<Share>,
    min_ready_seconds: Number,
    revision_history_limit: Option<Number>,
    generation: Number,
    observed_generation: Number,
    template_generation: Option<Number>,
    collision_count: Option<Number>,
    counter: Number,
    deletion: Option<Number>,
    node_selector: Option<bool>,
    node_name: Option<u16>,
    tolerations: Vec<TolerationShape>,
    is_defaulted: bool,
}

#[derive(Arbitrary, Debug)]
struct WorldShape {
    now: Number,
    expects_nothing: bool,
    daemon_set: DaemonSetShape,
    node_count: u16,
    nodes: Vec<NodeShape>,
    pods: Vec<PodShape>,
    revisions: Vec<RevisionShape>,
    failed: Vec<(u16, Number, Number)>,
}

fuzz_target!(|shape: WorldShape| build(&shape).check());

fn node_name(index: usize) -> Name {
    format!("n{index:03}").into()
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn time(number: &Number) -> Timestamp {
    Timestamp(number.value())
}

fn build(shape: &WorldShape) -> World {
    let daemon_set = daemon_set(&shape.daemon_set);
    let mut world = World {
        now: Millis(shape.now.value()),
        expects_nothing: shape.expects_nothing,
        failed_pods_backoff: backoff(shape, &daemon_set),
        ..World::default()
    };
    // The shapes that there are, over and over.
    let count = usize::from(shape.node_count) % MOST_NODES;
    for (index, node_shape) in (0..count).zip(shape.nodes.iter().cycle()) {
        world.add_node(node(node_name(index), node_shape));
    }
    let hash = template_hash(&daemon_set.spec.template, daemon_set.status.collision_count);
    for (index, pod_shape) in shape.pods.iter().enumerate() {
        let name = |node: usize| Name::from(format!("p{index}-{node}"));
        let mut add = |node: usize| world.add_pod(pod(name(node), node, pod_shape, &hash));
        match pod_shape.target {
            Target::OnEach => (0..count).for_each(add),
            Target::Pinned(node) | Target::Bound(node) => add(usize::from(node) % (count + 1)),
            Target::Nowhere => add(0),
        }
    }
    for (index, shape) in shape.revisions.iter().enumerate() {
        world.add_revision(revision(index, shape, &daemon_set, &hash));
    }
    world.daemon_sets.push(daemon_set);
    world
}

fn backoff(shape: &WorldShape, daemon_set: &DaemonSet) -> Backoff {
    let mut backoff = Backoff::default();
    for (node, last, delay) in &shape.failed {
        let node = node_name(usize::from(*node) % MOST_NODES);
        backoff.remember(
            daemon_set,
            &node,
            Millis(last.value()),
            Millis(delay.value()),
        );
    }
    backoff
}

fn metadata(name: Name, owned: &Owned) -> ObjectMeta {
    let owner = owned.owner.map(|is_ours| OwnerReference {
        controller: Some(true),
        uid: if is_ours { UID } else { "v" }.into(),
        ..OwnerReference::default()
    });
    ObjectMeta {
        name,
        namespace: "default".into(),
        labels: labels(if owned.selected { &[("app", "a")] } else { &[] }).into(),
        owner_references: owner.into_iter().collect::<Vec<_>>().into(),
        deletion_timestamp: owned.deletion.as_ref().map(time),
        ..ObjectMeta::default()
    }
}

fn node(name: Name, shape: &NodeShape) -> Node {
    let mut node = Node::default();
    node.metadata.name = name;
    if let Some(label) = shape.label {
        node.metadata.labels = labels(&[("k", word(label))]).into();
    }
    node.spec.unschedulable = shape.unschedulable;
    let taints = shape.taints.iter().map(|taint| Taint {
        value: word(taint.value).into(),
        ..Taint::new(word(taint.key), taint.effect.value())
    });
    node.spec.taints = taints.collect();
    node
}

fn pod(name: Name, node: usize, shape: &PodShape, hash: &str) -> Pod {
    let mut pod = Pod {
        metadata: metadata(name, &shape.owned),
        ..Pod::default()
    };
    pod.metadata.creation_timestamp = shape.created.as_ref().map(time);
    let label = match &shape.hash {
        HashShape::OfTheTemplate => Some(hash.to_owned()),
        HashShape::OfRevision(index) => Some(format!("h{index}")),
        HashShape::Absent => None,
    };
    let generation = shape.generation.as_ref().map(|it| it.value().to_string());
    let added = [(HASH_LABEL, label), (POD_TEMPLATE_GENERATION, generation)];
    for (key, value) in added {
        if let Some(value) = value {
            pod.metadata.labels.insert(key.to_owned(), value);
        }
    }
    match shape.target {
        Target::Pinned(_) => {
            // As the controller makes them.
            let made = Pattern::new(&DaemonSet::default(), "").pod(&node_name(node));
            pod.spec.affinity = made.spec.affinity;
        }
        Target::Bound(_) | Target::OnEach => pod.spec.node_name = node_name(node),
        Target::Nowhere => {}
    }
    pod.status.phase = shape.phase.value();
    if let Some((is_ready, since)) = &shape.ready {
        pod.status.conditions = vec![Condition {
            type_: "Ready".into(),
            status: if *is_ready {
                ConditionStatus::True
            } else {
                ConditionStatus::False
            },
            last_transition_time: since.as_ref().map(time),
            ..Condition::default()
        }];
    }
    pod
}

fn revision(
    index: usize,
    shape: &RevisionShape,
    daemon_set: &DaemonSet,
    hash: &str,
) -> ControllerRevision {
    let name = match shape.takes_name {
        true => format!("{}-{hash}", daemon_set.metadata.name),
        false => format!("r{index}"),
    };
    let template = match shape.image {
        None => daemon_set.spec.template.clone(),
        Some(image) => {
            let mut template = PodTemplateSpec::default();
            template.spec.priority = Some(image.into());
            template.into()
        }
    };
    let mut revision = ControllerRevision {
        data: RevisionData::Template(template),
        metadata: metadata(name.into(), &shape.owned),
        revision: shape.number.value(),
        ..ControllerRevision::default()
    };
    if shape.has_hash {
        let labels = &mut revision.metadata.labels;
        labels.insert(HASH_LABEL.to_owned(), format!("h{index}"));
    }
    revision
}

fn daemon_set(shape: &DaemonSetShape) -> DaemonSet {
    let value = |number: &Option<Number>| number.as_ref().map(Number::value);
    let mut daemon_set = DaemonSet::default();

    let metadata = &mut daemon_set.metadata;
    metadata.name = "d".into();
    metadata.namespace = "default".into();
    metadata.uid = UID.into();
    metadata.generation = shape.generation.value();
    metadata.deletion_timestamp = shape.deletion.as_ref().map(time);
    if let Some(generation) = value(&shape.template_generation) {
        metadata.annotations = labels(&[(TEMPLATE_GENERATION, &generation.to_string())]).into();
    }

    let app = if shape.selects_all {
        &[][..]
    } else {
        &[("app", "a")]
    };
    let spec = &mut daemon_set.spec;
    spec.selector = Some(LabelSelector {
        match_labels: labels(app),
        ..LabelSelector::default()
    });
    spec.min_ready_seconds = shape.min_ready_seconds.value();
    spec.revision_history_limit = value(&shape.revision_history_limit);
    let strategy = &mut spec.update_strategy;
    if shape.on_delete {
        strategy.type_ = "OnDelete".into();
    } else {
        strategy.type_ = "RollingUpdate".into();
        strategy.rolling_update = Some(RollingUpdate {
            max_unavailable: shape.max_unavailable.as_ref().map(Share::value),
            max_surge: shape.max_surge.as_ref().map(Share::value),
            ..RollingUpdate::default()
        });
    }

    let template = &mut spec.template;
    template.metadata.labels = labels(app).into();
    if let Some(label) = shape.node_selector {
        template.spec.node_selector = Shared::from(labels(&[("k", word(label))]));
    }
    if let Some(node) = shape.node_name {
        template.spec.node_name = node_name(usize::from(node) % MOST_NODES);
    }
    let tolerations = shape.tolerations.iter().map(|it| Toleration {
        key: it.key.map_or("", word).into(),
        value: if it.exists { "" } else { word(it.value) }.into(),
        effect: it.effect.as_ref().map(EffectShape::value),
        operator: if it.exists { "Exists" } else { "" }.into(),
        toleration_seconds: value(&it.seconds),
        ..Toleration::default()
    });
    template.spec.tolerations = tolerations.collect::<Vec<_>>().into();

    let status = &mut daemon_set.status;
    status.collision_count = value(&shape.collision_count);
    status.observed_generation = shape.observed_generation.value();
    status.number_ready = shape.counter.value();

    if shape.is_defaulted {
        objects::default::daemon_set(&mut daemon_set);
    }
    daemon_set
}
