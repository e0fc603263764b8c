//! All that touches the browser besides drawing: one small hook an effect.

use std::{
    cell::{Cell, Ref, RefCell},
    rc::Rc,
};

use gloo::{
    events::{EventListener, EventListenerOptions},
    render::{AnimationFrame, request_animation_frame},
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
    model::{Action, Model, Opening, Speed, Theme},
};

const THEME_KEY: &str = "daemonset-playground/theme";
/// Each tab of a browser keeps its work under a name of its own, so that two do not overwrite each
/// other's.
const WORK_KEY: &str = "daemonset-playground/work/";
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
/// Milliseconds that one slice of a long run may take.
const SLICE_MS: f64 = 20.0;
/// Of so many slices that follow each other only the last is drawn.
const UNSEEN_MAX: u32 = 5;

/// The model, shared by the page's parts and those who look at it from outside.
pub struct Page {
    model: RefCell<Model>,
    /// How many slices of a long run have gone by unseen.
    n_unseen: Cell<u32>,
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Page {
    pub fn open() -> Self {
        Self {
            model: RefCell::new(Model::new(&opening())),
            n_unseen: Cell::new(0),
        }
    }

    pub fn model(&self) -> Ref<'_, Model> {
        self.model.borrow()
    }

    /// Does something. Whether it is to be seen: of a long run only a moment now and then is, as
    /// drawing takes longer than running.
    pub fn update(&self, action: Action) -> bool {
        let is_slice = matches!(action, Action::Slice(_));
        let mut model = self.model.borrow_mut();
        model.update(action);
        let is_unseen = is_slice && model.going.is_some() && self.n_unseen.get() < UNSEEN_MAX;
        self.n_unseen.set(if is_unseen {
            self.n_unseen.get() + 1
        } else {
            0
        });
        !is_unseen
    }

    /// What a line of the console can go on with.
    pub fn complete(&self, line: &str) -> Completion {
        let model = self.model.borrow();
        let mut files = model.work.scenario().files.clone();
        files.extend(model.documents.files());
        complete(line, &files, model.work.cluster())
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
        link: (!fragment.is_empty()).then(|| fragment.to_owned()),
        lesson: of("lesson"),
        kept: embed.is_none().then(|| kept(WORK_KEY)).flatten(),
        drafts: kept(DRAFTS_KEY).unwrap_or_default(),
        theme: theme.unwrap_or_else(|| {
            let kept = LocalStorage::get::<String>(THEME_KEY);
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
    if let Ok(tab) = SessionStorage::get::<String>(TAB_KEY) {
        return tab;
    }
    let tab = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
    let _ = SessionStorage::set(TAB_KEY, &tab);
    tab
}

/// What this tab keeps under a key, or the tab that was used last.
fn kept<T: DeserializeOwned>(key: &str) -> Option<T> {
    let own = LocalStorage::get(format!("{key}{}", tab()));
    own.ok().or_else(|| {
        let last: Vec<String> = LocalStorage::get(LAST_KEY).ok()?;
        LocalStorage::get(format!("{key}{}", last.first()?)).ok()
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
    if model.n_changes == 0 || model.going.is_some() || model.is_embedded {
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

/// Shows the theme, and keeps it.
#[hook]
pub fn use_theme(theme: Theme) {
    use_effect_with(theme, |theme| {
        let _ = document_element().set_attribute("data-theme", theme.as_str());
        let _ = LocalStorage::set(THEME_KEY, theme.as_str());
    });
}

/// Goes on with what goes on: a step now and then if it is watched, else in slices, a frame each.
#[hook]
pub fn use_going(is_watched: Option<bool>, speed: Speed, act: Callback<Action>) {
    use_effect_with((is_watched, speed), move |(is_watched, speed)| {
        let mut ticker = None;
        let mut frames = None;
        match is_watched {
            Some(true) => {
                ticker = Some(Interval::new(speed.interval_ms(), move || {
                    // A page that nobody sees waits.
                    if !document().hidden() {
                        act.emit(Action::Tick);
                    }
                }));
            }
            Some(false) => frames = Some(Slices::start(Action::Slice, act)),
            None => {}
        }
        move || drop((ticker, frames))
    });
}

/// Reads a dump on, a frame at a time.
#[hook]
pub fn use_import(is_on: bool, act: Callback<Action>) {
    use_effect_with(is_on, move |is_on| {
        let frames = is_on.then(|| Slices::start(Action::ImportSlice, act));
        move || drop(frames)
    });
}

/// One action a frame, each given as much to do as a frame has time for.
struct Slices {
    frame: Rc<RefCell<Option<AnimationFrame>>>,
}

impl Slices {
    fn start(action: impl Fn(usize) -> Action + 'static, act: Callback<Action>) -> Self {
        let frame = Rc::new(RefCell::new(None));
        Self::next(frame.clone(), Rc::new(action), act, 16);
        Self { frame }
    }

    fn next(
        frame: Rc<RefCell<Option<AnimationFrame>>>,
        action: Rc<dyn Fn(usize) -> Action>,
        act: Callback<Action>,
        steps: usize,
    ) {
        let place = Rc::downgrade(&frame);
        let requested = request_animation_frame(move |_| {
            let clock = || window().performance().map_or(0.0, |it| it.now());
            let start = clock();
            act.emit(action(steps));
            let took = clock() - start;
            let steps = match took {
                ..12.0 => (steps * 2).min(4096),
                SLICE_MS.. => (steps / 2).max(1),
                _ => steps,
            };
            if let Some(frame) = place.upgrade() {
                Self::next(frame, action, act, steps);
            }
        });
        *frame.borrow_mut() = Some(requested);
    }
}

impl Drop for Slices {
    fn drop(&mut self) {
        self.frame.borrow_mut().take();
    }
}

/// Lets the page's host look at it and act: `window.playground`.
#[hook]
pub fn use_host(page: Rc<Page>, act: Callback<Action>) {
    use_effect_with((), move |()| {
        let host = host::Host::install(page, act.clone());
        if let Some(url) = scenario_url() {
            host::fetch_scenario(url, act.clone());
        }
        let dropped = host::take_dropped(act);
        move || drop((host, dropped))
    });
}

/// Keys that step, play and settle, wherever nothing is being typed.
#[hook]
pub fn use_keys(act: Callback<Action>) {
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener =
            EventListener::new_with_options(&window(), "keydown", options, move |event| {
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
