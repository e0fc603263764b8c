//! The page's head: its name, what is open, and what can be opened instead.

use yew::prelude::*;

use super::{emit, focus::give_back};
use crate::{
    model::{Action, Dialog, Theme},
    text,
    view::head::HeadView,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: HeadView,
    pub act: Callback<Action>,
}

#[component]
pub fn Header(props: &Props) -> Html {
    let view = &props.view;
    let show = |dialog: Dialog| emit(&props.act, Action::Show(dialog));
    let label = match view.theme {
        Theme::Auto => text::THEME_AUTO,
        Theme::Light => text::THEME_LIGHT,
        Theme::Dark => text::THEME_DARK,
    };
    let resume = use_node_ref();
    {
        let resume = resume.clone();
        let had_left = use_mut_ref(|| view.has_left_lesson);
        use_effect_with(view.has_left_lesson, move |has_left| {
            // Who leaves the lesson stands before the way back.
            let had_left = had_left.replace(*has_left);
            if *has_left && !had_left {
                give_back(resume.cast());
            }
        });
    }
    html! {
        <header class="head">
            <h1 class="brand">
                <svg viewBox="0 0 22 22" aria-hidden="true">
                    <path class="brand__nodes" d="M4 4h.01M11 4h.01M18 4h.01M4 11h.01M18 11h.01M4 18h.01M11 18h.01M18 18h.01" />
                    <path class="brand__pod" d="M11 11h.01" />
                </svg>
                <span class="brand__name">{ text::TITLE }</span>
            </h1>
            <button class="button head__lesson" onclick={show(Dialog::Lessons)} data-testid="lessons">
                if view.is_lesson { <span class="head__kind">{ "Lesson: " }</span><b>{ &view.title }</b> } else { { text::LESSONS } }
                <span aria-hidden="true">{ " ▾" }</span>
            </button>
            if view.has_left_lesson {
                <button class="button" ref={resume} onclick={emit(&props.act, Action::ResumeLesson)} data-testid="lesson-resume">{ text::RESUME }</button>
            }
            <nav class="head__actions" aria-label="Playground">
                <button class="button" onclick={show(Dialog::Examples)} data-testid="examples">{ text::EXAMPLES }</button>
                <button class="button" onclick={show(Dialog::Import)} data-testid="import">{ text::IMPORT_SHORT.0 }<span class="head__rest">{ text::IMPORT_SHORT.1 }</span></button>
                <button class="button" onclick={show(Dialog::Share)} data-testid="share">{ text::SHARE }</button>
                <button class="button" onclick={show(Dialog::StartOver)} data-testid="reset">{ text::START_OVER }</button>
                <button class="button button--icon" aria-label={label} title={label} onclick={emit(&props.act, Action::NextTheme)} data-testid="theme">
                    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">{ theme_symbol(view.theme) }</svg>
                </button>
                <button class="button button--icon" aria-label={text::KEYS} title={text::KEYS} onclick={show(Dialog::Keys)} data-testid="keys">{ "?" }</button>
            </nav>
        </header>
    }
}

fn theme_symbol(theme: Theme) -> Html {
    match theme {
        Theme::Auto => {
            html! { <><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" /></> }
        }
        Theme::Light => {
            html! { <><circle cx="8" cy="8" r="3.2" fill="currentColor" /><path d="M8 .8v2M8 13.2v2M.8 8h2M13.2 8h2M2.9 2.9l1.4 1.4M11.7 11.7l1.4 1.4M2.9 13.1l1.4-1.4M11.7 4.3l1.4-1.4" stroke="currentColor" stroke-width="1.4" /></> }
        }
        Theme::Dark => {
            html! { <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" fill="currentColor" /> }
        }
    }
}
