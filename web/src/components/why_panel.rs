//! Why: the whole reasoning of a step, or of what is selected.

use yew::prelude::*;

use super::{breakable, emit};
use crate::{
    model::{Action, Selected},
    text,
    view::explanation::{Explanation, Group, Line},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub why: Option<Explanation>,
    pub has_selection: bool,
    pub is_quiet: bool,
    pub act: Callback<Action>,
}

#[component]
pub fn WhyPanel(props: &Props) -> Html {
    let ask = emit(&props.act, Action::Select(Some(Selected::Waiting)));
    let asks = if props.is_quiet {
        text::WHY_QUIET
    } else {
        text::WHAT_NEXT
    };
    html! {
        <div class="block why" data-testid="why">
            if let Some(why) = &props.why {
                <h2 class="block__title">{ breakable(&why.title) }</h2>
                { lines(&why.lines, &props.act) }
                { for why.groups.iter().map(|it| group(it, &props.act)) }
                if let Some(source) = &why.source { <p class="why__source">{ breakable(source) }</p> }
                { remedy(why.remedy.as_ref()) }
                if let Some(pod) = &why.wait_for {
                    <button class="button button--small" onclick={emit(&props.act, Action::UntilReady(pod.clone()))} data-testid="until-ready">{ "Run until it is ready" }</button>
                }
            } else {
                <h2 class="block__title">{ text::WHY }</h2>
                <p class="block__empty">{ text::WHY_EMPTY }</p>
            }
            <p class="why__more">
                if props.has_selection {
                    <button class="button button--small" onclick={emit(&props.act, Action::Select(None))} data-testid="close-selection">{ text::CLOSE_SELECTION }</button>
                }
                <button class="button button--small" onclick={ask} data-testid="why-waiting">{ asks }</button>
            </p>
        </div>
    }
}

fn lines(lines: &[Line], act: &Callback<Action>) -> Html {
    html! {
        if !lines.is_empty() { <ul class="why__lines">{ for lines.iter().map(|it| line(it, act)) }</ul> }
    }
}

fn remedy(remedy: Option<&String>) -> Html {
    html! {
        if let Some(remedy) = remedy { <p class="why__remedy">{ "To change that: " }{ breakable(remedy) }</p> }
    }
}

/// What one DaemonSet has to say about a node.
fn group(group: &Group, act: &Callback<Action>) -> Html {
    html! {
        <section key={group.title.clone()} class="why__group" data-testid="why-group">
            <h3 class="why__of">{ breakable(&group.title) }</h3>
            { lines(&group.lines, act) }
            { remedy(group.remedy.as_ref()) }
        </section>
    }
}

fn line(line: &Line, act: &Callback<Action>) -> Html {
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
                if let Some(step) = line.step {
                    <button class="link link--words" title="Go to this step" onclick={emit(act, Action::Seek(step))}>{ breakable(&line.text) }</button>
                } else {
                    { breakable(&line.text) }
                }
                if let Some(detail) = &line.detail { <small>{ breakable(detail) }</small> }
            </span>
        </li>
    }
}
