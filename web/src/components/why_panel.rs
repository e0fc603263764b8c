//! Why: the whole reasoning of a step, or of what is selected.

use yew::prelude::*;

use super::{breakable, emit};
use crate::{
    model::{Action, Selected},
    text,
    view::explanation::{Explanation, Line},
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
                <ul class="why__lines">{ for why.lines.iter().map(|it| line(it, &props.act)) }</ul>
                if let Some(source) = &why.source { <p class="why__source">{ breakable(source) }</p> }
                if let Some(remedy) = &why.remedy { <p class="why__remedy">{ "To change that: " }{ remedy }</p> }
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
