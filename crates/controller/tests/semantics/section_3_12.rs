//! RollingUpdate with maxSurge.

use controller::plan::{Rollout, SyncError};

use crate::world::{World, acts, check, counts, revisions, times};

#[test]
fn section_3_12_how_many() {
    // maxSurge, desired nodes, and how many second pods are created.
    for (max, nodes, want) in [
        ("1", 3, 1),
        ("2", 3, 2),
        ("9", 3, 3),
        ("'1%'", 3, 1),
        ("'25%'", 4, 1),
        ("'26%'", 4, 2),
        ("'100%'", 4, 4),
    ] {
        let world = World::new(&times(nodes, "n#"), &times(nodes, "p# n# old ready"));
        let row = (
            &*format!("{max} of {nodes}"),
            world.max_surge(max),
            &*format!("+{want} -0"),
        );
        check(counts, [row]);
    }
    let not_desired = times(6, "m# x:NoSchedule");
    let world = World::new(
        &format!("a, b, {not_desired}"),
        "p a old ready, q b old ready",
    );
    check(
        counts,
        [("of desired nodes, 11.17", world.max_surge("'50%'"), "+1 -0")],
    );
}

/// One node `a` with an old pod that is available, one surge, and something else: whether that
/// takes it, and what comes of that itself.
#[test]
fn section_3_12_what_uses_the_surge() {
    let row = |name, nodes: &str, pods: &str, want| {
        let world = World::new(&format!("a, {nodes}"), &format!("p a old ready, {pods}"));
        (name, world.max_surge("1"), want)
    };
    check(
        acts,
        [
            row(
                "a: two new, on a missing node",
                "",
                "q z new, r z new",
                "nothing",
            ),
            row(
                "a: two old, on a missing node",
                "",
                "q z old ready, r z old ready",
                "nothing",
            ),
            row(
                "b: new alone and not ready uses none, 11.22",
                "x",
                "q x new",
                "RollingUpdate: +a",
            ),
            row("c: no old one", "x", "q x new ready", "RollingUpdate: +a"),
            row(
                "c: only a terminating one, on a missing node",
                "",
                "q z old terminating",
                "RollingUpdate: +a",
            ),
            row(
                "d: old and not available: one beside it, without limit",
                "x",
                "q x old",
                "RollingUpdate: +a +x",
            ),
            row(
                "d: old and available: the first by name",
                "0",
                "q 0 old ready",
                "RollingUpdate: +0",
            ),
            row(
                "d: beside a terminating new one, too",
                "0",
                "q 0 old ready, r 0 new terminating",
                "RollingUpdate: +0",
            ),
            row(
                "e: the new one is not available",
                "x",
                "q x old ready, r x new",
                "nothing",
            ),
            row(
                "e: the same where none should run",
                "x y:NoSchedule",
                "q x old ready, r x new",
                "nothing",
            ),
            row(
                "e: the same on a missing node",
                "",
                "q z old ready, r z new",
                "nothing",
            ),
            row(
                "e: the new one is available, on a missing node, 11.21",
                "",
                "q z old ready, r z new ready",
                "RollingUpdate: +a -q",
            ),
            row(
                "a node that needs none and has none is none of these",
                "x y:NoSchedule",
                "",
                "RollingUpdate: +a",
            ),
        ],
    );
}

#[test]
fn section_3_12_where_none_should_run() {
    let row = |name, nodes, pods, want| (name, World::new(nodes, pods).max_surge("1"), want);
    check(
        acts,
        [
            row(
                "not available: it goes at once, 11.22",
                "a, x y:NoSchedule",
                "p a new, q x old",
                "RollingUpdate: -q",
            ),
            row(
                "available, and one more than desired",
                "a, x y:NoSchedule",
                "p a new ready, q x old ready",
                "RollingUpdate: -q",
            ),
            row(
                "available, and needed, 11.22",
                "a, x y:NoSchedule",
                "p a new, q x old ready",
                "nothing",
            ),
            row(
                "old ones count as available, too",
                "a, x y:NoSchedule",
                "p a old ready, q x old ready",
                "RollingUpdate: +a -q",
            ),
            row(
                "new ones there count, and are not old",
                "a, x y:NoSchedule, z y:NoSchedule",
                "p a new, q x new ready, r z old ready",
                "RollingUpdate: -r",
            ),
            row(
                "those on missing nodes count",
                "a, x y:NoSchedule",
                "p a new, q x old ready, r z new ready",
                "RollingUpdate: -q",
            ),
            row(
                "nodes with two of a kind do not count",
                "a, x y:NoSchedule",
                "p a new, q x old ready, r z new ready, s z new ready",
                "nothing",
            ),
            row(
                "of an old and a new one, the old one counts, available or not",
                "a, x y:NoSchedule",
                "p a new, q x old ready, r z old, s z new ready",
                "RollingUpdate: -r",
            ),
            row(
                "none desired: all are too many",
                "x y:NoSchedule",
                "q x old ready",
                "RollingUpdate: -q",
            ),
        ],
    );
    let nodes = "a, x y:NoSchedule, z y:NoSchedule";
    check(
        counts,
        [
            row(
                "two too many",
                nodes,
                "p a new ready, q x old ready, r z old ready",
                "+0 -2",
            ),
            row(
                "one too many of two",
                nodes,
                "p a new, q x old ready, r z old ready",
                "+0 -1",
            ),
        ],
    );
}

