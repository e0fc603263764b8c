//! What the tests of this crate begin with.

use cluster::Cluster;
use objects::FieldPath;

use crate::{
    Failure, Run, Scenario,
    expect::{Expect, Moment, Verdict},
    read::Read,
};

/// Three nodes, one of them tainted, and a DaemonSet in two versions.
pub(crate) const HEAD: &str = r#"
apiVersion: daemonset-playground/v1
kind: Scenario
seed: 7
nodePools:
- { name: worker, count: 2 }
- { name: gpu, count: 1, taints: [ "gpu=yes:NoSchedule" ] }
files:
  v1.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: agent }
    spec:
      selector: { matchLabels: { app: agent } }
      template:
        metadata: { labels: { app: agent } }
        spec: { containers: [ { name: agent, image: "agent:1" } ] }
  v2.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: agent }
    spec:
      selector: { matchLabels: { app: agent } }
      template:
        metadata: { labels: { app: agent } }
        spec: { containers: [ { name: agent, image: "agent:2" } ] }
steps:
"#;

/// The first version has rolled out.
pub(crate) const ROLLED_OUT: &str = "- kubectl: apply -f v1.yaml\n- run: quiet\n- mark: before\n";

pub(crate) fn read(steps: &str) -> Scenario {
    Scenario::read(&format!("{HEAD}{steps}")).expect("the scenario can be read")
}

/// What fails of these steps: `STEP: MESSAGE`.
pub(crate) fn failures(steps: &str) -> Vec<String> {
    let scenario = read(steps);
    let mut run = Run::new(&scenario, None).expect("the cluster can be made");
    let line = |failure: Failure| {
        let step = failure.step.map_or("after".to_owned(), |it| it.to_string());
        format!("{step}: {}", failure.wrong.join("; "))
    };
    let failed = run.play(|_| {}).err().unwrap_or_default();
    failed.into_iter().map(line).collect()
}

/// What a file of these steps is refused with: `STEP.PATH: MESSAGE`.
pub(crate) fn refused(steps: &str) -> String {
    let read = Scenario::read(&format!("{HEAD}{steps}"));
    read.map(|_| ())
        .expect_err("the file is refused")
        .to_string()
}

/// Compares what comes of expectations after some steps: nothing where one holds.
#[track_caller]
pub(crate) fn check_all(steps: &str, cases: &[(&str, &str)]) {
    let scenario = read(steps);
    let mut run = Run::new(&scenario, None).expect("the cluster can be made");
    assert_eq!(run.play(|_| {}), Ok(()));
    for (text, want) in cases {
        let value = objects::decode::documents(text).0.remove(0).value;
        let expect = Expect::read(value, &FieldPath::root()).expect("it can be read");
        let moment = Moment {
            cluster: run.timeline().cluster(),
            marks: run.marks(),
        };
        let got = match expect.check(moment) {
            Verdict::Holds => String::new(),
            Verdict::Fails(wrong) => wrong.join("; "),
            Verdict::Missing(what) => format!("missing: {what}"),
        };
        let got = without_chance(&got);
        assert_eq!(got, *want, "{text}\n{}", pods(run.timeline().cluster()));
    }
}

fn pods(cluster: &Cluster) -> String {
    let pods = cluster.store().pods.iter();
    let lines =
        pods.map(|(key, pod)| format!("{key} {:?} {}\n", pod.target_node(), pod.status_cell()));
    lines.collect()
}

/// The chance part of a pod's name is nobody's promise.
fn without_chance(text: &str) -> String {
    let mut parts = text.split("agent-");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let suffix = part.chars().take_while(char::is_ascii_alphanumeric).count();
        match suffix {
            5 => out += &format!("agent-?{}", &part[suffix..]),
            _ => out += &format!("agent-{part}"),
        }
    }
    out
}
