//! Between the page and what is around it: `window.playground`, files, the clipboard, the address.

use std::rc::Rc;

use gloo::{
    events::{EventListener, EventListenerOptions},
    utils::{document, window},
};
use js_sys::{Function, JSON, Object, Reflect};
use scenario::{export, opening::is_scenario};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use crate::{assets::page_url, effects::Page, model::Action, place::Place};

/// A scenario from elsewhere is no longer than this, in bytes.
const SCENARIO_MAX: f64 = (4 << 20) as f64;
/// What fields mean, beside the page.
const DESCRIPTIONS: &str = "descriptions.txt";
/// A dropped file is no larger than this, in bytes.
const FILE_MAX: f64 = crate::model::import::SIZE_MAX as f64;

#[wasm_bindgen(module = "/src/host.js")]
extern "C" {
    /// Puts text on the clipboard.
    #[wasm_bindgen(catch, js_name = copyText)]
    async fn copy_text(text: &str) -> Result<JsValue, JsValue>;

    /// Saves a text as a file.
    #[wasm_bindgen(js_name = saveText)]
    fn save_text(name: &str, kind: &str, text: &str);

    /// Saves an SVG picture as pixels.
    #[wasm_bindgen(js_name = savePng)]
    fn save_svg_as_png(name: &str, svg: &str);

    /// Saves files in an archive; `files` is a JSON array of `[path, content]`.
    #[wasm_bindgen(js_name = saveArchive)]
    fn save_archive(name: &str, files: &str);

    /// Does what the page around this one asks for; what is returned ends that.
    #[wasm_bindgen(js_name = answerParent)]
    fn answer_parent(playground: &Object) -> Function;

    /// The text at an address, if it is no longer than so many bytes.
    #[wasm_bindgen(catch, js_name = fetchText)]
    async fn fetch_text(url: &str, bytes_max: f64) -> Result<JsValue, JsValue>;
}

/// The object `playground`, as long as it lives: of a window or an element.
pub struct Host {
    playground: Object,
    is_of_window: bool,
    _closures: Vec<Box<dyn std::any::Any>>,
}

impl Host {
    /// Makes what a host page and tests can call.
    pub fn install(page: Rc<Page>, place: &Place, act: Callback<Action>) -> Self {
        let playground = Object::new();
        let mut closures: Vec<Box<dyn std::any::Any>> = Vec::new();
        let mut put = |name: &str, function: &JsValue, closure: Box<dyn std::any::Any>| {
            let _ = Reflect::set(
                &playground,
                &name.into(),
                function.unchecked_ref::<Function>(),
            );
            closures.push(closure);
        };
        let simple: [(&str, Action); 5] = [
            ("step", Action::StepForward),
            ("back", Action::StepBack),
            ("pause", Action::Stop),
            ("settle", Action::Settle),
            ("undo", Action::Undo),
        ];
        for (name, action) in simple {
            let act = act.clone();
            let closure = Closure::<dyn Fn()>::new(move || act.emit(action.clone()));
            put(name, &closure.as_ref().clone(), Box::new(closure));
        }
        let play = {
            let (act, page) = (act.clone(), page.clone());
            Closure::<dyn Fn()>::new(move || {
                if page.model().going.is_none() {
                    act.emit(Action::TogglePlay);
                }
            })
        };
        put("play", &play.as_ref().clone(), Box::new(play));
        let seek = {
            let act = act.clone();
            Closure::<dyn Fn(f64)>::new(move |to: f64| act.emit(Action::Seek(to.max(0.0) as usize)))
        };
        put("seek", &seek.as_ref().clone(), Box::new(seek));
        let load = {
            let act = act.clone();
            Closure::<dyn Fn(String)>::new(move |text| act.emit(Action::OpenText(text)))
        };
        put("load", &load.as_ref().clone(), Box::new(load));
        let kubectl = {
            let (act, page) = (act.clone(), page.clone());
            Closure::<dyn Fn(String) -> String>::new(move |line| {
                act.emit(Action::Console(line));
                let entries = page.model().console.entries().clone();
                entries
                    .last()
                    .map(|it| it.answer.to_string())
                    .unwrap_or_default()
            })
        };
        put("kubectl", &kubectl.as_ref().clone(), Box::new(kubectl));
        let link = {
            let page = page.clone();
            Closure::<dyn Fn() -> String>::new(move || address_of(&page.model().work.link()))
        };
        put("link", &link.as_ref().clone(), Box::new(link));
        let state = Closure::<dyn Fn() -> JsValue>::new(move || {
            let state = scenario::json::state(page.model().work.timeline());
            JSON::parse(&state).unwrap_or(JsValue::NULL)
        });
        put("state", &state.as_ref().clone(), Box::new(state));
        let is_of_window = *place == Place::Page;
        if is_of_window {
            let _ = Reflect::set(&window(), &"playground".into(), &playground);
        } else {
            place.give("playground", &playground);
        }
        Self {
            playground,
            is_of_window,
            _closures: closures,
        }
    }

