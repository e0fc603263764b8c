//! The containers of a pod, and how they are.

use objects::{
    Container, Pod, Quantity,
    pod::{ContainerPort, ContainerState, ContainerStatus},
};
use serde_json::Value;

use super::{Text, Within, date, flag, items, scalar};

/// Models `describeContainers`; with the pod that they are of, if they are of one.
pub(super) fn describe(
    text: &mut Text,
    within: Within,
    title: &str,
    containers: &[Container],
    pod: Option<(&Pod, &[ContainerStatus])>,
) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    text.line(within.level(), &format!("{title}:{none}"));
    for it in containers {
        let statuses = pod.map_or(&[][..], |(_, statuses)| statuses);
        let status = statuses.iter().find(|status| status.name == it.name);
        within.name(text, &it.name);
        describe_one(text, it, status, pod.map(|(pod, _)| pod));
    }
}

fn describe_one(
    text: &mut Text,
    container: &Container,
    status: Option<&ContainerStatus>,
    pod: Option<&Pod>,
) {
    if let Some(status) = status {
        text.line(2, &format!("Container ID:\t{}", status.container_id));
    }
    text.line(2, &format!("Image:\t{}", container.image));
    if let Some(status) = status {
        text.line(2, &format!("Image ID:\t{}", status.image_id));
    }
    ports(text, "Port", &container.ports, |it| it.container_port);
    ports(text, "Host Port", &container.ports, |it| it.host_port);
    let seccomp = container.rest.get("securityContext");
    let seccomp = seccomp.and_then(|it| it.get("seccompProfile"));
    if let Some(profile) = seccomp.filter(|it| it.is_object()) {
        text.line(2, &format!("SeccompProfile:\t{}", scalar(&profile["type"])));
        if profile["type"] == "Localhost" {
            let file = scalar(&profile["localhostProfile"]);
            text.line(3, &format!("LocalhostProfile:\t{file}"));
        }
    }
    for (title, field) in [("Command", "command"), ("Args", "args")] {
        let words = items(container.rest.get(field));
        if words.is_empty() {
            continue;
        }
        text.line(2, &format!("{title}:"));
        for word in words {
            let word = scalar(word);
            word.split('\n').for_each(|it| text.line(3, it));
        }
    }
    if let Some(status) = status {
        describe_status(text, status);
    }
    if let Some(resources) = &container.resources {
        for (title, amounts) in [
            ("Limits", &resources.limits),
            ("Requests", &resources.requests),
        ] {
            if !amounts.is_empty() {
                text.line(2, &format!("{title}:"));
            }
            for (name, amount) in amounts {
                text.line(3, &format!("{name}:\t{amount}"));
            }
        }
    }
    for (title, field) in [
        ("Liveness", "livenessProbe"),
        ("Readiness", "readinessProbe"),
        ("Startup", "startupProbe"),
    ] {
        if let Some(it) = container.rest.get(field) {
            text.line(2, &format!("{title}:\t{}", probe(it)));
        }
    }
    environment_from(text, items(container.rest.get("envFrom")));
    environment(text, container, pod);
    mounts(text, container);
}

/// The port's name stands on both lines since 1.34.
fn ports(text: &mut Text, title: &str, ports: &[ContainerPort], number: fn(&ContainerPort) -> i64) {
    let ports = ports.iter().map(|port| {
        let name = match port.name.as_str() {
            "" => String::new(),
            name => format!(" ({name})"),
        };
        format!("{}/{}{name}", number(port), port.protocol)
    });
    let ports: Vec<String> = ports.collect();
    let line = match ports.as_slice() {
        [] => format!("{title}:\t<none>"),
        [port] => format!("{title}:\t{port}"),
        ports => format!("{title}s:\t{}", ports.join(", ")),
    };
    text.line(2, &line);
}

/// Models `describeContainerState`.
fn describe_status(text: &mut Text, status: &ContainerStatus) {
    state(text, "State", &status.state);
    if let Some(last) = &status.last_state
        && last.terminated.is_some()
    {
        state(text, "Last State", last);
    }
    let ready = if status.ready { "True" } else { "False" };
    text.line(2, &format!("Ready:\t{ready}"));
    text.line(2, &format!("Restart Count:\t{}", status.restart_count));
}

fn state(text: &mut Text, title: &str, state: &ContainerState) {
    let reason = |text: &mut Text, reason: &str| {
        if !reason.is_empty() {
            text.line(3, &format!("Reason:\t{reason}"));
        }
    };
    if let Some(running) = &state.running {
        text.line(2, &format!("{title}:\tRunning"));
        text.line(3, &format!("Started:\t{}", date(running.started_at)));
    } else if let Some(terminated) = &state.terminated {
        text.line(2, &format!("{title}:\tTerminated"));
        reason(text, &terminated.reason);
        let message = terminated.rest.get("message").map(scalar);
        if let Some(message) = message.filter(|it| !it.is_empty()) {
            text.line(3, &format!("Message:\t{message}"));
        }
        text.line(3, &format!("Exit Code:\t{}", terminated.exit_code));
        let signal = terminated.rest.get("signal").and_then(Value::as_i64);
        if let Some(signal) = signal.filter(|it| *it > 0) {
            text.line(3, &format!("Signal:\t{signal}"));
        }
        text.line(3, &format!("Started:\t{}", date(terminated.started_at)));
        text.line(3, &format!("Finished:\t{}", date(terminated.finished_at)));
    } else {
        text.line(2, &format!("{title}:\tWaiting"));
        let waiting = state.waiting.as_ref();
        reason(text, waiting.map_or("", |it| it.reason.as_str()));
    }
}

