//! What is asked before something is done to a node: each shows the command that it stands for.

use cluster::{Fault, fault::Pressure};
use objects::Name;
use yew::prelude::*;

use super::{chosen, emit, typed};
use crate::{model::Action, text, view::dialog::MoreView};

const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

/// A field that keeps what is typed.
#[hook]
fn use_field(initial: &'static str) -> (UseStateHandle<String>, Callback<InputEvent>) {
    let value = use_state_eq(|| initial.to_owned());
    let oninput = {
        let value = value.clone();
        Callback::from(move |event: InputEvent| value.set(typed(&event)))
    };
    (value, oninput)
}

/// A form whose button gives a command.
fn command_form(
    line: String,
    can: bool,
    act: &Callback<Action>,
    fields: Html,
    button: &str,
    testid: &'static str,
) -> Html {
    let onsubmit = {
        let (act, line) = (act.clone(), line.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if can {
                act.emit(Action::Kubectl(line.clone()));
            }
        })
    };
    html! {
        <form class="form" {onsubmit}>
            { fields }
            <code class="form__command">{ "kubectl " }{ line }</code>
            <button class="button button--primary" disabled={!can} data-testid={testid}>{ button.to_owned() }</button>
        </form>
    }
}

#[derive(Properties, PartialEq)]
pub struct TaintProps {
    pub node: Name,
    pub taints: Vec<String>,
    pub act: Callback<Action>,
}

