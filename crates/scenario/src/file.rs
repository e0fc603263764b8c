//! The format of a scenario file.

use std::{collections::BTreeMap, fmt};

use objects::Position;
use serde::Deserialize;
use serde_json::Value;

use crate::expect::Expect;

/// A scenario as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    api_version: String,
    kind: String,
    #[serde(default)]
    pub metadata: Metadata,
    /// What it shows, in a few words.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub seed: u64,
    /// Of Kubernetes.
    #[serde(default = "default_version")]
    pub version: String,
    #[serde(default)]
    pub timing: BTreeMap<String, Value>,
    #[serde(default)]
    pub node_pools: Vec<NodePool>,
    #[serde(default)]
    pub objects: Vec<Value>,
    /// What `-f NAME` reads.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    #[serde(default, rename = "steps")]
    written_steps: Vec<Fields>,
    #[serde(skip)]
    pub steps: Vec<Step>,
}

fn default_version() -> String {
    "1.34".into()
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    #[serde(default)]
    pub name: String,
}

/// Many alike nodes: `NAME-1` to `NAME-count`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodePool {
    pub name: String,
    #[serde(default = "one")]
    pub count: u32,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// `KEY[=VALUE]:EFFECT`.
    #[serde(default)]
    pub taints: Vec<String>,
    #[serde(default)]
    pub allocatable: BTreeMap<String, Value>,
    /// Adds the label and the taint of a control-plane node.
    #[serde(default)]
    pub control_plane: bool,
}

fn one() -> u32 {
    1
}

/// One step. Which one is said by its first field.
#[derive(Clone, Debug)]
pub enum Step {
    Say(String),
    Kubectl {
        line: String,
        output: Option<String>,
        contains: Option<String>,
        fails: bool,
    },
    Fault(cluster::Fault),
    Run(RunFor),
    Expect(Box<Expect>),
    Mark(String),
}

/// How long time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFor {
    Quiet,
    Duration(objects::Millis),
    Steps(usize),
}

/// A step as it is written: any of its fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    say: Option<String>,
    kubectl: Option<String>,
    output: Option<String>,
    contains: Option<String>,
    #[serde(default)]
    fails: bool,
    fault: Option<String>,
    run: Option<Value>,
    expect: Option<Box<Expect>>,
    mark: Option<String>,
}

impl TryFrom<Fields> for Step {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let about_output = fields.output.is_some() || fields.contains.is_some() || fields.fails;
        let mut found = Vec::new();
        found.extend(fields.say.map(Self::Say));
        found.extend(fields.mark.map(Self::Mark));
        found.extend(fields.expect.map(Self::Expect));
        if let Some(line) = fields.kubectl {
            let (output, contains, fails) = (fields.output, fields.contains, fields.fails);
            found.push(Self::Kubectl {
                line,
                output,
                contains,
                fails,
            });
        } else if about_output {
            return Err("`output`, `contains` and `fails` go with `kubectl`".into());
        }
        if let Some(text) = fields.fault {
            found.push(Self::Fault(text.parse()?));
        }
        if let Some(value) = fields.run {
            found.push(Self::Run(RunFor::read(&value)?));
        }
        match (found.pop(), found.is_empty()) {
            (Some(step), true) => Ok(step),
            _ => Err(
                "a step has exactly one of `say`, `kubectl`, `fault`, `run`, `expect`, `mark`"
                    .into(),
            ),
        }
    }
}

impl RunFor {
    /// Reads `quiet`, a duration, or `N steps`.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn read(value: &Value) -> Result<Self, String> {
        let text = value.as_str().unwrap_or_default().trim();
        if text == "quiet" {
            return Ok(Self::Quiet);
        }
        let steps = text.strip_suffix(" steps").or(text.strip_suffix(" step"));
        if let Some(steps) = steps.and_then(|number| number.parse().ok()) {
            return Ok(Self::Steps(steps));
        }
        objects::Millis::parse_duration(text)
            .map(Self::Duration)
            .map_err(|_| {
                format!(
                    "cannot run for {value}: give `quiet`, a duration such as `60s`, or `5 steps`"
                )
            })
    }
}

/// Why a scenario cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    pub position: Position,
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: error: {}", self.position, self.message)
    }
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its place.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let mut scenario: Self = serde_yaml::from_str(text).map_err(|error| {
            let place = error.location();
            let position = Position {
                line: place.as_ref().map_or(1, serde_yaml::Location::line),
                column: place.as_ref().map_or(1, serde_yaml::Location::column),
            };
            let message = error.to_string();
            let end = message.find(" at line ").unwrap_or(message.len());
            ReadError {
                position,
                message: message[..end].to_owned(),
            }
        })?;
        let positions = objects::position::Positions::of(text, 0);
        let wrong = |field: &str, message: String| {
            Err(ReadError {
                position: positions.value(&objects::FieldPath::of(field)),
                message,
            })
        };
        if scenario.kind != "Scenario" {
            return wrong(
                "kind",
                format!("kind: expected Scenario, found {:?}", scenario.kind),
            );
        }
        if scenario.api_version != "daemonset-playground/v1" {
            let found = &scenario.api_version;
            return wrong(
                "apiVersion",
                format!("apiVersion: expected daemonset-playground/v1, found {found:?}"),
            );
        }
        if scenario.version != "1.34" {
            let found = &scenario.version;
            return wrong(
                "version",
                format!("version: only 1.34 is modelled, found {found:?}"),
            );
        }
        for (i, fields) in std::mem::take(&mut scenario.written_steps)
            .into_iter()
            .enumerate()
        {
            let field = objects::FieldPath::of("steps").index(i);
            let step = Step::try_from(fields).map_err(|message| ReadError {
                position: positions.value(&field),
                message: format!("{field}: {message}"),
            })?;
            scenario.steps.push(step);
        }
        Ok(scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "apiVersion: daemonset-playground/v1\nkind: Scenario\n";

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let check = |text: &str, want: &str| {
            let error = Scenario::read(text).map(|_| ()).unwrap_err();
            assert!(error.to_string().starts_with(want), "{error}\n{want}");
        };
        check(
            "kind: Pod\napiVersion: daemonset-playground/v1\n",
            "1:7: error: kind: expected Scenario, found \"Pod\"",
        );
        check(
            &format!("{HEAD}stpes: []\n"),
            "3:1: error: unknown field `stpes`",
        );
        check(
            &format!("{HEAD}steps:\n- run: soon\n"),
            "4:3: error: steps[0]: cannot run for \"soon\"",
        );
        check(
            &format!("{HEAD}steps:\n- fault: node/a explode\n"),
            "4:3: error: steps[0]: unknown fault",
        );
        check(
            &format!("{HEAD}steps:\n- {{say: a, mark: b}}\n"),
            "4:3: error: steps[0]: a step has exactly one of",
        );
        check(
            &format!("{HEAD}version: '1.20'\n"),
            "3:10: error: version: only 1.34 is modelled",
        );
    }
}
