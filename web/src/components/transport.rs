//! The sentence of the current step, and the means to move in time.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::cluster_pane::Props;
use crate::{
    model::Action,
    text,
    view::{self, Segment},
};

#[component]
pub fn Transport(props: &Props) -> Html {
    let model = &props.model;
    let timeline = &model.timeline;
    let emit = |action: Action| props.act.reform(move |_: MouseEvent| action.clone());
    let (position, steps) = (timeline.position(), timeline.len());
    let seek = props.act.reform(|event: InputEvent| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
        Action::Seek(input.map_or(0, |input| input.value().parse().unwrap_or(0)))
    });
    let percent = |at: usize| {
        if steps == 0 {
            0.0
        } else {
            at as f64 / steps as f64 * 100.0
        }
    };
    html! {
        <footer class="foot">
            <p class="reason" data-testid="reason" aria-live="polite">
                <Reason model={model.clone()} act={props.act.clone()} />
            </p>
            if let Some(notice) = &model.notice {
                <p class={classes!("notice", notice.is_error.then_some("notice--error"))} data-testid="notice" role="status">{ &*notice.text }</p>
            }
            <div class="transport">
                <button class="button button--icon" aria-label={text::TO_START} title={text::TO_START} disabled={position == 0} onclick={emit(Action::ToStart)} data-testid="to-start">
                    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path fill="currentColor" d="M1 1h2v10H1zM11 1v10L4 6z" /></svg>
                </button>
                <button class="button" disabled={position == 0} onclick={emit(Action::StepBack)} data-testid="step-back">{ text::BACK }<kbd>{ "←" }</kbd></button>
                <button class="button button--go" onclick={emit(Action::StepForward)} data-testid="step-forward">{ text::STEP }<kbd>{ "→" }</kbd></button>
                <button class="button" aria-pressed={model.playing.to_string()} onclick={emit(Action::TogglePlay)} data-testid="play">{ if model.playing { text::PAUSE } else { text::PLAY } }<kbd>{ "space" }</kbd></button>
                <button class="button" onclick={emit(Action::Settle)} data-testid="settle">{ text::SETTLE }<kbd>{ "s" }</kbd></button>
                <div class="scrubber" style={format!("--at: {:.2}%", percent(position))}>
                    <input type="range" min="0" max={steps.to_string()} value={position.to_string()} disabled={steps == 0} aria-label={text::SCRUBBER} aria-valuetext={format!("step {position} of {steps}")} oninput={seek} data-testid="scrubber" />
                    { for timeline.inputs().map(|index| html! { <span class="scrubber__input" style={format!("left: {:.2}%", percent(index + 1))} /> }) }
                </div>
                <span class="transport__time">{ format!("step {position} of {steps} · T+{}", timeline.cluster().now()) }</span>
                <button class="button" aria-label={format!("{}: {}", text::SPEED, model.speed.label())} title={text::SPEED} onclick={emit(Action::NextSpeed)} data-testid="speed">{ model.speed.label() }</button>
            </div>
        </footer>
    }
}

#[component]
fn Reason(props: &Props) -> Html {
    let Some(step) = props.model.timeline.last_step() else {
        let apply = props.act.reform(|_: MouseEvent| Action::Apply);
        return html! {
            <>
                <b>{ text::WELCOME }</b>
                { " " }
                <button class="link link--words" onclick={apply}>{ text::WELCOME_APPLY }</button>
                <span class="reason__because">{ text::WELCOME_THEN }</span>
            </>
        };
    };
    let sentence = view::sentence(step);
    html! {
        <>
            <b>{ sentence.actor }</b>
            { " " }
            { for sentence.deed.into_iter().map(|segment| match segment {
                Segment::Text(text) => html! { { text } },
                Segment::Link(text, target) => html! { <button class="link" onclick={props.act.reform(move |_| Action::Select(Some(target.clone())))}>{ text }</button> },
            }) }
            if let Some(because) = sentence.because { <span class="reason__because">{ ": " }{ because }</span> }
            if let Some(command) = sentence.command { { " " }<code class="reason__command">{ command }</code> }
        </>
    }
}
