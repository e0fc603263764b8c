//! The format of a scenario file.

use std::{collections::BTreeMap, fmt};

use objects::{FieldPath, Position, Problem, decode::without_nulls, position::Places};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::expect::Expect;

/// A scenario as it is written.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub metadata: Metadata,
    /// What it shows, in a few words.
    pub title: String,
    pub seed: u64,
    /// Latencies by name.
    pub timing: BTreeMap<String, Value>,
    pub node_pools: Vec<NodePool>,
    pub objects: Vec<Value>,
    /// What `-f NAME` reads.
    pub files: BTreeMap<String, String>,
    pub steps: Vec<Step>,
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
    /// Must hold after every step from here to the end.
    Always(Box<Expect>),
    Mark(String),
    /// The reader predicts before going on.
    Ask(Box<Ask>),
}

/// A question to the reader, and what shows who was right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub question: String,
    pub answer: Answer,
    #[serde(default)]
    pub because: String,
    /// Must hold after the next `run`.
    pub check: Option<Expect>,
}

/// An answer as it is written: text, a number, yes or no.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    Text(String),
    Number(i64),
    YesNo(bool),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::YesNo(true) => f.write_str("yes"),
            Self::YesNo(false) => f.write_str("no"),
        }
    }
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
    always: Option<Box<Expect>>,
    mark: Option<String>,
    ask: Option<Box<Ask>>,
}

impl TryFrom<Fields> for Step {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let about_output = fields.output.is_some() || fields.contains.is_some() || fields.fails;
        let mut found = Vec::new();
        found.extend(fields.say.map(Self::Say));
        found.extend(fields.mark.map(Self::Mark));
        found.extend(fields.expect.map(Self::Expect));
        found.extend(fields.always.map(Self::Always));
        found.extend(fields.ask.map(Self::Ask));
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
                "a step has exactly one of `say`, `kubectl`, `fault`, `run`, `expect`, `always`, `mark`, `ask`"
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
        let (documents, problems) = objects::decode::documents(text);
        if let Some(problem) = problems.into_iter().next() {
            let Problem {
                position, message, ..
            } = problem;
            return Err(ReadError { position, message });
        }
        let mut reader = Reader {
            fields: Map::new(),
            text,
        };
        match <[_; 1]>::try_from(documents).map(|[document]| without_nulls(document.value)) {
            Ok(Value::Object(fields)) => reader.fields = fields,
            _ => {
                let message = "a scenario is one document with apiVersion and kind".to_owned();
                return Err(reader.wrong(&FieldPath::root(), message));
            }
        }
        reader.constant("kind", "Scenario", None)?;
        reader.constant("apiVersion", "daemonset-playground/v1", None)?;
        reader.constant("version", "1.34", Some("1.34"))?;
        let scenario = Self {
            metadata: reader.field("metadata")?,
            title: reader.field("title")?,
            seed: reader.field("seed")?,
            timing: reader.field("timing")?,
            node_pools: reader.list("nodePools", Ok)?,
            objects: reader.field("objects")?,
            files: reader.field("files")?,
            steps: reader.list("steps", |fields: Fields| Step::try_from(fields))?,
        };
        reader.marks_are_set(&scenario.steps)?;
        match reader.fields.keys().next() {
            Some(unknown) => {
                let field = FieldPath::root().child_field(unknown);
                Err(ReadError {
                    position: Places::find(text, [(0, &field)]).key(0, &field),
                    message: format!("unknown field `{unknown}`"),
                })
            }
            None => Ok(scenario),
        }
    }
}

/// Takes the fields of a file out, one after the other, and knows where each stood.
struct Reader<'a> {
    fields: Map<String, Value>,
    text: &'a str,
}

impl Reader<'_> {
    fn wrong(&self, field: &FieldPath, message: String) -> ReadError {
        ReadError {
            position: Places::find(self.text, [(0, field)]).value(0, field),
            message,
        }
    }

    fn typed<T: DeserializeOwned>(&self, value: Value, field: &FieldPath) -> Result<T, ReadError> {
        let typed = serde_json::from_value(value);
        typed.map_err(|error| self.wrong(field, format!("{field}: {error}")))
    }

    /// A field that may be left out.
    fn field<T: DeserializeOwned + Default>(&mut self, name: &str) -> Result<T, ReadError> {
        match self.fields.remove(name) {
            Some(value) => self.typed(value, &FieldPath::of(name)),
            None => Ok(T::default()),
        }
    }

    /// A list that may be left out; what is wrong with an item is told at the item.
    fn list<W: DeserializeOwned, T>(
        &mut self,
        name: &str,
        make: impl Fn(W) -> Result<T, String>,
    ) -> Result<Vec<T>, ReadError> {
        let items: Vec<Value> = self.field(name)?;
        let mut list = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            let field = FieldPath::of(name).index(i);
            let made = make(self.typed(item, &field)?);
            list.push(made.map_err(|error| self.wrong(&field, format!("{field}: {error}")))?);
        }
        Ok(list)
    }

    /// A mark can be named only after it was set.
    fn marks_are_set(&self, steps: &[Step]) -> Result<(), ReadError> {
        let mut set: Vec<&str> = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let expects = match step {
                Step::Mark(name) => {
                    set.push(name);
                    continue;
                }
                Step::Expect(expect) | Step::Always(expect) => Some(&**expect),
                Step::Ask(ask) => ask.check.as_ref(),
                _ => None,
            };
            let mut named = expects.into_iter().flat_map(Expect::marks);
            if let Some(unknown) = named.find(|name| !set.contains(name)) {
                let field = FieldPath::of("steps").index(i);
                let message = match &set[..] {
                    [] => format!("{field}: there is no mark {unknown:?} before it"),
                    set => format!(
                        "{field}: there is no mark {unknown:?} before it; there are {}",
                        set.join(", ")
                    ),
                };
                return Err(self.wrong(&field, message));
            }
        }
        Ok(())
    }

    /// A field that can only have one value.
    fn constant(
        &mut self,
        name: &str,
        value: &str,
        default: Option<&str>,
    ) -> Result<(), ReadError> {
        let field = FieldPath::of(name);
        match (self.fields.remove(name), default) {
            (Some(found), _) if found == value => Ok(()),
            (None, Some(_)) => Ok(()),
            (found, _) => {
                let found = found.map_or_else(|| "nothing".to_owned(), |found| found.to_string());
                Err(self.wrong(&field, format!("{name}: expected {value}, found {found}")))
            }
        }
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
            "3:10: error: version: expected 1.34, found \"1.20\"",
        );
    }
}
