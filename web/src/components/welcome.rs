//! What a first visit is told, above the cluster, until something is done.

use yew::prelude::*;

use super::emit;
use crate::{
    model::{Action, Dialog, lessons},
    text,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub act: Callback<Action>,
}

#[component]
pub fn Welcome(props: &Props) -> Html {
    let first = &lessons::LESSONS[0];
    html! {
        <section class="lesson welcome" aria-label={text::WELCOME} data-testid="welcome">
            <header class="lesson__head">
                <h2>{ text::WELCOME }</h2>
                <button class="button button--small" onclick={emit(&props.act, Action::LeaveLesson)} data-testid="welcome-close">{ text::CLOSE }</button>
            </header>
            <div class="lesson__said"><p>{ text::WELCOME_SAYS }</p></div>
            <footer class="lesson__foot">
                <button class="button button--primary" onclick={emit(&props.act, Action::OpenLesson(first.name.to_owned()))} data-testid="welcome-start">{ text::WELCOME_START }</button>
                <button class="button" onclick={emit(&props.act, Action::Show(Dialog::Lessons))}>{ text::ALL_LESSONS }</button>
                <button class="button" onclick={emit(&props.act, Action::Show(Dialog::Import))}>{ text::IMPORT }</button>
            </footer>
        </section>
    }
}
