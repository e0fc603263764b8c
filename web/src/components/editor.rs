//! The text: a plain text area at once, and CodeMirror in its place when that has come.

use std::{cell::RefCell, rc::Rc};

use objects::{Problem, Severity};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::typed;
use crate::{
    model::{Action, documents::Tab},
    text,
    view::completion,
};

#[wasm_bindgen(module = "/src/components/editor_host.js")]
extern "C" {
    /// The mounted editor; see `web/editor/src/editor.js`.
    type Host;

    #[wasm_bindgen(catch)]
    async fn load(
        parent: &web_sys::Element,
        options: &JsValue,
        calls: &Calls,
    ) -> Result<JsValue, JsValue>;

    /// What the editor calls back.
    type Calls;

    #[wasm_bindgen(js_name = makeCalls)]
    fn make_calls(
        on_change: &Closure<dyn FnMut(String)>,
        on_apply: &Closure<dyn FnMut()>,
        complete: &Closure<dyn Fn(String, u32, u32) -> String>,
        describe: &Closure<dyn Fn(String, u32, u32) -> String>,
    ) -> Calls;

    #[wasm_bindgen(method, js_name = open)]
    fn open(this: &Host, document: &str, text: &str);

    #[wasm_bindgen(method)]
    fn focus(this: &Host);

    #[wasm_bindgen(method, js_name = setProblems)]
    fn set_problems(this: &Host, problems: JsValue);
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: Tab,
    pub text: Rc<str>,
    pub problems: Rc<Vec<Problem>>,
    pub act: Callback<Action>,
}

/// The editor once it is there, with what it calls back.
struct Mounted {
    host: Host,
    _calls: Box<dyn std::any::Any>,
}

#[component]
pub fn Editor(props: &Props) -> Html {
    let mounted = use_mut_ref(|| None::<Mounted>);
    let is_mounted = use_state(|| false);
    let place = use_node_ref();
    let area = use_node_ref();
    // What is in the text area when the editor comes is not lost.
    let latest = use_mut_ref(|| props.text.clone());
    *latest.borrow_mut() = props.text.clone();
    {
        let (mounted, is_mounted, place, area) = (
            mounted.clone(),
            is_mounted.clone(),
            place.clone(),
            area.clone(),
        );
        let act = props.act.clone();
        use_effect_with((), move |()| {
            spawn_local(async move {
                if let Some(editor) = mount(&place, &area, &latest, &act).await {
                    *mounted.borrow_mut() = Some(editor);
                    is_mounted.set(true);
                }
            });
        });
    }
    {
        let mounted = mounted.clone();
        let shown = (props.open.clone(), props.text.clone(), *is_mounted);
        use_effect_with(shown, move |(open, text, _)| {
            if let Some(editor) = &*mounted.borrow() {
                editor.host.open(&format!("{open:?}"), text);
            }
        });
    }
    let shown = (props.problems.clone(), props.open.clone(), *is_mounted);
    use_effect_with(shown, move |(problems, _, _)| {
        if let Some(editor) = &*mounted.borrow() {
            show_problems(&editor.host, problems);
        }
    });
    let oninput = props
        .act
        .reform(|event: InputEvent| Action::Edit(typed(&event)));
    let act = props.act.clone();
    let onkeydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            act.emit(Action::Apply);
        }
    };
    html! {
        <div class="editor" data-testid="editor">
            <div class="editor__code" ref={place} hidden={!*is_mounted} />
            if !*is_mounted {
                <textarea ref={area} class="editor__plain" value={props.text.to_string()} {oninput} {onkeydown} aria-label={text::EDITOR_LABEL} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" />
            }
        </div>
    }
}

/// What can be written at a place, as the editor takes it.
fn complete(text: &str, line: u32, column: u32) -> String {
    let (start, choices) = completion::choices(text, line as usize, column as usize);
    let options = choices.iter().map(|it| {
        json!({
            "label": it.name, "detail": it.type_, "required": it.is_required,
            "describedAs": it.described_as,
        })
    });
    json!({ "start": start, "options": options.collect::<Vec<_>>() }).to_string()
}

/// The field at a place, as the editor takes it.
fn describe(text: &str, line: u32, column: u32) -> String {
    match completion::field_at(text, line as usize, column as usize) {
        Some(it) => {
            json!({ "name": it.name, "type": it.type_, "describedAs": it.described_as }).to_string()
        }
        None => "null".to_owned(),
    }
}

async fn mount(
    place: &NodeRef,
    area: &NodeRef,
    latest: &Rc<RefCell<Rc<str>>>,
    act: &Callback<Action>,
) -> Option<Mounted> {
    let parent = place.cast::<web_sys::Element>()?;
    let changed = act.clone();
    let on_change = Closure::new(move |text: String| changed.emit(Action::Edit(text)));
    let applied = act.clone();
    let on_apply = Closure::new(move || applied.emit(Action::Apply));
    let on_complete = Closure::new(|text: String, line, column| complete(&text, line, column));
    let on_describe = Closure::new(|text: String, line, column| describe(&text, line, column));
    let calls = make_calls(&on_change, &on_apply, &on_complete, &on_describe);
    let options = json!({
        "doc": &**latest.borrow(), "label": text::EDITOR_LABEL, "hint": text::EDITOR_HINT,
    });
    let options = js_sys::JSON::parse(&options.to_string()).ok()?;
    // Without it the text area stays, which is enough.
    let host = load(&parent, &options, &calls).await.ok()?;
    let host: Host = host.unchecked_into();
    let had_focus = area.cast::<web_sys::Element>().is_some_and(|area| {
        gloo::utils::document()
            .active_element()
            .is_some_and(|active| active == area)
    });
    if had_focus {
        let _ = parent.remove_attribute("hidden");
        host.focus();
    }
    Some(Mounted {
        host,
        _calls: Box::new((on_change, on_apply, on_complete, on_describe)),
    })
}

fn show_problems(host: &Host, problems: &[Problem]) {
    let problems: Vec<_> = problems
        .iter()
        .map(|it| {
            json!({
                "line": it.position.line, "column": it.position.column, "message": it.message,
                "severity": match it.severity { Severity::Error => "error", _ => "warning" },
            })
        })
        .collect();
    if let Ok(problems) = js_sys::JSON::parse(&json!(problems).to_string()) {
        host.set_problems(problems);
    }
}
