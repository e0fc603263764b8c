//! A node as a card: its state, its pods, and what can be done to it.

use std::rc::Rc;

use yew::prelude::*;

use super::mark::PodMark;
use crate::{
    model::{Action, Selected},
    text,
    view::{Health, Mark, NodeView, PodView},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub node: Rc<NodeView>,
    pub act: Callback<Action>,
}

#[component]
pub fn NodeCard(props: &Props) -> Html {
    let node = &props.node;
    let name = node.name.to_string();
    let health = match node.health {
        Health::Good => "node--good",
        Health::Cordoned => "node--cordoned",
        Health::Bad => "node--bad",
    };
    let class = classes!(
        "node",
        health,
        node.is_now.then_some("node--now"),
        node.is_selected.then_some("node--selected")
    );
    let select = emit(
        &props.act,
        Action::Select(Some(Selected::Node(node.name.clone()))),
    );
    let testid = if node.exists { "node" } else { "node-gone" };
    html! {
        <article class={class} data-testid={testid} data-node={name.clone()} data-status={node.status.clone()} aria-label={format!("Node {name}, {}", node.status)}>
            <div class="node__top">
                if node.exists {
                    <button class="node__name" onclick={select} aria-pressed={node.is_selected.to_string()}>{ &name }</button>
                } else {
                    <span class="node__name">{ &name }</span>
                }
                <span class="node__status">
                    { node.status.replace(',', ", ") }
                    if node.powered == Some(false) { { ", " }{ text::OFF } }
                </span>
            </div>
            if !node.labels.is_empty() || !node.taints.is_empty() {
                <div class="chips">
                    { for node.labels.iter().map(|label| html! { <span class="chip">{ label }</span> }) }
                    { for node.taints.iter().map(|(short, whole)| html! { <span class="chip chip--taint" title={format!("Taint {whole}")}>{ short }</span> }) }
                </div>
            }
            <div class="node__pods">
                { for node.pods.iter().map(|pod| html! { <Pod key={pod.key.to_string()} pod={pod.clone()} act={props.act.clone()} /> }) }
                if let Some((why, remedy)) = &node.empty {
                    <p class="node__empty">
                        { why }
                        if let Some(remedy) = remedy { <span class="node__remedy">{ remedy }</span> }
                    </p>
                }
            </div>
            if node.exists {
                <Actions node={props.node.clone()} act={props.act.clone()} />
            }
        </article>
    }
}

fn emit(act: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    act.reform(move |_| action.clone())
}

#[component]
fn Actions(props: &Props) -> Html {
    let node = &props.node;
    let name = || node.name.clone();
    let off = node.powered == Some(false);
    let cordon = if node.cordoned {
        text::UNCORDON
    } else {
        text::CORDON
    };
    let power = if off { text::POWER_ON } else { text::POWER_OFF };
    let title = |command: String| command;
    html! {
        <div class="node__actions">
            if node.powered.is_some() {
                <button class="button button--small" data-testid="node-power" title={title(format!("fault: node/{} power {}", node.name, if off { "on" } else { "off" }))} onclick={emit(&props.act, Action::TogglePower(name()))}>{ power }</button>
            }
            <button class="button button--small" data-testid="node-cordon" title={title(format!("kubectl {} {}", cordon.to_lowercase(), node.name))} onclick={emit(&props.act, Action::ToggleCordon(name()))}>{ cordon }</button>
            <button class="button button--small" data-testid="node-delete" title={title(format!("kubectl delete node {}", node.name))} onclick={emit(&props.act, Action::DeleteNode(name()))}>{ text::DELETE }</button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PodProps {
    pod: PodView,
    act: Callback<Action>,
}

#[component]
fn Pod(props: &PodProps) -> Html {
    let pod = &props.pod;
    let class = classes!(
        "pod",
        (pod.mark == Mark::Going).then_some("pod--going"),
        pod.is_now.then_some("pod--now"),
    );
    let name = pod.key.name.to_string();
    // The random end is what tells pods apart: it is never cut off.
    let (head, tail) = name.split_at(name.char_indices().rev().nth(5).map_or(0, |(at, _)| at));
    let revision = pod
        .revision
        .map(|revision| revision.to_string())
        .unwrap_or_default();
    html! {
        <button
            class={class} data-testid="pod" data-pod={name.clone()} data-node={pod.node.to_string()}
            data-status={pod.status.clone()} data-revision={revision.clone()}
            title={format!("pod {}", pod.key)}
            aria-label={format!("Pod {name}, {}, revision {revision}", pod.status)}
            onclick={emit(&props.act, Action::Select(Some(Selected::Pod(pod.key.clone()))))}
        >
            <PodMark mark={pod.mark} is_current={pod.is_current} />
            <span class="pod__name"><span class="pod__head">{ head }</span><span>{ tail }</span></span>
            <span class="pod__word">{ &pod.word }</span>
        </button>
    }
}
