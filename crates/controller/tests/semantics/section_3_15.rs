//! Deleting a DaemonSet.

use crate::world::{World, acts, check, counters, revisions};

#[test]
fn section_3_15_while_it_goes() {
    let pods = "p a new failed, q b orphan, r b app=e, s x new";
    for finalizer in ["foregroundDeletion", "orphan"] {
        let world = World::new("a, b, c, x y:NoExecute", pods)
            .with(&format!(
                "metadata: {{generation: 3, finalizers: [{finalizer}]}}"
            ))
            .being_deleted()
            .revisions("old 1 orphan");
        let plan = world.sync();
        assert_eq!(acts(&plan), "nothing", "{finalizer}");
        assert_eq!(revisions(&plan), "nothing", "{finalizer}");
        assert!(!plan.status_updated, "{finalizer}");
        assert_eq!(plan.status, world.daemon_set().status, "{finalizer}");
    }
}

/// A new DaemonSet after another was deleted with `--cascade=orphan`.
#[test]
fn section_3_15_after_orphaning() {
    let pods = "p a new ready orphan, q b new ready orphan";
    let row = |name, had, want| (name, World::new("a, b", pods).revisions(had), want);
    check(
        acts,
        [
            row(
                "of the same template: untouched",
                "new 4 orphan",
                "adopt p; adopt q",
            ),
            row(
                "of another template: rolled",
                "x 4 orphan",
                "adopt p; adopt q; RollingUpdate: -p",
            ),
        ],
    );
    check(
        revisions,
        [
            row(
                "its revision is used again",
                "x 3 orphan, new 4 orphan",
                "adopt x; adopt new",
            ),
            row(
                "under a new number, if it was not the last",
                "new 3 orphan, x 4 orphan",
                "adopt new; adopt x; bump new to 5",
            ),
            row(
                "another template: numbers go on",
                "x 4 orphan",
                "adopt x; create 5",
            ),
        ],
    );
    check(
        counters,
        [
            row("they count at once", "new 4 orphan", "2 2 2 2 2; 0 0"),
            row("as old ones", "x 4 orphan", "2 2 2 0 2; 0 0"),
        ],
    );
    check(
        acts,
        [(
            "while the first one still owns them, a second one makes its own",
            World::new("a", "p a new ready foreign").revisions("new 4 foreign"),
            "Manage: +a",
        )],
    );
}
