//! A DaemonSet on three nodes, from nothing to ready, and a new image after that.

use cluster::{Cluster, Input, Timeline};
use objects::manifest;

const DAEMON_SET: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec: { containers: [ { name: a, image: 'a:1' } ] }
";

fn object(text: &str) -> objects::Object {
    let manifest = manifest::read(text);
    assert_eq!(manifest.problems, []);
    manifest.objects.into_iter().next().unwrap().0
}

#[test]
fn print() {
    let mut cluster = Cluster::new(7);
    for name in ["n1", "n2", "n3"] {
        cluster
            .seed(object(&format!(
                "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}"
            )))
            .unwrap();
    }
    let mut timeline = Timeline::new(cluster);
    timeline
        .act(Input::Create(object(DAEMON_SET)), "kubectl apply")
        .unwrap();
    while let Some(step) = timeline.forward() {
        println!("{step}");
    }
    timeline
        .act(
            Input::Replace(object(&DAEMON_SET.replace("a:1", "a:2"))),
            "kubectl apply",
        )
        .unwrap();
    while let Some(step) = timeline.forward() {
        println!("{step}");
    }
    timeline
        .act(Input::Fault("node/n2 power off".parse().unwrap()), "x")
        .unwrap();
    while let Some(step) = timeline.forward() {
        println!("{step}");
    }
    timeline
        .act(Input::Fault("node/n2 power on".parse().unwrap()), "x")
        .unwrap();
    while let Some(step) = timeline.forward() {
        println!("{step}");
    }
    timeline
        .act(
            Input::Delete {
                object: cluster::ObjectRef::node(&"n3".into()),
                grace_period_seconds: None,
            },
            "x",
        )
        .unwrap();
    while let Some(step) = timeline.forward() {
        println!("{step}");
    }
    let end = timeline.cluster().digest();
    timeline.seek(5);
    timeline.seek(timeline.len());
    assert_eq!(timeline.cluster().digest(), end);
}
