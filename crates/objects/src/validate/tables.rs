//! The rules of semantics 2.3 to 2.5, a row a rule.

use serde_json::{Value, json};

use crate::manifest;

/// A DaemonSet that is in order, and has something of everything.
fn sound() -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": { "name": "x" },
        "spec": {
            "selector": { "matchLabels": { "app": "x" } },
            "template": {
                "metadata": { "labels": { "app": "x" } },
                "spec": {
                    "containers": [
                        {
                            "name": "c", "image": "i",
                            "ports": [{ "containerPort": 80, "name": "http" }],
                            "env": [{ "name": "A", "value": "b" }],
                            "volumeMounts": [{ "name": "varlog", "mountPath": "/var/log" }],
                            "livenessProbe": { "httpGet": { "port": "http" } },
                            "readinessProbe": { "tcpSocket": { "port": 80 } }
                        },
                        { "name": "d", "image": "i" }
                    ],
                    "initContainers": [{ "name": "e", "image": "i" }],
                    "volumes": [{ "name": "varlog", "hostPath": { "path": "/var/log" } }, { "name": "tmp" }],
                    "affinity": { "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": [{ "matchExpressions": [{ "key": "a", "operator": "Exists" }] }] } } },
                    "tolerations": [{ "operator": "Exists" }]
                }
            }
        }
    })
}

/// Puts values in at paths (`null` takes a field out), and checks what the API server says.
#[track_caller]
fn check(edits: &[(&str, Value)], want: &[&str]) {
    let mut manifest = sound();
    for (path, value) in edits {
        let (parent, name) = path.rsplit_once('/').expect("a path");
        let parent = manifest.pointer_mut(parent).expect("the parent is there");
        match (parent, name.parse::<usize>()) {
            (Value::Array(items), Ok(i)) if i < items.len() => items[i] = value.clone(),
            (Value::Array(items), _) => items.push(value.clone()),
            (parent, _) => parent[name] = value.clone(),
        }
    }
    let problems = manifest::lint(&manifest.to_string()).problems;
    let mut got: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.field, problem.message))
        .collect();
    let mut want: Vec<&str> = want.to_vec();
    // Lint gives them in the order of the text; which ones there are is what a row is about.
    got.sort();
    want.sort_unstable();
    assert_eq!(got, want, "{edits:?}");
}

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

#[test]
fn what_is_in_order_is_accepted() {
    check(&[], &[]);
}

#[test]
fn section_2_3_metadata_selector_and_template() {
    check(
        &[("/metadata/name", json!(""))],
        &["metadata.name: Required value: name or generateName is required"],
    );
    check(
        &[("/metadata/name", json!("X_y"))],
        &[&format!(
            "metadata.name: Invalid value: \"X_y\": {SUBDOMAIN}"
        )],
    );
    let mismatch = "spec.template.metadata.labels: Invalid value: {\"app\":\"x\"}: `selector` does not match template `labels`";
    check(
        &[("/spec/selector/matchLabels/app", json!("z"))],
        &[mismatch],
    );
    check(&[("/spec/selector", json!(null))], &[mismatch]);
    check(
        &[("/spec/selector", json!({}))],
        &["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"],
    );
    check(
        &[("/spec/template/spec/restartPolicy", json!("Never"))],
        &[
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
        ],
    );
    check(
        &[("/spec/template/spec/activeDeadlineSeconds", json!(5))],
        &[
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported",
        ],
    );
    check(
        &[("/spec/minReadySeconds", json!(-1))],
        &["spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"],
    );
    check(
        &[("/spec/revisionHistoryLimit", json!(-1))],
        &["spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0"],
    );
    check(&[("/spec/revisionHistoryLimit", json!(0))], &[]);
}

