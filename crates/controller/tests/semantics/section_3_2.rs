//! Order within one sync.

use crate::world::{World, acts, check, counters, revisions};

#[test]
fn section_3_2_what_ends_a_sync_early() {
    let selects_all = |world: World| world.with("spec: {selector: {matchLabels: null}}");
    // Pods to create, delete, adopt and roll, and a status that is behind.
    let busy = World::new("a, b, c", "p a old ready, q b failed, o c orphan")
        .with("metadata: {generation: 3}");
    let rows = [
        (
            "a selector that is {}: an event and nothing else, 11.33",
            selects_all(busy.clone()),
            "event SelectingAll",
        ),
        (
            "it is looked at before the deletion",
            selects_all(busy.clone()).being_deleted(),
            "event SelectingAll",
        ),
        ("being deleted: nothing", busy.being_deleted(), "nothing"),
    ];
    for (name, world, _) in &rows {
        let plan = world.clone().revisions("").sync();
        assert!(!plan.status_updated, "{name}");
        assert_eq!(revisions(&plan), "nothing", "{name}");
        assert_eq!(plan.hash, None, "{name}");
    }
    check(acts, rows);
}

#[test]
fn section_3_2_expectations_pending() {
    let pending = |nodes, pods| World::new(nodes, pods).expectations_pending();
    check(
        acts,
        [
            ("no pod is created", pending("a", ""), "nothing"),
            (
                "no failed pod is deleted, and none is told of",
                pending("a", "p a new failed"),
                "nothing",
            ),
            (
                "nothing is rolled",
                pending("a", "p a old ready"),
                "nothing",
            ),
            (
                "pods are adopted and released all the same",
                pending("a, b", "p a orphan, q b app=e"),
                "adopt p; release q",
            ),
            (
                "duplicate revisions are merged all the same",
                pending("a", "p a old").revisions("old 1 current, new 2"),
                "relabel p",
            ),
            (
                "the status still asks to be looked at again",
                pending("a", "p a new ready=1").min_ready_seconds(10),
                "again in 10s",
            ),
        ],
    );
    check(
        revisions,
        [
            (
                "a new template gets its revision, 11.28",
                pending("a", "").revisions("old 1"),
                "create 2",
            ),
            (
                "history is not cleaned up",
                pending("a", "")
                    .history_limit(0)
                    .revisions("x 1, old 2, new 3"),
                "nothing",
            ),
        ],
    );
    let plan = pending("a", "p a new ready")
        .with("metadata: {generation: 3}")
        .sync();
    assert_eq!(counters(&plan), "1 1 1 1 1; 0 0");
    assert!(plan.status_updated);
    assert_eq!(plan.status.observed_generation, 2);
}

#[test]
fn section_3_2_manage_before_rolling_update() {
    check(
        acts,
        [
            (
                "a create keeps the rolling update away",
                World::new("a, b", "p a old ready"),
                "Manage: +b",
            ),
            (
                "a delete does so, too, on a node that does not exist",
                World::new("a", "p a old ready, q z unbound"),
                "Manage: -q",
            ),
            (
                "a failed pod in back-off does not",
                World::new("a, b", "p a old ready, q b new failed")
                    .backoff("b", 500, 1)
                    .max_unavailable("2"),
                "RollingUpdate: -p; again in 1s",
            ),
            (
                "adopting does not, and what is adopted is rolled",
                World::new("a", "p a orphan ready"),
                "adopt p; RollingUpdate: -p",
            ),
            (
                "releasing does, by the node that is left empty",
                World::new("a, b", "p a app=e new ready, q b old ready"),
                "release p; Manage: +a",
            ),
            (
                "relabelling counts only in the next sync, 11.32",
                World::new("a", "p a old ready").revisions("old 1 current, new 2"),
                "relabel p; RollingUpdate: -p",
            ),
        ],
    );
    check(
        revisions,
        [(
            "history is cleaned up although manage acted, 11.30",
            World::new("a", "").history_limit(0),
            "delete old",
        )],
    );
}
