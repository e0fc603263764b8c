//! What the API server adds to a pod before it stores it.

use objects::{Effect, Name, Pod, Toleration};
use serde_json::Value;

use super::ApiError;
use crate::{
    Cluster, Kind, Timing,
    node_lifecycle::{NOT_READY, UNREACHABLE},
};

/// The classes that every cluster has.
const SYSTEM_CLASSES: [(&str, i64); 2] = [
    ("system-node-critical", 2_000_001_000),
    ("system-cluster-critical", 2_000_000_000),
];

/// The priority of a pod that is there stays where the new one does not speak of it.
///
/// Models `priorityPlugin.admitPod`, `plugin/pkg/admission/priority/admission.go`, v1.34.
pub(super) fn keep_priority(new: &mut Pod, old: &Pod) {
    new.spec.priority = new.spec.priority.or(old.spec.priority);
    if let Some(policy) = old.spec.rest.get("preemptionPolicy")
        && new.spec.rest.get("preemptionPolicy").is_none()
    {
        let policy = policy.clone();
        new.spec.rest.insert("preemptionPolicy".into(), policy);
    }
}

/// Lets a pod stay on a lost node for a while, unless it says itself for how long.
///
/// Models `DefaultTolerationSeconds`,
/// `plugin/pkg/admission/defaulttolerationseconds/admission.go`, v1.34.
pub(super) fn tolerate_lost_nodes(pod: &mut Pod, timing: &Timing) {
    for (key, seconds) in [
        (NOT_READY, timing.default_not_ready_toleration_seconds),
        (UNREACHABLE, timing.default_unreachable_toleration_seconds),
    ] {
        let tolerates = pod.spec.tolerations.iter().any(|it| {
            let effect = it.effect.as_ref().map_or("", Effect::as_str);
            (it.key == key || it.key.is_empty()) && matches!(effect, "NoExecute" | "")
        });
        if !tolerates {
            pod.spec.tolerations.push(Toleration {
                toleration_seconds: Some(seconds),
                ..Toleration::exists(key, Effect::NoExecute)
            });
        }
    }
}

impl Cluster {
    /// Gives a pod the priority of its class, and whether it may preempt others.
    ///
    /// Models `Priority`, `plugin/pkg/admission/priority/admission.go`, v1.34.
    ///
    /// # Errors
    /// If there is no such class.
    pub(crate) fn give_priority(&self, pod: &mut Pod) -> Result<(), ApiError> {
        let class = pod.spec.priority_class_name.clone();
        let mut policy = "PreemptLowerPriority".to_owned();
        let mut priority = 0;
        if let Some((_, of_system)) = SYSTEM_CLASSES.iter().find(|(name, _)| *name == class) {
            priority = *of_system;
        } else if let Some(value) = self.priority_class(&class) {
            priority = value["value"].as_i64().unwrap_or(0);
            if let Some(text) = value["preemptionPolicy"].as_str() {
                policy = text.to_owned();
            }
            if class.is_empty() {
                let name = value["metadata"]["name"].as_str().unwrap_or_default();
                name.clone_into(&mut pod.spec.priority_class_name);
            }
        } else if !class.is_empty() {
            let name = match &*pod.metadata.name {
                "" => Name::from(&*pod.metadata.generate_name),
                _ => pod.metadata.name.clone(),
            };
            let why = format!("no PriorityClass with name {class} was found");
            return Err(ApiError::Forbidden {
                kind: Kind::Pod,
                name,
                why,
            });
        }
        pod.spec.priority = Some(priority);
        let unset = pod.spec.rest.get("preemptionPolicy").is_none();
        if unset {
            pod.spec
                .rest
                .insert("preemptionPolicy".into(), Value::from(policy));
        }
        Ok(())
    }

    /// The class of a name; of no name, the one that is everybody's default.
    fn priority_class(&self, name: &str) -> Option<&Value> {
        if !name.is_empty() {
            return self.store.other("PriorityClass", "", name);
        }
        let classes = self.store.others_of("PriorityClass");
        let defaults = classes.filter(|it| it["globalDefault"] == true);
        // Of several the one with the lowest value.
        defaults.min_by_key(|it| it["value"].as_i64())
    }
}
