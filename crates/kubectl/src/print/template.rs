//! The `Pod Template:` block, its columns still parted by tabs.
//!
//! Models `DescribePodTemplate`, kubectl `pkg/describe/describe.go`, v1.34; of volumes those that
//! daemons use.

use std::fmt::Write;

use objects::{Container, Labels, PodTemplateSpec, Toleration};
use serde_json::Value;

/// The block, a line each.
pub(crate) fn template(template: &PodTemplateSpec) -> String {
    let mut text = String::from("Pod Template:\n");
    let spec = &template.spec;
    labels(&mut text, "Labels", &template.metadata.labels, "=");
    if !template.metadata.annotations.is_empty() {
        labels(
            &mut text,
            "Annotations",
            &template.metadata.annotations,
            ": ",
        );
    }
    let account = spec.rest.get("serviceAccountName").and_then(Value::as_str);
    if let Some(account) = account.filter(|it| !it.is_empty()) {
        line(&mut text, 1, &format!("Service Account:\t{account}"));
    }
    if !spec.init_containers.is_empty() {
        containers(&mut text, "Init Containers", &spec.init_containers);
    }
    containers(&mut text, "Containers", &spec.containers);
    volumes(&mut text, items(spec.rest.get("volumes")));
    if !spec.priority_class_name.is_empty() {
        line(
            &mut text,
            1,
            &format!("Priority Class Name:\t{}", spec.priority_class_name),
        );
    }
    labels(&mut text, "Node-Selectors", &spec.node_selector, "=");
    tolerations(&mut text, &spec.tolerations);
    text
}

fn line(text: &mut String, level: usize, line: &str) {
    let indent = "  ".repeat(level);
    *text += &format!("{indent}{line}\n");
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// As Go prints a scalar.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn labels(text: &mut String, title: &str, labels: &Labels, between: &str) {
    let lines = labels.iter();
    let lines: Vec<String> = lines.map(|(k, v)| format!("{k}{between}{v}")).collect();
    list(text, title, &lines);
}

/// A title with the first of several lines; `<none>` without.
fn list(text: &mut String, title: &str, lines: &[String]) {
    match lines.split_first() {
        None => line(text, 1, &format!("{title}:\t<none>")),
        Some((first, rest)) => {
            line(text, 1, &format!("{title}:\t{first}"));
            rest.iter().for_each(|it| line(text, 0, &format!("\t{it}")));
        }
    }
}

fn tolerations(text: &mut String, tolerations: &[Toleration]) {
    let mut sorted: Vec<&Toleration> = tolerations.iter().collect();
    sorted.sort_by_key(|it| it.key.clone());
    let lines: Vec<String> = sorted.into_iter().map(toleration).collect();
    list(text, "Tolerations", &lines);
}

fn toleration(it: &Toleration) -> String {
    let mut text = it.key.clone();
    if !it.value.is_empty() {
        text += &format!("={}", it.value);
    }
    let effect = it.effect.as_ref().map_or("", |it| it.as_str());
    if !effect.is_empty() {
        text += &format!(":{effect}");
    }
    if it.operator == "Exists" && it.value.is_empty() {
        text += if it.key.is_empty() && effect.is_empty() {
            "op=Exists"
        } else {
            " op=Exists"
        };
    }
    if let Some(seconds) = it.toleration_seconds {
        text += &format!(" for {seconds}s");
    }
    text
}

fn containers(text: &mut String, title: &str, containers: &[Container]) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    line(text, 1, &format!("{title}:{none}"));
    containers.iter().for_each(|it| container(text, it));
}

fn container(text: &mut String, container: &Container) {
    line(text, 1, &format!(" {}:", container.name));
    line(text, 2, &format!("Image:\t{}", container.image));
    for (title, host) in [("Port", false), ("Host Port", true)] {
        let ports = container.ports.iter().map(|port| {
            let number = if host {
                port.host_port
            } else {
                port.container_port
            };
            let name = match port.name.as_str() {
                "" => String::new(),
                name => format!(" ({name})"),
            };
            format!("{number}/{}{name}", port.protocol)
        });
        let ports: Vec<String> = ports.collect();
        let ports = match ports.as_slice() {
            [] => format!("{title}:\t<none>"),
            [port] => format!("{title}:\t{port}"),
            ports => format!("{title}s:\t{}", ports.join(", ")),
        };
        line(text, 2, &ports);
    }
    for (title, field) in [("Command", "command"), ("Args", "args")] {
        let words = items(container.rest.get(field));
        if words.is_empty() {
            continue;
        }
        line(text, 2, &format!("{title}:"));
        for word in words {
            let word = scalar(word);
            word.split('\n').for_each(|it| line(text, 3, it));
        }
    }
    if let Some(resources) = &container.resources {
        for (title, amounts) in [
            ("Limits", &resources.limits),
            ("Requests", &resources.requests),
        ] {
            if !amounts.is_empty() {
                line(text, 2, &format!("{title}:"));
            }
            for (name, amount) in amounts {
                line(text, 3, &format!("{name}:\t{amount}"));
            }
        }
    }
    for (title, field) in [
        ("Liveness", "livenessProbe"),
        ("Readiness", "readinessProbe"),
        ("Startup", "startupProbe"),
    ] {
        if let Some(it) = container.rest.get(field) {
            line(text, 2, &format!("{title}:\t{}", probe(it)));
        }
    }
    environment(text, items(container.rest.get("env")));
    mounts(text, items(container.rest.get("volumeMounts")));
}

