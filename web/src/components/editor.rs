//! The text: a plain text area at once, and CodeMirror in its place when that has come.

use std::{cell::RefCell, rc::Rc};

use objects::Problem;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{model::Action, text};

#[wasm_bindgen(module = "/src/components/editor_host.js")]
extern "C" {
    /// The mounted editor; see `web/editor/src/editor.js`.
    type Host;

    #[wasm_bindgen(catch)]
    async fn load(
        parent: &web_sys::Element,
        doc: &str,
        label: &str,
        hint: &str,
        on_change: &Closure<dyn FnMut(String)>,
        on_apply: &Closure<dyn FnMut()>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Host, text: &str);

    #[wasm_bindgen(method)]
    fn focus(this: &Host);

    #[wasm_bindgen(js_name = setProblems)]
    fn set_problems(host: &Host, lines: &[u32], columns: &[u32], messages: &str);
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: Rc<str>,
    pub problems: Rc<Vec<Problem>>,
    pub act: Callback<Action>,
}

/// The editor once it is there, with what it calls back.
struct Mounted {
    host: Host,
    _on_change: Closure<dyn FnMut(String)>,
    _on_apply: Closure<dyn FnMut()>,
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
        use_effect_with((props.text.clone(), *is_mounted), move |(text, _)| {
            if let Some(editor) = &*mounted.borrow() {
                editor.host.set_text(text);
            }
        });
    }
    use_effect_with(
        (props.problems.clone(), *is_mounted),
        move |(problems, _)| {
            if let Some(editor) = &*mounted.borrow() {
                show_problems(&editor.host, problems);
            }
        },
    );
    let oninput = props.act.reform(|event: InputEvent| {
        let area = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
        Action::Edit(area.map(|area| area.value()).unwrap_or_default())
    });
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
    let doc = latest.borrow().to_string();
    // Without it the text area stays, which is enough.
    let host = load(
        &parent,
        &doc,
        text::EDITOR_LABEL,
        text::EDITOR_HINT,
        &on_change,
        &on_apply,
    )
    .await
    .ok()?;
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
        _on_change: on_change,
        _on_apply: on_apply,
    })
}

fn show_problems(host: &Host, problems: &[Problem]) {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let lines: Vec<u32> = problems.iter().map(|it| number(it.position.line)).collect();
    let columns: Vec<u32> = problems
        .iter()
        .map(|it| number(it.position.column))
        .collect();
    let messages: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    set_problems(host, &lines, &columns, &messages.join("\u{0}"));
}
