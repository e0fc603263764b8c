//! The cluster: the figure of the page.

use std::rc::Rc;

use yew::prelude::*;

use super::{emit, field::Field, node_card::NodeCard};
use crate::{
    host,
    model::{Action, Dialog, Selected},
    text,
    view::figure::{ClusterView, Figure},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: Rc<ClusterView>,
    pub lesson: Html,
    pub act: Callback<Action>,
}

#[component]
pub fn ClusterPane(props: &Props) -> Html {
    let view = &props.view;
    let ask = emit(&props.act, Action::Select(Some(Selected::Waiting)));
    html! {
        <section class="cluster" aria-label={text::CLUSTER_PANE}>
            { props.lesson.clone() }
            <div class="cluster__head">
                <h2 class="cluster__summary">
                    { for view.summary.iter().map(|text| html! { <span>{ text }</span> }) }
                </h2>
                <button class="button button--small cluster__quiet" onclick={ask} title={if view.is_quiet { text::WHY_QUIET } else { text::WHAT_NEXT }} data-testid="quiet" data-quiet={view.is_quiet.to_string()}>
                    { if view.is_quiet { text::QUIET } else { text::BUSY } }
                </button>
                <span class="cluster__tools">
                    if let Some(link) = &view.link {
                        <a class="button button--small" href={host::address_of(link)} target="_blank" rel="noopener" data-testid="open-whole">{ text::OPEN_WHOLE }</a>
                    }
                    if !view.is_embedded {
                        <button class="button button--small" onclick={emit(&props.act, Action::Show(Dialog::AddNodes))} data-testid="add-nodes">{ text::ADD_NODES }</button>
                        <button class="button button--small" onclick={emit(&props.act, Action::Show(Dialog::Faults))} data-testid="faults">{ text::FAULTS }</button>
                    }
                </span>
            </div>
            if let Figure::Cards(nodes) = &view.figure {
                <div class="grid">
                    { for nodes.iter().map(|node| html! { <NodeCard key={node.name.to_string()} node={node.clone()} act={props.act.clone()} /> }) }
                    <AddNode act={props.act.clone()} />
                </div>
            } else if let Figure::Field(field, selected) = &view.figure {
                <Field field={field.clone()} find={view.find.clone()} group_by={view.group_by.clone()} act={props.act.clone()} />
                <div class="grid grid--few">
                    if let Some(node) = selected {
                        <NodeCard key={node.name.to_string()} node={node.clone()} act={props.act.clone()} />
                    }
                    <AddNode act={props.act.clone()} />
                </div>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct AddProps {
    act: Callback<Action>,
}

#[component]
fn AddNode(props: &AddProps) -> Html {
    html! {
        <button class="add" onclick={emit(&props.act, Action::AddNode)} data-testid="add-node">
            <span aria-hidden="true">{ "+ " }</span>{ text::ADD_NODE }
        </button>
    }
}
