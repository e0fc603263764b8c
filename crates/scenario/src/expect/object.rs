//! `exists` and `absent`: whether an object is there.

use std::fmt;

use cluster::{Cluster, Key, Store};
use objects::FieldPath;
use serde_json::Value;

use crate::{
    kind::{self, KnownKind},
    read::{Read, Wrong},
};

/// Whether an object must be there, or must not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ObjectExpect {
    pub(crate) object: ObjectName,
    pub(crate) is_there: bool,
}

/// `KIND/[NS/]NAME`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ObjectName {
    pub(crate) kind: &'static KnownKind,
    /// Empty where the kind has none.
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl ObjectExpect {
    pub(crate) fn check(&self, cluster: &Cluster, wrong: &mut Vec<String>) {
        if self.object.is_in(cluster.store()) != self.is_there {
            let (expected, found) = match self.is_there {
                true => ("to exist", "it does not exist"),
                false => ("not to exist", "it exists"),
            };
            wrong.push(format!("{}: expected {expected}, {found}", self.object));
        }
    }
}

impl ObjectName {
    fn is_in(&self, store: &Store) -> bool {
        let key = Key::new(&self.namespace, &self.name);
        match self.kind.kind {
            "Node" => store.nodes.contains_key(&key.name),
            "Pod" => store.pods.contains_key(&key),
            "DaemonSet" => store.daemon_sets.contains_key(&key),
            "ControllerRevision" => store.controller_revisions.contains_key(&key),
            "Event" => store.events.contains_key(&key),
            other => {
                // What brought no namespace is kept without one.
                let bare = self.namespace == DEFAULT_NAMESPACE
                    && store.other(other, "", &self.name).is_some();
                bare || store.other(other, &self.namespace, &self.name).is_some()
            }
        }
    }
}

const DEFAULT_NAMESPACE: &str = "default";

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.kind.kind)?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}

/// Reads `KIND/[NS/]NAME`.
pub(super) fn parse(text: &str) -> Result<ObjectName, String> {
    let parts: Vec<&str> = text.split('/').collect();
    let (kind, namespace, name) = match parts[..] {
        [kind, name] => (kind, None, name),
        [kind, namespace, name] => (kind, Some(namespace), name),
        _ => return Err(format!("expected KIND/[NAMESPACE/]NAME, found {text:?}")),
    };
    let kind = kind::known(kind)?;
    if name.is_empty() || namespace.is_some_and(str::is_empty) {
        return Err(format!("expected KIND/[NAMESPACE/]NAME, found {text:?}"));
    }
    let namespace = match (kind.is_namespaced, namespace) {
        (true, namespace) => namespace.unwrap_or(DEFAULT_NAMESPACE),
        (false, None) => "",
        (false, Some(_)) => {
            return Err(format!(
                "a {} has no namespace: write {}/{name}",
                kind.kind, kind.kind
            ));
        }
    };
    Ok(ObjectName {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    })
}

impl Read for ObjectName {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let text = String::read(value, at)?;
        let object = parse(&text).map_err(|message| Wrong::new(at, message))?;
        if object.name.contains('*') {
            let message = format!("{text:?} is no name of one object; PREFIX* is for `event`");
            return Err(Wrong::new(at, message));
        }
        Ok(object)
    }
}

/// The key of `[NS/]NAME`.
pub(super) fn key(text: &str, at: &FieldPath) -> Result<Key, Wrong> {
    let (namespace, name) = text.split_once('/').unwrap_or((DEFAULT_NAMESPACE, text));
    if namespace.is_empty() || name.is_empty() || name.contains('/') {
        return Err(Wrong::new(
            at,
            format!("expected [NAMESPACE/]NAME, found {text:?}"),
        ));
    }
    Ok(Key::new(namespace, name))
}

#[cfg(test)]
mod tests {
    use crate::testing::{ROLLED_OUT, check_all};

    #[test]
    fn objects_are_there_or_not() {
        check_all(
            ROLLED_OUT,
            &[
                ("{exists: DaemonSet/agent}", ""),
                ("{exists: ds/default/agent}", ""),
                ("{exists: daemonsets.apps/agent}", ""),
                ("{exists: node/gpu-1}", ""),
                ("{absent: no/gpu-2}", ""),
                ("{absent: pod/agent}", ""),
                ("{absent: cm/settings}", ""),
                ("{absent: event/x}", ""),
                ("{absent: controllerrevision/x}", ""),
                (
                    "{exists: po/kube-system/agent}",
                    "Pod/kube-system/agent: expected to exist, it does not exist",
                ),
                (
                    "{absent: DaemonSet/agent}",
                    "DaemonSet/default/agent: expected not to exist, it exists",
                ),
                (
                    "{exists: node/x}",
                    "Node/x: expected to exist, it does not exist",
                ),
            ],
        );
    }
}
