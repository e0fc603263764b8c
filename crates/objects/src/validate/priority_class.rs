//! PriorityClasses.

use serde_json::Value;

use super::{Errors, FieldError};
use crate::FieldPath;

/// Users' classes end here; the classes of the system are above.
const HIGHEST_USER_DEFINABLE: i64 = 1_000_000_000;
const SYSTEM: [(&str, i64); 2] = [
    ("system-node-critical", 2_000_001_000),
    ("system-cluster-critical", 2_000_000_000),
];

/// Models `ValidatePriorityClass`, `pkg/apis/scheduling/validation/validation.go`, and
/// `IsKnownSystemPriorityClass`, `pkg/apis/scheduling/v1/helpers.go`, v1.34.
pub(super) fn priority_class(class: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let name = class["metadata"]["name"].as_str().unwrap_or_default();
    let value = class["value"].as_i64().unwrap_or(0);
    let is_default = class["globalDefault"] == true;
    if name.starts_with("system-") {
        let known = SYSTEM.iter().find(|(known, _)| *known == name);
        let wrong = match known {
            None => format!("{name} is not a known system priority class"),
            Some((_, known)) if *known != value => {
                format!("value of {name} PriorityClass must be {known}")
            }
            Some(_) if is_default => {
                format!("globalDefault of {name} PriorityClass must be false")
            }
            Some(_) => return errors.0,
        };
        let detail = format!(
            "priority class names with 'system-' prefix are reserved for system use only. error: {wrong}"
        );
        errors.forbidden(&FieldPath::of("metadata.name"), &detail);
    } else if value > HIGHEST_USER_DEFINABLE {
        let detail =
            format!("maximum allowed value of a user defined priority is {HIGHEST_USER_DEFINABLE}");
        errors.forbidden(&FieldPath::of("value"), &detail);
    }
    errors.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn section_2_1_classes_of_users_are_below_those_of_the_system() {
        for (name, value, default, want) in [
            ("a", 1_000_000_000, true, ""),
            ("a", -5, false, ""),
            (
                "a",
                1_000_000_001,
                false,
                "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
            ),
            ("system-node-critical", 2_000_001_000, false, ""),
            (
                "system-node-critical",
                5,
                false,
                "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000",
            ),
            (
                "system-cluster-critical",
                2_000_000_000,
                true,
                "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: globalDefault of system-cluster-critical PriorityClass must be false",
            ),
        ] {
            let class =
                json!({"metadata": {"name": name}, "value": value, "globalDefault": default});
            let errors = priority_class(&class).into_iter();
            let lines = errors.map(|it| format!("{}: {}", it.field, it.message));
            assert_eq!(lines.collect::<Vec<_>>().join("\n"), want, "{name} {value}");
        }
    }
}