#[test]
fn section_2_3_update_strategy() {
    let strategy = |strategy: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("spec.updateStrategy{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        check(&[("/spec/updateStrategy", strategy)], &want);
    };
    let rolling = |fields: Value, want: &[&str]| {
        strategy(
            json!({ "type": "RollingUpdate", "rollingUpdate": fields }),
            want,
        );
    };
    strategy(
        json!({ "type": "Foo" }),
        &[
            ": Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: \"RollingUpdate\", \"OnDelete\"",
        ],
    );
    strategy(
        json!({ "type": "OnDelete", "rollingUpdate": { "maxUnavailable": -1 } }),
        &[],
    );
    rolling(
        json!({ "maxUnavailable": -1 }),
        &[".rollingUpdate.maxUnavailable: Invalid value: -1: must be greater than or equal to 0"],
    );
    rolling(
        json!({ "maxUnavailable": 0, "maxSurge": -1 }),
        &[".rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0"],
    );
    let none = ".rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0";
    rolling(
        json!({ "maxUnavailable": "abc" }),
        &[
            &format!(".rollingUpdate.maxUnavailable: Invalid value: \"abc\": {PERCENT}"),
            none,
        ],
    );
    rolling(
        json!({ "maxUnavailable": "5" }),
        &[&format!(
            ".rollingUpdate.maxUnavailable: Invalid value: \"5\": {PERCENT}"
        )],
    );
    rolling(
        json!({ "maxUnavailable": "150%" }),
        &[".rollingUpdate.maxUnavailable: Invalid value: \"150%\": must not be greater than 100%"],
    );
    rolling(json!({ "maxUnavailable": "100%" }), &[]);
    rolling(json!({ "maxUnavailable": 1000000 }), &[]);
    rolling(
        json!({ "maxSurge": 1 }),
        &[
            ".rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
        ],
    );
    rolling(json!({ "maxSurge": 1, "maxUnavailable": 0 }), &[]);
    rolling(json!({ "maxSurge": "10%", "maxUnavailable": "0%" }), &[]);
    rolling(json!({ "maxUnavailable": 0 }), &[none]);
    rolling(json!({ "maxUnavailable": "0%" }), &[none]);
}

/// Edits below `spec.template.spec`, lines below it, too.
#[track_caller]
fn in_template(edits: &[(&str, Value)], want: &[&str]) {
    let edits: Vec<(String, Value)> = edits
        .iter()
        .map(|(path, value)| (format!("/spec/template/spec{path}"), value.clone()))
        .collect();
    let edits: Vec<(&str, Value)> = edits
        .iter()
        .map(|(path, value)| (path.as_str(), value.clone()))
        .collect();
    let want: Vec<String> = want
        .iter()
        .map(|line| format!("spec.template.spec.{line}"))
        .collect();
    let want: Vec<&str> = want.iter().map(String::as_str).collect();
    check(&edits, &want);
}

#[test]
fn section_2_4_containers() {
    in_template(
        &[("/containers", json!([])), ("/initContainers", json!([]))],
        &["containers: Required value"],
    );
    in_template(
        &[("/containers/1/name", json!(""))],
        &["containers[1].name: Required value"],
    );
    in_template(
        &[("/containers/1/name", json!("A_b"))],
        &[&format!(
            "containers[1].name: Invalid value: \"A_b\": {LABEL}"
        )],
    );
    in_template(
        &[("/containers/1/name", json!("a.b"))],
        &["containers[1].name: Invalid value: \"a.b\": must not contain dots"],
    );
    in_template(
        &[("/containers/1/name", json!("c"))],
        &["containers[1].name: Duplicate value: \"c\""],
    );
    in_template(
        &[("/initContainers/0/name", json!("c"))],
        &["initContainers[0].name: Duplicate value: \"c\""],
    );
    in_template(
        &[("/containers/1/image", json!(""))],
        &["containers[1].image: Required value"],
    );
    // Accepted in a template: section 12.
    in_template(&[("/containers/1/image", json!(" i"))], &[]);
    in_template(
        &[("/containers/1/imagePullPolicy", json!("X"))],
        &[
            "containers[1].imagePullPolicy: Unsupported value: \"X\": supported values: \"Always\", \"IfNotPresent\", \"Never\"",
        ],
    );
    in_template(
        &[("/containers/1/restartPolicy", json!("Always"))],
        &["containers[1].restartPolicy: Forbidden: may not be set for non-init containers"],
    );
    in_template(
        &[("/containers/1/env", json!([{ "value": "a" }]))],
        &["containers[1].env[0].name: Required value"],
    );
    in_template(&[("/terminationGracePeriodSeconds", json!(-1))], &[]);
    in_template(
        &[("/dnsPolicy", json!("X"))],
        &[
            "dnsPolicy: Unsupported value: \"X\": supported values: \"ClusterFirstWithHostNet\", \"ClusterFirst\", \"Default\", \"None\"",
        ],
    );
}

