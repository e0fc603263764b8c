//! Why nothing is done yet, of a pod and of a node without one.

use crate::world::{World, times};

/// Why the first node's pod waits, or why it gets none.
#[track_caller]
fn waits<const N: usize>(rows: [(&str, World, &str); N]) {
    for (name, world, want) in rows {
        let explanation = world.explain("a");
        let pods = explanation.pods.iter().map(|story| story.fate.to_string());
        let waits = explanation.waits.iter().map(|wait| format!("none: {wait}"));
        let got: Vec<String> = pods.chain(waits).collect();
        assert_eq!(got.join("; "), want, "{name}");
    }
}

#[test]
fn a_sync_that_gets_to_no_pod() {
    let taken = |pods| {
        let current = World::new("a", "").revisions("").sync();
        let name = current.revisions.create.expect("the first").metadata.name;
        let hash = name.trim_start_matches("d-").to_owned();
        World::new("a", pods).revisions(&format!("{hash} 1 foreign"))
    };
    let collides = "the sync fails and is tried again: controllerrevisions.apps \"d-5b8c4dfb9b\" already exists with another template";
    waits([
        (
            "a hash collision, no pod",
            taken(""),
            &format!("none: {collides}"),
        ),
        ("a hash collision", taken("p a new ready"), collides),
        (
            "being deleted, no pod",
            World::new("a", "").being_deleted(),
            "none: the DaemonSet is being deleted: the controller does nothing more, and its pods are left to the garbage collector",
        ),
        (
            "being deleted, a failed pod",
            World::new("a", "p a new failed").being_deleted(),
            "the DaemonSet is being deleted: the controller does nothing more, and its pods are left to the garbage collector",
        ),
        (
            "selects all",
            World::new("a", "p a new failed").with("spec: {selector: {matchLabels: null}}"),
            "the selector is empty and would select all pods, so the controller does nothing",
        ),
        (
            "expectations",
            World::new("a", "").expectations_pending(),
            "none: creates and deletes of an earlier sync have not been seen yet",
        ),
    ]);
}

#[test]
fn a_sync_that_fails_in_the_rolling_update() {
    let fails = "the sync fails and is tried again: failed to get node for nodeName \"z\": node \"z\" not found";
    let surge = |pods| World::new("a, b", pods).max_surge("1");
    waits([
        (
            "an old pod",
            surge("p a old ready, q b new ready, r z old ready"),
            fails,
        ),
        (
            "a new pod is not waiting",
            surge("p a new ready, q b old ready, r z old ready"),
            "it stays",
        ),
    ]);
}

#[test]
fn an_old_pod() {
    let rows = |pods| World::new("a, b, c", pods);
    waits([
        (
            "another node has taken the room before",
            rows("p a old ready, q b new, r c old ready"),
            "it is of an old revision; 1 unavailable, maxUnavailable 1: it waits until one is available again",
        ),
        (
            "manage acts first",
            rows("p a old ready, q b old ready"),
            "this sync has other work; a later one sees to it",
        ),
        (
            "OnDelete",
            rows("p a old ready, q b new ready, r c new ready").on_delete(),
            "it is of an old revision, and under OnDelete stays until somebody deletes it",
        ),
        (
            "under surge, another node has the second pod",
            rows("p a old ready, q b old ready, r b new, s c new ready").max_surge("1"),
            "it is of an old revision; 1 surging, maxSurge 1: it waits until a new one is available",
        ),
        (
            "under surge, its own second pod is not available",
            rows("p a old ready, q a new, r b new ready, s c new ready").max_surge("1"),
            "it is of an old revision, and stays until the new pod beside it is available; it stays",
        ),
    ]);
}

#[test]
fn room_that_this_sync_takes() {
    let world = World::new("a, b, c", "p a old ready, q b old ready, r c old ready");
    let last = world.explain("c");
    assert_eq!(
        last.pods[0].fate.to_string(),
        "it is of an old revision; 1 unavailable, maxUnavailable 1: it waits until one is available again"
    );
    let world = world.max_surge("2");
    let first = world.explain("a");
    assert_eq!(
        first.pods[0].fate.to_string(),
        "it is of an old revision, and stays until the new pod beside it is available"
    );
    assert_eq!(
        first.creates.map(|it| it.to_string()).as_deref(),
        Some("it is to replace p; 0 surging, maxSurge 2")
    );
    let last = world.explain("c");
    assert_eq!(
        last.pods[0].fate.to_string(),
        "it is of an old revision; 2 surging, maxSurge 2: it waits until a new one is available"
    );
}

#[test]
fn failed_pods() {
    waits([
        (
            "back-off",
            World::new("a", "p a new failed").backoff("a", 500, 8),
            "it has failed, and is left alone until the back-off of 8s is over; none: it has failed, and is left alone until the back-off of 8s is over",
        ),
        (
            "over, but behind 250 others",
            World::new(
                &format!("a, {}", times(250, "A#")),
                &format!("p a new failed, {}", times(250, "q# A# new failed")),
            ),
            "this sync has other work; a later one sees to it",
        ),
    ]);
}

#[test]
fn a_node_behind_250_others() {
    waits([(
        "no pod",
        World::new(&format!("a, {}", times(250, "A#")), ""),
        "none: this sync has other work; a later one sees to it",
    )]);
}
