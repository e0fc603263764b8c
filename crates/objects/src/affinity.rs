//! Node affinity, the part of `spec.affinity` that decides where daemon pods run.

use crate::{Shared, fields::object, labels::LabelSelectorRequirement};

object! {
    /// Models `v1.Affinity`; pod affinity and anti-affinity are in `rest`.
    pub struct Affinity {
        node_affinity: Option<NodeAffinity> = "nodeAffinity",
    }
}

object! {
    /// Models `v1.NodeAffinity`; preferences are in `rest`.
    pub struct NodeAffinity {
        required: Option<NodeSelector> = "requiredDuringSchedulingIgnoredDuringExecution",
    }
}

object! {
    /// Models `v1.NodeSelector`: one of the terms must hold.
    pub struct NodeSelector {
        node_selector_terms: Vec<NodeSelectorTerm> = always "nodeSelectorTerms",
    }
}

object! {
    /// Models `v1.NodeSelectorTerm`: all parts must hold, and there must be one.
    pub struct NodeSelectorTerm {
        match_expressions: Vec<LabelSelectorRequirement> = "matchExpressions",
        match_fields: Vec<LabelSelectorRequirement> = "matchFields",
    }
}

/// The one field of a node that `matchFields` can name.
pub const METADATA_NAME: &str = "metadata.name";

impl Affinity {
    /// The terms a node must meet, if there are any requirements.
    pub fn required_terms(&self) -> Option<&[NodeSelectorTerm]> {
        let required = self.node_affinity.as_ref()?.required.as_ref()?;
        Some(&required.node_selector_terms)
    }

    /// The node a daemon pod is pinned to while it is not yet bound.
    ///
    /// Models `GetTargetNodeName`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34: the
    /// first of the match fields that says `metadata.name In`; with several names it pins to none.
    pub fn pinned_node(&self) -> Option<&str> {
        let terms = self.required_terms()?.iter();
        let mut fields = terms.flat_map(|term| &term.match_fields);
        let field = fields.find(|it| it.key == METADATA_NAME && it.operator == "In")?;
        match &field.values[..] {
            [node] => Some(node),
            _ => None,
        }
    }
}

impl NodeSelector {
    /// The one that pins a daemon pod to its node.
    ///
    /// Models `ReplaceDaemonSetPodNodeNameNodeAffinity`, the same file.
    pub fn pin(node: &str) -> Self {
        let field = LabelSelectorRequirement {
            key: METADATA_NAME.into(),
            operator: "In".into(),
            values: vec![node.to_owned()],
            rest: Shared::default(),
        };
        let term = NodeSelectorTerm {
            match_fields: vec![field],
            ..NodeSelectorTerm::default()
        };
        Self {
            node_selector_terms: vec![term],
            rest: Shared::default(),
        }
    }
}
