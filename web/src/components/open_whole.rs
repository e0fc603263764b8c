//! The link from a player to the whole playground, at the same step.

use std::rc::Rc;

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
    let link = use_node_ref();
    let onclick = {
        let (page, link) = (props.page.clone(), link.clone());
        let is_packed = props.link.is_some();
        Callback::from(move |_| {
            if let Some(link) = link.cast::<Element>().filter(|_| !is_packed) {
                // The browser follows it right after this.
                rest::load_now();
                let _ = link.set_attribute("href", &host::address_of(&page.model().work.link()));
            }
        })
    };
    let href = host::address_of(props.link.as_deref().unwrap_or_default());
    html! {
        <a ref={link} class="button button--small" {href} {onclick} target="_blank" rel="noopener" data-testid="open-whole">{ text::OPEN_WHOLE }</a>
    }
}
