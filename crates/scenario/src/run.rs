//! Playing a scenario.

use cluster::{Step as WorldStep, Timeline};
use kubectl::Output;
use objects::Millis;

use crate::{
    Scenario,
    expect::{Expect, Marks},
    file::{Ask, RunFor, Step},
    pools,
};

/// A run to quiet that takes more steps than this will never end.
pub const STEPS_MAX: usize = 1_000_000;

/// A scenario at some point of its playing.
pub struct Run<'a> {
    scenario: &'a Scenario,
    timeline: Timeline,
    checks_passed: usize,
    marks: Marks,
    /// What must hold always, with which of the scenario's steps said so.
    always: Vec<(usize, &'a Expect)>,
    /// What must hold after the next run, for the same.
    asked: Vec<(usize, &'a Ask)>,
}

/// What is told while a scenario plays.
pub enum Told<'a> {
    Said(&'a str),
    Command {
        line: &'a str,
        output: &'a Output,
    },
    /// Something happened; `number` counts from 1.
    Stepped {
        number: usize,
        step: &'a WorldStep,
    },
    Expected,
    Marked(&'a str),
    /// The reader is to predict.
    Asked(&'a Ask),
    /// What the reader was asked has come out.
    Answered(&'a Ask),
}

/// What did not come as it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Which of the scenario's steps, from 0.
    pub step: usize,
    /// What was expected and what was found, a line each.
    pub wrong: Vec<String>,
}

impl<'a> Run<'a> {
    /// At the beginning. A seed takes the place of the scenario's.
    ///
    /// # Errors
    /// If the cluster cannot be made as the scenario says.
    pub fn new(scenario: &'a Scenario, seed: Option<u64>) -> Result<Self, String> {
        let timeline = Timeline::new(pools::cluster(scenario, seed)?);
        Ok(Self {
            scenario,
            timeline,
            checks_passed: 0,
            marks: Marks::new(),
            always: Vec::new(),
            asked: Vec::new(),
        })
    }

    /// What has happened.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// How many expectations held.
    pub fn checks_passed(&self) -> usize {
        self.checks_passed
    }

    /// Plays all steps, up to the first that fails.
    ///
    /// # Errors
    /// The step that failed, with what was expected and what was found.
    pub fn play(&mut self, mut tell: impl FnMut(Told<'_>)) -> Result<(), Failure> {
        let scenario = self.scenario;
        for (index, step) in scenario.steps.iter().enumerate() {
            self.step(index, step, &mut tell)?;
        }
        self.answer(&mut tell)
    }

    fn step(
        &mut self,
        index: usize,
        step: &'a Step,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), Failure> {
        let failed = |wrong: Vec<String>| Failure { step: index, wrong };
        match step {
            Step::Say(text) => tell(Told::Said(text)),
            Step::Mark(name) => {
                self.timeline.mark(name);
                let cluster = self.timeline.cluster().clone();
                self.marks.insert(name.clone(), cluster);
                tell(Told::Marked(name));
            }
            Step::Kubectl {
                line,
                output,
                contains,
                fails,
            } => {
                let before = self.timeline.len();
                let printed = kubectl::execute(line, &self.scenario.files, &mut self.timeline);
                tell(Told::Command {
                    line,
                    output: &printed,
                });
                self.tell_since(before, tell);
                check_output(&printed, output.as_deref(), contains.as_deref(), *fails)
                    .map_err(failed)?;
                self.check_always()?;
            }
            Step::Fault(fault) => {
                let before = self.timeline.len();
                let input = cluster::Input::Fault(fault.clone());
                let done = self.timeline.act(input, &fault.to_string());
                done.map_err(|error| failed(vec![error.to_string()]))?;
                self.tell_since(before, tell);
                self.check_always()?;
            }
            Step::Run(run_for) => {
                self.run_step(*run_for, tell)
                    .map_err(|failure| failure.at(index))?;
                self.answer(tell)?;
            }
            Step::Expect(expect) => {
                let wrong = expect.check(self.timeline.cluster(), &self.marks);
                if !wrong.is_empty() {
                    return Err(failed(wrong));
                }
                self.checks_passed += 1;
                tell(Told::Expected);
            }
            Step::Always(expect) => {
                self.always.push((index, expect));
                self.checks_passed += 1;
                self.check_always()?;
            }
            Step::Ask(ask) => {
                self.asked.push((index, ask));
                tell(Told::Asked(ask));
            }
        }
        Ok(())
    }

    fn tell_since(&self, before: usize, tell: &mut impl FnMut(Told<'_>)) {
        for number in before..self.timeline.len() {
            if let Some(step) = self.timeline.step(number) {
                let number = number + 1;
                tell(Told::Stepped { number, step });
            }
        }
    }

    /// What must hold always.
    fn check_always(&mut self) -> Result<(), Failure> {
        for (step, expect) in &self.always {
            let mut wrong = expect.check_always(self.timeline.cluster(), &self.marks);
            if !wrong.is_empty() {
                self.checks_passed -= 1;
                if let Some(last) = self.timeline.last_step() {
                    let number = self.timeline.position();
                    wrong.push(format!("since step {number}: {last}"));
                }
                return Err(Failure { step: *step, wrong });
            }
        }
        Ok(())
    }

    /// The questions asked are answered.
    fn answer(&mut self, tell: &mut impl FnMut(Told<'_>)) -> Result<(), Failure> {
        for (step, ask) in std::mem::take(&mut self.asked) {
            if let Some(check) = &ask.check {
                let wrong = check.check(self.timeline.cluster(), &self.marks);
                if !wrong.is_empty() {
                    return Err(Failure { step, wrong });
                }
                self.checks_passed += 1;
            }
            tell(Told::Answered(ask));
        }
        Ok(())
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// If quiet was asked for and does not come, or something does not hold that must always.
    pub fn run_for(
        &mut self,
        run_for: RunFor,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), RunFailure> {
        self.run_step(run_for, tell)
    }

    fn run_step(
        &mut self,
        run_for: RunFor,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), RunFailure> {
        let deadline = match run_for {
            RunFor::Duration(duration) => Some(self.timeline.cluster().now() + duration),
            RunFor::Quiet | RunFor::Steps(_) => None,
        };
        let steps_max = match run_for {
            RunFor::Steps(steps) => steps,
            RunFor::Quiet | RunFor::Duration(_) => STEPS_MAX,
        };
        let mut steps = 0;
        let mut time = self.timeline.cluster().now();
        while steps < steps_max {
            let number = self.timeline.len() + 1;
            let step = match deadline {
                Some(deadline) => self.timeline.forward_before(deadline),
                None => self.timeline.forward(),
            };
            match step {
                Some(step) => {
                    // A duration ends by itself, as long as time passes.
                    if deadline.is_some() && step.time > time {
                        (time, steps) = (step.time, 0);
                    }
                    tell(Told::Stepped { number, step });
                }
                None => return Ok(()),
            }
            steps += 1;
            self.check_always().map_err(RunFailure::Always)?;
        }
        match run_for {
            RunFor::Steps(_) => Ok(()),
            RunFor::Quiet | RunFor::Duration(_) => Err(RunFailure::Endless(format!(
                "not quiet after {STEPS_MAX} steps, at T+{}",
                Millis(self.timeline.cluster().now().0)
            ))),
        }
    }
}

/// Why time did not pass as it should.
#[derive(Clone, Debug, PartialEq)]
pub enum RunFailure {
    /// It goes on and on.
    Endless(String),
    /// Something did not hold that must always.
    Always(Failure),
}

impl RunFailure {
    /// The failure, if it was this of the scenario's steps that let time pass.
    fn at(self, step: usize) -> Failure {
        match self {
            Self::Endless(message) => Failure {
                step,
                wrong: vec![message],
            },
            Self::Always(failure) => failure,
        }
    }
}

/// Blanks at line ends and newlines at the end do not count.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn check_output(
    printed: &Output,
    output: Option<&str>,
    contains: Option<&str>,
    fails: bool,
) -> Result<(), Vec<String>> {
    let mut wrong = Vec::new();
    if (printed.exit_code != 0) != fails {
        let expected = if fails {
            "another exit code than 0"
        } else {
            "exit code 0"
        };
        wrong.push(format!(
            "expected {expected}, found {}:\n{}",
            printed.exit_code,
            printed.text.trim_end()
        ));
    }
    let found = tidy(&printed.text);
    if let Some(output) = output.map(tidy).filter(|output| *output != found) {
        wrong.push(format!("expected output:\n{output}\nfound:\n{found}"));
    }
    if let Some(text) = contains.filter(|text| !found.contains(&tidy(text))) {
        wrong.push(format!("expected output with:\n{text}\nfound:\n{found}"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
