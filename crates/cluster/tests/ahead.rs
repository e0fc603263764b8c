//! What is told of a change before it is made is what comes of it.

use std::collections::BTreeSet;

use cluster::{
    Ahead, Cluster, Input, Key,
    ahead::{End, Outlook},
};
use expect_test::{Expect, expect};
use objects::{Name, manifest};

fn nodes(n: usize) -> String {
    let node = |i| format!("apiVersion: v1\nkind: Node\nmetadata: {{name: n{i}}}\n---\n");
    (1..=n).map(node).collect()
}

fn daemon_set(strategy: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: a, namespace: default}}
spec:
  selector: {{matchLabels: {{app: a}}}}
  updateStrategy: {strategy}
  template:
    metadata: {{labels: {{app: a}}}}
    spec: {{containers: [{{name: c, {container}}}]}}
"
    )
}

fn act(cluster: &mut Cluster, text: &str, replaces: bool) {
    for (object, _) in manifest::read(text).objects {
        let input = match replaces {
            true => Input::Replace(object),
            false => Input::Create(object),
        };
        cluster.act(&input, "test").expect("it is taken");
    }
}

fn strike(cluster: &mut Cluster, fault: &str) {
    let fault = fault.parse().expect("a fault");
    cluster
        .act(&Input::Fault(fault), "test")
        .expect("it can be");
}

/// A world in which all is rolled out, with these faults since.
fn world(n: usize, before: &str, faults: &[&str]) -> Cluster {
    let mut cluster = Cluster::new(5);
    for (object, _) in manifest::read(&nodes(n)).objects {
        cluster.seed(object).expect("it is taken");
    }
    act(&mut cluster, before, false);
    cluster.settle(10_000);
    for fault in faults {
        strike(&mut cluster, fault);
    }
    cluster.settle(10_000);
    cluster
}

fn outlook(cluster: &Cluster) -> Outlook {
    let key = Key {
        namespace: "default".into(),
        name: "a".into(),
    };
    let mut ahead = Ahead::new(cluster.clone(), &[key]);
    ahead.go_on(3_000);
    ahead.outlooks()[0].clone()
}

fn told(outlook: &Outlook) -> String {
    let mut text = String::new();
    let mut say = |what: &str, names: &BTreeSet<Name>| {
        let names: Vec<&str> = names.iter().map(|it| &**it).collect();
        if !names.is_empty() {
            text += &format!("{what}: {}\n", names.join(" "));
        }
    };
    say("old", &outlook.old);
    say("creates", &outlook.creates);
    say("removes", &outlook.removes);
    say("first", &outlook.first);
    say("unbudgeted", &outlook.unbudgeted);
    say("replaced", &outlook.replaced);
    say("gone", &outlook.gone);
    say("left", &outlook.left);
    match &outlook.end {
        End::NotSeen { steps } => text += &format!("not seen in {steps} steps\n"),
        End::Done => text += "done\n",
        End::Rests { blockers, error } => {
            text += "rests\n";
            for blocker in blockers {
                text += &format!("  {blocker}\n");
            }
            if let Some(error) = error {
                text += &format!("  {error}\n");
            }
        }
    }
    if let (End::Rests { .. }, Some(rollout)) = (&outlook.end, &outlook.rollout) {
        text += &format!("  {rollout}\n");
    }
    text
}

#[track_caller]
fn check(mut cluster: Cluster, after: &str, want: Expect) {
    act(&mut cluster, after, true);
    want.assert_eq(&told(&outlook(&cluster)));
}

const PLAIN: &str = "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}";
const TWO: &str = "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}";
const SURGE: &str = "{type: RollingUpdate, rollingUpdate: {maxSurge: 2, maxUnavailable: 0}}";

