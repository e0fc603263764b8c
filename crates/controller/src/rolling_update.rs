//! RollingUpdate without surge: old pods go, as many at a time as may be unavailable.

use objects::Millis;

use crate::{
    DeleteReason,
    index::Index,
    manage::delete,
    on_node::{Act, OnNode, Turn},
    plan::{Plan, Rollout},
};

/// What a node is to `rollingUpdate` with `maxSurge` 0.
pub(crate) fn turn(on_node: &OnNode, now: Millis) -> Turn {
    let (takes_room, act) = match on_node.new_and_old() {
        // Not one pod, or one too many: `manage` sees to it.
        None | Some((None, None) | (Some(_), Some(_))) => (true, Act::Never),
        Some((Some(new), None)) => (!new.is_available(now), Act::Never),
        Some((None, Some(old))) if !old.is_available(now) => (true, Act::AtOnce),
        Some((None, Some(_))) => (false, Act::WithRoom),
    };
    Turn {
        takes_room,
        act,
        ..Turn::default()
    }
}

/// Models `rollingUpdate` with `maxSurge` 0, `pkg/controller/daemon/update.go`, v1.34; the order
/// of nodes, there that of a Go map, is by name.
pub(crate) fn rolling_update(index: &Index, max_unavailable: i64, plan: &mut Plan) {
    let unavailable = index.taken_room();
    let room = usize::try_from(max_unavailable.saturating_sub(unavailable)).unwrap_or(0);
    plan.rollout = Some(Rollout::Unavailable {
        unavailable,
        max_unavailable,
    });
    for on_node in index.to_act(Act::AtOnce) {
        for old in on_node.staying() {
            delete(plan, old, DeleteReason::OldNotAvailable);
        }
    }
    for (i, on_node) in (0..).zip(index.to_act(Act::WithRoom).take(room)) {
        for old in on_node.staying() {
            let reason = DeleteReason::RollingUpdate {
                unavailable: unavailable + i,
                max_unavailable,
            };
            delete(plan, old, reason);
        }
    }
}
