//! Going back and forth gives the same bytes as going on, and nothing is lost or invented.

use cluster::{Cluster, DeleteOptions, Input, ObjectRef, Response, Timeline, timeline::Move};
use objects::{Millis, Object, manifest};

const DAEMON_SET: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec: { containers: [ { name: a, image: 'a:1' } ] }
";

fn object(text: &str) -> Object {
    let manifest = manifest::read(text);
    assert_eq!(manifest.problems, []);
    manifest
        .objects
        .into_iter()
        .next()
        .expect("the text holds an object")
        .0
}

fn three_nodes() -> Timeline {
    let mut cluster = Cluster::new(7);
    for name in ["n1", "n2", "n3"] {
        let text = format!("apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}");
        cluster.seed(object(&text)).expect("a plain node is valid");
    }
    Timeline::new(cluster)
}

fn act(timeline: &mut Timeline, input: Input) {
    let response = timeline.act(input, "test").expect("the input is valid");
    assert!(matches!(response, Response::Done(_)));
}

fn settle(timeline: &mut Timeline) {
    while timeline.forward().is_some() {}
}

/// A rollout, an update, a node off and on again, a node deleted, with waits between.
fn eventful() -> Timeline {
    let mut timeline = three_nodes();
    act(&mut timeline, Input::Create(object(DAEMON_SET)));
    settle(&mut timeline);
    act(
        &mut timeline,
        Input::Replace(object(&DAEMON_SET.replace("a:1", "a:2"))),
    );
    for _ in 0..5 {
        timeline.forward();
    }
    act(
        &mut timeline,
        Input::Fault("node/n2 power off".parse().expect("a fault")),
    );
    let deadline = timeline.cluster().now() + Millis::from_secs(90);
    while timeline.forward_before(deadline).is_some() {}
    act(
        &mut timeline,
        Input::Fault("node/n2 power on".parse().expect("a fault")),
    );
    settle(&mut timeline);
    act(
        &mut timeline,
        Input::Delete {
            object: ObjectRef::node(&"n3".into()),
            options: DeleteOptions::default(),
        },
    );
    settle(&mut timeline);
    timeline
}

#[test]
fn seeking_gives_what_playing_gave() {
    let mut timeline = eventful();
    assert!(
        timeline.len() > 64,
        "{} steps are too few to need a checkpoint",
        timeline.len()
    );
    let mut digests = Vec::new();
    timeline.seek(0);
    digests.push(timeline.cluster().digest());
    while timeline.position() < timeline.len() {
        timeline.forward();
        digests.push(timeline.cluster().digest());
    }
    for position in (0..digests.len())
        .rev()
        .chain([3, 70, 1, digests.len() - 1, 65, 64, 63])
    {
        timeline.seek(position);
        assert_eq!(
            timeline.cluster().digest(),
            digests[position],
            "at {position}"
        );
    }
}

#[test]
fn the_same_inputs_give_the_same_steps() {
    let (a, b) = (eventful(), eventful());
    let steps = |timeline: &Timeline| -> Vec<String> {
        (0..timeline.len())
            .filter_map(|index| timeline.step(index))
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(steps(&a), steps(&b));
    assert_eq!(a.cluster(), b.cluster());
}

#[test]
fn acting_in_the_past_starts_a_branch_and_a_refused_act_does_not() {
    let mut timeline = eventful();
    let n_steps = timeline.len();
    timeline.seek(10);
    let missing = Input::Delete {
        object: ObjectRef::node(&"n9".into()),
        options: DeleteOptions::default(),
    };
    let refused = timeline
        .act(missing, "test")
        .expect_err("there is no such node");
    assert_eq!(refused.to_string(), "nodes \"n9\" not found");
    assert_eq!((timeline.position(), timeline.len()), (10, n_steps));
    act(
        &mut timeline,
        Input::Delete {
            object: ObjectRef::node(&"n1".into()),
            options: DeleteOptions::default(),
        },
    );
    assert_eq!((timeline.position(), timeline.len()), (11, 11));

    let kept: Vec<_> = timeline
        .branches()
        .map(|it| (it.forked_at, it.len))
        .collect();
    assert_eq!(kept, [(10, n_steps)]);
    let here = timeline.cluster().digest();
    assert!(timeline.switch(0));
    assert_eq!((timeline.position(), timeline.len()), (10, n_steps));
    timeline.seek(n_steps);
    assert_eq!(timeline.cluster(), eventful().cluster());
    assert!(timeline.switch(0));
    timeline.seek(11);
    assert_eq!(timeline.cluster().digest(), here);
    assert!(timeline.discard(0) && !timeline.discard(0) && !timeline.switch(0));
}

#[test]
fn moves_make_the_timeline_again() {
    let mut timeline = eventful();
    timeline.mark("end");
    let text = serde_json::to_string(&timeline.moves()).expect("moves can be written");
    let moves: Vec<Move> = serde_json::from_str(&text).expect("and read");
    timeline.seek(0);
    let again = Timeline::replay(timeline.cluster().clone(), &moves).expect("a replay");
    assert_eq!(again.cluster(), eventful().cluster());
    assert_eq!(again.marks().collect::<Vec<_>>(), [("end", again.len())]);
    assert_eq!(again.moves(), moves);
}

#[test]
fn a_time_is_found() {
    let mut timeline = eventful();
    let time = timeline.step(40).expect("a step").time;
    timeline.seek_time(time);
    let next = timeline.step(timeline.position()).expect("a next step");
    assert!(timeline.last_step().expect("a step").time <= time && next.time > time);
}

#[test]
fn time_never_goes_back_and_quiet_stays_quiet() {
    let mut timeline = eventful();
    let times: Vec<Millis> = (0..timeline.len())
        .filter_map(|index| timeline.step(index))
        .map(|step| step.time)
        .collect();
    assert!(times.is_sorted());
    assert!(timeline.forward().is_none());
    assert!(timeline.cluster().is_quiet());
}
