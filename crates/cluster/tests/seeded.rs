//! A world that begins in the middle of things, as the dump of a real cluster is.

use cluster::Cluster;
use objects::manifest;

const NODE: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {conditions: [{type: Ready, status: 'True', reason: KubeletReady}]}
---";

const LOST: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1}
spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoSchedule}, {key: node.kubernetes.io/unreachable, effect: NoExecute}]}
status: {conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown}]}
---";

const BROKEN: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1}
spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoSchedule}, {key: node.kubernetes.io/not-ready, effect: NoExecute}]}
status: {conditions: [{type: Ready, status: 'False', reason: KubeletNotReady}]}
---";

fn pod(status: &str) -> String {
    format!(
        "
apiVersion: v1
kind: Pod
metadata: {{name: p, namespace: default}}
spec: {{nodeName: n1, tolerations: [{{operator: Exists}}], containers: [{{name: c, image: i}}]}}
status: {status}
---"
    )
}

const WELL: &str = "{phase: Running, conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: c, ready: true, started: true, state: {running: {}}}]}";
const MARKED: &str = "{phase: Running, conditions: [{type: Ready, status: 'False'}], containerStatuses: [{name: c, ready: true, started: true, state: {running: {}}}]}";
const CRASHING: &str = "{phase: Running, conditions: [{type: Ready, status: 'False', reason: ContainersNotReady}], containerStatuses: [{name: c, ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}]}";

/// The steps to quiet, and how the pod is then.
#[track_caller]
fn check(objects: &[&str], want: &[&str], status: &str, ready: bool) {
    let mut cluster = Cluster::new(3);
    let read = manifest::read(&objects.concat());
    assert_eq!(read.problems, []);
    for (object, _) in read.objects {
        cluster.seed(object).expect("it is taken");
    }
    let mut steps = Vec::new();
    while let Some(step) = cluster.step() {
        steps.push(step.to_string());
    }
    assert_eq!(steps, want, "{objects:?}");
    let pod = cluster
        .store()
        .pods
        .values()
        .next()
        .expect("there is a pod");
    assert_eq!(
        (pod.status_cell().as_str(), pod.is_ready()),
        (status, ready),
        "{objects:?}"
    );
}

#[test]
fn what_is_well_or_in_trouble_is_simply_there() {
    for order in [0, 1] {
        let check = |node: &str, status: &str, cell, ready| {
            let pod = pod(status);
            let other = NODE.replace("n1", "n2");
            let mut objects = [node, &pod, &other];
            objects.rotate_left(order);
            check(&objects, &[], cell, ready);
        };
        check(NODE, WELL, "Running", true);
        // One that says nothing of its containers has them run.
        check(NODE, "{phase: Running}", "Running", true);
        check(NODE, MARKED, "Running", false);
        check(NODE, CRASHING, "CrashLoopBackOff", false);
        check(LOST, MARKED, "Running", false);
        check(BROKEN, MARKED, "Running", false);
    }
}

#[test]
fn what_was_under_way_goes_on() {
    let pod = pod(WELL).replace(
        "namespace: default",
        "namespace: default, deletionTimestamp: '2026-01-01T00:00:10Z', deletionGracePeriodSeconds: 30",
    );
    let mut cluster = Cluster::new(3);
    for (object, _) in manifest::read(&format!("{NODE}{pod}")).objects {
        cluster.seed(object).expect("it is taken");
    }
    let step = cluster.step().expect("it goes on");
    assert!(
        step.to_string()
            .contains("stopped and removed pod default/p"),
        "{step}"
    );
}
