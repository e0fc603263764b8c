//! A scenario as the file it is read from: `scenario.to_string()`.

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    Scenario, Step,
    scenario::{API_VERSION, KIND, NodePool},
    step::{Ask, Command},
    yaml::{flow, item, key, text_block},
};

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = format!("apiVersion: {API_VERSION}\nkind: {KIND}\n");
        if !self.metadata.name.is_empty() {
            out += &format!(
                "metadata: {{ name: {} }}\n",
                flow(&text(&self.metadata.name))
            );
        }
        if !self.title.is_empty() {
            out += "title:";
            text_block(&mut out, &self.title, 2);
        }
        if self.seed != 0 {
            out += &format!("seed: {}\n", self.seed);
        }
        if !self.timing.is_empty() {
            let entries = self
                .timing
                .iter()
                .map(|(name, it)| (name.as_str(), it.clone()));
            out += &format!("timing: {}\n", flow(&mapping(entries)));
        }
        if !self.node_pools.is_empty() {
            out += "nodePools:\n";
            for pool in &self.node_pools {
                out += &format!("- {}\n", self::pool(pool));
            }
        }
        if !self.objects.is_empty() {
            out += "objects:\n";
            self.objects.iter().for_each(|it| item(&mut out, it, 0));
        }
        if !self.files.is_empty() {
            out += "files:\n";
            for (name, content) in &self.files {
                out += &format!("  {}:", key(name));
                text_block(&mut out, content, 4);
            }
        }
        if !self.steps.is_empty() {
            out += "steps:\n";
            self.steps.iter().for_each(|it| step(&mut out, it));
        }
        f.write_str(&out)
    }
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn mapping<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let entries = entries.into_iter().map(|(name, it)| (name.to_owned(), it));
    Value::Object(entries.collect())
}

