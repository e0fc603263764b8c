//! The manifest, what is wrong with it, and Apply.

use std::rc::Rc;

use objects::Problem;
use yew::prelude::*;

use super::editor::Editor;
use crate::{
    model::{Action, ApplyState},
    text,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: Rc<str>,
    pub problems: Rc<Vec<Problem>>,
    pub apply: ApplyState,
    pub act: Callback<Action>,
}

/// More would bury the first.
const PROBLEMS_SHOWN: usize = 8;

#[component]
pub fn EditorPane(props: &Props) -> Html {
    let state = match &props.apply {
        _ if !props.problems.is_empty() && props.apply == ApplyState::Refused => {
            html! { <span class="effect effect--bad">{ text::REFUSED }</span> }
        }
        ApplyState::NotYet => html! { <span class="effect">{ text::NOT_APPLIED_YET }</span> },
        ApplyState::Edited => html! { <span class="effect">{ text::EDITED }</span> },
        ApplyState::Refused => html! { <span class="effect effect--bad">{ text::REFUSED }</span> },
        ApplyState::Applied(output) => {
            html! { <span class="effect effect--good">{ &**output }</span> }
        }
    };
    let n_more = props.problems.len().saturating_sub(PROBLEMS_SHOWN);
    html! {
        <section class="manifest" aria-label={text::MANIFEST_PANE}>
            <h2 class="manifest__file">{ text::EDITOR_FILE }</h2>
            <Editor text={props.text.clone()} problems={props.problems.clone()} act={props.act.clone()} />
            <div class="applybar">
                if !props.problems.is_empty() {
                    <ul class="problems" data-testid="problems" role="status">
                        { for props.problems.iter().take(PROBLEMS_SHOWN).map(|problem| html! { <ProblemLine problem={problem.clone()} /> }) }
                        if n_more > 0 { <li>{ format!("and {n_more} more") }</li> }
                    </ul>
                }
                <button class="button button--primary" title={text::APPLY_TITLE} onclick={props.act.reform(|_| Action::Apply)} data-testid="apply">{ text::APPLY }</button>
                { state }
            </div>
        </section>
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
