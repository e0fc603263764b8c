//! RollingUpdate with surge: a new pod beside the old one, which goes when the new is available.

use objects::Millis;

use crate::{
    CreateReason, DeleteReason,
    daemon_pods::DaemonPod,
    index::Index,
    manage::{create, delete},
    on_node::{Act, OnNode, Turn},
    plan::{Plan, Rollout, SyncError},
};

/// What a node is to `rollingUpdate` with `maxSurge` above 0.
pub(crate) fn turn(on_node: &OnNode, now: Millis) -> Turn {
    let Some((new, old)) = on_node.new_and_old() else {
        return Turn {
            takes_room: true,
            ..Turn::default()
        };
    };
    let is_available = |pod: &DaemonPod| pod.is_available(now);
    let (takes_room, act) = match (new, old) {
        (_, None) => (false, Act::Never),
        (Some(new), Some(_)) if !is_available(new) => (true, Act::Never),
        (Some(_), Some(_)) => (false, Act::AtOnce),
        (None, Some(_)) if on_node.decision.is_none() => (false, Act::Lost),
        (None, Some(old)) => match (is_available(old), on_node.should_run()) {
            (false, _) => (false, Act::AtOnce),
            (true, false) => (false, Act::Sunset),
            (true, true) => (false, Act::WithRoom),
        },
    };
    Turn {
        takes_room,
        is_available: old.or(new).is_some_and(is_available),
        act,
    }
}

/// Models `rollingUpdate` with `maxSurge` above 0, `pkg/controller/daemon/update.go`, v1.34; the
/// order of nodes is by name.
pub(crate) fn rolling_update(
    index: &Index,
    desired: i64,
    max_surge: i64,
    plan: &mut Plan,
) -> Result<(), SyncError> {
    if let Some(lost) = index.to_act(Act::Lost).next() {
        let node = lost.name.clone();
        return Err(SyncError::NodeNotFound { node });
    }
    let (surging, available) = (index.taken_room(), index.available());
    plan.rollout = Some(Rollout::Surge { surging, max_surge });
    for on_node in index.to_act(Act::AtOnce) {
        act_at_once(on_node, plan);
    }
    let room = usize::try_from(max_surge.saturating_sub(surging)).unwrap_or(0);
    for (i, on_node) in (0..).zip(index.to_act(Act::WithRoom).take(room)) {
        for old in on_node.staying() {
            let reason = CreateReason::SurgeRoom {
                old: old.name.clone(),
                surging: surging + i,
                max_surge,
            };
            create(plan, &on_node.name, reason);
        }
    }
    let too_many = usize::try_from(available.saturating_sub(desired)).unwrap_or(0);
    for on_node in index.to_act(Act::Sunset).take(too_many) {
        let Some(decision) = &on_node.decision else {
            continue;
        };
        for old in on_node.staying() {
            let because = decision.because.clone();
            let reason = DeleteReason::Sunset {
                available,
                desired,
                because,
            };
            delete(plan, old, reason);
        }
    }
    Ok(())
}

fn act_at_once(on_node: &OnNode, plan: &mut Plan) {
    match (on_node.new_and_old(), &on_node.decision) {
        (Some((Some(new), Some(old))), _) => {
            let new = new.name.clone();
            delete(plan, old, DeleteReason::NewAvailable { new });
        }
        (Some((None, Some(old))), Some(decision)) if decision.should_run => {
            let old = old.name.clone();
            create(plan, &on_node.name, CreateReason::OldNotAvailable { old });
        }
        (Some((None, Some(old))), Some(decision)) => {
            let because = decision.because.clone();
            delete(plan, old, DeleteReason::OldNotWanted { because });
        }
        _ => {}
    }
}
