//! The namespaces there are: any that is used exists, though nobody made it.

use std::collections::BTreeMap;

use cluster::Cluster;
use objects::Timestamp;
use serde_json::{Value, json};

use crate::{live::Live, resource::Resource};

/// Those that every cluster has.
const FIRST: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// Every namespace has it, with its name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// By name: those that were made, and all others.
pub(crate) fn all(cluster: &Cluster) -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Value> = FIRST
        .iter()
        .map(|name| ((*name).to_owned(), active(cluster, name)))
        .collect();
    for (resource, _) in Resource::all(cluster).filter(|(it, _)| it.namespaced) {
        for live in Live::list(cluster, &resource, None) {
            let name = live.namespace();
            if !name.is_empty() && !all.contains_key(name) {
                all.insert(name.to_owned(), active(cluster, name));
            }
        }
    }
    for made in cluster.store().others_of("Namespace") {
        if let Some(name) = made["metadata"]["name"].as_str() {
            let mut made = made.clone();
            // What the API server adds.
            let mut server = active(cluster, name);
            made["metadata"]["labels"][NAME_LABEL] = json!(name);
            for field in ["spec", "status"] {
                if made[field].is_null() {
                    made[field] = server[field].take();
                }
            }
            all.insert(name.to_owned(), made);
        }
    }
    all
}

/// By the key that the store would have.
pub(crate) fn named(cluster: &Cluster, key: &str) -> Option<Value> {
    let name = key.strip_prefix("Namespace//")?;
    all(cluster).remove(name)
}

fn active(cluster: &Cluster, name: &str) -> Value {
    let since = Timestamp::from_unix_millis(cluster.unix_now() - cluster.now());
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "creationTimestamp": since.to_string(),
            "labels": { NAME_LABEL: name },
            "name": name,
        },
        "spec": { "finalizers": ["kubernetes"] },
        "status": { "phase": "Active" },
    })
}