#[test]
fn section_2_4_ports() {
    let port = |port: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("containers[1].ports[0].{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        in_template(&[("/containers/1/ports", json!([port]))], &want);
    };
    port(json!({ "name": "a" }), &["containerPort: Required value"]);
    port(
        json!({ "containerPort": 70000 }),
        &["containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"],
    );
    port(
        json!({ "containerPort": 1, "protocol": "X" }),
        &["protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\""],
    );
    for (name, rules) in [
        (
            "averyveryverylongname",
            &["must be no more than 15 characters"][..],
        ),
        (
            "a_b",
            &["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"],
        ),
        ("12", &["must contain at least one letter (a-z)"]),
        ("a--b", &["must not contain consecutive hyphens"]),
        ("a-", &["must not begin or end with a hyphen"]),
        (
            "X",
            &[
                "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                "must contain at least one letter (a-z)",
            ],
        ),
    ] {
        let lines: Vec<String> = rules
            .iter()
            .map(|rule| format!("name: Invalid value: \"{name}\": {rule}"))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        port(json!({ "containerPort": 1, "name": name }), &lines);
    }
    in_template(
        &[(
            "/containers/0/ports/-",
            json!({ "containerPort": 81, "name": "http" }),
        )],
        &["containers[0].ports[1].name: Duplicate value: \"http\""],
    );
    in_template(
        &[
            ("/containers/0/ports/0/hostPort", json!(9100)),
            (
                "/containers/1/ports",
                json!([{ "containerPort": 1, "hostPort": 9100 }]),
            ),
        ],
        &["containers[1].ports[0].hostPort: Duplicate value: \"TCP//9100\""],
    );
    in_template(
        &[
            ("/hostNetwork", json!(true)),
            ("/containers/0/ports/0/hostPort", json!(81)),
        ],
        &[
            "containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true",
        ],
    );
    in_template(&[("/hostNetwork", json!(true))], &[]);
}

#[test]
fn section_2_4_resources() {
    let resources = |resources: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("containers[1].resources.{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        in_template(&[("/containers/1/resources", resources)], &want);
    };
    resources(
        json!({ "requests": { "cpu": "2" }, "limits": { "cpu": "1" } }),
        &["requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"],
    );
    resources(
        json!({ "requests": { "memory": "1.5Gi" }, "limits": { "memory": "1Gi" } }),
        &["requests: Invalid value: \"1536Mi\": must be less than or equal to memory limit of 1Gi"],
    );
    resources(
        json!({ "requests": { "cpu": "-1" } }),
        &["requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0"],
    );
    resources(
        json!({ "requests": { "gpu": "1" } }),
        &[
            "requests[gpu]: Invalid value: \"gpu\": must be a standard resource type or fully qualified",
            "requests[gpu]: Invalid value: \"gpu\": must be a standard resource for containers",
        ],
    );
    resources(
        json!({ "requests": { "pods": "1" } }),
        &["requests[pods]: Invalid value: \"pods\": must be a standard resource for containers"],
    );
    resources(
        json!({ "requests": { "nvidia.com/gpu": "1" } }),
        &["limits: Required value: Limit must be set for non overcommitable resources"],
    );
    resources(
        json!({ "limits": { "nvidia.com/gpu": "1", "cpu": 0.5 } }),
        &[],
    );
}

