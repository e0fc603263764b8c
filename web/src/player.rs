//! The page as a part of another one: an element that has a few of its panes.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::utils::document;
use js_sys::{Function, Object, Reflect};
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{AppHandle, Renderer, prelude::*};

use crate::{
    app::App,
    assets, at_panic,
    effects::Page,
    model::{Given, Opening, Theme, panes::Panes},
    place::Place,
    rest,
};

/// What an element asks for, by its attributes.
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
    /// From an object with properties of these names; one that is missing asks for nothing.
    fn of(options: &Object) -> Self {
        let property = |name: &str| Reflect::get(options, &name.into()).unwrap_or_default();
        let text = |name: &str| property(name).as_string();
        Self {
            link: text("link"),
            text: text("text"),
            panes: text("panes"),
            theme: text("theme"),
            step: property("step").as_f64().map(|it| it as usize),
            play: property("play").is_truthy(),
        }
    }

    fn opening(self) -> Opening {
        Opening {
            link: self.link,
            given: self.text.map(Given::read),
            panes: self.panes.map(|it| Panes::read(&it)),
            theme: self.theme.map(|it| Theme::read(&it)).unwrap_or_default(),
            step: self.step,
            plays: self.play,
            is_embedded: true,
            ..Opening::default()
        }
    }
}

/// Whether it takes more to open than the first half of the program, which the build makes from
/// lessons and from what is like them. What is not in it has the page stand still while all the
/// rest is loaded.
fn needs_the_rest(opening: &Opening) -> bool {
    let usual = Panes::embedded();
    let is_usual = |panes: &Result<Panes, String>| matches!(panes, Ok(it) if it.are_among(usual));
    opening.link.is_some()
        || !opening.given.as_ref().is_some_and(Given::is_plain)
        || !opening.panes.as_ref().is_none_or(is_usual)
        || opening.step.is_some_and(|step| step > 0)
}

/// A player, until it is unmounted.
#[wasm_bindgen]
pub struct Player {
    seat: Rc<Seat>,
    is_over: Rc<Cell<bool>>,
}

/// Where a player is drawn. What Yew listens to at a root it listens to for ever, so that a root is
/// kept when its player goes, for the next one.
struct Seat {
    root: Element,
    app: RefCell<AppHandle<Seated>>,
}

#[derive(Properties, PartialEq)]
struct SeatedProps {
    app: Option<(Rc<Page>, Place)>,
}

/// The app, if there is one.
#[component]
fn Seated(props: &SeatedProps) -> Html {
    let app = props.app.clone();
    app.map_or_else(
        Html::default,
        |(page, place)| html! { <App {page} {place} /> },
    )
}

thread_local! {
    /// Seats that no player has.
    static FREE: RefCell<Vec<Rc<Seat>>> = const { RefCell::new(Vec::new()) };
    /// Those that are told when the program has come to its end.
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

impl Seat {
    fn take() -> Rc<Self> {
        FREE.with(|it| it.borrow_mut().pop()).unwrap_or_else(|| {
            let root = document().create_element("div");
            let root = root.expect("a document can make any element");
            root.set_class_name("page page--player");
            let nobody = SeatedProps { app: None };
            let app = Renderer::<Seated>::with_root_and_props(root.clone(), nobody).render();
            let app = RefCell::new(app);
            Rc::new(Self { root, app })
        })
    }

    fn seat(&self, app: Option<(Rc<Page>, Place)>) {
        self.app.borrow_mut().update(SeatedProps { app });
    }
}

/// Has the files of the playground found: the address of its page, and the name of the second half
/// of the program. Called once, before a player is mounted.
#[wasm_bindgen(js_name = beginPlayers)]
pub fn begin(home: &str, rest: Option<String>) {
    assets::set_home(home);
    rest::is_called(rest.as_deref());
    at_panic(|details| {
        let detail = json!({ "message": details, "fatal": true });
        let places = PLACES.with(|it| it.try_borrow().map(|it| it.clone()));
        for place in places.unwrap_or_default() {
            place.tell("error", &detail);
        }
    });
}

/// Makes a player, the element of which is to be put into a page. A function of a name and a detail is
/// told what happens.
#[wasm_bindgen(js_name = mountPlayer)]
pub fn mount(options: &Object, tell: Function) -> Player {
    let opening = Options::of(options).opening();
    let player = Player {
        seat: Seat::take(),
        is_over: Rc::default(),
    };
    let place = Place::Element {
        root: player.root(),
        tell,
    };
    PLACES.with(|it| it.borrow_mut().push(place.clone()));
    let (seat, is_over) = (player.seat.clone(), player.is_over.clone());
    let needs_the_rest = needs_the_rest(&opening);
    let draw = move || {
        if !is_over.get() {
            seat.seat(Some((Rc::new(Page::with(opening)), place)));
        }
    };
    match needs_the_rest {
        true => rest::when_there(draw),
        false => draw(),
    }
    player
}

#[wasm_bindgen]
impl Player {
    /// The element that it is drawn in.
    #[wasm_bindgen(getter)]
    pub fn root(&self) -> Element {
        self.seat.root.clone()
    }

    /// Ends it, with all that it holds.
    pub fn unmount(self) {
        self.is_over.set(true);
        self.seat.seat(None);
        PLACES.with(|it| {
            it.borrow_mut()
                .retain(|it| !matches!(it, Place::Element { root, .. } if *root == self.seat.root));
        });
        FREE.with(|it| it.borrow_mut().push(self.seat));
    }
}
