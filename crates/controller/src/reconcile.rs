//! One sync, from top to bottom.

use objects::{DaemonSet, EventType, Millis};

use crate::{
    Index, Observed, Phase, history,
    manage::manage,
    observed::{Listers, Memory},
    plan::{BURST_REPLICAS, Note, Plan, SyncError},
    rolling_update, status, surge,
};

/// What the controller does about one DaemonSet, given what it sees at `now` (milliseconds since
/// the Unix epoch).
pub fn reconcile(observed: &Observed<'_>, daemon_set: &DaemonSet, now: Millis) -> Plan {
    sync(
        &mut Index::default(),
        observed,
        observed.memory(),
        daemon_set,
        now,
    )
}

/// The same with an index of an earlier sync, which has been told what has changed since.
///
/// Models `syncDaemonSet`, `pkg/controller/daemon/daemon_controller.go`, v1.34. As upstream no
/// answer of the API arrives during a sync: history and status see the pods as they were before.
pub fn sync(
    index: &mut Index,
    listers: &impl Listers,
    memory: Memory<'_>,
    daemon_set: &DaemonSet,
    now: Millis,
) -> Plan {
    let mut plan = Plan {
        status: daemon_set.status.clone(),
        failed_pods_backoff: memory.failed_pods_backoff.clone(),
        ..Plan::default()
    };
    let selector = daemon_set.spec.selector.as_ref();
    if selector.is_some_and(|selector| selector.is_empty()) {
        plan.events.push(Note {
            type_: EventType::Warning,
            reason: "SelectingAll".into(),
            message: "This daemon set is selecting all pods. A non-empty selector is required."
                .into(),
        });
        return plan;
    }
    if daemon_set.metadata.is_being_deleted() {
        return plan;
    }
    let old_revisions = match history::construct(listers, daemon_set, &mut plan) {
        Ok(old) => old,
        Err(error) => {
            if matches!(error, SyncError::HashCollision { .. }) {
                let collisions = plan.status.collision_count.unwrap_or(0);
                plan.status.collision_count = Some(collisions.saturating_add(1));
                plan.status_updated = true;
            }
            plan.error = Some(error);
            return plan;
        }
    };
    index.update(listers, daemon_set, plan.hash(), now);
    plan.adopt_pods = index.adopt().cloned().collect();
    plan.release_pods = index.release().cloned().collect();
    history::relabel(&old_revisions, index, &mut plan);
    if memory.expectations_met {
        act(daemon_set, index, now, &mut plan);
        if plan.error.is_none() {
            history::clean_up(daemon_set, old_revisions, index, &mut plan);
        }
    }
    status::update(
        daemon_set,
        index.counts(),
        memory.expectations_met,
        &mut plan,
    );
    plan
}

/// Creates and deletes pods, in the one phase or the other.
fn act(daemon_set: &DaemonSet, index: &Index, now: Millis, plan: &mut Plan) {
    manage(daemon_set, index, now, plan);
    plan.by = acted(plan).then_some(Phase::Manage);
    if plan.by.is_none() && daemon_set.is_rolling_update() {
        let desired = index.counts().desired;
        let rolled = match (
            daemon_set.max_unavailable(desired),
            daemon_set.max_surge(desired),
        ) {
            (Some(max_unavailable), Some(0)) => {
                rolling_update::rolling_update(index, max_unavailable, plan);
                Ok(())
            }
            (Some(_), Some(max_surge)) => surge::rolling_update(index, desired, max_surge, plan),
            _ => Err(SyncError::InvalidStrategy),
        };
        plan.error = rolled.err();
        plan.by = acted(plan).then_some(Phase::RollingUpdate);
    }
    // The rest comes with later syncs.
    plan.creates.truncate(BURST_REPLICAS);
    plan.deletes.truncate(BURST_REPLICAS);
}

fn acted(plan: &Plan) -> bool {
    !plan.creates.is_empty() || !plan.deletes.is_empty()
}