#[test]
fn section_3_12_room() {
    let row = |name, max, nodes, pods, want| (name, World::new(nodes, pods).max_surge(max), want);
    check(
        acts,
        [
            row(
                "all unavailable ones at once",
                "1",
                "a, b, c",
                "p a old, q b old, r c old",
                "RollingUpdate: +a +b +c",
            ),
            row(
                "which use no room",
                "1",
                "a, b, c",
                "p a old, q b old, r c old ready",
                "RollingUpdate: +a +b +c",
            ),
            row(
                "also if there is none left",
                "1",
                "a, b, c",
                "p a old ready, q a new, r b old, s c old ready",
                "RollingUpdate: +b",
            ),
            row(
                "one in use, one left",
                "2",
                "a, b, c",
                "p a old ready, q a new, r b old ready, s c old ready",
                "RollingUpdate: +b",
            ),
            row("done", "1", "a, b", "p a new ready, q b new", "nothing"),
        ],
    );
    let waiting = |old, new| {
        World::new("a, b", &format!("p a old ready={old}, q b new ready={new}"))
            .max_surge("1")
            .min_ready_seconds(10)
    };
    check(
        acts,
        [
            (
                "old and ready, but not for long: unavailable",
                waiting(10, 99),
                "RollingUpdate: +a; again in 10s",
            ),
            (
                "old, available at last: within the limit",
                waiting(10, 99).late(1),
                "RollingUpdate: +a",
            ),
            (
                "both set: only surge is used, 11.23",
                World::new("a, b, c", "p a old ready, q b old ready, r c old ready")
                    .rolling_update("{maxUnavailable: 3, maxSurge: 1}"),
                "RollingUpdate: +a",
            ),
            (
                "a failed old one in back-off has one created by manage, 11.9",
                World::new("a", "p a old failed")
                    .max_surge("1")
                    .backoff("a", 0, 8),
                "Manage: +a; again in 8s",
            ),
            (
                "50% of none desired is no surge: as with maxUnavailable 0",
                World::new("x y:NoSchedule, z y:NoSchedule", "p x old, q z old ready")
                    .max_surge("'50%'"),
                "RollingUpdate: -p",
            ),
            (
                "updated by generation alone is updated here, and old to manage, 11.16",
                World::new("a", "p a old generation=5 ready age=9, q a new age=8")
                    .max_surge("1")
                    .with(
                        "metadata: {annotations: {deprecated.daemonset.template.generation: '5'}}",
                    ),
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_12_missing_nodes() {
    let world = |pods| {
        World::new("a", pods)
            .max_surge("1")
            .history_limit(0)
            .revisions("x 1, old 2, new 3")
            .with("metadata: {generation: 3}")
    };
    for pods in [
        "p a old ready, q z old ready",
        "p a old, q z old",
        "p a old ready, q 0 old",
    ] {
        let plan = world(pods).sync();
        assert!(
            matches!(plan.error, Some(SyncError::NodeNotFound { .. })),
            "{pods}"
        );
        assert_eq!(
            counts(&plan),
            "+0 -0",
            "{pods}: nothing is done elsewhere either, 11.21"
        );
        assert_eq!(
            revisions(&plan),
            "nothing",
            "{pods}: history is not cleaned up"
        );
        assert_eq!(
            plan.status.observed_generation, 3,
            "{pods}: but the status is written"
        );
    }
    check(
        acts,
        [
            (
                "manage does its work before",
                world("q z old ready"),
                "Manage: +a",
            ),
            (
                "without surge there is no error",
                world("p a new ready, q z old ready").max_unavailable("1"),
                "RollingUpdate: -q",
            ),
            (
                "an unbound one is deleted by manage",
                world("p a new ready, q z old unbound"),
                "Manage: -q",
            ),
        ],
    );
}

#[test]
fn section_3_12_numbers_told() {
    let rollout = |pods, max| World::new("a, b, c", pods).max_surge(max).sync().rollout;
    let pods = "p a old ready, q a new, r b old ready, s c old ready";
    let surge = |surging, max_surge| Some(Rollout::Surge { surging, max_surge });
    assert_eq!(rollout(pods, "'34%'"), surge(1, 2));
    assert_eq!(rollout(pods, "1"), surge(1, 1));
    assert_eq!(
        rollout("p a old ready, r b old ready", "1"),
        None,
        "manage acted"
    );
}
