//! What a person does with a scenario, kept in the scenario's own language.

use std::ops::Range;

use cluster::{ApiError, Fault, Input, Timeline};
use kubectl::{Files, Output, words};
use objects::Millis;

use crate::{Run, Scenario, Step, Wrong, passing::Passing, step::Command, step::RunFor};

/// A scenario as the beginning, and all that was done since, its own steps among it.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its steps are those that a reader is led through; they are not done by themselves.
    pub scenario: Scenario,
    inputs: Vec<Done>,
    /// How many of the scenario's own steps were done.
    pub next: usize,
    /// At which step of the timeline it stands.
    pub position: usize,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq)]
struct Done {
    what: Step,
    /// The steps of the timeline that came of it.
    range: Range<usize>,
    /// When it began.
    since: Millis,
}

impl Session {
    /// At the beginning of a scenario.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            inputs: Vec::new(),
            next: 0,
            position: 0,
        }
    }

    /// With what was done since; to be opened before it goes on.
    pub(crate) fn with_inputs(mut self, steps: Vec<Step>) -> Self {
        let done = |what| Done {
            what,
            range: 0..0,
            since: Millis(0),
        };
        self.inputs = steps.into_iter().map(done).collect();
        self
    }

    /// What was done, in order.
    pub fn inputs(&self) -> impl Iterator<Item = &Step> {
        self.inputs.iter().map(|it| &it.what)
    }

    /// Does a command, and keeps it with the files that it names.
    ///
    /// Commands are done whole: what changes something in the midst of one comes after it.
    pub fn kubectl(&mut self, line: &str, files: &Files, timeline: &mut Timeline) -> Output {
        if let Some(end) = self.end_of_moment(timeline) {
            let mut tried = timeline.clone();
            kubectl::execute(line, files, &mut tried);
            if Before::of(timeline).since(&tried).is_some() {
                timeline.seek(end);
            }
        }
        let before = Before::of(timeline);
        let output = kubectl::execute(line, files, timeline);
        if let Some(since) = before.since(timeline) {
            let command = Command {
                line: self.keep_files(line, files),
                fails: output.exit_code != 0,
                ..Command::default()
            };
            self.put(Step::Kubectl(command), since, before.now, timeline);
        } else {
            self.extend(&before, timeline);
        }
        output
    }

    /// Does to the machines what no command can.
    ///
    /// # Errors
    /// If there is no such machine or component.
    pub fn fault(&mut self, fault: Fault, timeline: &mut Timeline) -> Result<(), ApiError> {
        if let Some(end) = self.end_of_moment(timeline) {
            timeline.seek(end);
        }
        self.position = timeline.position();
        let before = Before::of(timeline);
        timeline.act(Input::Fault(fault.clone()), &fault.to_string())?;
        if let Some(since) = before.since(timeline) {
            self.put(Step::Fault(fault), since, before.now, timeline);
        }
        Ok(())
    }

    /// Lets time pass.
    pub fn run(&mut self, run_for: RunFor, timeline: &mut Timeline) {
        let mut passing = Passing::new(run_for, timeline.cluster().now());
        let deadline = passing.deadline;
        // What is known already is gone through, and only what is new is kept.
        let known = timeline.len();
        while timeline.position() < known && passing.step(timeline) {}
        let (since, now) = (timeline.position(), timeline.cluster().now());
        self.position = since;
        if since == known && deadline.is_none_or(|deadline| deadline >= now) {
            while passing.step(timeline) {}
            let kept = match (run_for, deadline) {
                // It came to quiet before.
                (RunFor::Steps(_), _) if passing.has_ended() => RunFor::Quiet,
                (RunFor::Steps(_), _) => RunFor::Steps(timeline.position() - since),
                (_, Some(deadline)) => RunFor::Duration(deadline - now),
                (_, None) => RunFor::Quiet,
            };
            self.put(Step::Run(kept), since, now, timeline);
        }
    }

    /// Keeps a remark, or a name for the moment; in the past only if nothing came after it.
    pub fn note(&mut self, step: Step, timeline: &Timeline) {
        let before = Before::of(timeline);
        if let Some(since) = before.since(timeline) {
            self.put(step, since, before.now, timeline);
        }
    }

    /// Where what is going on comes to a point at which something else can be done: a command is
    /// done whole, and so is a moment of a run that is told by its length.
    fn end_of_moment(&self, timeline: &Timeline) -> Option<usize> {
        let position = timeline.position();
        let mut inputs = self.inputs.iter();
        let done = inputs.find(|it| it.range.start < position && position < it.range.end)?;
        match done.what {
            Step::Run(RunFor::Duration(_)) => {
                let now = timeline.step(position.checked_sub(1)?)?.time;
                let is_later = |at: &usize| timeline.step(*at).is_none_or(|it| it.time > now);
                (position..=done.range.end).find(is_later)
            }
            Step::Run(_) => None,
            _ => Some(done.range.end),
        }
    }

    /// Keeps the time that passed after what was known, by a command that waited for it.
    fn extend(&mut self, before: &Before, timeline: &Timeline) {
        self.position = timeline.position();
        if self.position < timeline.len() {
            return;
        }
        let steps = timeline.len().saturating_sub(before.len);
        let last = timeline.last_step().filter(|_| steps > 0);
        let since = last.map_or(before.end, |it| it.time);
        if steps > 0 {
            let run = Step::Run(RunFor::Steps(steps));
            self.put(run, before.len, before.end, timeline);
        }
        let now = timeline.cluster().now();
        if now > since {
            let waited = RunFor::Duration(now - since);
            self.put(Step::Run(waited), timeline.len(), since, timeline);
        }
    }

    /// Keeps what was done at a position; what came after that, in a past that is no more, goes.
    fn put(&mut self, what: Step, position: usize, since: Millis, timeline: &Timeline) {
        self.inputs
            .retain(|it| it.range.start < position || it.range.end <= position);
        if let Some(last) = self.inputs.last_mut()
            && last.range.end > position
        {
            // It was left in the midst of a run: so far it went.
            let steps = position - last.range.start;
            last.what = Step::Run(match last.what {
                Step::Run(RunFor::Duration(_)) if !leads(timeline, last.range.start, steps) => {
                    RunFor::Duration(since - last.since)
                }
                _ => RunFor::Steps(steps),
            });
            last.range.end = position;
        }
        let range = position..timeline.position();
        self.position = range.end;
        if let Step::Run(RunFor::Steps(_)) = what
            && let Some(last) = self.inputs.last_mut()
            && let Step::Run(RunFor::Steps(steps)) = &mut last.what
        {
            *steps += range.len();
            last.range.end = range.end;
            return;
        }
        self.inputs.push(Done { what, range, since });
    }

    /// Keeps the files that a command names. One whose text has changed gets another name, which
    /// the command then gets, too.
    fn keep_files(&mut self, line: &str, files: &Files) -> String {
        let Ok(mut words) = words::split(line) else {
            return line.to_owned();
        };
        let mut renamed = false;
        for word in &mut words {
            let starts = ["--filename=", "--patch-file=", "-f=", "-f", ""];
            let named = starts.iter().find_map(|start| {
                let name = word.strip_prefix(start)?;
                Some((*start, name.to_owned(), files.get(name)?))
            });
            let Some((start, name, text)) = named else {
                continue;
            };
            let kept = self.keep(&name, text);
            renamed |= kept != name;
            *word = format!("{start}{kept}");
        }
        if !renamed {
            return line.to_owned();
        }
        let words: Vec<String> = words.iter().map(|it| words::quoted(it)).collect();
        words.join(" ")
    }

    fn keep(&mut self, name: &str, text: &str) -> String {
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
            _ => (name, String::new()),
        };
        let others = (2..).map(|number| format!("{stem}-{number}{ending}"));
        for name in std::iter::once(name.to_owned()).chain(others) {
            match self.scenario.files.get(&name) {
                Some(there) if there != text => {}
                _ => {
                    self.scenario.files.insert(name.clone(), text.to_owned());
                    return name;
                }
            }
        }
        name.to_owned()
    }

    /// As a scenario that does the same: its steps are what was done.
    pub fn to_scenario(&self) -> Scenario {
        Scenario {
            steps: self.inputs().cloned().collect(),
            ..self.scenario.clone()
        }
    }

    /// Does all again that was done, and stands where it stood.
    ///
    /// # Errors
    /// If the cluster cannot be made as the scenario says.
    pub fn open(&mut self) -> Result<Timeline, Wrong> {
        let scenario = self.to_scenario();
        let mut run = Run::new(&scenario, None)?;
        for done in &mut self.inputs {
            let start = run.timeline().position();
            done.since = run.timeline().cluster().now();
            run.play_next(&mut |_| {});
            done.range = start..run.timeline().position();
        }
        let mut timeline = run.into_timeline();
        timeline.seek(self.position.min(timeline.len()));
        Ok(timeline)
    }
}

/// Whether so many steps can be taken from a position before the world is quiet.
fn leads(timeline: &Timeline, from: usize, steps: usize) -> bool {
    let mut then = timeline.clone();
    then.seek(from);
    let mut anew = Timeline::new(then.cluster().clone());
    (0..steps).all(|_| anew.forward().is_some())
}

/// How a timeline was before something was done.
struct Before {
    position: usize,
    now: Millis,
    len: usize,
    n_branches: usize,
    /// The time at the end of what is known.
    end: Millis,
}

impl Before {
    fn of(timeline: &Timeline) -> Self {
        Self {
            position: timeline.position(),
            now: timeline.cluster().now(),
            len: timeline.len(),
            n_branches: timeline.branches().count(),
            end: match timeline.position() == timeline.len() {
                true => timeline.cluster().now(),
                false => {
                    let mut end = timeline.clone();
                    end.seek(end.len());
                    end.cluster().now()
                }
            },
        }
    }

    /// Since when what was done is new; `None` if it was done in the past and changed nothing.
    fn since(&self, timeline: &Timeline) -> Option<usize> {
        let is_new = self.position == self.len || timeline.branches().count() > self.n_branches;
        is_new.then_some(self.position)
    }
}