#[component]
pub fn TaintDialog(props: &TaintProps) -> Html {
    let (key, type_key) = use_field("dedicated");
    let (value, type_value) = use_field("");
    let effect = use_state_eq(|| "NoSchedule".to_owned());
    let onchange = {
        let effect = effect.clone();
        Callback::from(move |event: Event| effect.set(chosen(&event)))
    };
    let value_part = if value.is_empty() {
        String::new()
    } else {
        format!("={}", *value)
    };
    let line = format!(
        "taint nodes {} {}{value_part}:{}",
        props.node, *key, *effect
    );
    let fields = html! {
        <div class="form__row">
            <label>{ "Key" }<input class="input" value={(*key).clone()} oninput={type_key} data-testid="taint-key" /></label>
            <label>{ "Value" }<input class="input" value={(*value).clone()} oninput={type_value} data-testid="taint-value" /></label>
            <label>{ "Effect" }
                <select class="select" {onchange} data-testid="taint-effect">
                    { for ["NoSchedule", "PreferNoSchedule", "NoExecute"].iter().map(|it| html! { <option value={*it} selected={**it == **effect}>{ it }</option> }) }
                </select>
            </label>
        </div>
    };
    html! {
        <>
            <ul class="removable">
                { for props.taints.iter().map(|taint| {
                    let line = format!("taint nodes {} {taint}-", props.node);
                    html! {
                        <li><code>{ taint }</code><button class="button button--small" title={format!("kubectl {line}")} onclick={emit(&props.act, Action::Kubectl(line.clone()))} data-testid="taint-remove">{ "Remove" }</button></li>
                    }
                }) }
            </ul>
            { command_form(line, !key.is_empty(), &props.act, fields, text::TAINT, "taint-add") }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct LabelProps {
    pub node: Name,
    pub labels: Vec<(String, String)>,
    pub act: Callback<Action>,
}

#[component]
pub fn LabelDialog(props: &LabelProps) -> Html {
    let (key, type_key) = use_field("disk");
    let (value, type_value) = use_field("ssd");
    let line = format!("label node {} {}={} --overwrite", props.node, *key, *value);
    let fields = html! {
        <div class="form__row">
            <label>{ "Key" }<input class="input" value={(*key).clone()} oninput={type_key} data-testid="label-key" /></label>
            <label>{ "Value" }<input class="input" value={(*value).clone()} oninput={type_value} data-testid="label-value" /></label>
        </div>
    };
    html! {
        <>
            <ul class="removable">
                { for props.labels.iter().map(|(key, value)| {
                    let line = format!("label node {} {key}-", props.node);
                    html! {
                        <li><code>{ format!("{key}={value}") }</code><button class="button button--small" title={format!("kubectl {line}")} onclick={emit(&props.act, Action::Kubectl(line.clone()))} data-testid="label-remove">{ "Remove" }</button></li>
                    }
                }) }
            </ul>
            { command_form(line, !key.is_empty(), &props.act, fields, text::LABEL, "label-add") }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct MoreProps {
    pub view: MoreView,
    pub act: Callback<Action>,
}

#[component]
pub fn MoreDialog(props: &MoreProps) -> Html {
    let view = &props.view;
    let node = &view.node;
    let strike = |fault: Fault, words: String| {
        html! { <li><button class="button" onclick={emit(&props.act, Action::Strike(fault.clone()))}>{ words }</button><code>{ format!("fault: {fault}") }</code></li> }
    };
    let command = |line: String, words: &str| {
        html! { <li><button class="button" onclick={emit(&props.act, Action::Kubectl(line.clone()))}>{ words.to_owned() }</button><code>{ format!("kubectl {line}") }</code></li> }
    };
    let kubelet = Fault::Kubelet {
        node: node.clone(),
        runs: !view.kubelet_runs,
    };
    let of = [Pressure::Disk, Pressure::Memory, Pressure::Pid];
    let out_of_service = match view.is_out_of_service {
        true => format!("taint nodes {node} {OUT_OF_SERVICE}-"),
        false => format!("taint nodes {node} {OUT_OF_SERVICE}"),
    };
    html! {
        <ul class="acts">
            if view.has_machine && view.is_powered {
                { strike(kubelet, format!("{} the kubelet", if view.kubelet_runs { "Stop" } else { "Start" })) }
            }
            if view.has_machine {
                { for of.into_iter().zip(&view.pressures).map(|(on_what, (word, is_on))| strike(
                    Fault::Pressure { node: node.clone(), on_what, on: !is_on },
                    if *is_on { format!("End {word} pressure") } else { format!("Begin {word} pressure") },
                )) }
            }
            { command(out_of_service, if view.is_out_of_service { "Back in service" } else { "Mark as out of service" }) }
            { command(format!("describe node {node}"), "Describe") }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
pub struct AddProps {
    pub act: Callback<Action>,
}

#[component]
pub fn AddNodesDialog(props: &AddProps) -> Html {
    let (pool, type_pool) = use_field("worker");
    let (count, type_count) = use_field("3");
    let (labels, type_labels) = use_field("");
    let (taints, type_taints) = use_field("");
    let onsubmit = {
        let (pool, count, labels, taints) =
            (pool.clone(), count.clone(), labels.clone(), taints.clone());
        props.act.reform(move |event: SubmitEvent| {
            event.prevent_default();
            Action::AddNodes {
                pool: (*pool).trim().to_owned(),
                count: count.trim().parse().unwrap_or(1),
                labels: (*labels).clone(),
                taints: (*taints).clone(),
            }
        })
    };
    html! {
        <form class="form" {onsubmit}>
            <div class="form__row">
                <label>{ "Name" }<input class="input" required=true value={(*pool).clone()} oninput={type_pool} data-testid="pool-name" /></label>
                <label>{ "How many" }<input class="input" type="number" min="1" max="5000" required=true value={(*count).clone()} oninput={type_count} data-testid="pool-count" /></label>
            </div>
            <label>{ "Labels" }<input class="input" placeholder="disk=ssd, zone=a" value={(*labels).clone()} oninput={type_labels} data-testid="pool-labels" /></label>
            <label>{ "Taints" }<input class="input" placeholder="gpu=yes:NoSchedule" value={(*taints).clone()} oninput={type_taints} data-testid="pool-taints" /></label>
            <code class="form__command">{ format!("kubectl apply -f {}.yaml", *pool) }</code>
            <p class="form__hint">{ "Each joins as a real node does: NotReady and tainted so, Ready a few seconds later." }</p>
            <p class="dialog__foot">
                <button class="button button--primary" data-testid="pool-add">{ "Add" }</button>
                <button type="button" class="button" onclick={emit(&props.act, Action::CloseDialog)}>{ "Cancel" }</button>
            </p>
        </form>
    }
}
