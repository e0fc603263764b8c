//! The other objects of the beginning, as a person would apply them.

use std::collections::BTreeSet;

use objects::{Object, manifest};
use serde_json::{Value, json};

use super::commands;
use crate::{Scenario, Step};

/// What only a server may say. An owner's uid is another one in every cluster; a DaemonSet adopts
/// the pods that its selector matches.
const OF_THE_SERVER: [&str; 9] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "ownerReferences",
    "selfLink",
];

/// The namespaces every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The objects in the order in which they can be applied: what a DaemonSet would otherwise make
/// anew comes before it.
pub(super) fn manifests(scenario: &Scenario) -> Vec<Value> {
    let mut ranked: Vec<(u8, Value)> = Vec::new();
    let of_files = scenario.files.values().flat_map(|text| read(text));
    let mut all: Vec<Object> = of_files.collect();
    for value in &scenario.objects {
        for object in read(&value.to_string()) {
            let rank = match &object {
                Object::Node(_) | Object::Event(_) => continue,
                Object::Other(value) if value["kind"] == "Namespace" => 0,
                Object::Other(_) => 1,
                Object::ControllerRevision(_) => 2,
                Object::Pod(_) => 3,
                Object::DaemonSet(_) => 4,
            };
            ranked.push((rank, as_applied(object.to_value())));
            all.push(object);
        }
    }
    let namespaces = namespaces(scenario, &all);
    ranked.extend(namespaces.into_iter().map(|name| {
        let namespace =
            json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
        (0, namespace)
    }));
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, value)| value).collect()
}

fn read(text: &str) -> Vec<Object> {
    let objects = manifest::read(text).objects;
    objects.into_iter().map(|(object, _)| object).collect()
}

/// Without what the server says.
fn as_applied(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.remove("status");
        if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.retain(|field, _| !OF_THE_SERVER.contains(&field.as_str()));
        }
    }
    value
}

/// The namespaces that are used, and that nothing makes: here they are there of themselves.
fn namespaces(scenario: &Scenario, objects: &[Object]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut made = BTreeSet::from(NAMESPACES.map(str::to_owned));
    for object in objects {
        let value = object.to_value();
        let name = |field: &str| value["metadata"][field].as_str().map(str::to_owned);
        used.extend(name("namespace"));
        if value["kind"] == "Namespace" {
            made.extend(name("name"));
        }
    }
    for step in &scenario.steps {
        if let Step::Kubectl(command) = step {
            used.extend(commands::namespace(&command.line));
        }
    }
    let is_name = |name: &String| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let left = used.difference(&made).cloned();
    left.filter(is_name).collect()
}
