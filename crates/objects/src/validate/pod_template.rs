//! Pods and the template they are made from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Errors, FieldError, daemon_set::metadata, names, node::EFFECTS, selectors};
use crate::{Container, FieldPath, Pod, PodSpec, PodTemplateSpec, Toleration, taint::Effect};

/// Checks a pod as on its creation.
pub(super) fn pod(pod: &Pod) -> Vec<FieldError> {
    let mut errors = Errors::default();
    metadata(&mut errors, &pod.metadata);
    pod_spec(&mut errors, &FieldPath::of("spec"), &pod.spec);
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

fn pod_spec(errors: &mut Errors, at: &FieldPath, spec: &PodSpec) {
    let volumes = volumes(errors, &at.child("volumes"), spec.rest.get("volumes"));
    containers(errors, at, spec, &volumes);
    if let Some(policy) = spec.rest.get("dnsPolicy") {
        let known = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
        if !policy
            .as_str()
            .is_some_and(|policy| known.contains(&policy))
        {
            errors.unsupported(&at.child("dnsPolicy"), policy, &known);
        }
    }
    names::labels(errors, &at.child("nodeSelector"), &spec.node_selector);
    let required = spec
        .affinity
        .as_ref()
        .and_then(|it| it.node_affinity.as_ref()?.required.as_ref());
    if let Some(required) = required {
        let path = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
        selectors::node_selector(errors, &at.child(path), required);
    }
    for (i, toleration) in spec.tolerations.iter().enumerate() {
        self::toleration(errors, &at.child("tolerations").index(i), toleration);
    }
}

/// The names of the volumes that are sound; a volume with any error is unknown to its mounts.
fn volumes<'a>(
    errors: &mut Errors,
    at: &FieldPath,
    volumes: Option<&'a Value>,
) -> BTreeSet<&'a str> {
    let mut sound = BTreeSet::new();
    for (i, volume) in volumes
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let at = at.index(i).child("name");
        let name = volume["name"].as_str().unwrap_or_default();
        let wrong = names::dns_label(name);
        if name.is_empty() {
            errors.required(&at, "");
        } else if !wrong.is_empty() {
            wrong
                .iter()
                .for_each(|wrong| errors.invalid(&at, &json!(name), wrong));
        } else if !sound.insert(name) {
            errors.duplicate(&at, &json!(name));
        }
    }
    sound
}

fn containers(errors: &mut Errors, at: &FieldPath, spec: &PodSpec, volumes: &BTreeSet<&str>) {
    if spec.containers.is_empty() {
        errors.required(&at.child("containers"), "");
    }
    let mut names = BTreeSet::new();
    let mut host_ports = BTreeMap::new();
    for (list, field) in [
        (&spec.containers, "containers"),
        (&spec.init_containers, "initContainers"),
    ] {
        for (i, container) in list.iter().enumerate() {
            let at = at.child(field).index(i);
            self::container(errors, &at, container, spec.host_network, volumes);
            if !container.name.is_empty() && !names.insert(&container.name) {
                errors.duplicate(&at.child("name"), &json!(container.name));
            }
            if field == "containers" {
                for (j, port) in container
                    .ports
                    .iter()
                    .enumerate()
                    .filter(|(_, it)| it.host_port > 0)
                {
                    let key = format!("{}/{}/{}", port.protocol, port.host_ip, port.host_port);
                    let at = at.child("ports").index(j).child("hostPort");
                    if host_ports.insert(key.clone(), ()).is_some() {
                        errors.duplicate(&at, &json!(key));
                    }
                }
            }
        }
    }
}

fn container(
    errors: &mut Errors,
    at: &FieldPath,
    container: &Container,
    host_network: bool,
    volumes: &BTreeSet<&str>,
) {
    if container.name.is_empty() {
        errors.required(&at.child("name"), "");
    } else {
        for wrong in names::dns_label(&container.name) {
            errors.invalid(&at.child("name"), &json!(container.name), &wrong);
        }
    }
    if container.image.is_empty() {
        errors.required(&at.child("image"), "");
    }
    let policies = ["Always", "IfNotPresent", "Never"];
    if !policies.contains(&container.image_pull_policy.as_str()) {
        let policy = json!(container.image_pull_policy);
        errors.unsupported(&at.child("imagePullPolicy"), &policy, &policies);
    }
    for (i, port) in container.ports.iter().enumerate() {
        let at = at.child("ports").index(i);
        if port.container_port == 0 {
            errors.required(&at.child("containerPort"), "");
        } else {
            port_number(errors, &at.child("containerPort"), port.container_port);
        }
        if port.host_port != 0 {
            port_number(errors, &at.child("hostPort"), port.host_port);
        }
        if !["SCTP", "TCP", "UDP"].contains(&port.protocol.as_str()) {
            errors.unsupported(
                &at.child("protocol"),
                &json!(port.protocol),
                &["SCTP", "TCP", "UDP"],
            );
        }
        if host_network && port.host_port != 0 && port.host_port != port.container_port {
            errors.invalid(
                &at.child("hostPort"),
                &json!(port.host_port),
                "must match `containerPort` when `hostNetwork` is true",
            );
        }
    }
    let mounts = container.rest.get("volumeMounts").and_then(Value::as_array);
    for (i, mount) in mounts.into_iter().flatten().enumerate() {
        let at = at.child("volumeMounts").index(i);
        match mount["name"].as_str().unwrap_or_default() {
            "" => errors.required(&at.child("name"), ""),
            name if !volumes.contains(name) => errors.not_found(&at.child("name"), name),
            _ => {}
        }
        if mount["mountPath"].as_str().unwrap_or_default().is_empty() {
            errors.required(&at.child("mountPath"), "");
        }
    }
}

fn port_number(errors: &mut Errors, at: &FieldPath, port: i64) {
    if !(1..=65535).contains(&port) {
        errors.invalid(at, &json!(port), "must be between 1 and 65535, inclusive");
    }
}

fn toleration(errors: &mut Errors, at: &FieldPath, toleration: &Toleration) {
    let operator = toleration.operator.as_str();
    if toleration.key.is_empty() {
        if operator != "Exists" {
            errors.invalid(
                &at.child("operator"),
                &json!(operator),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
            );
        }
    } else {
        for wrong in names::label_key(&toleration.key) {
            errors.invalid(&at.child("key"), &json!(toleration.key), &wrong);
        }
    }
    if toleration.toleration_seconds.is_some() && toleration.effect != Some(Effect::NoExecute) {
        errors.invalid(
            &at.child("effect"),
            &json!(toleration.effect.as_ref().map_or("", Effect::as_str)),
            "effect must be 'NoExecute' when `tolerationSeconds` is set",
        );
    }
    match operator {
        "" | "Equal" => {
            for wrong in names::label_value(&toleration.value) {
                errors.invalid(&at.child("operator"), &json!(toleration.value), &wrong);
            }
        }
        "Exists" if !toleration.value.is_empty() => errors.invalid(
            &at.child("operator"),
            &json!(toleration.value),
            "value must be empty when `operator` is 'Exists'",
        ),
        "Exists" => {}
        _ => errors.unsupported(
            &at.child("operator"),
            &json!(operator),
            &["Equal", "Exists"],
        ),
    }
    if let Some(Effect::Other(effect)) = &toleration.effect
        && !effect.is_empty()
    {
        errors.unsupported(&at.child("effect"), &json!(effect), &EFFECTS);
    }
}
