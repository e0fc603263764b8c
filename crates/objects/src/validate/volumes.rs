//! Volumes and where they are mounted.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Errors, names};
use crate::{Container, FieldPath, Fields};

/// The kinds of volumes, in the order in which upstream asks for them.
const SOURCES: [&str; 29] = [
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "azureFile",
    "configMap",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// The names of the volumes that are sound; a volume with any error is unknown to its mounts.
///
/// Models `ValidateVolumes`, `pkg/apis/core/validation/validation.go`, v1.34.
pub(super) fn volumes<'a>(
    errors: &mut Errors,
    at: &FieldPath,
    volumes: Option<&'a Value>,
) -> BTreeSet<&'a str> {
    let mut sound = BTreeSet::new();
    let list = volumes.and_then(Value::as_array).into_iter().flatten();
    for (i, volume) in list.enumerate() {
        let n_before = errors.0.len();
        let at = at.index(i);
        if let Value::Object(fields) = volume {
            source(errors, &at, fields);
        }
        let at = at.child("name");
        let name = volume["name"].as_str().unwrap_or_default();
        if name.is_empty() {
            errors.required(&at, "");
        } else {
            errors.all_invalid(&at, &json!(name), names::dns_label(name));
        }
        if sound.contains(name) {
            errors.duplicate(&at, &json!(name));
        }
        if errors.0.len() == n_before {
            sound.insert(name);
        }
    }
    sound
}

/// Models `validateVolumeSource`, the same file: of the kinds that daemons use all fields, of the
/// others that there is only one.
fn source(errors: &mut Errors, at: &FieldPath, volume: &Fields) {
    let mut given = SOURCES
        .into_iter()
        .filter(|kind| volume.contains_key(*kind));
    let Some(first) = given.next() else {
        errors.required(at, "must specify a volume type");
        return;
    };
    let (kind, fields) = (at.child(first), &volume[first]);
    match first {
        "hostPath" => host_path(errors, &kind, fields),
        "secret" => {
            required(errors, &kind, fields, "secretName");
            files(errors, &kind, fields);
        }
        "configMap" => {
            required(errors, &kind, fields, "name");
            files(errors, &kind, fields);
        }
        "persistentVolumeClaim" => required(errors, &kind, fields, "claimName"),
        "csi" => required(errors, &kind, fields, "driver"),
        "nfs" => {
            required(errors, &kind, fields, "server");
            required(errors, &kind, fields, "path");
        }
        _ => {}
    }
    for kind in given {
        errors.forbidden(&at.child(kind), "may not specify more than 1 volume type");
    }
}

fn required(errors: &mut Errors, at: &FieldPath, fields: &Value, name: &str) {
    if fields[name].as_str().is_none_or(str::is_empty) {
        errors.required(&at.child(name), "");
    }
}

/// Models `validateHostPathVolumeSource` and `validateHostPathType`, the same file.
fn host_path(errors: &mut Errors, at: &FieldPath, fields: &Value) {
    let path = fields["path"].as_str().unwrap_or_default();
    if path.is_empty() {
        errors.required(&at.child("path"), "");
        return;
    }
    no_backsteps(errors, &at.child("path"), path);
    let types = [
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    let type_ = fields["type"].as_str().unwrap_or_default();
    if !types.contains(&type_) {
        errors.unsupported(&at.child("type"), &json!(type_), &types);
    }
}

fn no_backsteps(errors: &mut Errors, at: &FieldPath, path: &str) {
    if path.split('/').any(|part| part == "..") {
        errors.invalid(at, &json!(path), "must not contain '..'");
    }
}

/// Modes and keys of a secret or config map.
fn files(errors: &mut Errors, at: &FieldPath, fields: &Value) {
    let mode = |errors: &mut Errors, at: FieldPath, mode: &Value| {
        if mode
            .as_i64()
            .is_some_and(|mode| !(0..=0o777).contains(&mode))
        {
            let rule = "must be a number between 0 and 0777 (octal), both inclusive";
            errors.invalid(&at, mode, rule);
        }
    };
    mode(errors, at.child("defaultMode"), &fields["defaultMode"]);
    let items = fields["items"].as_array().into_iter().flatten();
    for (i, item) in items.enumerate() {
        let at = at.child("items").index(i);
        required(errors, &at, item, "key");
        required(errors, &at, item, "path");
        no_backsteps(
            errors,
            &at.child("path"),
            item["path"].as_str().unwrap_or_default(),
        );
        mode(errors, at.child("mode"), &item["mode"]);
    }
}

/// Models `ValidateVolumeMounts`, the same file.
pub(super) fn mounts(
    errors: &mut Errors,
    at: &FieldPath,
    container: &Container,
    volumes: &BTreeSet<&str>,
) {
    let mut paths = BTreeSet::new();
    let mounts = container.rest.get("volumeMounts").and_then(Value::as_array);
    for (i, mount) in mounts.into_iter().flatten().enumerate() {
        let at = at.index(i);
        match mount["name"].as_str().unwrap_or_default() {
            "" => errors.required(&at.child("name"), ""),
            name if !volumes.contains(name) => errors.not_found(&at.child("name"), name),
            _ => {}
        }
        let path = mount["mountPath"].as_str().unwrap_or_default();
        if path.is_empty() {
            errors.required(&at.child("mountPath"), "");
        }
        if !paths.insert(path) {
            errors.invalid(&at.child("mountPath"), &json!(path), "must be unique");
        }
        let inner = mount["subPath"].as_str().unwrap_or_default();
        if inner.starts_with('/') {
            errors.invalid(
                &at.child("subPath"),
                &json!(inner),
                "must be a relative path",
            );
        }
        no_backsteps(errors, &at.child("subPath"), inner);
        propagation(errors, &at.child("mountPropagation"), mount, container);
    }
}

/// Models `validateMountPropagation`, the same file.
fn propagation(errors: &mut Errors, at: &FieldPath, mount: &Value, container: &Container) {
    let known = ["Bidirectional", "HostToContainer", "None"];
    let Some(propagation) = mount["mountPropagation"].as_str() else {
        return;
    };
    let security = container.rest.get("securityContext");
    let is_privileged = security.is_some_and(|it| it["privileged"] == true);
    if !known.contains(&propagation) {
        errors.unsupported(at, &json!(propagation), &known);
    } else if propagation == "Bidirectional" && !is_privileged {
        errors.forbidden(
            at,
            "Bidirectional mount propagation is available only to privileged containers",
        );
    }
}
