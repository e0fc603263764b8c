//! Node affinity, the part of `spec.affinity` that decides where daemon pods run.

use serde::{Deserialize, Serialize};

use crate::{Fields, is_zero, labels::LabelSelectorRequirement};

/// Models `v1.Affinity`; pod affinity and anti-affinity are in `rest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Affinity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_affinity: Option<NodeAffinity>,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.NodeAffinity`; preferences are in `rest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeAffinity {
    #[serde(
        rename = "requiredDuringSchedulingIgnoredDuringExecution",
        skip_serializing_if = "Option::is_none"
    )]
    pub required: Option<NodeSelector>,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.NodeSelector`: one of the terms must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelector {
    pub node_selector_terms: Vec<NodeSelectorTerm>,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.NodeSelectorTerm`: all parts must hold, and there must be one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelectorTerm {
    #[serde(skip_serializing_if = "is_zero")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
    #[serde(skip_serializing_if = "is_zero")]
    pub match_fields: Vec<LabelSelectorRequirement>,
    #[serde(flatten)]
    pub rest: Fields,
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
    /// first term of the exact form `metadata.name In [NODE]` among the match fields.
    pub fn pinned_node(&self) -> Option<&str> {
        self.required_terms()?.iter().find_map(|term| {
            term.match_fields.iter().find_map(|field| {
                match (
                    field.key.as_str(),
                    field.operator.as_str(),
                    &field.values[..],
                ) {
                    (METADATA_NAME, "In", [node]) => Some(node.as_str()),
                    _ => None,
                }
            })
        })
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
            rest: Fields::new(),
        };
        let term = NodeSelectorTerm {
            match_fields: vec![field],
            ..NodeSelectorTerm::default()
        };
        Self {
            node_selector_terms: vec![term],
            rest: Fields::new(),
        }
    }
}
