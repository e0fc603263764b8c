//! The page as a part of another one: an element that has a few of its panes.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{AppHandle, Renderer};

use crate::{
    app::{App, Props},
    assets,
    effects::Page,
    model::{Opening, Theme, opening::is_scenario, panes::Panes},
    place::Place,
    rest,
};

/// What an element asks for, by its attributes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Options {
    /// A session, as the fragment of a link has it.
    link: Option<String>,
    /// A scenario or manifests.
    text: Option<String>,
    panes: Option<String>,
    theme: Option<String>,
    step: Option<usize>,
    play: bool,
}

impl Options {
    fn opening(self) -> Opening {
        Opening {
            link: self.link,
            text: self.text,
            panes: self.panes.map(|it| Panes::read(&it)),
            theme: self.theme.map(|it| Theme::read(&it)).unwrap_or_default(),
            step: self.step,
            plays: self.play,
            is_embedded: true,
            ..Opening::default()
        }
    }

    /// Whether it takes nearly all of the program to open: a session, or a manifest to be applied.
    fn needs_the_rest(&self) -> bool {
        let is_manifest = self.text.as_ref().is_some_and(|it| !is_scenario(it));
        self.link.is_some() || is_manifest || self.text.is_none()
    }
}

/// A player in an element, until it is unmounted.
#[wasm_bindgen]
pub struct Player {
    root: Element,
    app: Rc<RefCell<Drawing>>,
}

/// The app, which may wait for the rest of the program.
enum Drawing {
    Waits,
    Drawn(AppHandle<App>),
    Gone,
}

thread_local! {
    /// Those that are told when the program has come to its end.
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// Has the files of the playground found: the address of its page, and the name of the second half
/// of the program. Called once, before a player is mounted.
#[wasm_bindgen(js_name = beginPlayers)]
pub fn begin(home: &str, rest: Option<String>) {
    assets::set_home(home);
    rest::is_called(rest.as_deref());
    std::panic::set_hook(Box::new(|info| {
        let detail = json!({ "message": info.to_string(), "fatal": true });
        let places = PLACES.with(|it| it.try_borrow().map(|it| it.clone()));
        for place in places.unwrap_or_default() {
            place.tell("error", &detail);
        }
    }));
}

/// Draws a player into an element, which is told by a function of a name and a detail. `options` is
/// JSON.
#[wasm_bindgen(js_name = mountPlayer)]
pub fn mount(root: Element, options: &str, tell: Function) -> Player {
    let options: Options = serde_json::from_str(options).unwrap_or_default();
    let place = Place::Element {
        root: root.clone(),
        tell,
    };
    PLACES.with(|it| it.borrow_mut().push(place.clone()));
    let app = Rc::new(RefCell::new(Drawing::Waits));
    let player = Player {
        root: root.clone(),
        app: app.clone(),
    };
    let needs_the_rest = options.needs_the_rest();
    let draw = move || {
        if matches!(*app.borrow(), Drawing::Gone) {
            return;
        }
        let props = Props {
            page: Rc::new(Page::with(&options.opening())),
            place,
        };
        let drawn = Renderer::<App>::with_root_and_props(root, props).render();
        *app.borrow_mut() = Drawing::Drawn(drawn);
    };
    match needs_the_rest {
        true => rest::when_there(draw),
        false => draw(),
    }
    player
}

#[wasm_bindgen]
impl Player {
    /// Takes it out of its element, with all that it holds.
    pub fn unmount(self) {
        if let Drawing::Drawn(app) = self.app.replace(Drawing::Gone) {
            app.destroy();
        }
        PLACES.with(|it| {
            it.borrow_mut()
                .retain(|it| !matches!(it, Place::Element { root, .. } if *root == self.root));
        });
    }
}
