//! `daemonset export`: what it writes, and that a shell does with it what the scenario says.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use expect_test::expect;
use tests::{Folder, Ran, daemonset, files};

fn export(to: &str, dir: &Path, scenario: &Path) -> Ran {
    let (dir, scenario) = (dir.to_string_lossy(), scenario.to_string_lossy());
    daemonset(&["export", "--to", to, &dir, &scenario], "")
}

#[test]
fn every_scenario_becomes_a_script_that_a_shell_takes() {
    let out = Folder::new("export-all");
    let lessons = files("web/lessons", ".yaml").into_iter();
    let scenarios = lessons.chain(files("tests/scenarios", ".yaml"));
    for (number, scenario) in scenarios.enumerate() {
        for to in ["kwok", "manifests"] {
            let name = scenario.file_stem().expect("it has a name");
            let dir = out.join(to).join(number.to_string());
            let ran = export(to, &dir, &scenario);
            assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
            let checked = Command::new("sh")
                .arg("-n")
                .arg(dir.join("replay.sh"))
                .output()
                .expect("there is a shell");
            assert!(checked.status.success(), "{name:?}: {checked:?}");
        }
    }
}

/// Puts a program on the `PATH` of a replay.
fn program(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::write(&path, text).expect("it can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
}

/// Runs `replay.sh` with a kubectl that writes down its words, fails where `FAIL` is one of them,
/// prints 2 for counters, and knows a node and pods.
fn replay(dir: &Path) -> (Output, String) {
    let bin = dir.join("bin");
    fs::create_dir_all(&bin).expect("it can be made");
    let log = dir.join("log");
    let kubectl = format!(
        "#!/bin/sh\nfor word in \"$@\"; do printf '[%s]' \"$word\"; done >>'{0}'\necho >>'{0}'\ncase \"$*\" in *FAIL*) exit 1;; *numberReady*) echo 2;; *ownerReferences*) cat '{1}';; 'get nodes -o'*) echo worker-1 worker-2;; *no-headers*) echo worker-1 Ready,SchedulingDisabled none;; 'get node worker-1'*) printf 'b:NoSchedule\\na:NoExecute\\n';; esac\n",
        log.display(),
        bin.join("pods").display()
    );
    let pods = "DaemonSet/agent/ Running True worker-1
DaemonSet/agent/ Failed False worker-1
DaemonSet/agent/ Pending 
DaemonSet/agent/2026-01-01T00:00:00Z Running True worker-2
ReplicaSet/agent/ Running True worker-2
";
    fs::write(bin.join("pods"), pods).expect("it can be written");
    program(&bin, "kubectl", &kubectl);
    program(&bin, "sleep", "#!/bin/sh\n");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(dir.join("replay.sh"))
        .env("PATH", format!("{}:{path}", bin.display()))
        // Not the folder of the script: it finds its files from anywhere.
        .current_dir("/")
        .output()
        .expect("the script runs");
    (output, fs::read_to_string(log).unwrap_or_default())
}

/// A scenario, and where to export it to; both go with the folder.
fn write(name: &str, text: &str) -> (Folder, PathBuf, PathBuf) {
    let out = Folder::new(name);
    let scenario = out.join("scenario.yaml");
    fs::write(&scenario, text).expect("it can be written");
    let dir = out.join("export");
    (out, dir, scenario)
}

const HEAD: &str = "apiVersion: daemonset-playground/v1
kind: Scenario
nodePools: [ { name: worker, count: 2 } ]
";

#[test]
fn a_replay_runs_the_commands_of_the_scenario() {
    let text = format!(
        "{HEAD}{}",
        r#"files: { agent.yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: tools }\n" }
steps:
- say: "Now: it's $(echo gone) `echo gone`; echo gone"
- kubectl: apply -f agent.yaml
- run: quiet
- kubectl: annotate node worker-1 'note=it is "$HOME"; echo gone'
- kubectl: delete node FAIL
  fails: true
- run: 2m
- expect: { daemonSet: agent, status: { numberReady: 2 } }
- expect: { daemonSet: agent, status: { numberReady: ">= 3" } }
- expect: { absent: pod/FAIL }
"#
    );
    let (_out, dir, scenario) = write("export-replay", &text);
    assert_eq!(export("kwok", &dir, &scenario).exit_code, 0);
    let (output, log) = replay(&dir);
    let state = log.lines().find(|line| line.contains("nodes,daemonsets"));
    let state = format!("{}\n", state.unwrap_or_default());
    expect![[r#"
        [config][current-context]
        [apply][-f][nodes.yaml]
        [wait][--for=condition=Ready][-f][nodes.yaml][--timeout=120s]
        [apply][-f][objects.yaml]
        [apply][-f][files/agent.yaml]
        [annotate][node][worker-1][note=it is "$HOME"; echo gone]
        [delete][--wait=false][node][FAIL]
        [get][daemonset/agent][-o][jsonpath={.status.numberReady}]
        [get][daemonset/agent][-o][jsonpath={.status.numberReady}]
        [get][pod/FAIL]
    "#]]
    .assert_eq(&log.replace(&state, ""));
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    expect![[r#"
        cluster: 
        Now: it's $(echo gone) `echo gone`; echo gone
        ok: agent numberReady -eq 2
        ok: there is no pod/FAIL
        FAILED: agent numberReady -ge 3, found 2
    "#]]
    .assert_eq(&format!("{}{}", said(&output.stdout), said(&output.stderr)));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_replay_looks_at_nodes_and_pods() {
    let text = format!(
        "{HEAD}{}",
        r#"steps:
- expect: { daemonSet: tools/agent, pods: { total: 3, ready: 1 } }
- expect: { daemonSet: agent, node: worker-1, pods: ">= 3" }
- expect: { daemonSet: agent, eachNode: 1 }
- expect: { node: worker-1, status: "Ready,SchedulingDisabled", taints: [ "b=c:NoSchedule", "a:NoExecute" ] }
- expect: { node: worker-1, status: Ready, taints: [] }
"#
    );
    let (_out, dir, scenario) = write("export-looks", &text);
    assert_eq!(export("kwok", &dir, &scenario).exit_code, 0);
    let (output, _) = replay(&dir);
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    expect![[r#"
        cluster: 
        ok: tools/agent pods total -eq 3
        ok: tools/agent pods ready -eq 1
        ok: agent pods on worker-1 -eq 1
        ok: node worker-1 is Ready,SchedulingDisabled
        ok: taints of node worker-1 is a:NoExecute
        b:NoSchedule
        FAILED: agent pods on worker-1 -ge 3, found 2
        FAILED: agent pods on worker-2 -eq 1, found 0
        FAILED: node worker-1 is Ready,SchedulingDisabled, not Ready
        FAILED: taints of node worker-1 is a:NoExecute
        b:NoSchedule, not none
    "#]]
    .assert_eq(&said.concat());
}

#[test]
fn text_of_a_scenario_is_never_run_by_a_check() {
    let evil = serde_json::json!("x'; touch was-run; '$(touch was-run)`touch was-run`");
    let text = format!(
        "{HEAD}objects:
- {{ apiVersion: v1, kind: Namespace, metadata: {{ name: {evil} }} }}
- {{ apiVersion: v1, kind: ConfigMap, metadata: {{ name: a, namespace: {evil} }} }}
steps:
- expect: {{ node: {evil}, status: {evil}, taints: [ 'a=$(reboot):NoSchedule' ] }}
- expect: {{ daemonSet: {evil}, node: {evil}, pods: 1 }}
- expect: {{ daemonSet: {evil}, eachNode: 1 }}
- expect: {{ daemonSet: {evil}, pods: {{ total: 1, ready: 1 }} }}
"
    );
    let (_out, dir, scenario) = write("export-evil-check", &text);
    let ran = export("kwok", &dir, &scenario);
    assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
    let (output, _) = replay(&dir);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!dir.join("was-run").exists());
}

#[test]
fn text_of_a_scenario_is_never_run() {
    let out = Folder::new("export-evil");
    let mark = out.join("was-run");
    let evil = format!(
        "x'; touch {0}; '\n touch {0}\n$(touch {0})`touch {0}`",
        mark.display()
    );
    let evil = serde_json::Value::from(evil).to_string();
    let text = format!(
        "{HEAD}title: {evil}
metadata: {{ name: {evil} }}
files: {{ 'a;touch b.yaml': {evil} }}
steps:
- say: {evil}
- mark: {evil}
- kubectl: {evil}
- kubectl: {evil}
  fails: true
- kubectl: apply -f \"a;touch b.yaml\"
  output: {evil}
  contains: {evil}
- ask: {{ question: {evil}, answer: {evil}, because: {evil} }}
- expect: {{ event: {{ message: {evil} }} }}
- expect: {{ exists: 'pod/x$(touch y)' }}
- expect: {{ daemonSet: '$(touch y)/`touch y`', status: {{ numberReady: 2 }} }}
- fault: node/$(reboot) kubelet stop
- fault: image `reboot` crash
"
    );
    for to in ["kwok", "manifests"] {
        let (_out, dir, scenario) = write(&format!("export-evil-{to}"), &text);
        let ran = export(to, &dir, &scenario);
        assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
        let (output, log) = replay(&dir);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(log.contains("[apply][-f][files/a;touch b.yaml]"), "{log}");
        assert!(log.contains("[get][pod/x$(touch y)]"), "{log}");
        assert!(!mark.exists());
        let names = fs::read_dir(&dir).expect("it can be read").count();
        assert_eq!(
            names, 6,
            "README.md, replay.sh, nodes.yaml, files, bin, log"
        );
    }
}

#[test]
fn nothing_is_written_over_or_outside() {
    let (_out, dir, scenario) = write("export-refused", HEAD);
    assert_eq!(export("kwok", &dir, &scenario).exit_code, 0);
    let ran = export("kwok", &dir, &scenario);
    assert_eq!(ran.exit_code, 2);
    let said = format!(
        "error: {} is not empty; give another folder, or --force to write into it\n",
        dir.display()
    );
    assert_eq!(ran.stderr, said);
    let (dir, scenario) = (dir.to_string_lossy(), scenario.to_string_lossy());
    let args = ["export", "--to", "manifests", "--force", &dir, &scenario];
    assert_eq!(daemonset(&args, "").exit_code, 0);
    let outside = format!("{HEAD}files: {{ ../a.yaml: x }}\n");
    let ran = daemonset(&["export", "--to", "kwok", "/dev/null/x", "-"], &outside);
    assert_eq!(ran.exit_code, 2);
    expect![[r#"
        -:4:21: error: files[../a.yaml]: "../a.yaml" cannot be the name of a file; name it without signs, such as agent.yaml or parts/agent.yaml
    "#]].assert_eq(&ran.stderr);
    let ran = daemonset(&["export", "--to", "kwok", "/dev/null", "-"], HEAD);
    assert_eq!(ran.exit_code, 2);
    expect![[r#"
        error: cannot write to /dev/null: Not a directory (os error 20); give the path of a folder
    "#]]
    .assert_eq(&ran.stderr);
}
