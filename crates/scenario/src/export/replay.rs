//! `replay.sh`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Target, checks, commands, faults,
    pace::{self, Pace, paces, seconds},
    shell::{comment, line, quote},
};
use crate::{
    RunFor, Scenario, Step,
    step::{Ask, Command},
};

/// What the steps use.
const FUNCTIONS: &str = r#"
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
failed=0

say() {
  printf '%s\n' "$1"
}

# What must come to rest: what there is, where, and how it does.
state() {
  kubectl get nodes,daemonsets,pods --all-namespaces -o 'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name} {.metadata.generation} {.metadata.deletionTimestamp} {.spec.nodeName} {.spec.taints[*].key} {.status.phase} {.status.conditions[*].status} {.status.containerStatuses[*].ready} {.status.updatedNumberScheduled} {.status.numberReady} {.status.numberAvailable}{"\n"}{end}'
}

# quiet PAUSE LIMIT: until nothing has changed for PAUSE seconds, but no longer than LIMIT.
quiet() {
  before=$(state)
  unchanged=0
  waited=0
  while [ "$unchanged" -lt "$1" ]; do
    if [ "$waited" -ge "$2" ]; then
      say "not quiet after $2 s; going on" >&2
      return 0
    fi
    sleep 2
    waited=$((waited + 2))
    unchanged=$((unchanged + 2))
    now=$(state)
    if [ "$now" != "$before" ]; then
      before=$now
      unchanged=0
    fi
  done
}

# check WHAT OPERATOR NUMBER COMMAND...: what a command prints, nothing being 0.
check() {
  what=$1 operator=$2 want=$3
  shift 3
  if found=$("$@") && [ "${found:-0}" "$operator" "$want" ]; then
    say "ok: $what $operator $want"
  else
    say "FAILED: $what $operator $want, found ${found:-nothing}" >&2
    failed=1
  fi
}

# is WHAT TEXT FOUND
is() {
  if [ "$2" = "$3" ]; then
    say "ok: $1 is ${2:-none}"
  else
    say "FAILED: $1 is ${3:-none}, not ${2:-none}" >&2
    failed=1
  fi
}

# pods NAMESPACE DAEMONSET: phase, readiness and node of each of its pods that is not being deleted.
pods() {
  kubectl get pods --namespace="$1" -o 'jsonpath={range .items[*]}{.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}/{.metadata.deletionTimestamp} {.status.phase} {.status.conditions[?(@.type=="Ready")].status} {.spec.nodeName}{"\n"}{end}' |
    awk -v owner="DaemonSet/$2/" '$1 == owner'
}

total() {
  pods "$@" | wc -l
}

ready() {
  pods "$@" | awk '$3 == "True"' | wc -l
}

# on NAMESPACE DAEMONSET NODE
on() {
  pods "$1" "$2" | awk -v node="$3" '$NF == node' | wc -l
}

not_ended_on() {
  pods "$1" "$2" | awk -v node="$3" '$NF == node && $2 != "Failed" && $2 != "Succeeded"' | wc -l
}

# each_node OPERATOR NUMBER NAMESPACE DAEMONSET
each_node() {
  for node in $(kubectl get nodes -o 'jsonpath={.items[*].metadata.name}'); do
    check "$4 pods on $node" "$1" "$2" not_ended_on "$3" "$4" "$node"
  done
}

exists() {
  if kubectl get "$@" >/dev/null; then
    say "ok: there is $1"
  else
    say "FAILED: there is no $1" >&2
    failed=1
  fi
}

absent() {
  if kubectl get "$@" >/dev/null 2>&1; then
    say "FAILED: there is $1" >&2
    failed=1
  else
    say "ok: there is no $1"
  fi
}
"#;

