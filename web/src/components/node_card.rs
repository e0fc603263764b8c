//! A node as a card: its state, its pods, and what can be done to it.

use std::rc::Rc;

use cluster::{Fault, kubelet::Power};
use yew::prelude::*;

use super::{emit, mark::PodMark};
use crate::{
    model::{Action, Dialog, Selected},
    text,
    view::nodes::{Health, Mark, NodeView, PodView},
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
    let machine = match node.power {
        Some(Power::Off) => Some(text::OFF),
        Some(Power::Unknown) => Some(text::SILENT),
        Some(Power::On) if !node.kubelet_runs => Some(text::STOPPED),
        Some(Power::On) | None => None,
    };
    html! {
        <article class={class} data-testid={testid} data-node={name.clone()} data-status={node.status.clone()} aria-label={format!("Node {name}, {}", node.status)}>
            <div class="node__top">
                if node.exists {
                    <button class="node__name" onclick={select} aria-pressed={node.is_selected.to_string()} title={format!("Why? {name}")}>{ &name }</button>
                } else {
                    <span class="node__name">{ &name }</span>
                }
                if !node.roles.is_empty() && !name.starts_with(&node.roles) { <span class="node__roles">{ &node.roles }</span> }
                <span class="node__status">
                    { node.status.replace(',', ", ") }
                    if let Some(machine) = machine { { ", " }{ machine } }
                </span>
            </div>
            if !node.labels.is_empty() || !node.taints.is_empty() || !node.pressures.is_empty() {
                <div class="chips">
                    { for node.labels.iter().map(|label| html! { <span class="chip">{ label }</span> }) }
                    { for node.taints.iter().map(|(short, whole)| html! { <span class="chip chip--taint" title={format!("Taint {whole}")}>{ short }</span> }) }
                    { for node.pressures.iter().map(|what| html! { <span class="chip chip--bad">{ format!("{what} pressure") }</span> }) }
                </div>
            }
            <div class="node__pods">
                { for node.pods.iter().map(|pod| html! { <Pod key={pod.key.to_string()} pod={pod.clone()} act={props.act.clone()} /> }) }
                if node.n_more_pods > 0 {
                    <p class="node__more">{ format!("and {} of others", text::count(node.n_more_pods, "pod", "pods")) }</p>
                }
                if let Some((why, remedy)) = &node.empty {
                    <p class="node__empty">
                        { why }
                        if let Some(remedy) = remedy { <span class="node__remedy">{ "To change that: " }{ remedy }</span> }
                    </p>
                }
            </div>
            <div class="node__foot">
            if let Some(room) = &node.room {
                <div class="room" title={room.words.clone()}>
                    <span class="room__all"><span class={if room.percent > 90 { "room__taken room__taken--full" } else { "room__taken" }} ~style={format!("width: {}%", room.percent.clamp(0, 100))} /></span>
                    { format!("{}% requested", room.percent) }
                </div>
            }
            if node.exists {
                <Actions node={props.node.clone()} act={props.act.clone()} />
            }
            </div>
        </article>
    }
}

#[component]
fn Actions(props: &Props) -> Html {
    let node = &props.node;
    let name = || node.name.clone();
    let off = node.power != Some(Power::On);
    let kubectl = |testid: &'static str, label: &'static str, line: String| {
        html! {
            <button class="button button--small" data-testid={testid} title={format!("kubectl {line}")} onclick={emit(&props.act, Action::Kubectl(line))}>{ label }</button>
        }
    };
    let power = Fault::Power {
        node: name(),
        on: off,
    };
    let (cordon, uncordon) = (
        format!("cordon {}", node.name),
        format!("uncordon {}", node.name),
    );
    html! {
        <div class="node__actions" role="group" aria-label={format!("Act on {}", node.name)}>
            if node.power.is_some() {
                <button class="button button--small" data-testid="node-power" title={format!("fault: {power}")} onclick={emit(&props.act, Action::Strike(power.clone()))}>{ if off { text::POWER_ON } else { text::POWER_OFF } }</button>
            }
            { if node.cordoned { kubectl("node-cordon", text::UNCORDON, uncordon) } else { kubectl("node-cordon", text::CORDON, cordon) } }
            { kubectl("node-drain", text::DRAIN, format!("drain {} --ignore-daemonsets --delete-emptydir-data --force", node.name)) }
            <button class="button button--small" data-testid="node-taint" title={format!("kubectl taint nodes {} …", node.name)} onclick={emit(&props.act, Action::Show(Dialog::Taint(name())))}>{ text::TAINT }</button>
            <button class="button button--small" data-testid="node-label" title={format!("kubectl label node {} …", node.name)} onclick={emit(&props.act, Action::Show(Dialog::Label(name())))}>{ text::LABEL }</button>
            { kubectl("node-delete", text::DELETE, format!("delete node {}", node.name)) }
            <button class="button button--small" data-testid="node-more" title="Kubelet, pressure, out of service" onclick={emit(&props.act, Action::Show(Dialog::More(name())))}>{ text::MORE }</button>
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
        pod.is_selected.then_some("pod--selected"),
    );
    let name = pod.key.name.to_string();
    // The random end is what tells pods apart: it is never cut off.
    let (head, tail) = name.split_at(name.char_indices().rev().nth(5).map_or(0, |(at, _)| at));
    let revision = pod
        .revision
        .map(|revision| revision.to_string())
        .unwrap_or_default();
    let told = format!(
        "{}, ready {}, restarts {}, age {}",
        pod.status, pod.ready, pod.restarts, pod.age
    );
    html! {
        <button
            class={class} data-testid="pod" data-pod={name.clone()} data-node={pod.node.to_string()}
            data-status={pod.status.clone()} data-revision={revision.clone()}
            title={format!("pod {}: {told}", pod.key)}
            aria-pressed={pod.is_selected.to_string()}
            onclick={emit(&props.act, Action::Select(Some(Selected::Pod(pod.key.clone()))))}
        >
            <PodMark mark={pod.mark} is_current={pod.is_current} />
            <span class="pod__name"><span class="pod__head">{ head }</span><span>{ tail }</span></span>
            <span class="pod__word">{ &pod.word }</span>
            <span class="only-read">{ format!(", {told}") }</span>
            if pod.is_selected || pod.restarts != "0" {
                <span class="pod__more" aria-hidden="true">{ format!("ready {} · restarts {} · {}", pod.ready, pod.restarts, pod.age) }</span>
            }
        </button>
    }
}
