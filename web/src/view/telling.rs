//! What the page tells whoever has it in another page.

use std::rc::Rc;

use serde_json::{Value, json};

use super::sentence::sentence;
use crate::model::{Model, lesson::Check};

/// What was told last.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    position: usize,
    len: usize,
    is_quiet: bool,
    n_checks: usize,
    error: Option<Rc<str>>,
}

impl Telling {
    pub fn of(model: &Model) -> Self {
        let timeline = model.work.timeline();
        let error = model.notice.as_ref().filter(|it| it.is_error);
        Self {
            position: timeline.position(),
            len: timeline.len(),
            is_quiet: model.going.is_none() && timeline.cluster().is_quiet(),
            n_checks: model.lesson.checks.len(),
            error: error.map(|it| it.text.clone()),
        }
    }

    /// What has happened since: the names of events, each with its detail.
    pub fn since(&self, before: Option<&Self>, model: &Model) -> Vec<(&'static str, Value)> {
        let mut events = Vec::new();
        let time_ms = model.work.cluster().now().0;
        let stands = json!({ "step": self.position, "steps": self.len, "timeMs": time_ms, "quiet": self.is_quiet });
        if before.is_none() {
            events.push(("ready", stands.clone()));
        }
        let moved = |it: &Self| (it.position, it.len) != (self.position, self.len);
        if before.is_some_and(moved) {
            let mut detail = stands.clone();
            if let Some(step) = model.work.timeline().last_step() {
                detail["actor"] = json!(step.actor.to_string());
                detail["object"] = json!(step.object_text());
                detail["reason"] = json!(sentence(step).text());
            }
            events.push(("step", detail));
        }
        if self.is_quiet && before.is_some_and(|it| !it.is_quiet || moved(it)) {
            events.push(("quiet", stands));
        }
        let n_told = before.map_or(0, |it| it.n_checks);
        // Another lesson counts from the beginning.
        let fresh = if n_told > self.n_checks { 0 } else { n_told };
        for check in model.lesson.checks.iter().skip(fresh) {
            events.push(("check", told(check)));
        }
        if let Some(error) = &self.error
            && before.is_none_or(|it| it.error.as_ref() != Some(error))
        {
            events.push(("error", json!({ "message": &**error })));
        }
        events
    }
}

fn told(check: &Check) -> Value {
    match check {
        Check::Answer {
            question,
            answer,
            is_right,
        } => {
            json!({ "kind": "answer", "passed": is_right, "question": question, "answer": answer })
        }
        Check::Expectation { wrong } => {
            json!({ "kind": "expectation", "passed": wrong.is_none(), "message": wrong })
        }
    }
}
