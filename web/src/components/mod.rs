//! The parts of the page, one a file.

pub mod chart;
pub mod cluster_pane;
pub mod console;
pub mod dialogs;
pub mod editor;
pub mod editor_pane;
pub mod events_panel;
pub mod faults_dialog;
pub mod field;
pub mod focus;
pub mod header;
pub mod help_dialog;
pub mod history_panel;
pub mod import_dialog;
pub mod legend;
pub mod lesson_pane;
pub mod mark;
pub mod markdown;
pub mod node_card;
pub mod node_dialogs;
pub mod notice;
pub mod open_whole;
pub mod share_dialog;
pub mod side_pane;
pub mod transport;
pub mod welcome;
pub mod why_panel;

use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::model::Action;

/// What a click does.
pub(crate) fn emit(act: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    act.reform(move |_| action.clone())
}

/// What stands in a field after it was typed into.
pub(crate) fn typed(event: &InputEvent) -> String {
    let target = event.target();
    let value = target.and_then(|it| {
        let input = it
            .dyn_ref::<web_sys::HtmlInputElement>()
            .map(|it| it.value());
        input.or_else(|| {
            it.dyn_ref::<web_sys::HtmlTextAreaElement>()
                .map(|it| it.value())
        })
    });
    value.unwrap_or_default()
}

/// What was chosen in a list.
pub(crate) fn chosen(event: &Event) -> String {
    let target = event.target();
    let select = target.and_then(|it| it.dyn_into::<web_sys::HtmlSelectElement>().ok());
    select.map(|it| it.value()).unwrap_or_default()
}

/// Lets the arrow keys go from tab to tab.
pub(crate) fn between_tabs() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        let target = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let to = target.and_then(|tab| match event.key().as_str() {
            "ArrowRight" => tab.next_element_sibling(),
            "ArrowLeft" => tab.previous_element_sibling(),
            _ => None,
        });
        if let Some(to) = to.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            event.prevent_default();
            let _ = to.focus();
        }
    })
}

/// Long names may be broken behind the signs that part them.
pub(crate) fn breakable(text: &str) -> String {
    let mut breakable = String::with_capacity(text.len());
    for c in text.chars() {
        breakable.push(c);
        if matches!(c, '/' | ':' | '.' | '_') {
            breakable.push('\u{200b}');
        }
    }
    breakable
}
