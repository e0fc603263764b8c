//! What may happen to a cluster from outside, by chance. An act names what it is done to in a way
//! that means something also when others have been left out before it.

use std::fmt;

use cluster::{
    Cluster, DeleteOptions, Fault, Input, Key, ObjectRef, Propagation,
    fault::{Behaviour, Component, Pressure, Pull},
    rng::Rng,
};
use objects::{Millis, Object, Taint, daemon_set::UpdateStrategy};
use serde_json::{Value, json};

/// Chance, from a seed.
pub(crate) struct Dice(Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rng::new(seed))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or(0)
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// Something done from outside, or time that passes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    /// A DaemonSet is created, or replaced by this one.
    Apply(Box<Value>),
    Delete(&'static str, String, Propagation),
    Create(Box<Value>),
    /// A label is set on a node, or taken off it.
    LabelNode(String, &'static str, Option<&'static str>),
    /// A taint is put on a node, or taken off it.
    TaintNode(String, &'static str, bool),
    Cordon(String, bool),
    /// A pod, by a number that wraps around, gets a label or loses it.
    LabelPod(usize, &'static str, Option<&'static str>),
    DeletePod(usize, Option<i64>),
    Evict(usize),
    Fault(Fault),
    /// A DaemonSet that surges over pods that fail at once, as upstream, never rests.
    StopSurge(&'static str),
    /// Steps until so much time has passed.
    Pass(Millis),
    /// So many steps.
    Steps(usize),
    Settle,
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apply(object) => write!(f, "apply {object}"),
            Self::Create(object) => write!(f, "create {object}"),
            Self::Fault(fault) => write!(f, "fault {fault}"),
            Self::Pass(time) => write!(f, "pass {time}"),
            other => write!(f, "{other:?}"),
        }
    }
}

const TAINTS: [&str; 4] = [
    "k=v:NoSchedule",
    "k=v:NoExecute",
    "x=:NoExecute",
    "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
];
const NODES: [&str; 5] = ["n1", "n2", "n3", "n4", "n5"];
pub(crate) const SETS: [&str; 2] = ["a", "b"];
const IMAGES: [&str; 4] = ["one:1", "one:2", "two:1", " bad"];

impl Act {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let node = |dice: &mut Dice| dice.pick(&NODES).to_owned();
        match dice.below(34) {
            0..=5 => Self::Apply(Box::new(daemon_set(dice))),
            6 => {
                use Propagation::{Background, Foreground, Orphan};
                let how = dice.pick(&[Background, Foreground, Orphan]);
                Self::Delete("DaemonSet", dice.pick(&SETS).to_owned(), how)
            }
            7 => Self::Delete("Node", node(dice), Propagation::Background),
            8 | 9 => {
                let name = node(dice);
                Self::Create(Box::new(self::node(dice, &name)))
            }
            10 | 11 => Self::LabelNode(
                node(dice),
                "disk",
                dice.pick(&[None, Some("ssd"), Some("hdd")]),
            ),
            12 | 13 => Self::TaintNode(node(dice), dice.pick(&TAINTS), dice.percent(50)),
            14 => Self::Cordon(node(dice), dice.percent(50)),
            15 => Self::Create(Box::new(pod(dice))),
            16 => Self::LabelPod(
                dice.below(100),
                "app",
                dice.pick(&[None, Some("a"), Some("b"), Some("c")]),
            ),
            17 => Self::DeletePod(
                dice.below(100),
                dice.pick(&[None, None, Some(0), Some(1), Some(600)]),
            ),
            18 => Self::Evict(dice.below(100)),
            19..=23 => Self::Fault(fault(dice)),
            24..=27 => Self::Steps(1 + dice.below(12)),
            28..=31 => {
                let millis = dice.pick(&[0, 10, 500, 1000, 4000, 15_000, 45_000, 70_000, 400_000]);
                Self::Pass(Millis(millis))
            }
            _ => Self::Settle,
        }
    }

    /// What is put in, if the cluster has what it is about.
    pub(crate) fn input(&self, cluster: &Cluster) -> Option<Input> {
        let store = cluster.store();
        let named = |name: &str| store.nodes.get(name).map(|it| (**it).clone());
        let nth_pod = |n: usize| {
            let pods: Vec<_> = store.pods.values().collect();
            (!pods.is_empty()).then(|| (**pods[n % pods.len()]).clone())
        };
        Some(match self {
            Self::Apply(value) => {
                let key = Key::new(
                    "default",
                    value["metadata"]["name"].as_str().unwrap_or_default(),
                );
                match store.daemon_sets.get(&key) {
                    // As `kubectl apply`, which leaves finalizers alone.
                    Some(old) => {
                        let mut value = value.clone();
                        value["metadata"]["finalizers"] = json!(old.metadata.finalizers);
                        Input::Replace(object(&value))
                    }
                    None => Input::Create(object(value)),
                }
            }
            Self::Delete(kind, name, propagation) => {
                let object = match *kind {
                    "Node" => ObjectRef::node(&name.as_str().into()),
                    _ => ObjectRef::daemon_set(&Key::new("default", name)),
                };
                let options = DeleteOptions {
                    propagation: *propagation,
                    ..DeleteOptions::default()
                };
                Input::Delete { object, options }
            }
            Self::Create(value) => Input::Create(object(value)),
            Self::StopSurge(name) => {
                let key = Key::new("default", name);
                let mut daemon_set = (**store.daemon_sets.get(&key)?).clone();
                daemon_set.spec.update_strategy = UpdateStrategy::default();
                Input::Replace(Object::DaemonSet(daemon_set.into()))
            }
            Self::LabelNode(name, key, value) => {
                let mut node = named(name)?;
                label(&mut node.metadata, key, *value);
                Input::Replace(Object::Node(node.into()))
            }
            Self::TaintNode(name, taint, on) => {
                let mut node = named(name)?;
                let taint = self::taint(taint);
                node.spec
                    .taints
                    .retain(|it| !it.same_key_and_effect(&taint));
                node.spec.taints.extend(on.then_some(taint));
                Input::Replace(Object::Node(node.into()))
            }
            Self::Cordon(name, on) => {
                let mut node = named(name)?;
                node.spec.unschedulable = *on;
                Input::Replace(Object::Node(node.into()))
            }
            Self::LabelPod(n, key, value) => {
                let mut pod = nth_pod(*n)?;
                label(&mut pod.metadata, key, *value);
                Input::Replace(Object::Pod(pod.into()))
            }
            Self::DeletePod(n, grace) => {
                let pod = nth_pod(*n)?.metadata;
                Input::Delete {
                    object: ObjectRef::pod(&Key::new(&pod.namespace, &pod.name)),
                    options: DeleteOptions {
                        grace_period_seconds: *grace,
                        ..DeleteOptions::default()
                    },
                }
            }
            Self::Evict(n) => {
                let pod = nth_pod(*n)?.metadata;
                Input::Evict {
                    pod: Key::new(&pod.namespace, &pod.name),
                    options: DeleteOptions::default(),
                }
            }
            Self::Fault(fault) => Input::Fault(fault.clone()),
            Self::Pass(_) | Self::Steps(_) | Self::Settle => return None,
        })
    }
}

