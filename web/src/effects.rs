//! All that touches the browser besides drawing: one small hook an effect.

use gloo::{
    events::EventListener,
    storage::{LocalStorage, Storage},
    timers::callback::Interval,
    utils::{document_element, window},
};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::model::{Action, Saved, Speed, Theme};

const TEXT_KEY: &str = "daemonset-playground/text";
const THEME_KEY: &str = "daemonset-playground/theme";

/// What the browser held from the last visit. Without storage that is nothing.
pub fn load() -> Saved {
    Saved {
        text: LocalStorage::get(TEXT_KEY).ok(),
        theme: LocalStorage::get::<String>(THEME_KEY)
            .map(|text| Theme::read(&text))
            .unwrap_or_default(),
    }
}

/// Keeps the text of the editor. Where a browser keeps nothing there is nothing to do about it.
#[hook]
pub fn use_saved_text(text: std::rc::Rc<str>) {
    use_effect_with(text, |text| {
        let _ = LocalStorage::set(TEXT_KEY, &**text);
    });
}

/// Shows the theme, and keeps it.
#[hook]
pub fn use_theme(theme: Theme) {
    use_effect_with(theme, |theme| {
        let _ = document_element().set_attribute("data-theme", theme.as_str());
        let _ = LocalStorage::set(THEME_KEY, theme.as_str());
    });
}

/// Ticks while playing.
#[hook]
pub fn use_ticker(playing: bool, speed: Speed, act: Callback<Action>) {
    use_effect_with((playing, speed), move |(playing, speed)| {
        let ticker =
            playing.then(|| Interval::new(speed.interval_ms(), move || act.emit(Action::Tick)));
        move || drop(ticker)
    });
}

/// Keys that step, play and settle, wherever nothing is being typed.
#[hook]
pub fn use_keys(act: Callback<Action>) {
    use_effect_with((), move |()| {
        let listener = EventListener::new_with_options(
            &window(),
            "keydown",
            gloo::events::EventListenerOptions::enable_prevent_default(),
            move |event| {
                let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
                    return;
                };
                if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(event) {
                    return;
                }
                let on_control = closest(event, "button, a, [role=slider], input");
                let action = match event.key().as_str() {
                    "ArrowRight" if !closest(event, "input") => Action::StepForward,
                    "ArrowLeft" if !closest(event, "input") => Action::StepBack,
                    " " if !on_control => Action::TogglePlay,
                    "s" => Action::Settle,
                    "Escape" => Action::Select(None),
                    _ => return,
                };
                event.prevent_default();
                act.emit(action);
            },
        );
        move || drop(listener)
    });
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    closest(event, "textarea, [contenteditable=true], input[type=text]")
}

fn closest(event: &web_sys::KeyboardEvent, selector: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}
