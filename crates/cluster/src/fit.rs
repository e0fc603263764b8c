//! Whether a pod fits on a node: what the scheduler's filters and the kubelet's admission have in
//! common.
//!
//! Models `pkg/scheduler/framework/plugins/{noderesources,nodeports,nodeaffinity,tainttoleration}`,
//! v1.34.

use controller::node_affinity::{is_readable, matches};
use objects::{Effect, Node, Pod, Taint, quantity::Amount};
use serde::{Deserialize, Serialize};

/// A resource of which a node has too little.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    pub resource: String,
    /// In thousandths of a CPU, in whole units of everything else.
    pub requested: i64,
    pub used: i64,
    pub capacity: i64,
}

/// Effects of taints that keep a pod from being scheduled, and from being admitted.
pub(crate) const NO_SCHEDULE_OR_EXECUTE: &[Effect] = &[Effect::NoSchedule, Effect::NoExecute];
pub(crate) const NO_EXECUTE: &[Effect] = &[Effect::NoExecute];

/// The first taint of these effects that a pod does not tolerate.
pub(crate) fn untolerated<'a>(pod: &Pod, node: &'a Node, effects: &[Effect]) -> Option<&'a Taint> {
    let mut taints = node.spec.taints.iter();
    taints.find(|taint| effects.contains(&taint.effect) && !tolerates(pod, taint))
}

pub(crate) fn tolerates(pod: &Pod, taint: &Taint) -> bool {
    pod.spec.tolerations.iter().any(|it| it.tolerates(taint))
}

/// Whether a pod's selector and required affinity let it run on a node.
pub(crate) fn selects(pod: &Pod, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let mut selector = pod.spec.node_selector.iter();
    let selected = selector.all(|(key, value)| labels.get(key) == Some(value));
    let affinity = pod.spec.affinity.as_ref();
    let terms = affinity.and_then(|affinity| affinity.required_terms());
    selected
        && terms.is_none_or(|terms| {
            let mut readable = terms.iter().filter(|term| is_readable(term));
            readable.any(|term| matches(term, node))
        })
}

/// Whether one of the others has a port of the node that a pod wants.
pub(crate) fn ports_taken<'a>(pod: &Pod, others: impl Iterator<Item = &'a Pod>) -> bool {
    let wanted = host_ports(pod);
    if wanted.is_empty() {
        return false;
    }
    let mut taken = others.flat_map(host_ports);
    taken.any(|taken| wanted.iter().any(|port| conflict(port, &taken)))
}

fn whole(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// What a node has too little of for a pod beside these others.
pub(crate) fn lacking<'a>(
    pod: &Pod,
    node: &Node,
    others: impl Iterator<Item = &'a Pod> + Clone,
) -> Vec<Lacking> {
    let allocatable = |resource: &str| {
        let quantity = node.status.allocatable.get(resource);
        quantity.and_then(objects::Quantity::milli).unwrap_or(0)
    };
    let mut lacking = Vec::new();
    let here = i128::try_from(others.clone().count()).unwrap_or(i128::MAX);
    let capacity = allocatable("pods") / 1000;
    if here + 1 > capacity {
        lacking.push(Lacking {
            resource: "pods".into(),
            requested: 1,
            used: whole(here),
            capacity: whole(capacity),
        });
    }
    let wanted = pod.requests().into_iter();
    let mut wanted: Vec<(&str, i128)> = wanted.map(|(it, amount)| (it, amount.milli())).collect();
    let common = ["cpu", "memory", "ephemeral-storage"];
    wanted.sort_by_key(|(resource, _)| common.iter().position(|it| it == resource).unwrap_or(3));
    for (resource, wanted) in wanted {
        if wanted == 0 {
            continue;
        }
        let used: i128 = others.clone().map(|pod| request(pod, resource)).sum();
        let capacity = allocatable(resource);
        if used + wanted > capacity {
            // Amounts are rounded up, as `Quantity.Value` does.
            let unit = if resource == "cpu" { 1 } else { 1000 };
            let units = |amount: i128| {
                whole(amount.div_euclid(unit) + i128::from(amount.rem_euclid(unit) > 0))
            };
            lacking.push(Lacking {
                resource: resource.to_owned(),
                requested: units(wanted),
                used: units(used),
                capacity: units(capacity),
            });
        }
    }
    lacking
}

type HostPort<'a> = (&'a str, &'a str, i64);

fn host_ports(pod: &Pod) -> Vec<HostPort<'_>> {
    let sidecars = pod.spec.init_containers.iter().filter(|it| it.is_sidecar());
    let containers = pod.spec.containers.iter().chain(sidecars);
    containers
        .flat_map(|container| &container.ports)
        .filter(|port| port.host_port > 0)
        .map(|it| (it.protocol.as_str(), it.host_ip.as_str(), it.host_port))
        .collect()
}

fn conflict(a: &HostPort<'_>, b: &HostPort<'_>) -> bool {
    let any = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
    a.0 == b.0 && a.2 == b.2 && (any(a.1) || any(b.1) || a.1 == b.1)
}

/// How much of one resource a pod asks for, in thousandths.
pub(crate) fn request(pod: &Pod, resource: &str) -> i128 {
    pod.requests().remove(resource).map_or(0, Amount::milli)
}
