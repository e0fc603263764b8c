//! Pods and the template they are made from.

use serde_json::{Value, json};

use super::{
    Errors, FieldError, containers, daemon_set::metadata, names, selectors, tolerations, volumes,
};
use crate::{FieldPath, Pod, PodSpec, PodTemplateSpec};

/// Checks a pod as on its creation.
pub fn pod(pod: &Pod) -> Vec<FieldError> {
    let mut errors = Errors::default();
    metadata(&mut errors, &pod.metadata);
    pod_spec(&mut errors, &FieldPath::of("spec"), &pod.spec);
    images(&mut errors, &FieldPath::of("spec"), &pod.spec);
    errors.0
}

/// Labels and annotations of a template are reported without `metadata`, as upstream does.
pub(super) fn template(errors: &mut Errors, at: &FieldPath, template: &PodTemplateSpec) {
    names::labels(errors, &at.child("labels"), &template.metadata.labels);
    names::annotations(
        errors,
        &at.child("annotations"),
        &template.metadata.annotations,
    );
    pod_spec(errors, &at.child("spec"), &template.spec);
}

const DNS_POLICIES: [&str; 4] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const RESTART_POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];

/// Models `ValidatePodSpec`, `pkg/apis/core/validation/validation.go`, v1.34, in its order.
fn pod_spec(errors: &mut Errors, at: &FieldPath, spec: &PodSpec) {
    let volumes = volumes::volumes(errors, &at.child("volumes"), spec.rest.get("volumes"));
    containers::containers(errors, at, spec, &volumes);
    one_of(errors, at, spec, "restartPolicy", &RESTART_POLICIES);
    one_of(errors, at, spec, "dnsPolicy", &DNS_POLICIES);
    names::labels(errors, &at.child("nodeSelector"), &spec.node_selector);
    if let Some(affinity) = spec
        .affinity
        .as_ref()
        .and_then(|it| it.node_affinity.as_ref())
    {
        selectors::node_affinity(errors, &at.child("affinity.nodeAffinity"), affinity);
    }
    for field in ["serviceAccountName", "nodeName"] {
        let name = match field {
            "nodeName" => &*spec.node_name,
            field => spec
                .rest
                .get(field)
                .and_then(Value::as_str)
                .unwrap_or_default(),
        };
        subdomain(errors, &at.child(field), name);
    }
    tolerations::tolerations(errors, &at.child("tolerations"), &spec.tolerations);
    subdomain(
        errors,
        &at.child("priorityClassName"),
        &spec.priority_class_name,
    );
}

fn one_of(errors: &mut Errors, at: &FieldPath, spec: &PodSpec, field: &str, known: &[&str]) {
    if let Some(value) = spec.rest.get(field)
        && !value.as_str().is_some_and(|value| known.contains(&value))
    {
        errors.unsupported(&at.child(field), value, known);
    }
}

/// The name of another object; none is fine.
fn subdomain(errors: &mut Errors, at: &FieldPath, name: &str) {
    if !name.is_empty() {
        errors.all_invalid(at, &json!(name), names::dns_subdomain(name));
    }
}

/// Blanks around an image are accepted in a template, and its pods are then refused.
fn images(errors: &mut Errors, at: &FieldPath, spec: &PodSpec) {
    for (field, container) in containers::all(spec) {
        if container.image.trim() != &*container.image {
            errors.invalid(
                &at.join(&field).child("image"),
                &json!(container.image),
                "must not have leading or trailing whitespace",
            );
        }
    }
}
