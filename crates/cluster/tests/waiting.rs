//! Why nothing is happening: every component can say what it waits for.

use cluster::{Cluster, Input, waiting::WaitingFor};
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

fn world() -> Cluster {
    let mut cluster = Cluster::new(3);
    for (object, _) in manifest::read(
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {allocatable: {cpu: 1}}\n",
    )
    .objects
    {
        cluster.seed(object).expect("a plain node");
    }
    cluster
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
