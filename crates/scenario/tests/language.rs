//! Every step and every expectation: one that holds, and what is said of one that does not.

use scenario::{Run, Scenario};

const HEAD: &str = "
apiVersion: daemonset-playground/v1
kind: Scenario
timing: { jitter: 0 }
nodePools: [ { name: w, count: 2 }, { name: gpu, count: 1, taints: [ 'gpu=yes:NoSchedule' ] } ]
files:
  a.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: a }
    spec:
      selector: { matchLabels: { app: a } }
      template:
        metadata: { labels: { app: a } }
        spec: { containers: [ { name: c, image: 'a:1' } ] }
  b.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: a }
    spec:
      selector: { matchLabels: { app: a } }
      template:
        metadata: { labels: { app: a } }
        spec: { containers: [ { name: c, image: 'a:2' } ] }
steps:
";

/// What comes of these steps: nothing, or what is wrong and with which step.
fn play(steps: &str) -> Result<(), (usize, Vec<String>)> {
    let scenario = Scenario::read(&format!("{HEAD}{steps}")).expect("a scenario");
    let mut run = Run::new(&scenario, None).expect("a cluster");
    run.play(|_| {})
        .map_err(|failure| (failure.step, failure.wrong))
}

const APPLIED: &str = "
- kubectl: apply -f a.yaml
- run: quiet
- mark: before
";

#[track_caller]
fn holds(step: &str) {
    assert_eq!(play(&format!("{APPLIED}{step}\n")), Ok(()), "{step}");
}

#[track_caller]
fn fails(step: &str, wanted: &str) {
    let (_, wrong) = play(&format!("{APPLIED}{step}\n")).expect_err(step);
    assert_eq!(wrong.join("; "), wanted, "{step}");
}

#[track_caller]
fn refused(step: &str, wanted: &str) {
    let text = format!("{HEAD}{APPLIED}{step}\n");
    let error = Scenario::read(&text).expect_err(step).to_string();
    let place = format!("{}:3: error: steps[3]: ", text.lines().count());
    assert_eq!(
        error.replacen("steps[3]: steps[3]: ", "steps[3]: ", 1),
        format!("{place}{wanted}")
    );
}

#[test]
fn expectations_that_hold() {
    for step in [
        "- expect: { daemonSet: a, status: { numberReady: 2, desiredNumberScheduled: '>= 1', numberMisscheduled: '<= 0' } }",
        "- expect: { daemonSet: default/a, pods: { total: 2, ready: 2, updated: 2 } }",
        "- expect: { daemonSet: a, eachNode: '<= 1' }",
        "- expect: { daemonSet: a, node: w-1, pods: 1, terminating: 0, status: Running, ready: true, restarts: 0, revision: 1, sameAs: before }",
        "- expect: { daemonSet: a, node: gpu-1, pods: 0 }",
        "- expect: { daemonSet: a, anyPod: { node: w-2, ready: true, status: Running } }",
        "- expect: { node: gpu-1, status: Ready, taints: [ 'gpu:NoSchedule' ] }",
        "- expect: { node: gpu-1, taints: [ 'gpu=yes:NoSchedule' ] }",
        "- expect: { event: { object: ds/a, type: Normal, reason: SuccessfulCreate, message: 'Created pod: a-', count: 2 } }",
        "- expect: { event: { object: 'Pod/a-*', reason: Started } }",
        "- expect: { event: { object: 'Pod/other/a-*', reason: Started, count: 0 } }",
        "- expect: { event: { reason: Scheduled, count: 2 } }",
        "- expect: { exists: ds/a }",
        "- expect: { exists: node/w-1 }",
        "- expect: { absent: pod/a }",
        "- always: { daemonSet: nobody, pods: { total: 7 } }",
        "- ask: { question: How many?, answer: 2, because: so, check: { daemonSet: a, pods: { total: 2 } } }",
    ] {
        holds(step);
    }
}

