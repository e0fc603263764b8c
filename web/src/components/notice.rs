//! What there is to say about the last action; floats, so that nothing moves when it comes.

use yew::prelude::*;

use super::emit;
use crate::{
    model::{Action, Notice},
    text,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub notice: Option<Notice>,
    /// How far an import is.
    pub import: Option<usize>,
    pub act: Callback<Action>,
}

#[component]
pub fn NoticeBar(props: &Props) -> Html {
    if let Some(percent) = props.import {
        return html! {
            <div class="notice" role="status" data-testid="progress">
                <progress max="100" value={percent.to_string()} aria-label="Reading the cluster" />
                { format!("Reading the cluster: {percent} %") }
                <button class="button button--small" onclick={emit(&props.act, Action::CancelImport)}>{ "Cancel" }</button>
            </div>
        };
    }
    let Some(notice) = &props.notice else {
        return Html::default();
    };
    let class = classes!("notice", notice.is_error.then_some("notice--error"));
    let role = if notice.is_error { "alert" } else { "status" };
    html! {
        <div {class} {role} data-testid="notice">
            <span class="notice__text">{ &*notice.text }</span>
            if notice.undoes {
                <button class="button button--small" onclick={emit(&props.act, Action::Undo)} data-testid="undo">{ text::UNDO }</button>
            }
            <button class="button button--small" aria-label="Close" onclick={emit(&props.act, Action::Dismiss)}>{ "✕" }</button>
        </div>
    }
}
