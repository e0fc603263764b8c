//! The sentence of the current step, and the means to move in time.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::emit;
use crate::{
    model::Action,
    place::use_part_role,
    text,
    view::{
        marks::{Mark, Placed},
        sentence::{Segment, Sentence},
        transport::{BranchView, TransportView},
    },
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: Rc<TransportView>,
    pub act: Callback<Action>,
    /// What floats above it.
    pub children: Children,
}

#[component]
pub fn Transport(props: &Props) -> Html {
    let role = use_part_role();
    let view = &props.view;
    let emit = |action: Action| emit(&props.act, action);
    let (position, len) = (view.position, view.len);
    let goes = view.is_playing || view.is_running;
    html! {
        <section {role} class="foot" aria-label={text::TIME_PANE}>
            { props.children.clone() }
            <p class="reason" data-testid="reason" aria-live="polite" aria-atomic="true">
                { reason(view, &props.act) }
            </p>
            <div class="transport" role="group" aria-label="Time">
                <button class="button button--icon" aria-label={text::TO_START} title={text::TO_START} disabled={position == 0} onclick={emit(Action::ToStart)} data-testid="to-start">
                    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path fill="currentColor" d="M1 1h2v10H1zM11 1v10L4 6z" /></svg>
                </button>
                <button class="button" disabled={position == 0} onclick={emit(Action::StepBack)} data-testid="step-back">{ text::BACK }<kbd>{ "←" }</kbd></button>
                <button class="button button--go" onclick={emit(Action::StepForward)} data-testid="step-forward">{ text::STEP }<kbd>{ "→" }</kbd></button>
                <button class="button" aria-pressed={goes.to_string()} onclick={emit(Action::TogglePlay)} data-testid="play">{ if goes { text::PAUSE } else { text::PLAY } }<kbd>{ "space" }</kbd></button>
                <button class="button" title={text::SETTLE_TITLE} onclick={emit(Action::Settle)} data-testid="settle">{ text::SETTLE }<kbd>{ "s" }</kbd></button>
                <button class="button transport__decision" title={text::DECISION_TITLE} onclick={emit(Action::UntilDecision)} data-testid="until-decision">{ text::DECISION }<kbd>{ "." }</kbd></button>
                <Scrubber {position} {len} time={view.time.clone()} marks={view.marks.clone()} act={props.act.clone()} />
                if !view.branches.is_empty() {
                    <Branches branches={view.branches.clone()} act={props.act.clone()} />
                }
                <span class="transport__time" data-testid="time"><span class="transport__of">{ format!("step {} of {} · ", text::thousands(position), text::thousands(len)) }</span>{ format!("T+{}", view.time) }</span>
                <button class="button transport__speed" aria-label={format!("{}: {}", text::SPEED, view.speed.label())} title={text::SPEED} onclick={emit(Action::NextSpeed)} data-testid="speed">{ view.speed.label() }</button>
            </div>
        </section>
    }
}

fn reason(view: &TransportView, act: &Callback<Action>) -> Html {
    let Some(sentence) = &view.sentence else {
        return html! {
            <>
                <b>{ text::AT_THE_START }</b>
                if view.can_apply && view.len == 0 {
                    { " " }
                    <button class="link link--words" onclick={emit(act, Action::Apply)}>{ text::WELCOME_APPLY }</button>
                    <span class="reason__because">{ text::WELCOME_THEN }</span>
                }
            </>
        };
    };
    told(sentence, act)
}

fn told(sentence: &Sentence, act: &Callback<Action>) -> Html {
    html! {
        <>
            <b>{ &sentence.actor }</b>
            { " " }
            { for sentence.deed.iter().map(|segment| match segment {
                Segment::Text(text) => html! { { text } },
                Segment::Link(text, target) => html! { <button class="link" onclick={emit(act, Action::Select(Some(target.clone())))}>{ text }</button> },
            }) }
            if let Some(because) = &sentence.because { <span class="reason__because">{ ": " }{ because }</span> }
            if let Some(command) = &sentence.command { { " " }<code class="reason__command">{ command }</code> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ScrubberProps {
    position: usize,
    len: usize,
    time: String,
    marks: Vec<Placed>,
    act: Callback<Action>,
}

#[component]
fn Scrubber(props: &ScrubberProps) -> Html {
    let (position, len) = (props.position, props.len);
    let percent = |at: usize| match len {
        0 => 0.0,
        len => at as f64 / len as f64 * 100.0,
    };
    let seek = props.act.reform(|event: InputEvent| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
        Action::Seek(input.map_or(0, |input| input.value().parse().unwrap_or(0)))
    });
    let text = format!("step {position} of {len}, T+{}", props.time);
    html! {
        <div class="scrubber" ~style={format!("--at: {:.2}%", percent(position))}>
            { for props.marks.iter().map(|(at, mark)| {
                let class = match mark {
                    Mark::Input => "scrubber__mark scrubber__mark--input",
                    Mark::Decision => "scrubber__mark scrubber__mark--decision",
                    Mark::Problem => "scrubber__mark scrubber__mark--problem",
                };
                html! { <span {class} ~style={format!("left: {:.2}%", percent(*at))} /> }
            }) }
            <input type="range" min="0" max={len.to_string()} value={position.to_string()} disabled={len == 0} aria-label={text::SCRUBBER} aria-valuetext={text} oninput={seek} data-testid="scrubber" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BranchesProps {
    branches: Vec<BranchView>,
    act: Callback<Action>,
}

#[component]
fn Branches(props: &BranchesProps) -> Html {
    let count = props.branches.len();
    html! {
        <details class="branches" data-testid="branches">
            <summary class="button button--small">{ text::count(count, "other course", "other courses") }</summary>
            <ul class="branches__list">
                { for props.branches.iter().enumerate().map(|(number, branch)| html! {
                    <li>
                        <span>{ format!("From step {}, {} steps: ", branch.forked_at, branch.len) }{ &branch.first }</span>
                        <button class="button button--small" onclick={emit(&props.act, Action::SwitchBranch(number))}>{ "Go there" }</button>
                        <button class="button button--small" onclick={emit(&props.act, Action::DiscardBranch(number))}>{ "Drop" }</button>
                    </li>
                }) }
            </ul>
        </details>
    }
}