fn object(value: &Value) -> Object {
    Object::from_value(value.clone()).expect("what is made here can be read")
}

fn taint(text: &str) -> Taint {
    let (key, rest) = text.split_once('=').unwrap_or((text, ""));
    let (value, effect) = rest.split_once(':').unwrap_or_default();
    let effect = match effect {
        "NoSchedule" => objects::Effect::NoSchedule,
        _ => objects::Effect::NoExecute,
    };
    Taint {
        value: value.into(),
        ..Taint::new(key, effect)
    }
}

fn label(metadata: &mut objects::ObjectMeta, key: &str, value: Option<&str>) {
    match value {
        Some(value) => drop(metadata.labels.insert(key.into(), value.into())),
        None => drop(metadata.labels.remove(key)),
    }
}

/// What lifts every fault there may be.
pub(crate) fn all_well() -> Vec<Act> {
    let mut acts = Vec::new();
    for component in [
        Component::DaemonSetController,
        Component::Scheduler,
        Component::NodeLifecycle,
    ] {
        acts.push(Fault::Component {
            component,
            runs: true,
        });
    }
    for image in IMAGES {
        let image: Box<str> = image.into();
        acts.push(Fault::Pull {
            image: image.clone(),
            goes: Pull::Ok,
        });
        acts.push(Fault::Image {
            image,
            behaves: Behaviour::Ok,
        });
    }
    for node in NODES {
        for on_what in [Pressure::Disk, Pressure::Memory, Pressure::Pid] {
            acts.push(Fault::Pressure {
                node: node.into(),
                on_what,
                on: false,
            });
        }
        acts.push(Fault::Power {
            node: node.into(),
            on: true,
        });
        acts.push(Fault::Kubelet {
            node: node.into(),
            runs: true,
        });
    }
    let mut acts: Vec<Act> = acts.into_iter().map(Act::Fault).collect();
    // A pod that tolerates a taint for a while only comes and goes for ever, as upstream.
    for node in NODES {
        acts.extend(TAINTS.map(|taint| Act::TaintNode(node.into(), taint, false)));
    }
    acts
}

