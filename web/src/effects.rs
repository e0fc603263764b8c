//! All that touches the browser besides drawing: one small hook an effect.

use std::{
    cell::{Ref, RefCell},
    rc::Rc,
};

use gloo::{
    events::{EventListener, EventListenerOptions},
    storage::{LocalStorage, SessionStorage, Storage},
    timers::callback::{Interval, Timeout},
    utils::{document, document_element, window},
};
use kubectl::completion::{Completion, complete};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::{
    host,
    model::{Action, Model, Opening, Speed, Theme, panes::Panes},
    place::Place,
    rest,
    view::telling::Telling,
};

const THEME_KEY: &str = "daemonset-playground/theme";
/// What the names begin with under which work is kept: each tab of a browser has its own, so that
/// two do not overwrite each other's.
pub const WORK_KEY: &str = "daemonset-playground/work/";
/// What was typed and not applied, of each tab.
const DRAFTS_KEY: &str = "daemonset-playground/drafts/";
const TAB_KEY: &str = "daemonset-playground/tab";
const LAST_KEY: &str = "daemonset-playground/last";
/// The work of so many tabs is kept.
const TABS_MAX: usize = 8;
/// More than this a browser would not keep, in bytes.
const KEPT_MAX: usize = 2 << 20;
/// Milliseconds of rest before what was done is kept.
const KEEP_AFTER: u32 = 400;
/// Milliseconds that one slice of something long may take, so that the page answers.
const SLICE_MS: f64 = 18.0;
/// Milliseconds that what is done at once may go on for: the picture after it is the same task.
const AT_ONCE_MS: f64 = 12.0;
/// Milliseconds between two pictures of it.
const DRAW_EVERY_MS: f64 = 250.0;
/// Steps that are taken without looking at the clock.
const STEPS_AT_ONCE: usize = 32;

/// The model, shared by the page's parts and those who look at it from outside.
pub struct Page {
    model: RefCell<Model>,
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Page {
    /// The page as its address and the browser say.
    pub fn open() -> Self {
        Self::with(opening())
    }

    pub fn with(opening: Opening) -> Self {
        Self {
            model: RefCell::new(Model::new(opening)),
        }
    }

    pub fn model(&self) -> Ref<'_, Model> {
        self.model.borrow()
    }

    pub fn update(&self, action: Action) {
        self.model.borrow_mut().update(action);
    }

    /// Goes on at once with what goes on and is not to be watched: most often it is over then.
    pub fn go_on_at_once(&self) {
        self.go_on(AT_ONCE_MS);
    }

    /// Goes on for so long with what goes on and is not to be watched. Whether there is more.
    fn go_on(&self, within_ms: f64) -> bool {
        let goes_on = || matches!(&self.model().going, Some(it) if !it.is_watched());
        within(within_ms, || {
            let goes_on = goes_on();
            if goes_on {
                self.update(Action::Slice(STEPS_AT_ONCE));
            }
            goes_on
        })
    }

    /// What a line of the console can go on with.
    pub fn complete(&self, line: &str) -> Completion {
        let model = self.model.borrow();
        complete(line, &model.files(), model.work.cluster())
    }
}

/// What the address and the browser say.
fn opening() -> Opening {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    let query = web_sys::UrlSearchParams::new_with_str(&query).ok();
    let of = |name: &str| query.as_ref().and_then(|query| query.get(name));
    let fragment = location.hash().unwrap_or_default();
    let fragment = fragment.trim_start_matches('#');
    let theme = of("theme").map(|text| Theme::read(&text));
    let embed = of("embed");
    Opening {
        given: None,
        panes: of("panes").map(|text| Panes::read(&text)),
        link: (!fragment.is_empty()).then(|| fragment.to_owned()),
        lesson: of("lesson"),
        kept: embed.is_none().then(|| kept(WORK_KEY)).flatten(),
        drafts: kept(DRAFTS_KEY).unwrap_or_default(),
        theme: theme.unwrap_or_else(|| {
            let kept = local::<String>(THEME_KEY);
            kept.map(|text| Theme::read(&text)).unwrap_or_default()
        }),
        step: of("step").and_then(|text| text.parse().ok()),
        plays: of("play").is_some_and(|it| it != "0"),
        is_embedded: embed.is_some_and(|it| it != "0"),
    }
}

/// A scenario that the address names; to be fetched.
pub fn scenario_url() -> Option<String> {
    let query = window().location().search().ok()?;
    let query = web_sys::UrlSearchParams::new_with_str(&query).ok()?;
    query.get("scenario").filter(|it| !it.is_empty())
}

/// The name of this tab, which lives as long as it does.
fn tab() -> String {
    if let Some(tab) = can_keep()
        .then(|| SessionStorage::get::<String>(TAB_KEY).ok())
        .flatten()
    {
        return tab;
    }
    let tab = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
    if can_keep() {
        let _ = SessionStorage::set(TAB_KEY, &tab);
    }
    tab
}

