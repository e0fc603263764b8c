//! The figure of the page: cards, or a field if there are many nodes.

use std::rc::Rc;

use super::{
    field::{self, FieldView},
    nodes::{self, CARDS_MAX, NodeView},
};
use crate::{
    model::{Model, Selected},
    text,
};

/// The cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterView {
    /// How many nodes there are.
    pub n_nodes: String,
    /// Of Kubernetes.
    pub version: String,
    pub is_quiet: bool,
    pub is_going: bool,
    pub figure: Figure,
    pub find: String,
    pub group_by: Option<String>,
    /// Whether it is inside another page.
    pub is_embedded: bool,
}

/// What the nodes are drawn as.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    Cards(Vec<Rc<NodeView>>),
    /// With the card of the node that is selected.
    Field(FieldView, Option<Rc<NodeView>>),
}

pub fn cluster(model: &Model) -> ClusterView {
    let cluster = model.work.cluster();
    let n_nodes = cluster.store().nodes.len();
    let is_quiet = cluster.is_quiet();
    let figure = if n_nodes <= CARDS_MAX {
        Figure::Cards(nodes::nodes(model))
    } else {
        let selected = match &model.selected {
            Some(Selected::Node(name)) => nodes::node(model, name),
            Some(Selected::Pod(key)) => {
                let pod = cluster.store().pods.get(key);
                pod.and_then(|pod| nodes::node(model, pod.target_node()?))
            }
            _ => None,
        };
        Figure::Field(field::field(model), selected)
    };
    ClusterView {
        n_nodes: text::count(n_nodes, "node", "nodes"),
        version: format!("Kubernetes {}", scenario_version()),
        is_quiet,
        is_going: model.going.is_some(),
        figure,
        find: model.find.clone(),
        group_by: model.group_by.clone(),
        is_embedded: model.is_embedded,
    }
}

fn scenario_version() -> &'static str {
    "1.34"
}
