//! A cluster to play with, asked and answered in values.

use cluster::{Input, Timeline};
use kubectl::Files;
use objects::{Problem, position::Places};
use scenario::{
    Failure, Passing, Run, RunFor, Scenario, Step, Told, json as tell, opening, subject,
};
use serde_json::{Value, json};

/// A scenario or objects, and what came of them.
pub struct Playground {
    text: String,
    scenario: Scenario,
    timeline: Timeline,
    warnings: Vec<Problem>,
}

/// How far a scenario is played.
#[derive(Clone, Copy, Debug)]
pub enum Until<'a> {
    /// So many of its steps.
    Steps(usize),
    Mark(&'a str),
}

impl Playground {
    /// Begins with a scenario or with Kubernetes objects; see [`opening::open`].
    ///
    /// # Errors
    /// All that is wrong with the text.
    pub fn load(text: &str) -> Result<Self, Value> {
        let opened = opening::open(text).map_err(|it| problems(&it))?;
        Ok(Self {
            text: text.to_owned(),
            scenario: opened.scenario,
            timeline: opened.timeline,
            warnings: opened.warnings,
        })
    }

    /// What was passed over.
    pub fn warnings(&self) -> Value {
        problems(&self.warnings)
    }

    /// Takes the next step; `None`: the cluster is quiet.
    pub fn step(&mut self) -> Option<Value> {
        self.timeline.forward()?;
        let step = self.timeline.last_step()?;
        Some(tell::step(self.timeline.position(), step))
    }

    /// Undoes a step. Whether there was one.
    pub fn back(&mut self) -> bool {
        self.timeline.back()
    }

    /// Goes to where so many steps have been taken, as far as is known, and says where that is.
    pub fn seek(&mut self, step: usize) -> usize {
        self.timeline.seek(step);
        self.timeline.position()
    }

    /// Lets time pass, for as long as a scenario's `run` says.
    ///
    /// # Errors
    /// If that is no length, or the run has no end.
    pub fn run(&mut self, until: &str) -> Result<Value, String> {
        let mut passing = Passing::new(RunFor::parse(until)?, self.timeline.cluster().now());
        let mut steps = 0;
        while passing.step(&mut self.timeline) {
            steps += 1;
        }
        let cluster = self.timeline.cluster();
        passing.end(cluster.now())?;
        Ok(json!({
            "steps": steps,
            "timeMs": cluster.now().0,
            "quiet": cluster.is_quiet(),
        }))
    }

    /// Where it stands, with Kubernetes' own objects, as JSON.
    pub fn state(&self) -> String {
        tell::state(&self.timeline)
    }

    /// Does a command now. Files are what `-f` reads, beside those of the scenario.
    pub fn kubectl(&mut self, line: &str, files: Files) -> Value {
        let output = if files.is_empty() {
            kubectl::execute(line, &self.scenario.files, &mut self.timeline)
        } else {
            let mut all = self.scenario.files.clone();
            all.extend(files);
            kubectl::execute(line, &all, &mut self.timeline)
        };
        json!({ "output": output.text, "exitCode": output.exit_code })
    }

    /// Lets the world strike.
    ///
    /// # Errors
    /// If it is no fault, or there is nothing it could befall.
    pub fn fault(&mut self, fault: &str) -> Result<(), String> {
        let fault: cluster::Fault = fault.parse()?;
        let command = fault.to_string();
        let done = self.timeline.act(Input::Fault(fault), &command);
        done.map(drop).map_err(|error| error.to_string())
    }

    /// Why a node runs the pod of a DaemonSet, or does not. It need not be named if there is one.
    ///
    /// # Errors
    /// If there is no such node, or it is not clear which DaemonSet is meant.
    pub fn explain(&self, node: &str, daemon_set: Option<&str>) -> Result<Value, String> {
        let cluster = self.timeline.cluster();
        let store = cluster.store();
        let keys: Vec<String> = store.daemon_sets.values().map(|it| it.key()).collect();
        let meant = match (&keys[..], daemon_set) {
            ([], _) => return Err("there is no DaemonSet in the cluster".to_owned()),
            (_, Some(wanted)) => subject::daemon_set(&keys, wanted)?,
            ([_], None) => 0,
            (_, None) => {
                let keys = keys.join(", ");
                return Err(format!("several DaemonSets: name one of {keys}"));
            }
        };
        let there = store.daemon_sets.iter().nth(meant);
        let told = there.and_then(|(key, it)| Some((it, cluster.explain_now(key, node)?)));
        match told {
            Some((daemon_set, explanation)) => Ok(tell::explanation(&explanation, daemon_set)),
            None => {
                let others = subject::other_nodes(store.nodes.keys().map(|it| &**it));
                let others = others.unwrap_or_else(|| "there are none".to_owned());
                Err(format!("no node {node}; {others}"))
            }
        }
    }