/// The script; `objects` are those of the beginning.
pub(super) fn script(scenario: &Scenario, target: Target, objects: &[Value]) -> String {
    let mut script = "#!/bin/sh\n".to_owned();
    if !scenario.title.is_empty() {
        script += &comment(&scenario.title);
    }
    script += "# Does with kubectl what a scenario does, in the cluster of the current context.\n";
    script += FUNCTIONS;
    script += "\nsay \"cluster: $(kubectl config current-context)\"\n";
    let has_nodes = !scenario.node_pools.is_empty()
        || scenario
            .objects
            .iter()
            .any(|object| object["kind"] == "Node");
    match (has_nodes, target) {
        (false, _) => {}
        (true, Target::Kwok) => {
            script += "\n# The nodes. They have no taint kwok.x-k8s.io/node: see README.md.\n";
            script += "kubectl apply -f nodes.yaml\n";
            script += "kubectl wait --for=condition=Ready -f nodes.yaml --timeout=120s\n";
        }
        (true, Target::Manifests) => {
            script += "\n# A cluster has its own nodes: give them the names, labels and taints of nodes.yaml.\n";
            script += "# kubectl apply -f nodes.yaml\n";
        }
    }
    if !objects.is_empty() {
        script.push('\n');
        script += &service_accounts(objects);
        script += "kubectl apply -f objects.yaml\n";
    }
    let paces = paces(scenario);
    for (i, step) in scenario.steps.iter().enumerate() {
        script.push('\n');
        script += &self::step(step, target, paces.get(i).copied());
    }
    script += "\nexit \"$failed\"\n";
    script
}

/// A pod is refused until the service account of its namespace is there, which a controller makes
/// a moment after the namespace.
fn service_accounts(objects: &[Value]) -> String {
    let named = |kind, of: fn(&Value) -> &Value| -> BTreeSet<&str> {
        let of_kind = objects.iter().filter(|it| it["kind"] == kind);
        of_kind
            .filter_map(|it| of(&it["metadata"]).as_str())
            .collect()
    };
    let made = named("Namespace", |metadata| &metadata["name"]);
    let used = named("Pod", |metadata| &metadata["namespace"]);
    let mut text = String::new();
    for namespace in made.intersection(&used) {
        let create = ["kubectl", "create", "namespace", namespace];
        let create = line(create.into_iter().chain(["--dry-run=client", "-o", "yaml"]));
        let of_namespace = format!("--namespace={namespace}");
        let wait = ["kubectl", "wait", "--for=create", "serviceaccount/default"];
        let wait = line(wait.into_iter().chain([&*of_namespace, "--timeout=60s"]));
        text += &format!("{create} | kubectl apply -f -\n{wait}\n");
    }
    match text.is_empty() {
        true => text,
        false => {
            "# Pods need the service account of their namespace, which comes a moment after it.\n"
                .to_owned()
                + &text
        }
    }
}

fn step(step: &Step, target: Target, pace: Option<Pace>) -> String {
    match step {
        Step::Say(text) => format!("say {}\n", quote(text.trim_end())),
        Step::Kubectl(it) => command(it),
        Step::Fault(fault) => {
            let advice = faults::advice(fault, target);
            comment(&format!("fault: {fault}\n{advice}"))
                + "say "
                + &quote(&format!("left out: {fault}"))
                + "\n"
        }
        Step::Run(run_for) => run(*run_for, pace),
        Step::Expect(expect) => {
            let text = checks::text(expect.source());
            comment(&format!("expect: {text}")) + &checks::lines(expect)
        }
        Step::Always(expect) => {
            let text = checks::text(expect.source());
            comment(&format!("always, from here on: {text}"))
        }
        Step::Mark(name) => comment(&format!("mark: {name}")),
        Step::Ask(it) => comment(&ask(it)),
    }
}

