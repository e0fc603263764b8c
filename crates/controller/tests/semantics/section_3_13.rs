//! OnDelete.

use crate::world::{World, acts, check, counters, revisions};

#[test]
fn section_3_13_old_pods_stay() {
    let on_delete = |nodes, pods| World::new(nodes, pods).on_delete();
    check(
        acts,
        [
            (
                "available or not",
                on_delete("a, b", "p a old ready, q b old"),
                "nothing",
            ),
            (
                "where none should run",
                on_delete("a x:NoSchedule", "p a old ready"),
                "nothing",
            ),
            (
                "on a missing node",
                on_delete("", "p z old ready"),
                "nothing",
            ),
            (
                "a terminating one holds its place",
                on_delete("a", "p a old terminating"),
                "nothing",
            ),
            (
                "whoever deletes one gets a new one",
                on_delete("a, b", "p a old ready"),
                "Manage: +b",
            ),
            (
                "failed ones go",
                on_delete("a", "p a old failed"),
                "Manage: -p; event FailedDaemonPod",
            ),
            (
                "duplicates go, also new ones",
                on_delete("a", "p a old age=9, q a new ready age=8"),
                "Manage: -q",
            ),
            (
                "a node that must not run one loses it",
                on_delete("a x:NoExecute", "p a old ready"),
                "Manage: -p",
            ),
            (
                "maxSurge is of RollingUpdate alone",
                World::new("a", "p a old ready age=9, q a new ready age=8")
                    .max_surge("1")
                    .with("spec: {updateStrategy: {type: OnDelete}}"),
                "Manage: -q",
            ),
            (
                "and a strategy that cannot be read does not matter",
                World::new("a", "p a old ready")
                    .max_surge("bad")
                    .with("spec: {updateStrategy: {type: OnDelete}}"),
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_13_revisions_and_status() {
    let world = World::new("a, b", "p a old ready, q b new ready").on_delete();
    check(
        counters,
        [(
            "only updatedNumberScheduled tells",
            world.clone(),
            "2 2 2 1 2; 0 0",
        )],
    );
    check(
        revisions,
        [
            (
                "a new template makes a revision",
                world.clone().revisions("old 1"),
                "create 2",
            ),
            (
                "history is cleaned up",
                world.history_limit(0).revisions("x 1, old 2, new 3"),
                "delete x",
            ),
        ],
    );
}