#[test]
fn expectations_that_fail_say_what_was_found() {
    let check = |step: &str, wanted: &str| fails(&format!("- expect: {step}"), wanted);
    check(
        "{ daemonSet: a, status: { numberReady: 3, desiredNumberScheduled: '>= 3' } }",
        "desiredNumberScheduled: expected >= 3, found 2; numberReady: expected 3, found 2",
    );
    check(
        "{ daemonSet: a, pods: { updated: '<= 1' } }",
        "pods.updated: expected <= 1, found 2",
    );
    check(
        "{ daemonSet: a, eachNode: 1 }",
        "pods on gpu-1: expected 1, found 0",
    );
    check(
        "{ daemonSet: a, node: gpu-1, status: Running }",
        "expected exactly one pod on gpu-1 that is not being deleted, found 0",
    );
    check(
        "{ daemonSet: a, node: w-1, status: Pending, ready: false, restarts: 1 }",
        "status: expected Pending, found Running; ready: expected false, found true; restarts: expected 1, found 0",
    );
    check(
        "{ daemonSet: a, anyPod: { status: Pending } }",
        "anyPod: no pod is so; their status is [Running, Running]",
    );
    check(
        "{ node: gpu-1, status: NotReady, taints: [ 'other:NoSchedule' ] }",
        "status: expected NotReady, found Ready; taints: missing [other:NoSchedule], not expected [gpu=yes:NoSchedule]",
    );
    check(
        "{ event: { reason: Evicted } }",
        "event count: expected >= 1, found 0",
    );
    check("{ exists: pod/a }", "pod/a does not exist");
    check("{ absent: ds/a }", "ds/a exists");
    check(
        "{ daemonSet: b, pods: { total: 0 } }",
        "daemon set b does not exist",
    );
    check("{ node: w-9, status: Ready }", "node w-9 does not exist");
}

#[test]
fn marks_tell_pods_apart() {
    let rolled = "- kubectl: apply -f b.yaml\n- run: quiet\n";
    holds(&format!(
        "{rolled}- expect: {{ daemonSet: a, node: w-1, notSameAs: before, revision: 2 }}"
    ));
    let (step, wrong) = play(&format!(
        "{APPLIED}{rolled}- expect: {{ daemonSet: a, node: w-1, sameAs: before }}\n"
    ))
    .expect_err("it is another pod");
    assert_eq!(step, 5);
    assert!(
        wrong[0].starts_with("sameAs: at before it was pod a-"),
        "{wrong:?}"
    );
}

#[test]
fn always_names_the_step_that_breaks_it() {
    let (step, wrong) = play(&format!(
        "{APPLIED}- always: {{ daemonSet: a, status: {{ numberUnavailable: 0 }} }}\n- kubectl: apply -f b.yaml\n- run: quiet\n"
    ))
    .expect_err("a rollout takes a pod away");
    assert_eq!(step, 3);
    assert_eq!(wrong[0], "numberUnavailable: expected 0, found 1");
    assert!(
        wrong[1].starts_with("since step ") && wrong[1].contains("wrote the status"),
        "{wrong:?}"
    );
}

#[test]
fn a_question_is_answered_after_the_next_run() {
    let ask = "- ask: { question: How many are ready?, answer: 2, check: { daemonSet: a, status: { numberReady: 2 } } }\n";
    assert_eq!(
        play(&format!("- kubectl: apply -f a.yaml\n{ask}- run: quiet\n")),
        Ok(())
    );
    let (step, _) =
        play(&format!("- kubectl: apply -f a.yaml\n{ask}- run: 1s\n")).expect_err("too early");
    assert_eq!(step, 1);
}

#[test]
fn what_does_not_go_together_is_refused_when_it_is_read() {
    refused(
        "- expect: { daemonSet: a, taints: [] }",
        "`taints` does not go with `daemonSet` without `node`; that takes `daemonSet`, `status`, `pods`, `eachNode`, `anyPod`",
    );
    refused(
        "- expect: { node: w-1, pods: 1 }",
        "`pods` does not go with `node`; that takes `node`, `status`, `taints`",
    );
    refused(
        "- expect: { ready: true }",
        "an expectation is about one of `daemonSet`, `node`, `event`, `exists`, `absent`",
    );
    refused(
        "- expect: { exists: pod }",
        "expected KIND/[NAMESPACE/]NAME, found \"pod\"",
    );
    refused(
        "- expect: { daemonSet: a, node: w-1, pods: many }",
        "pods: expected a number, \"<= n\" or \">= n\", found \"many\"",
    );
    refused(
        "- expect: { daemonSet: a, node: w-1, sameAs: after }",
        "there is no mark \"after\" before it; there are before",
    );
    refused(
        "- always: {}",
        "an expectation is about one of `daemonSet`, `node`, `event`, `exists`, `absent`",
    );
    refused("- ask: { question: Q }", "missing field `answer`");
}

#[test]
fn kubectl_steps_check_output_and_exit_code() {
    holds("- kubectl: cordon w-1\n  output: node/w-1 cordoned");
    holds("- kubectl: cordon w-9\n  fails: true\n  contains: not found");
    fails(
        "- kubectl: cordon w-1\n  output: done",
        "expected output:\ndone\nfound:\nnode/w-1 cordoned",
    );
    fails(
        "- kubectl: cordon w-1\n  fails: true",
        "expected another exit code than 0, found 0:\nnode/w-1 cordoned",
    );
    fails(
        "- kubectl: cordon w-1\n  contains: uncordoned",
        "expected output with:\nuncordoned\nfound:\nnode/w-1 cordoned",
    );
}
