//! DaemonSets.

use crate::{IntOrPercent, LabelSelector, ObjectMeta, PodTemplateSpec, Shared, fields::object};

/// The annotation that counts changes of the pod template; the API server owns it.
pub const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

object! {
    /// Models `apps/v1.DaemonSet`.
    pub struct DaemonSet {
        metadata: ObjectMeta = always "metadata",
        spec: DaemonSetSpec = always "spec",
        status: DaemonSetStatus = in_store "status",
    }
}

object! {
    /// Models `apps/v1.DaemonSetSpec`.
    pub struct DaemonSetSpec {
        min_ready_seconds: i64 = "minReadySeconds",
        revision_history_limit: Option<i64> = "revisionHistoryLimit",
        selector: Option<LabelSelector> = "selector",
        template: Shared<PodTemplateSpec> = always "template",
        update_strategy: UpdateStrategy = "updateStrategy",
    }
}

object! {
    /// Models `apps/v1.DaemonSetUpdateStrategy`.
    pub struct UpdateStrategy {
        rolling_update: Option<RollingUpdate> = "rollingUpdate",
        type_: String = "type",
    }
}

object! {
    /// Models `apps/v1.RollingUpdateDaemonSet`.
    pub struct RollingUpdate {
        max_surge: Option<IntOrPercent> = "maxSurge",
        max_unavailable: Option<IntOrPercent> = "maxUnavailable",
    }
}

object! {
    /// Models `apps/v1.DaemonSetStatus`: counts of nodes.
    pub struct DaemonSetStatus {
        collision_count: Option<i64> = "collisionCount",
        current_number_scheduled: i64 = always "currentNumberScheduled",
        desired_number_scheduled: i64 = always "desiredNumberScheduled",
        number_available: i64 = "numberAvailable",
        number_misscheduled: i64 = always "numberMisscheduled",
        number_ready: i64 = always "numberReady",
        number_unavailable: i64 = "numberUnavailable",
        observed_generation: i64 = "observedGeneration",
        updated_number_scheduled: i64 = "updatedNumberScheduled",
    }
}

impl DaemonSetStatus {
    /// The counters under their API names, in the order in which they are read best.
    pub fn counters(&self) -> [(&'static str, i64); 7] {
        [
            ("desiredNumberScheduled", self.desired_number_scheduled),
            ("currentNumberScheduled", self.current_number_scheduled),
            ("numberReady", self.number_ready),
            ("updatedNumberScheduled", self.updated_number_scheduled),
            ("numberAvailable", self.number_available),
            ("numberUnavailable", self.number_unavailable),
            ("numberMisscheduled", self.number_misscheduled),
        ]
    }
}

impl DaemonSet {
    /// `NAMESPACE/NAME`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.metadata.namespace, self.metadata.name)
    }

    /// The annotation that counts changes of the template, if it is there and a number.
    pub fn template_generation(&self) -> Option<i64> {
        self.metadata
            .annotations
            .get(TEMPLATE_GENERATION)?
            .parse()
            .ok()
    }

    /// Whether old pods are replaced without being asked for.
    pub fn is_rolling_update(&self) -> bool {
        self.spec.update_strategy.type_ == "RollingUpdate"
    }

    fn rolling_update(&self) -> Option<&RollingUpdate> {
        let rolling_update = self.spec.update_strategy.rolling_update.as_ref();
        rolling_update.filter(|_| self.is_rolling_update())
    }

    /// How many nodes may have a second pod while pods are replaced; `None` if the field cannot
    /// be read, which the API server does not let happen.
    ///
    /// Models `SurgeCount`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
    pub fn max_surge(&self, desired: i64) -> Option<i64> {
        let max_surge = self.rolling_update().and_then(|it| it.max_surge.as_ref());
        max_surge.map_or(Some(0), |it| it.scaled_up(desired))
    }

    /// How many nodes may be without an available pod while pods are replaced; `None` as above,
    /// and if it is missing beside other numbers, which defaulting does not let happen.
    ///
    /// Models `UnavailableCount`, the same file, and the rule of `updatedDesiredNodeCounts`,
    /// `pkg/controller/daemon/update.go`, that not both can be none.
    pub fn max_unavailable(&self, desired: i64) -> Option<i64> {
        let wanted = match self.rolling_update() {
            None => 0,
            Some(it) => it.max_unavailable.as_ref()?.scaled_up(desired)?,
        };
        let both_are_none = wanted == 0 && desired > 0 && self.max_surge(desired)? == 0;
        Some(if both_are_none { 1 } else { wanted })
    }
}
