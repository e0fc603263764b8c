//! The lesson leads its reader.

use kubectl::words;
use scenario::Step;

use super::{Model, documents::Tab, going::Until, lesson};
use crate::text;

impl Model {
    /// Does what the lesson does next, up to what it says next.
    pub(super) fn lead_on(&mut self) {
        let mut spoke = false;
        while let Some(step) = self.work.scenario().steps.get(self.work.n_led()).cloned() {
            let acts = matches!(step, Step::Kubectl(_) | Step::Fault(_) | Step::Run(_));
            if spoke && (acts || lesson::begins(&self.work.scenario().steps, self.work.n_led())) {
                break;
            }
            self.work.lead_to(self.work.n_led() + 1);
            self.n_changes += 1;
            match step {
                Step::Say(_) | Step::Ask(_) => spoke = true,
                Step::Kubectl(command) => {
                    // As the lesson has them, whatever was written in the editor.
                    let files = self.work.scenario().files.clone();
                    let output = self.kubectl_with(&command.line, &files, true);
                    if command.fails {
                        self.notice = None;
                    } else if output.exit_code == 0 {
                        self.show_applied(&command.line);
                        self.look_ahead();
                    }
                }
                Step::Fault(fault) => self.strike(fault),
                Step::Run(run_for) => {
                    self.go(Until::Lesson(run_for));
                    break;
                }
                Step::Expect(expect) => self.lesson.check(&expect, &self.work),
                Step::Mark(name) => self.lesson.mark(&name, &self.work),
                Step::Always(_) => {}
            }
        }
    }

    /// Goes to a step, as far as the lesson leads and the world goes by itself.
    pub(super) fn go_to(&mut self, step: usize) {
        while self.work.timeline().len() < step {
            let (before, led) = (self.work.timeline().len(), self.work.n_led());
            match self.going.is_some() || self.lesson.stopped.is_some() {
                true => self.go_on(step - before),
                false if led < self.work.scenario().steps.len() => self.lead_on(),
                false => drop(self.work.run(step - before)),
            }
            if (self.work.timeline().len(), self.work.n_led()) == (before, led) {
                break;
            }
        }
        self.stop();
        self.work.seek(step);
    }

    /// Shows the text that the lesson has applied.
    fn show_applied(&mut self, line: &str) {
        let words = words::split(line).unwrap_or_default();
        if let Some(file) = words.iter().skip_while(|it| *it != "-f").nth(1) {
            self.documents.select(&Tab::File(file.clone()));
        }
    }

    pub(super) fn answer(&mut self, asked: usize, answer: &str) {
        let Some(Step::Ask(ask)) = self.work.scenario().steps.get(asked) else {
            return;
        };
        if ask.answer.is_number() && answer.trim().parse::<f64>().is_err() {
            return self.complain(text::ANSWER_WITH_A_NUMBER);
        }
        if !answer.trim().is_empty() {
            self.lesson.take_answer(asked, ask, answer);
        }
    }
}
