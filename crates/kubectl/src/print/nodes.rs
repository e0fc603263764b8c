//! Models `printNode`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::{Millis, Node};
use serde_json::Value;

use super::since;

pub(super) const NARROW: usize = 5;
pub(super) const COLUMNS: [&str; 10] = [
    "NAME",
    "STATUS",
    "ROLES",
    "AGE",
    "VERSION",
    "INTERNAL-IP",
    "EXTERNAL-IP",
    "OS-IMAGE",
    "KERNEL-VERSION",
    "CONTAINER-RUNTIME",
];

pub(super) fn row(node: &Node, now: Millis) -> Vec<String> {
    let info = node.status.rest.get("nodeInfo").unwrap_or(&Value::Null);
    let said = |field: &str| info[field].as_str().unwrap_or_default().to_owned();
    let or_unknown = |field: &str| match said(field) {
        text if text.is_empty() => "<unknown>".to_owned(),
        text => text,
    };
    vec![
        node.metadata.name.to_string(),
        node.status_cell(),
        roles(node),
        since(node.metadata.creation_timestamp, now),
        said("kubeletVersion"),
        address(node, "InternalIP"),
        address(node, "ExternalIP"),
        or_unknown("osImage"),
        or_unknown("kernelVersion"),
        or_unknown("containerRuntimeVersion"),
    ]
}

pub(super) fn roles(node: &Node) -> String {
    let role = |(key, value): (&String, &String)| {
        let by_key = key.strip_prefix("node-role.kubernetes.io/");
        let by_value = (key == "kubernetes.io/role").then_some(value.as_str());
        let role = by_key.or(by_value).filter(|it| !it.is_empty());
        role.map(str::to_owned)
    };
    let mut roles: Vec<String> = node.metadata.labels.iter().filter_map(role).collect();
    roles.sort();
    roles.dedup();
    super::or_none(&roles.join(","))
}

fn address(node: &Node, type_: &str) -> String {
    let addresses = node.status.rest.get("addresses").and_then(Value::as_array);
    let mut addresses = addresses.into_iter().flatten();
    let address = addresses.find(|it| it["type"] == type_);
    let address = address.and_then(|it| it["address"].as_str());
    super::or_none(address.unwrap_or_default())
}
