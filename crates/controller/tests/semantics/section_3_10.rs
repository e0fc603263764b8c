//! Status counters: desired, current, ready, updated, available; unavailable, misscheduled.

use crate::world::{World, acts, check, counters};

#[test]
fn section_3_10_what_a_node_counts() {
    let row = |name, nodes, pods, want| (name, World::new(nodes, pods), want);
    check(
        counters,
        [
            row("no node", "", "p a new ready", "0 0 0 0 0; 0 0"),
            row("no pod", "a", "", "1 0 0 0 0; 1 0"),
            row("sound", "a", "p a new ready", "1 1 1 1 1; 0 0"),
            row("old and sound", "a", "p a old ready", "1 1 1 0 1; 0 0"),
            row(
                "new and waiting",
                "a",
                "p a new unbound pending",
                "1 1 0 1 0; 1 0",
            ),
            row(
                "failed, but still Ready, 11.14",
                "a",
                "p a new failed ready",
                "1 1 1 1 1; 0 0",
            ),
            row(
                "terminating counts in full, 11.14",
                "a",
                "p a new ready terminating",
                "1 1 1 1 1; 0 0",
            ),
            row(
                "ended and terminating is not there",
                "a",
                "p a new ready failed terminating",
                "1 0 0 0 0; 1 0",
            ),
            row(
                "updated by the hash alone",
                "a",
                "p a new",
                "1 1 0 1 0; 1 0",
            ),
            row("on a missing node", "a", "p z new ready", "1 0 0 0 0; 1 0"),
            row("without a node", "a", "p - new ready", "1 0 0 0 0; 1 0"),
            row(
                "released just now",
                "a",
                "p a new ready app=e",
                "1 0 0 0 0; 1 0",
            ),
            row(
                "adopted just now",
                "a",
                "p a new ready orphan",
                "1 1 1 1 1; 0 0",
            ),
            row(
                "deleted just now, 11.32",
                "a",
                "p a old ready",
                "1 1 1 0 1; 0 0",
            ),
        ],
    );
}

#[test]
fn section_3_10_misscheduled() {
    let row = |name, nodes, pods, want| (name, World::new(nodes, pods), want);
    check(
        counters,
        [
            row("no pod", "a x:NoSchedule", "", "0 0 0 0 0; 0 0"),
            row(
                "it may stay",
                "a x:NoSchedule",
                "p a new ready",
                "0 0 0 0 0; 0 1",
            ),
            row(
                "it may not, and goes just now",
                "a x:NoExecute",
                "p a new ready",
                "0 0 0 0 0; 0 1",
            ),
            row(
                "it goes already",
                "a x:NoExecute",
                "p a new ready terminating",
                "0 0 0 0 0; 0 1",
            ),
            row(
                "it has ended, too",
                "a x:NoExecute",
                "p a new failed terminating",
                "0 0 0 0 0; 0 0",
            ),
            row(
                "nodes are counted, not pods",
                "a x:NoSchedule",
                "p a new, q a new, r a old",
                "0 0 0 0 0; 0 1",
            ),
            row(
                "a NotReady node leaves desired",
                "a node.kubernetes.io/not-ready:NoSchedule node.kubernetes.io/not-ready:NoExecute, b",
                "p a new, q b new ready",
                "1 1 1 1 1; 0 1",
            ),
            (
                "unless all of NoSchedule is tolerated",
                World::new(
                    "a node.kubernetes.io/not-ready:NoSchedule, b",
                    "p a new, q b new ready",
                )
                .template_spec("{tolerations: [{operator: Exists, effect: NoSchedule}]}"),
                "2 2 1 2 1; 1 0",
            ),
        ],
    );
}

#[test]
fn section_3_10_the_first_pod_counts() {
    let row = |name, pods, want| (name, World::new("a", pods).max_surge("1"), want);
    check(
        counters,
        [
            row(
                "the older one",
                "p a new ready age=9, q a new age=10",
                "1 1 0 1 0; 1 0",
            ),
            row(
                "during surge that is the old one, 11.13",
                "p a old ready age=9, q a new ready age=8",
                "1 1 1 0 1; 0 0",
            ),
            row(
                "bound before unbound",
                "p a old unbound age=9, q a new ready age=8",
                "1 1 1 1 1; 0 0",
            ),
            row(
                "terminating is no reason, 11.13",
                "p a old age=9 terminating, q a new ready age=8",
                "1 1 0 0 0; 1 0",
            ),
            row(
                "equal timestamps: by name",
                "q a new ready, p a old",
                "1 1 0 0 0; 1 0",
            ),
            row(
                "ended and terminating is passed over",
                "p a old age=9 failed terminating, q a new ready age=8",
                "1 1 1 1 1; 0 0",
            ),
            row(
                "failed alone is not",
                "p a old age=9 failed, q a new ready age=8",
                "1 1 0 0 0; 1 0",
            ),
        ],
    );
}

