//! DaemonSets.

use serde_json::{Value, json};

use super::{Errors, FieldError, names, pod_template, selectors};
use crate::{DaemonSet, FieldPath, IntOrPercent, ObjectMeta};

/// Checks a defaulted DaemonSet as on its creation.
///
/// Models `ValidateDaemonSet`, `pkg/apis/apps/validation/validation.go`, v1.34.
pub fn daemon_set(daemon_set: &DaemonSet) -> Vec<FieldError> {
    let mut errors = Errors::default();
    metadata(&mut errors, &daemon_set.metadata);
    spec(&mut errors, daemon_set);
    errors.0
}

/// Checks a DaemonSet that takes the place of another.
///
/// Models `ValidateDaemonSetUpdate` and the strategy's rule that the selector stays, the same
/// file and `pkg/registry/apps/daemonset/strategy.go`.
pub fn daemon_set_update(new: &DaemonSet, old: &DaemonSet) -> Vec<FieldError> {
    let mut errors = Errors(daemon_set(new));
    if new.spec.selector != old.spec.selector {
        let selector = new.spec.selector.as_ref();
        let selector = selector.map_or_else(|| "null".to_owned(), selectors::as_go_prints);
        errors.push(
            &FieldPath::of("spec.selector"),
            format!("Invalid value: {selector}: field is immutable"),
        );
    }
    errors.0
}

/// The metadata of an object whose name is a DNS subdomain.
pub(super) fn metadata(errors: &mut Errors, metadata: &ObjectMeta) {
    let at = FieldPath::of("metadata");
    if metadata.name.is_empty() {
        errors.required(&at.child("name"), "name or generateName is required");
    } else {
        for wrong in names::dns_subdomain(&metadata.name) {
            errors.invalid(&at.child("name"), &json!(metadata.name), &wrong);
        }
    }
    names::labels(errors, &at.child("labels"), &metadata.labels);
    names::annotations(errors, &at.child("annotations"), &metadata.annotations);
}

fn spec(errors: &mut Errors, daemon_set: &DaemonSet) {
    let at = FieldPath::of("spec");
    let spec = &daemon_set.spec;
    let labels = &spec.template.metadata.labels;
    let selector = spec.selector.as_ref();
    let well_formed = selector
        .is_none_or(|selector| selectors::label_selector(errors, &at.child("selector"), selector));
    let matched = selector.is_some_and(|selector| selector.is_empty() || selector.matches(labels));
    if well_formed && !matched {
        // Labels that are not there are nil in Go.
        let shown = (!labels.is_empty()).then_some(labels);
        errors.invalid(
            &at.child("template.metadata.labels"),
            &json!(shown),
            "`selector` does not match template `labels`",
        );
    }
    if selector.is_some_and(|selector| selector.is_empty()) {
        errors.invalid(
            &at.child("selector"),
            &json!({}),
            "empty selector is invalid for daemonset",
        );
    }
    pod_template::template(errors, &at.child("template"), &spec.template);
    let template_spec = at.child("template.spec");
    let rest = &spec.template.spec.rest;
    if let Some(policy) = rest
        .get("restartPolicy")
        .filter(|policy| *policy != "Always")
    {
        errors.unsupported(&template_spec.child("restartPolicy"), policy, &["Always"]);
    }
    if rest.contains_key("activeDeadlineSeconds") {
        errors.forbidden(
            &template_spec.child("activeDeadlineSeconds"),
            "activeDeadlineSeconds in DaemonSet is not Supported",
        );
    }
    errors.not_negative(&at.child("minReadySeconds"), spec.min_ready_seconds);
    update_strategy(errors, daemon_set);
    if let Some(limit) = spec.revision_history_limit {
        errors.not_negative(&at.child("revisionHistoryLimit"), limit);
    }
}

fn update_strategy(errors: &mut Errors, daemon_set: &DaemonSet) {
    let at = FieldPath::of("spec.updateStrategy");
    let strategy = &daemon_set.spec.update_strategy;
    match (strategy.type_.as_str(), &strategy.rolling_update) {
        ("OnDelete", _) => {}
        ("RollingUpdate", None) => errors.required(&at.child("rollingUpdate"), ""),
        ("RollingUpdate", Some(rolling_update)) => {
            let none = IntOrPercent::Int(0);
            let max_unavailable = rolling_update.max_unavailable.as_ref().unwrap_or(&none);
            let max_surge = rolling_update.max_surge.as_ref().unwrap_or(&none);
            let at_unavailable = at.child("rollingUpdate.maxUnavailable");
            let at_surge = at.child("rollingUpdate.maxSurge");
            for (at, value) in [(&at_unavailable, max_unavailable), (&at_surge, max_surge)] {
                well_formed(errors, at, value);
            }
            for (at, value) in [(&at_unavailable, max_unavailable), (&at_surge, max_surge)] {
                if value.percent().is_some_and(|percent| percent > 100) {
                    errors.invalid(at, &json!(value), "must not be greater than 100%");
                }
            }
            match (is_none(max_unavailable), is_none(max_surge)) {
                (false, false) => errors.invalid(
                    &at_surge,
                    &json!(max_surge),
                    "may not be set when maxUnavailable is non-zero",
                ),
                (true, true) => {
                    errors.required(&at_unavailable, "cannot be 0 when maxSurge is 0");
                }
                _ => {}
            }
        }
        (type_, rolling_update) => {
            // The internal struct, whose fields have no JSON names.
            let value: Value = json!({ "Type": type_, "RollingUpdate": rolling_update });
            let type_first = format!(
                "{{\"Type\":{},\"RollingUpdate\":{}}}",
                value["Type"], value["RollingUpdate"]
            );
            errors.push(&at, format!("Unsupported value: {type_first}: supported values: \"RollingUpdate\", \"OnDelete\""));
        }
    }
}

/// `"5"` is no percentage, and counts as none where the pair is compared only if it cannot be
/// read as a number either.
fn is_none(value: &IntOrPercent) -> bool {
    match value {
        IntOrPercent::Int(value) => *value == 0,
        IntOrPercent::String(text) => match value.percent() {
            Some(percent) => percent == 0,
            None => {
                text.trim_end_matches('%')
                    .parse::<i64>()
                    .is_ok_and(|number| number == 0)
                    || text.trim_end_matches('%').parse::<i64>().is_err()
            }
        },
    }
}

fn well_formed(errors: &mut Errors, at: &FieldPath, value: &IntOrPercent) {
    match value {
        IntOrPercent::Int(number) => errors.not_negative(at, *number),
        IntOrPercent::String(_) if value.percent().is_some() => {}
        IntOrPercent::String(_) => errors.invalid(
            at,
            &json!(value),
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Object, manifest};

    #[test]
    fn the_selector_cannot_change() {
        let read = |app: &str| {
            let text = format!(
                "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: x}}\nspec: {{selector: {{matchLabels: {{app: {app}}}}}, template: {{metadata: {{labels: {{app: {app}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}\n"
            );
            let mut manifest = manifest::read(&text);
            let (mut object, _) = manifest.objects.remove(0);
            object.default();
            match object {
                Object::DaemonSet(daemon_set) => *daemon_set,
                other => panic!("{other:?}"),
            }
        };
        let errors = super::daemon_set_update(&read("b"), &read("a"));
        assert_eq!(errors.len(), 1);
        assert_eq!(
            errors[0].message,
            "Invalid value: {\"matchLabels\":{\"app\":\"b\"}}: field is immutable"
        );
    }
}