fn fault(dice: &mut Dice) -> Fault {
    let node = dice.pick(&NODES).into();
    let image = Box::from(dice.pick(&IMAGES));
    let on = dice.percent(50);
    match dice.below(6) {
        0 => Fault::Kubelet { node, runs: on },
        1 => Fault::Power { node, on },
        2 => {
            let on_what = dice.pick(&[Pressure::Disk, Pressure::Memory, Pressure::Pid]);
            Fault::Pressure { node, on_what, on }
        }
        3 => {
            let goes = dice.pick(&[Pull::Ok, Pull::Fails, Pull::Slow(Millis(90_000))]);
            Fault::Pull { image, goes }
        }
        4 => {
            use Behaviour::{Crash, NeverReady, Ok, ReadyAfter};
            let behaves = dice.pick(&[Ok, Crash, NeverReady, ReadyAfter(Millis(20_000))]);
            Fault::Image { image, behaves }
        }
        _ => {
            use Component::{DaemonSetController, NodeLifecycle, Scheduler};
            let component = dice.pick(&[DaemonSetController, NodeLifecycle, Scheduler]);
            Fault::Component {
                component,
                runs: on,
            }
        }
    }
}

pub(crate) fn node(dice: &mut Dice, name: &str) -> Value {
    let mut labels = json!({});
    if dice.percent(50) {
        labels["disk"] = json!(dice.pick(&["ssd", "hdd"]));
    }
    if dice.percent(20) {
        labels["topology.kubernetes.io/zone"] = json!("far");
    }
    let taints = match dice.below(6) {
        0 => json!([{"key": "k", "value": "v", "effect": "NoSchedule"}]),
        1 => json!([{"key": "k", "value": "v", "effect": "NoExecute"}]),
        _ => json!([]),
    };
    let cpu = dice.pick(&["4", "4", "1", "2"]);
    let memory = "8Gi";
    let pods = dice.pick(&["110", "110", "2"]);
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"taints": taints},
        "status": {
            "allocatable": {"cpu": cpu, "memory": memory, "pods": pods},
            "capacity": {"cpu": cpu, "memory": memory, "pods": pods},
        },
    })
}

fn pod_spec(dice: &mut Dice) -> Value {
    let image = if dice.percent(2) {
        IMAGES[3]
    } else {
        dice.pick(&IMAGES[..3])
    };
    let mut container = json!({"name": "c", "image": image});
    if dice.percent(25) {
        container["resources"] = json!({"requests": {"cpu": dice.pick(&["500m", "1", "3"])}});
    }
    if dice.percent(15) {
        container["ports"] = json!([{"containerPort": 80, "hostPort": 80}]);
    }
    if dice.percent(20) {
        container["readinessProbe"] = json!({
            "initialDelaySeconds": dice.pick(&[0, 5]), "periodSeconds": dice.pick(&[1, 10]),
            "httpGet": {"port": 80},
        });
    }
    if dice.percent(10) {
        container["imagePullPolicy"] = json!(dice.pick(&["Always", "Never"]));
    }
    let mut spec = json!({"containers": [container]});
    if dice.percent(20) {
        spec["nodeSelector"] = json!({"disk": "ssd"});
    }
    let tolerations = match dice.below(5) {
        0 => json!([{"operator": "Exists"}]),
        1 => json!([{"key": "k", "operator": "Exists"}]),
        2 => {
            json!([{"key": "k", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 30}])
        }
        _ => json!([]),
    };
    spec["tolerations"] = tolerations;
    if dice.percent(15) {
        spec["priorityClassName"] = json!("system-node-critical");
    }
    if dice.percent(15) {
        spec["terminationGracePeriodSeconds"] = json!(dice.pick(&[0, 1, 600]));
    }
    if dice.percent(10) {
        spec["initContainers"] = json!([{"name": "i", "image": dice.pick(&IMAGES[..3])}]);
    }
    spec
}

pub(crate) fn daemon_set(dice: &mut Dice) -> Value {
    let name = dice.pick(&SETS);
    let strategy = match dice.below(8) {
        0 => json!({"type": "OnDelete"}),
        1 | 2 => {
            let surge = dice.pick(&[json!(1), json!("50%")]);
            json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": 0}})
        }
        3 => json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "50%"}}),
        4 => json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}}),
        _ => json!({"type": "RollingUpdate"}),
    };
    // Of three templates mostly, so that one comes back now and then.
    let spec = if dice.percent(60) {
        let image = dice.pick(&IMAGES[..3]);
        json!({"containers": [{"name": "c", "image": image}]})
    } else {
        pod_spec(dice)
    };
    json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "minReadySeconds": dice.pick(&[0, 0, 0, 3, 30]),
            "revisionHistoryLimit": dice.pick(&[10, 10, 1, 0]),
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": spec},
            "updateStrategy": strategy,
        },
    })
}

fn pod(dice: &mut Dice) -> Value {
    let mut spec = pod_spec(dice);
    if dice.percent(30) {
        spec["nodeName"] = json!(dice.pick(&NODES));
    }
    let mut metadata = json!({
        "name": dice.pick(&["p1", "p2", "p3"]), "namespace": "default",
    });
    if dice.percent(50) {
        metadata["labels"] = json!({"app": dice.pick(&["a", "b", "c"])});
    }
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
}
