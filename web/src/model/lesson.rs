//! A scenario that leads its reader: what is said now, what is asked, what comes next.

use std::collections::BTreeMap;

use scenario::{
    Scenario, Step,
    expect::{Moment, Verdict},
    marks::{Mark, Marks},
    step::Ask,
};

use super::{going::Going, work::Work};

/// How the reader has answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub text: String,
    pub is_right: bool,
}

/// What the reader has come to.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    answers: BTreeMap<usize, Answer>,
    marks: Marks,
    /// What the lesson was running when something else was done; it goes on from there.
    pub stopped: Option<Going>,
    /// What the lesson took for granted and is not so: the reader has gone another way.
    pub astray: Option<String>,
    /// What has been checked, in its order.
    pub checks: Vec<Check>,
}

/// An answer or an expectation, and whether it was right.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    Answer {
        question: String,
        answer: String,
        is_right: bool,
    },
    /// With what is wrong, if anything is.
    Expectation { wrong: Option<String> },
}

/// What there is to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<'a> {
    /// Markdown.
    pub said: Vec<&'a str>,
    pub asked: Option<(usize, &'a Ask)>,
    /// What was asked on the page before, and has been seen since.
    pub seen: Option<(usize, &'a Ask)>,
    /// Which page this is, from 1, and how many there are.
    pub number: usize,
    pub count: usize,
    /// What comes next, as commands and faults.
    pub next: Vec<String>,
    pub is_last: bool,
}

/// Whether a scenario has something to say.
pub fn leads(scenario: &Scenario) -> bool {
    scenario
        .steps
        .iter()
        .any(|it| matches!(it, Step::Say(_) | Step::Ask(_)))
}

/// Whether a step begins a page: what is said does, and a question that stands alone.
pub(super) fn begins(steps: &[Step], at: usize) -> bool {
    let mut before = steps[..at].iter().rev();
    match &steps[at] {
        Step::Say(_) => true,
        Step::Ask(_) => !matches!(before.find(|it| !is_silent(it)), Some(Step::Say(_))),
        _ => false,
    }
}

/// Whether a step is not for the reader to see.
fn is_silent(step: &Step) -> bool {
    matches!(step, Step::Expect(_) | Step::Always(_) | Step::Mark(_))
}

impl Lesson {
    /// The page that the reader is on, having been led through so many steps.
    pub fn page<'a>(&self, scenario: &'a Scenario, n_led: usize) -> Page<'a> {
        let steps = &scenario.steps;
        let n_led = n_led.min(steps.len());
        let starts: Vec<usize> = (0..steps.len()).filter(|at| begins(steps, *at)).collect();
        let current = starts.partition_point(|at| *at < n_led).saturating_sub(1);
        let start = starts.get(current).copied().unwrap_or(0);
        let mut page = Page {
            said: Vec::new(),
            asked: None,
            seen: None,
            number: current + 1,
            count: starts.len(),
            next: Vec::new(),
            is_last: current + 1 >= starts.len(),
        };
        for (at, step) in steps.iter().enumerate().take(n_led).skip(start) {
            match step {
                Step::Say(text) => page.said.push(text),
                Step::Ask(ask) => page.asked = Some((at, ask)),
                _ => {}
            }
        }
        let before = current.checked_sub(1).map_or(0, |before| starts[before]);
        let seen = steps.iter().enumerate().take(start).skip(before);
        page.seen = seen
            .filter_map(|(at, step)| match step {
                Step::Ask(ask) => Some((at, &**ask)),
                _ => None,
            })
            .next_back();
        let to_come = steps[n_led..].iter();
        let to_come = to_come.take_while(|it| !matches!(it, Step::Say(_) | Step::Ask(_)));
        page.next = to_come
            .filter_map(|step| match step {
                Step::Kubectl(command) => Some(format!("kubectl {}", command.line)),
                Step::Fault(fault) => Some(format!("fault: {fault}")),
                _ => None,
            })
            .collect();
        page
    }

    pub fn answer(&self, asked: usize) -> Option<&Answer> {
        self.answers.get(&asked)
    }

    /// Takes the reader's answer; a second one does not count.
    pub fn take_answer(&mut self, asked: usize, ask: &Ask, text: &str) {
        let plain = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
        let wanted = match ask.answer.as_str() {
            Some(text) => text.to_owned(),
            None => ask.answer.to_string(),
        };
        if self.answers.contains_key(&asked) {
            return;
        }
        let answer = Answer {
            text: text.trim().to_owned(),
            is_right: plain(text) == plain(&wanted),
        };
        self.checks.push(Check::Answer {
            question: ask.question.clone(),
            answer: answer.text.clone(),
            is_right: answer.is_right,
        });
        self.answers.insert(asked, answer);
    }

    /// Remembers a moment by its name.
    pub fn mark(&mut self, name: &str, work: &Work) {
        let mark = Mark::new(work.timeline().position(), work.cluster());
        self.marks.insert(name.to_owned(), mark);
    }

    /// Looks whether the cluster is as the lesson says.
    pub fn check(&mut self, expect: &scenario::expect::Expect, work: &Work) {
        let moment = Moment {
            cluster: work.cluster(),
            marks: &self.marks,
        };
        let wrong = match expect.check(moment) {
            Verdict::Holds => None,
            Verdict::Missing(what) => Some(what),
            Verdict::Fails(wrong) => Some(wrong.join("; ")),
        };
        self.checks.push(Check::Expectation {
            wrong: wrong.clone(),
        });
        if self.astray.is_none() {
            self.astray = wrong;
        }
    }
}
