//! What the API server fills in where a manifest is silent.
//!
//! Models `pkg/apis/apps/v1/defaults.go` and `pkg/apis/core/v1/defaults.go`, v1.34.

use serde_json::{Value, json};

use crate::{
    Container, DaemonSet, Fields, IntOrPercent, ObjectMeta, Pod, PodSpec, Quantity, Shared,
    daemon_set::RollingUpdate, pod::ResourceRequirements,
};

/// Where an object lies that does not say.
pub(crate) fn namespace(metadata: &mut ObjectMeta) {
    if metadata.namespace.is_empty() {
        metadata.namespace = DEFAULT.into();
    }
}

const DEFAULT: &str = "default";

/// The same, of kinds that are kept as they are and lie in namespaces.
pub(crate) fn other(value: &mut Value) {
    let lies_in_one = [("policy/v1", "PodDisruptionBudget")];
    let is_it =
        |(version, kind): &(&str, &str)| value["apiVersion"] == *version && value["kind"] == *kind;
    if !lies_in_one.iter().any(is_it) {
        return;
    }
    let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let namespace = metadata.entry("namespace").or_insert(Value::Null);
    if namespace.as_str().is_none_or(str::is_empty) {
        *namespace = DEFAULT.into();
    }
}

/// Fills in a DaemonSet, its template included.
pub fn daemon_set(daemon_set: &mut DaemonSet) {
    namespace(&mut daemon_set.metadata);
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
    pod_spec(&mut spec.template.spec);
}

/// Fills in a pod.
pub fn pod(pod: &mut Pod) {
    namespace(&mut pod.metadata);
    pod_spec(&mut pod.spec);
    for list in [&mut pod.spec.containers, &mut pod.spec.init_containers] {
        let is_short = |it: &Container| it.resources.as_ref().is_some_and(|it| !it.is_requested());
        if list.iter().any(is_short) {
            for container in list.iter_mut() {
                container.resources.iter_mut().for_each(request_limits);
            }
        }
    }
    if pod.spec.host_network {
        host_ports(&mut pod.spec.containers);
        host_ports(&mut pod.spec.init_containers);
    }
    fill(&mut pod.spec.rest, "enableServiceLinks", json!(true));
}

/// Of what is limited as much is requested, unless the pod says how much.
fn request_limits(resources: &mut ResourceRequirements) {
    for (name, limit) in &resources.limits {
        if !resources.requests.contains_key(name) {
            resources.requests.insert(name.clone(), limit.clone());
        }
    }
}

