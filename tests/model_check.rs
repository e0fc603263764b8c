//! Every order in which a small world can go: whoever has something due may go next, however late
//! the others are, and whoever acts from outside acts at any moment. The invariants that say
//! nothing of time hold in every state, and every way ends where all is quiet and done.
//!
//! The search is our own: stateright's checkers run in threads and ask that states be `Send`,
//! while ours share their objects by `Rc`; and two states must count as one when they differ only
//! in times and names, for which it has no place between `Hash` and the state itself.
#![cfg(not(target_arch = "wasm32"))]

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write,
    rc::Rc,
};

use cluster::{
    Cluster, DeleteOptions, Fault, Input, Key, ObjectRef, Propagation, Timing,
    fault::Component,
    invariants::{Violation, Watch},
};
use objects::{Name, Object};
use serde_json::{Value, json};

/// A world, and those who act on it: each does one thing after the other.
struct Model {
    nodes: usize,
    /// Is there, at rest, when it begins.
    daemon_sets: Vec<Value>,
    actors: Vec<Vec<Input>>,
}

/// Where a way has come to.
#[derive(Clone)]
struct State {
    cluster: Cluster,
    watch: Watch,
    /// How much each actor has done.
    done: Vec<usize>,
}

/// How a state was first reached: from which, and by what.
struct Arrival {
    from: Option<usize>,
    by: Rc<str>,
}

/// What a search has seen.
#[derive(Debug, PartialEq)]
struct Found {
    states: usize,
    ends: usize,
}

/// More states than that are not a small world.
const STATES_MAX: usize = 50_000;

impl Model {
    fn start(&self) -> State {
        let timing = Timing {
            jitter_percent: 0,
            ..Timing::default()
        };
        let mut cluster = Cluster::with_timing(1, timing);
        for i in 1..=self.nodes {
            let node =
                json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": format!("n{i}")}});
            cluster.seed(object(node)).expect("a node is valid");
        }
        for daemon_set in &self.daemon_sets {
            let input = Input::Create(object(daemon_set.clone()));
            cluster.act(&input, "").expect("a DaemonSet is valid");
        }
        while cluster.step().is_some() {}
        State {
            watch: Watch::without_time(&cluster),
            cluster,
            done: vec![0; self.actors.len()],
        }
    }

    /// Tries all orders. Panics with the way to the first state that is not as it should be.
    fn explore(&self) -> Found {
        let start = self.start();
        let mut numbers = BTreeMap::from([(self.outline(&start), 0)]);
        let mut arrivals = vec![Arrival {
            from: None,
            by: "".into(),
        }];
        let mut queue = VecDeque::from([(0, start)]);
        let mut ends = 0;
        while let Some((number, state)) = queue.pop_front() {
            let next = self.next(&state);
            if next.is_empty() {
                ends += 1;
                assert!(state.cluster.is_quiet(), "{}", way(&arrivals, number));
            }
            for (by, state) in next {
                let (state, violations) = state;
                let outline = self.outline(&state);
                let is_new = !numbers.contains_key(&outline);
                if is_new || !violations.is_empty() {
                    let new = arrivals.len();
                    arrivals.push(Arrival {
                        from: Some(number),
                        by: by.into(),
                    });
                    assert!(
                        violations.is_empty(),
                        "{}{violations:#?}",
                        way(&arrivals, new)
                    );
                    numbers.insert(outline, new);
                    queue.push_back((new, state));
                    assert!(
                        new < STATES_MAX,
                        "more than {STATES_MAX} states: {}",
                        way(&arrivals, new)
                    );
                }
            }
        }
        let states = numbers.len();
        println!("{states} states, {ends} ends");
        Found { states, ends }
    }

    fn outline(&self, state: &State) -> String {
        format!("{:?}\n{}", state.done, state.cluster.outline())
    }

    /// All that may happen next, with what is wrong then.
    fn next(&self, state: &State) -> Vec<(String, (State, Vec<Violation>))> {
        let mut next = Vec::new();
        for choice in state.cluster.choices() {
            let mut state = state.clone();
            let step = state.cluster.choose(&choice);
            let violations = state.watch.look(&state.cluster, step.as_ref());
            let by = step.map_or_else(|| format!("{:?}", choice.due), |it| it.to_string());
            next.push((by, (state, violations)));
        }
        for (actor, inputs) in self.actors.iter().enumerate() {
            let Some(input) = inputs.get(state.done[actor]) else {
                continue;
            };
            let mut state = state.clone();
            state.done[actor] += 1;
            let response = state.cluster.act(input, "input");
            let step = match response {
                Ok(cluster::Response::Done(step)) => Some(*step),
                Ok(cluster::Response::Unchanged) | Err(_) => None,
            };
            let violations = state.watch.look(&state.cluster, step.as_ref());
            let by = step.map_or_else(|| "input in vain".to_owned(), |it| it.to_string());
            next.push((by, (state, violations)));
        }
        next
    }
}

