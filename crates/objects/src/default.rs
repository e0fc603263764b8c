//! What the API server fills in where a manifest is silent.
//!
//! Models `pkg/apis/apps/v1/defaults.go` and `pkg/apis/core/v1/defaults.go`, v1.34.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::{
    Container, DaemonSet, Fields, IntOrPercent, Pod, PodSpec, daemon_set::RollingUpdate,
    pod::ResourceRequirements,
};

/// Fills in a DaemonSet, its template included.
pub fn daemon_set(daemon_set: &mut DaemonSet) {
    let metadata = &mut daemon_set.metadata;
    if metadata.namespace.is_empty() {
        metadata.namespace = "default".into();
    }
    let spec = &mut daemon_set.spec;
    spec.revision_history_limit.get_or_insert(10);
    let strategy = &mut spec.update_strategy;
    if strategy.type_.is_empty() {
        strategy.type_ = "RollingUpdate".into();
    }
    if strategy.type_ == "RollingUpdate" {
        let rolling_update = strategy
            .rolling_update
            .get_or_insert_with(RollingUpdate::default);
        rolling_update
            .max_unavailable
            .get_or_insert(IntOrPercent::Int(1));
        rolling_update.max_surge.get_or_insert(IntOrPercent::Int(0));
    }
    pod_spec(&mut Rc::make_mut(&mut spec.template).spec);
}

/// Fills in a pod.
pub fn pod(pod: &mut Pod) {
    if pod.metadata.namespace.is_empty() {
        pod.metadata.namespace = "default".into();
    }
    pod_spec(&mut pod.spec);
    if pod.spec.host_network {
        host_ports(&mut pod.spec.containers);
        host_ports(&mut pod.spec.init_containers);
    }
    fill(
        Rc::make_mut(&mut pod.spec.rest),
        "enableServiceLinks",
        json!(true),
    );
}

/// On pods in the host's network a port is the host's, too.
fn host_ports(containers: &mut Rc<Vec<Container>>) {
    let missing = |container: &Container| container.ports.iter().any(|port| port.host_port == 0);
    if containers.iter().any(missing) {
        for port in Rc::make_mut(containers)
            .iter_mut()
            .flat_map(|container| &mut container.ports)
        {
            if port.host_port == 0 {
                port.host_port = port.container_port;
            }
        }
    }
}

fn fill(fields: &mut Fields, name: &str, value: Value) {
    fields.entry(name).or_insert(value);
}

/// Fills in a pod spec. What is full already stays shared with the template it came from.
fn pod_spec(spec: &mut PodSpec) {
    spec.termination_grace_period_seconds.get_or_insert(30);
    let filled: [(&str, Value); 4] = [
        ("restartPolicy", json!("Always")),
        ("dnsPolicy", json!("ClusterFirst")),
        ("schedulerName", json!("default-scheduler")),
        ("securityContext", json!({})),
    ];
    if filled
        .iter()
        .any(|(name, _)| !spec.rest.contains_key(*name))
    {
        let rest = Rc::make_mut(&mut spec.rest);
        for (name, value) in filled {
            fill(rest, name, value);
        }
    }
    if spec.rest.contains_key("volumes") {
        let mut rest = (*spec.rest).clone();
        volumes(&mut rest);
        if rest != *spec.rest {
            spec.rest = Rc::new(rest);
        }
    }
    for list in [&mut spec.containers, &mut spec.init_containers] {
        let mut filled = (**list).clone();
        filled.iter_mut().for_each(container);
        if filled != **list {
            *list = Rc::new(filled);
        }
    }
}

fn container(container: &mut Container) {
    if container.image_pull_policy.is_empty() {
        container.image_pull_policy = if is_latest(&container.image) {
            "Always"
        } else {
            "IfNotPresent"
        }
        .into();
    }
    container
        .resources
        .get_or_insert_with(ResourceRequirements::default);
    for port in &mut container.ports {
        if port.protocol.is_empty() {
            port.protocol = "TCP".into();
        }
    }
    let rest = &mut container.rest;
    fill(
        rest,
        "terminationMessagePath",
        json!("/dev/termination-log"),
    );
    fill(rest, "terminationMessagePolicy", json!("File"));
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(Value::Object(fields)) = rest.get_mut(name) {
            probe(fields);
        }
    }
    for variable in rest
        .get_mut("env")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(Value::Object(field_ref)) = variable.pointer_mut("/valueFrom/fieldRef") {
            fill(field_ref, "apiVersion", json!("v1"));
        }
    }
}

/// Whether an image reference names the tag `latest`, or none and no digest.
///
/// Models `SetDefaults_Container`, `pkg/apis/core/v1/defaults.go`, v1.34.
fn is_latest(image: &str) -> bool {
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains('@') {
        return false;
    }
    last.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}

fn probe(fields: &mut Map<String, Value>) {
    for (name, number) in [
        ("timeoutSeconds", 1),
        ("periodSeconds", 10),
        ("successThreshold", 1),
        ("failureThreshold", 3),
    ] {
        fill(fields, name, json!(number));
    }
    if let Some(Value::Object(get)) = fields.get_mut("httpGet") {
        fill(get, "path", json!("/"));
        fill(get, "scheme", json!("HTTP"));
    }
}

fn volumes(rest: &mut Fields) {
    for volume in rest
        .get_mut("volumes")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let Value::Object(volume) = volume else {
            continue;
        };
        if volume.keys().all(|key| key == "name") {
            fill(volume, "emptyDir", json!({}));
        }
        if let Some(Value::Object(host_path)) = volume.get_mut("hostPath") {
            fill(host_path, "type", json!(""));
        }
        for source in ["secret", "configMap"] {
            if let Some(Value::Object(source)) = volume.get_mut(source) {
                fill(source, "defaultMode", json!(420));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_decides_the_pull_policy() {
        for (image, latest) in [
            ("a", true),
            ("a:latest", true),
            ("a:1", false),
            ("registry:5000/a", true),
            ("registry:5000/a:1", false),
            ("a@sha256:00", false),
        ] {
            assert_eq!(is_latest(image), latest, "{image}");
        }
    }

    #[test]
    fn a_full_template_stays_shared() {
        let mut first = DaemonSet::default();
        daemon_set(&mut first);
        let mut pod_ = Pod {
            spec: first.spec.template.spec.clone(),
            ..Pod::default()
        };
        pod_spec(&mut pod_.spec);
        assert!(Rc::ptr_eq(&pod_.spec.rest, &first.spec.template.spec.rest));
    }

    #[test]
    fn the_strategy_is_rolling_update_of_one() {
        let mut daemon_set_ = DaemonSet::default();
        daemon_set(&mut daemon_set_);
        assert_eq!(daemon_set_.max_unavailable(10), Some(1));
        assert_eq!(daemon_set_.max_surge(10), Some(0));
        assert_eq!(daemon_set_.spec.revision_history_limit, Some(10));
    }
}
