//! Beside the cluster: the counters as kubectl shows them, and one of several panels.

use std::rc::Rc;

use cluster::Key;
use yew::prelude::*;

use super::{
    between_tabs, chart::Chart, chosen, emit, events_panel::EventsPanel,
    history_panel::HistoryPanel, why_panel::WhyPanel,
};
use crate::{
    model::{Action, Selected, Side},
    place::use_part_role,
    text,
    view::{
        side::{Panel, SideView},
        status::{self, StatusView},
    },
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: Rc<SideView>,
    pub has_status: bool,
    /// Which panels there are.
    pub sides: Vec<Side>,
    pub act: Callback<Action>,
}

const TABS: [(Side, &str); 4] = [
    (Side::Why, text::WHY),
    (Side::Events, text::EVENTS),
    (Side::History, text::HISTORY),
    (Side::Yaml, text::YAML),
];

#[component]
pub fn SidePane(props: &Props) -> Html {
    let role = use_part_role();
    let view = &props.view;
    let panel = match &view.panel {
        Panel::Why(why) => {
            html! { <WhyPanel why={why.clone()} has_selection={view.has_selection} is_quiet={view.is_quiet} act={props.act.clone()} /> }
        }
        Panel::Events(events) => {
            html! { <EventsPanel events={events.clone()} act={props.act.clone()} /> }
        }
        Panel::History(history) => {
            html! { <HistoryPanel history={history.clone()} act={props.act.clone()} /> }
        }
        Panel::Yaml(Some((command, yaml))) => html! {
            <div class="block">
                <h2 class="block__title">{ command }</h2>
                <pre class="yaml" tabindex="0">{ yaml }</pre>
            </div>
        },
        Panel::Yaml(None) => {
            html! { <div class="block"><p class="block__empty">{ text::NO_DAEMON_SET }</p></div> }
        }
    };
    html! {
        <section {role} class="side" aria-label={text::STATUS_PANE}>
            if props.has_status { <div class="block" data-testid="status">{ status(view, &props.act) }</div> }
            if props.sides.len() > 1 {
                <div class="tabs tabs--side" role="tablist" aria-label={text::STATUS_PANE} onkeydown={between_tabs()}>
                    { for TABS.iter().filter(|(side, _)| props.sides.contains(side)).map(|(side, title)| {
                        let is_open = *side == view.side;
                        html! { <button class="tab" role="tab" aria-selected={is_open.to_string()} onclick={emit(&props.act, Action::ShowSide(*side))} data-testid={format!("tab-{}", title.to_lowercase())}>{ title }</button> }
                    }) }
                </div>
                <div class="side__panel" role="tabpanel">{ panel }</div>
            } else if props.sides.len() == 1 {
                <div class="side__panel">{ panel }</div>
            }
        </section>
    }
}

fn status(view: &SideView, act: &Callback<Action>) -> Html {
    let Some(status) = &view.status else {
        return html! {
            <>
                <h2 class="block__title">{ "kubectl get ds" }</h2>
                <p class="block__empty">{ text::NO_DAEMON_SET }</p>
            </>
        };
    };
    let select = emit(
        act,
        Action::Select(Some(Selected::DaemonSet(status.key.clone()))),
    );
    html! {
        <>
            <h2 class="block__title">
                { "kubectl get ds " }
                if status.others.is_empty() {
                    <button class="link" onclick={select}>{ &*status.key.name }</button>
                } else {
                    { choose(status, act) }
                }
                { format!(" -n {}", status.key.namespace) }
            </h2>
            <dl class="counters">
                { for status::COLUMNS.iter().map(|(title, name)| {
                    let number = status.counter(name);
                    let class = classes!("counter", (number != status.desired).then_some("counter--short"));
                    html! { <div class={class} title={format!("{name}: {}", status::meaning(name))}><dt>{ title }</dt><dd data-counter={*name}>{ number }</dd></div> }
                }) }
            </dl>
            <p class="counters__rest">
                <span title={status::meaning("numberUnavailable")}>{ "unavailable " }<b data-counter="numberUnavailable">{ status.counter("numberUnavailable") }</b></span>
                <span title={status::meaning("numberMisscheduled")}>{ "misscheduled " }<b data-counter="numberMisscheduled">{ status.counter("numberMisscheduled") }</b></span>
            </p>
            <p class="counters__rest">{ &status.strategy }</p>
            <p class={classes!("progress", status.is_done.then_some("progress--done"))} title="kubectl rollout status">{ &status.progress }</p>
            <Chart points={view.points.clone()} times={view.times.clone()} position={view.position} len={view.len} desired={status.desired} max_unavailable={status.max_unavailable} max_surge={status.max_surge} act={act.clone()} />
        </>
    }
}

fn choose(status: &StatusView, act: &Callback<Action>) -> Html {
    let onchange = act.reform(|event: Event| {
        let chosen = chosen(&event);
        let (namespace, name) = chosen.split_once('/').unwrap_or(("", &chosen));
        Action::ChooseDaemonSet(Key::new(namespace, name))
    });
    html! {
        <select class="select" {onchange} aria-label="Which daemon set">
            { for status.others.iter().map(|key| html! { <option value={key.to_string()} selected={*key == status.key}>{ key.to_string() }</option> }) }
        </select>
    }
}
