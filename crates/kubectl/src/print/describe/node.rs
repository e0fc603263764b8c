//! Models `describeNode`.

use cluster::Cluster;
use objects::{
    ConditionStatus, Millis, Node, Pod, Quantity, Taint, Timestamp, pod::Amounts, quantity::Amount,
    time,
};
use serde_json::Value;

use super::{Text, date, items, metadata, scalar, since};
use crate::print;

pub(super) fn describe(node: &Node, cluster: &Cluster) -> Text {
    let mut text = Text::default();
    let (metadata, status) = (&node.metadata, &node.status);
    text.line(0, &format!("Name:\t{}", metadata.name));
    text.line(0, &format!("Roles:\t{}", print::roles(node)));
    metadata::labels(&mut text, 0, "Labels", &metadata.labels);
    metadata::annotations(&mut text, 0, &metadata.annotations);
    let created = date(metadata.creation_timestamp);
    text.line(0, &format!("CreationTimestamp:\t{created}"));
    taints(&mut text, &node.spec.taints);
    let unschedulable = node.spec.unschedulable;
    text.line(0, &format!("Unschedulable:\t{unschedulable}"));
    lease(&mut text, node, cluster);
    conditions(&mut text, node, cluster);
    text.line(0, "Addresses:");
    for address in items(status.rest.get("addresses")) {
        let (type_, address) = (scalar(&address["type"]), scalar(&address["address"]));
        text.line(1, &format!("{type_}:\t{address}"));
    }
    for (title, amounts) in [
        ("Capacity", &status.capacity),
        ("Allocatable", &status.allocatable),
    ] {
        if !amounts.is_empty() {
            text.line(0, &format!("{title}:"));
        }
        for (resource, amount) in amounts {
            text.line(1, &format!("{resource}:\t{amount}"));
        }
    }
    text.line(0, "System Info:");
    let info = status.rest.get("nodeInfo").unwrap_or(&Value::Null);
    for (title, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
        ("Kube-Proxy Version", "kubeProxyVersion"),
    ] {
        text.line(1, &format!("{title}:\t{}", scalar(&info[field])));
    }
    let of_spec = |field: &str| node.spec.rest.get(field);
    let networks = items(of_spec("podCIDRs")).iter().map(scalar);
    for (title, value) in [
        (
            "PodCIDR",
            of_spec("podCIDR").map(scalar).unwrap_or_default(),
        ),
        ("PodCIDRs", networks.collect::<Vec<_>>().join(",")),
        (
            "ProviderID",
            of_spec("providerID").map(scalar).unwrap_or_default(),
        ),
    ] {
        if !value.is_empty() {
            text.line(0, &format!("{title}:\t{value}"));
        }
    }
    let pods: Vec<&Pod> = cluster
        .store()
        .non_terminated_on(&metadata.name)
        .map(|it| &**it)
        .collect();
    resources(&mut text, node, &pods, cluster.unix_now());
    text
}

/// By effect and key.
fn taints(text: &mut Text, taints: &[Taint]) {
    let mut sorted: Vec<&Taint> = taints.iter().collect();
    sorted.sort_by_key(|it| format!("{},{}", it.effect.as_str(), it.key));
    let lines: Vec<String> = sorted.iter().map(ToString::to_string).collect();
    text.list(0, "Taints", &lines);
}

fn lease(text: &mut Text, node: &Node, cluster: &Cluster) {
    let name = &node.metadata.name;
    let Some(renewed) = cluster.lease_renewed_at(name) else {
        return text.line(
            0,
            &format!("Lease:\tFailed to get lease: leases.coordination.k8s.io {name:?} not found"),
        );
    };
    text.line(0, "Lease:");
    text.line(1, &format!("HolderIdentity:\t{name}"));
    text.line(1, "AcquireTime:\t<unset>");
    let renewed = date(Some(Timestamp::from_unix_millis(renewed)));
    text.line(1, &format!("RenewTime:\t{renewed}"));
}

