//! Evicting a pod: a deletion that a disruption budget can forbid.
//!
//! Models `EvictionREST.Create`, `pkg/registry/core/pod/storage/eviction.go`, and how many
//! disruptions the controller of `pkg/controller/disruption/disruption.go` would allow at the
//! moment, v1.34.

use objects::{Field, IntOrPercent, LabelSelector, Phase, Pod};
use serde_json::Value;

use super::ApiError;
use crate::{
    Cluster, DeleteOptions, Key, Kind, ObjectRef, What,
    conditions::{disruption_target, set_condition},
};

/// What a budget says of the pods it selects.
struct Budget {
    current_healthy: i64,
    desired_healthy: i64,
}

impl Cluster {
    pub(crate) fn evict(
        &mut self,
        key: &Key,
        options: &DeleteOptions,
    ) -> Result<(What, ObjectRef), ApiError> {
        let name = || key.name.clone();
        let Some(pod) = self.store.pods.get(key) else {
            return Err(ApiError::NotFound {
                kind: Kind::Pod,
                name: name(),
            });
        };
        let unguarded = pod.is_terminal()
            || pod.status.phase == Phase::Pending
            || pod.metadata.is_being_deleted();
        if !unguarded {
            match &self.budgets(pod)[..] {
                [] => {}
                [budget] => {
                    // A pod that is not ready may go as long as enough others are.
                    let spare = !pod.is_ready()
                        && budget.current_healthy >= budget.desired_healthy
                        && budget.desired_healthy > 0;
                    if !spare && budget.current_healthy <= budget.desired_healthy {
                        return Err(ApiError::BudgetSpent { pod: name() });
                    }
                }
                _ => return Err(ApiError::SeveralBudgets { pod: name() }),
            }
            let now = self.timestamp();
            self.write_pod(key, |pod| {
                let evicted = disruption_target("EvictionByEvictionAPI", "Eviction API: evicting");
                set_condition(&mut pod.status.conditions, evicted, now);
            });
        }
        self.delete(&ObjectRef::pod(key), options)
    }

    /// The budgets that select a pod.
    fn budgets(&self, pod: &Pod) -> Vec<Budget> {
        let namespace = &*pod.metadata.namespace;
        let budgets = self.store.others_of("PodDisruptionBudget");
        let here = budgets.filter(|it| it["metadata"]["namespace"].as_str() == Some(namespace));
        here.filter_map(|it| self.budget(it, pod)).collect()
    }

    fn budget(&self, budget: &Value, pod: &Pod) -> Option<Budget> {
        let selector = LabelSelector::read(budget["spec"]["selector"].clone()).ok()?;
        if !selector.matches(&pod.metadata.labels) {
            return None;
        }
        let pods = self.store.pods_in(&pod.metadata.namespace);
        let selected: Vec<_> = pods
            .filter(|it| selector.matches(&it.metadata.labels))
            .collect();
        let number = |field: &str| {
            let value = &budget["spec"][field];
            IntOrPercent::read(value.clone())
                .ok()
                .filter(|_| !value.is_null())
        };
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let desired_healthy = match (number("minAvailable"), number("maxUnavailable")) {
            (Some(IntOrPercent::Int(min_available)), _) => min_available,
            // Of a share the whole must be known, which those who cannot be scaled do not tell.
            _ if selected.iter().any(|it| !is_scaled(it)) => i64::MAX,
            (Some(share), _) => share.scaled_up(count(selected.len())).unwrap_or(0),
            (None, Some(max_unavailable)) => {
                let all = count(selected.len());
                all - max_unavailable.scaled_up(all).unwrap_or(0)
            }
            (None, None) => 0,
        };
        let healthy = selected
            .iter()
            .filter(|it| it.is_ready() && !it.metadata.is_being_deleted());
        Some(Budget {
            current_healthy: count(healthy.count()),
            desired_healthy,
        })
    }
}

/// Whether the owner of a pod has a number of replicas.
fn is_scaled(pod: &Pod) -> bool {
    let kinds = ["ReplicaSet", "StatefulSet", "ReplicationController"];
    let owner = pod.metadata.controller();
    owner.is_some_and(|owner| kinds.contains(&owner.kind.as_str()))
}
