//! Beside the cluster: the counters as kubectl shows them, and the reasons.

use yew::prelude::*;

use super::{chart::Chart, cluster_pane::Props};
use crate::{model::Action, text, view};

/// The columns of `kubectl get ds`, by counter.
const COLUMNS: [(&str, &str); 5] = [
    ("DESIRED", "desiredNumberScheduled"),
    ("CURRENT", "currentNumberScheduled"),
    ("READY", "numberReady"),
    ("UP-TO-DATE", "updatedNumberScheduled"),
    ("AVAILABLE", "numberAvailable"),
];

#[component]
pub fn SidePane(props: &Props) -> Html {
    html! {
        <section class="side" aria-label={text::STATUS_PANE}>
            <Status model={props.model.clone()} act={props.act.clone()} />
            <Reasons model={props.model.clone()} act={props.act.clone()} />
        </section>
    }
}

#[component]
fn Status(props: &Props) -> Html {
    let Some(daemon_set) = props.model.daemon_set() else {
        return html! {
            <div class="block" data-testid="status">
                <h2 class="block__title">{ "kubectl get ds" }</h2>
                <p class="block__empty">{ text::NO_DAEMON_SET }</p>
            </div>
        };
    };
    let desired = daemon_set.status.desired_number_scheduled;
    let counters = daemon_set.status.counters();
    let value = |name: &str| {
        counters
            .iter()
            .find(|(it, _)| *it == name)
            .map_or(0, |(_, value)| *value)
    };
    let namespace = &daemon_set.metadata.namespace;
    html! {
        <div class="block" data-testid="status">
            <h2 class="block__title">{ format!("kubectl get ds {} -n {namespace}", daemon_set.metadata.name) }</h2>
            <dl class="counters">
                { for COLUMNS.iter().map(|(title, name)| {
                    let number = value(name);
                    let class = classes!("counter", (number != desired).then_some("counter--short"));
                    html! { <div class={class} title={format!("{name}: {}", view::meaning(name))}><dt>{ title }</dt><dd data-counter={*name}>{ number }</dd></div> }
                }) }
            </dl>
            <p class="counters__rest">
                <span title={view::meaning("numberUnavailable")}>{ "unavailable " }<b data-counter="numberUnavailable">{ value("numberUnavailable") }</b></span>
                <span title={view::meaning("numberMisscheduled")}>{ "misscheduled " }<b data-counter="numberMisscheduled">{ value("numberMisscheduled") }</b></span>
            </p>
            <Chart points={view::history(&props.model.timeline)} position={props.model.timeline.position()} steps={props.model.timeline.len()} max_unavailable={daemon_set.max_unavailable(desired).unwrap_or(0)} />
        </div>
    }
}

#[component]
fn Reasons(props: &Props) -> Html {
    let selected = props.model.selected.is_some();
    let back = props.act.reform(|_: MouseEvent| Action::Select(None));
    html! {
        <div class="block why" data-testid="why">
            if let Some(why) = view::explanation(&props.model) {
                <h2 class="block__title">{ breakable(&why.title) }</h2>
                <ul class="why__lines">
                    { for why.lines.iter().map(|line| {
                        let (class, symbol, said) = match line.mark {
                            Some(true) => ("why__mark why__mark--yes", "✓", "yes: "),
                            Some(false) => ("why__mark why__mark--no", "✗", "no: "),
                            None => ("why__mark", "·", ""),
                        };
                        html! {
                            <li>
                                <span class={class} aria-hidden="true">{ symbol }</span>
                                <span>
                                    <span class="only-read">{ said }</span>
                                    { breakable(&line.text) }
                                    if let Some(detail) = &line.detail { <small>{ breakable(detail) }</small> }
                                </span>
                            </li>
                        }
                    }) }
                </ul>
                if let Some(source) = &why.source { <p class="why__source">{ breakable(source) }</p> }
                if let Some(remedy) = &why.remedy { <p class="why__remedy">{ "To change that: " }{ remedy }</p> }
                if selected { <button class="button button--small" onclick={back}>{ text::CLOSE_SELECTION }</button> }
            } else {
                <h2 class="block__title">{ text::WHY }</h2>
                <p class="block__empty">{ text::WHY_EMPTY }</p>
            }
        </div>
    }
}

/// Long names may be broken behind the signs that part them.
fn breakable(text: &str) -> String {
    let mut breakable = String::with_capacity(text.len());
    for c in text.chars() {
        breakable.push(c);
        if matches!(c, '/' | ':' | '.' | '_') {
            breakable.push('\u{200b}');
        }
    }
    breakable
}
