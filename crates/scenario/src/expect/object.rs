//! Expectations about an object's being there.

use cluster::Cluster;
use serde::{Deserialize, Deserializer, de};

use super::key;

/// `KIND/[NAMESPACE/]NAME`, KIND as kubectl takes it.
#[derive(Clone, Debug)]
pub struct ObjectName {
    text: String,
    kind: Kind,
    name: String,
}

#[derive(Clone, Debug)]
enum Kind {
    Node,
    Pod,
    DaemonSet,
    ControllerRevision,
    Event,
    /// As a manifest has it, in small letters.
    Other(String),
}

impl<'de> Deserialize<'de> for ObjectName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (kind, name) = text
            .split_once('/')
            .filter(|(kind, name)| !kind.is_empty() && !name.is_empty())
            .ok_or_else(|| {
                de::Error::custom(format!("expected KIND/[NAMESPACE/]NAME, found {text:?}"))
            })?;
        let kind = match kind.to_lowercase().as_str() {
            "node" | "nodes" | "no" => Kind::Node,
            "pod" | "pods" | "po" => Kind::Pod,
            "daemonset" | "daemonsets" | "ds" | "daemonset.apps" | "daemonsets.apps" => {
                Kind::DaemonSet
            }
            "controllerrevision" | "controllerrevisions" | "controllerrevisions.apps" => {
                Kind::ControllerRevision
            }
            "event" | "events" | "ev" => Kind::Event,
            other => Kind::Other(other.strip_suffix('s').unwrap_or(other).to_owned()),
        };
        let name = name.to_owned();
        Ok(Self { text, kind, name })
    }
}

impl ObjectName {
    pub(super) fn check(&self, cluster: &Cluster, wanted: bool) -> Vec<String> {
        let there = self.is_there(cluster);
        if there == wanted {
            return Vec::new();
        }
        let found = if there { "exists" } else { "does not exist" };
        vec![format!("{} {found}", self.text)]
    }

    fn is_there(&self, cluster: &Cluster) -> bool {
        let store = cluster.store();
        let key = key(&self.name);
        match &self.kind {
            Kind::Node => store.nodes.contains_key(&*self.name),
            Kind::Pod => store.pods.contains_key(&key),
            Kind::DaemonSet => store.daemon_sets.contains_key(&key),
            Kind::ControllerRevision => store.controller_revisions.contains_key(&key),
            Kind::Event => store.events.contains_key(&key),
            Kind::Other(kind) => store.others.values().any(|it| {
                let text = |name: &str| it["metadata"][name].as_str().unwrap_or_default();
                let named = it["kind"].as_str().unwrap_or_default().to_lowercase();
                let namespaced = !text("namespace").is_empty();
                let fits = if namespaced {
                    *key.namespace == *text("namespace") && *key.name == *text("name")
                } else {
                    self.name == text("name")
                };
                // `poddisruptionbudgets` and `pdb` alike.
                let short: String = it["kind"]
                    .as_str()
                    .unwrap_or_default()
                    .chars()
                    .filter(char::is_ascii_uppercase)
                    .collect();
                (named == *kind || short.to_lowercase() == *kind) && fits
            }),
        }
    }
}
