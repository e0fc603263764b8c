//! Containers and init containers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Errors, env, names, ports, probes, resources, volumes};
use crate::{Container, FieldPath, PodSpec};

/// All containers with their place in the spec, ordinary ones first.
pub(super) fn all(spec: &PodSpec) -> impl Iterator<Item = (FieldPath, &Container)> {
    let lists = [
        ("containers", &spec.containers),
        ("initContainers", &spec.init_containers),
    ];
    lists.into_iter().flat_map(|(field, list)| {
        let list = list.iter().enumerate();
        list.map(move |(i, container)| (FieldPath::of(field).index(i), container))
    })
}

/// Models `validateContainers`, `validateInitContainers` and `validateHostNetwork`,
/// `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn containers(
    errors: &mut Errors,
    at: &FieldPath,
    spec: &PodSpec,
    volumes: &BTreeSet<&str>,
) {
    if spec.containers.is_empty() {
        errors.required(&at.child("containers"), "");
    }
    let mut names = BTreeSet::new();
    for (i, container) in spec.containers.iter().enumerate() {
        let at = at.child("containers").index(i);
        common(errors, &at, container, volumes);
        unique_name(errors, &at, container, &mut names);
        if container.rest.contains_key("restartPolicy") {
            let rule = "may not be set for non-init containers";
            errors.forbidden(&at.child("restartPolicy"), rule);
        }
        probes::probes(errors, &at, container);
    }
    ports::host_port_conflicts(errors, &at.child("containers"), &spec.containers);
    for (i, container) in spec.init_containers.iter().enumerate() {
        let at = at.child("initContainers").index(i);
        common(errors, &at, container, volumes);
        unique_name(errors, &at, container, &mut names);
        if container
            .rest
            .get("restartPolicy")
            .is_some_and(|it| it == "Always")
        {
            probes::probes(errors, &at, container);
        } else {
            nothing_of_a_sidecar(errors, &at, container);
        }
    }
    if spec.host_network {
        for (field, container) in all(spec) {
            ports::in_host_network(errors, &at.join(&field), container);
        }
    }
}

fn unique_name<'a>(
    errors: &mut Errors,
    at: &FieldPath,
    container: &'a Container,
    names: &mut BTreeSet<&'a str>,
) {
    if !container.name.is_empty() && !names.insert(&container.name) {
        errors.duplicate(&at.child("name"), &json!(container.name));
    }
}

fn nothing_of_a_sidecar(errors: &mut Errors, at: &FieldPath, container: &Container) {
    for field in [
        "lifecycle",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
    ] {
        if container.rest.contains_key(field) {
            let rule = "may not be set for init containers without restartPolicy=Always";
            errors.forbidden(&at.child(field), rule);
        }
    }
}

/// Models `validateContainerCommon`.
fn common(errors: &mut Errors, at: &FieldPath, container: &Container, volumes: &BTreeSet<&str>) {
    if container.name.is_empty() {
        errors.required(&at.child("name"), "");
    } else {
        let wrong = names::dns_label(&container.name);
        errors.all_invalid(&at.child("name"), &json!(container.name), wrong);
    }
    if container.image.is_empty() {
        errors.required(&at.child("image"), "");
    }
    let policies = ["FallbackToLogsOnError", "File"];
    let policy = container.rest.get("terminationMessagePolicy");
    if let Some(policy) = policy.and_then(Value::as_str)
        && !policies.contains(&policy)
    {
        errors.unsupported(
            &at.child("terminationMessagePolicy"),
            &json!(policy),
            &policies,
        );
    }
    ports::ports(errors, &at.child("ports"), container);
    env::env(errors, &at.child("env"), container.rest.get("env"));
    volumes::mounts(errors, &at.child("volumeMounts"), container, volumes);
    let policies = ["Always", "IfNotPresent", "Never"];
    if !policies.contains(&container.image_pull_policy.as_str()) {
        let policy = json!(container.image_pull_policy);
        errors.unsupported(&at.child("imagePullPolicy"), &policy, &policies);
    }
    if let Some(requirements) = &container.resources {
        resources::requirements(errors, &at.child("resources"), requirements);
    }
}