/// `{ name: worker, count: 3 }`, in the order in which people write it.
fn pool(pool: &NodePool) -> String {
    let mut parts = vec![
        format!("name: {}", flow(&text(&pool.name))),
        format!("count: {}", pool.count),
    ];
    if pool.control_plane {
        parts.push("controlPlane: true".to_owned());
    }
    if !pool.labels.is_empty() {
        let labels = pool
            .labels
            .iter()
            .map(|(key, value)| (key.as_str(), text(value)));
        parts.push(format!("labels: {}", flow(&mapping(labels))));
    }
    if !pool.taints.is_empty() {
        let taints = pool.taints.iter().map(|it| text(&it.to_string()));
        parts.push(format!("taints: {}", flow(&Value::Array(taints.collect()))));
    }
    if !pool.allocatable.is_empty() {
        let amounts = pool
            .allocatable
            .iter()
            .map(|(name, it)| (name.as_str(), it.clone()));
        parts.push(format!("allocatable: {}", flow(&mapping(amounts))));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn step(out: &mut String, step: &Step) {
    let fields = match step {
        Step::Say(it) => vec![("say", text(it))],
        Step::Kubectl(it) => command(it),
        Step::Fault(it) => vec![("fault", text(&it.to_string()))],
        Step::Run(it) => vec![("run", text(&it.to_string()))],
        Step::Expect(it) => vec![("expect", it.source().clone())],
        Step::Always(it) => vec![("always", it.source().clone())],
        Step::Mark(it) => vec![("mark", text(it))],
        Step::Ask(it) => vec![("ask", ask(it))],
    };
    for (i, (name, value)) in fields.iter().enumerate() {
        out.push_str(if i == 0 { "- " } else { "  " });
        *out += &format!("{name}:");
        match value {
            Value::String(it) => text_block(out, it, 4),
            other => *out += &format!(" {}\n", flow(other)),
        }
    }
}

fn command(command: &Command) -> Vec<(&'static str, Value)> {
    let mut fields = vec![("kubectl", text(&command.line))];
    fields.extend(command.fails.then_some(("fails", Value::Bool(true))));
    fields.extend(command.output.as_ref().map(|it| ("output", text(it))));
    fields.extend(command.contains.as_ref().map(|it| ("contains", text(it))));
    fields
}

fn ask(ask: &Ask) -> Value {
    let mut fields = Map::new();
    fields.insert("question".to_owned(), text(&ask.question));
    fields.insert("answer".to_owned(), ask.answer.clone());
    let because = ask
        .because
        .as_ref()
        .map(|it| ("because".to_owned(), text(it)));
    fields.extend(because);
    let check = ask
        .check
        .as_ref()
        .map(|it| ("check".to_owned(), it.source().clone()));
    fields.extend(check);
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use cluster::Fault;
    use expect_test::expect;

    use super::*;
    use crate::{RunFor, scenario::Metadata, testing};

    #[test]
    fn a_scenario_is_printed_as_people_write_it() {
        let session = Scenario {
            metadata: Metadata {
                name: "session".into(),
            },
            title: "A node: lost".into(),
            seed: 7,
            timing: [("imagePull".into(), "2s".into())].into(),
            files: [("a.yaml".into(), "kind: DaemonSet\nspec:\n  x: 1\n".into())].into(),
            steps: vec![
                Step::Say("Three nodes, no pods yet.".into()),
                Step::Say("# Now\n\nit goes: wrong".into()),
                Step::Kubectl(Command {
                    line: "apply -f a.yaml".into(),
                    output: Some("daemonset.apps/a created\n".into()),
                    ..Command::default()
                }),
                Step::Fault("node/worker-2 kubelet stop".parse().unwrap()),
                Step::Run(RunFor::Steps(3)),
                Step::Run(RunFor::Quiet),
                Step::Mark("yes".into()),
            ],
            ..testing::read("")
        };
        expect![[r#"
            apiVersion: daemonset-playground/v1
            kind: Scenario
            metadata: { name: session }
            title: "A node: lost"
            seed: 7
            timing: { imagePull: 2s }
            nodePools:
            - { name: worker, count: 2 }
            - { name: gpu, count: 1, taints: [ "gpu=yes:NoSchedule" ] }
            files:
              a.yaml: |
                kind: DaemonSet
                spec:
                  x: 1
            steps:
            - say: Three nodes, no pods yet.
            - say: |-
                # Now

                it goes: wrong
            - kubectl: apply -f a.yaml
              output: |
                daemonset.apps/a created
            - fault: node/worker-2 kubelet stop
            - run: 3 steps
            - run: quiet
            - mark: "yes"
        "#]]
        .assert_eq(&session.to_string());
        assert_eq!(Scenario::read(&session.to_string()), Ok(session));
    }

    #[test]
    fn checks_are_printed_as_they_were_written() {
        let scenario = testing::read(
            r#"
- mark: before
- expect: { daemonSet: a, status: { numberReady: ">= 3" }, pods: { total: 4 } }
- always: { daemonSet: b/a, node: worker-1, sameAs: before }
- ask: { question: "How many: 3?", answer: 4, because: "So.\n", check: { node: a, taints: [ "a=b:NoSchedule" ] } }
- expect: { event: { object: "Pod/a-*", count: 2 } }
"#,
        );
        assert_eq!(Scenario::read(&scenario.to_string()), Ok(scenario));
    }

    /// SplitMix64; the seed stands in the message of a failure.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((z ^ (z >> 31)) % bound.max(1) as u64).unwrap()
        }

        fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
            words[self.below(words.len())]
        }

        /// Of all that YAML could take for something else.
        fn text(&mut self) -> String {
            const PARTS: [&str; 48] = [
                "a",
                "yes",
                "no",
                "on",
                "null",
                "~",
                "true",
                "0",
                "07",
                "1_0",
                "1e3",
                ".inf",
                "0x1f",
                " ",
                "  ",
                "\n",
                "\n\n",
                "\t",
                "\r",
                ":",
                ": ",
                " #",
                "#",
                "-",
                "- ",
                "---",
                "...",
                "?",
                "? ",
                "!",
                "&a",
                "*a",
                "%",
                "@",
                "`",
                "|",
                ">",
                "'",
                "\"",
                "\\",
                "{",
                "]",
                ",",
                "é",
                "\u{0}",
                "\u{85}",
                "\u{feff}",
                "😀\u{2028}",
            ];
            let n = self.below(6);
            (0..n).map(|_| self.one_of(&PARTS)).collect()
        }

        fn step(&mut self) -> Step {
            match self.below(6) {
                0 => Step::Say(self.text()),
                1 | 2 => {
                    let mut optional = || (self.below(3) == 0).then(|| self.text());
                    let (output, contains) = (optional(), optional());
                    Step::Kubectl(Command {
                        line: self.text(),
                        output,
                        contains,
                        fails: self.below(2) == 0,
                    })
                }
                3 => Step::Fault(self.fault()),
                4 => Step::Run(match self.below(3) {
                    0 => RunFor::Quiet,
                    1 => RunFor::Steps(self.below(1000)),
                    _ => RunFor::Duration(objects::Millis(self.below(10_000_000) as i64)),
                }),
                _ => Step::Say(format!("{}\n", self.text())),
            }
        }

        fn fault(&mut self) -> Fault {
            let text = self.one_of(&[
                "node/a kubelet stop",
                "node/a power on",
                "node/a pressure disk on",
                "image r.io/x:1 pull slow 1m30s",
                "image x ready-after 20s",
                "component node-lifecycle stop",
            ]);
            text.parse().unwrap()
        }

        fn value(&mut self, depth: usize) -> Value {
            match self.below(if depth == 0 { 4 } else { 6 }) {
                0 => self.text().into(),
                1 => Value::from(self.below(2) == 0),
                2 => Value::from(self.below(1000)),
                3 => Value::from(-1.5),
                4 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
                _ => {
                    let n = self.below(4);
                    let entry = |i| (format!("k{i}{}", self.text()), self.value(depth - 1));
                    Value::Object((0..n).map(entry).collect())
                }
            }
        }
    }

    #[test]
    fn a_session_reads_back_the_same() {
        for seed in 0..3000 {
            let mut random = Random(seed);
            let mut files = std::collections::BTreeMap::new();
            for i in 0..random.below(3) {
                files.insert(format!("f{i}{}", random.text()), random.text());
            }
            let session = Scenario {
                metadata: Metadata {
                    name: random.text(),
                },
                title: random.text(),
                seed: random.0,
                objects: (0..random.below(3)).map(|_| random.value(3)).collect(),
                files,
                steps: (0..random.below(8)).map(|_| random.step()).collect(),
                ..testing::read("")
            };
            let text = session.to_string();
            assert_eq!(Scenario::read(&text), Ok(session), "seed {seed}:\n{text}");
        }
    }

    #[test]
    fn a_damaged_file_is_refused_or_reads_back_the_same() {
        const SPLINTERS: [&str; 16] = [
            "{",
            "}",
            "[",
            "]",
            ": ",
            "- ",
            "\n",
            "*",
            "/",
            "null",
            "-1",
            "99999999999999999999",
            "<= ",
            "é",
            "'",
            "  ",
        ];
        let whole = format!(
            "{}{}",
            testing::HEAD,
            r#"
- say: a
- kubectl: cordon worker-1
  output: b
  fails: true
- fault: node/worker-1 kubelet stop
- run: 60s
- mark: before
- always: { daemonSet: agent, status: { numberReady: ">= 1" }, pods: { total: 2 }, eachNode: 1 }
- expect: { daemonSet: a/b, node: worker-1, pods: "<= 1", status: Running, sameAs: before }
- expect: { node: worker-1, taints: [ "a=b:NoSchedule" ] }
- expect: { event: { object: "Pod/a-*", type: Normal, message: m, count: 3 } }
- ask: { question: q, answer: 1, because: c, check: { exists: ds/default/agent } }
"#
        );
        let (mut n_read, mut n_refused) = (0, 0);
        for seed in 0..3000 {
            let mut random = Random(seed);
            let mut chars: Vec<char> = whole.chars().collect();
            for _ in 0..=random.below(2) {
                let at = random.below(chars.len());
                let to = (at + random.below(5)).min(chars.len());
                chars.splice(at..to, random.one_of(&SPLINTERS).chars());
            }
            let text: String = chars.into_iter().collect();
            let Ok(scenario) = Scenario::read(&text) else {
                n_refused += 1;
                continue;
            };
            n_read += 1;
            let printed = scenario.to_string();
            assert_eq!(
                Scenario::read(&printed).as_ref(),
                Ok(&scenario),
                "seed {seed}:\n{text}\n{printed}"
            );
            if let Ok(mut run) = crate::Run::new(&scenario, None) {
                // Whatever comes of it, it ends.
                let _ = run.play(|_| {});
            }
        }
        assert!(n_read > 200 && n_refused > 200, "{n_read} {n_refused}");
    }
}