#[test]
fn section_2_4_probes() {
    let probe = |name: &str, probe: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("containers[1].{name}{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        in_template(&[(&format!("/containers/1/{name}"), probe)], &want);
    };
    let exec = json!({ "command": ["true"] });
    probe(
        "livenessProbe",
        json!({}),
        &[": Required value: must specify a handler type"],
    );
    probe(
        "livenessProbe",
        json!({ "exec": exec, "tcpSocket": { "port": 1 } }),
        &[".tcpSocket: Forbidden: may not specify more than 1 handler type"],
    );
    for name in ["livenessProbe", "startupProbe"] {
        probe(
            name,
            json!({ "exec": exec, "successThreshold": 2 }),
            &[".successThreshold: Invalid value: 2: must be 1"],
        );
    }
    probe(
        "readinessProbe",
        json!({ "exec": exec, "successThreshold": 2 }),
        &[],
    );
    probe(
        "readinessProbe",
        json!({ "exec": exec, "terminationGracePeriodSeconds": 5 }),
        &[".terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes"],
    );
    probe(
        "readinessProbe",
        json!({ "exec": exec, "periodSeconds": -1 }),
        &[".periodSeconds: Invalid value: -1: must be greater than or equal to 0"],
    );
    probe(
        "readinessProbe",
        json!({ "tcpSocket": { "port": 0 } }),
        &[".tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    );
}

#[test]
fn section_2_4_volumes_and_mounts() {
    in_template(
        &[("/volumes/1/name", json!(""))],
        &["volumes[1].name: Required value"],
    );
    in_template(
        &[("/volumes/1/name", json!("varlog"))],
        &["volumes[1].name: Duplicate value: \"varlog\""],
    );
    let unknown = "containers[0].volumeMounts[0].name: Not found: \"varlog\"";
    in_template(
        &[("/volumes/0/emptyDir", json!({}))],
        &[
            "volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
            unknown,
        ],
    );
    in_template(
        &[("/volumes/0/hostPath/path", json!(""))],
        &["volumes[0].hostPath.path: Required value", unknown],
    );
    in_template(
        &[("/volumes/0/hostPath/path", json!("/a/../b"))],
        &[
            "volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
            unknown,
        ],
    );
    in_template(
        &[("/volumes/0/hostPath/type", json!("X"))],
        &[
            "volumes[0].hostPath.type: Unsupported value: \"X\": supported values: \"\", \"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\"",
            unknown,
        ],
    );
    in_template(
        &[("/containers/0/volumeMounts/0/name", json!("x"))],
        &["containers[0].volumeMounts[0].name: Not found: \"x\""],
    );
    in_template(
        &[("/containers/0/volumeMounts/0/mountPath", json!(""))],
        &["containers[0].volumeMounts[0].mountPath: Required value"],
    );
    in_template(
        &[(
            "/containers/0/volumeMounts/-",
            json!({ "name": "tmp", "mountPath": "/var/log" }),
        )],
        &["containers[0].volumeMounts[1].mountPath: Invalid value: \"/var/log\": must be unique"],
    );
}

#[test]
fn section_2_4_tolerations() {
    let toleration = |toleration: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("tolerations[0].{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        in_template(&[("/tolerations/0", toleration)], &want);
    };
    toleration(
        json!({ "key": "a b", "operator": "Exists" }),
        &[&format!("key: Invalid value: \"a b\": {NAME_PART}")],
    );
    toleration(
        json!({ "effect": "NoSchedule" }),
        &[
            "operator: Invalid value: \"\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
        ],
    );
    toleration(
        json!({ "key": "a", "operator": "Exists", "effect": "NoSchedule", "tolerationSeconds": 1 }),
        &[
            "effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        ],
    );
    toleration(
        json!({ "key": "a", "operator": "Exists", "value": "v" }),
        &["operator: Invalid value: \"v\": value must be empty when `operator` is 'Exists'"],
    );
    toleration(
        json!({ "key": "a", "operator": "X" }),
        &["operator: Unsupported value: \"X\": supported values: \"Equal\", \"Exists\""],
    );
    toleration(
        json!({ "key": "a", "effect": "X" }),
        &[
            "effect: Unsupported value: \"X\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"",
        ],
    );
    toleration(json!({ "key": "a", "value": "b" }), &[]);
}

#[test]
fn section_2_4_node_affinity() {
    const REQUIRED: &str =
        "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    let term = |term: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("{REQUIRED}{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        let terms = json!({ "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": term } } });
        in_template(&[("/affinity", terms)], &want);
    };
    let expression = |operator: &str, values: Value, want: &[&str]| {
        let expression = json!({ "key": "a", "operator": operator, "values": values });
        term(json!([{ "matchExpressions": [expression] }]), want);
    };
    term(
        json!([]),
        &[": Required value: must have at least one node selector term"],
    );
    for operator in ["In", "NotIn"] {
        expression(
            operator,
            json!([]),
            &[
                "[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
            ],
        );
    }
    for operator in ["Exists", "DoesNotExist"] {
        expression(
            operator,
            json!(["v"]),
            &[
                "[0].matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ],
        );
    }
    for operator in ["Gt", "Lt"] {
        expression(
            operator,
            json!(["1", "2"]),
            &[
                "[0].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
            ],
        );
    }
    expression(
        "X",
        json!([]),
        &["[0].matchExpressions[0].operator: Invalid value: \"X\": not a valid selector operator"],
    );
    term(
        json!([{ "matchFields": [{ "key": "spec.x", "operator": "In", "values": ["a"] }] }]),
        &["[0].matchFields[0].key: Invalid value: \"spec.x\": not a valid field selector key"],
    );
    term(
        json!([{ "matchFields": [{ "key": "metadata.name", "operator": "In", "values": ["a", "b"] }] }]),
        &[
            "[0].matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        ],
    );
    term(json!([{}]), &[]);
    let preferred = json!({ "nodeAffinity": { "preferredDuringSchedulingIgnoredDuringExecution": [{ "weight": 0, "preference": {} }] } });
    in_template(
        &[("/affinity", preferred)],
        &[
            "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
        ],
    );
}

#[test]
fn section_2_4_node_taints() {
    let taints = |taints: &str, want: &[&str]| {
        let text = format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: a}}\nspec: {{taints: [{taints}]}}\n"
        );
        let problems = manifest::lint(&text).problems;
        let got: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}: {}", problem.field, problem.message))
            .collect();
        assert_eq!(got, want, "{taints}");
    };
    taints(
        "{key: a, effect: NoSchedule}, {key: a, effect: NoExecute}",
        &[],
    );
    taints(
        "{key: a, value: b, effect: NoSchedule}, {key: a, effect: NoSchedule}",
        &[
            "metadata.taints[1]: Duplicate value: {\"Key\":\"a\",\"Value\":\"\",\"Effect\":\"NoSchedule\",\"TimeAdded\":null}: taints must be unique by key and effect pair",
        ],
    );
    taints(
        "{key: 'a b', effect: NoSchedule}",
        &[&format!(
            "metadata.taints[0].key: Invalid value: \"a b\": {NAME_PART}"
        )],
    );
}

