//! The page of a lesson that the reader is on.

use scenario::step::Ask;

use super::markdown::{self, Block};
use crate::{
    model::{Model, going::Going, lessons},
    text,
};

/// A page of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonView {
    pub title: String,
    pub number: usize,
    pub count: usize,
    pub said: Vec<Block>,
    pub asked: Option<AskView>,
    /// What was asked before, with what came of it.
    pub seen: Option<AskView>,
    /// What Next will do.
    pub next: Vec<String>,
    /// Whether Next goes on: not while it does, nor before an answer.
    pub can_go_on: bool,
    pub is_going: bool,
    pub is_done: bool,
    /// Whether there is anything to do without it.
    pub can_leave: bool,
    pub astray: Option<String>,
    /// The lesson after this one: its name and title.
    pub next_lesson: Option<(&'static str, &'static str)>,
}

impl LessonView {
    /// Whether a prediction is to be made before it goes on.
    pub fn waits_for_answer(&self) -> bool {
        let asked = self.asked.as_ref();
        !self.is_going && asked.is_some_and(|it| it.answered.is_none())
    }
}

/// A question, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AskView {
    pub number: usize,
    pub question: Vec<Block>,
    pub is_number: bool,
    pub answered: Option<(String, bool)>,
    /// What is right, and why; told once it was seen.
    pub right: String,
    pub because: Vec<Block>,
}

pub fn lesson(model: &Model) -> LessonView {
    let scenario = model.work.scenario();
    let n_led = model.work.n_led();
    let page = model.lesson.page(scenario, n_led);
    let is_going = model.going.as_ref().is_some_and(Going::is_lesson);
    let view = |(number, ask): (usize, &Ask)| AskView {
        number,
        question: markdown::read(&ask.question),
        is_number: ask.answer.is_number(),
        answered: model
            .lesson
            .answer(number)
            .map(|it| (it.text.clone(), it.is_right)),
        right: ask
            .answer
            .as_str()
            .map_or_else(|| ask.answer.to_string(), str::to_owned),
        because: markdown::read(ask.because.as_deref().unwrap_or_default()),
    };
    let asked = page.asked.map(view);
    let is_answered = asked.as_ref().is_none_or(|it| it.answered.is_some());
    let is_done = n_led >= scenario.steps.len() && !is_going && model.lesson.stopped.is_none();
    let mut after = lessons::LESSONS
        .iter()
        .skip_while(|it| it.name != scenario.metadata.name);
    let next_lesson = after.nth(1).map(|it| (it.name, it.title));
    LessonView {
        can_leave: !model.is_embedded,
        title: match scenario.title.as_str() {
            "" => text::LESSONS.to_owned(),
            title => title.to_owned(),
        },
        number: page.number,
        count: page.count,
        said: page
            .said
            .iter()
            .flat_map(|text| markdown::read(text))
            .collect(),
        asked,
        seen: page.seen.map(view),
        next: page.next,
        can_go_on: is_answered && !is_going && !is_done,
        is_going,
        is_done,
        astray: model.lesson.astray.clone(),
        next_lesson,
    }
}
