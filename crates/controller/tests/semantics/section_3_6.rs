//! Creating and deleting.

use std::collections::BTreeSet;

use crate::world::{World, acts, check, counters, counts, times};

#[test]
fn section_3_6_burst() {
    let nodes = |n| times(n, "n#");
    let must_go = format!("{}, {}", times(251, "m# x:NoExecute"), nodes(251));
    check(
        counts,
        [
            ("exactly the burst", World::new(&nodes(250), ""), "+250 -0"),
            ("one more waits", World::new(&nodes(251), ""), "+250 -0"),
            (
                "creates and deletes are each cut by themselves",
                World::new(&must_go, &times(251, "p# m# new")),
                "+250 -250",
            ),
            (
                "unavailable old pods are cut, too",
                World::new(&nodes(251), &times(251, "p# n# old")),
                "+0 -250",
            ),
            (
                "and pods put beside them",
                World::new(&nodes(251), &times(251, "p# n# old")).max_surge("1"),
                "+250 -0",
            ),
        ],
    );
}

#[test]
fn section_3_6_what_is_cut_comes_later() {
    // Pods without a node come last of all.
    let pods = format!("q z new unbound, {}", times(250, "p# m# new"));
    let plan = World::new(&times(250, "m# x:NoExecute"), &pods).sync();
    assert_eq!(counts(&plan), "+0 -250");
    assert!(plan.deletes.iter().all(|it| it.pod != "q"));
    // The status counts nodes, not what is done about them.
    let plan = World::new(&times(251, "n#"), "").sync();
    assert_eq!(counters(&plan), "251 0 0 0 0; 251 0");
    // Back-off and events are of the decision, before the cut.
    let world = World::new(&times(251, "n#"), &times(251, "p# n# new failed"));
    let plan = world.sync();
    assert_eq!(counts(&plan), "+0 -250");
    assert_eq!(plan.events.len(), 251);
    let now = crate::world::NOW.to_unix_millis();
    let held = |node: &str| {
        plan.failed_pods_backoff
            .holding(&world.daemon_set(), node, now)
    };
    let deleted: BTreeSet<&str> = plan.deletes.iter().map(|it| &*it.node).collect();
    let left: Vec<_> = (0..251)
        .map(|i| format!("n{i:03}"))
        .filter(|it| !deleted.contains(&**it))
        .collect();
    assert_eq!(left.len(), 1);
    assert!(held(&left[0]).is_some());
}

#[test]
fn section_3_6_in_one_sync() {
    check(
        acts,
        [
            (
                "creates and deletes of many causes",
                World::new(
                    "a, b x:NoExecute, c, d",
                    "p b new, q c new failed, r z new unbound, s d new",
                ),
                "Manage: +a -p -q -r; event FailedDaemonPod",
            ),
            ("no node and no pod", World::new("", ""), "nothing"),
        ],
    );
}
