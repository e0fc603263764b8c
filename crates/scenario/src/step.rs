//! The steps of a scenario.

use std::{fmt, rc::Rc};

use cluster::Fault;
use objects::{FieldPath, Millis};
use serde_json::Value;

use crate::{
    expect::Expect,
    nearest::nearest,
    read::{Mapping, Read, Wrong},
};

/// More steps than this no run takes; one to quiet that has taken so many will never end.
pub const STEPS_MAX: usize = 1_000_000;

/// Ticks that change nothing are no steps, but they take their time.
const DURATION_MAX: Millis = Millis::from_secs(365 * 24 * 3600);

/// One step. Which one is said by its first field. What is long in it is shared by copies.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Markdown for the reader.
    Say(String),
    Kubectl(Command),
    Fault(Fault),
    Run(RunFor),
    /// Must hold now.
    Expect(Rc<Expect>),
    /// Must hold after every step from here on.
    Always(Rc<Expect>),
    /// Names this moment.
    Mark(String),
    Ask(Rc<Ask>),
}

/// A kubectl command, and what it must come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub line: String,
    /// All that it prints.
    pub output: Option<String>,
    /// A part of what it prints.
    pub contains: Option<String>,
    /// Its exit code must not be 0.
    pub fails: bool,
}

/// A question that the reader answers before going on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub question: String,
    /// A number or a word.
    pub answer: Value,
    pub because: Option<String>,
    /// Must hold after the next run.
    pub check: Option<Expect>,
}

/// How long time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFor {
    Quiet,
    Duration(Millis),
    Steps(usize),
}

/// The fields that say which step it is.
const KINDS: [&str; 8] = [
    "say", "kubectl", "fault", "run", "expect", "always", "mark", "ask",
];

/// The fields that go with `kubectl`.
const OF_KUBECTL: [&str; 3] = ["output", "contains", "fails"];

impl Read for Step {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let known = [&KINDS[..], &OF_KUBECTL].concat();
        let mut fields = Mapping::read(value, at, &known)?;
        let kinds: Vec<&str> = KINDS.into_iter().filter(|it| fields.has(it)).collect();
        let [kind] = kinds[..] else {
            let found = match kinds[..] {
                [] => "none".to_owned(),
                _ => kinds.join(" and "),
            };
            let all = KINDS.join(", ");
            return Err(Wrong::new(
                at,
                format!("a step has exactly one of {all}; found {found}"),
            ));
        };
        if let Some(odd) = OF_KUBECTL.into_iter().find(|it| fields.has(it))
            && kind != "kubectl"
        {
            return Err(Wrong::key(
                at.child_field(odd),
                format!("{odd} goes with kubectl, not with {kind}"),
            ));
        }
        Ok(match kind {
            "say" => Self::Say(fields.required(kind)?),
            "kubectl" => Self::Kubectl(Command {
                line: fields.required(kind)?,
                output: fields.optional("output")?,
                contains: fields.optional("contains")?,
                fails: fields.or_default("fails")?,
            }),
            "fault" => {
                let text: String = fields.required(kind)?;
                let fault = text.parse();
                Self::Fault(
                    fault.map_err(|message: String| Wrong::new(&at.child_field(kind), message))?,
                )
            }
            "run" => Self::Run(fields.required(kind)?),
            "expect" => Self::Expect(Rc::new(fields.required(kind)?)),
            "always" => Self::Always(Rc::new(fields.required(kind)?)),
            "mark" => {
                let name: String = fields.required(kind)?;
                if name.trim().is_empty() {
                    return Err(Wrong::new(&at.child_field(kind), "a mark needs a name"));
                }
                Self::Mark(name)
            }
            _ => Self::Ask(Rc::new(fields.required("ask")?)),
        })
    }
}

impl Read for Ask {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let known = ["question", "answer", "because", "check"];
        let mut fields = Mapping::read(value, at, &known)?;
        let question = fields.required("question")?;
        let answer: Value = fields.required("answer")?;
        if answer.is_array() || answer.is_object() {
            return Err(Wrong::new(
                &at.child_field("answer"),
                format!("expected a number or a text, found {answer}"),
            ));
        }
        Ok(Self {
            question,
            answer,
            because: fields.optional("because")?,
            check: fields.optional("check")?,
        })
    }
}

