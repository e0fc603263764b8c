//! Where the keyboard goes on when what had the focus is gone.

use gloo::{
    timers::callback::Timeout,
    utils::{document, window},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What has the focus; `None` if nothing has.
pub fn focused() -> Option<Element> {
    let document = document();
    let body: Option<Element> = document.body().map(Into::into);
    document
        .active_element()
        .filter(|it| Some(it) != body.as_ref())
}

/// Puts the focus on the first thing that a selector finds.
pub fn focus_first(within: &Element, selector: &str) {
    let found = within.query_selector(selector).ok().flatten();
    if let Some(found) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// Puts the focus back, if it is lost once the page was drawn.
pub fn give_back(to: Option<Element>) {
    Timeout::new(0, move || {
        if let Some(to) = to.and_then(|it| it.dyn_into::<HtmlElement>().ok())
            && focused().is_none()
        {
            let _ = to.focus();
        }
    })
    .forget();
}

/// Whether a field that gets the focus brings up a keyboard that covers half of the screen.
pub fn types_on_screen() -> bool {
    let coarse = window().match_media("(pointer: coarse)");
    coarse.ok().flatten().is_some_and(|it| it.matches())
}
