//! Every object that goes in comes out meaning the same, as Kubernetes' own types read it.
//!
//! The objects are the manifests in `round_trip/`, those of the recorded worlds, and such as have
//! every field there is.
#![cfg(not(target_arch = "wasm32"))]

mod round_trip {
    pub(crate) mod every_field;
}

use std::{collections::BTreeSet, fs, mem};

use expect_test::expect;
use k8s_openapi::{
    api::{apps::v1 as apps, core::v1 as core},
    apimachinery::pkg::runtime::RawExtension,
};
use objects::{Object, decode::without_nulls, manifest};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tests::files;

use round_trip::every_field::{self, Fill};

/// The objects of a text, none of which may be refused.
#[track_caller]
fn read(text: &str) -> Vec<Object> {
    let manifest = manifest::read(text);
    assert!(manifest.problems.is_empty(), "{:#?}", manifest.problems);
    let objects = manifest.objects.into_iter();
    objects.map(|(object, _)| object).collect()
}

/// The JSON of an object.
fn json_of(object: &Object) -> Value {
    let json = match object {
        Object::DaemonSet(it) => serde_json::to_value(it),
        Object::Node(it) => serde_json::to_value(it),
        Object::Pod(it) => serde_json::to_value(it),
        Object::ControllerRevision(it) => serde_json::to_value(it),
        Object::Event(it) => serde_json::to_value(it),
        Object::Other(it) => Ok(it.clone()),
    };
    json.expect("an object can be written")
}

/// The documents of a text and the items of its lists, read without our reader.
fn documents(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut document = serde_yaml::Value::deserialize(document).expect("it is YAML");
        document.apply_merge().expect("what is merged are mappings");
        let mut document = serde_json::to_value(document).expect("JSON can say it");
        match document.get_mut("items") {
            Some(Value::Array(items)) => found.append(items),
            _ => found.push(document),
        }
    }
    found
}

/// A type of Kubernetes, in which fields are options that in Go are not: there, absent and zero
/// are one.
trait Typed: DeserializeOwned + Serialize + PartialEq {
    fn fill_in(&mut self);
}

impl Typed for apps::DaemonSet {
    fn fill_in(&mut self) {
        self.status.get_or_insert_default();
        let spec = self.spec.get_or_insert_default();
        spec.template.metadata.get_or_insert_default();
    }
}

impl Typed for core::Pod {
    fn fill_in(&mut self) {
        self.spec.get_or_insert_default();
        let status = self.status.get_or_insert_default();
        // This the API server fills in.
        status.phase.get_or_insert_with(|| "Pending".into());
    }
}

impl Typed for core::Node {
    fn fill_in(&mut self) {
        self.spec.get_or_insert_default();
        self.status.get_or_insert_default();
    }
}

impl Typed for core::Event {
    fn fill_in(&mut self) {
        self.count.get_or_insert_default();
        self.message.get_or_insert_default();
    }
}

impl Typed for apps::ControllerRevision {
    fn fill_in(&mut self) {
        let Some(RawExtension(data)) = &mut self.data else {
            return;
        };
        *data = without_nulls(mem::take(data));
        if let Some(Value::Object(template)) = data.pointer_mut("/spec/template") {
            for part in ["metadata", "spec"] {
                template.entry(part).or_insert(json!({}));
            }
        }
    }
}

/// Compares what Kubernetes' types make of an object as it went in and as it came out, and reads
/// what came out once more.
#[track_caller]
fn check(before: &Value, after: &Object) {
    match after {
        Object::DaemonSet(_) => check_as::<apps::DaemonSet>(before, after),
        Object::ControllerRevision(_) => check_as::<apps::ControllerRevision>(before, after),
        Object::Node(_) => check_as::<core::Node>(before, after),
        Object::Pod(_) => check_as::<core::Pod>(before, after),
        Object::Event(_) => check_as::<core::Event>(before, after),
        Object::Other(after) => assert_eq!(after, before),
    }
    let json = json_of(after);
    let again = Object::from_value(json.clone());
    assert_eq!(again.as_ref(), Ok(after), "{json:#}");
}