    /// Plays the scenario's own steps, from the beginning, and stands where they led. Without
    /// steps nothing is done.
    ///
    /// # Errors
    /// If there is no such mark.
    pub fn play(&mut self, until: Until<'_>) -> Result<Value, String> {
        let count = match until {
            Until::Steps(count) => count.min(self.scenario.steps.len()),
            Until::Mark(mark) => self.marked(mark)?,
        };
        if self.scenario.steps.is_empty() {
            return Ok(json!({
                "steps": self.timeline.len(),
                "timeMs": self.timeline.cluster().now().0,
                "quiet": self.timeline.cluster().is_quiet(),
                "digest": self.timeline.cluster().digest(),
                "checks": { "passed": 0, "failed": 0 },
                "failures": [],
                "unchecked": 0,
                "unplayed": 0,
                "told": [],
            }));
        }
        let mut run = Run::new(&self.scenario, None).map_err(|wrong| wrong.to_string())?;
        let (mut told, mut position) = (Vec::new(), 0);
        for index in 0..count {
            let mut listen = |it: Told<'_>| {
                if let Told::Stepped { number, .. } = it {
                    position = number;
                }
                told.extend(heard(index, position, &it));
            };
            if !run.play_next(&mut listen) {
                break;
            }
        }
        let mut summary = tell::summary(&run);
        summary["failures"] = failures(run.failures(), &self.text);
        summary["unchecked"] = run.checks_to_come().into();
        summary["unplayed"] = run.steps_left().into();
        summary["told"] = told.into();
        self.timeline = run.into_timeline();
        Ok(summary)
    }

    /// How many steps it takes to come to a mark.
    fn marked(&self, mark: &str) -> Result<usize, String> {
        let steps = &self.scenario.steps;
        let is_it = |step: &Step| matches!(step, Step::Mark(name) if name == mark);
        let place = steps.iter().position(is_it);
        place.map(|at| at + 1).ok_or_else(|| {
            let marks = steps.iter().filter_map(|step| match step {
                Step::Mark(name) => Some(name.as_str()),
                _ => None,
            });
            match marks.collect::<Vec<_>>().join(", ") {
                none if none.is_empty() => format!("no mark {mark}; the scenario has none"),
                marks => format!("no mark {mark}; there are {marks}"),
            }
        })
    }
}

/// What is said in playing, besides the steps.
fn heard(index: usize, position: usize, told: &Told<'_>) -> Option<Value> {
    let mut value = match told {
        Told::Said(text) => json!({ "say": text }),
        Told::Marked(name) => json!({ "mark": name }),
        Told::Command { line, output } => json!({
            "kubectl": line,
            "output": output.text,
            "exitCode": output.exit_code,
        }),
        Told::Asked(ask) => json!({ "ask": {
            "question": ask.question,
            "answer": ask.answer,
            "because": ask.because,
        } }),
        Told::Stepped { .. } | Told::Expected => return None,
    };
    value["index"] = index.into();
    value["position"] = position.into();
    Some(value)
}

fn failures(failures: &[Failure], text: &str) -> Value {
    let fields: Vec<_> = failures.iter().filter_map(Failure::field).collect();
    let places = Places::find(text, fields.iter().map(|field| (0, field)));
    let told = failures.iter().map(|failure| {
        let field = failure.field();
        let position = field.as_ref().map(|field| places.value(0, field));
        json!({
            "index": failure.step,
            "line": position.map(|it| it.line),
            "column": position.map(|it| it.column),
            "field": field.map(|it| it.to_string()),
            "wrong": failure.wrong,
        })
    });
    told.collect()
}

fn problems(problems: &[Problem]) -> Value {
    let told = problems.iter().map(|problem| {
        json!({
            "line": problem.position.line,
            "column": problem.position.column,
            "field": problem.field.to_string(),
            "message": problem.message,
            "text": problem.to_string(),
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests;
