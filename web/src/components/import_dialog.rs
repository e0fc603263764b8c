//! A real cluster: dropped, chosen, or pasted. Nothing of it leaves the page.

use gloo::file::{File, callbacks::FileReader, callbacks::read_as_text};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::typed;
use crate::model::Action;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub act: Callback<Action>,
}

pub const COMMAND: &str = "kubectl get nodes,ds,pods,controllerrevisions -A -o yaml";

#[component]
pub fn ImportDialog(props: &Props) -> Html {
    let text = use_state_eq(String::new);
    let wrong = use_state_eq(|| None::<String>);
    let reader = use_mut_ref(|| None::<FileReader>);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(typed(&event)))
    };
    let onchange = {
        let (act, wrong) = (props.act.clone(), wrong.clone());
        Callback::from(move |event: Event| {
            let input = event
                .target()
                .and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
            let file = input.and_then(|it| it.files()).and_then(|it| it.get(0));
            let Some(file) = file.map(File::from) else {
                return;
            };
            let (act, wrong) = (act.clone(), wrong.clone());
            *reader.borrow_mut() = Some(read_as_text(&file, move |read| match read {
                Ok(text) => act.emit(Action::Import(text)),
                Err(error) => wrong.set(Some(format!("The file cannot be read: {error}"))),
            }));
        })
    };
    let onsubmit = {
        let text = text.clone();
        props.act.reform(move |event: SubmitEvent| {
            event.prevent_default();
            Action::Import((*text).clone())
        })
    };
    html! {
        <form class="form" {onsubmit}>
            <p>{ "Get the objects of a cluster, and drop the file anywhere on this page, choose it here, or paste it:" }</p>
            <code class="form__command">{ COMMAND }</code>
            <label>{ "File (YAML or JSON)" }<input class="input" type="file" accept=".yaml,.yml,.json,.txt" {onchange} data-testid="import-file" /></label>
            <label>{ "Or paste it" }<textarea class="input input--text" rows="8" value={(*text).clone()} {oninput} spellcheck="false" data-testid="import-text" /></label>
            if let Some(wrong) = &*wrong { <p class="form__wrong" role="alert">{ wrong }</p> }
            <p class="form__hint">{ "Nothing of it leaves this page. Secrets and ConfigMaps are not needed: leave them out." }</p>
            <p class="dialog__foot"><button class="button button--primary" disabled={text.trim().is_empty()} data-testid="import-go">{ "Import" }</button></p>
        </form>
    }
}