    /// Does what the page around this one asks for, as long as what is returned lives.
    pub fn answer_parent(&self) -> Answering {
        Answering(answer_parent(&self.playground))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if self.is_of_window {
            let _ = Reflect::delete_property(&window(), &"playground".into());
        }
    }
}

/// Ends the answering of the page around this one when it is dropped.
pub struct Answering(Function);

impl Drop for Answering {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// The address at which a session opens.
pub fn address_of(link: &str) -> String {
    format!("{}#{link}", page_url())
}

/// Puts text on the clipboard, and then says so.
pub fn copy(text: &str, done: impl FnOnce() + 'static) {
    let text = text.to_owned();
    spawn_local(async move {
        if copy_text(&text).await.is_ok() {
            done();
        }
    });
}

/// Saves a text as a file.
pub fn save(name: &str, kind: &str, text: &str) {
    save_text(name, kind, text);
}

/// Saves an SVG picture as pixels.
pub fn save_png(name: &str, svg: &str) {
    save_svg_as_png(name, svg);
}

/// Saves what a scenario is exported to, as an archive.
///
/// # Errors
/// If it cannot be exported.
pub fn save_export(name: &str, scenario: &str, target: export::Target) -> Result<(), String> {
    let scenario = scenario::Scenario::read(scenario).map_err(|it| it.to_string())?;
    let files = export::export(&scenario, target).map_err(|it| it.message().to_owned())?;
    let files: Vec<(String, String)> = files.into_iter().map(|it| (it.path, it.content)).collect();
    save_archive(name, &json!(files).to_string());
    Ok(())
}

/// Opens a scenario that the page's address names.
pub fn fetch_scenario(url: String, act: Callback<Action>) {
    spawn_local(async move {
        let action = match fetch_text(&url, SCENARIO_MAX).await {
            Ok(text) => Action::OpenText(text.as_string().unwrap_or_default()),
            Err(error) => {
                let error = error
                    .dyn_ref::<js_sys::Error>()
                    .map(|it| String::from(it.message()));
                Action::Complain(format!(
                    "{url} cannot be loaded: {}",
                    error.unwrap_or_default()
                ))
            }
        };
        act.emit(action);
    });
}

/// Does a line of the console; before the first `explain` comes what fields mean.
pub fn say(line: String, act: Callback<Action>) {
    let mut words = line.split_whitespace().filter(|it| *it != "kubectl");
    if words.next() != Some("explain") || kubectl::has_meanings() {
        return act.emit(Action::Console(line));
    }
    spawn_local(async move {
        // Without them it still tells the fields and their types.
        if let Ok(text) = fetch_text(DESCRIPTIONS, SCENARIO_MAX).await {
            kubectl::load_meanings(text.as_string().unwrap_or_default());
        }
        act.emit(Action::Console(line));
    });
}

/// Takes a file that is dropped anywhere on the page.
pub fn take_dropped(act: Callback<Action>) -> [EventListener; 2] {
    let options = EventListenerOptions::enable_prevent_default();
    let over = EventListener::new_with_options(&document(), "dragover", options, |event| {
        event.prevent_default();
    });
    let drop = EventListener::new_with_options(&document(), "drop", options, move |event| {
        let transfer = event
            .dyn_ref::<web_sys::DragEvent>()
            .and_then(|it| it.data_transfer());
        let file = transfer.and_then(|it| it.files()).and_then(|it| it.get(0));
        let Some(file) = file else {
            return;
        };
        event.prevent_default();
        if file.size() > FILE_MAX {
            act.emit(Action::Complain(crate::text::too_large_to_import(
                file.size() as usize,
                FILE_MAX as usize,
            )));
            return;
        }
        let act = act.clone();
        spawn_local(async move {
            let read = JsFuture::from(file.text()).await;
            match read.ok().and_then(|it| it.as_string()) {
                Some(text) if is_scenario(&text) => act.emit(Action::OpenText(text)),
                Some(text) => act.emit(Action::Import(text)),
                None => act.emit(Action::Complain(crate::text::CANNOT_READ_FILE.into())),
            }
        });
    });
    [over, drop]
}