impl RunFor {
    /// Reads `quiet`, a duration, or `N steps`.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "quiet" {
            return Ok(Self::Quiet);
        }
        let steps = text.strip_suffix("steps").or(text.strip_suffix("step"));
        if let Some(steps) = steps.and_then(|number| number.trim_end().parse::<u64>().ok()) {
            return match usize::try_from(steps) {
                Ok(steps) if steps <= STEPS_MAX => Ok(Self::Steps(steps)),
                _ => Err(format!("cannot run for {steps} steps: at most {STEPS_MAX}")),
            };
        }
        match Millis::parse_duration(text) {
            Ok(duration) if duration > DURATION_MAX => Err(format!(
                "cannot run for {text:?}: at most a year, {DURATION_MAX}"
            )),
            Ok(duration) if duration >= Millis(0) => Ok(Self::Duration(duration)),
            Ok(_) => Err(format!("cannot run for {text:?}: time only goes forward")),
            Err(_) => {
                let meant = nearest(text, ["quiet"]).is_some() && !text.is_empty();
                let advice = match meant {
                    true => "did you mean \"quiet\"?",
                    false => "give quiet, a duration such as 60s, or 5 steps",
                };
                Err(format!("cannot run for {text:?}: {advice}"))
            }
        }
    }
}

impl Read for RunFor {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Self::parse(&text).map_err(|message| Wrong::new(at, message))
    }
}