/// Models `DescribeProbe`.
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
        let path = escaped(&scalar(&http["path"]));
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

/// As Go's `URL.EscapedPath` has it: a `?` is of the path here.
fn escaped(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => text.push(char::from(byte)),
            _ if b"-_.~$&+,/:;=@".contains(&byte) => text.push(char::from(byte)),
            byte => text += &format!("%{byte:02X}"),
        }
    }
    text
}

/// Models `describeContainerEnvFrom`.
fn environment_from(text: &mut Text, sources: &[Value]) {
    if sources.is_empty() {
        return;
    }
    text.line(2, "Environment Variables from:");
    for source in sources {
        let (kind, of) = match source.get("configMapRef") {
            Some(of) => ("ConfigMap", of),
            None => ("Secret", &source["secretRef"]),
        };
        let prefix = match source["prefix"].as_str() {
            None | Some("") => String::new(),
            Some(prefix) => format!(" with prefix '{prefix}'"),
        };
        let (name, optional) = (scalar(&of["name"]), flag(&of["optional"]));
        text.line(3, &format!("{name}\t{kind}{prefix}\tOptional: {optional}"));
    }
}

/// Models `describeContainerEnvVars`.
fn environment(text: &mut Text, container: &Container, pod: Option<&Pod>) {
    let variables = items(container.rest.get("env"));
    let none = if variables.is_empty() { "\t<none>" } else { "" };
    text.line(2, &format!("Environment:{none}"));
    for variable in variables {
        let (name, from) = (scalar(&variable["name"]), &variable["valueFrom"]);
        let value = if let Some(it) = from.get("fieldRef") {
            let version = it["apiVersion"].as_str().unwrap_or("v1");
            let path = scalar(&it["fieldPath"]);
            let value = pod.and_then(|pod| field(pod, &path)).unwrap_or_default();
            format!("{value} ({version}:{path})")
        } else if let Some(it) = from.get("resourceFieldRef") {
            let amount = match amount(container, it) {
                Some(0) if scalar(&it["resource"]).starts_with("limits.") => {
                    "node allocatable".to_owned()
                }
                Some(amount) => amount.to_string(),
                None => String::new(),
            };
            format!("{amount} ({})", scalar(&it["resource"]))
        } else if let Some(it) = from.get("secretKeyRef") {
            let (key, of) = (scalar(&it["key"]), scalar(&it["name"]));
            let optional = flag(&it["optional"]);
            format!("<set to the key '{key}' in secret '{of}'>\tOptional: {optional}")
        } else if let Some(it) = from.get("configMapKeyRef") {
            let (key, of) = (scalar(&it["key"]), scalar(&it["name"]));
            let optional = flag(&it["optional"]);
            format!("<set to the key '{key}' of config map '{of}'>\tOptional: {optional}")
        } else {
            scalar(&variable["value"]).replace('\n', "\n      \t")
        };
        text.line(3, &format!("{name}:\t{value}"));
    }
}

/// What a field of a pod says: kubectl looks up those of the metadata alone.
///
/// Models `ExtractFieldPathAsString`, kubectl `pkg/util/fieldpath/fieldpath.go`, v1.34.
fn field(pod: &Pod, path: &str) -> Option<String> {
    match path {
        "metadata.name" => Some(pod.metadata.name.to_string()),
        "metadata.namespace" => Some(pod.metadata.namespace.to_string()),
        _ => None,
    }
}

/// An amount of the container's own resources in units of a divisor, rounded up.
///
/// Models `ExtractContainerResourceValue`, kubectl `pkg/util/resource/resource.go`, v1.34.
fn amount(container: &Container, reference: &Value) -> Option<i128> {
    let name = reference["resource"].as_str()?;
    let resources = container.resources.as_ref();
    let (kind, resource) = name.split_once('.')?;
    let amounts = resources.map(|it| match kind {
        "limits" => &it.limits,
        _ => &it.requests,
    });
    let amount = amounts.and_then(|it| it.get(resource));
    let amount = amount.map_or(Some(0), Quantity::milli)?;
    let divisor = reference.get("divisor");
    let divisor = divisor.map(|it| Quantity(it.clone()).milli().unwrap_or(0));
    let divisor = divisor.filter(|it| *it > 0).unwrap_or(1000);
    Some(amount.div_euclid(divisor) + i128::from(amount.rem_euclid(divisor) > 0))
}

/// Models `describeContainerVolumes`.
fn mounts(text: &mut Text, container: &Container) {
    let mounts = items(container.rest.get("volumeMounts"));
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    text.line(2, &format!("Mounts:{none}"));
    let mut sorted: Vec<&Value> = mounts.iter().collect();
    sorted.sort_by_key(|it| scalar(&it["mountPath"]));
    for mount in sorted {
        let mut flags = String::from(if flag(&mount["readOnly"]) { "ro" } else { "rw" });
        if let Some(path) = mount["subPath"].as_str().filter(|it| !it.is_empty()) {
            flags += &format!(",path={path:?}");
        }
        let (path, name) = (scalar(&mount["mountPath"]), scalar(&mount["name"]));
        text.line(3, &format!("{path} from {name} ({flags})"));
    }
    let devices = items(container.rest.get("volumeDevices"));
    if devices.is_empty() {
        return;
    }
    text.line(2, &format!("Devices:{none}"));
    let mut sorted: Vec<&Value> = devices.iter().collect();
    sorted.sort_by_key(|it| scalar(&it["devicePath"]));
    for device in sorted {
        let (path, name) = (scalar(&device["devicePath"]), scalar(&device["name"]));
        text.line(3, &format!("{path} from {name}"));
    }
}
