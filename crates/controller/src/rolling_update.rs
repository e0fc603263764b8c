//! RollingUpdate without surge: old pods go, as many at a time as may be unavailable.

use std::collections::BTreeMap;

use objects::{DaemonSet, Millis, Name, Pod};

use crate::{
    Decision, DeleteReason,
    daemon_pods::{Current, DaemonPods, is_available},
    manage::delete,
    plan::Plan,
};

/// All nodes that have pods or should have, by name: also such as do not exist.
pub(crate) fn nodes<'n, 'p>(
    pods: &'n DaemonPods<'p>,
    decisions: &'n [Decision],
) -> BTreeMap<&'n str, &'n [&'p Pod]> {
    let mut nodes = BTreeMap::<&'n str, &'n [&'p Pod]>::new();
    for decision in decisions.iter().filter(|decision| decision.should_run) {
        nodes.insert(&decision.node, &[]);
    }
    for (node, pods) in pods.iter() {
        nodes.insert(node, pods);
    }
    nodes
}

/// How many nodes should run a pod.
pub(crate) fn desired(plan: &Plan) -> i64 {
    let desired = plan
        .decisions
        .iter()
        .filter(|decision| decision.should_run)
        .count();
    i64::try_from(desired).unwrap_or(i64::MAX)
}

/// Models `rollingUpdate` with `maxSurge` 0, `pkg/controller/daemon/update.go`, v1.34; the order
/// of nodes, there that of a Go map, is by name.
pub(crate) fn rolling_update(
    daemon_set: &DaemonSet,
    pods: &DaemonPods<'_>,
    current: &Current<'_>,
    max_unavailable: i64,
    now: Millis,
    plan: &mut Plan,
) {
    let available = |pod: &Pod| is_available(pod, daemon_set.spec.min_ready_seconds, now);
    let mut unavailable = 0;
    let (mut must, mut may) = (Vec::new(), Vec::new());
    for (node, pods) in nodes(pods, &plan.decisions) {
        match current.split(pods) {
            // Not one pod, or one too many: `manage` sees to it.
            None | Some((None, None) | (Some(_), Some(_))) => unavailable += 1,
            Some((Some(new), None)) => unavailable += i64::from(!available(new)),
            Some((None, Some(old))) if !available(old) => {
                must.push((old, Name::from(node)));
                unavailable += 1;
            }
            Some((None, Some(_))) if unavailable >= max_unavailable => {}
            Some((None, Some(old))) => may.push((old, Name::from(node))),
        }
    }
    let room = usize::try_from(max_unavailable - unavailable).unwrap_or(0);
    for (old, node) in must {
        delete(plan, old, &node, DeleteReason::OldNotAvailable);
    }
    for (i, (old, node)) in (0..).zip(may.into_iter().take(room)) {
        let reason = DeleteReason::RollingUpdate {
            unavailable: unavailable + i,
            max_unavailable,
        };
        delete(plan, old, &node, reason);
    }
}