#[test]
fn a_rolling_update_goes_on_to_its_end() {
    let world = || world(3, &daemon_set(PLAIN, "image: 'i:1'"), &[]);
    check(
        world(),
        &daemon_set(PLAIN, "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3
            first: n1
            replaced: n1 n2 n3
            done
        "#]],
    );
    check(
        world(),
        &daemon_set(TWO, "image: 'i:2'"),
        expect![[r#"
        old: n1 n2 n3
        first: n1 n2
        replaced: n1 n2 n3
        done
    "#]],
    );
    check(
        world(),
        &daemon_set(SURGE, "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3
            first: n1 n2
            replaced: n1 n2 n3
            done
        "#]],
    );
    check(
        world(),
        &daemon_set("{type: OnDelete}", "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3
            left: n1 n2 n3
            rests
        "#]],
    );
}

#[test]
fn nodes_that_are_lost_already_hold_it_up() {
    let lost = |strategy| {
        world(
            4,
            &daemon_set(strategy, "image: 'i:1'"),
            &["node/n2 power off"],
        )
    };
    check(
        lost(PLAIN),
        &daemon_set(PLAIN, "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3 n4
            first: n2
            unbudgeted: n2
            gone: n2
            left: n1 n3 n4
            rests
              n2: a-2k9gd is Terminating, the node is unreachable
              1 unavailable, maxUnavailable 1: it waits until one is available again
        "#]],
    );
    check(
        lost(TWO),
        &daemon_set(TWO, "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3 n4
            first: n1 n2
            unbudgeted: n2
            replaced: n1 n3 n4
            gone: n2
            done
        "#]],
    );
    check(
        lost(SURGE),
        &daemon_set(SURGE, "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3 n4
            first: n1 n2 n3
            unbudgeted: n2
            replaced: n1 n3 n4
            gone: n2
            done
        "#]],
    );
}

#[test]
fn old_pods_that_are_not_available_go_beyond_the_budget() {
    let mut cluster = world(
        4,
        &daemon_set(PLAIN, "image: 'i:1'"),
        &["image i:2 pull fail"],
    );
    act(
        &mut cluster,
        &daemon_set(
            "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 3}}",
            "image: 'i:2'",
        ),
        true,
    );
    cluster.settle(10_000);
    check(
        cluster,
        &daemon_set(PLAIN, "image: 'i:3'"),
        expect![[r#"
            old: n1 n2 n3 n4
            first: n1 n2 n3
            unbudgeted: n1 n2 n3
            replaced: n1 n2 n3 n4
            done
        "#]],
    );
}

#[test]
fn a_new_pod_that_never_becomes_available_ends_it() {
    let world = |strategy| {
        let before = daemon_set(
            strategy,
            "image: 'i:1', ports: [{containerPort: 80, hostPort: 80}]",
        );
        world(3, &before, &["image i:2 pull fail"])
    };
    check(
        world(PLAIN),
        &daemon_set(PLAIN, "image: 'i:2'"),
        expect![[r#"
            old: n1 n2 n3
            first: n1
            replaced: n1
            left: n2 n3
            rests
              n1: a-pprvw is ImagePullBackOff
              1 unavailable, maxUnavailable 1: it waits until one is available again
        "#]],
    );
    let after = daemon_set(
        SURGE,
        "image: 'i:3', ports: [{containerPort: 80, hostPort: 80}]",
    );
    check(
        world(SURGE),
        &after,
        expect![[r#"
            old: n1 n2 n3
            first: n1 n2
            left: n1 n2 n3
            rests
              n1: a-txppr is Pending, 0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]
              n2: a-sxtvn is Pending, 0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]
              2 surging, maxSurge 2: it waits until a new one is available
        "#]],
    );
}

#[test]
fn what_no_strategy_limits_is_told_apart() {
    let world = world(3, &daemon_set(PLAIN, "image: 'i:1'"), &[]);
    let after = daemon_set(PLAIN, "image: 'i:1'")
        .replace("containers:", "nodeSelector: {disk: ssd}, containers:");
    check(
        world,
        &after,
        expect![[r#"
        removes: n1 n2 n3
        done
    "#]],
    );
    let mut joined = self::world(2, &daemon_set(PLAIN, "image: 'i:1'"), &[]);
    act(
        &mut joined,
        "apiVersion: v1\nkind: Node\nmetadata: {name: n3}\nspec: {taints: [{key: gpu, effect: NoSchedule}]}\n",
        false,
    );
    joined.settle(1_000);
    let after = daemon_set(PLAIN, "image: 'i:1'").replace(
        "containers:",
        "tolerations: [{operator: Exists}], containers:",
    );
    check(
        joined,
        &after,
        expect![[r#"
            old: n1 n2
            creates: n3
            first: n1
            replaced: n1 n2
            done
        "#]],
    );
}
