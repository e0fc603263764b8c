//! Labels and the selectors that match them.

use std::collections::BTreeMap;

use crate::{fields::object, validate::names};

/// Labels or annotations, by key.
pub type Labels = BTreeMap<String, String>;

object! {
    /// Models `metav1.LabelSelector`: all parts must hold.
    pub struct LabelSelector {
        match_labels: Labels = "matchLabels",
        match_expressions: Vec<LabelSelectorRequirement> = "matchExpressions",
    }
}

object! {
    /// One expression of a label selector, or of a node selector term.
    pub struct LabelSelectorRequirement {
        key: String = always "key",
        /// `In`, `NotIn`, `Exists`, `DoesNotExist`; on nodes also `Gt` and `Lt`.
        operator: String = always "operator",
        values: Vec<String> = "values",
    }
}

impl LabelSelector {
    /// Whether it selects nothing in particular, `{}`.
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// The first part that cannot be read, if there is one: an operator of another kind, too many
    /// values or too few, or what no label can be.
    ///
    /// Models `LabelSelectorAsSelector`, apimachinery `pkg/apis/meta/v1/helpers.go`, v1.34.
    pub fn unreadable(&self) -> Option<LabelSelectorRequirement> {
        let labels = self.match_labels.iter();
        let labels = labels.map(|(key, value)| LabelSelectorRequirement {
            key: key.clone(),
            operator: "In".to_owned(),
            values: vec![value.clone()],
            ..LabelSelectorRequirement::default()
        });
        let is_of_labels = |it: &LabelSelectorRequirement| {
            it.is_readable() && !matches!(it.operator.as_str(), "Gt" | "Lt")
        };
        labels
            .chain(self.match_expressions.iter().cloned())
            .find(|it| !is_of_labels(it))
    }

    /// Whether these labels are selected. An expression that cannot be read matches nothing.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.match_labels
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
            && self
                .match_expressions
                .iter()
                .all(|expression| expression.matches(labels.get(&expression.key)) == Some(true))
    }
}

impl LabelSelectorRequirement {
    /// Whether operator, key and values are such as belong together.
    ///
    /// Models `labels.NewRequirement`, apimachinery `pkg/labels/selector.go`, v1.34.
    pub fn is_readable(&self) -> bool {
        let is_value = |value: &String| names::label_value(value).is_empty();
        self.matches(None).is_some()
            && names::label_key(&self.key).is_empty()
            && self.values.iter().all(is_value)
    }

    /// Whether a label with this value, or its absence, meets the expression; `None` if the
    /// expression itself is malformed.
    ///
    /// Models `labels.Requirement.Matches`, apimachinery `pkg/labels/selector.go`, v1.34.
    pub fn matches(&self, value: Option<&String>) -> Option<bool> {
        let listed = || value.is_some_and(|value| self.values.contains(value));
        match (self.operator.as_str(), self.values.len()) {
            ("In", 1..) => Some(listed()),
            ("NotIn", 1..) => Some(!listed()),
            ("Exists", 0) => Some(value.is_some()),
            ("DoesNotExist", 0) => Some(value.is_none()),
            ("Gt" | "Lt", 1) => {
                let bound: i64 = self.values[0].parse().ok()?;
                let Some(value) = value.and_then(|value| value.parse::<i64>().ok()) else {
                    return Some(false);
                };
                Some(if self.operator == "Gt" {
                    value > bound
                } else {
                    value < bound
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_match_as_upstream() {
        let check = |operator: &str, values: &[&str], label: Option<&str>, want: Option<bool>| {
            let requirement = LabelSelectorRequirement {
                key: "k".into(),
                operator: operator.into(),
                values: values.iter().map(|&v| v.to_owned()).collect(),
                ..LabelSelectorRequirement::default()
            };
            let label = label.map(str::to_owned);
            assert_eq!(
                requirement.matches(label.as_ref()),
                want,
                "{operator} {values:?} {label:?}"
            );
        };
        check("In", &["a", "b"], Some("b"), Some(true));
        check("In", &["a"], None, Some(false));
        check("In", &[], Some("a"), None);
        check("NotIn", &["a"], None, Some(true));
        check("NotIn", &["a"], Some("a"), Some(false));
        check("Exists", &[], Some(""), Some(true));
        check("Exists", &["a"], Some("a"), None);
        check("DoesNotExist", &[], None, Some(true));
        check("Gt", &["5"], Some("10"), Some(true));
        check("Gt", &["5"], Some("5"), Some(false));
        check("Gt", &["5"], Some("ten"), Some(false));
        check("Gt", &["five"], Some("10"), None);
        check("Lt", &["5"], Some("-1"), Some(true));
        check("Lt", &["5"], None, Some(false));
        check("in", &["a"], Some("a"), None);
    }
}