/// As it is written.
impl fmt::Display for RunFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quiet => f.write_str("quiet"),
            Self::Duration(duration) => write!(f, "{duration}"),
            Self::Steps(steps) => write!(f, "{steps} steps"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{failures, read, refused};

    #[test]
    fn every_step_is_read() {
        let scenario = read(
            r#"
- say: Hello
- kubectl: get nodes
  output: ""
  contains: x
  fails: true
- fault: node/worker-1 power off
- run: 1m30s
- run: 1 step
- mark: here
- expect: { exists: node/worker-1 }
- always: { absent: node/worker-9 }
- ask: { question: How many?, answer: 3, because: So., check: { exists: node/worker-1 } }
- ask: { question: Which?, answer: worker-1 }
"#,
        );
        let steps = &scenario.steps;
        assert_eq!(steps.len(), 10);
        assert_eq!(steps[0], Step::Say("Hello".into()));
        let command = Command {
            line: "get nodes".into(),
            output: Some(String::new()),
            contains: Some("x".into()),
            fails: true,
        };
        assert_eq!(steps[1], Step::Kubectl(command));
        assert_eq!(
            steps[2],
            Step::Fault("node/worker-1 power off".parse().unwrap())
        );
        assert_eq!(steps[3], Step::Run(RunFor::Duration(Millis::from_secs(90))));
        assert_eq!(steps[4], Step::Run(RunFor::Steps(1)));
        assert_eq!(steps[5], Step::Mark("here".into()));
        let Step::Ask(ask) = &steps[8] else {
            panic!("an ask")
        };
        assert_eq!(ask.answer, Value::from(3));
        assert!(ask.check.is_some());
    }

    #[test]
    fn how_long_to_run_is_read_as_it_is_written() {
        for (text, want) in [
            ("quiet", Ok("quiet")),
            (" quiet ", Ok("quiet")),
            ("60s", Ok("1m0s")),
            ("0s", Ok("0s")),
            ("250ms", Ok("250ms")),
            ("5 steps", Ok("5 steps")),
            ("1 step", Ok("1 steps")),
            ("0 steps", Ok("0 steps")),
            (
                "qiet",
                Err("cannot run for \"qiet\": did you mean \"quiet\"?"),
            ),
            (
                "60",
                Err("cannot run for \"60\": give quiet, a duration such as 60s, or 5 steps"),
            ),
            (
                "soon",
                Err("cannot run for \"soon\": give quiet, a duration such as 60s, or 5 steps"),
            ),
            (
                "",
                Err("cannot run for \"\": give quiet, a duration such as 60s, or 5 steps"),
            ),
            ("-5s", Err("cannot run for \"-5s\": time only goes forward")),
            (
                "-5 steps",
                Err("cannot run for \"-5 steps\": give quiet, a duration such as 60s, or 5 steps"),
            ),
            (
                "8761h",
                Err("cannot run for \"8761h\": at most a year, 8760h0m0s"),
            ),
            (
                "1000001 steps",
                Err("cannot run for 1000001 steps: at most 1000000"),
            ),
        ] {
            let read = RunFor::parse(text).map(|it| it.to_string());
            assert_eq!(
                read,
                want.map(str::to_owned).map_err(str::to_owned),
                "{text:?}"
            );
        }
    }

    #[test]
    fn commands_come_to_what_they_should() {
        let gone = "Error from server (NotFound): nodes \"x\" not found";
        for (steps, want) in [
            ("- kubectl: cordon worker-1\n", vec![]),
            (
                "- kubectl: cordon worker-1\n  output: \"node/worker-1 cordoned  \\n\\n\"\n",
                vec![],
            ),
            (
                "- kubectl: cordon worker-1\n  output: node/worker-1\n",
                vec![
                    "0: expected output:\nnode/worker-1\nfound:\nnode/worker-1 cordoned".to_owned(),
                ],
            ),
            (
                "- kubectl: cordon worker-1\n  contains: worker-1 cord\n",
                vec![],
            ),
            (
                "- kubectl: cordon worker-1\n  contains: drained\n- kubectl: cordon x\n  fails: true\n  contains: (NotFound)\n",
                vec![
                    "0: expected output with:\ndrained\nfound:\nnode/worker-1 cordoned".to_owned(),
                ],
            ),
            (
                "- kubectl: cordon worker-1\n  fails: true\n",
                vec![
                    "0: expected another exit code than 0, found 0:\nnode/worker-1 cordoned"
                        .to_owned(),
                ],
            ),
            (
                // What comes after it would not mean what it says.
                "- kubectl: cordon x\n- expect: { exists: node/x }\n",
                vec![format!("0: expected exit code 0, found 1:\n{gone}")],
            ),
            (
                "- fault: node/x power off\n- expect: { exists: node/x }\n",
                vec!["0: there is no machine \"x\"".to_owned()],
            ),
        ] {
            assert_eq!(failures(steps), want, "{steps}");
        }
    }

    #[test]
    fn what_is_no_step_is_refused_where_it_is() {
        let expected = "KIND/[NAMESPACE/]NAME";
        for (step, want) in [
            (
                "{ }",
                "steps[0]: a step has exactly one of say, kubectl, fault, run, expect, always, mark, ask; found none",
            ),
            (
                "{ say: a, mark: b }",
                "steps[0]: a step has exactly one of say, kubectl, fault, run, expect, always, mark, ask; found say and mark",
            ),
            (
                "{ expct: {} }",
                "steps[0].expct: unknown field \"expct\"; did you mean \"expect\"?",
            ),
            (
                "{ say: a, fails: true }",
                "steps[0].fails: fails goes with kubectl, not with say",
            ),
            (
                "{ say: 5 }",
                "steps[0].say: expected text (put it in quotes), found 5",
            ),
            (
                "{ kubectl: a, fails: 1 }",
                "steps[0].fails: expected true or false, found 1",
            ),
            (
                "{ run: 60 }",
                "steps[0].run: cannot run for \"60\": give quiet, a duration such as 60s, or 5 steps",
            ),
            ("{ mark: '' }", "steps[0].mark: a mark needs a name"),
            (
                "nothing",
                "steps[0]: expected a mapping with say, kubectl, fault, run, expect, always, mark, ask, output, contains, fails, found \"nothing\"",
            ),
            (
                "{ ask: { question: a } }",
                "steps[0].ask: the field \"answer\" is missing",
            ),
            (
                "{ ask: { question: a, answer: [1] } }",
                "steps[0].ask.answer: expected a number or a text, found [1]",
            ),
            (
                "{ ask: { question: a, answer: 1, why: b } }",
                "steps[0].ask.why: unknown field \"why\"; there are question, answer, because, check",
            ),
            (
                "{ expect: { } }",
                "steps[0].expect: an expectation is about one of daemonSet, node, event, exists, absent",
            ),
            (
                "{ expect: { ready: true } }",
                "steps[0].expect: an expectation is about one of daemonSet, node, event, exists, absent",
            ),
            (
                "{ expect: { daemonset: a } }",
                "steps[0].expect.daemonset: unknown field \"daemonset\"; did you mean \"daemonSet\"?",
            ),
            (
                "{ expect: { daemonSet: a, ready: true } }",
                "steps[0].expect.ready: ready does not go with daemonSet; it goes with daemonSet and node",
            ),
            (
                "{ expect: { daemonSet: a, taints: [] } }",
                "steps[0].expect.taints: taints does not go with daemonSet; it goes with node",
            ),
            (
                "{ expect: { daemonSet: a, node: b, eachNode: 1 } }",
                "steps[0].expect.eachNode: eachNode does not go with daemonSet and node; it goes with daemonSet",
            ),
            (
                "{ expect: { node: b, pods: 1 } }",
                "steps[0].expect.pods: pods does not go with node; it goes with daemonSet and node, or with daemonSet",
            ),
            (
                "{ expect: { node: b, event: {} } }",
                "steps[0].expect.event: event does not go with node; make it another step",
            ),
            (
                "{ expect: { exists: pod/a, absent: pod/b } }",
                "steps[0].expect.absent: absent does not go with exists; make it another step",
            ),
            (
                "{ expect: { daemonSet: a, node: b, pods: { total: 1 } } }",
                "steps[0].expect.pods: expected a number, \"<= n\" or \">= n\", found {\"total\":1}",
            ),
            (
                "{ expect: { daemonSet: a, pods: 1 } }",
                "steps[0].expect.pods: expected a mapping with total, ready, updated, found 1",
            ),
            (
                "{ expect: { daemonSet: a, pods: { toal: 1 } } }",
                "steps[0].expect.pods.toal: unknown field \"toal\"; did you mean \"total\"?",
            ),
            (
                "{ expect: { daemonSet: a, status: Running } }",
                "steps[0].expect.status: expected a mapping of counters, found \"Running\"; for the STATUS of a pod name its node, too",
            ),
            (
                "{ expect: { daemonSet: a, status: { numberRedy: 1 } } }",
                "steps[0].expect.status.numberRedy: unknown counter \"numberRedy\"; did you mean \"numberReady\"?",
            ),
            (
                "{ expect: { daemonSet: a, status: { numberReady: '< 1' } } }",
                "steps[0].expect.status.numberReady: expected a number, \"<= n\" or \">= n\", found \"< 1\"",
            ),
            (
                "{ expect: { daemonSet: a/b/c } }",
                "steps[0].expect.daemonSet: expected [NAMESPACE/]NAME, found \"a/b/c\"",
            ),
            (
                "{ expect: { daemonSet: a, anyPod: { restarts: 1 } } }",
                "steps[0].expect.anyPod.restarts: unknown field \"restarts\"; there are status, ready, node",
            ),
            (
                "{ expect: { daemonSet: a, node: b, sameAs: x } }",
                "steps[0].expect.sameAs: no mark \"x\" comes before this; put `- mark: x` before it",
            ),
            (
                "{ expect: { node: b, taints: [ a ] } }",
                "steps[0].expect.taints[0]: invalid taint spec: a; give KEY:EFFECT or KEY=VALUE:EFFECT",
            ),
            (
                "{ expect: { event: { type: warning } } }",
                "steps[0].expect.event.type: unknown type of an event \"warning\"; did you mean \"Warning\"?",
            ),
            (
                "{ expect: { event: { object: 'Pod/a*b' } } }",
                "steps[0].expect.event.object: \"Pod/a*b\": a * can only stand at the end of the name",
            ),
            (
                "{ expect: { exists: agent } }",
                &format!("steps[0].expect.exists: expected {expected}, found \"agent\""),
            ),
            (
                "{ expect: { exists: Deamonset/agent } }",
                "steps[0].expect.exists: unknown kind \"Deamonset\"; did you mean \"DaemonSet\"?",
            ),
            (
                "{ expect: { exists: node/default/a } }",
                "steps[0].expect.exists: a Node has no namespace: write Node/a",
            ),
            (
                "{ expect: { absent: 'pod/a*' } }",
                "steps[0].expect.absent: \"pod/a*\" is no name of one object; PREFIX* is for `event`",
            ),
        ] {
            let error = refused(&format!("- {step}\n"));
            let (place, message) = error.split_once(": error: ").unwrap();
            assert_eq!(message, want, "{step}");
            assert!(place.starts_with("28:"), "{step}: {place}");
        }
        let fault = refused("- fault: node/worker-1 explode\n");
        assert!(
            fault.starts_with(
                "28:10: error: steps[0].fault: unknown fault \"node/worker-1 explode\"; known are"
            ),
            "{fault}"
        );
        let twice = refused("- mark: a\n- mark: a\n");
        assert_eq!(
            twice,
            "29:9: error: steps[1].mark: there is a mark \"a\" already: name this one otherwise"
        );
        let later = refused(
            "- mark: bfore\n- always: { daemonSet: a, node: b, notSameAs: before }\n- mark: before\n",
        );
        assert_eq!(
            later,
            "29:47: error: steps[1].always.notSameAs: no mark \"before\" comes before this; did you mean \"bfore\"?"
        );
        let check =
            "- ask: { question: a, answer: 1, check: { daemonSet: a, node: b, sameAs: m } }\n";
        assert!(
            refused(&format!("{check}- run: quiet\n- mark: m\n"))
                .contains("steps[0].ask.check.sameAs: no mark")
        );
        read(&format!("{check}- mark: m\n- run: quiet\n"));
    }
}
