//! The mark of a pod: its shape says the phase, its colour the revision.

use yew::prelude::*;

use crate::view::nodes::Mark;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub mark: Mark,
    pub is_current: bool,
}

#[component]
pub fn PodMark(props: &Props) -> Html {
    let shape = match props.mark {
        Mark::Ready => html! { <circle cx="9" cy="9" r="7" fill="currentColor" /> },
        Mark::Starting => {
            html! { <><circle cx="9" cy="9" r="6" fill="none" stroke="currentColor" stroke-width="2" /><path d="M9 3a6 6 0 0 1 0 12z" fill="currentColor" /></> }
        }
        Mark::Pending => {
            html! { <circle cx="9" cy="9" r="6" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.6" /> }
        }
        Mark::Going => {
            html! { <><circle cx="9" cy="9" r="6" fill="none" stroke="currentColor" stroke-width="1.6" /><path d="M6.4 6.4l5.2 5.2M11.6 6.4l-5.2 5.2" stroke="currentColor" stroke-width="1.6" /></> }
        }
        Mark::Lost => {
            html! { <><path d="M9 2l7 13H2z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" /><path d="M9 7v4M9 12.6v.6" stroke="currentColor" stroke-width="1.8" /></> }
        }
    };
    let class = match (props.mark, props.is_current) {
        (Mark::Lost, _) => "mark mark--lost",
        (_, true) => "mark mark--new",
        (_, false) => "mark mark--old",
    };
    html! { <svg class={class} viewBox="0 0 18 18" aria-hidden="true">{ shape }</svg> }
}
