//! Seen in the real controller: several rules at once, which the tables of one section do not meet.

use controller::Plan;

use crate::world::{World, acts, check, counters, counts, revisions};

/// What is done, and the counters.
fn both(plan: &Plan) -> String {
    format!("{} | {}", acts(plan), counters(plan))
}

#[test]
fn section_11_pods() {
    check(
        both,
        [
            (
                "5: three nodes, three ways to go",
                World::new(
                    "a, b, c",
                    "p a new terminating, q b new failed terminating, r c new succeeded terminating",
                ),
                "Manage: +b +c | 3 1 0 1 0; 3 0",
            ),
            (
                "6: failed on one node, missing on another",
                World::new("a, b", "p a new failed"),
                "Manage: +b -p; event FailedDaemonPod | 2 1 0 1 0; 2 0",
            ),
            (
                "9: held by back-off, unavailable, and new: only in the way",
                World::new("a, b", "p a new failed, q b old ready").backoff("a", 0, 2),
                "again in 2s | 2 2 1 1 1; 1 0",
            ),
            (
                "10: the new one goes, and the next sync rolls the old one that is left",
                World::new("a", "p a old ready age=9, q a new ready age=8"),
                "Manage: -q | 1 1 1 0 1; 0 0",
            ),
            (
                "11: a failed pod where none should run is not replaced",
                World::new("a x:NoSchedule", "p a new failed"),
                "Manage: -p; event FailedDaemonPod | 0 0 0 0 0; 0 1",
            ),
        ],
    );
    check(
        counts,
        [(
            "7: of two failed pods on a node one is deleted",
            World::new("a", "p a new failed, q a new failed"),
            "+0 -1",
        )],
    );
    let plan = World::new("a", "p a new failed, q a new failed").sync();
    assert_eq!(
        plan.requeue_after,
        Some(objects::Millis::from_secs(1)),
        "7: and the other one later"
    );
    assert_eq!(plan.events.len(), 1, "7: of which nothing is told yet");
    let plan = World::new(
        "a",
        "p a new failed, q a new failed, r a new failed, s a new",
    )
    .max_surge("1")
    .sync();
    assert_eq!(
        (plan.deletes.len(), plan.creates.len()),
        (1, 0),
        "7: with surge, too"
    );
}

#[test]
fn section_11_rolling_update() {
    check(
        both,
        [
            (
                "18: a second bad template takes down all that the first one did",
                World::new("a, b, c", "p a hash=bad, q b hash=bad, r c old ready"),
                "RollingUpdate: -p -q | 3 3 1 0 1; 2 0",
            ),
            (
                "19: a lost node takes the one that may be unavailable, for ever",
                World::new(
                    "a node.kubernetes.io/unreachable:NoSchedule node.kubernetes.io/unreachable:NoExecute, b",
                    "p a old terminating, q b old ready",
                ),
                "nothing | 1 1 1 0 1; 0 1",
            ),
            (
                "19: its old pod is deleted first",
                World::new(
                    "a node.kubernetes.io/unreachable:NoSchedule node.kubernetes.io/unreachable:NoExecute, b",
                    "p a old, q b old ready",
                ),
                "RollingUpdate: -p | 1 1 1 0 1; 0 1",
            ),
            (
                "20: rolled under a NoSchedule taint, and then not created again",
                World::new(
                    "a x:NoSchedule, b",
                    "p a old terminating failed, q b new ready",
                ),
                "nothing | 1 1 1 1 1; 0 0",
            ),
            (
                "22: the nodeSelector moves under surge: the one that serves stays",
                World::new(
                    "a, b x:NoSchedule",
                    "p a new unbound pending, q b old ready",
                )
                .max_surge("1"),
                "nothing | 1 1 0 1 0; 1 1",
            ),
        ],
    );
}

#[test]
fn section_11_history() {
    check(
        revisions,
        [
            (
                "24, 25: a rollback with a limit of 0 keeps what pods still carry",
                World::new("a, b", "p a hash=v3 ready, q b hash=v2 ready")
                    .history_limit(0)
                    .revisions("new 1, v2 2, v3 3, v4 4"),
                "delete v4; bump new to 5",
            ),
            (
                "25, 32: hashes that are relabelled in this sync still count as they were",
                World::new("a", "p a hash=v1")
                    .history_limit(0)
                    .revisions("v1 1, v2 2, x 3 current, new 4"),
                "delete x; delete v2",
            ),
            (
                "27: the current one gets its name as hash, too",
                World::new("", "").revisions("x 1 unlabelled current"),
                "relabel x",
            ),
        ],
    );
    check(
        acts,
        [(
            "24: back to an older template: its pods that are left are up to date",
            World::new("a, b", "p a new ready, q b hash=v2 ready").revisions("new 1, v2 2"),
            "RollingUpdate: -q",
        )],
    );
}
