//! One sync, from top to bottom.

use objects::{DaemonSet, EventType, Millis, Pod};

use crate::{
    Observed, Phase,
    daemon_pods::{Census, Claim, DaemonPod, DaemonPods, OnNode},
    history,
    manage::manage,
    placement::Rules,
    plan::{BURST_REPLICAS, Note, Plan, SyncError},
    rolling_update, status, surge,
};

/// What the controller does about one DaemonSet, given what it sees at `now` (milliseconds since
/// the Unix epoch).
///
/// Models `syncDaemonSet`, `pkg/controller/daemon/daemon_controller.go`, v1.34. As upstream no
/// answer of the API arrives during a sync: history and status see the pods as they were before.
pub fn reconcile(observed: &Observed<'_>, daemon_set: &DaemonSet, now: Millis) -> Plan {
    let mut plan = Plan {
        status: daemon_set.status.clone(),
        failed_pods_backoff: observed.failed_pods_backoff.clone(),
        ..Plan::default()
    };
    if daemon_set
        .spec
        .selector
        .as_ref()
        .is_some_and(|selector| selector.is_empty())
    {
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
    debug_assert!(
        observed.nodes.is_sorted_by_key(|node| &node.metadata.name),
        "nodes come by name"
    );
    let rules = Rules::new(daemon_set);
    let decisions: Vec<_> = observed
        .nodes
        .iter()
        .map(|node| rules.decide(node))
        .collect();
    let old_revisions = match history::construct(observed, daemon_set, &mut plan) {
        Ok(old) => old,
        Err(error) => {
            if matches!(error, SyncError::HashCollision { .. }) {
                let collisions = plan.status.collision_count.unwrap_or(0);
                plan.status.collision_count = Some(collisions.saturating_add(1));
                plan.status_updated = true;
            }
            plan.error = Some(error);
            plan.decisions = decisions;
            return plan;
        }
    };
    let hash = plan.hash.clone();
    let (own, pods) = claimed(observed, Census::new(daemon_set, &hash, now), &mut plan);
    history::relabel(&old_revisions, &own, &mut plan);
    let pods = DaemonPods::on(&decisions, pods);
    let on_nodes = pods.on_nodes(&decisions);
    if observed.expectations_met {
        act(daemon_set, &on_nodes, now, &mut plan);
        if plan.error.is_none() {
            history::clean_up(daemon_set, old_revisions, &own, &mut plan);
        }
    }
    status::update(daemon_set, &on_nodes, observed.expectations_met, &mut plan);
    plan.decisions = decisions;
    plan
}

/// Creates and deletes pods, in the one phase or the other.
fn act(daemon_set: &DaemonSet, on_nodes: &[OnNode<'_>], now: Millis, plan: &mut Plan) {
    manage(daemon_set, on_nodes, now, plan);
    plan.by = acted(plan).then_some(Phase::Manage);
    if plan.by.is_none() && daemon_set.is_rolling_update() {
        let desired = on_nodes.iter().filter(|it| it.should_run()).count();
        let desired = i64::try_from(desired).unwrap_or(i64::MAX);
        let rolled = match (
            daemon_set.max_unavailable(desired),
            daemon_set.max_surge(desired),
        ) {
            (Some(max_unavailable), Some(0)) => {
                rolling_update::rolling_update(on_nodes, max_unavailable, plan);
                Ok(())
            }
            (Some(_), Some(max_surge)) => surge::rolling_update(on_nodes, desired, max_surge, plan),
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

/// The DaemonSet's pods, and those of them that the phases look at.
fn claimed<'a>(
    observed: &Observed<'a>,
    mut census: Census<'a>,
    plan: &mut Plan,
) -> (Vec<&'a Pod>, Vec<DaemonPod<'a>>) {
    let most = observed.pods.len();
    let (mut own, mut daemon_pods) = (Vec::with_capacity(most), Vec::with_capacity(most));
    for &pod in &observed.pods {
        let (claim, daemon_pod) = census.ask(pod);
        match claim {
            Claim::Adopt => plan.adopt_pods.push(pod.metadata.name.clone()),
            Claim::Release => plan.release_pods.push(pod.metadata.name.clone()),
            Claim::Keep | Claim::Ignore => {}
        }
        if claim.is_own() {
            own.push(pod);
        }
        daemon_pods.extend(daemon_pod);
    }
    (own, daemon_pods)
}
