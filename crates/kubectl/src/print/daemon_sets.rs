//! Models `printDaemonSet`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::{DaemonSet, LabelSelector, Millis};

use super::{labels, since};

pub(super) const NARROW: usize = 8;
pub(super) const COLUMNS: [&str; 11] = [
    "NAME",
    "DESIRED",
    "CURRENT",
    "READY",
    "UP-TO-DATE",
    "AVAILABLE",
    "NODE SELECTOR",
    "AGE",
    "CONTAINERS",
    "IMAGES",
    "SELECTOR",
];

pub(super) fn row(daemon_set: &DaemonSet, now: Millis) -> Vec<String> {
    let (status, spec) = (&daemon_set.status, &daemon_set.spec.template.spec);
    let containers = spec.containers.iter();
    let (names, images): (Vec<&str>, Vec<&str>) = containers
        .map(|it| (it.name.as_str(), it.image.as_str()))
        .unzip();
    vec![
        daemon_set.metadata.name.to_string(),
        status.desired_number_scheduled.to_string(),
        status.current_number_scheduled.to_string(),
        status.number_ready.to_string(),
        status.updated_number_scheduled.to_string(),
        status.number_available.to_string(),
        labels(&spec.node_selector),
        since(daemon_set.metadata.creation_timestamp, now),
        names.join(","),
        images.join(","),
        selector(daemon_set.spec.selector.as_ref()),
    ]
}

/// `app=x,tier in (a,b)`.
fn selector(selector: Option<&LabelSelector>) -> String {
    let Some(selector) = selector else {
        return "<none>".to_owned();
    };
    let equal = selector.match_labels.iter();
    let equal = equal.map(|(key, value)| (key, format!("{key}={value}")));
    let expressions = selector.match_expressions.iter().map(|it| {
        let (key, values) = (&it.key, it.values.join(","));
        let text = match it.operator.as_str() {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.clone(),
        };
        (key, text)
    });
    let mut parts: Vec<(&String, String)> = equal.chain(expressions).collect();
    parts.sort();
    let parts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    super::or_none(&parts.join(","))
}
