//! The link from a player to the whole playground, at the same step.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::{effects::Page, host, rest, text};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Rc<Page>,
    /// The session; `None` until the rest of the program is there, which packs it.
    pub link: Option<String>,
}

#[component]
pub fn OpenWhole(props: &Props) -> Html {
    let onclick = {
        let (page, is_packed) = (props.page.clone(), props.link.is_some());
        Callback::from(move |event: MouseEvent| {
            let link = event.current_target();
            let link = link.and_then(|it| it.dyn_into::<Element>().ok());
            if let Some(link) = link.filter(|_| !is_packed) {
                // The browser follows it right after this.
                rest::load_now();
                let _ = link.set_attribute("href", &host::address_of(&page.model().work.link()));
            }
        })
    };
    let href = host::address_of(props.link.as_deref().unwrap_or_default());
    html! {
        <a class="button button--small" {href} {onclick} target="_blank" rel="noopener" data-testid="open-whole">{ text::OPEN_WHOLE }</a>
    }
}
