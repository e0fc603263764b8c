//! Models `describePod`.

use cluster::Cluster;
use objects::Pod;

use super::{Text, Within, containers, date, items, metadata, pod_spec, scalar, since, volumes};

pub(super) fn describe(pod: &Pod, cluster: &Cluster) -> Text {
    let mut text = Text::default();
    let (metadata, spec, status) = (&pod.metadata, &pod.spec, &pod.status);
    text.line(0, &format!("Name:\t{}", metadata.name));
    text.line(0, &format!("Namespace:\t{}", metadata.namespace));
    if let Some(priority) = spec.priority {
        text.line(0, &format!("Priority:\t{priority}"));
    }
    for (title, value) in [
        ("Priority Class Name", spec.priority_class_name.clone()),
        ("Runtime Class Name", of_spec(pod, "runtimeClassName")),
        ("Service Account", of_spec(pod, "serviceAccountName")),
    ] {
        if !value.is_empty() {
            text.line(0, &format!("{title}:\t{value}"));
        }
    }
    match &*spec.node_name {
        "" => text.line(0, "Node:\t<none>"),
        node => text.line(0, &format!("Node:\t{node}/{}", status.host_ip)),
    }
    if status.start_time.is_some() {
        text.line(0, &format!("Start Time:\t{}", date(status.start_time)));
    }
    metadata::labels(&mut text, 0, "Labels", &metadata.labels);
    metadata::annotations(&mut text, 0, &metadata.annotations);
    match metadata.deletion_timestamp {
        Some(deleted) if !pod.is_terminal() => {
            let lasts = since(Some(deleted), cluster.unix_now());
            let grace = metadata.deletion_grace_period_seconds.unwrap_or(0);
            text.line(0, &format!("Status:\tTerminating (lasts {lasts})"));
            text.line(0, &format!("Termination Grace Period:\t{grace}s"));
        }
        _ => text.line(0, &format!("Status:\t{}", status.phase.as_str())),
    }
    for (title, value) in [("Reason", &status.reason), ("Message", &status.message)] {
        if !value.is_empty() {
            text.line(0, &format!("{title}:\t{value}"));
        }
    }
    let seccomp = spec.rest.get("securityContext");
    let seccomp = seccomp.and_then(|it| it.get("seccompProfile"));
    if let Some(profile) = seccomp.filter(|it| it.is_object()) {
        text.line(0, &format!("SeccompProfile:\t{}", scalar(&profile["type"])));
        if profile["type"] == "Localhost" {
            let file = scalar(&profile["localhostProfile"]);
            text.line(0, &format!("LocalhostProfile:\t{file}"));
        }
    }
    text.line(0, &format!("IP:\t{}", status.pod_ip));
    match &status.pod_ips[..] {
        [] => text.line(0, "IPs:\t<none>"),
        addresses => {
            text.line(0, "IPs:");
            for address in addresses {
                text.line(1, &format!("IP:\t{}", address.ip));
            }
        }
    }
    if let Some(owner) = metadata.controller() {
        text.line(0, &format!("Controlled By:\t{}/{}", owner.kind, owner.name));
    }
    let nominated = status.nominated_node_name.as_deref();
    if let Some(node) = nominated.filter(|it| !it.is_empty()) {
        text.line(0, &format!("NominatedNodeName:\t{node}"));
    }
    if !spec.init_containers.is_empty() {
        let of = Some((pod, &status.init_container_statuses[..]));
        let title = "Init Containers";
        containers::describe(&mut text, Within::Nothing, title, &spec.init_containers, of);
    }
    let of = Some((pod, &status.container_statuses[..]));
    containers::describe(
        &mut text,
        Within::Nothing,
        "Containers",
        &spec.containers,
        of,
    );
    gates(&mut text, pod);
    if !status.conditions.is_empty() {
        text.line(0, "Conditions:");
        text.line(1, "Type\tStatus");
        for it in &status.conditions {
            text.line(
                1,
                &format!("{} \t{} ", it.type_.as_str(), it.status.as_str()),
            );
        }
    }
    volumes::describe(&mut text, Within::Nothing, items(spec.rest.get("volumes")));
    text.line(0, &format!("QoS Class:\t{}", pod.qos_class()));
    metadata::labels(&mut text, 0, "Node-Selectors", &spec.node_selector);
    pod_spec::tolerations(&mut text, 0, &spec.tolerations);
    pod_spec::spread(
        &mut text,
        0,
        items(spec.rest.get("topologySpreadConstraints")),
    );
    text
}

fn of_spec(pod: &Pod, field: &str) -> String {
    pod.spec.rest.get(field).map(scalar).unwrap_or_default()
}

fn gates(text: &mut Text, pod: &Pod) {
    let gates = items(pod.spec.rest.get("readinessGates"));
    if gates.is_empty() {
        return;
    }
    text.line(0, "Readiness Gates:");
    text.line(1, "Type\tStatus");
    for gate in gates {
        let type_ = gate["conditionType"].as_str().unwrap_or_default();
        let mut conditions = pod.status.conditions.iter();
        let condition = conditions.find(|it| it.type_.as_str() == type_);
        let status = condition.map_or("<none>", |it| it.status.as_str());
        text.line(1, &format!("{type_} \t{status} "));
    }
}
