//! Requests and limits.

use serde_json::json;

use super::{Errors, names};
use crate::{FieldPath, Quantity, pod::ResourceRequirements};

/// Known without a prefix, to containers.
const OF_CONTAINERS: [&str; 3] = ["cpu", "ephemeral-storage", "memory"];

/// Known without a prefix, to quotas and others.
const STANDARD: [&str; 17] = [
    "configmaps",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
];

/// Models `ValidateContainerResourceRequirements`,
/// `pkg/apis/core/validation/validation.go`, v1.34; the order, there that of a Go map, is by name.
pub(super) fn requirements(
    errors: &mut Errors,
    at: &FieldPath,
    requirements: &ResourceRequirements,
) {
    let (at_limits, at_requests) = (at.child("limits"), at.child("requests"));
    for (name, quantity) in &requirements.limits {
        amount(errors, &at_limits.key(name), name, quantity);
    }
    for (name, quantity) in &requirements.requests {
        amount(errors, &at_requests.key(name), name, quantity);
        match requirements.limits.get(name) {
            Some(limit) if quantity.milli() > limit.milli() => {
                let rule = format!("must be less than or equal to {name} limit of {limit}");
                errors.invalid(&at_requests, &json!(quantity.to_string()), &rule);
            }
            Some(limit) if !can_be_overcommitted(name) && quantity.milli() != limit.milli() => {
                let rule = format!("must be equal to {name} limit of {limit}");
                errors.invalid(&at_requests, &json!(quantity.to_string()), &rule);
            }
            None if !can_be_overcommitted(name) => {
                errors.required(
                    &at_limits,
                    "Limit must be set for non overcommitable resources",
                );
            }
            _ => {}
        }
    }
}

fn amount(errors: &mut Errors, at: &FieldPath, name: &str, quantity: &Quantity) {
    errors.all_invalid(at, &json!(name), names::label_key(name));
    if !name.contains('/') {
        let of_containers = OF_CONTAINERS.contains(&name) || name.starts_with("hugepages-");
        if !of_containers && !STANDARD.contains(&name) {
            errors.invalid(
                at,
                &json!(name),
                "must be a standard resource type or fully qualified",
            );
        }
        if !of_containers {
            errors.invalid(
                at,
                &json!(name),
                "must be a standard resource for containers",
            );
        }
    }
    if quantity.milli() < Some(0) {
        errors.invalid(
            at,
            &json!(quantity.to_string()),
            "must be greater than or equal to 0",
        );
    }
}

/// Models `IsOvercommitAllowed`, `pkg/apis/core/v1/helper/helpers.go`, v1.34.
fn can_be_overcommitted(name: &str) -> bool {
    (!name.contains('/') || name.contains("kubernetes.io/")) && !name.starts_with("hugepages-")
}
