//! Where the app is drawn: as a page, or as an element of another page.

use gloo::utils::window;
use js_sys::{Function, JSON};
use serde_json::Value;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Element, EventTarget};
use yew::prelude::*;

#[wasm_bindgen(module = "/src/host.js")]
extern "C" {
    /// Tells the page around this one, if there is one.
    #[wasm_bindgen(js_name = tellParent)]
    fn tell_parent(name: &str, detail: &JsValue);
}

/// Where the app is drawn.
#[derive(Clone)]
pub enum Place {
    /// The page is all its own; another one may have it in a frame.
    Page,
    /// In an element, which is told by a function of a name and a detail.
    Element { root: Element, tell: Function },
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Page, Self::Page) => true,
            (Self::Element { root, .. }, Self::Element { root: other, .. }) => root == other,
            _ => false,
        }
    }
}

impl Place {
    /// Tells what is around that something has happened.
    pub fn tell(&self, name: &str, detail: &Value) {
        let detail = JSON::parse(&detail.to_string()).unwrap_or(JsValue::NULL);
        self.give(name, &detail);
    }

    /// Gives what is around a thing by its name.
    pub fn give(&self, name: &str, thing: &JsValue) {
        match self {
            Self::Page => tell_parent(name, thing),
            Self::Element { tell, .. } => drop(tell.call2(&JsValue::NULL, &name.into(), thing)),
        }
    }

    /// What the keys are listened for at.
    pub fn keys(&self) -> EventTarget {
        match self {
            Self::Page => window().into(),
            Self::Element { root, .. } => root.clone().into(),
        }
    }
}

/// The role of a part of the app: a landmark of the page, but no more than a group in another one, which
/// has its own, and may have several players.
#[hook]
pub fn use_part_role() -> &'static str {
    match use_context::<Place>() {
        Some(Place::Element { .. }) => "group",
        Some(Place::Page) | None => "region",
    }
}