/// Whether this browser keeps anything: not in a frame that is locked in, for one.
fn can_keep() -> bool {
    window().local_storage().is_ok_and(|it| it.is_some())
}

/// What this browser keeps under a key.
fn local<T: DeserializeOwned>(key: &str) -> Option<T> {
    can_keep().then(|| LocalStorage::get(key).ok()).flatten()
}

/// What this tab keeps under a key, or the tab that was used last.
fn kept<T: DeserializeOwned>(key: &str) -> Option<T> {
    let own = local(&format!("{key}{}", tab()));
    own.or_else(|| {
        let last: Vec<String> = local(LAST_KEY)?;
        local(&format!("{key}{}", last.first()?))
    })
}

/// Keeps the work, a moment after it was changed, and when the page is left.
#[hook]
pub fn use_kept(page: Rc<Page>, n_changes: usize) {
    {
        let page = page.clone();
        use_effect_with((), move |()| {
            let leaves = EventListener::new(&window(), "pagehide", move |_| keep(&page));
            move || drop(leaves)
        });
    }
    use_effect_with(n_changes, move |n_changes| {
        let later = (*n_changes > 0).then(|| Timeout::new(KEEP_AFTER, move || keep(&page)));
        move || drop(later)
    });
}

/// Keeps the work. Where a browser keeps nothing there is nothing to do about it.
fn keep(page: &Page) {
    let model = page.model();
    // What goes on will come to rest, and is kept then.
    if model.n_changes == 0 || model.going.is_some() || model.is_embedded || !can_keep() {
        return;
    }
    let link = model.work.link();
    if link.len() <= KEPT_MAX {
        let tab = tab();
        let _ = LocalStorage::set(format!("{WORK_KEY}{tab}"), link);
        let drafts = model.documents.drafts();
        let _ = LocalStorage::set(format!("{DRAFTS_KEY}{tab}"), drafts);
        remember(tab);
    }
}

/// Puts a tab first among those whose work is kept, and drops that of the oldest.
fn remember(tab: String) {
    let mut tabs: Vec<String> = LocalStorage::get(LAST_KEY).unwrap_or_default();
    tabs.retain(|it| *it != tab);
    tabs.insert(0, tab);
    for old in tabs.drain(TABS_MAX.min(tabs.len())..) {
        LocalStorage::delete(format!("{WORK_KEY}{old}"));
        LocalStorage::delete(format!("{DRAFTS_KEY}{old}"));
    }
    let _ = LocalStorage::set(LAST_KEY, tabs);
}

/// Whether the rest of the program is there. Who draws something of it is drawn again when it comes.
#[hook]
pub fn use_rest(is_drawn: bool) -> bool {
    let has_come = use_state(rest::is_there);
    {
        let has_come = has_come.clone();
        use_effect_with((), move |()| {
            if is_drawn && !*has_come {
                rest::when_it_comes(move || has_come.set(true));
            }
        });
    }
    *has_come
}

/// Shows the theme of a page, and keeps it. An element has it from the page that it is in.
#[hook]
pub fn use_theme(place: Place, theme: Theme) {
    use_effect_with(theme, move |theme| {
        if place != Place::Page {
            return;
        }
        let _ = document_element().set_attribute("data-theme", theme.as_str());
        if can_keep() {
            let _ = LocalStorage::set(THEME_KEY, theme.as_str());
        }
    });
}

/// Goes on with what goes on: a step now and then if it is watched, else in slices.
#[hook]
pub fn use_going(
    page: Rc<Page>,
    is_watched: Option<bool>,
    speed: Speed,
    act: Callback<Action>,
    redraw: Callback<()>,
) {
    use_effect_with((is_watched, speed), move |(is_watched, speed)| {
        let mut ticker = None;
        let mut slices = None;
        match is_watched {
            Some(true) => {
                ticker = Some(Interval::new(speed.interval_ms(), move || {
                    // A page that nobody sees waits.
                    if !document().hidden() {
                        act.emit(Action::Tick);
                    }
                }));
            }
            Some(false) => {
                slices = Some(Slices::start(move || page.go_on(SLICE_MS), redraw));
            }
            None => {}
        }
        move || drop((ticker, slices))
    });
}

/// Finds out what Apply would do; what goes on meanwhile goes first.
#[hook]
pub fn use_looking(page: Rc<Page>, is_on: bool, redraw: Callback<()>) {
    use_effect_with(is_on, move |is_on| {
        let slices = Rc::new(RefCell::new(None));
        if *is_on {
            let place = Rc::downgrade(&slices);
            // It is nothing that the first step waits for.
            rest::when_it_comes(move || {
                let go_on = move || {
                    within(SLICE_MS, || {
                        page.update(Action::LookOn);
                        page.model().looking.is_some()
                    })
                };
                if let Some(place) = place.upgrade() {
                    *place.borrow_mut() = Some(Slices::start(go_on, redraw));
                }
            });
        }
        move || drop(slices)
    });
}

