//! Models `printDaemonSet`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::{DaemonSet, Millis};

use super::{labels, or_none, since};

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
    let (names, images): (Vec<&str>, Vec<&str>) =
        containers.map(|it| (&*it.name, &*it.image)).unzip();
    let selector = daemon_set.spec.selector.as_ref();
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
        or_none(&selector.map(super::selector).unwrap_or_default()),
    ]
}
