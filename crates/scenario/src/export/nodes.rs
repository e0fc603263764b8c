//! Node manifests.

use std::collections::BTreeMap;

use cluster::Cluster;
use objects::{Node, Object, manifest};
use serde_json::{Map, Value, json};

use super::{Target, documents};

/// Taints that the control plane puts and takes, by the conditions and by spec.unschedulable.
const OF_THE_CONTROL_PLANE: [&str; 7] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/unschedulable",
    "node.kubernetes.io/memory-pressure",
    "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/pid-pressure",
    "node.kubernetes.io/network-unavailable",
];

/// The nodes of the beginning.
pub(super) fn manifests(cluster: &Cluster, target: Target) -> Vec<Value> {
    let nodes = cluster.store().nodes.values();
    nodes.map(|node| manifest(node, target)).collect()
}

/// The text of a file with its nodes made KWOK's. `None`: there are none in it.
pub(super) fn adopted(text: &str) -> Option<String> {
    let manifest = manifest::read(text);
    let is_node = |object: &Object| matches!(object, Object::Node(_));
    if !manifest.problems.is_empty() || !manifest.objects.iter().any(|(it, _)| is_node(it)) {
        return None;
    }
    let values = manifest.objects.iter().map(|(object, _)| match object {
        Object::Node(node) => self::manifest(node, Target::Kwok),
        other => other.to_value(),
    });
    Some(documents(&values.collect::<Vec<_>>()))
}

/// What a person would write of a node: what the control plane fills in is left out.
fn manifest(node: &Node, target: Target) -> Value {
    let mut labels = texts(&node.metadata.labels);
    let mut annotations = texts(&node.metadata.annotations);
    if target == Target::Kwok {
        for (key, value) in [
            ("kubernetes.io/hostname", &*node.metadata.name),
            ("kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
            ("type", "kwok"),
        ] {
            labels.entry(key).or_insert_with(|| value.into());
        }
        annotations.insert("kwok.x-k8s.io/node".into(), "fake".into());
        annotations
            .entry("node.alpha.kubernetes.io/ttl")
            .or_insert_with(|| "0".into());
    }
    let mut metadata = Map::new();
    metadata.insert("name".into(), json!(node.metadata.name));
    for (field, entries) in [("labels", labels), ("annotations", annotations)] {
        if !entries.is_empty() {
            metadata.insert(field.into(), Value::Object(entries));
        }
    }
    let mut manifest = Map::new();
    manifest.insert("apiVersion".into(), "v1".into());
    manifest.insert("kind".into(), "Node".into());
    manifest.insert("metadata".into(), Value::Object(metadata));
    let mut spec = Map::new();
    let taints = node.spec.taints.iter();
    let taints: Vec<Value> = taints
        .filter(|taint| !OF_THE_CONTROL_PLANE.contains(&taint.key.as_str()))
        .map(|taint| json!(taint))
        .collect();
    if !taints.is_empty() {
        spec.insert("taints".into(), Value::Array(taints));
    }
    if node.spec.unschedulable {
        spec.insert("unschedulable".into(), Value::Bool(true));
    }
    if !spec.is_empty() {
        manifest.insert("spec".into(), Value::Object(spec));
    }
    manifest.insert("status".into(), status(node, target));
    Value::Object(manifest)
}

fn texts(entries: &BTreeMap<String, String>) -> Map<String, Value> {
    let entries = entries
        .iter()
        .map(|(key, value)| (key.clone(), value.as_str().into()));
    entries.collect()
}

fn status(node: &Node, target: Target) -> Value {
    let mut status = Map::new();
    let allocatable = &node.status.allocatable;
    // A machine has at least what its pods may have.
    let mut capacity = allocatable.clone();
    capacity.extend(node.status.capacity.clone());
    for (field, amounts) in [("allocatable", allocatable), ("capacity", &capacity)] {
        let mut all = json!(amounts);
        if let (Target::Kwok, Some(all)) = (target, all.as_object_mut()) {
            for (resource, amount) in [("cpu", "4"), ("memory", "16Gi"), ("pods", "110")] {
                all.entry(resource).or_insert_with(|| amount.into());
            }
        }
        status.insert(field.into(), all);
    }
    if target == Target::Kwok {
        let said = node.status.rest.get("nodeInfo");
        let mut info = Map::new();
        for (field, usual) in [
            ("architecture", "amd64"),
            ("bootID", ""),
            ("containerRuntimeVersion", ""),
            ("kernelVersion", ""),
            ("kubeProxyVersion", "fake"),
            ("kubeletVersion", "fake"),
            ("machineID", ""),
            ("operatingSystem", "linux"),
            ("osImage", ""),
            ("systemUUID", ""),
        ] {
            let said = said.and_then(|info| info[field].as_str());
            info.insert(field.into(), said.unwrap_or(usual).into());
        }
        status.insert("nodeInfo".into(), Value::Object(info));
        status.insert("phase".into(), "Running".into());
    }
    Value::Object(status)
}
