//! RollingUpdate without surge: old pods go, as many at a time as may be unavailable.

use objects::Name;

use crate::{
    DeleteReason,
    daemon_pods::OnNode,
    manage::delete,
    plan::{Plan, Rollout},
};

/// Nodes that have pods or should have, also such as do not exist.
pub(crate) fn concerned<'a, 'p>(
    on_nodes: &'a [OnNode<'p>],
) -> impl Iterator<Item = &'a OnNode<'p>> {
    on_nodes
        .iter()
        .filter(|it| it.should_run() || !it.pods.is_empty())
}

/// Models `rollingUpdate` with `maxSurge` 0, `pkg/controller/daemon/update.go`, v1.34; the order
/// of nodes, there that of a Go map, is by name.
pub(crate) fn rolling_update(on_nodes: &[OnNode<'_>], max_unavailable: i64, plan: &mut Plan) {
    let mut unavailable = 0;
    let (mut must, mut may) = (Vec::new(), Vec::new());
    for on_node in concerned(on_nodes) {
        let node = on_node.node;
        match on_node.new_and_old() {
            // Not one pod, or one too many: `manage` sees to it.
            None | Some((None, None) | (Some(_), Some(_))) => unavailable += 1,
            Some((Some(new), None)) => unavailable += i64::from(!new.is_available),
            Some((None, Some(old))) if !old.is_available => {
                must.push((old, Name::from(node)));
                unavailable += 1;
            }
            Some((None, Some(_))) if unavailable >= max_unavailable => {}
            Some((None, Some(old))) => may.push((old, Name::from(node))),
        }
    }
    let room = usize::try_from(max_unavailable.saturating_sub(unavailable)).unwrap_or(0);
    plan.rollout = Some(Rollout::Unavailable {
        unavailable,
        max_unavailable,
    });
    for (old, node) in must {
        delete(plan, old.pod, &node, DeleteReason::OldNotAvailable);
    }
    for (i, (old, node)) in (0..).zip(may.into_iter().take(room)) {
        let reason = DeleteReason::RollingUpdate {
            unavailable: unavailable + i,
            max_unavailable,
        };
        delete(plan, old.pod, &node, reason);
    }
}
