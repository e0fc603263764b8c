//! Tolerations.

use serde_json::json;

use super::{Errors, names, node::EFFECTS};
use crate::{FieldPath, Toleration, taint::Effect};

/// Models `ValidateTolerations`, `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn tolerations(errors: &mut Errors, at: &FieldPath, tolerations: &[Toleration]) {
    for (i, toleration) in tolerations.iter().enumerate() {
        self::toleration(errors, &at.index(i), toleration);
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
        let wrong = names::label_key(&toleration.key);
        errors.all_invalid(&at.child("key"), &json!(toleration.key), wrong);
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
            let wrong = names::label_value(&toleration.value);
            errors.all_invalid(&at.child("operator"), &json!(toleration.value), wrong);
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