#[track_caller]
fn check_as<T: Typed>(before: &Value, after: &Object) {
    let name = after.reference();
    let mut before: T = serde_json::from_value(before.clone()).expect(&name);
    let mut after: T = serde_json::from_value(json_of(after)).expect(&name);
    before.fill_in();
    after.fill_in();
    if before != after {
        let json = |it: &T| serde_json::to_value(it).expect("Kubernetes' types can be written");
        // Nothing in it: a part of a second, which JSON leaves out.
        let differences = differences(&json(&before), &json(&after));
        panic!("{name} is not what it was:\n{}", differences.join("\n"));
    }
}

/// What is not the same, each with its path.
fn differences(before: &Value, after: &Value) -> Vec<String> {
    fn collect(path: &str, before: &Value, after: &Value, into: &mut Vec<String>) {
        match (before, after) {
            (Value::Object(a), Value::Object(b)) => {
                for name in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                    collect(&format!("{path}.{name}"), &before[name], &after[name], into);
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (before, after) in a.iter().zip(b) {
                    collect(path, before, after, into);
                }
            }
            _ if before == after => {}
            _ => into.push(format!("{path}: {before} -> {after}")),
        }
    }
    let mut found = Vec::new();
    collect("", before, after, &mut found);
    found
}

/// All objects of the manifests, and the texts they are from.
fn manifests() -> Vec<(Value, Object)> {
    let mut found = Vec::new();
    for file in files("tests/round_trip", ".yaml") {
        let text = fs::read_to_string(&file).expect("a manifest can be read");
        let (before, after) = (documents(&text), read(&text));
        assert_eq!(before.len(), after.len(), "{}", file.display());
        found.extend(before.into_iter().zip(after));
    }
    found
}

#[test]
fn manifests_keep_their_meaning() {
    let manifests = manifests();
    manifests
        .iter()
        .for_each(|(before, after)| check(before, after));
    let is_other = |(_, after): &&(Value, Object)| matches!(after, Object::Other(_));
    let n_others = manifests.iter().filter(is_other).count();
    assert!(manifests.len() > 15 && n_others > 4);
}

#[test]
fn recorded_objects_keep_their_meaning() {
    let mut seen = BTreeSet::new();
    for file in files("tests/vectors", ".json") {
        let text = fs::read_to_string(&file).expect("a vector file can be read");
        let cases: Vec<Value> = serde_json::from_str(&text).expect("a vector file is an array");
        let objects = cases.iter().flat_map(|case| case["objects"].as_array());
        for object in objects.flatten() {
            let text = object.to_string();
            if seen.insert(text.clone()) {
                check(object, &read(&text)[0]);
            }
        }
    }
    assert!(
        seen.len() > 1000,
        "only {} objects were compared",
        seen.len()
    );
}

#[test]
fn objects_with_every_field_keep_their_meaning() {
    for object in every_field::objects(Fill::Sample) {
        check(&object, &read(&object.to_string())[0]);
    }
}

