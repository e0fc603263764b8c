//! Why nothing is happening: every component can say what it waits for.

use cluster::{Cluster, Input, kubelet::Power, waiting::WaitingFor};
use objects::{Millis, manifest};

fn apply(cluster: &mut Cluster, text: &str) {
    for (object, _) in manifest::read(text).objects {
        cluster
            .act(&Input::Create(object), "test")
            .expect("it is taken");
    }
}

fn strike(cluster: &mut Cluster, fault: &str) {
    let fault = fault.parse().expect("a fault");
    cluster
        .act(&Input::Fault(fault), "test")
        .expect("there is a machine");
}

fn told(cluster: &Cluster) -> Vec<String> {
    cluster.waiting().map(|it| it.to_string()).collect()
}

/// A node, of which a dump says this.
fn found(status: &str) -> Cluster {
    let mut cluster = Cluster::new(3);
    let node = format!("apiVersion: v1\nkind: Node\nmetadata: {{name: n1}}\nstatus: {status}\n");
    for (object, _) in manifest::read(&node).objects {
        cluster.seed(object).expect("a plain node");
    }
    cluster
}

fn world() -> Cluster {
    found("{allocatable: {cpu: 1}}")
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: default}\nspec: {containers: [{name: c, image: i}]}\n";

#[test]
fn what_is_stopped_is_waited_for() {
    let mut cluster = world();
    strike(&mut cluster, "component scheduler stop");
    strike(&mut cluster, "node/n1 power off");
    apply(&mut cluster, POD);
    let told = told(&cluster);
    assert_eq!(
        told[0],
        "default-scheduler waits for scheduler to be started"
    );
    assert_eq!(
        told[1],
        "kubelet n1 waits with Node/n1 for its machine to be switched on"
    );
    assert!(
        told[2]
            .starts_with("node-controller waits with Node/n1 for its lease to run out, until T+"),
        "{}",
        told[2]
    );
}

#[test]
fn of_a_node_that_came_silent_nobody_knows_whether_it_is_off() {
    let silent = |status| format!("{{conditions: [{{type: Ready, status: {status:?}}}]}}");
    let mut cluster = found(&silent("Unknown"));
    assert_eq!(cluster.power("n1"), Some(Power::Unknown));
    let from_the_beginning = "kubelet n1 waits with Node/n1 for word from its kubelet, which had \
                              been silent for long from the beginning";
    assert_eq!(told(&cluster)[0], from_the_beginning);

    strike(&mut cluster, "node/n1 power off");
    assert_eq!(cluster.power("n1"), Some(Power::Off));
    strike(&mut cluster, "node/n1 power on");
    assert_eq!(cluster.power("n1"), Some(Power::On));

    let speaks = found(&silent("False"));
    assert_eq!(speaks.power("n1"), Some(Power::On));
}

#[test]
fn a_pod_that_fits_nowhere_waits_for_room() {
    let mut cluster = world();
    let wants = "containers: [{name: c, image: i, resources: {requests: {cpu: 2}}}]";
    apply(
        &mut cluster,
        &POD.replace("containers: [{name: c, image: i}]", wants),
    );
    while cluster.step().is_some() {}
    let waiting: Vec<_> = cluster.waiting().filter(|it| it.until.is_none()).collect();
    let [waiting] = &waiting[..] else {
        panic!("{waiting:?}");
    };
    assert!(
        matches!(&waiting.for_what, WaitingFor::Fit(message) if message.contains("Insufficient cpu"))
    );
}

#[test]
fn what_a_kubelet_does_next_is_told_with_its_time() {
    let mut cluster = world();
    strike(&mut cluster, "image i pull slow 10m");
    apply(&mut cluster, POD);
    while cluster.step_before(Millis::from_secs(60)).is_some() {}
    let told = told(&cluster);
    let pull = told.iter().find(|it| it.contains("for its image"));
    let pull = pull.expect("the pull is waited for");
    assert!(
        pull.starts_with("kubelet n1 waits with Pod/default/p for its image, until T+10m"),
        "{pull}"
    );
}
