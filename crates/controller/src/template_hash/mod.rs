//! The hash that tells templates apart: of the text that Go prints for the struct.
//!
//! The text depends on which fields the structs have, so it is another one with every minor
//! version of Kubernetes. This is that of 1.31; fields that came later do not count.
//!
//! Models `ComputeHash`, `pkg/controller/controller_utils.go`, `DeepHashObject`,
//! `pkg/util/hash/hash.go`, and `SafeEncodeString`, apimachinery `pkg/util/rand/rand.go`, v1.31.

mod go_text;
mod go_types;
mod quantity;

use std::fmt;

use objects::PodTemplateSpec;

/// The hash of a template, as a label's value: at most ten characters. The collision count is
/// the DaemonSet's, if its status has one: 0 is not the same as none.
pub fn template_hash(template: &PodTemplateSpec, collision_count: Option<i64>) -> String {
    let mut hash = Fnv1a::default();
    let template = serde_json::to_value(template).unwrap_or_default();
    go_text::write(&mut hash, "v1.PodTemplateSpec", &template)
        .expect("the hash takes whatever is written");
    if let Some(count) = collision_count {
        // Upstream takes the lower half, and leaves the other half of eight bytes empty.
        let lower_half = count.to_le_bytes().into_iter().take(4);
        lower_half.chain([0; 4]).for_each(|byte| hash.add(byte));
    }
    let letters = b"456789bcdf";
    let digits = hash.0.to_string();
    digits
        .bytes()
        .map(|digit| char::from(letters[usize::from(digit - b'0')]))
        .collect()
}

/// FNV-1a with 32 bits.
struct Fnv1a(u32);

impl Default for Fnv1a {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Fnv1a {
    fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
}

impl fmt::Write for Fnv1a {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| self.add(byte));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use objects::{DaemonSet, Object};
    use serde_json::{Value, json};

    use super::*;

    fn daemon_set(template: &Value) -> DaemonSet {
        let value = json!({
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": {"name": "d"},
            "spec": {"template": template},
        });
        match Object::from_value(value) {
            Ok(Object::DaemonSet(it)) => *it,
            other => panic!("no DaemonSet: {other:?}"),
        }
    }

    #[test]
    fn hashes_are_those_of_kubernetes_1_31() {
        for (what, template, collision_count, hash) in [
            ("nothing", json!({}), None, "6bc944dc9b"),
            (
                "nothing, after no collisions",
                json!({}),
                Some(0),
                "669c4fb9b8",
            ),
            (
                "nothing, after three collisions",
                json!({}),
                Some(3),
                "6bb655b9bc",
            ),
            (
                "labels by key",
                json!({"metadata": {"labels": {"b": "2", "a": "1", "a-b": ""}}}),
                None,
                "959ffcd9f",
            ),
            (
                "no labels are none",
                json!({"metadata": {"labels": {}}}),
                None,
                "6bc944dc9b",
            ),
            (
                "letters of several bytes",
                json!({"metadata": {"annotations": {"a": "é 木"}}}),
                None,
                "5b49f5d666",
            ),
            (
                "pointers",
                json!({"spec": {"containers": [], "terminationGracePeriodSeconds": 0, "priority": 5, "securityContext": {}, "affinity": {}}}),
                None,
                "5cc8f49d98",
            ),
            (
                "probes and ports",
                json!({"spec": {"containers": [{"name": "c", "image": "i:1", "ports": [{"containerPort": 80, "hostPort": 80, "protocol": "TCP"}], "livenessProbe": {"httpGet": {"path": "/", "port": "http"}}, "readinessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 5}}]}}),
                None,
                "786558458c",
            ),
            (
                "environment",
                json!({"spec": {"containers": [{"name": "c", "image": "i:1", "env": [{"name": "A", "value": "b"}, {"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}, {"name": "L", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}], "envFrom": [{"configMapRef": {"name": "m", "optional": true}}]}]}}),
                None,
                "5bd7c57f66",
            ),
            (
                "resources",
                json!({"spec": {"containers": [{"name": "c", "image": "i:1", "resources": {"limits": {"cpu": "1500m", "memory": "1Gi"}, "requests": {"cpu": "0.5", "memory": "128Mi"}}}]}}),
                None,
                "74f6df4c77",
            ),
            (
                "resources beyond machine words",
                json!({"spec": {"containers": [{"name": "c", "image": "i:1", "resources": {"limits": {"memory": "100Ti", "a.example/b": "1e20"}, "requests": {"memory": "1.5Gi", "a.example/b": "-7"}}}]}}),
                None,
                "64bdd95958",
            ),
            (
                "volumes",
                json!({"spec": {"containers": [], "volumes": [{"name": "h", "hostPath": {"path": "/", "type": ""}}, {"name": "e", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "p", "projected": {"defaultMode": 420, "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}, {"configMap": {"name": "m", "items": [{"key": "k", "path": "p"}]}}]}}]}}),
                None,
                "78f7cf7f4b",
            ),
            (
                "tolerations and affinity",
                json!({"spec": {"containers": [], "tolerations": [{"operator": "Exists"}, {"key": "k", "operator": "Equal", "value": "v", "effect": "NoExecute", "tolerationSeconds": 300}], "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "k", "operator": "In", "values": ["a", "b"]}]}]}}}}}),
                None,
                "b5cd4db5",
            ),
        ] {
            let template = &daemon_set(&template).spec.template;
            assert_eq!(template_hash(template, collision_count), hash, "{what}");
        }
    }

    #[test]
    fn values_of_the_wrong_type_are_zeros() {
        let odd = json!({"spec": {"containers": [], "volumes": {"a": 1}, "hostPID": "yes"}});
        let none = json!({"spec": {"containers": []}});
        let [odd, none] = [odd, none].map(|it| daemon_set(&it).spec.template);
        assert_eq!(template_hash(&odd, None), template_hash(&none, None));
    }
}
