//! RollingUpdate with surge: a new pod beside the old one, which goes when the new is available.

use objects::{Name, Pod};

use crate::{
    CreateReason, DeleteReason,
    daemon_pods::OnNode,
    manage::{create, delete},
    plan::{Plan, Rollout, SyncError},
    rolling_update::concerned,
};

/// Models `rollingUpdate` with `maxSurge` above 0, `pkg/controller/daemon/update.go`, v1.34; the
/// order of nodes is by name.
pub(crate) fn rolling_update(
    on_nodes: &[OnNode<'_>],
    desired: i64,
    max_surge: i64,
    plan: &mut Plan,
) -> Result<(), SyncError> {
    let (mut surging, mut available) = (0, 0);
    let mut deletes: Vec<(&Pod, Name, DeleteReason)> = Vec::new();
    let mut sunset = Vec::new();
    let mut creates: Vec<(Name, CreateReason)> = Vec::new();
    let mut may_create: Vec<(Name, Name)> = Vec::new();
    for on_node in concerned(on_nodes) {
        let Some((new, old)) = on_node.new_and_old() else {
            surging += 1;
            continue;
        };
        available += i64::from(old.or(new).is_some_and(|pod| pod.is_available));
        let name = Name::from(on_node.node);
        match (new, old) {
            (_, None) => {}
            (Some(new), Some(_)) if !new.is_available => surging += 1,
            (Some(new), Some(old)) => {
                let new = new.name().clone();
                deletes.push((old.pod, name, DeleteReason::NewAvailable { new }));
            }
            (None, Some(old)) => {
                let Some(decision) = on_node.decision else {
                    return Err(SyncError::NodeNotFound { node: name });
                };
                let because = || decision.because.clone();
                match (old.is_available, decision.should_run) {
                    (false, false) => {
                        deletes.push((
                            old.pod,
                            name,
                            DeleteReason::OldNotWanted { because: because() },
                        ));
                    }
                    (false, true) => {
                        let old = old.name().clone();
                        creates.push((name, CreateReason::OldNotAvailable { old }));
                    }
                    (true, false) => sunset.push((old.pod, name, because())),
                    (true, true) if surging >= max_surge => {}
                    (true, true) => may_create.push((name, old.name().clone())),
                }
            }
        }
    }
    let too_many = usize::try_from(available.saturating_sub(desired)).unwrap_or(0);
    for (old, node, because) in sunset.into_iter().take(too_many) {
        deletes.push((
            old,
            node,
            DeleteReason::Sunset {
                available,
                desired,
                because,
            },
        ));
    }
    let room = usize::try_from(max_surge.saturating_sub(surging)).unwrap_or(0);
    plan.rollout = Some(Rollout::Surge { surging, max_surge });
    for (i, (node, old)) in (0..).zip(may_create.into_iter().take(room)) {
        let reason = CreateReason::SurgeRoom {
            old,
            surging: surging + i,
            max_surge,
        };
        creates.push((node, reason));
    }
    for (node, reason) in creates {
        create(plan, &node, reason);
    }
    for (pod, node, reason) in deletes {
        delete(plan, pod, &node, reason);
    }
    Ok(())
}
