//! RollingUpdate with maxUnavailable.

use controller::plan::{Rollout, SyncError};

use crate::world::{World, acts, check, counts, times};

#[test]
fn section_3_11_how_many() {
    // maxUnavailable, desired nodes, and how many old pods go.
    for (max, nodes, want) in [
        ("1", 3, 1),
        ("2", 3, 2),
        ("9", 3, 3),
        ("0", 3, 1),
        ("'0%'", 3, 1),
        ("'1%'", 1, 1),
        ("'1%'", 100, 1),
        ("'1%'", 101, 2),
        ("'10%'", 3, 1),
        ("'33%'", 3, 1),
        ("'34%'", 3, 2),
        ("'66%'", 3, 2),
        ("'67%'", 3, 3),
        ("'100%'", 3, 3),
        ("'200%'", 3, 3),
        ("'+50%'", 4, 2),
        ("'-50%'", 4, 0),
    ] {
        let world = World::new(&times(nodes, "n#"), &times(nodes, "p# n# old ready"));
        let row = (
            &*format!("{max} of {nodes}"),
            world.max_unavailable(max),
            &*format!("+0 -{want}"),
        );
        check(counts, [row]);
    }
    let not_desired = times(6, "m# x:NoSchedule");
    let world = |max| {
        World::new(
            &format!("a, b, {not_desired}"),
            "p a old ready, q b old ready",
        )
        .max_unavailable(max)
    };
    check(
        counts,
        [
            ("of desired nodes, 11.17", world("'50%'"), "+0 -1"),
            ("of desired nodes, rounded up", world("'51%'"), "+0 -2"),
        ],
    );
}

#[test]
fn section_3_11_none_desired() {
    let world = |pods| World::new("a x:NoSchedule", pods);
    check(
        acts,
        [
            (
                "50% of none is none, 11.17",
                world("p a old ready").max_unavailable("'50%'"),
                "nothing",
            ),
            (
                "0 and 0 stay 0, 11.17",
                world("p a old ready").max_unavailable("0"),
                "nothing",
            ),
            (
                "a number is a number",
                world("p a old ready").max_unavailable("1"),
                "RollingUpdate: -p",
            ),
            (
                "one that is not available needs no room",
                world("p a old").max_unavailable("0"),
                "RollingUpdate: -p",
            ),
        ],
    );
}

/// One node `a` with an old pod that is available, one that may be unavailable, and something else:
/// whether that takes the room.
#[test]
fn section_3_11_what_uses_the_budget() {
    let row = |name, nodes: &str, pods: &str, want| {
        let world = World::new(&format!("a, {nodes}"), &format!("p a old ready, {pods}"));
        (name, world, want)
    };
    check(
        acts,
        [
            row(
                "a: two new, on a missing node",
                "",
                "q z new ready, r z new ready",
                "nothing",
            ),
            row(
                "a: two old, on a missing node",
                "",
                "q z old ready, r z old ready",
                "nothing",
            ),
            row(
                "b: one of each, on a missing node, 11.19",
                "",
                "q z old ready, r z new ready",
                "nothing",
            ),
            row(
                "b: only a terminating one, 11.19",
                "x",
                "q x new ready terminating",
                "nothing",
            ),
            row(
                "b: only a terminating one, on a missing node",
                "",
                "q z new ready terminating",
                "nothing",
            ),
            row(
                "b: nothing left of what was on a missing node",
                "",
                "q z new failed terminating",
                "RollingUpdate: -p",
            ),
            row(
                "c: new and available",
                "x",
                "q x new ready",
                "RollingUpdate: -p",
            ),
            row("c: new and not available", "x", "q x new", "nothing"),
            row(
                "c: the same where none should run",
                "x y:NoSchedule",
                "q x new",
                "nothing",
            ),
            row(
                "c: the same on a missing node, 11.19",
                "",
                "q z new",
                "nothing",
            ),
            row(
                "c: available there",
                "",
                "q z new ready",
                "RollingUpdate: -p",
            ),
            row(
                "c: new beside a terminating old one",
                "x",
                "q x new ready, r x old terminating",
                "RollingUpdate: -p",
            ),
            row(
                "d: old and not available: it goes instead, 11.18",
                "x",
                "q x old",
                "RollingUpdate: -q",
            ),
            row(
                "d: whichever node comes first",
                "0",
                "q 0 old",
                "RollingUpdate: -q",
            ),
            row(
                "d: beside a terminating new one",
                "x",
                "q x old, r x new terminating",
                "RollingUpdate: -q",
            ),
            row(
                "d: where none should run",
                "x y:NoSchedule",
                "q x old",
                "RollingUpdate: -q",
            ),
            row(
                "e: old and available: the first by name goes",
                "0",
                "q 0 old ready",
                "RollingUpdate: -q",
            ),
            row(
                "e: where none should run, 11.20",
                "0 y:NoSchedule",
                "q 0 old ready",
                "RollingUpdate: -q",
            ),
            row(
                "e: on a missing node, 11.20",
                "",
                "q 0 old ready",
                "RollingUpdate: -q",
            ),
            row(
                "a node that needs none and has none is none of these",
                "x y:NoSchedule",
                "",
                "RollingUpdate: -p",
            ),
        ],
    );
}

