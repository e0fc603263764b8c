//! The cluster: the figure of the page.

use yew::prelude::*;

use super::node_card::NodeCard;
use crate::{
    model::{Action, Model},
    text, view,
};

#[derive(Properties)]
pub struct Props {
    pub model: Model,
    pub act: Callback<Action>,
}

/// A model is a new one after each action.
impl PartialEq for Props {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[component]
pub fn ClusterPane(props: &Props) -> Html {
    let model = &props.model;
    let nodes = view::nodes(model);
    let count = nodes.iter().filter(|node| node.exists).count();
    let quiet = model.timeline.cluster().is_quiet();
    html! {
        <section class="cluster" aria-label={text::CLUSTER_PANE}>
            <h2 class="cluster__summary">
                <span>{ format!("{count} {}", if count == 1 { "node" } else { "nodes" }) }</span>
                <span>{ "Kubernetes 1.34" }</span>
                <span>{ if quiet { text::QUIET } else { text::BUSY } }</span>
            </h2>
            <div class="grid">
                { for nodes.into_iter().map(|node| html! { <NodeCard key={node.name.to_string()} node={node.clone()} act={props.act.clone()} /> }) }
                <button class="add" data-testid="add-node" onclick={props.act.reform(|_| Action::AddNode)}>
                    <span aria-hidden="true">{ "+ " }</span>{ text::ADD_NODE }
                </button>
            </div>
        </section>
    }
}
