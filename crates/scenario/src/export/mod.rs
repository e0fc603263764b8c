//! A scenario as files for a real cluster: manifests, and a shell script of kubectl commands.
//!
//! Start with [`export`]. [`nodes`] and [`manifests`] make the manifests of the beginning,
//! [`replay`] the script, of [`commands`], [`faults`] and [`checks`]; [`pace`] says how long each
//! step takes in the simulation, [`shell`] quotes.

mod checks;
mod commands;
mod faults;
mod manifests;
mod nodes;

mod pace;
mod readme;
mod replay;
mod shell;

use objects::FieldPath;
use serde_json::Value;

use crate::{Scenario, Wrong, pools, yaml};

/// What the files are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A cluster of [KWOK](https://kwok.sigs.k8s.io), whose nodes are made from Node manifests.
    Kwok,
    /// Any cluster that has its own nodes.
    Manifests,
}

/// One of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Below the folder that all go to, with `/` between its parts.
    pub path: String,
    pub content: String,
    /// It can be run.
    pub is_program: bool,
}

/// Makes the files. It plays the scenario once, to know how long to wait in the script.
///
/// # Errors
/// If the beginning cannot be made, or a file has a name that would lead out of the folder.
pub fn export(scenario: &Scenario, target: Target) -> Result<Vec<File>, Wrong> {
    refuse_names(scenario)?;
    let cluster = pools::cluster(scenario, None)?;
    let nodes = nodes::manifests(&cluster, target);
    let objects = manifests::manifests(scenario);
    let mut files = vec![
        file("README.md", readme::text(scenario, target)),
        File {
            is_program: true,
            ..file("replay.sh", replay::script(scenario, target, &objects))
        },
    ];
    if !nodes.is_empty() {
        files.push(file("nodes.yaml", documents(&nodes)));
    }
    if !objects.is_empty() {
        files.push(file("objects.yaml", documents(&objects)));
    }
    for (name, content) in &scenario.files {
        let content = match target {
            Target::Kwok => nodes::adopted(content),
            Target::Manifests => None,
        }
        .unwrap_or_else(|| content.clone());
        files.push(file(&format!("files/{name}"), content));
    }
    Ok(files)
}

fn file(path: &str, content: String) -> File {
    File {
        path: path.to_owned(),
        content,
        is_program: false,
    }
}

fn refuse_names(scenario: &Scenario) -> Result<(), Wrong> {
    for name in scenario.files.keys() {
        let wrong = |message| Err(Wrong::new(&FieldPath::of("files").key(name), message));
        if !is_path(name) {
            return wrong(format!(
                "{name:?} cannot be the name of a file; name it without signs, such as agent.yaml or parts/agent.yaml"
            ));
        }
        let inside = format!("{name}/");
        if scenario.files.keys().any(|it| it.starts_with(&inside)) {
            return wrong(format!(
                "{name:?} cannot be a file and a folder; name one of them otherwise"
            ));
        }
    }
    Ok(())
}

/// Whether a name leads to a file below a folder, and not out of it, on any system.
fn is_path(name: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !"\\:*?\"<>|".contains(c);
    let mut parts = name.split('/');
    parts.all(|part| !matches!(part, "" | "." | "..") && part.chars().all(is_plain))
}

