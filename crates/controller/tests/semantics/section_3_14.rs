//! What happens at once, without any budget.

use crate::world::{World, acts, check, counters};

#[test]
fn section_3_14_changes_of_node_and_template() {
    let six = "a, b x=y, c, d, e z:NoSchedule, f x=y";
    let pods = "p a old ready, q b old ready, r c old ready, s d old ready, t e old ready";
    let rows = [
        (
            "nodeSelector edited: all that do not match go, new ones are created",
            World::new(six, pods).template_spec("{nodeSelector: {x: y}}"),
            "Manage: +f -p -r -s -t",
            "2 1 1 0 1; 1 4",
        ),
        (
            "nodeSelector that no node has: all go",
            World::new(six, pods).template_spec("{nodeSelector: {no: where}}"),
            "Manage: -p -q -r -s -t",
            "0 0 0 0 0; 0 5",
        ),
        (
            "a label removed",
            World::new("a, b x=y", "p a new ready, q b new ready")
                .template_spec("{nodeSelector: {x: y}}"),
            "Manage: -p",
            "1 1 1 1 1; 0 1",
        ),
        (
            "an untolerated NoExecute taint on every node",
            World::new(
                "a g:NoExecute, b g:NoExecute",
                "p a new ready, q b new ready",
            ),
            "Manage: -p -q",
            "0 0 0 0 0; 0 2",
        ),
        (
            "an untolerated NoSchedule taint",
            World::new("a g:NoSchedule, b", "p a new ready, q b new ready"),
            "nothing",
            "1 1 1 1 1; 0 1",
        ),
        (
            "a toleration added: pods on nodes newly allowed, before any is rolled",
            World::new("a g:NoSchedule, b h:NoExecute, c", "p c old ready")
                .template_spec("{tolerations: [{operator: Exists}]}"),
            "Manage: +a +b",
            "3 1 1 0 1; 2 0",
        ),
        (
            "a toleration taken away under NoSchedule: the rollout deletes it for good, by its turn",
            World::new("a g:NoSchedule, b", "p a old ready, q b old ready"),
            "RollingUpdate: -p",
            "1 1 1 0 1; 0 1",
        ),
        (
            "nodeName set: everywhere else they go",
            World::new("a, b, c", "p a old ready, q b old ready").template_spec("{nodeName: c}"),
            "Manage: +c -p -q",
            "1 0 0 0 0; 1 2",
        ),
    ];
    for (name, world, does, counts) in rows {
        check(acts, [(name, world.clone(), does)]);
        check(counters, [(name, world, counts)]);
    }
}
