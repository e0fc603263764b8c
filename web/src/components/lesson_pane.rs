//! The lesson: what is said, what is asked, and the way on.

use std::{cell::RefCell, rc::Rc};

use yew::prelude::*;

use super::{
    emit,
    focus::{focus_first, focused, types_on_screen},
    markdown::blocks,
    typed,
};
use crate::{
    model::Action,
    place::use_part_role,
    text,
    view::lesson::{AskView, LessonView},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub lesson: Rc<LessonView>,
    pub act: Callback<Action>,
}

const WHY_NOT: &str = "lesson-why-not";

#[component]
pub fn LessonPane(props: &Props) -> Html {
    let role = use_part_role();
    let lesson = &props.lesson;
    let place = use_node_ref();
    let led = use_reader(&place, lesson);
    // It stays within reach of the keyboard while it does nothing, and says what it waits for.
    let next = {
        let (act, led, place) = (props.act.clone(), led.clone(), place.clone());
        let (can_go_on, waits) = (lesson.can_go_on, lesson.waits_for_answer());
        Callback::from(move |_: MouseEvent| {
            if can_go_on {
                *led.borrow_mut() = true;
                act.emit(Action::LessonNext);
            } else if let Some(place) = place.cast::<web_sys::Element>().filter(|_| waits) {
                focus_first(&place, "input");
            }
        })
    };
    let led_act = {
        let (act, led) = (props.act.clone(), led.clone());
        Callback::from(move |action: Action| {
            *led.borrow_mut() = true;
            act.emit(action);
        })
    };
    let why_not = match (lesson.can_go_on, lesson.is_going) {
        (true, _) => None,
        (false, true) => Some(text::GOES_ON_BY_ITSELF),
        (false, false) => Some(text::PREDICT_FIRST),
    };
    html! {
        <section {role} class={classes!("lesson", lesson.is_going.then_some("lesson--going"))} ref={place} aria-label={format!("Lesson: {}", lesson.title)} data-testid="lesson">
            <header class="lesson__head">
                <h2>{ &lesson.title }</h2>
                <span class="lesson__count">{ format!("{} of {}", lesson.number, lesson.count) }</span>
                if lesson.can_leave {
                    <button class="button button--small" onclick={emit(&props.act, Action::LeaveLesson)} data-testid="lesson-leave">{ text::LEAVE }</button>
                }
            </header>
            if let Some(seen) = lesson.seen.as_ref().filter(|_| !lesson.is_going) { { verdict(seen) } }
            <div class="lesson__said" aria-live="polite" data-testid="lesson-said">{ blocks(&lesson.said) }</div>
            <div class="lesson__acts">
                if let Some(asked) = &lesson.asked {
                    <Question key={asked.number} asked={asked.clone()} act={led_act.clone()} />
                }
                if let Some(astray) = &lesson.astray {
                    <p class="lesson__astray" title={astray.clone()}>{ text::ASTRAY }</p>
                }
                <footer class="lesson__foot">
                    if !lesson.is_done {
                        <button class="button button--primary" aria-disabled={(!lesson.can_go_on).to_string()} aria-describedby={why_not.map(|_| WHY_NOT)} onclick={next} data-testid="lesson-next">{ text::NEXT }</button>
                        if lesson.is_going {
                            <button class="button" onclick={emit(&props.act, Action::Settle)} data-testid="lesson-hurry">{ text::SETTLE }</button>
                        }
                        if let Some(why_not) = why_not {
                            <span class="lesson__next" id={WHY_NOT} data-testid="lesson-why-not">{ why_not }</span>
                        } else if !lesson.next.is_empty() {
                            <span class="lesson__next">
                                { text::NEXT_DOES }
                                { for lesson.next.iter().take(2).map(|line| html! { <code>{ line }</code> }) }
                            </span>
                        }
                    } else {
                        if let Some((name, title)) = lesson.next_lesson {
                            <button class="button button--primary" onclick={led_act.reform(move |_| Action::OpenLesson(name.to_owned()))} data-testid="lesson-after">
                                { text::NEXT_LESSON }{ ": " }{ title }
                            </button>
                        }
                        <span class="lesson__next">{ text::LESSON_DONE }</span>
                    }
                </footer>
            </div>
        </section>
    }
}

/// Leads the focus on with the reader: to the answer that is asked for, or to the next Next. What is
/// returned is set by whatever the reader does in the lesson.
#[hook]
fn use_reader(place: &NodeRef, lesson: &LessonView) -> Rc<RefCell<bool>> {
    let led = use_mut_ref(|| false);
    let asks = lesson.waits_for_answer();
    let asked = lesson.asked.as_ref().map(|it| it.number);
    let stands = (
        lesson.title.clone(),
        lesson.number,
        (asked, asks),
        lesson.is_going,
        lesson.is_done,
    );
    {
        let (led, place) = (led.clone(), place.clone());
        use_effect_with(stands, move |(.., is_going, _)| {
            let Some(place) = place.cast::<web_sys::Element>().filter(|_| *led.borrow()) else {
                return;
            };
            // Who has gone elsewhere meanwhile stays there.
            if focused().is_none_or(|it| place.contains(Some(&it))) {
                let answers = asks && !types_on_screen();
                focus_first(&place, if answers { "input" } else { ".button--primary" });
            }
            *led.borrow_mut() = *is_going;
        });
    }
    led
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

const ANSWER_FIELD: &str = "lesson-answer";

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
            <label class="ask__question" for={ANSWER_FIELD}>{ blocks(&asked.question) }</label>
            if let Some((answer, _)) = &asked.answered {
                <p role="status" data-testid="ask-given">{ "You say " }<b>{ answer }</b>{ ". " }{ text::SEE_WHETHER }</p>
            } else {
                <div class="ask__answer">
                    <input class="input" id={ANSWER_FIELD} value={(*draft).clone()} {oninput} inputmode={asked.is_number.then_some("numeric")} placeholder={text::YOUR_ANSWER} autocomplete="off" data-testid="ask-answer" />
                    <button class="button button--primary" data-testid="ask-submit">{ text::ANSWER }</button>
                </div>
            }
        </form>
    }
}