/// Reads a dump on.
#[hook]
pub fn use_import(page: Rc<Page>, is_on: bool, redraw: Callback<()>) {
    use_effect_with(is_on, move |is_on| {
        let go_on = move || {
            within(SLICE_MS, || {
                page.update(Action::ImportSlice(1));
                page.model().import.is_some()
            })
        };
        let slices = is_on.then(|| Slices::start(go_on, redraw));
        move || drop(slices)
    });
}

/// Something long in slices, between which the page stays alive. Of a long run only a moment now and
/// then is drawn, as drawing takes longer than running.
struct Slices {
    next: Rc<RefCell<Option<Timeout>>>,
}

impl Slices {
    /// Does a slice of it again and again, as long as there is more to do.
    fn start(go_on: impl Fn() -> bool + 'static, redraw: Callback<()>) -> Self {
        let next = Rc::new(RefCell::new(None));
        Self::plan(&next, Rc::new(go_on), redraw, clock());
        Self { next }
    }

    fn plan(
        next: &Rc<RefCell<Option<Timeout>>>,
        go_on: Rc<dyn Fn() -> bool>,
        redraw: Callback<()>,
        drawn_at: f64,
    ) {
        let place = Rc::downgrade(next);
        let slice = Timeout::new(0, move || {
            // To draw is a task of its own: what is clicked meanwhile need not wait for both.
            let drawn_at = if clock() - drawn_at >= DRAW_EVERY_MS {
                redraw.emit(());
                clock()
            } else if go_on() {
                drawn_at
            } else {
                // What is drawn then ends this, unless something else has begun meanwhile.
                f64::NEG_INFINITY
            };
            if let Some(next) = place.upgrade() {
                Self::plan(&next, go_on, redraw, drawn_at);
            }
        });
        *next.borrow_mut() = Some(slice);
    }
}

/// Does a little of something again and again for so long. Whether there is more.
fn within(ms: f64, mut go_on: impl FnMut() -> bool) -> bool {
    let start = clock();
    let mut has_more = go_on();
    while has_more && clock() - start < ms {
        has_more = go_on();
    }
    has_more
}

impl Drop for Slices {
    fn drop(&mut self) {
        self.next.borrow_mut().take();
    }
}

fn clock() -> f64 {
    window().performance().map_or(0.0, |it| it.now())
}

/// Lets what is around look at the page and act on it: the object `playground` of its window, or of
/// an element.
#[hook]
pub fn use_host(page: Rc<Page>, place: Place, act: Callback<Action>) {
    use_effect_with((), move |()| {
        let is_page = place == Place::Page;
        let is_in_frame = is_page && page.model().is_embedded;
        let host = host::Host::install(page, &place, act.clone());
        let answers = is_in_frame.then(|| host.answer_parent());
        if let Some(url) = scenario_url().filter(|_| is_page) {
            host::fetch_scenario(url, act.clone());
        }
        let dropped = is_page.then(|| host::take_dropped(act));
        move || drop((answers, host, dropped))
    });
}

/// Tells what is around of what happens.
#[hook]
pub fn use_telling(page: Rc<Page>, place: Place) {
    let told = use_mut_ref(|| None::<Telling>);
    use_effect(move || {
        let model = page.model();
        if place == Place::Page && !model.is_embedded {
            return;
        }
        let now = Telling::of(&model);
        let events = now.since(told.borrow().as_ref(), &model);
        *told.borrow_mut() = Some(now);
        drop(model);
        for (name, detail) in events {
            place.tell(name, &detail);
        }
    });
}

/// Keys that step, play and settle, wherever nothing is being typed.
#[hook]
pub fn use_keys(place: Place, act: Callback<Action>) {
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener =
            EventListener::new_with_options(&place.keys(), "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
                    return;
                };
                let is_in_dialog = closest(event, "dialog");
                if event.ctrl_key()
                    || event.meta_key()
                    || event.alt_key()
                    || is_typing(event)
                    || is_in_dialog
                {
                    return;
                }
                let is_on_control =
                    closest(event, "button, a, summary, [role=slider], input, select");
                let moves_itself =
                    closest(event, "input, select, [role=tab], [role=slider], .field");
                let action = match event.key().as_str() {
                    "ArrowRight" if !moves_itself => Action::StepForward,
                    "ArrowLeft" if !moves_itself => Action::StepBack,
                    "Home" if !moves_itself => Action::ToStart,
                    "End" if !moves_itself => Action::ToEnd,
                    " " if !is_on_control => Action::TogglePlay,
                    "s" => Action::Settle,
                    "." => Action::UntilDecision,
                    "?" => Action::Show(crate::model::Dialog::Keys),
                    "Escape" => Action::Select(None),
                    _ => return,
                };
                event.prevent_default();
                act.emit(action);
            });
        move || drop(listener)
    });
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    closest(
        event,
        "textarea, [contenteditable=true], input:not([type=range])",
    )
}

fn closest(event: &web_sys::KeyboardEvent, selector: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}