#[test]
fn section_3_10_updated_by_generation() {
    let row = |name, annotation, pods, want| {
        let patch = format!(
            "metadata: {{annotations: {{deprecated.daemonset.template.generation: {annotation}}}}}"
        );
        (name, World::new("a", pods).with(&patch), want)
    };
    check(
        counters,
        [
            row(
                "either will do, 11.16",
                "'5'",
                "p a old generation=5",
                "1 1 0 1 0; 1 0",
            ),
            row(
                "the other one",
                "'5'",
                "p a new generation=4",
                "1 1 0 1 0; 1 0",
            ),
            row("neither", "'5'", "p a old generation=4", "1 1 0 0 0; 1 0"),
            row(
                "it is compared as text",
                "'5'",
                "p a old generation=05",
                "1 1 0 0 0; 1 0",
            ),
            row(
                "what is no number is compared with nothing",
                "x",
                "p a old generation=x",
                "1 1 0 0 0; 1 0",
            ),
        ],
    );
}

#[test]
fn section_3_10_min_ready_seconds() {
    let row =
        |name, seconds, pods, want| (name, World::new("a", pods).min_ready_seconds(seconds), want);
    check(
        counters,
        [
            row(
                "exactly as long is not long enough, 11.15",
                10,
                "p a new ready=10",
                "1 1 1 1 0; 1 0",
            ),
            row("a second more is", 10, "p a new ready=11", "1 1 1 1 1; 0 0"),
            row(
                "since nobody knows when: never, 11.15",
                10,
                "p a new ready=?",
                "1 1 1 1 0; 1 0",
            ),
            row(
                "Go's time that is none: never",
                10,
                "p a new ready=zero",
                "1 1 1 1 0; 1 0",
            ),
            row(
                "which does not matter without minReadySeconds",
                0,
                "p a new ready=?",
                "1 1 1 1 1; 0 0",
            ),
            row("Ready this moment", 0, "p a new ready=0", "1 1 1 1 1; 0 0"),
            row(
                "Ready in the future, by another's clock",
                1,
                "p a new ready=-60",
                "1 1 1 1 0; 1 0",
            ),
            (
                "a millisecond more is enough",
                World::new("a", "p a new ready=10")
                    .min_ready_seconds(10)
                    .late(1),
                "1 1 1 1 1; 0 0",
            ),
        ],
    );
    check(
        acts,
        [
            row(
                "look again after the full time, 11.8",
                10,
                "p a new ready=9",
                "again in 10s",
            ),
            row("not if none is ready", 10, "p a new", "nothing"),
            row(
                "nor if all are available",
                10,
                "p a new ready=11",
                "nothing",
            ),
            row(
                "for ever, if nobody knows when",
                10,
                "p a new ready=?",
                "again in 10s",
            ),
            row(
                "also if manage acted",
                10,
                "p a new ready=9, q a new",
                "Manage: -q; again in 10s",
            ),
            row(
                "not for one on a missing node",
                10,
                "p z new ready=9, q a new",
                "nothing",
            ),
            (
                "a shorter back-off comes first",
                World::new("a, b", "p a new ready=9, q b new failed")
                    .min_ready_seconds(10)
                    .backoff("b", 0, 8),
                "again in 8s",
            ),
            (
                "a longer one does not",
                World::new("a, b", "p a new ready=9, q b new failed")
                    .min_ready_seconds(10)
                    .backoff("b", 0, 16),
                "again in 10s",
            ),
        ],
    );
}

#[test]
fn section_3_10_when_it_is_written() {
    let had = |generation: i64, observed: i64, ready: i64| {
        World::new("a", "p a new ready").with(&format!(
            "{{metadata: {{generation: {generation}}}, status: {{observedGeneration: {observed}, desiredNumberScheduled: 1, currentNumberScheduled: 1, numberReady: {ready}, updatedNumberScheduled: 1, numberAvailable: 1, collisionCount: 4, conditions: [{{type: Kept}}]}}}}"
        ))
    };
    for (name, world, written, observed) in [
        ("nothing is new", had(2, 2, 1), false, 2),
        ("a counter is", had(2, 2, 0), true, 2),
        ("the generation is", had(3, 2, 1), true, 3),
        ("one is ahead of it", had(2, 3, 1), false, 3),
        ("a counter is, and it is taken back", had(2, 3, 0), true, 2),
        (
            "expectations pending: a counter is new",
            had(3, 2, 0).expectations_pending(),
            true,
            2,
        ),
        (
            "expectations pending: nothing is, but it is behind",
            had(3, 2, 1).expectations_pending(),
            true,
            2,
        ),
        (
            "expectations pending: nothing is",
            had(2, 2, 1).expectations_pending(),
            false,
            2,
        ),
        (
            "the rolling update failed",
            had(3, 2, 1).max_surge("bad"),
            true,
            3,
        ),
    ] {
        let plan = world.sync();
        let status = serde_json::to_value(&plan.status).expect("a status is written");
        let got = (plan.status_updated, plan.status.observed_generation);
        assert_eq!(got, (written, observed), "{name}");
        assert_eq!(counters(&plan), "1 1 1 1 1; 0 0", "{name}");
        assert_eq!(status["collisionCount"], 4, "{name}");
        assert_eq!(status["conditions"][0]["type"], "Kept", "{name}");
    }
}