fn command(command: &Command) -> String {
    let mut text = String::new();
    for (field, expected) in [("output", &command.output), ("contains", &command.contains)] {
        if let Some(expected) = expected {
            text += &comment(&format!("{field}:\n{}", indented(expected)));
        }
    }
    text += &match (commands::line(&command.line), command.fails) {
        (Ok(line), false) => format!("{line}\n"),
        (Ok(line), true) => {
            // What makes it fail here may be a fault, which is left out there.
            format!(
                "if {line}; then\n  say 'FAILED: this was to fail, and did not' >&2\n  failed=1\nfi\n"
            )
        }
        (Err(message), _) => comment(&format!(
            "Left out: kubectl {}\n{}",
            command.line,
            indented(&message)
        )),
    };
    text
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().split('\n').map(|line| format!("  {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Longer than in the simulation, since a cluster is slower: until nothing happens for ten seconds
/// more than the longest pause there was.
fn run(run_for: RunFor, pace: Option<Pace>) -> String {
    match (run_for, pace) {
        (RunFor::Duration(time), _) => format!("sleep {}\n", seconds(time)),
        (RunFor::Quiet, Some(Pace { lasted, paused })) => {
            let pause = seconds(paused) + 10;
            let limit = pause + 2 * seconds(lasted) + 60;
            let told = comment(&format!("It took {lasted} in the simulation."));
            format!("{told}quiet {pause} {limit}\n")
        }
        (RunFor::Quiet, None) => "quiet 30 600\n".to_owned(),
        (RunFor::Steps(steps), pace) => {
            let lasted = pace.unwrap_or_default().lasted;
            let told = comment(&format!("{steps} steps, in the simulation {lasted}"));
            format!("{told}sleep {}\n", pace::seconds(lasted))
        }
    }
}

fn ask(ask: &Ask) -> String {
    let mut text = format!("ask: {}\nanswer: ", ask.question.trim_end());
    text += &match ask.answer.as_str() {
        Some(answer) => answer.to_owned(),
        None => ask.answer.to_string(),
    };
    if let Some(because) = &ask.because {
        text += &format!("\nbecause: {because}");
    }
    if let Some(check) = &ask.check {
        text += &format!(
            "\ncheck after the next run: {}",
            checks::text(check.source())
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::testing;

    #[test]
    fn steps_become_commands() {
        let scenario = testing::read(
            r#"
- say: "It's\n$(reboot) `reboot`"
- kubectl: apply -f v1.yaml
- run: quiet
- expect: { daemonSet: agent, status: { numberReady: 2, numberUnavailable: "<= 1" } }
- expect: { absent: pod/kube-system/x }
- kubectl: get node "a b"
  fails: true
  contains: NotFound
- fault: node/worker-1 kubelet stop
- kubectl: exec worker-1
  fails: true
- run: 90s
- run: 2 steps
- mark: "here\nreboot"
- always: { daemonSet: agent, eachNode: "<= 1" }
- ask: { question: "Why?\nreboot", answer: 4, because: "So.\nreboot", check: { exists: ds/agent } }
"#,
        );
        let script = script(&scenario, Target::Kwok, &[]);
        let steps = script.split_once("--timeout=120s\n").unwrap().1;
        expect![[r#"

            say 'It'\''s
            $(reboot) `reboot`'

            kubectl apply -f files/v1.yaml

            # It took 4.274s in the simulation.
            quiet 13 83

            # expect: { daemonSet: agent, status: { numberReady: 2, numberUnavailable: "<= 1" } }
            check 'agent numberReady' -eq 2 kubectl get daemonset/agent -o 'jsonpath={.status.numberReady}'
            check 'agent numberUnavailable' -le 1 kubectl get daemonset/agent -o 'jsonpath={.status.numberUnavailable}'

            # expect: { absent: pod/kube-system/x }
            absent pod/x --namespace=kube-system

            # contains:
            #   NotFound
            if kubectl get node 'a b'; then
              say 'FAILED: this was to fail, and did not' >&2
              failed=1
            fi

            # fault: node/worker-1 kubelet stop
            # KWOK has no kubelet to stop. Nearest is its stage for nodes that are not ready (taint
            # not-ready in place of unreachable):
            #   kubectl apply -k https://github.com/kubernetes-sigs/kwok/kustomize/stage/node/chaos
            #   kubectl label node/worker-1 node-not-ready.stage.kwok.x-k8s.io=true
            say 'left out: node/worker-1 kubelet stop'

            # Left out: kubectl exec worker-1
            #   error: what `kubectl exec` does is not modelled

            sleep 90

            # 2 steps, in the simulation 0s
            sleep 0

            # mark: here
            # reboot

            # always, from here on: { daemonSet: agent, eachNode: "<= 1" }

            # ask: Why?
            # reboot
            # answer: 4
            # because: So.
            # reboot
            # check after the next run: { exists: ds/agent }

            exit "$failed"
        "#]].assert_eq(steps);
        let script = super::script(&scenario, Target::Manifests, &[]);
        let fault = script.lines().skip_while(|line| !line.contains("fault:"));
        expect![[r#"
            # fault: node/worker-1 kubelet stop
            # On kind:
            #   docker exec worker-1 systemctl stop kubelet"#]]
        .assert_eq(&fault.take(3).collect::<Vec<_>>().join("\n"));
    }
}