/// On pods in the host's network a port is the host's, too.
fn host_ports(containers: &mut Shared<Vec<Container>>) {
    let missing = |container: &Container| container.ports.iter().any(|port| port.host_port == 0);
    if containers.iter().any(missing) {
        for port in containers
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
    let mut rest = (*spec.rest).clone();
    for (name, value) in [
        ("restartPolicy", json!("Always")),
        ("dnsPolicy", json!("ClusterFirst")),
        ("schedulerName", json!("default-scheduler")),
        ("securityContext", json!({})),
    ] {
        fill(&mut rest, name, value);
    }
    volumes(&mut rest);
    overhead(&mut rest);
    service_account(&mut rest);
    if rest != *spec.rest {
        spec.rest = rest.into();
    }
    for list in [&mut spec.containers, &mut spec.init_containers] {
        let mut filled = (**list).clone();
        filled.iter_mut().for_each(container);
        if filled != **list {
            *list = filled.into();
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
    let resources = container
        .resources
        .get_or_insert_with(ResourceRequirements::default);
    for list in [&mut resources.limits, &mut resources.requests] {
        list.values_mut().for_each(Quantity::round_up_to_milli);
    }
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
    for hook in ["/postStart/httpGet", "/preStop/httpGet"] {
        if let Some(get) = object_at(rest.get_mut("lifecycle"), hook) {
            http_get(get);
        }
    }
    for variable in items(rest.get_mut("env")) {
        refers(variable.get_mut("valueFrom"));
    }
}

/// A field that is an object, or none.
fn object_at<'a>(value: Option<&'a mut Value>, pointer: &str) -> Option<&'a mut Fields> {
    value?.pointer_mut(pointer)?.as_object_mut()
}

/// The items of a field that is a list, or none.
fn items(list: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    list.and_then(Value::as_array_mut).into_iter().flatten()
}

/// What an environment variable or a file takes from the pod itself.
fn refers(mut source: Option<&mut Value>) {
    if let Some(field) = object_at(source.as_deref_mut(), "/fieldRef") {
        fill(field, "apiVersion", json!("v1"));
    }
    if let Some(resource) = object_at(source, "/resourceFieldRef") {
        fill(resource, "divisor", json!("0"));
        resource.get_mut("divisor").into_iter().for_each(canonical);
    }
}

fn canonical(quantity: &mut Value) {
    let mut canonical = Quantity(quantity.take());
    canonical.canonicalize();
    *quantity = canonical.0;
}

/// The field has an older name: both say the same.
fn service_account(rest: &mut Fields) {
    let names = ["serviceAccountName", "serviceAccount"];
    if let Some(name) = names.iter().find_map(|it| rest.get(*it)).cloned() {
        for field in names {
            rest.insert(field.to_owned(), name.clone());
        }
    }
}

fn overhead(rest: &mut Fields) {
    for (_, amount) in object_at(rest.get_mut("overhead"), "")
        .into_iter()
        .flatten()
    {
        let mut rounded = Quantity(amount.take());
        rounded.round_up_to_milli();
        *amount = rounded.0;
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

fn probe(fields: &mut Fields) {
    for (name, number) in [
        ("timeoutSeconds", 1),
        ("periodSeconds", 10),
        ("successThreshold", 1),
        ("failureThreshold", 3),
    ] {
        fill(fields, name, json!(number));
    }
    if let Some(get) = object_at(fields.get_mut("httpGet"), "") {
        http_get(get);
    }
    if let Some(grpc) = object_at(fields.get_mut("grpc"), "") {
        fill(grpc, "service", json!(""));
    }
}

fn http_get(get: &mut Fields) {
    fill(get, "path", json!("/"));
    fill(get, "scheme", json!("HTTP"));
}

fn volumes(rest: &mut Fields) {
    for volume in items(rest.get_mut("volumes")) {
        let Value::Object(volume) = volume else {
            continue;
        };
        if volume.keys().all(|key| key == "name") {
            fill(volume, "emptyDir", json!({}));
        }
        if let Some(host_path) = object_at(volume.get_mut("hostPath"), "") {
            fill(host_path, "type", json!(""));
        }
        if let Some(empty_dir) = object_at(volume.get_mut("emptyDir"), "") {
            empty_dir
                .get_mut("sizeLimit")
                .into_iter()
                .for_each(canonical);
        }
        for source in ["secret", "configMap", "downwardAPI", "projected"] {
            if let Some(source) = object_at(volume.get_mut(source), "") {
                fill(source, "defaultMode", json!(420));
            }
        }
        downward(volume.get_mut("downwardAPI"));
        let projected = object_at(volume.get_mut("projected"), "");
        for source in items(projected.and_then(|it| it.get_mut("sources"))) {
            downward(source.get_mut("downwardAPI"));
            if let Some(token) = object_at(Some(source), "/serviceAccountToken") {
                fill(token, "expirationSeconds", json!(3600));
            }
        }
    }
}

fn downward(source: Option<&mut Value>) {
    let files = object_at(source, "").and_then(|it| it.get_mut("items"));
    items(files).for_each(|file| refers(Some(file)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Object;

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
    fn section_2_1_template_defaults() {
        let check = |container: Value, spec: Value, wanted: Value| {
            let mut spec = spec;
            spec["containers"] = json!([container]);
            let template = json!({"metadata": {}, "spec": spec});
            let ds = json!({
                "apiVersion": "apps/v1", "kind": "DaemonSet",
                "metadata": {"name": "d"}, "spec": {"template": template},
            });
            let mut object = Object::from_value(ds).expect("a DaemonSet");
            object.default();
            let got = object.to_value();
            let got = &got["spec"]["template"]["spec"];
            for (pointer, wanted) in wanted.as_object().expect("pointers") {
                let got = got.pointer(pointer).unwrap_or(&Value::Null);
                assert_eq!(got, wanted, "{pointer}");
            }
            let again = object.clone();
            object.default();
            assert_eq!(object, again, "defaulting again changes something");
        };
        let plain = json!({"name": "c", "image": "i:1"});
        check(
            plain.clone(),
            json!({}),
            json!({
                "/restartPolicy": "Always",
                "/dnsPolicy": "ClusterFirst",
                "/schedulerName": "default-scheduler",
                "/securityContext": {},
                "/terminationGracePeriodSeconds": 30,
                "/enableServiceLinks": null,
                "/containers/0": {
                    "name": "c", "image": "i:1", "imagePullPolicy": "IfNotPresent", "resources": {},
                    "terminationMessagePath": "/dev/termination-log",
                    "terminationMessagePolicy": "File",
                },
            }),
        );
        check(
            json!({
                "name": "c",
                "ports": [{"containerPort": 80}],
                "resources": {"limits": {"cpu": 1, "memory": "1.5Gi"}, "requests": {"cpu": "0.1m"}},
                "livenessProbe": {"httpGet": {"port": 80}},
                "readinessProbe": {"grpc": {"port": 80}},
                "lifecycle": {"preStop": {"httpGet": {"port": 80}}},
                "env": [
                    {"name": "a", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
                    {"name": "b", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
                ],
            }),
            json!({
                "serviceAccountName": "a",
                "overhead": {"cpu": "0.5"},
                "hostNetwork": true,
                "volumes": [
                    {"name": "none"},
                    {"name": "b", "hostPath": {"path": "/"}},
                    {"name": "c", "emptyDir": {"sizeLimit": "1024Mi"}},
                    {"name": "d", "secret": {"secretName": "s"}},
                    {"name": "e", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
                    {"name": "f", "downwardAPI": {"items": [
                        {"path": "p", "resourceFieldRef": {"resource": "limits.cpu", "divisor": "1000m"}},
                    ]}},
                ],
            }),
            json!({
                "/serviceAccount": "a",
                "/overhead/cpu": "500m",
                "/containers/0/imagePullPolicy": "Always",
                // Templates may leave it; pods get it.
                "/containers/0/ports/0": {"containerPort": 80, "protocol": "TCP"},
                "/containers/0/resources": {
                    "limits": {"cpu": "1", "memory": "1536Mi"}, "requests": {"cpu": "1m"},
                },
                "/containers/0/livenessProbe": {
                    "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
                    "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
                },
                "/containers/0/readinessProbe/grpc/service": "",
                "/containers/0/lifecycle/preStop/httpGet/scheme": "HTTP",
                "/containers/0/env/0/valueFrom/fieldRef/apiVersion": "v1",
                "/containers/0/env/1/valueFrom/resourceFieldRef/divisor": "0",
                "/volumes/0/emptyDir": {},
                "/volumes/1/hostPath/type": "",
                "/volumes/2/emptyDir/sizeLimit": "1Gi",
                "/volumes/3/secret/defaultMode": 420,
                "/volumes/4/projected/defaultMode": 420,
                "/volumes/4/projected/sources/0/serviceAccountToken/expirationSeconds": 3600,
                "/volumes/5/downwardAPI/defaultMode": 420,
                "/volumes/5/downwardAPI/items/0/resourceFieldRef/divisor": "1",
            }),
        );
    }

    #[test]
    fn section_2_1_pods_only() {
        let mut pod_ = Object::from_value(json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {
                "hostNetwork": true,
                "containers": [{
                    "name": "c",
                    "ports": [{"containerPort": 80}],
                    "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m"}},
                }],
            },
        }))
        .expect("a pod");
        pod_.default();
        let spec = &pod_.to_value()["spec"];
        assert_eq!(spec["enableServiceLinks"], true);
        let container = &spec["containers"][0];
        assert_eq!(container["ports"][0]["hostPort"], 80);
        let requests = json!({"cpu": "100m", "memory": "1Gi"});
        assert_eq!(container["resources"]["requests"], requests);
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
        assert!(pod_.spec.rest.is_same(&first.spec.template.spec.rest));
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
