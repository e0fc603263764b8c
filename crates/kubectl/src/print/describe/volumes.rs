//! The volumes of a pod: those kinds that daemons use.

use serde_json::Value;

use super::{Text, Within, flag, items, scalar};

/// Models `describeVolumes`.
pub(super) fn describe(text: &mut Text, within: Within, volumes: &[Value]) {
    if volumes.is_empty() {
        return text.line(within.level(), "Volumes:\t<none>");
    }
    text.line(within.level(), "Volumes:");
    for volume in volumes {
        within.name(text, &scalar(&volume["name"]));
        match source(volume) {
            Some(lines) => lines.iter().for_each(|it| text.line(2, it)),
            None => text.line(1, "<unknown>"),
        }
    }
}

fn source(volume: &Value) -> Option<Vec<String>> {
    let of = |kind: &str| volume.get(kind).filter(|it| it.is_object());
    let line = |title: &str, value: &Value| format!("{title}:\t{}", scalar(value));
    let yes_or_no = |title: &str, value: &Value| format!("{title}:\t{}", flag(value));
    Some(if let Some(it) = of("hostPath") {
        vec![
            "Type:\tHostPath (bare host directory volume)".to_owned(),
            line("Path", &it["path"]),
            match it.get("type") {
                None => "HostPathType:\t<none>".to_owned(),
                Some(type_) => line("HostPathType", type_),
            },
        ]
    } else if let Some(it) = of("emptyDir") {
        let limit = match &it["sizeLimit"] {
            Value::Null => "<unset>".to_owned(),
            limit => scalar(limit),
        };
        vec![
            "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)".to_owned(),
            line("Medium", &it["medium"]),
            format!("SizeLimit:\t{limit}"),
        ]
    } else if let Some(it) = of("secret") {
        vec![
            "Type:\tSecret (a volume populated by a Secret)".to_owned(),
            line("SecretName", &it["secretName"]),
            yes_or_no("Optional", &it["optional"]),
        ]
    } else if let Some(it) = of("configMap") {
        vec![
            "Type:\tConfigMap (a volume populated by a ConfigMap)".to_owned(),
            line("Name", &it["name"]),
            yes_or_no("Optional", &it["optional"]),
        ]
    } else if let Some(it) = of("nfs") {
        vec![
            "Type:\tNFS (an NFS mount that lasts the lifetime of a pod)".to_owned(),
            line("Server", &it["server"]),
            line("Path", &it["path"]),
            yes_or_no("ReadOnly", &it["readOnly"]),
        ]
    } else if let Some(it) = of("persistentVolumeClaim") {
        vec![
            "Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)".to_owned(),
            line("ClaimName", &it["claimName"]),
            yes_or_no("ReadOnly", &it["readOnly"]),
        ]
    } else if let Some(it) = of("downwardAPI") {
        let mut lines = vec![
            "Type:\tDownwardAPI (a volume populated by information about the pod)".to_owned(),
            "Items:".to_owned(),
        ];
        lines.extend(items(it.get("items")).iter().map(|item| {
            let field = &item["fieldRef"]["fieldPath"];
            let from = match field {
                Value::Null => &item["resourceFieldRef"]["resource"],
                field => field,
            };
            format!("  {} -> {}", scalar(from), scalar(&item["path"]))
        }));
        lines
    } else if let Some(it) = of("projected") {
        let mut lines = vec![
            "Type:\tProjected (a volume that contains injected data from multiple sources)"
                .to_owned(),
        ];
        let sources = items(it.get("sources")).iter();
        lines.extend(sources.flat_map(projected));
        lines
    } else if let Some(it) = of("csi") {
        let attributes = it["volumeAttributes"].as_object();
        let attributes = attributes.into_iter().flatten();
        let attributes = attributes.map(|(key, value)| format!("{key}={}", scalar(value)));
        let attributes: Vec<String> = attributes.collect();
        let mut lines = vec![
            "Type:\tCSI (a Container Storage Interface (CSI) volume source)".to_owned(),
            line("Driver", &it["driver"]),
            line("FSType", &it["fsType"]),
            yes_or_no("ReadOnly", &it["readOnly"]),
        ];
        let first = attributes.first().map_or("<none>", String::as_str);
        lines.push(format!("VolumeAttributes:\t{first}"));
        lines.extend(attributes.iter().skip(1).map(|it| format!("\t{it}")));
        lines
    } else {
        return None;
    })
}

fn projected(source: &Value) -> Vec<String> {
    let of = |kind: &str| source.get(kind).filter(|it| it.is_object());
    if let Some(it) = of("secret") {
        vec![
            format!("SecretName:\t{}", scalar(&it["name"])),
            format!("Optional:\t{}", flag(&it["optional"])),
        ]
    } else if of("downwardAPI").is_some() {
        vec!["DownwardAPI:\ttrue".to_owned()]
    } else if let Some(it) = of("configMap") {
        vec![
            format!("ConfigMapName:\t{}", scalar(&it["name"])),
            format!("Optional:\t{}", flag(&it["optional"])),
        ]
    } else if let Some(it) = of("serviceAccountToken") {
        let seconds = scalar(&it["expirationSeconds"]);
        vec![format!("TokenExpirationSeconds:\t{seconds}")]
    } else {
        Vec::new()
    }
}
