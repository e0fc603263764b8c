//! The cluster: the figure of the page.

use std::rc::Rc;

use objects::Name;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{
    emit,
    field::Field,
    focus::{focus_first, focused},
    legend::Legend,
    node_card::NodeCard,
};
use crate::{
    model::{Action, Dialog, Selected},
    place::use_part_role,
    text,
    view::{
        figure::{ClusterView, Figure},
        nodes::NodeView,
    },
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: Rc<ClusterView>,
    pub act: Callback<Action>,
    /// Opens the whole playground, where this is a part of another page.
    pub open_whole: Option<Html>,
}

#[component]
pub fn ClusterPane(props: &Props) -> Html {
    let role = use_part_role();
    let view = &props.view;
    let ask = emit(&props.act, Action::Select(Some(Selected::Waiting)));
    let names: Vec<Name> = match &view.figure {
        Figure::Cards(nodes) => names(nodes),
        Figure::Field(_, selected) => names(selected.as_slice()),
    };
    let grid = use_node_ref();
    let onfocusin = use_neighbour(&grid, names);
    html! {
        <section {role} class="cluster" aria-label={text::CLUSTER_PANE}>
            <div class="cluster__head">
                <h2 class="cluster__summary">
                    <span>{ &view.n_nodes }</span>
                    <span class="cluster__version">{ &view.version }</span>
                </h2>
                <button class="button button--small cluster__quiet" onclick={ask} title={if view.is_quiet { text::WHY_QUIET } else { text::WHAT_NEXT }} data-testid="quiet" data-quiet={view.is_quiet.to_string()}>
                    { if view.is_quiet { text::QUIET } else { text::BUSY } }
                    <span class="cluster__asks">{ if view.is_quiet { text::WHY_QUIET_SHORT } else { text::WHAT_NEXT_SHORT } }</span>
                </button>
                <span class="cluster__tools">
                    if let Some(open) = &props.open_whole { { open.clone() } }
                    if !view.is_embedded {
                        <button class="button button--small" onclick={emit(&props.act, Action::Show(Dialog::AddNodes))} data-testid="add-nodes">{ text::ADD_NODES }</button>
                        <button class="button button--small" onclick={emit(&props.act, Action::Show(Dialog::Faults))} data-testid="faults">{ text::FAULTS }</button>
                    }
                </span>
            </div>
            if let Figure::Cards(nodes) = &view.figure {
                <div class="grid" ref={grid} {onfocusin}>
                    { for nodes.iter().map(|node| html! { <NodeCard key={node.name.to_string()} node={node.clone()} act={props.act.clone()} /> }) }
                    <AddNode act={props.act.clone()} />
                </div>
                <Legend />
            } else if let Figure::Field(field, selected) = &view.figure {
                <Field field={field.clone()} find={view.find.clone()} group_by={view.group_by.clone()} act={props.act.clone()} />
                <div class="grid grid--few" ref={grid} {onfocusin}>
                    if let Some(node) = selected {
                        <NodeCard key={node.name.to_string()} node={node.clone()} act={props.act.clone()} />
                    }
                    <AddNode act={props.act.clone()} />
                </div>
            }
        </section>
    }
}

/// Of the nodes that are there.
fn names(nodes: &[Rc<NodeView>]) -> Vec<Name> {
    let nodes = nodes.iter().filter(|it| it.exists);
    nodes.map(|it| it.name.clone()).collect()
}

/// When the card that has the focus goes, with its node, the one that takes its place has it. What is
/// returned notes which card has it.
#[hook]
fn use_neighbour(grid: &NodeRef, names: Vec<Name>) -> Callback<FocusEvent> {
    let last = use_mut_ref(|| None::<(usize, Name)>);
    {
        let (last, grid) = (last.clone(), grid.clone());
        use_effect_with(names.clone(), move |names| {
            let (Some(grid), Some((at, name))) =
                (grid.cast::<web_sys::Element>(), last.borrow().clone())
            else {
                return;
            };
            if !names.contains(&name) && focused().is_none() {
                let cards = grid.children();
                let neighbour = cards.item((at as u32).min(cards.length().saturating_sub(1)));
                if let Some(neighbour) = neighbour {
                    focus_card(&neighbour);
                }
            }
        });
    }
    Callback::from(move |event: FocusEvent| {
        let target = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let card = target.and_then(|it| it.closest("[data-node]").ok()?);
        let name = card.and_then(|it| it.get_attribute("data-node"));
        let at = names.iter().position(|it| Some(&**it) == name.as_deref());
        *last.borrow_mut() = at.map(|at| (at, names[at].clone()));
    })
}

fn focus_card(card: &web_sys::Element) {
    match card.dyn_ref::<web_sys::HtmlElement>() {
        Some(button) if card.tag_name() == "BUTTON" => drop(button.focus()),
        _ => focus_first(card, "button"),
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
