//! What the head of the page says.

use scenario::Scenario;

use crate::model::{Model, Theme, lesson};

/// The head.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadView {
    pub title: String,
    /// Whether it is a lesson that is open.
    pub is_lesson: bool,
    pub theme: Theme,
    /// A lesson was left that can be taken up again.
    pub has_left_lesson: bool,
}

pub fn head(model: &Model) -> HeadView {
    let scenario: &Scenario = model.work.scenario();
    HeadView {
        title: match scenario.title.as_str() {
            "" => scenario.metadata.name.clone(),
            title => title.to_owned(),
        },
        is_lesson: lesson::leads(scenario),
        theme: model.theme,
        has_left_lesson: !model.shows_lesson && lesson::leads(scenario),
    }
}
