//! The page: a picture of a cluster that one can act on, step by step.
//!
//! Start with [`model`]: one value, moved by one function, without a browser in it. [`view`]
//! derives from it what is to be seen, [`app`] and [`components`] draw that, [`effects`] and
//! [`host`] are all that touches the browser besides, [`rest`] has the part of the program loaded that
//! can wait, [`text`] holds the page's own words,
//! [`examples`] its manifests.

pub mod app;
pub mod components;
pub mod effects;
pub mod examples;
pub mod host;
pub mod model;
pub mod rest;
pub mod text;
pub mod view;

use gloo::utils::document;

/// Draws the page into the frame that `index.html` carries.
pub fn start() {
    rest::begin(effects::WORK_KEY, || {
        std::panic::set_hook(Box::new(|info| {
            say_broken(&info.to_string());
        }));
        if let Some(root) = document().get_element_by_id("page") {
            root.set_inner_html("");
            yew::Renderer::<app::App>::with_root(root).render();
        }
    });
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