fn probe(probe: &Value) -> String {
    let seconds = |field: &str| probe[field].as_i64().unwrap_or(0);
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        seconds("initialDelaySeconds"),
        seconds("timeoutSeconds"),
        seconds("periodSeconds"),
        seconds("successThreshold"),
        seconds("failureThreshold"),
    );
    let (exec, http) = (&probe["exec"], &probe["httpGet"]);
    let (tcp, grpc) = (&probe["tcpSocket"], &probe["grpc"]);
    if exec.is_object() {
        let words = items(exec.get("command")).iter().map(scalar);
        let words: Vec<String> = words.collect();
        format!("exec [{}] {attributes}", words.join(" "))
    } else if http.is_object() {
        let scheme = scalar(&http["scheme"]).to_lowercase();
        let (host, port) = (scalar(&http["host"]), scalar(&http["port"]));
        let path = scalar(&http["path"]);
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("http-get {scheme}://{host}:{port}{slash}{path} {attributes}")
    } else if tcp.is_object() {
        let (host, port) = (scalar(&tcp["host"]), scalar(&tcp["port"]));
        format!("tcp-socket {host}:{port} {attributes}")
    } else if grpc.is_object() {
        let (port, service) = (scalar(&grpc["port"]), scalar(&grpc["service"]));
        format!("grpc <pod>:{port} {service} {attributes}")
    } else {
        format!("unknown {attributes}")
    }
}

fn environment(text: &mut String, variables: &[Value]) {
    let none = if variables.is_empty() { "\t<none>" } else { "" };
    line(text, 2, &format!("Environment:{none}"));
    for variable in variables {
        let (name, from) = (scalar(&variable["name"]), &variable["valueFrom"]);
        let optional = |it: &Value| it["optional"].as_bool().unwrap_or(false);
        let value = if let Some(it) = from.get("fieldRef") {
            let version = it["apiVersion"].as_str().unwrap_or("v1");
            format!(" ({version}:{})", scalar(&it["fieldPath"]))
        } else if let Some(it) = from.get("resourceFieldRef") {
            format!(" ({})", scalar(&it["resource"]))
        } else if let Some(it) = from.get("secretKeyRef") {
            let (key, of) = (scalar(&it["key"]), scalar(&it["name"]));
            let optional = optional(it);
            format!("<set to the key '{key}' in secret '{of}'>\tOptional: {optional}")
        } else if let Some(it) = from.get("configMapKeyRef") {
            let (key, of) = (scalar(&it["key"]), scalar(&it["name"]));
            let optional = optional(it);
            format!("<set to the key '{key}' of config map '{of}'>\tOptional: {optional}")
        } else {
            scalar(&variable["value"]).replace('\n', "\n      \t")
        };
        line(text, 3, &format!("{name}:\t{value}"));
    }
}

fn mounts(text: &mut String, mounts: &[Value]) {
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    line(text, 2, &format!("Mounts:{none}"));
    let mut sorted: Vec<&Value> = mounts.iter().collect();
    sorted.sort_by_key(|it| scalar(&it["mountPath"]));
    for mount in sorted {
        let read_only = mount["readOnly"].as_bool().unwrap_or(false);
        let mut flags = String::from(if read_only { "ro" } else { "rw" });
        if let Some(path) = mount["subPath"].as_str().filter(|it| !it.is_empty()) {
            // Writing to a text cannot fail.
            let _ = write!(flags, ",path={path:?}");
        }
        let (path, name) = (scalar(&mount["mountPath"]), scalar(&mount["name"]));
        line(text, 3, &format!("{path} from {name} ({flags})"));
    }
}

fn volumes(text: &mut String, volumes: &[Value]) {
    if volumes.is_empty() {
        return line(text, 1, "Volumes:\t<none>");
    }
    line(text, 1, "Volumes:");
    for volume in volumes {
        line(text, 1, &format!(" {}:", scalar(&volume["name"])));
        let optional = |it: &Value| it["optional"].as_bool().unwrap_or(false);
        let lines = if let Some(it) = volume.get("hostPath") {
            vec![
                "Type:\tHostPath (bare host directory volume)".to_owned(),
                format!("Path:\t{}", scalar(&it["path"])),
                format!("HostPathType:\t{}", scalar(&it["type"])),
            ]
        } else if let Some(it) = volume.get("emptyDir") {
            let limit = match &it["sizeLimit"] {
                Value::Null => "<unset>".to_owned(),
                limit => scalar(limit),
            };
            vec![
                "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)".to_owned(),
                format!("Medium:\t{}", scalar(&it["medium"])),
                format!("SizeLimit:\t{limit}"),
            ]
        } else if let Some(it) = volume.get("secret") {
            vec![
                "Type:\tSecret (a volume populated by a Secret)".to_owned(),
                format!("SecretName:\t{}", scalar(&it["secretName"])),
                format!("Optional:\t{}", optional(it)),
            ]
        } else if let Some(it) = volume.get("configMap") {
            vec![
                "Type:\tConfigMap (a volume populated by a ConfigMap)".to_owned(),
                format!("Name:\t{}", scalar(&it["name"])),
                format!("Optional:\t{}", optional(it)),
            ]
        } else if volume.get("projected").is_some() {
            vec![
                "Type:\tProjected (a volume that contains injected data from multiple sources)"
                    .to_owned(),
            ]
        } else {
            vec!["<unknown>".to_owned()]
        };
        lines.iter().for_each(|it| line(text, 2, it));
    }
}