#[test]
fn section_3_11_room() {
    let row =
        |name, max, nodes, pods, want| (name, World::new(nodes, pods).max_unavailable(max), want);
    check(
        acts,
        [
            row(
                "unavailable ones go without limit, 11.18",
                "1",
                "a, b, c",
                "p a old, q b old, r c old ready",
                "RollingUpdate: -p -q",
            ),
            row(
                "and use it up: none left",
                "2",
                "a, b, c",
                "p a old, q b old, r c old ready",
                "RollingUpdate: -p -q",
            ),
            row(
                "one left",
                "3",
                "a, b, c",
                "p a old, q b old, r c old ready",
                "RollingUpdate: -p -q -r",
            ),
            row(
                "one in use, one left",
                "2",
                "a, b, c",
                "p a new, q b old ready, r c old ready",
                "RollingUpdate: -q",
            ),
            row(
                "two in use, one allowed: unavailable ones go all the same",
                "1",
                "a, b, c",
                "p a new, q b new, r c old",
                "RollingUpdate: -r",
            ),
            row(
                "a pod older than the one before is old, too",
                "1",
                "a, b",
                "p a hash=older ready, q b new ready",
                "RollingUpdate: -p",
            ),
            row(
                "nothing is old",
                "1",
                "a, b",
                "p a new ready, q b new",
                "nothing",
            ),
        ],
    );
    let waiting = |since: &str| {
        World::new("a, b", &format!("p a old ready={since}, q b old ready")).min_ready_seconds(10)
    };
    check(
        acts,
        [
            (
                "ready for exactly minReadySeconds is unavailable, 11.18",
                waiting("10"),
                "RollingUpdate: -p; again in 10s",
            ),
            (
                "a moment more is available",
                waiting("10").late(1),
                "RollingUpdate: -p",
            ),
            (
                "ready since nobody knows when is unavailable",
                waiting("?"),
                "RollingUpdate: -p; again in 10s",
            ),
            (
                "a new one takes the room until then",
                World::new("a, b", "p a new ready=10, q b old ready").min_ready_seconds(10),
                "again in 10s",
            ),
            (
                "and frees it in the sync in which it is available",
                World::new("a, b", "p a new ready=10, q b old ready")
                    .min_ready_seconds(10)
                    .late(1),
                "RollingUpdate: -q",
            ),
            (
                "updated by generation alone is updated",
                World::new("a", "p a old generation=5 ready").with(
                    "metadata: {annotations: {deprecated.daemonset.template.generation: '5'}}",
                ),
                "nothing",
            ),
            (
                "a failed old one in back-off is deleted all the same, 11.9",
                World::new("a", "p a old failed").backoff("a", 0, 8),
                "RollingUpdate: -p; again in 8s",
            ),
        ],
    );
}

#[test]
fn section_3_11_strategies_that_cannot_be_read() {
    let world = |strategy| {
        World::new("a", "p a old ready")
            .history_limit(0)
            .rolling_update(strategy)
            .revisions("x 1, old 2, new 3")
    };
    for strategy in [
        "{maxUnavailable: null}",
        "{maxUnavailable: null, maxSurge: 1}",
        "{maxUnavailable: '%'}",
        "{maxUnavailable: five}",
        "{maxUnavailable: '5'}",
        "{maxSurge: five}",
        "{maxUnavailable: '5%%'}",
    ] {
        let plan = world(strategy).sync();
        assert_eq!(plan.error, Some(SyncError::InvalidStrategy), "{strategy}");
        assert_eq!(counts(&plan), "+0 -0", "{strategy}");
        assert!(
            plan.revisions.delete.is_empty(),
            "{strategy}: history is not cleaned up"
        );
        assert!(plan.status_updated, "{strategy}: but the status is written");
    }
    // Manage is not kept from its work by it, and counts as if there were no surge.
    let busy =
        World::new("a", "p a old age=9, q a new ready age=8").rolling_update("{maxSurge: five}");
    assert_eq!(acts(&busy.sync()), "Manage: -q");
}

#[test]
fn section_3_11_numbers_told() {
    let rollout = |world: World| world.sync().rollout;
    let unavailable = |unavailable, max_unavailable| {
        Some(Rollout::Unavailable {
            unavailable,
            max_unavailable,
        })
    };
    let pods = "p a old, q b new, r c old ready";
    assert_eq!(
        rollout(World::new("a, b, c", pods).max_unavailable("'50%'")),
        unavailable(2, 2)
    );
    assert_eq!(
        rollout(World::new("a, b, c", pods).max_unavailable("0")),
        unavailable(2, 1)
    );
    assert_eq!(
        rollout(World::new("a, b, c, d", pods)),
        None,
        "manage acted"
    );
    assert_eq!(rollout(World::new("a, b, c", pods).on_delete()), None);
}
