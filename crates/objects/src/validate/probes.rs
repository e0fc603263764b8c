//! Probes, and what they have in common with hooks: one handler.

use serde_json::{Value, json};

use super::{Errors, ports};
use crate::{Container, FieldPath, Fields};

/// Models `validateLivenessProbe`, `validateReadinessProbe` and `validateStartupProbe`,
/// `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn probes(errors: &mut Errors, at: &FieldPath, container: &Container) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(Value::Object(fields)) = container.rest.get(name) else {
            continue;
        };
        let at = at.child(name);
        probe(errors, &at, fields);
        let grace = fields.get("terminationGracePeriodSeconds");
        if name == "readinessProbe" {
            if let Some(grace) = grace {
                errors.invalid(
                    &at.child("terminationGracePeriodSeconds"),
                    grace,
                    "must not be set for readinessProbes",
                );
            }
        } else if let Some(threshold) = fields.get("successThreshold").filter(|it| **it != 1) {
            errors.invalid(&at.child("successThreshold"), threshold, "must be 1");
        }
    }
}

fn probe(errors: &mut Errors, at: &FieldPath, fields: &Fields) {
    handler(errors, at, fields);
    for name in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        let number = fields.get(name).and_then(Value::as_i64).unwrap_or(0);
        errors.not_negative(&at.child(name), number);
    }
    let grace = fields.get("terminationGracePeriodSeconds");
    if let Some(grace) = grace.filter(|it| it.as_i64() <= Some(0)) {
        errors.invalid(
            &at.child("terminationGracePeriodSeconds"),
            grace,
            "must be greater than 0",
        );
    }
}

/// Models `validateHandler`, the same file.
fn handler(errors: &mut Errors, at: &FieldPath, fields: &Fields) {
    let kinds = ["exec", "httpGet", "tcpSocket", "grpc"];
    let mut given = kinds.into_iter().filter(|kind| fields.contains_key(*kind));
    let Some(first) = given.next() else {
        errors.required(at, "must specify a handler type");
        return;
    };
    let (kind, handler) = (at.child(first), &fields[first]);
    match first {
        "exec" => {
            if handler["command"].as_array().is_none_or(Vec::is_empty) {
                errors.required(&kind.child("command"), "");
            }
        }
        "httpGet" => {
            if handler["path"].as_str().is_none_or(str::is_empty) {
                errors.required(&kind.child("path"), "");
            }
            ports::number_or_name(errors, &kind.child("port"), &handler["port"]);
            let schemes = ["HTTP", "HTTPS"];
            if !handler["scheme"]
                .as_str()
                .is_some_and(|it| schemes.contains(&it))
            {
                errors.unsupported(&kind.child("scheme"), &json!(handler["scheme"]), &schemes);
            }
        }
        "tcpSocket" => ports::number_or_name(errors, &kind.child("port"), &handler["port"]),
        _ => ports::number(
            errors,
            &kind.child("port"),
            handler["port"].as_i64().unwrap_or(0),
        ),
    }
    for kind in given {
        errors.forbidden(&at.child(kind), "may not specify more than 1 handler type");
    }
}
