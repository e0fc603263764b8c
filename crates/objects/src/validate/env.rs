//! Environment variables.

use serde_json::{Value, json};

use super::Errors;
use crate::FieldPath;

/// Models `ValidateEnv`, `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn env(errors: &mut Errors, at: &FieldPath, env: Option<&Value>) {
    for (i, variable) in env
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let at = at.index(i);
        let name = variable["name"].as_str().unwrap_or_default();
        if name.is_empty() {
            errors.required(&at.child("name"), "");
        } else if !name
            .bytes()
            .all(|it| (b' '..=b'~').contains(&it) && it != b'=')
        {
            errors.invalid(
                &at.child("name"),
                &json!(name),
                "a valid environment variable name must consist only of printable ASCII characters other than '='",
            );
        }
        if let Value::Object(sources) = &variable["valueFrom"] {
            let has_value = variable["value"].as_str().is_some_and(|it| !it.is_empty());
            let wrong = match sources.len() {
                0 => {
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
                }
                _ if has_value => "may not be specified when `value` is not empty",
                1 => continue,
                _ => "may not have more than one field specified at a time",
            };
            errors.invalid(&at.child("valueFrom"), &json!(""), wrong);
        }
    }
}
