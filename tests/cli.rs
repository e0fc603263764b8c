//! The command line: what it prints, where, and how it exits.

use expect_test::{Expect, expect};
use tests::{Ran, daemonset, root};

#[track_caller]
fn check(args: &[&str], stdin: &str, exit_code: u8, want: Expect) {
    let Ran {
        stdout,
        stderr,
        exit_code: got,
    } = daemonset(args, stdin);
    want.assert_eq(&format!("{stdout}{stderr}"));
    assert_eq!(got, exit_code, "{args:?}");
}

const DAEMON_SET: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, uid: u }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      nodeSelector: { disk: ssd }
      containers: [ { name: agent, image: 'agent:1' } ]
";

#[test]
fn lint_tells_the_place_the_field_and_the_message() {
    check(&["lint", "-"], DAEMON_SET, 0, expect![[""]]);
    let bad = DAEMON_SET
        .replace("image:", "imagee:")
        .replace("name: agent, uid", "name: Agent, uid");
    check(
        &["lint", "-"],
        &bad,
        1,
        expect![[r#"
        -:10:36: error: spec.template.spec.containers[0].imagee: unknown field "spec.template.spec.containers[0].imagee"
    "#]],
    );
    let bad = DAEMON_SET
        .replace("name: agent, uid", "name: Agent, uid")
        .replace("'agent:1'", "''");
    check(
        &["lint", "-o", "json", "-"],
        &bad,
        1,
        expect![[r#"
        {"column":19,"field":"metadata.name","file":"-","line":3,"message":"Invalid value: \"Agent\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')","severity":"error"}
        {"column":43,"field":"spec.template.spec.containers[0].image","file":"-","line":10,"message":"Required value","severity":"error"}
    "#]],
    );
    check(
        &["lint", "-"],
        "a: b: c",
        1,
        expect![[r#"
        -:1:5: error: error converting YAML to JSON: yaml: mapping values are not allowed in this context
    "#]],
    );
    check(
        &["lint", "-"],
        "apiVersion: daemonset-playground/v1\nkind: Scenario\n",
        1,
        expect![[r#"
            -:2:7: error: kind: no matches for kind "Scenario" in version "daemonset-playground/v1"; a scenario is checked by `daemonset run`
        "#]],
    );
    check(
        &["lint", "/nowhere.yaml"],
        "",
        2,
        expect![[r#"
            error: cannot read /nowhere.yaml: No such file or directory (os error 2); check the path, or give `-` for standard input
        "#]],
    );
}

#[test]
fn reconcile_tells_what_would_be_done_and_why() {
    let nodes = "---\napiVersion: v1\nkind: Node\nmetadata: { name: a, labels: { disk: ssd } }\n---\napiVersion: v1\nkind: Node\nmetadata: { name: b }\n";
    let world = format!("{DAEMON_SET}{nodes}");
    check(
        &["reconcile", "-"],
        &world,
        0,
        expect![[r#"
            default/agent
              create revision agent-8659d79dd7, number 1
              create a pod for a: no daemon pod there, the node fits
                a                        should run: the node fits
                b                        must not run: no label disk; nodeSelector wants disk=ssd
              status (written): desiredNumberScheduled 1, currentNumberScheduled 0, numberReady 0, updatedNumberScheduled 0, numberAvailable 0, numberUnavailable 1, numberMisscheduled 0
        "#]],
    );
    let twice = format!(
        "{world}---\n{}",
        DAEMON_SET.replace("name: agent, uid: u", "name: other")
    );
    check(
        &["reconcile", "-"],
        &twice,
        0,
        expect![[r#"
            default/agent
              create revision agent-8659d79dd7, number 1
              create a pod for a: no daemon pod there, the node fits
                a                        should run: the node fits
                b                        must not run: no label disk; nodeSelector wants disk=ssd
              status (written): desiredNumberScheduled 1, currentNumberScheduled 0, numberReady 0, updatedNumberScheduled 0, numberAvailable 0, numberUnavailable 1, numberMisscheduled 0
            default/other
              create revision other-8659d79dd7, number 1
              create a pod for a: no daemon pod there, the node fits
                a                        should run: the node fits
                b                        must not run: no label disk; nodeSelector wants disk=ssd
              status (written): desiredNumberScheduled 1, currentNumberScheduled 0, numberReady 0, updatedNumberScheduled 0, numberAvailable 0, numberUnavailable 1, numberMisscheduled 0
        "#]],
    );
    check(
        &["reconcile", "-"],
        nodes,
        2,
        expect![[r#"
            error: -: there is no DaemonSet among the objects; add it with `kubectl get ds -A -o yaml`
        "#]],
    );
    check(
        &["reconcile", "-"],
        "kind: DaemonSet\napiVersion: apps/v1\nspec: 5",
        2,
        expect![[r#"
            -:3:7: error: spec: json: cannot unmarshal number into Go struct field DaemonSet.spec of type v1.DaemonSetSpec
            error: -: it cannot be read as Kubernetes objects; mend what is told above
        "#]],
    );
    check(
        &["reconcile", "-"],
        "[{\"name\": \"x\", \"objects\": [5]}]",
        2,
        expect![[r#"
            error: -: case "x": there is no DaemonSet among the objects; add it with `kubectl get ds -A -o yaml`
        "#]],
    );
}

#[test]
fn explain_tells_every_rule_and_what_comes_of_every_pod() {
    let world = format!(
        "{}---\n{}",
        DAEMON_SET.replace(
            "nodeSelector: { disk: ssd }",
            "nodeSelector: { disk: ssd }\n      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [ { matchExpressions: [ { key: zone, operator: In, values: [ a, b ] } ] }, {} ] } } }\n      tolerations: [ { key: gpu, operator: Exists } ]",
        ),
        "apiVersion: v1
kind: Node
metadata: { name: a, labels: { disk: ssd, zone: a } }
spec: { taints: [ { key: gpu, effect: NoExecute } ] }
---
apiVersion: v1
kind: Node
metadata: { name: b, labels: { disk: hdd } }
spec: { taints: [ { key: spot, value: 'yes', effect: NoSchedule } ], newField: 1 }
---
apiVersion: v1
kind: Pod
metadata:
  name: agent-old
  namespace: default
  labels: { app: agent }
  ownerReferences: [ { apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: u, controller: true } ]
spec: { nodeName: a, containers: [ { name: agent, image: 'agent:0' } ] }
status: { phase: Running }
"
    );
    check(
        &["explain", "-", "--node", "a"],
        &world,
        0,
        expect![[r#"
        a should run a pod of default/agent: the node fits, tolerated: gpu:NoExecute
          yes label disk=ssd is as nodeSelector wants
              from spec.template.spec.nodeSelector[disk] of the DaemonSet, metadata.labels[disk] of the Node
          yes term 1 of the required node affinity matches
              from spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0] of the DaemonSet, metadata.labels of the Node
          yes taint gpu:NoExecute
              tolerated by gpu
              from spec.template.spec.tolerations of the DaemonSet, spec.taints[0] of the Node
          pod agent-old: Running, not ready, old revision: the next sync deletes it: it is of an old revision and not available anyway
        -:22:70: warning: spec.newField: unknown field "spec.newField"
    "#]],
    );
    check(
        &["explain", "-", "--node", "b"],
        &world,
        0,
        expect![[r#"
        b must not run a pod of default/agent: label disk=hdd; nodeSelector wants disk=ssd
          no  label disk=hdd, but nodeSelector wants ssd
              from spec.template.spec.nodeSelector[disk] of the DaemonSet, metadata.labels[disk] of the Node
          no  no term of the required node affinity matches; term 1: zone In [a, b], found nothing; term 2 is empty and matches nothing
              from spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms of the DaemonSet, metadata.labels of the Node
          no  taint spot=yes:NoSchedule
              not tolerated: no new pod, one that is here may stay
              from spec.template.spec.tolerations of the DaemonSet, spec.taints[0] of the Node
          to change that: label the node disk=ssd, and label the node zone=a, and tolerate spot=yes:NoSchedule
          no pod of it is there
        -:22:70: warning: spec.newField: unknown field "spec.newField"
    "#]],
    );
    check(
        &["explain", "-", "--node", "b", "-o", "json"],
        &world,
        0,
        expect![[r#"
            {"checks":[{"consequence":null,"daemonSetField":"spec.template.spec.nodeSelector[disk]","fact":"label disk=hdd, but nodeSelector wants ssd","nodeField":"metadata.labels[disk]","passed":false,"remedy":"label the node disk=ssd","rule":"nodeSelector","toleratedByController":null,"upstream":"pkg/controller/daemon/daemon_controller.go predicates (GetRequiredNodeAffinity), v1.34"},{"consequence":null,"daemonSetField":"spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms","fact":"no term of the required node affinity matches; term 1: zone In [a, b], found nothing; term 2 is empty and matches nothing","nodeField":"metadata.labels","passed":false,"remedy":"label the node zone=a","rule":"nodeAffinity","toleratedByController":null,"upstream":"pkg/controller/daemon/daemon_controller.go predicates (GetRequiredNodeAffinity), v1.34"},{"consequence":"not tolerated: no new pod, one that is here may stay","daemonSetField":"spec.template.spec.tolerations","fact":"taint spot=yes:NoSchedule","nodeField":"spec.taints[0]","passed":false,"remedy":"tolerate spot=yes:NoSchedule","rule":"taint","toleratedByController":null,"upstream":"pkg/controller/daemon/daemon_controller.go predicates (FindMatchingUntoleratedTaint), v1.34"}],"creates":null,"daemonSet":"default/agent","node":"b","otherwise":[],"pods":[],"reason":"label disk=hdd; nodeSelector wants disk=ssd","remedies":["label the node disk=ssd","label the node zone=a","tolerate spot=yes:NoSchedule"],"rollout":"1 unavailable, maxUnavailable 1: it waits until one is available again","shouldContinueRunning":false,"shouldRun":false,"takingRoom":["a"],"waits":null}
            -:22:70: warning: spec.newField: unknown field "spec.newField"
        "#]],
    );
    check(
        &["explain", "-", "--node", "c"],
        &world,
        2,
        expect![[r#"
        -:22:70: warning: spec.newField: unknown field "spec.newField"
        error: -: no node c; there are a, b
    "#]],
    );
}

#[test]
fn explain_tells_how_a_pod_is_and_why() {
    let pod = |name: &str, node: &str, rest: &str| {
        format!(
            "---
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: default
  labels: {{ app: agent }}
  ownerReferences: [ {{ apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: u, controller: true }} ]
{rest}
spec: {{ nodeName: {node}, containers: [ {{ name: agent, image: 'agent:0' }} ] }}
"
        )
    };
    let crashing = pod(
        "agent-a",
        "a",
        "status: { phase: Running, containerStatuses: [ { name: agent, restartCount: 7, state: { waiting: { reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container } }, lastState: { terminated: { exitCode: 1, reason: Error, finishedAt: '2026-01-01T00:00:00Z' } } } ] }",
    );
    let going = pod(
        "agent-b",
        "b",
        "  deletionTimestamp: '2026-01-01T00:00:30Z'\n  deletionGracePeriodSeconds: 30\nstatus: { phase: Running }",
    );
    let of_others = "---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: default }
spec: { containers: [ { name: web, image: 'web:1' } ] }
";
    let world = format!(
        "{DAEMON_SET}
---
apiVersion: v1
kind: Node
metadata: {{ name: a, labels: {{ disk: ssd }} }}
---
apiVersion: v1
kind: Node
metadata: {{ name: b, labels: {{ disk: ssd }} }}
spec: {{ taints: [ {{ key: node.kubernetes.io/unreachable, effect: NoSchedule }} ] }}
status: {{ conditions: [ {{ type: Ready, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status. }} ] }}
{crashing}{going}{of_others}"
    );
    let now = "2026-01-01T00:02:00Z";
    check(
        &["explain", "-", "--pod", "agent-a", "--now", now],
        &world,
        0,
        expect![[r#"
            a should run a pod of default/agent: the node fits
              yes label disk=ssd is as nodeSelector wants
                  from spec.template.spec.nodeSelector[disk] of the DaemonSet, metadata.labels[disk] of the Node
              pod agent-a: CrashLoopBackOff, 7 restarts, not ready, old revision: the next sync deletes it: it is of an old revision and not available anyway
                  container agent waits (CrashLoopBackOff: back-off 5m0s restarting failed container)
                  container agent ended the last time with exit code 1 (Error), 2m0s ago
        "#]],
    );
    check(
        &["explain", "-", "--pod", "default/agent-b", "--now", now],
        &world,
        0,
        expect![[r#"
            b gets no pod, and may keep one it has, of default/agent: taint node.kubernetes.io/unreachable:NoSchedule is not tolerated
              yes label disk=ssd is as nodeSelector wants
                  from spec.template.spec.nodeSelector[disk] of the DaemonSet, metadata.labels[disk] of the Node
              no  taint node.kubernetes.io/unreachable:NoSchedule
                  not tolerated: no new pod, one that is here may stay; the toleration that the controller adds to every daemon pod is for NoExecute only
                  from spec.template.spec.tolerations of the DaemonSet, spec.taints[0] of the Node
              to change that: bring the node back (its condition Ready is Unknown: Kubelet stopped posting node status), and the taint goes
              only if it has to run on such nodes, as a network plugin does: tolerate node.kubernetes.io/unreachable:NoSchedule
              pod agent-b: Terminating, not ready, old revision: it is being deleted, and holds its place until it is gone
                  its deletion was asked for 2m0s ago, with a grace period of 30s that is over
                  its node b is unreachable (NodeStatusUnknown: Kubelet stopped posting node status): the pod stays until the kubelet there is back and has stopped it, the Node object is deleted, or the deletion is forced
        "#]],
    );
    check(
        &["explain", "-", "--pod", "web"],
        &world,
        2,
        expect![[r#"
            error: -: pod default/web belongs to nobody, and not to a DaemonSet among the objects
        "#]],
    );
    let no_node = world.replace("nodeName: b", "nodeName: gone");
    check(
        &["explain", "-", "--pod", "agent-b", "--now", now],
        &no_node,
        0,
        expect![[r#"
            pod default/agent-b: Terminating
              its deletion was asked for 2m0s ago, with a grace period of 30s that is over
              its node gone does not exist: pod garbage collection removes the pod
        "#]],
    );
    let Ran { stdout, .. } = daemonset(
        &[
            "explain", "-", "--pod", "agent-a", "--now", now, "-o", "json",
        ],
        &world,
    );
    let line: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let story = &line["pods"][0];
    assert_eq!(
        (story["status"].as_str(), story["restarts"].as_i64()),
        (Some("CrashLoopBackOff"), Some(7))
    );
    assert_eq!(story["because"][0]["kind"], "waiting");
    assert_eq!(story["because"][1]["end"]["exitCode"], 1);
}

#[test]
fn run_plays_a_scenario_and_says_what_failed() {
    let scenario = "apiVersion: daemonset-playground/v1\nkind: Scenario\nnodePools: [{name: a}]\nsteps:\n- kubectl: cordon a-1\n- run: quiet\n- expect: {node: a-1, status: Ready}\n";
    check(
        &["run", "-"],
        scenario,
        1,
        expect![[r#"
            $ kubectl cordon a-1
            node/a-1 cordoned
            T+0.000s  kubectl  changed node a-1: kubectl cordon a-1
            T+0.000s  node-controller  put taint node.kubernetes.io/unschedulable:NoSchedule on node a-1: spec.unschedulable is true
            2 steps, T+0.000s, quiet; 0 checks passed, 1 failed; digest d6f85029f8e6e19c
            -:7:3: error: steps[2]: status: expected Ready, found Ready,SchedulingDisabled
        "#]],
    );
    check(
        &["run", "-o", "json", "-"],
        &scenario.replace("status: Ready", "status: 'Ready,SchedulingDisabled'"),
        0,
        expect![[r#"
            {"actor":"kubectl","object":"Node/a-1","reason":"kubectl cordon a-1","step":1,"timeMs":0,"what":"changed node a-1"}
            {"actor":"node-controller","object":"Node/a-1","reason":"spec.unschedulable is true","step":2,"timeMs":0,"what":"put taint node.kubernetes.io/unschedulable:NoSchedule on node a-1"}
            {"checks":{"failed":0,"passed":1},"digest":"d6f85029f8e6e19c","quiet":true,"steps":2,"timeMs":0}
        "#]],
    );
    check(
        &["run", "-"],
        &scenario.replace("kind: Scenario", "kind: Pod"),
        2,
        expect![[r#"
            -:2:7: error: kind: expected Scenario, found "Pod"
        "#]],
    );
    check(
        &["run", "-"],
        &scenario.replace("cordon a-1", "cordon b"),
        1,
        expect![[r#"
            $ kubectl cordon b
            Error from server (NotFound): nodes "b" not found
            2 steps of the scenario were not played
            0 steps, T+0.000s, quiet; 0 checks passed, 1 failed; digest 32c5d7e482645687
            -:5:3: error: steps[0]: expected exit code 0, found 1:
            Error from server (NotFound): nodes "b" not found
        "#]],
    );
}

/// A place is told as compilers tell it, so that editors and CI find it.
#[test]
fn an_object_that_is_in_a_dump_twice_is_told_with_both_places() {
    let daemon_set = "apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [ { name: agent, image: 'agent:1' } ] }
";
    let pod = "apiVersion: v1
kind: Pod
metadata: { name: a, namespace: NAMESPACE }
spec: { containers: [ { name: agent, image: 'agent:1' } ] }
";
    let [here, there] = ["default", "other"].map(|it| pod.replace("NAMESPACE", it));
    check(
        &["reconcile", "-"],
        &format!(
            "{daemon_set}---\n{here}---\n{there}---\n{}",
            here.replace(", namespace: default", "")
        ),
        2,
        expect![[r#"
            -:20:1: error: Pod default/a is there twice, first at 10:1; leave one out
        "#]],
    );
    check(
        &["explain", "-", "--node", "a"],
        &format!("{daemon_set}---\n{daemon_set}"),
        2,
        expect![[r#"
            -:10:1: error: DaemonSet default/agent is there twice, first at 1:1; leave one out
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let head = "apiVersion: daemonset-playground/v1\nkind: Scenario\n";
    check(
        &["run", "-"],
        &format!("{head}steps: [ {{ run: soon }} ]\n"),
        2,
        expect![[r#"
            -:3:17: error: steps[0].run: cannot run for "soon": give quiet, a duration such as 60s, or 5 steps
        "#]],
    );
    check(
        &["run", "-"],
        &format!("{head}objects: [ {{ kind: Pod }} ]\n"),
        2,
        expect![[r#"
            -:3:12: error: objects[0].apiVersion: error validating data: apiVersion not set
        "#]],
    );
    check(
        &["reconcile", "-"],
        "[{\"name\": \"x\",\n  \"objects\": 5}]",
        2,
        expect![[r#"
            -:2:14: error: not an array of cases: invalid type: integer `5`, expected a sequence
        "#]],
    );
    let unknown = "---\napiVersion: v1\nkind: Node\nmetadata: { name: a }\nnew: 1\n".repeat(22);
    let Ran { stderr, .. } = daemonset(&["reconcile", "-"], &unknown);
    expect!["-:105:1: warning: and 2 more from here on"]
        .assert_eq(stderr.lines().nth(20).unwrap_or_default());
}

#[test]
fn usage_errors_exit_with_2_and_help_with_0() {
    assert_eq!(daemonset(&["frobnicate"], "").exit_code, 2);
    assert_eq!(daemonset(&["run"], "").exit_code, 2);
    assert_eq!(daemonset(&["--help"], "").exit_code, 0);
    assert!(
        daemonset(&["run", "--help"], "")
            .stdout
            .contains("daemonset run web/lessons/")
    );
}

#[test]
fn quiet_tells_only_what_is_wrong() {
    let scenario = "apiVersion: daemonset-playground/v1\nkind: Scenario\nnodePools: [{name: a}]\nsteps:\n- say: Now\n- kubectl: cordon a-1\n- run: quiet\n- expect: {node: a-1, status: Ready}\n";
    check(
        &["run", "--quiet", "-"],
        scenario,
        1,
        expect![[r#"
        -:8:3: error: steps[3]: status: expected Ready, found Ready,SchedulingDisabled
    "#]],
    );
    let good = scenario.replace("status: Ready", "status: 'Ready,SchedulingDisabled'");
    check(&["-q", "run", "-"], &good, 0, expect![""]);
    check(&["run", "-q", "-o", "json", "-"], &good, 0, expect![""]);
    let bad = DAEMON_SET.replace("image:", "imagee:");
    check(
        &["lint", "-q", "-o", "json", "-"],
        &bad,
        1,
        expect![[r#"
        {"column":36,"field":"spec.template.spec.containers[0].imagee","file":"-","line":10,"message":"unknown field \"spec.template.spec.containers[0].imagee\"","severity":"error"}
    "#]],
    );
    check(&["lint", "-q", "-"], DAEMON_SET, 0, expect![""]);
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let Ran {
            stdout, exit_code, ..
        } = daemonset(&["completions", shell], "");
        assert_eq!(exit_code, 0);
        assert!(stdout.contains("reconcile"), "{shell}");
    }
    assert_eq!(daemonset(&["completions", "tcsh"], "").exit_code, 2);
}

#[test]
fn the_seed_changes_names_but_not_what_comes_of_it() {
    let file = root("web/lessons/first-rollout.yaml");
    let file = file.to_string_lossy();
    let first = daemonset(&["run", &file], "");
    assert_eq!(first, daemonset(&["run", &file], ""));
    let other = daemonset(&["run", "--seed", "8", &file], "");
    assert_eq!(other.exit_code, 0);
    assert_ne!(first.stdout, other.stdout);
}
