//! Playing a scenario.

use cluster::{Input, Response, Step as WorldStep, Timeline};
use kubectl::Output;
use objects::FieldPath;

use crate::{
    Scenario, Wrong,
    always::Watch,
    expect::{Expect, Moment, Verdict},
    marks::{Mark, Marks},
    output,
    passing::Passing,
    pools,
    step::{Ask, Command, RunFor, Step},
};

/// A scenario at some point of its playing.
pub struct Run<'a> {
    scenario: &'a Scenario,
    timeline: Timeline,
    /// The scenario's step that comes next.
    next: usize,
    marks: Marks,
    watches: Vec<Watch<'a>>,
    /// What must hold after the next run, and which steps asked for it.
    asked: Vec<(usize, &'a Expect)>,
    n_passed: usize,
    failures: Vec<Failure>,
    is_stopped: bool,
}

/// What is told while a scenario plays.
pub enum Told<'a> {
    Said(&'a str),
    Asked(&'a Ask),
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which of the scenario's steps says what should have come, from 0. `None`: it is what comes
    /// after the last one.
    pub step: Option<usize>,
    /// What was expected and what was found, a line each.
    pub wrong: Vec<String>,
}

impl Failure {
    /// The field of the scenario's file that says what should have come.
    pub fn field(&self) -> Option<FieldPath> {
        let step = |index| FieldPath::of("steps").index(index);
        self.step.map(step)
    }
}

/// Why a scenario cannot go on from a step.
struct Stopped(Vec<String>);

impl<'a> Run<'a> {
    /// At the beginning. A seed takes the place of the scenario's.
    ///
    /// # Errors
    /// If the cluster cannot be made as the scenario says.
    pub fn new(scenario: &'a Scenario, seed: Option<u64>) -> Result<Self, Wrong> {
        Ok(Self {
            scenario,
            timeline: Timeline::new(pools::cluster(scenario, seed)?),
            next: 0,
            marks: Marks::new(),
            watches: Vec::new(),
            asked: Vec::new(),
            n_passed: 0,
            failures: Vec::new(),
            is_stopped: false,
        })
    }

    /// What has happened.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What has happened, to go on with otherwise.
    pub fn into_timeline(self) -> Timeline {
        self.timeline
    }

    /// The marks set so far.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// How many checks held: every `expect`, every `check` of an `ask` that was looked at, and
    /// every `always` that is not broken.
    pub fn checks_passed(&self) -> usize {
        self.n_passed + self.watches.iter().filter(|it| !it.is_broken).count()
    }

    /// How many checks of an `ask` wait for a run.
    pub fn checks_to_come(&self) -> usize {
        self.asked.len()
    }

    /// How many of the scenario's steps have not been played.
    pub fn steps_left(&self) -> usize {
        self.scenario.steps.len() - self.next
    }

    /// What did not come as it should, so far.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// Whether it cannot be played on: a command, a fault or a run did not do what it should, so
    /// nothing that comes after it would mean what it says.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Plays all steps that are left. A check that fails is noted, and the next step is played; a
    /// step that cannot be done is the last one.
    ///
    /// # Errors
    /// What failed, in the order in which it did.
    pub fn play(&mut self, mut tell: impl FnMut(Told<'_>)) -> Result<(), Vec<Failure>> {
        while self.play_next(&mut tell) {}
        match self.failures.is_empty() {
            true => Ok(()),
            false => Err(self.failures.clone()),
        }
    }

    /// Plays one step. Whether there was one.
    pub fn play_next(&mut self, tell: &mut impl FnMut(Told<'_>)) -> bool {
        let index = self.next;
        let Some(step) = self.scenario.steps.get(index) else {
            return false;
        };
        if self.is_stopped {
            return false;
        }
        self.next += 1;
        if let Err(Stopped(wrong)) = self.do_step(index, step, tell) {
            self.is_stopped = true;
            self.fail(Some(index), wrong);
        }
        true
    }

    /// Lets time pass after the last step.
    pub fn go_on(&mut self, run_for: RunFor, tell: &mut impl FnMut(Told<'_>)) {
        if let Err(Stopped(wrong)) = self.run_for(run_for, tell) {
            self.is_stopped = true;
            self.fail(None, wrong);
        }
    }

    fn fail(&mut self, step: Option<usize>, wrong: Vec<String>) {
        self.failures.push(Failure { step, wrong });
    }

    fn do_step(
        &mut self,
        index: usize,
        step: &'a Step,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), Stopped> {
        match step {
            Step::Say(text) => tell(Told::Said(text)),
            Step::Mark(name) => {
                let mark = Mark::new(self.timeline.position(), self.timeline.cluster());
                self.marks.insert(name.clone(), mark);
                tell(Told::Marked(name));
            }
            Step::Ask(ask) => {
                self.asked
                    .extend(ask.check.as_ref().map(|check| (index, check)));
                tell(Told::Asked(ask));
            }
            Step::Kubectl(command) => return self.command(index, command, tell),
            Step::Fault(fault) => {
                let input = Input::Fault(fault.clone());
                match self.timeline.act(input, &fault.to_string()) {
                    Ok(Response::Done(_)) => {
                        let number = self.timeline.len();
                        self.look_back(number - 1, tell);
                    }
                    Ok(Response::Unchanged) => {}
                    Err(error) => return Err(Stopped(vec![error.to_string()])),
                }
            }
            Step::Run(run_for) => return self.run_for(*run_for, tell),
            Step::Expect(expect) => self.check(index, expect, "", tell),
            Step::Always(expect) => {
                let moment = Moment {
                    cluster: self.timeline.cluster(),
                    marks: &self.marks,
                };
                self.watches.push(Watch::new(index, expect, moment));
            }
        }
        Ok(())
    }

    fn command(
        &mut self,
        index: usize,
        command: &Command,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<(), Stopped> {
        let before = self.timeline.len();
        let printed = kubectl::execute(&command.line, &self.scenario.files, &mut self.timeline);
        tell(Told::Command {
            line: &command.line,
            output: &printed,
        });
        self.look_back(before, tell);
        if let Err(wrong) = output::check_exit(command, &printed) {
            return Err(Stopped(vec![wrong]));
        }
        let wrong = output::check(command, &printed);
        if !wrong.is_empty() {
            self.fail(Some(index), wrong);
        }
        Ok(())
    }

    /// Whether an expectation holds now.
    fn check(
        &mut self,
        index: usize,
        expect: &Expect,
        name: &str,
        tell: &mut impl FnMut(Told<'_>),
    ) {
        let moment = Moment {
            cluster: self.timeline.cluster(),
            marks: &self.marks,
        };
        let wrong = match expect.check(moment) {
            Verdict::Holds => {
                self.n_passed += 1;
                return tell(Told::Expected);
            }
            Verdict::Missing(what) => vec![what],
            Verdict::Fails(wrong) => wrong,
        };
        let wrong = wrong.into_iter().map(|it| format!("{name}{it}"));
        self.fail(Some(index), wrong.collect());
    }

    /// Tells the steps from a number on that have been taken already, and looks after each at
    /// what must always hold.
    fn look_back(&mut self, since: usize, tell: &mut impl FnMut(Told<'_>)) {
        // Each moment between is gone to once more, unless nobody asks.
        let mut then = (!self.watches.is_empty() && self.timeline.len() > since + 1).then(|| {
            let mut then = self.timeline.clone();
            then.seek(since);
            then
        });
        for index in since..self.timeline.len() {
            if let Some(then) = &mut then {
                then.seek(index + 1);
            }
            let timeline = then.as_ref().unwrap_or(&self.timeline);
            let Some(step) = self.timeline.step(index) else {
                break;
            };
            let number = index + 1;
            tell(Told::Stepped { number, step });
            let moment = Moment {
                cluster: timeline.cluster(),
                marks: &self.marks,
            };
            look(&mut self.watches, number, step, moment, &mut self.failures);
        }
    }

    /// Lets time pass.
    fn run_for(&mut self, run_for: RunFor, tell: &mut impl FnMut(Told<'_>)) -> Result<(), Stopped> {
        let mut passing = Passing::new(run_for, self.timeline.cluster().now());
        while passing.step(&mut self.timeline) {
            self.look_at_last(tell);
        }
        let end = passing.end(self.timeline.cluster().now());
        end.map_err(|wrong| Stopped(vec![wrong]))?;
        // What a step changed besides the object it names is seen now at the latest.
        let moment = Moment {
            cluster: self.timeline.cluster(),
            marks: &self.marks,
        };
        self.watches.iter_mut().for_each(|it| it.count(moment));
        for (index, check) in std::mem::take(&mut self.asked) {
            self.check(index, check, "check: ", tell);
        }
        Ok(())
    }

    fn look_at_last(&mut self, tell: &mut impl FnMut(Told<'_>)) {
        let number = self.timeline.position();
        let Some(step) = self.timeline.last_step() else {
            return;
        };
        tell(Told::Stepped { number, step });
        let moment = Moment {
            cluster: self.timeline.cluster(),
            marks: &self.marks,
        };
        look(&mut self.watches, number, step, moment, &mut self.failures);
    }
}

/// Looks after a step at what must always hold.
fn look(
    watches: &mut [Watch<'_>],
    number: usize,
    step: &WorldStep,
    moment: Moment<'_>,
    failures: &mut Vec<Failure>,
) {
    for watch in watches {
        let wrong = watch.look(step.object.as_ref(), moment);
        if !wrong.is_empty() {
            let wrong = wrong.into_iter();
            failures.push(Failure {
                step: Some(watch.step),
                wrong: wrong
                    .map(|it| format!("{it}, after step {number}, {step}"))
                    .collect(),
            });
        }
    }
}
