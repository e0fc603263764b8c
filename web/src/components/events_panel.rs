//! Events as kubectl shows them, each leading to its step.

use yew::prelude::*;

use super::{emit, typed};
use crate::{model::Action, text, view::events::EventRow};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub events: Vec<EventRow>,
    pub act: Callback<Action>,
}

#[component]
pub fn EventsPanel(props: &Props) -> Html {
    let filter = use_state_eq(String::new);
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| filter.set(typed(&event)))
    };
    let rows = props.events.iter().filter(|row| row.holds(&filter));
    html! {
        <div class="block events" data-testid="events">
            <input class="input" type="search" value={(*filter).clone()} {oninput} placeholder={text::FILTER_EVENTS} aria-label={text::FILTER_EVENTS} />
            if props.events.is_empty() {
                <p class="block__empty">{ text::NO_EVENTS }</p>
            }
            <ul class="events__list">
                { for rows.map(|row| html! {
                    <li key={row.name.clone()} class={classes!("event", (row.type_ == "Warning").then_some("event--warning"))}>
                        <span class="event__head"><b>{ &row.reason }</b><span class="event__type">{ &row.type_ }</span><span>{ &row.last_seen }</span></span>
                        if let Some(position) = row.position {
                            <button class="link" title="Go to its step" onclick={emit(&props.act, Action::Seek(position))}>{ &row.object }</button>
                        } else {
                            <span class="event__object">{ &row.object }</span>
                        }
                        <span class="event__message">{ &row.message }</span>
                    </li>
                }) }
            </ul>
        </div>
    }
}
