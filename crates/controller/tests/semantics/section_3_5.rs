//! Which pods are on a node, and what manage does about them.

use controller::{DeleteReason, Plan};
use objects::Millis;

use crate::world::{World, acts, check};

/// Rows of pods on nodes; all nodes but `z` exist.
#[track_caller]
fn on<const N: usize>(nodes: &str, rows: [(&str, &str, &str); N]) {
    let rows = rows.map(|(name, pods, want)| (name, World::new(nodes, pods), want));
    check(acts, rows);
}

#[track_caller]
fn surging<const N: usize>(nodes: &str, rows: [(&str, &str, &str); N]) {
    let rows = rows.map(|(name, pods, want)| (name, World::new(nodes, pods).max_surge("1"), want));
    check(acts, rows);
}

#[test]
fn section_3_5_target_node() {
    on(
        "a, b",
        [
            (
                "bound to one, pinned to another: where it is bound",
                "p a new pinned=b",
                "Manage: +b",
            ),
            (
                "neither bound nor pinned: on no node",
                "p - new, q b new",
                "Manage: +a",
            ),
            (
                "pinned to two at once: on no node",
                "p - new pinned=a+b, q b new",
                "Manage: +a",
            ),
            (
                "the first field counts, also if it names two",
                "p - new pinned=a+b pinned_then=a, q b new",
                "Manage: +a",
            ),
            (
                "unbound, it still holds its place",
                "p a new unbound pending, q b new",
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_5_no_pod_at_all() {
    on(
        "a",
        [
            ("no pod", "", "Manage: +a"),
            (
                "a terminating one holds its place, 11.5",
                "p a new terminating",
                "nothing",
            ),
            (
                "so does one that never started",
                "p a new pending unbound terminating",
                "nothing",
            ),
            (
                "not if it has failed, too, 11.5",
                "p a new failed terminating",
                "Manage: +a",
            ),
            (
                "or succeeded",
                "p a new succeeded terminating",
                "Manage: +a",
            ),
            (
                "beside one that runs and goes, the one that has ended and goes counts for nothing",
                "p a new succeeded terminating, q a new terminating",
                "nothing",
            ),
        ],
    );
    on(
        "a x:NoSchedule",
        [("none is created where none should run", "", "nothing")],
    );
}

#[test]
fn section_3_5_ended_pods() {
    on(
        "a",
        [
            (
                "failed: its replacement comes one sync later, 11.6",
                "p a new failed",
                "Manage: -p; event FailedDaemonPod",
            ),
            (
                "succeeded",
                "p a new succeeded",
                "Manage: -p; event SucceededDaemonPod",
            ),
            (
                "unbound and failed",
                "p a new failed unbound",
                "Manage: -p; event FailedDaemonPod",
            ),
            (
                "a sound one beside it stays",
                "p a new failed, q a new",
                "Manage: -p; event FailedDaemonPod",
            ),
            (
                "a succeeded one raises no back-off for a failed one",
                "p a new succeeded, q a new failed",
                "Manage: -p -q; event SucceededDaemonPod; event FailedDaemonPod",
            ),
            (
                "Ready does not matter",
                "p a new failed ready",
                "Manage: -p; event FailedDaemonPod",
            ),
        ],
    );
    on(
        "a x:NoSchedule",
        [
            (
                "also where none should run, 11.11",
                "p a new failed",
                "Manage: -p; event FailedDaemonPod",
            ),
            (
                "and there, too, duplicates go",
                "p a new age=9, q a new age=10",
                "Manage: -p",
            ),
        ],
    );
    let held = |pods| World::new("a", pods).backoff("a", 500, 1);
    check(
        acts,
        [
            (
                "back-off is not for succeeded ones",
                held("p a new succeeded"),
                "Manage: -p; event SucceededDaemonPod",
            ),
            (
                "nor for duplicates",
                held("p a new failed, q a new, r a new"),
                "Manage: -r; again in 1s",
            ),
            (
                "it is the node's, not the pod's",
                held("p a new failed, q a new"),
                "again in 1s",
            ),
            (
                "a terminating pod asks for nothing",
                held("p a new terminating"),
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_5_back_off() {
    // Since when, the delay in seconds, and what becomes of the failed pod.
    for (since, delay, want) in [
        (999, 1, "again in 1s"),
        (1_000, 1, "next 2s"),
        (0, 900, "again in 15m0s"),
        (899_999, 900, "again in 15m0s"),
        (900_000, 900, "next 15m0s"),
        (512_000, 512, "next 15m0s"),
        // It is forgotten after half an hour, and not in its last moment.
        (1_800_000, 4, "next 8s"),
        (1_800_001, 4, "next 1s"),
    ] {
        let world = World::new("a", "p a new failed").backoff("a", since, delay);
        check(
            fate_of_failed,
            [(&*format!("{since} ms of {delay} s"), world, want)],
        );
    }
    let failed = || World::new("a, b", "p a new failed, q b new");
    check(
        fate_of_failed,
        [
            (
                "another node's entry is another's",
                failed().backoff("b", 0, 8),
                "next 1s",
            ),
            (
                "the key holds observedGeneration, not the generation",
                failed()
                    .backoff("a", 0, 8)
                    .with("metadata: {generation: 3}"),
                "again in 8s",
            ),
            (
                "of two delays the shorter one is asked for, 11.8",
                World::new("a, b", "p a new failed, q b new failed")
                    .backoff("a", 0, 8)
                    .backoff("b", 0, 4),
                "again in 4s",
            ),
        ],
    );
    // A change of the spec starts afresh, as its observedGeneration is another.
    let world = failed().with("status: {observedGeneration: 3}");
    let mut raised = failed().sync().failed_pods_backoff;
    assert_eq!(
        raised.raise(&world.daemon_set(), "a", crate::world::NOW.to_unix_millis()),
        Millis::from_secs(1)
    );
    let still = failed().daemon_set();
    assert_eq!(
        raised.raise(&still, "a", crate::world::NOW.to_unix_millis()),
        Millis::from_secs(2)
    );
}

fn fate_of_failed(plan: &Plan) -> String {
    match &plan.deletes[..] {
        [] => acts(plan),
        [delete] => match &delete.reason {
            DeleteReason::Failed { next_delay } => format!("next {next_delay}"),
            reason => format!("{reason:?}"),
        },
        more => format!("{more:?}"),
    }
}

#[test]
fn section_3_5_duplicates() {
    on(
        "a",
        [
            (
                "the older one stays",
                "p a new age=9, q a new age=10",
                "Manage: -p",
            ),
            (
                "equal timestamps: by name, 11.10",
                "q a new, p a new",
                "Manage: -q",
            ),
            (
                "no timestamp is before any",
                "p a new, q a new age=?",
                "Manage: -p",
            ),
            (
                "bound before unbound, however young",
                "p a new unbound age=99, q a new age=1",
                "Manage: -p",
            ),
            (
                "both unbound: by age",
                "p a new unbound age=9, q a new unbound age=10",
                "Manage: -p",
            ),
            (
                "ready or not does not matter",
                "p a new age=10, q a new ready age=9",
                "Manage: -q",
            ),
            (
                "nor new or old: the new one goes",
                "p a new ready age=9, q a old age=10",
                "Manage: -p",
            ),
            (
                "of three, one stays",
                "p a new age=9, q a new age=11, r a new age=10",
                "Manage: -p -r",
            ),
            (
                "a terminating one is none of them",
                "p a new age=99 terminating, q a new age=9",
                "nothing",
            ),
            (
                "two beside a terminating one: one of the two stays",
                "p a new age=99 terminating, q a new age=9, r a new age=10",
                "Manage: -q",
            ),
        ],
    );
}

#[test]
fn section_3_5_surge() {
    surging(
        "a",
        [
            (
                "beside a terminating pod one is created, 11.5",
                "p a new terminating",
                "Manage: +a",
            ),
            (
                "beside a failed one in the same sync, 11.6",
                "p a new failed",
                "Manage: +a -p; event FailedDaemonPod",
            ),
            (
                "beside a succeeded one, too",
                "p a new succeeded",
                "Manage: +a -p; event SucceededDaemonPod",
            ),
            (
                "beside a single one that is not available, the rolling update creates one",
                "p a old pending unbound, q a old terminating",
                "RollingUpdate: +a",
            ),
            (
                "old and ready, new is not: both stay",
                "p a old ready, q a new",
                "nothing",
            ),
            (
                "old is not ready: it goes, whatever the new one is",
                "p a old, q a new pending",
                "Manage: -p",
            ),
            (
                "new is available: old goes",
                "p a old ready, q a new ready",
                "Manage: -p",
            ),
            (
                "two new: the older stays",
                "p a new age=9, q a new age=10",
                "Manage: -p",
            ),
            (
                "two old and no new: the older stays",
                "p a old age=9 ready, q a old age=10",
                "Manage: -p",
            ),
            (
                "one of each kind stays",
                "p a old age=4 ready, q a old age=3 ready, r a new age=2, s a new age=1",
                "Manage: -q -s",
            ),
            (
                "and of these two the old one goes, too, if the new one is available",
                "p a old age=4 ready, q a old age=3 ready, r a new age=2 ready",
                "Manage: -p -q",
            ),
            (
                "what counts is the older of the new ones, not the available one",
                "p a old age=4 ready, r a new age=2, s a new age=1 ready",
                "Manage: -s",
            ),
            (
                "bound before unbound: the older one that waits goes",
                "p a old ready, q a new age=9 unbound, r a new age=1",
                "Manage: -q",
            ),
        ],
    );
    surging(
        "a x:NoSchedule",
        [(
            "where none should run, none is put beside",
            "p a new terminating",
            "nothing",
        )],
    );
    let waiting = |since| {
        World::new("a", &format!("p a old ready, q a new ready={since}"))
            .max_surge("1")
            .min_ready_seconds(10)
    };
    check(
        acts,
        [
            (
                "old is ready, but not for long: that is enough to stay",
                World::new("a", "p a old ready=5, q a new")
                    .max_surge("1")
                    .min_ready_seconds(10),
                "again in 10s",
            ),
            (
                "ready for exactly minReadySeconds is not long enough",
                waiting(10),
                "nothing",
            ),
            ("a moment more is", waiting(10).late(1), "Manage: -p"),
            (
                "in back-off, one is created beside it, 11.9",
                World::new("a", "p a new failed")
                    .max_surge("1")
                    .backoff("a", 0, 1),
                "Manage: +a; again in 1s",
            ),
            (
                "one in a hundred of one node is one: surge",
                World::new("a", "p a new terminating").max_surge("1%"),
                "Manage: +a",
            ),
            (
                "none in a hundred is none",
                World::new("a", "p a new terminating").max_surge("0%"),
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_5_where_none_may_be() {
    on(
        "a x:NoExecute",
        [
            (
                "all go, but those that do already",
                "p a new, q a old ready, r a new terminating",
                "Manage: -p -q",
            ),
            (
                "failed and succeeded ones without an event, 11.12",
                "p a new failed, q a new succeeded",
                "Manage: -p -q",
            ),
            ("nothing to do", "r a new terminating", "nothing"),
        ],
    );
    check(
        acts,
        [(
            "back-off holds no failed pod there",
            World::new("a x:NoExecute", "p a new failed").backoff("a", 0, 900),
            "Manage: -p",
        )],
    );
    on(
        "a",
        [
            (
                "missing node: bound pods are left to others",
                "p a new, q z new",
                "nothing",
            ),
            ("unbound ones go", "p a new, q z new unbound", "Manage: -q"),
            (
                "even if they go already, 11.11",
                "p a new, q z new unbound terminating",
                "Manage: -q",
            ),
            (
                "not if they have ended as well",
                "p a new, q z new unbound failed terminating",
                "nothing",
            ),
            (
                "failed ones without an event",
                "p a new, q z new unbound failed",
                "Manage: -q",
            ),
            (
                "both kinds on one missing node",
                "p a new, q z new, r z new unbound",
                "Manage: -r",
            ),
        ],
    );
}
