//! What the API server refuses, in its order and words.
//!
//! Models `pkg/apis/apps/validation/validation.go` and `pkg/apis/core/validation/validation.go`,
//! v1.34. Of the pod template not here: security contexts, pod affinity, topology spread,
//! lifecycle hooks, DNS configuration, and the fields of volumes that daemons hardly use.

use serde_json::Value;

use crate::{FieldPath, Object};

mod containers;
mod daemon_set;
mod env;
pub(crate) mod names;
mod node;
mod pod_template;
mod ports;
mod priority_class;
mod probes;
mod resources;
mod selectors;
#[cfg(test)]
mod tables;
mod tolerations;
mod volumes;

pub use daemon_set::{daemon_set, daemon_set_update};
pub use names::{label_key, label_value};
pub use pod_template::pod;

/// One line of an `is invalid` answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where.
    pub field: FieldPath,
    /// `TYPE: VALUE: DETAIL`.
    pub message: String,
}

/// Where in a manifest the value stands that the API server tells of: it has paths of its own for
/// some.
pub fn stands_at(field: &FieldPath) -> FieldPath {
    const QUIRKS: [(&str, &str); 3] = [
        ("metadata.taints", "spec.taints"),
        ("spec.template.labels", "spec.template.metadata.labels"),
        (
            "spec.template.annotations",
            "spec.template.metadata.annotations",
        ),
    ];
    let quirks = QUIRKS.map(|(told, stands)| (FieldPath::of(told), FieldPath::of(stands)));
    let mut inside = quirks
        .iter()
        .filter_map(|(told, stands)| Some(stands.join(&field.inside(told)?)));
    inside.next().unwrap_or_else(|| field.clone())
}

/// Checks a defaulted object as on its creation.
pub fn object(object: &Object) -> Vec<FieldError> {
    match object {
        Object::DaemonSet(it) => daemon_set(it),
        Object::Node(it) => node::node(it),
        Object::Pod(it) => pod(it),
        Object::Other(it) if it["kind"] == "PriorityClass" => priority_class::priority_class(it),
        Object::ControllerRevision(_) | Object::Event(_) | Object::Other(_) => Vec::new(),
    }
}

/// Collects errors in the order in which they are found.
#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn push(&mut self, field: &FieldPath, message: String) {
        let error = FieldError {
            field: field.clone(),
            message,
        };
        // kubectl and the API server merge identical lines.
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }

    fn required(&mut self, field: &FieldPath, detail: &str) {
        self.push(field, with_detail("Required value".into(), detail));
    }

    fn forbidden(&mut self, field: &FieldPath, detail: &str) {
        self.push(field, with_detail("Forbidden".into(), detail));
    }

    fn invalid(&mut self, field: &FieldPath, value: &Value, detail: &str) {
        self.push(
            field,
            with_detail(format!("Invalid value: {value}"), detail),
        );
    }

    /// A line for each thing that is wrong with a value.
    fn all_invalid(&mut self, field: &FieldPath, value: &Value, wrong: Vec<String>) {
        for detail in wrong {
            self.invalid(field, value, &detail);
        }
    }

    fn duplicate(&mut self, field: &FieldPath, value: &Value) {
        self.push(field, format!("Duplicate value: {value}"));
    }

    fn not_found(&mut self, field: &FieldPath, value: &str) {
        self.push(field, format!("Not found: {value:?}"));
    }

    fn unsupported(&mut self, field: &FieldPath, value: &Value, supported: &[&str]) {
        let quoted: Vec<String> = supported.iter().map(|value| format!("{value:?}")).collect();
        self.push(
            field,
            format!(
                "Unsupported value: {value}: supported values: {}",
                quoted.join(", ")
            ),
        );
    }

    fn not_negative(&mut self, field: &FieldPath, value: i64) {
        if value < 0 {
            self.invalid(field, &value.into(), "must be greater than or equal to 0");
        }
    }
}

fn with_detail(head: String, detail: &str) -> String {
    if detail.is_empty() {
        head
    } else {
        format!("{head}: {detail}")
    }
}