#[test]
fn section_2_5_labels_and_selectors() {
    let label = |key: &str, value: &str, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("metadata.labels: {line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        check(&[("/metadata/labels", json!({ key: value }))], &want);
    };
    label("a/b", "", &[]);
    label(
        "b c",
        "d",
        &[&format!("Invalid value: \"b c\": {NAME_PART}")],
    );
    label(
        "",
        "",
        &[
            "Invalid value: \"\": name part must be non-empty",
            &format!("Invalid value: \"\": {NAME_PART}"),
        ],
    );
    let long = "a".repeat(64);
    label(
        &long,
        "",
        &[&format!(
            "Invalid value: \"{long}\": name part must be no more than 63 characters"
        )],
    );
    label(
        "/a",
        "",
        &["Invalid value: \"/a\": prefix part must be non-empty"],
    );
    label(
        "A/a",
        "",
        &[&format!("Invalid value: \"A/a\": prefix part {SUBDOMAIN}")],
    );
    label("a", "b c", &[&format!("Invalid value: \"b c\": {VALUE}")]);
    label(
        "a",
        &long,
        &[&format!(
            "Invalid value: \"{long}\": must be no more than 63 characters"
        )],
    );
    let selector = |expression: Value, want: &[&str]| {
        let want: Vec<String> = want
            .iter()
            .map(|line| format!("spec.selector.matchExpressions[0].{line}"))
            .collect();
        let want: Vec<&str> = want.iter().map(String::as_str).collect();
        let selector = json!({ "matchLabels": { "app": "x" }, "matchExpressions": [expression] });
        check(&[("/spec/selector", selector)], &want);
    };
    selector(
        json!({ "key": "a", "operator": "In" }),
        &["values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    );
    selector(
        json!({ "key": "a", "operator": "DoesNotExist", "values": ["b"] }),
        &["values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
    );
    selector(
        json!({ "key": "a", "operator": "Gt", "values": ["1"] }),
        &["operator: Invalid value: \"Gt\": not a valid selector operator"],
    );
    // Section 12: in selector and template, two lines and no mismatch.
    check(
        &[
            ("/spec/selector/matchLabels/app", json!("b c")),
            ("/spec/template/metadata/labels/app", json!("b c")),
        ],
        &[
            &format!("spec.selector.matchLabels: Invalid value: \"b c\": {VALUE}"),
            &format!("spec.template.labels: Invalid value: \"b c\": {VALUE}"),
        ],
    );
}
