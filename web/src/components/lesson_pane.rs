//! The lesson: what is said, what is asked, and the way on.

use std::rc::Rc;

use yew::prelude::*;

use super::{emit, markdown::blocks, typed};
use crate::{
    model::Action,
    text,
    view::lesson::{AskView, LessonView},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub lesson: Rc<LessonView>,
    pub act: Callback<Action>,
}

#[component]
pub fn LessonPane(props: &Props) -> Html {
    let lesson = &props.lesson;
    html! {
        <section class="lesson" aria-label={format!("Lesson: {}", lesson.title)} data-testid="lesson">
            <header class="lesson__head">
                <h2>{ &lesson.title }</h2>
                <span class="lesson__count">{ format!("{} of {}", lesson.number, lesson.count) }</span>
                <button class="button button--small" onclick={emit(&props.act, Action::LeaveLesson)} data-testid="lesson-leave">{ text::LEAVE }</button>
            </header>
            if let Some(seen) = lesson.seen.as_ref().filter(|_| !lesson.is_going) { { verdict(seen) } }
            <div class="lesson__said" aria-live="polite" data-testid="lesson-said">{ blocks(&lesson.said) }</div>
            if let Some(asked) = &lesson.asked {
                <Question key={asked.number} asked={asked.clone()} act={props.act.clone()} />
            }
            if let Some(astray) = &lesson.astray {
                <p class="lesson__astray" title={astray.clone()}>{ text::ASTRAY }</p>
            }
            <footer class="lesson__foot">
                if !lesson.is_done {
                    <button class="button button--primary" disabled={!lesson.can_go_on} onclick={emit(&props.act, Action::LessonNext)} data-testid="lesson-next">{ text::NEXT }</button>
                    if lesson.is_going {
                        <button class="button" onclick={emit(&props.act, Action::Settle)} data-testid="lesson-hurry">{ text::SETTLE }</button>
                    } else {
                        <span class="lesson__next">
                            { for lesson.next.iter().take(2).map(|line| html! { <code>{ line }</code> }) }
                        </span>
                    }
                } else {
                    <span class="lesson__next">{ text::LESSON_DONE }</span>
                    if let Some((name, title)) = lesson.next_lesson {
                        <button class="button button--primary" onclick={emit(&props.act, Action::OpenLesson(name.to_owned()))} data-testid="lesson-after">
                            { text::NEXT_LESSON }{ ": " }{ title }
                        </button>
                    }
                }
            </footer>
        </section>
    }
}

/// What came of a prediction.
fn verdict(seen: &AskView) -> Html {
    let Some((answer, is_right)) = &seen.answered else {
        return Html::default();
    };
    html! {
        <div class={if *is_right { "ask ask--right" } else { "ask ask--wrong" }} role="status" data-testid="ask-verdict">
            <p>
                <b>{ if *is_right { "✓ Right" } else { "✗ Not quite" } }</b>
                { if *is_right { format!(": {answer}.") } else { format!(": you said {answer}, and it is {}.", seen.right) } }
            </p>
            { blocks(&seen.because) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct QuestionProps {
    asked: AskView,
    act: Callback<Action>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let draft = use_state_eq(String::new);
    let asked = &props.asked;
    let number = asked.number;
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(typed(&event)))
    };
    let onsubmit = {
        let (act, draft) = (props.act.clone(), draft.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            act.emit(Action::LessonAnswer {
                asked: number,
                text: (*draft).clone(),
            });
        })
    };
    html! {
        <form class="ask" {onsubmit} data-testid="ask">
            <label class="ask__question">
                { blocks(&asked.question) }
                if asked.answered.is_none() {
                    <input class="input" value={(*draft).clone()} {oninput} aria-label={text::YOUR_ANSWER} placeholder={text::YOUR_ANSWER} autocomplete="off" data-testid="ask-answer" />
                }
            </label>
            if let Some((answer, _)) = &asked.answered {
                <p role="status" data-testid="ask-given">{ "You say " }<b>{ answer }</b>{ ". " }{ text::SEE_WHETHER }</p>
            } else {
                <button class="button" data-testid="ask-submit">{ text::ANSWER }</button>
            }
        </form>
    }
}