/// How a state was reached, line by line.
fn way(arrivals: &[Arrival], to: usize) -> String {
    let mut back = Vec::new();
    let mut at = Some(to);
    while let Some(number) = at {
        back.push(&*arrivals[number].by);
        at = arrivals[number].from;
    }
    let mut text = String::new();
    for by in back.iter().rev() {
        let _ = writeln!(text, "  {by}");
    }
    text
}

fn object(value: Value) -> Object {
    Object::from_value(value).expect("what is made here can be read")
}

fn daemon_set(name: &str, image: &str, strategy: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "c", "image": image}]},
            },
            "updateStrategy": strategy,
        },
    })
}

fn rolling(max_unavailable: i64) -> Value {
    json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": max_unavailable}})
}

fn surging() -> Value {
    json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})
}

fn replace(daemon_set: Value) -> Input {
    Input::Replace(object(daemon_set))
}

fn kubelet(node: &str, runs: bool) -> Input {
    Input::Fault(Fault::Kubelet {
        node: Name::from(node),
        runs,
    })
}

fn controller(runs: bool) -> Input {
    Input::Fault(Fault::Component {
        component: Component::DaemonSetController,
        runs,
    })
}

fn delete(name: &str, propagation: Propagation) -> Input {
    Input::Delete {
        object: ObjectRef::daemon_set(&Key::new("default", name)),
        options: DeleteOptions {
            propagation,
            ..DeleteOptions::default()
        },
    }
}

#[track_caller]
fn check(model: &Model, states: usize, ends: usize) {
    assert_eq!(model.explore(), Found { states, ends });
}

#[test]
fn a_rollout_on_three_nodes() {
    let model = Model {
        nodes: 3,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![vec![replace(daemon_set("a", "x:2", rolling(1)))]],
    };
    check(&model, 133, 1);
}

#[test]
fn a_rollout_with_the_controller_started_anew() {
    let model = Model {
        nodes: 2,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", rolling(1)))],
            vec![controller(false), controller(true)],
        ],
    };
    check(&model, 328, 1);
}

#[test]
fn a_rollout_with_surge_and_the_controller_started_anew() {
    let model = Model {
        nodes: 2,
        daemon_sets: vec![daemon_set("a", "x:1", surging())],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", surging()))],
            vec![controller(false), controller(true)],
        ],
    };
    check(&model, 270, 1);
}

#[test]
fn a_rollout_with_a_node_lost_and_the_controller_started_anew() {
    let model = Model {
        nodes: 2,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", rolling(1)))],
            vec![kubelet("n2", false)],
            vec![controller(false), controller(true)],
        ],
    };
    check(&model, 5607, 10);
}

#[test]
fn a_rollout_on_a_node_that_is_lost_and_found() {
    let model = Model {
        nodes: 1,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", rolling(1)))],
            vec![kubelet("n1", false), kubelet("n1", true)],
        ],
    };
    check(&model, 3130, 1);
}

#[test]
fn two_daemon_sets_are_rolled_out_at_once() {
    let model = Model {
        nodes: 1,
        daemon_sets: vec![
            daemon_set("a", "x:1", rolling(1)),
            daemon_set("b", "x:1", surging()),
        ],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", rolling(1)))],
            vec![replace(daemon_set("b", "x:2", surging()))],
        ],
    };
    check(&model, 1796, 2);
}

#[test]
fn a_daemon_set_is_orphaned_and_made_anew() {
    let model = Model {
        nodes: 2,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![
            vec![
                delete("a", Propagation::Orphan),
                Input::Create(object(daemon_set("a", "x:2", rolling(1)))),
            ],
            vec![controller(false), controller(true)],
        ],
    };
    check(&model, 138, 2);
}

#[test]
fn a_daemon_set_is_deleted_during_a_rollout() {
    let model = Model {
        nodes: 1,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", rolling(1)))],
            vec![
                delete("a", Propagation::Background),
                Input::Create(object(daemon_set("a", "x:1", rolling(1)))),
            ],
        ],
    };
    check(&model, 5809, 6);
}

#[test]
fn a_node_is_deleted_during_a_rollout() {
    let node = ObjectRef::node(&Name::from("n2"));
    let model = Model {
        nodes: 2,
        daemon_sets: vec![daemon_set("a", "x:1", rolling(1))],
        actors: vec![
            vec![replace(daemon_set("a", "x:2", rolling(1)))],
            vec![Input::Delete {
                object: node,
                options: DeleteOptions::default(),
            }],
        ],
    };
    check(&model, 347, 1);
}