fn conditions(text: &mut Text, node: &Node, cluster: &Cluster) {
    if node.status.conditions.is_empty() {
        return;
    }
    let renewed = cluster.lease_renewed_at(&node.metadata.name);
    let renewed = renewed.map(Timestamp::from_unix_millis);
    text.line(0, "Conditions:");
    text.line(
        1,
        "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage",
    );
    text.line(
        1,
        "----\t------\t-----------------\t------------------\t------\t-------",
    );
    for it in &node.status.conditions {
        let heartbeat = it.rest.get("lastHeartbeatTime").and_then(Value::as_str);
        let heartbeat = heartbeat.and_then(time::parse_rfc3339);
        // Heartbeats that change nothing are not written here. That a condition is unknown is not
        // the kubelet's word: that came no later than its lease was renewed.
        let heartbeat = heartbeat.map(Timestamp::from_unix_millis);
        let last_word = match it.status {
            ConditionStatus::Unknown => renewed.or(it.last_transition_time),
            _ => it.last_transition_time,
        };
        let heartbeat = heartbeat.or(last_word);
        text.line(
            1,
            &format!(
                "{} \t{} \t{} \t{} \t{} \t{}",
                it.type_.as_str(),
                it.status.as_str(),
                date(heartbeat),
                date(it.last_transition_time),
                it.reason,
                it.message
            ),
        );
    }
}

/// What pods ask for, or may have at most.
type Of = fn(&Pod) -> Amounts<'_>;

/// Models `describeNodeResource`.
fn resources(text: &mut Text, node: &Node, pods: &[&Pod], now: Millis) {
    let (requests, limits): (Of, Of) = (Pod::requests, Pod::limits);
    // Without allocatable it is the capacity that counts.
    let allocatable = match node.status.allocatable.is_empty() {
        true => &node.status.capacity,
        false => &node.status.allocatable,
    };
    let cell = |amounts: &Amounts<'_>, resource: &str| {
        let amount = amounts.get(resource).copied().unwrap_or_default();
        let all = allocatable.get(resource).and_then(Quantity::milli);
        let all = all.filter(|all| *all > 0);
        let percent = all.map_or(0, |all| amount.milli() * 100 / all);
        format!("{amount} ({percent}%)")
    };
    text.line(
        0,
        &format!("Non-terminated Pods:\t({} in total)", pods.len()),
    );
    text.line(
        1,
        "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge",
    );
    text.line(
        1,
        "---------\t----\t\t------------\t----------\t---------------\t-------------\t---",
    );
    for pod in pods {
        let (requested, limited) = (requests(pod), limits(pod));
        text.line(
            1,
            &format!(
                "{}\t{}\t\t{}\t{}\t{}\t{}\t{}",
                pod.metadata.namespace,
                pod.metadata.name,
                cell(&requested, "cpu"),
                cell(&limited, "cpu"),
                cell(&requested, "memory"),
                cell(&limited, "memory"),
                since(pod.metadata.creation_timestamp, now)
            ),
        );
    }
    text.line(0, "Allocated resources:");
    text.line(
        1,
        "(Total limits may be over 100 percent, i.e., overcommitted.)",
    );
    text.line(1, "Resource\tRequests\tLimits");
    text.line(1, "--------\t--------\t------");
    let (requested, limited) = (total(pods, requests), total(pods, limits));
    let standard = ["cpu", "memory", "ephemeral-storage"];
    let huge = allocatable.keys().filter(|it| it.starts_with("hugepages-"));
    for resource in standard.into_iter().chain(huge.map(String::as_str)) {
        let (requested, limited) = (cell(&requested, resource), cell(&limited, resource));
        text.line(1, &format!("{resource}\t{requested}\t{limited}"));
    }
    let is_other = |it: &&String| {
        !standard.contains(&it.as_str()) && !it.starts_with("hugepages-") && *it != "pods"
    };
    for resource in allocatable.keys().filter(is_other) {
        let of = |amounts: &Amounts<'_>| {
            let amount = amounts.get(resource.as_str()).copied();
            amount.unwrap_or_default()
        };
        let (requested, limited): (Amount, Amount) = (of(&requested), of(&limited));
        text.line(1, &format!("{resource}\t{requested}\t{limited}"));
    }
}

fn total<'a>(pods: &[&'a Pod], of: Of) -> Amounts<'a> {
    let mut total = Amounts::new();
    for (resource, amount) in pods.iter().flat_map(|pod| of(pod)) {
        *total.entry(resource).or_default() += amount;
    }
    total
}