/// A stream of YAML documents.
fn documents(values: &[Value]) -> String {
    let text = |value| {
        let mut text = String::new();
        yaml::block(&mut text, value, 0);
        text.trim_start().to_owned()
    };
    let texts: Vec<String> = values.iter().map(text).collect();
    texts.join("---\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::testing;

    fn of<'a>(files: &'a [File], path: &str) -> &'a str {
        let file = files.iter().find(|it| it.path == path);
        &file.expect("the file is made").content
    }

    #[test]
    fn the_beginning_becomes_manifests() {
        let mut scenario = testing::read("- run: quiet\n");
        scenario.objects = vec![
            serde_json::json!({ "apiVersion": "apps/v1", "kind": "DaemonSet",
                "metadata": { "name": "found", "namespace": "tools", "uid": "u", "generation": 3 },
                "spec": { "selector": { "matchLabels": { "app": "found" } }, "template": {
                    "metadata": { "labels": { "app": "found" } },
                    "spec": { "containers": [ { "name": "found", "image": "found:1" } ] } } } }),
            serde_json::json!({ "apiVersion": "v1", "kind": "Pod",
                "metadata": { "name": "found-1", "namespace": "tools", "labels": { "app": "found" },
                    "ownerReferences": [ { "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "found", "uid": "u", "controller": true } ] },
                "spec": { "nodeName": "gpu-1", "containers": [ { "name": "found", "image": "found:1" } ] },
                "status": { "phase": "Running" } }),
        ];
        let files = export(&scenario, Target::Kwok).unwrap();
        let paths: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "README.md",
                "replay.sh",
                "nodes.yaml",
                "objects.yaml",
                "files/v1.yaml",
                "files/v2.yaml"
            ]
        );
        let nodes = of(&files, "nodes.yaml");
        expect![[r#"
            apiVersion: v1
            kind: Node
            metadata:
              annotations:
                kwok.x-k8s.io/node: fake
                node.alpha.kubernetes.io/ttl: "0"
              labels:
                kubernetes.io/arch: amd64
                kubernetes.io/hostname: gpu-1
                kubernetes.io/os: linux
                type: kwok
              name: gpu-1
            spec:
              taints:
                - effect: NoSchedule
                  key: gpu
                  value: "yes"
            status:
              allocatable:
                cpu: "4"
                memory: "16Gi"
                pods: "110"
              capacity:
                cpu: "4"
                memory: "16Gi"
                pods: "110"
              nodeInfo:
                architecture: amd64
                bootID: ""
                containerRuntimeVersion: ""
                kernelVersion: ""
                kubeProxyVersion: fake
                kubeletVersion: v1.34.0
                machineID: ""
                operatingSystem: linux
                osImage: ""
                systemUUID: ""
              phase: Running
        "#]]
        .assert_eq(nodes.split("---\n").next().unwrap());
        expect![[r#"
            apiVersion: v1
            kind: Namespace
            metadata:
              name: tools
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              labels:
                app: found
              name: found-1
              namespace: tools
            spec:
              containers:
                - image: found:1
                  name: found
              nodeName: gpu-1
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata:
              name: found
              namespace: tools
            spec:
              selector:
                matchLabels:
                  app: found
              template:
                metadata:
                  labels:
                    app: found
                spec:
                  containers:
                    - image: found:1
                      name: found
        "#]]
        .assert_eq(of(&files, "objects.yaml"));
        // Another cluster's nodes are not KWOK's.
        let files = export(&scenario, Target::Manifests).unwrap();
        assert!(!of(&files, "nodes.yaml").contains("kwok"));
        assert_eq!(of(&files, "files/v1.yaml"), scenario.files["v1.yaml"]);
    }

    #[test]
    fn a_node_in_a_file_is_kwoks_too() {
        let mut scenario = testing::read("- kubectl: apply -f node.yaml\n");
        let node = "apiVersion: v1\nkind: Node\nmetadata: { name: late }\n";
        scenario.files.insert("node.yaml".into(), node.into());
        let files = export(&scenario, Target::Kwok).unwrap();
        assert!(of(&files, "files/node.yaml").contains("kwok.x-k8s.io/node: fake"));
        let files = export(&scenario, Target::Manifests).unwrap();
        assert_eq!(of(&files, "files/node.yaml"), node);
    }

    #[test]
    fn a_file_may_lie_in_a_folder() {
        let mut scenario = testing::read("- kubectl: apply -f parts/a.yaml\n");
        let node = "apiVersion: v1\nkind: Node\nmetadata: { name: late }\n";
        scenario.files.insert("parts/a.yaml".into(), node.into());
        let files = export(&scenario, Target::Manifests).unwrap();
        assert_eq!(of(&files, "files/parts/a.yaml"), node);
        assert!(of(&files, "replay.sh").contains("\nkubectl apply -f files/parts/a.yaml\n"));
        scenario.files.insert("parts".into(), node.into());
        let wrong = export(&scenario, Target::Manifests).unwrap_err();
        assert_eq!(
            wrong.message(),
            "\"parts\" cannot be a file and a folder; name one of them otherwise"
        );
    }

    #[test]
    fn a_machine_has_at_least_what_its_pods_may_have() {
        let mut scenario = testing::read("- kubectl: apply -f node.yaml\n");
        let amounts = serde_json::json!({ "cpu": "16", "memory": "64Gi", "gpu.com/gpu": "2" });
        let allocatable = amounts.as_object().unwrap().clone();
        scenario.node_pools[0].allocatable = allocatable.into_iter().collect();
        let node = format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{ name: late }}\nstatus: {{ allocatable: {amounts} }}\n"
        );
        scenario.files.insert("node.yaml".into(), node);
        let files = export(&scenario, Target::Kwok).unwrap();
        let capacity = "  capacity:\n    cpu: \"16\"\n    gpu.com/gpu: \"2\"\n    memory: \"64Gi\"\n    pods: \"110\"\n";
        assert!(of(&files, "nodes.yaml").contains(capacity));
        assert!(of(&files, "files/node.yaml").contains(capacity));
    }

    #[test]
    fn a_pod_comes_after_its_service_account() {
        let mut scenario = testing::read("");
        scenario.objects = vec![serde_json::json!({ "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": "a", "namespace": "tools" },
            "spec": { "containers": [ { "name": "a", "image": "a:1" } ] } })];
        let files = export(&scenario, Target::Kwok).unwrap();
        let script = of(&files, "replay.sh");
        assert!(script.contains(
            "
# Pods need the service account of their namespace, which comes a moment after it.
kubectl create namespace tools --dry-run=client -o yaml | kubectl apply -f -
kubectl wait --for=create serviceaccount/default --namespace=tools --timeout=60s
kubectl apply -f objects.yaml
"
        ));
        scenario.objects[0]["metadata"]["namespace"] = "default".into();
        let files = export(&scenario, Target::Kwok).unwrap();
        assert!(!of(&files, "replay.sh").contains("serviceaccount"));
    }

    #[test]
    fn no_file_leads_out_of_the_folder() {
        for name in [
            "../a",
            "..",
            ".",
            "a/../../b",
            "a/",
            "a//b",
            "./a",
            "/etc/passwd",
            "a\\b",
            "a\nb",
            "",
        ] {
            let mut scenario = testing::read("");
            scenario.files.insert(name.into(), String::new());
            let wrong = export(&scenario, Target::Kwok).unwrap_err();
            assert!(
                wrong.message().contains("cannot be the name of a file"),
                "{name}"
            );
        }
    }
}
