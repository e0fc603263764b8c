//! The pod that is created.

use controller::template::Pattern;
use serde_json::{Value, json};

use crate::world::{World, pinned, read};

fn created(world: &World) -> Value {
    let pod = Pattern::new(&world.daemon_set(), "4f7").pod("b");
    serde_json::to_value(pod).expect("a pod is written")
}

#[test]
fn section_3_8_metadata() {
    let world = World::new("", "").with(
        "{metadata: {annotations: {kept: 'no'}, labels: {kept: 'no'}}, spec: {template: {metadata: {annotations: {kept: 'yes'}, finalizers: [f/g], labels: {l: m}, name: no}}}}",
    );
    let pod = created(&world);
    assert_eq!(
        pod["metadata"],
        json!({
            "annotations": { "kept": "yes" },
            "finalizers": ["f/g"],
            "generateName": "d-",
            "labels": { "app": "d", "controller-revision-hash": "4f7", "l": "m" },
            "namespace": "default",
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "uid": "uid-d",
                "controller": true, "blockOwnerDeletion": true,
            }],
        })
    );
}

#[test]
fn section_3_8_labels() {
    let annotation = "deprecated.daemonset.template.generation";
    for (annotations, labels, hash, want) in [
        (
            "{}".to_owned(),
            "{}",
            "4f7",
            json!({ "controller-revision-hash": "4f7" }),
        ),
        (
            format!("{{{annotation}: '5'}}"),
            "{}",
            "4f7",
            json!({ "controller-revision-hash": "4f7", "pod-template-generation": "5" }),
        ),
        // What is no number is as good as nothing.
        (
            format!("{{{annotation}: five}}"),
            "{}",
            "4f7",
            json!({ "controller-revision-hash": "4f7" }),
        ),
        (
            format!("{{{annotation}: '+05'}}"),
            "{}",
            "",
            json!({ "pod-template-generation": "5" }),
        ),
        ("{}".to_owned(), "{}", "", json!({})),
        // The template's own words for these labels do not count.
        (
            format!("{{{annotation}: '5'}}"),
            "{controller-revision-hash: x, pod-template-generation: x}",
            "4f7",
            json!({ "controller-revision-hash": "4f7", "pod-template-generation": "5" }),
        ),
    ] {
        let patch = format!(
            "{{metadata: {{annotations: {annotations}}}, spec: {{template: {{metadata: {{labels: {labels}}}}}}}}}"
        );
        let daemon_set = World::new("", "").with(&patch).daemon_set();
        let pod = Pattern::new(&daemon_set, hash).pod("b");
        let mut want = want;
        want["app"] = json!("d");
        let got = serde_json::to_value(&pod.metadata.labels).expect("labels are written");
        assert_eq!(got, want, "{patch} {hash}");
    }
}

#[test]
fn section_3_8_affinity() {
    let required = pinned(&["b"])["affinity"]["nodeAffinity"].clone();
    let preferred = json!([{ "weight": 1, "preference": { "matchFields": [] } }]);
    let pod_affinity = json!({ "preferredDuringSchedulingIgnoredDuringExecution": [] });
    let other = json!({ "nodeSelectorTerms": [{}, { "matchExpressions": [{ "key": "x", "operator": "Exists" }] }] });
    let key = "requiredDuringSchedulingIgnoredDuringExecution";
    let preferred_key = "preferredDuringSchedulingIgnoredDuringExecution";
    for (affinity, kept) in [
        (Value::Null, json!({})),
        (json!({}), json!({})),
        (
            json!({ "podAffinity": pod_affinity }),
            json!({ "podAffinity": pod_affinity }),
        ),
        // All terms go, not only the first.
        (json!({ "nodeAffinity": { key: other } }), json!({})),
        (
            json!({ "nodeAffinity": { preferred_key: preferred, key: other }, "podAntiAffinity": pod_affinity }),
            json!({ "nodeAffinity": { preferred_key: preferred }, "podAntiAffinity": pod_affinity }),
        ),
    ] {
        let world = World::new("", "").template_spec(&json!({ "affinity": affinity }).to_string());
        let mut want = kept;
        want["nodeAffinity"][key] = required[key].clone();
        assert_eq!(created(&world)["spec"]["affinity"], want, "{affinity}");
    }
}

#[test]
fn section_3_8_spec() {
    let world = World::new("", "").template_spec(
        "{nodeSelector: {p: q}, hostNetwork: true, priorityClassName: x, volumes: [{name: v}]}",
    );
    let spec = created(&world)["spec"].clone();
    assert_eq!(spec.get("nodeName"), None, "the scheduler binds it");
    assert_eq!(spec["tolerations"].as_array().map(Vec::len), Some(7));
    for (field, want) in [
        ("nodeSelector", "{p: q}"),
        ("hostNetwork", "true"),
        ("priorityClassName", "x"),
        ("volumes", "[{name: v}]"),
        ("containers", "[{name: c, image: new}]"),
    ] {
        assert_eq!(spec[field], read(want), "{field}");
    }
    let bound = World::new("", "").template_spec("{nodeName: b}");
    assert_eq!(
        created(&bound)["spec"]["nodeName"],
        json!("b"),
        "unless the template does"
    );
}
