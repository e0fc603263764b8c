//! The page: a picture of a cluster that one can act on, step by step.
//!
//! Start with [`model`]: one value, moved by one function, without a browser in it. [`view`]
//! derives from it what is to be seen, [`app`] and [`components`] draw that, [`effects`] and
//! [`host`] are all that touches the browser besides, [`rest`] has the part of the program loaded that
//! can wait, [`text`] holds the page's own words,
//! [`examples`] its manifests. [`player`] is the same as an element of another page.

pub mod app;
pub mod assets;
pub mod components;
pub mod effects;
pub mod examples;
pub mod host;
pub mod model;
pub mod place;
pub mod player;
pub mod rest;
pub mod text;
pub mod view;

use std::rc::Rc;

use gloo::utils::document;

/// Draws the page into the frame that `index.html` carries. In another page there is none, and players
/// are mounted in its elements.
pub fn start() {
    let frame = document().query_selector("[data-playground-page]");
    let Some(root) = frame.ok().flatten() else {
        return;
    };
    rest::begin(effects::WORK_KEY, || {
        at_panic(say_broken);
        root.set_inner_html("");
        let props = app::Props {
            page: Rc::new(effects::Page::open()),
            place: place::Place::Page,
        };
        yew::Renderer::<app::App>::with_root_and_props(root, props).render();
    });
}

/// Has a panic told by this, and on the console.
pub(crate) fn at_panic(tell: impl Fn(&str) + Send + Sync + 'static) {
    // Yew puts its own in the place of one that it was not told of.
    yew::set_custom_panic_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        tell(&info.to_string());
    }));
}

/// After a panic nothing of the page works any more; that is said rather than left to be found.
fn say_broken(details: &str) {
    let Some(panel) = document().get_element_by_id("broken") else {
        return;
    };
    if let Some(text) = document().get_element_by_id("broken-details") {
        text.set_text_content(Some(details));
    }
    let _ = panel.remove_attribute("hidden");
}
