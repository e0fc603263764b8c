//! Label selectors and node selectors.

use serde_json::{Value, json};

use super::{Errors, names};
use crate::{
    Field, FieldPath, LabelSelector, NodeAffinity, NodeSelectorTerm, affinity::METADATA_NAME,
    labels::LabelSelectorRequirement,
};

/// Syntax of a label selector. Whether it found nothing.
pub(super) fn label_selector(
    errors: &mut Errors,
    at: &FieldPath,
    selector: &LabelSelector,
) -> bool {
    let before = errors.0.len();
    names::labels(errors, &at.child("matchLabels"), &selector.match_labels);
    for (i, expression) in selector.match_expressions.iter().enumerate() {
        let at = at.child("matchExpressions").index(i);
        let known = match expression.operator.as_str() {
            "In" | "NotIn" => needs_values(errors, &at, expression),
            "Exists" | "DoesNotExist" => needs_none(errors, &at, expression),
            _ => false,
        };
        if !known {
            bad_operator(errors, &at, expression);
        }
        key(errors, &at, expression);
        for (j, value) in expression.values.iter().enumerate() {
            for wrong in names::label_value(value) {
                errors.invalid(&at.child("values").index(j), &json!(value), &wrong);
            }
        }
    }
    errors.0.len() == before
}

/// JSON with the fields in the order of Go's struct.
pub(super) fn as_go_prints(selector: &LabelSelector) -> String {
    let parts = [
        (
            "matchLabels",
            selector.match_labels.write(),
            selector.match_labels.is_empty(),
        ),
        (
            "matchExpressions",
            selector.match_expressions.write(),
            selector.match_expressions.is_empty(),
        ),
    ];
    let parts = parts.into_iter().filter(|(_, _, is_empty)| !is_empty);
    let parts: Vec<String> = parts
        .map(|(name, value, _)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", parts.join(","))
}

/// Models `validateNodeAffinity`, `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn node_affinity(errors: &mut Errors, at: &FieldPath, affinity: &NodeAffinity) {
    if let Some(required) = &affinity.required {
        let at = at.child("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
        if required.node_selector_terms.is_empty() {
            errors.required(&at, "must have at least one node selector term");
        }
        for (i, term) in required.node_selector_terms.iter().enumerate() {
            node_selector_term(errors, &at.index(i), term);
        }
    }
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    let list = affinity.rest.get(preferred).and_then(Value::as_array);
    for (i, preference) in list.into_iter().flatten().enumerate() {
        let at = at.child(preferred).index(i);
        let weight = preference["weight"].as_i64().unwrap_or(0);
        if !(1..=100).contains(&weight) {
            errors.invalid(
                &at.child("weight"),
                &json!(weight),
                "must be in the range 1-100",
            );
        }
        if let Ok(term) = NodeSelectorTerm::read(preference["preference"].clone()) {
            node_selector_term(errors, &at.child("preference"), &term);
        }
    }
}

/// Models `ValidateNodeSelectorTerm`, the same file.
fn node_selector_term(errors: &mut Errors, at: &FieldPath, term: &NodeSelectorTerm) {
    for (j, expression) in term.match_expressions.iter().enumerate() {
        let at = at.child("matchExpressions").index(j);
        let known = match expression.operator.as_str() {
            "In" | "NotIn" => needs_values(errors, &at, expression),
            "Exists" | "DoesNotExist" => needs_none(errors, &at, expression),
            "Gt" | "Lt" => {
                if expression.values.len() != 1 {
                    errors.required(
                        &at.child("values"),
                        "must be specified single value when `operator` is 'Lt' or 'Gt'",
                    );
                }
                true
            }
            _ => false,
        };
        if !known {
            bad_operator(errors, &at, expression);
        }
        key(errors, &at, expression);
    }
    for (j, field) in term.match_fields.iter().enumerate() {
        let at = at.child("matchFields").index(j);
        match field.operator.as_str() {
            "In" | "NotIn" if field.values.len() != 1 => errors.required(
                &at.child("values"),
                "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
            ),
            "In" | "NotIn" => {}
            _ => bad_operator(errors, &at, field),
        }
        if field.key != METADATA_NAME {
            errors.invalid(
                &at.child("key"),
                &json!(field.key),
                "not a valid field selector key",
            );
            continue;
        }
        for (k, value) in field.values.iter().enumerate() {
            let wrong = names::dns_subdomain(value);
            errors.all_invalid(&at.child("values").index(k), &json!(value), wrong);
        }
    }
}

fn needs_values(
    errors: &mut Errors,
    at: &FieldPath,
    expression: &LabelSelectorRequirement,
) -> bool {
    if expression.values.is_empty() {
        errors.required(
            &at.child("values"),
            "must be specified when `operator` is 'In' or 'NotIn'",
        );
    }
    true
}

fn needs_none(errors: &mut Errors, at: &FieldPath, expression: &LabelSelectorRequirement) -> bool {
    if !expression.values.is_empty() {
        errors.forbidden(
            &at.child("values"),
            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        );
    }
    true
}

fn bad_operator(errors: &mut Errors, at: &FieldPath, expression: &LabelSelectorRequirement) {
    let operator = Value::from(expression.operator.as_str());
    errors.invalid(
        &at.child("operator"),
        &operator,
        "not a valid selector operator",
    );
}

fn key(errors: &mut Errors, at: &FieldPath, expression: &LabelSelectorRequirement) {
    for wrong in names::label_key(&expression.key) {
        errors.invalid(&at.child("key"), &json!(expression.key), &wrong);
    }
}
