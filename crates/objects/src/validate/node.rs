//! Nodes.

use serde_json::json;

use super::{Errors, FieldError, daemon_set::metadata, names};
use crate::{FieldPath, Node, Taint, taint::Effect};

/// Checks a Node. Its taints are reported under `metadata`, as upstream does.
///
/// Models `ValidateNode`, `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn node(node: &Node) -> Vec<FieldError> {
    let mut errors = Errors::default();
    metadata(&mut errors, &node.metadata);
    let taints = &node.spec.taints;
    for (i, taint) in taints.iter().enumerate() {
        let at = FieldPath::of("metadata.taints").index(i);
        for wrong in names::label_key(&taint.key) {
            errors.invalid(&at.child("key"), &json!(taint.key), &wrong);
        }
        if let Effect::Other(effect) = &taint.effect {
            if effect.is_empty() {
                errors.required(&at.child("effect"), "");
            } else {
                errors.unsupported(&at.child("effect"), &json!(effect), &EFFECTS);
            }
        }
        if taints[..i]
            .iter()
            .any(|earlier| earlier.same_key_and_effect(taint))
        {
            // The internal struct, whose fields have no JSON names.
            let Taint {
                key,
                value,
                effect,
                time_added,
                ..
            } = taint;
            let (value, added) = (json!(value), json!(time_added));
            errors.push(
                &at,
                format!("Duplicate value: {{\"Key\":{},\"Value\":{value},\"Effect\":{},\"TimeAdded\":{added}}}: taints must be unique by key and effect pair", json!(key), json!(effect)),
            );
        }
    }
    errors.0
}

pub(super) const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
