//! Revisions.

use controller::{plan::SyncError, template_hash};
use objects::RevisionData;

use crate::world::{World, acts, check, revisions};

#[test]
fn section_3_9_which_number_is_current() {
    let row = |name, had: &str, want| (name, World::new("", "").revisions(had), want);
    check(
        revisions,
        [
            row("the first", "", "create 1"),
            row(
                "one more than the highest, over a gap",
                "x 2, old 7",
                "create 8",
            ),
            row("in whatever order they come", "old 7, x 2", "create 8"),
            row("another's do not count", "x 9 foreign, old 2", "create 3"),
            row(
                "another's of the same template is not ours",
                "new 2 foreign, old 1",
                "create 2",
            ),
            row("the highest stays as it is", "old 1, new 9", "nothing"),
            row("the only one, too", "new 1", "nothing"),
            row(
                "as high as another is not the highest",
                "old 2, new 2",
                "bump new to 3",
            ),
            row(
                "an older template again",
                "new 1, x 2, old 5",
                "bump new to 6",
            ),
            row(
                "one that goes is as good as any",
                "old 1, new 2 terminating",
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_9_duplicates() {
    let row = |name, had: &str, want| (name, World::new("", "").revisions(had), want);
    check(
        revisions,
        [
            row(
                "the highest number stays",
                "new 3, x 1 current, y 2 current",
                "delete x; delete y",
            ),
            row(
                "and is raised if an old one is higher",
                "old 5, new 3, x 4 current",
                "delete new; bump x to 6",
            ),
            row(
                "an adopted one may be the one",
                "new 3, x 4 current orphan",
                "adopt x; delete new",
            ),
        ],
    );
    let pods = "p a old, q a new, r a new succeeded terminating, s a, t - old, u a foreign old";
    check(
        acts,
        [
            (
                "all pods with another hash get the one that stays, 11.26",
                World::new("a", pods)
                    .revisions("new 3, x 1 current, old 2")
                    .expectations_pending(),
                "relabel p; relabel s; relabel t",
            ),
            (
                "also those of which no phase knows",
                World::new("a", pods)
                    .revisions("new 1, old 2, x 3 current")
                    .expectations_pending(),
                "relabel p; relabel q; relabel r; relabel s; relabel t",
            ),
            (
                "nobody is relabelled if there are no duplicates",
                World::new("a", pods)
                    .revisions("new 2, old 1")
                    .expectations_pending(),
                "nothing",
            ),
        ],
    );
}

#[test]
fn section_3_9_clean_up() {
    let had = "v1 1, v2 2, v3 3, new 4";
    let row = |name, limit, pods, want| {
        let world = World::new("a, b, c", pods)
            .history_limit(limit)
            .revisions(had);
        (name, world, want)
    };
    check(
        revisions,
        [
            row(
                "limit 0, none alive",
                0,
                "",
                "delete v1; delete v2; delete v3",
            ),
            row(
                "limit 0, one alive",
                0,
                "p a hash=v2",
                "delete v1; delete v3",
            ),
            row(
                "limit 0, all alive",
                0,
                "p a hash=v2, q b hash=v1, r c hash=v3",
                "nothing",
            ),
            row(
                "the current one is never counted",
                0,
                "p a hash=v1, q b hash=v2, r c hash=new",
                "delete v3",
            ),
            row(
                "limit 1, none alive: the oldest go",
                1,
                "",
                "delete v1; delete v2",
            ),
            row(
                "limit 1, the oldest alive: it is kept, and counts",
                1,
                "p a hash=v1",
                "delete v2; delete v3",
            ),
            row(
                "limit 2, two alive: the youngest goes, 11.25",
                2,
                "p a hash=v1, q b hash=v2",
                "delete v3",
            ),
            row(
                "limit 2, two others alive",
                2,
                "p a hash=v2, q b hash=v3",
                "delete v1",
            ),
            row("limit 3: exactly as many", 3, "", "nothing"),
            row("limit 10", 10, "", "nothing"),
            // Who keeps one alive.
            row(
                "a terminating pod",
                2,
                "p a hash=v1 terminating",
                "delete v2",
            ),
            row(
                "one that has ended as well, 11.25",
                2,
                "p a hash=v1 failed terminating",
                "delete v2",
            ),
            row(
                "one on a missing node, 11.25",
                2,
                "p z hash=v1",
                "delete v2",
            ),
            row(
                "one without a node does not, 11.25",
                2,
                "p - hash=v1",
                "delete v1",
            ),
            row(
                "nor one that is another's",
                2,
                "p a hash=v1 foreign",
                "delete v1",
            ),
            row(
                "nor one that is released just now",
                2,
                "p a hash=v1 app=e",
                "delete v1",
            ),
            row(
                "one that is adopted just now does",
                2,
                "p a hash=v1 orphan",
                "delete v2",
            ),
            row(
                "one that is deleted just now does, 11.32",
                2,
                "p a hash=v1 failed",
                "delete v2",
            ),
        ],
    );
    let many: Vec<String> = (1..=12).map(|i| format!("v{i} {i}")).collect();
    check(
        revisions,
        [
            (
                "the default keeps ten",
                World::new("", "").revisions(&format!("{}, new 99", many.join(","))),
                "delete v1; delete v2",
            ),
            (
                "by number, not by name or place",
                World::new("", "").history_limit(1).revisions("v1 3, v3 2, v2 1, new 4"),
                "delete v2; delete v3",
            ),
            (
                "in the sync that makes a new one, all others are old",
                World::new("a", "p a hash=v3").history_limit(0).revisions("v2 2, v3 3"),
                "delete v2; create 4",
            ),
            (
                "in the sync that goes back, the one come back is none of them",
                World::new("", "").history_limit(1).revisions("new 1, v2 2, v3 3"),
                "delete v2; bump new to 4",
            ),
            (
                "duplicates of the current one go besides",
                World::new("", "").history_limit(1).revisions("v1 1, v2 2, x 3 current, new 4"),
                "delete x; delete v1",
            ),
            (
                "released ones do not count",
                World::new("", "")
                    .history_limit(1)
                    .with("spec: {selector: {matchExpressions: [{key: controller-revision-hash, operator: NotIn, values: [v1]}]}}")
                    .revisions("v1 1, v2 2, new 3"),
                "release v1",
            ),
        ],
    );
}

#[test]
fn section_3_9_without_the_hash_label() {
    check(
        revisions,
        [
            (
                "it gets its own name as hash, 11.27",
                World::new("", "").revisions("old 1 unlabelled, new 2"),
                "relabel old",
            ),
            (
                "by which pods keep it alive",
                World::new("a", "p a hash=d-v1")
                    .history_limit(0)
                    .revisions("v1 1 unlabelled, v2 2, new 3"),
                "relabel v1; delete v2",
            ),
            (
                "also while expectations are pending",
                World::new("", "")
                    .revisions("new 2 unlabelled")
                    .expectations_pending(),
                "relabel new",
            ),
        ],
    );
    let plan = World::new("a", "p a new ready")
        .revisions("new 2 unlabelled")
        .sync();
    assert_eq!(plan.hash(), "d-new");
    assert_eq!(
        acts(&plan),
        "RollingUpdate: -p",
        "its pods have another hash"
    );
}

#[test]
fn section_3_9_the_new_one() {
    let world = World::new("", "")
        .with("{metadata: {annotations: {kubernetes.io/change-cause: c}, labels: {not: taken}}, spec: {template: {metadata: {labels: {l: m}}}}}")
        .revisions("old 4");
    let plan = world.sync();
    let daemon_set = world.daemon_set();
    let created = plan
        .revisions
        .create
        .as_ref()
        .expect("a revision is created");
    let hash = template_hash(&daemon_set.spec.template, None);
    assert_eq!(plan.hash(), hash);
    let digits = hash.chars().all(|c| "456789bcdf".contains(c));
    assert!(digits && (1..=10).contains(&hash.len()), "{hash}");
    let written = serde_json::to_value(created).expect("a revision is written");
    assert_eq!(
        written["metadata"],
        serde_json::json!({
            "annotations": { "kubernetes.io/change-cause": "c" },
            "labels": { "app": "d", "controller-revision-hash": hash, "l": "m" },
            "name": format!("d-{hash}"),
            "namespace": "default",
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "uid": "uid-d",
                "controller": true, "blockOwnerDeletion": true,
            }],
        })
    );
    assert_eq!(written["revision"], 5);
    assert_eq!(written["data"]["spec"]["template"]["$patch"], "replace");
    assert_eq!(
        created.data,
        RevisionData::Template(daemon_set.spec.template)
    );
}

#[test]
fn section_3_9_name_taken() {
    let hash = |world: &World, count| template_hash(&world.daemon_set().spec.template, count);
    let world = World::new("a", "p a orphan ready");
    // By other content: the sync fails, and the next hash is another, 11.29.
    for (count, next) in [(None, 1), (Some(0), 1), (Some(1), 2)] {
        let taken = hash(&world, count);
        let mut world = world
            .clone()
            .revisions(&format!("{taken} 1 foreign, old 3 unlabelled"));
        if let Some(count) = count {
            world = world.with(&format!("status: {{collisionCount: {count}}}"));
        }
        let plan = world.with("metadata: {generation: 3}").sync();
        let name = format!("d-{taken}").into();
        assert_eq!(plan.error, Some(SyncError::HashCollision { name }));
        assert_eq!(plan.status.collision_count, Some(next));
        assert_eq!(
            plan.status.observed_generation, 2,
            "nothing else is written"
        );
        assert!(plan.status_updated);
        assert_eq!(revisions(&plan), "relabel old");
        assert!(plan.adopt_pods.is_empty() && plan.deletes.is_empty());
    }
    let hashes = [None, Some(0), Some(1)].map(|count| hash(&world, count));
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
    // By the same content: it is used, whoever owns it.
    let taken = format!("{} 1 foreign current, old 3", hashes[0]);
    let plan = world.revisions(&taken).sync();
    assert_eq!(
        (plan.hash(), plan.error.clone()),
        (hashes[0].as_str(), None)
    );
    assert_eq!(revisions(&plan), "nothing");
}

#[test]
fn section_3_9_what_makes_one() {
    let row = |name, patch, want| (name, World::new("", "").with(patch), want);
    check(
        revisions,
        [
            row(
                "updateStrategy",
                "spec: {updateStrategy: {type: OnDelete}}",
                "nothing",
            ),
            row("minReadySeconds", "spec: {minReadySeconds: 5}", "nothing"),
            row(
                "revisionHistoryLimit",
                "spec: {revisionHistoryLimit: 5}",
                "nothing",
            ),
            row(
                "labels of the DaemonSet",
                "metadata: {labels: {x: y}}",
                "nothing",
            ),
        ],
    );
}
