//! Playing a scenario.

use cluster::{Response, Step as WorldStep, Timeline};
use kubectl::Output;
use objects::Millis;

use crate::{
    Scenario,
    expect::Expect,
    file::{RunFor, Step},
    pools,
};

/// A run to quiet that takes more steps than this will never end.
pub const STEPS_MAX: usize = 1_000_000;

/// A scenario at some point of its playing.
pub struct Run<'a> {
    scenario: &'a Scenario,
    timeline: Timeline,
    checks_passed: usize,
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
            self.step(step, &mut tell)
                .map_err(|wrong| Failure { step: index, wrong })?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step, tell: &mut impl FnMut(Told<'_>)) -> Result<(), Vec<String>> {
        match step {
            Step::Say(text) => tell(Told::Said(text)),
            Step::Mark(name) => tell(Told::Marked(name)),
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
                for number in before..self.timeline.len() {
                    if let Some(step) = self.timeline.step(number) {
                        tell(Told::Stepped {
                            number: number + 1,
                            step,
                        });
                    }
                }
                return check_output(&printed, output.as_deref(), contains.as_deref(), *fails);
            }
            Step::Fault(fault) => {
                match self
                    .timeline
                    .act(cluster::Input::Fault(fault.clone()), &fault.to_string())
                {
                    Ok(Response::Done(step)) => {
                        tell(Told::Stepped {
                            number: self.timeline.len(),
                            step: &step,
                        });
                    }
                    Ok(Response::Unchanged) => {}
                    Err(error) => return Err(vec![error.to_string()]),
                }
            }
            Step::Run(run_for) => return self.run_for(*run_for, tell).map_err(|error| vec![error]),
            Step::Expect(expect) => return self.expect(expect, tell),
        }
        Ok(())
    }

    fn expect(
        &mut self,
        expect: &Expect,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), Vec<String>> {
        let wrong = expect.check(self.timeline.cluster());
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.checks_passed += 1;
        tell(Told::Expected);
        Ok(())
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// If quiet was asked for and does not come.
    pub fn run_for(
        &mut self,
        run_for: RunFor,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), String> {
        let deadline = match run_for {
            RunFor::Duration(duration) => Some(self.timeline.cluster().now() + duration),
            RunFor::Quiet | RunFor::Steps(_) => None,
        };
        let steps_max = if let RunFor::Steps(steps) = run_for {
            steps
        } else {
            STEPS_MAX
        };
        for _ in 0..steps_max {
            let number = self.timeline.len() + 1;
            let step = match deadline {
                Some(deadline) => self.timeline.forward_before(deadline),
                None => self.timeline.forward(),
            };
            match step {
                Some(step) => tell(Told::Stepped { number, step }),
                None => return Ok(()),
            }
        }
        match run_for {
            RunFor::Steps(_) => Ok(()),
            _ => Err(format!(
                "not quiet after {STEPS_MAX} steps, at T+{}",
                Millis(self.timeline.cluster().now().0)
            )),
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
