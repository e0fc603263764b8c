//! The manifests, what is wrong with them, what Apply would do, and the console.

use std::rc::Rc;

use objects::Problem;
use yew::prelude::*;

use super::{between_tabs, console::ConsolePane, editor::Editor, emit, history_panel::diff};
use crate::{
    effects::Page,
    model::{Action, console::Entry, documents::Tab},
    place::use_part_role,
    text,
    view::{
        diff::Line,
        editor::{EditorView, EffectKind},
    },
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub documents: Rc<EditorView>,
    pub console: Rc<Vec<Entry>>,
    pub history: Rc<Vec<Rc<str>>>,
    pub has_editor: bool,
    pub has_console: bool,
    pub page: Rc<Page>,
    pub act: Callback<Action>,
}

/// More would bury the first.
const PROBLEMS_SHOWN: usize = 8;

#[component]
pub fn EditorPane(props: &Props) -> Html {
    let role = use_part_role();
    let view = &props.documents;
    let shows_changes = use_state_eq(|| false);
    let toggle = {
        let shows_changes = shows_changes.clone();
        Callback::from(move |_: MouseEvent| shows_changes.set(!*shows_changes))
    };
    let class = match view.effect.kind {
        EffectKind::Quiet => "effect",
        EffectKind::Acts => "effect effect--acts",
        EffectKind::Refused => "effect effect--bad",
    };
    let n_more = view.problems.len().saturating_sub(PROBLEMS_SHOWN);
    let (apply, title) = match view.open {
        Tab::Scenario => (text::LOAD, text::LOAD_TITLE),
        Tab::Edit(_) => (text::SAVE, text::SAVE_TITLE),
        Tab::File(_) | Tab::Nodes => (text::APPLY, text::APPLY_TITLE),
    };
    html! {
        <section {role} class="manifest" aria-label={text::MANIFEST_PANE}>
            if props.has_editor { <>
            <div class="tabs" role="tablist" aria-label={text::EDITOR_LABEL} onkeydown={between_tabs()}>
                { for view.tabs.iter().map(|(tab, title, is_changed)| {
                    let is_open = *tab == view.open;
                    html! {
                        <button key={format!("{tab:?}")} class="tab" role="tab" aria-selected={is_open.to_string()} onclick={emit(&props.act, Action::OpenTab(tab.clone()))} data-testid="editor-tab">
                            { title }
                            if *is_changed { <span class="tab__changed" title="Edited, not applied" aria-label=", edited">{ " •" }</span> }
                        </button>
                    }
                }) }
            </div>
            <Editor open={view.open.clone()} text={view.text.clone()} problems={view.problems.clone()} act={props.act.clone()} />
            <div class="applybar">
                if !view.problems.is_empty() {
                    <div class="problems" data-testid="problems" role="status">
                        <ul>
                            { for view.problems.iter().take(PROBLEMS_SHOWN).map(|problem| html! { <ProblemLine problem={problem.clone()} /> }) }
                            if n_more > 0 { <li>{ format!("and {n_more} more") }</li> }
                        </ul>
                    </div>
                }
                <Behind behind={view.behind.clone()} has_put_aside={view.has_put_aside} act={props.act.clone()} />
                if *shows_changes && !view.changes.is_empty() { <div class="applybar__diff">{ diff(&view.changes) }</div> }
                <button class="button button--primary" title={title} onclick={emit(&props.act, Action::Apply)} data-testid="apply">{ apply }</button>
                <span {class} data-testid="effect" role="status">
                    { &view.effect.text }
                    if let Some(detail) = &view.effect.detail { <small class={classes!(view.effect.warns.then_some("effect__warning"))}>{ detail }</small> }
                </span>
                if view.can_revert {
                    <span class="applybar__tools">
                        <button class="button button--small" aria-pressed={shows_changes.to_string()} onclick={toggle} data-testid="changes">{ text::CHANGES }</button>
                        if !view.is_edit {
                            <button class="button button--small" title={text::REVERT_TITLE} onclick={emit(&props.act, Action::Revert)} data-testid="revert">{ text::REVERT }</button>
                        }
                    </span>
                }
                if view.is_edit {
                    <button class="button button--small" onclick={emit(&props.act, Action::Revert)} data-testid="edit-cancel">{ text::CANCEL_EDIT }</button>
                }
            </div>
            </> }
            if props.has_console {
                <ConsolePane entries={props.console.clone()} history={props.history.clone()} page={props.page.clone()} act={props.act.clone()} />
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct BehindProps {
    behind: Option<Rc<Vec<Line>>>,
    has_put_aside: bool,
    act: Callback<Action>,
}

/// What there is to say where the text and its object have gone different ways.
#[component]
fn Behind(props: &BehindProps) -> Html {
    let act = |action: Action| emit(&props.act, action);
    if let Some(changed) = &props.behind {
        html! {
            <div class="behind" role="status" data-testid="behind">
                <span>{ text::BEHIND }</span>
                <button class="button button--small" title={text::TAKE_OVER_TITLE} onclick={act(Action::TakeOver)} data-testid="take-over">{ text::TAKE_OVER }</button>
                <details>
                    <summary>{ text::BEHIND_DIFFERENCE }</summary>
                    { diff(changed) }
                </details>
            </div>
        }
    } else if props.has_put_aside {
        html! {
            <div class="behind" role="status" data-testid="put-aside">
                <span>{ text::PUT_ASIDE }</span>
                <button class="button button--small" onclick={act(Action::BringBack)} data-testid="bring-back">{ text::BRING_BACK }</button>
            </div>
        }
    } else {
        Html::default()
    }
}

#[derive(Properties, PartialEq)]
struct ProblemProps {
    problem: Problem,
}

#[component]
fn ProblemLine(props: &ProblemProps) -> Html {
    let problem = &props.problem;
    let field = problem.field.to_string();
    // Messages about unknown fields name the field themselves.
    let repeats = field.is_empty() || problem.message.contains(&field);
    html! {
        <li>
            <b>{ format!("Line {}, column {}", problem.position.line, problem.position.column) }</b>
            { ": " }
            if !repeats { <code>{ field }</code>{ ": " } }
            { &problem.message }
        </li>
    }
}
