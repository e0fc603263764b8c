//! Models `describeDaemonSet`.

use cluster::Cluster;
use objects::{DaemonSet, LabelSelector, Phase};

use super::{Text, metadata, pod_spec};
use crate::print;

pub(super) fn describe(daemon_set: &DaemonSet, cluster: &Cluster) -> Text {
    let mut text = Text::default();
    let (metadata, status) = (&daemon_set.metadata, &daemon_set.status);
    text.line(0, &format!("Name:\t{}", metadata.name));
    text.line(0, &format!("Namespace:\t{}", metadata.namespace));
    let selector = daemon_set.spec.selector.as_ref();
    let selector_text = selector.map(print::selector).unwrap_or_default();
    text.line(0, &format!("Selector:\t{selector_text}"));
    let node_selector = &daemon_set.spec.template.spec.node_selector;
    text.line(
        0,
        &format!("Node-Selector:\t{}", print::labels(node_selector)),
    );
    metadata::labels(&mut text, 0, "Labels", &metadata.labels);
    metadata::annotations(&mut text, 0, &metadata.annotations);
    for (title, number) in [
        (
            "Desired Number of Nodes Scheduled",
            status.desired_number_scheduled,
        ),
        (
            "Current Number of Nodes Scheduled",
            status.current_number_scheduled,
        ),
        (
            "Number of Nodes Scheduled with Up-to-date Pods",
            status.updated_number_scheduled,
        ),
        (
            "Number of Nodes Scheduled with Available Pods",
            status.number_available,
        ),
        ("Number of Nodes Misscheduled", status.number_misscheduled),
    ] {
        text.line(0, &format!("{title}: {number}"));
    }
    let [running, waiting, succeeded, failed] = phases(daemon_set, selector, cluster);
    text.line(
        0,
        &format!(
            "Pods Status:\t{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed"
        ),
    );
    pod_spec::describe(&mut text, &daemon_set.spec.template);
    text
}

/// How many of its pods are running, pending, succeeded and failed.
///
/// Models `getPodStatusForController`.
fn phases(
    daemon_set: &DaemonSet,
    selector: Option<&LabelSelector>,
    cluster: &Cluster,
) -> [usize; 4] {
    let uid = &daemon_set.metadata.uid;
    let pods = cluster.store().pods_in(&daemon_set.metadata.namespace);
    let mut counts = [0; 4];
    for pod in pods {
        let owner = pod.metadata.controller();
        let is_its = owner.is_some_and(|it| it.uid == *uid)
            && selector.is_some_and(|it| it.matches(&pod.metadata.labels));
        let at = match pod.status.phase {
            Phase::Running => 0,
            Phase::Pending => 1,
            Phase::Succeeded => 2,
            Phase::Failed => 3,
            Phase::Unknown => continue,
        };
        counts[at] += usize::from(is_its);
    }
    counts
}
