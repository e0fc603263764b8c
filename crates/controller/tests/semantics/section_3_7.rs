//! Adoption and release.

use controller::{
    daemon_pods::{Claim, claim},
    plan::SyncError,
};

use crate::world::{World, acts, check, revisions};

#[test]
fn section_3_7_pods() {
    let row = |name, pods, want| (name, World::new("a", pods), want);
    check(
        acts,
        [
            row(
                "another's, of the same name and labels: the uid decides",
                "p a foreign new",
                "Manage: +a",
            ),
            row("ours", "p a new", "nothing"),
            row(
                "ours, but with other labels: released, and one is created",
                "p a app=e new",
                "release p; Manage: +a",
            ),
            row(
                "released also while it goes",
                "p a app=e new terminating",
                "release p; Manage: +a",
            ),
            row("nobody's: adopted", "p a orphan new", "adopt p"),
            row(
                "nobody's, and on no node: adopted",
                "p - orphan new, q a new",
                "adopt p",
            ),
            row(
                "nobody's, but it goes: left alone",
                "p a orphan new terminating",
                "Manage: +a",
            ),
            row(
                "nobody's, with other labels: left alone",
                "p a orphan app=e new",
                "Manage: +a",
            ),
            row(
                "with an owner that does not manage it: adopted",
                "p a owned new",
                "adopt p",
            ),
            row(
                "adopted beside one of ours: the younger goes",
                "p a orphan new age=10, q a new age=9",
                "adopt p; Manage: -q",
            ),
            row(
                "adopted and deleted at once, as it has failed",
                "p a orphan new failed",
                "adopt p; Manage: -p; event FailedDaemonPod",
            ),
            row(
                "without a hash it is old, and rolled",
                "p a orphan ready",
                "adopt p; RollingUpdate: -p",
            ),
        ],
    );
}

#[test]
fn section_3_7_selectors() {
    check(
        acts,
        [
            (
                "no selector selects nothing: what is ours is released",
                World::new("a", "p a new, q a orphan").with("spec: {selector: null}"),
                "release p; Manage: +a",
            ),
            (
                "one that happens to select everything is as good as any",
                World::new("a", "p a orphan app=e new").with(
                    "spec: {selector: {matchLabels: null, matchExpressions: [{key: x, operator: DoesNotExist}]}}",
                ),
                "adopt p",
            ),
            (
                "labels and expressions must all match",
                World::new("a", "p a new").with(
                    "spec: {selector: {matchExpressions: [{key: x, operator: Exists}]}}",
                ),
                "release p; Manage: +a",
            ),
        ],
    );
    check(
        revisions,
        [
            (
                "revisions are claimed as pods are",
                World::new("", "")
                    .revisions("old 1 orphan, x 5 foreign, y 6 orphan terminating, new 2"),
                "adopt old",
            ),
            (
                "all revisions are released if nothing is selected",
                World::new("", "").with("spec: {selector: null}"),
                "release old; release new; create 1",
            ),
        ],
    );
}

#[test]
fn section_3_7_while_the_daemon_set_goes() {
    let claimed = |pod: &str| {
        let going = World::new("", "").being_deleted();
        claim(&going.daemon_set(), &crate::world::pod(pod).metadata)
    };
    for (pod, want) in [
        ("p a", Claim::Keep),
        ("p a terminating", Claim::Keep),
        ("p a app=e", Claim::Ignore),
        ("p a orphan", Claim::Ignore),
        ("p a foreign", Claim::Ignore),
    ] {
        assert_eq!(claimed(pod), want, "{pod}");
    }
}

#[test]
fn section_3_7_a_selector_that_cannot_be_read() {
    for selector in [
        "{matchExpressions: [{key: app, operator: In}]}",
        "{matchExpressions: [{key: app, operator: Exists, values: [d]}]}",
        "{matchExpressions: [{key: app, operator: Gt, values: ['1']}]}",
        "{matchExpressions: [{key: -app-, operator: Exists}]}",
        "{matchExpressions: [{key: app, operator: In, values: [d, 'a b']}]}",
        "{matchLabels: {app: -d}}",
    ] {
        let plan = World::new("a, b", "p a new, q - orphan new")
            .with("spec: {selector: {matchLabels: null}}")
            .with(&format!("spec: {{selector: {selector}}}"))
            .sync();
        assert!(
            matches!(plan.error, Some(SyncError::InvalidSelector(_))),
            "{selector}"
        );
        assert!(
            acts(&plan).starts_with("error "),
            "{selector}: nothing else"
        );
        assert_eq!(revisions(&plan), "nothing", "{selector}");
        assert!(!plan.status_updated, "{selector}");
    }
}
