//! Expectations about a node.

use objects::Node;

/// kubectl's STATUS cell, and the whole set of taints.
#[derive(Clone, Debug)]
pub struct NodeExpect {
    pub(super) status: Option<String>,
    pub(super) taints: Option<Vec<String>>,
}

impl NodeExpect {
    pub(super) fn check(&self, node: &Node) -> Vec<String> {
        let mut wrong = Vec::new();
        let found = node.status_cell();
        if let Some(expected) = self.status.as_ref().filter(|it| **it != found) {
            wrong.push(format!("status: expected {expected}, found {found}"));
        }
        if let Some(taints) = &self.taints {
            // Values are compared where they are written.
            let mut missing: Vec<&str> = taints.iter().map(String::as_str).collect();
            let mut surplus = Vec::new();
            for taint in &node.spec.taints {
                let bare = format!("{}:{}", taint.key, taint.effect.as_str());
                let full = taint.to_string();
                match missing.iter().position(|it| *it == full || *it == bare) {
                    Some(found) => drop(missing.remove(found)),
                    None => surplus.push(full),
                }
            }
            if !missing.is_empty() || !surplus.is_empty() {
                wrong.push(format!(
                    "taints: missing [{}], not expected [{}]",
                    missing.join(", "),
                    surplus.join(", ")
                ));
            }
        }
        wrong
    }
}
