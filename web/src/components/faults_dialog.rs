//! What can be made to go wrong besides nodes: images, and components of the control plane.

use yew::prelude::*;

use super::{chosen, emit};
use crate::{model::Action, view::dialog::FaultsView};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: FaultsView,
    pub act: Callback<Action>,
}

/// What an image can do, as a fault says it.
const BEHAVIOURS: [(&str, &str); 6] = [
    ("pull fail", "cannot be pulled"),
    ("pull slow 30s", "takes 30 s to pull"),
    ("pull ok", "can be pulled again"),
    ("crash", "crashes after each start"),
    ("never-ready", "never becomes ready"),
    ("ok", "behaves well again"),
];

#[component]
pub fn FaultsDialog(props: &Props) -> Html {
    let view = &props.view;
    let image = use_state_eq(|| view.images.first().cloned().unwrap_or_default());
    let behaviour = use_state_eq(|| BEHAVIOURS[0].0.to_owned());
    let strike = |text: String| match text.parse() {
        Ok(fault) => emit(&props.act, Action::Strike(fault)),
        Err(_) => Callback::noop(),
    };
    let choose = |place: &UseStateHandle<String>| {
        let place = place.clone();
        Callback::from(move |event: Event| place.set(chosen(&event)))
    };
    let oninput = {
        let image = image.clone();
        Callback::from(move |event: InputEvent| image.set(super::typed(&event)))
    };
    let said = format!("image {} {}", *image, *behaviour);
    html! {
        <>
            <h3>{ "An image" }</h3>
            <div class="form">
                <div class="form__row">
                    <label>{ "Image" }<input class="input" list="images" value={(*image).clone()} {oninput} data-testid="fault-image" /></label>
                    <datalist id="images">{ for view.images.iter().map(|it| html! { <option value={it.clone()} /> }) }</datalist>
                    <label>{ "Its containers or pulls" }
                        <select class="select" onchange={choose(&behaviour)} data-testid="fault-behaviour">
                            { for BEHAVIOURS.iter().map(|(value, words)| html! { <option value={*value} selected={**value == **behaviour}>{ words }</option> }) }
                        </select>
                    </label>
                </div>
                <code class="form__command">{ format!("fault: {said}") }</code>
                <button class="button button--primary" disabled={image.is_empty()} onclick={strike(said)} data-testid="fault-strike">{ "Make it so" }</button>
                <p class="form__hint">{ "It concerns pulls and containers started from now on." }</p>
            </div>
            <h3>{ "The control plane" }</h3>
            <ul class="acts">
                { for view.components.iter().map(|(name, runs)| {
                    let said = format!("component {name} {}", if *runs { "stop" } else { "start" });
                    html! { <li><button class="button" onclick={strike(said.clone())}>{ format!("{} {name}", if *runs { "Stop" } else { "Start" }) }</button><code>{ format!("fault: {said}") }</code></li> }
                }) }
            </ul>
        </>
    }
}
