//! What a person does, a scenario and a link are one: whatever is done, written down and done
//! again, comes to the same. The seed stands in the message of a failure.
#![cfg(not(target_arch = "wasm32"))]

use cluster::{Cluster, Timeline};
use kubectl::{Command, Files, words};
use scenario::{Run, RunFor, Scenario, Session, Step, link};
use tests::Random;

const SESSIONS: u64 = 400;

const BEGINNING: &str = "\
apiVersion: daemonset-playground/v1
kind: Scenario
title: Whatever comes
seed: 3
nodePools:
- { name: worker, count: 4, labels: { disk: ssd } }
- { name: control-plane, count: 1, controlPlane: true }
";

const AGENT: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, labels: { app: agent } }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [ { name: main, image: 'agent:1' } ] }
";

/// What is typed, well or badly; `N` stands for a node.
const LINES: &[&str] = &[
    "apply -f agent.yaml",
    "create -f agent.yaml",
    "replace -f agent.yaml",
    "delete -f agent.yaml --cascade=orphan",
    "cordon N",
    "uncordon N",
    "drain N --ignore-daemonsets --timeout=5s",
    "drain N",
    "taint nodes N gpu=yes:NoExecute",
    "taint nodes N gpu-",
    "label nodes N disk=hdd --overwrite",
    "label nodes --all zone=a --overwrite",
    "annotate nodes --all zone='a b'",
    "delete node N",
    "delete pods -l 'app in (agent)' --field-selector spec.nodeName=N",
    "delete ds agent",
    "set image ds/agent '*=agent:2'",
    "set env ds/agent \"NOTE=it's $5\" LEVEL-",
    "set resources ds/agent --requests=cpu=100m",
    "rollout restart ds/agent",
    "rollout undo ds/agent",
    "rollout status ds/agent --timeout=3s",
    "patch ds agent -p '{\"spec\": {\"minReadySeconds\": 2}}'",
    "annotate ds agent note=x --dry-run=server",
    "get pods -A -o wide",
    "describe ds agent",
    "edit ds agent",
    "frobnicate",
];

const FAULTS: &[&str] = &[
    "node/N kubelet stop",
    "node/N kubelet start",
    "node/N power off",
    "node/N power on",
    "node/N pressure disk on",
    "image agent:2 pull fail",
    "image agent:1 crash",
    "image agent:1 ok",
    "component daemonset-controller stop",
    "component daemonset-controller start",
];

fn with_node(text: &str, random: &mut Random) -> String {
    let nodes = [
        "worker-1",
        "worker-2",
        "worker-3",
        "worker-4",
        "control-plane-1",
    ];
    text.replace('N', random.one_of(&nodes))
}

/// Does this and that, sometimes in a past that was gone back to.
fn play(random: &mut Random) -> (Session, Timeline) {
    let beginning = Scenario::read(BEGINNING).expect("the beginning can be read");
    let mut session = Session::new(beginning);
    let mut timeline = session.open().expect("the beginning can be made");
    let mut files = Files::from([("agent.yaml".to_owned(), AGENT.to_owned())]);
    if random.below(5) > 0 {
        session.kubectl("apply -f agent.yaml", &files, &mut timeline);
    }
    for _ in 0..3 + random.below(9) {
        let image = format!("agent:{}", 1 + random.below(3));
        files.insert("agent.yaml".to_owned(), AGENT.replace("agent:1", &image));
        match random.below(10) {
            0 => session.note(Step::Say("And *now*:\n- this".into()), &timeline),
            1..=5 => {
                let line = with_node(random.one_of(LINES), random);
                session.kubectl(&line, &files, &mut timeline);
            }
            6 => {
                let fault = with_node(random.one_of(FAULTS), random);
                let fault = fault.parse().expect("a fault that there is");
                // A node that was never there has no machine.
                drop(session.fault(fault, &mut timeline));
            }
            7 => {
                timeline.seek(random.below(timeline.len() + 1));
                session.position = timeline.position();
            }
            8 => {
                let duration = RunFor::parse(random.one_of(&["90s", "5s", "1ms"]));
                session.run(duration.expect("a duration"), &mut timeline);
            }
            _ => {
                let steps = RunFor::Steps(1 + random.below(80));
                session.run(steps, &mut timeline);
            }
        }
    }
    (session, timeline)
}

#[test]
fn whatever_is_done_can_be_written_down_and_done_again() {
    let mut n_steps = 0;
    for seed in 0..SESSIONS {
        let (mut session, mut timeline) = play(&mut Random(seed));
        n_steps += timeline.len();
        // The link opens where the session stood.
        let mut opened = link::decode(&link::encode(&session)).expect("its own link");
        let again = opened.open().expect("its own beginning");
        assert_eq!(
            again.cluster().digest(),
            timeline.cluster().digest(),
            "a link, with seed {seed}:\n{}",
            session.to_scenario()
        );
        // The scenario comes to the end that the session came to.
        timeline.seek(timeline.len());
        session.position = timeline.position();
        let text = session.to_scenario().to_string();
        let scenario = Scenario::read(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        assert_eq!(scenario.to_string(), text, "with seed {seed}");
        let mut run = Run::new(&scenario, None).expect("its own beginning");
        let played = run.play(|_| {});
        assert!(played.is_ok(), "{played:?}, with seed {seed}:\n{text}");
        assert_eq!(
            run.timeline().cluster().digest(),
            timeline.cluster().digest(),
            "with seed {seed}:\n{text}"
        );
    }
    assert!(n_steps > 4000, "only {n_steps} steps");
}

#[test]
fn a_command_is_read_from_what_it_prints() {
    let cluster = Cluster::new(1);
    let splinters = [
        "get", "ds", "pods", "-n", "x", "'", "\"", "\\", " ", "é", "--all", "-l", "a=b", "$", "|",
        "", "node/a", "-o", "yaml", "--", "label", "k-", "\n", "*", "-", "rollout", "undo",
    ];
    let mut n_read = 0;
    for seed in 0..20_000 {
        let mut random = Random(seed);
        let mut all: Vec<String> = Vec::new();
        for _ in 0..random.below(7) {
            let parts = (0..=random.below(2)).map(|_| random.one_of(&splinters));
            all.push(parts.collect());
        }
        let line = all.iter().map(|it| words::quoted(it)).collect::<Vec<_>>();
        assert_eq!(
            words::split(&line.join(" ")),
            Ok(all.clone()),
            "seed {seed}"
        );
        if let Ok(command) = Command::parse(&all, &cluster) {
            n_read += 1;
            let printed = command.to_string();
            let words = words::split(&printed).expect("its own quotes");
            assert_eq!(Command::parse(&words, &cluster), Ok(command), "{printed:?}");
        }
    }
    for line in LINES.iter().filter(|it| **it != "frobnicate") {
        let words = words::split(line).expect("quotes that are closed");
        let command = Command::parse(&words, &cluster).expect("a command that there is");
        let words = words::split(&command.to_string()).expect("its own quotes");
        assert_eq!(Command::parse(&words, &cluster), Ok(command), "{line}");
    }
    assert!(n_read > 1000, "only {n_read} commands were read");
}
