//! Ports of containers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Errors;
use crate::{Container, FieldPath};

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

/// Models `validateContainerPorts`, `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn ports(errors: &mut Errors, at: &FieldPath, container: &Container) {
    let mut names = BTreeSet::new();
    for (i, port) in container.ports.iter().enumerate() {
        let at = at.index(i);
        if !port.name.is_empty() {
            let wrong = name(&port.name);
            let is_sound = wrong.is_empty();
            errors.all_invalid(&at.child("name"), &json!(port.name), wrong);
            if is_sound && !names.insert(&port.name) {
                errors.duplicate(&at.child("name"), &json!(port.name));
            }
        }
        if port.container_port == 0 {
            errors.required(&at.child("containerPort"), "");
        } else {
            number(errors, &at.child("containerPort"), port.container_port);
        }
        if port.host_port != 0 {
            number(errors, &at.child("hostPort"), port.host_port);
        }
        if !PROTOCOLS.contains(&port.protocol.as_str()) {
            errors.unsupported(&at.child("protocol"), &json!(port.protocol), &PROTOCOLS);
        }
    }
}

/// What is wrong with the name of a port.
///
/// Models `IsValidPortName`, apimachinery `pkg/util/validation/validation.go`, v1.34.
pub(super) fn name(name: &str) -> Vec<String> {
    let allowed = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let rules = [
        (name.len() <= 15, "must be no more than 15 characters"),
        (
            !name.is_empty() && name.bytes().all(allowed),
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        ),
        (
            name.bytes().any(|it| it.is_ascii_lowercase()),
            "must contain at least one letter (a-z)",
        ),
        (!name.contains("--"), "must not contain consecutive hyphens"),
        (
            !name.starts_with('-') && !name.ends_with('-'),
            "must not begin or end with a hyphen",
        ),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    broken.map(|(_, message)| message.to_owned()).collect()
}

/// A port's number.
pub(super) fn number(errors: &mut Errors, at: &FieldPath, port: i64) {
    if !(1..=65535).contains(&port) {
        errors.invalid(at, &json!(port), "must be between 1 and 65535, inclusive");
    }
}

/// A port named by its number or its name.
pub(super) fn number_or_name(errors: &mut Errors, at: &FieldPath, port: &Value) {
    match port {
        Value::String(text) => errors.all_invalid(at, port, name(text)),
        port => number(errors, at, port.as_i64().unwrap_or(0)),
    }
}

/// The same port of the host for two containers.
///
/// Models `AccumulateUniqueHostPorts`, the same file.
pub(super) fn host_port_conflicts(errors: &mut Errors, at: &FieldPath, containers: &[Container]) {
    let mut taken = BTreeSet::new();
    for (i, container) in containers.iter().enumerate() {
        for (j, port) in container.ports.iter().enumerate() {
            let key = format!("{}/{}/{}", port.protocol, port.host_ip, port.host_port);
            if port.host_port > 0 && !taken.insert(key.clone()) {
                let at = at.index(i).child("ports").index(j).child("hostPort");
                errors.duplicate(&at, &json!(key));
            }
        }
    }
}

/// In the host's network a port is the host's. Templates may leave it out.
pub(super) fn in_host_network(errors: &mut Errors, at: &FieldPath, container: &Container) {
    for (i, port) in container.ports.iter().enumerate() {
        if port.host_port != 0 && port.host_port != port.container_port {
            errors.invalid(
                &at.child("ports").index(i).child("hostPort"),
                &json!(port.host_port),
                "must match `containerPort` when `hostNetwork` is true",
            );
        }
    }
}
