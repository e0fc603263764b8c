//! Whether a node meets the terms of a required node affinity, and what of them it does not.

use objects::{Node, NodeSelectorTerm, affinity::METADATA_NAME, labels::LabelSelectorRequirement};
use serde::{Deserialize, Serialize};

use crate::trace::Remedy;

/// Whether a term can be read. If not, it is as good as no term.
///
/// Models `newNodeSelectorTerm`, component-helpers `scheduling/corev1/nodeaffinity`, v1.34.
pub fn is_readable(term: &NodeSelectorTerm) -> bool {
    let mut expressions = term.match_expressions.iter();
    expressions.all(LabelSelectorRequirement::is_readable)
        && term.match_fields.iter().all(is_readable_field)
}

/// Whether a node meets a term that can be read.
///
/// Models `nodeSelectorTerm.match`, the same file.
pub fn matches(term: &NodeSelectorTerm, node: &Node) -> bool {
    let has =
        |it: &LabelSelectorRequirement| it.matches(node.metadata.labels.get(&it.key)) == Some(true);
    let is_empty = term.match_expressions.is_empty() && term.match_fields.is_empty();
    !is_empty
        && term.match_expressions.iter().all(has)
        && term.match_fields.iter().all(|it| meets_field(it, node))
}

fn is_readable_field(field: &LabelSelectorRequirement) -> bool {
    field.values.len() == 1 && matches!(field.operator.as_str(), "In" | "NotIn")
}

fn meets_field(field: &LabelSelectorRequirement, node: &Node) -> bool {
    let is_found = field.values.first() == Some(&found_field(field, node).unwrap_or_default());
    is_found == (field.operator == "In")
}

fn found_field(field: &LabelSelectorRequirement, node: &Node) -> Option<String> {
    (field.key == METADATA_NAME).then(|| node.metadata.name.to_string())
}

/// What became of a term when a node was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Whether the node meets it; `None` if it cannot be read and is skipped.
    pub met: Option<bool>,
    /// Its expressions and fields, in their order.
    pub requirements: Vec<Requirement>,
}

/// One expression or field of a term.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    pub expression: LabelSelectorRequirement,
    /// It is about a field of the node, not about a label.
    pub is_field: bool,
    /// What the node has there.
    pub found: Option<String>,
    /// Whether that is as required; `None` if the requirement cannot be read.
    pub met: Option<bool>,
}

impl Term {
    /// Looks into a term.
    pub fn of(term: &NodeSelectorTerm, node: &Node) -> Self {
        let expressions = term.match_expressions.iter().map(|expression| {
            let found = node.metadata.labels.get(&expression.key);
            Requirement {
                expression: expression.clone(),
                is_field: false,
                found: found.cloned(),
                met: expression
                    .is_readable()
                    .then(|| expression.matches(found))
                    .flatten(),
            }
        });
        let fields = term.match_fields.iter().map(|field| Requirement {
            expression: field.clone(),
            is_field: true,
            found: found_field(field, node),
            met: is_readable_field(field).then(|| meets_field(field, node)),
        });
        Self {
            met: is_readable(term).then(|| matches(term, node)),
            requirements: expressions.chain(fields).collect(),
        }
    }

    /// The one edit of the node that would make it meet the term, if one is enough.
    pub fn remedy(&self) -> Option<Remedy> {
        self.met?;
        let mut unmet = self.requirements.iter().filter(|it| it.met == Some(false));
        match (unmet.next(), unmet.next()) {
            (Some(only), None) => only.remedy(),
            _ => None,
        }
    }
}

impl Requirement {
    fn remedy(&self) -> Option<Remedy> {
        if self.is_field {
            return None;
        }
        let key = self.expression.key.clone();
        let bound = || self.expression.values.first()?.parse::<i64>().ok();
        let value = match self.expression.operator.as_str() {
            "In" => self.expression.values.first()?.clone(),
            "Exists" => String::new(),
            "Gt" => bound()?.checked_add(1)?.to_string(),
            "Lt" => bound()?.checked_sub(1)?.to_string(),
            _ => return Some(Remedy::UnlabelNode { key }),
        };
        Some(Remedy::LabelNode { key, value })
    }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let LabelSelectorRequirement {
            key,
            operator,
            values,
            ..
        } = &self.expression;
        write!(f, "{key} {operator}")?;
        if !values.is_empty() {
            write!(f, " [{}]", values.join(", "))?;
        }
        match (&self.found, self.met) {
            (_, None) => f.write_str(" cannot be read"),
            (Some(found), _) => write!(f, ", found {found:?}"),
            (None, _) => f.write_str(", found nothing"),
        }
    }
}