/// None of these is a pointer in Go, and each has `omitempty`: Kubernetes leaves them out, too.
#[test]
fn only_zero_values_are_left_out() {
    let mut left_out = BTreeSet::new();
    for object in every_field::objects(Fill::Zero) {
        let after = json_of(&read(&object.to_string())[0]);
        for difference in differences(&object, &after) {
            let (path, change) = difference.split_once(": ").expect("a path and a change");
            assert!(
                ["\"\" -> null", "0 -> null", "false -> null"].contains(&change),
                "{difference}"
            );
            let names: Vec<&str> = path.rsplit('.').take(2).collect();
            left_out.insert(format!("{}.{}", names[1], names[0]));
        }
    }
    let left_out: Vec<String> = left_out.into_iter().collect();
    expect![[r#"
        .count
        .message
        .reason
        conditions.message
        conditions.reason
        containerStatuses.containerID
        containers.image
        containers.imagePullPolicy
        hostIPs.ip
        initContainerStatuses.containerID
        initContainers.image
        initContainers.imagePullPolicy
        involvedObject.namespace
        involvedObject.uid
        metadata.generateName
        metadata.generation
        metadata.name
        metadata.namespace
        metadata.resourceVersion
        metadata.uid
        podIPs.ip
        ports.hostIP
        ports.hostPort
        ports.name
        ports.protocol
        source.component
        source.host
        spec.hostNetwork
        spec.minReadySeconds
        spec.nodeName
        spec.priorityClassName
        spec.unschedulable
        status.hostIP
        status.message
        status.numberAvailable
        status.numberUnavailable
        status.observedGeneration
        status.podIP
        status.reason
        status.updatedNumberScheduled
        taints.value
        terminated.reason
        tolerations.key
        tolerations.operator
        tolerations.value
        updateStrategy.type
        waiting.message
        waiting.reason"#]]
    .assert_eq(&left_out.join("\n"));
}

/// kubectl reads YAML 1.1, where the reader of these tests reads 1.2.
#[test]
fn words_of_yaml_1_1_mean_what_they_mean_to_kubectl() {
    for (written, meant) in [
        ("spec: { hostNetwork: yes }", "spec: { hostNetwork: true }"),
        ("spec: { hostPID: Off }", "spec: { hostPID: false }"),
        (
            "spec: { volumes: [{ name: v, secret: { defaultMode: 0440 } }] }",
            "spec: { volumes: [{ name: v, secret: { defaultMode: 288 } }] }",
        ),
        (
            "spec: { priority: 1_000, containers: [{ name: 'no' }] }",
            "spec: { priority: 1000, containers: [{ name: 'no' }] }",
        ),
    ] {
        let pod = |text: &str| format!("apiVersion: v1\nkind: Pod\n{text}\n");
        check(&documents(&pod(meant))[0], &read(&pod(written))[0]);
    }
}

#[test]
fn defaults_fill_in_and_bring_amounts_into_their_form() {
    let amounts = [
        ".limits.",
        ".requests.",
        ".overhead.",
        ".sizeLimit:",
        ".divisor:",
    ];
    // Another name of `serviceAccountName`.
    let same = ".serviceAccount: ";
    let full = every_field::objects(Fill::Sample);
    let full = full.iter().flat_map(|it| read(&it.to_string()));
    let written = manifests().into_iter().map(|(_, object)| object);
    for before in written.chain(full) {
        let mut after = before.clone();
        after.default();
        for difference in differences(&json_of(&before), &json_of(&after)) {
            let is_amount = amounts.iter().any(|it| difference.contains(it));
            let is_filled_in = difference.contains(": null -> ");
            assert!(
                is_filled_in || is_amount || difference.contains(same),
                "{difference}"
            );
        }
        let mut again = after.clone();
        again.default();
        assert_eq!(again, after);
    }
}

#[test]
fn what_only_looks_like_one_of_ours_comes_out_as_it_went_in() {
    for text in [
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {nodeName: b}}",
        "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: a}, revision: 1, data: {spec: {template: {$patch: replace, metadata: {}, spec: {}}, more: 1}}}",
    ] {
        let (before, after) = (&documents(text)[0], json_of(&read(text)[0]));
        assert_eq!(differences(before, &after), [] as [&str; 0], "{text}");
    }
    for (api_version, kind) in [
        ("apps/v1", "StatefulSet"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("events.k8s.io/v1", "Event"),
        ("v1", "PodTemplate"),
        ("v1", "ReplicationController"),
        ("storage.k8s.io/v1", "StorageClass"),
        ("example.com/v1", "Node"),
    ] {
        let text = format!("{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: a}}}}");
        assert_eq!(manifest::read(&text).problems, [], "{text}");
    }
    for (api_version, kind) in [
        ("extensions/v1beta1", "DaemonSet"),
        ("scheduling.k8s.io/v1beta1", "PriorityClass"),
        ("v1", "Pood"),
    ] {
        let text = format!("{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: a}}}}");
        assert_eq!(manifest::read(&text).problems.len(), 1, "{text}");
    }
}
