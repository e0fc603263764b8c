//! Expectations about Events.

use cluster::Cluster;
use objects::Event;
use serde::Deserialize;

use super::Number;

/// How often something was said. Without `object`, of all objects in all namespaces.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventExpect {
    object: Option<String>,
    #[serde(rename = "type")]
    type_: Option<String>,
    reason: Option<String>,
    message: Option<String>,
    count: Option<Number>,
}

/// Whether a kind as kubectl takes it is the kind of a manifest.
fn is_kind(kubectl: &str, kind: &str) -> bool {
    let kubectl = kubectl.to_lowercase();
    let short = match kind {
        "Pod" => "po",
        "Node" => "no",
        "DaemonSet" => "ds",
        _ => "",
    };
    let kind = kind.to_lowercase();
    kubectl == kind || kubectl.strip_suffix('s') == Some(&kind) || kubectl == short
}

impl EventExpect {
    pub(super) fn check(&self, cluster: &Cluster) -> Vec<String> {
        let events = cluster.store().events.values();
        let found = events.filter(|it| self.fits(it)).map(|it| it.count).sum();
        let number = self.count.clone().unwrap_or(Number::AtLeast(1));
        let mut wrong = Vec::new();
        number.check("event count", found, &mut wrong);
        wrong
    }

    fn fits(&self, event: &Event) -> bool {
        let is =
            |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|it| it == found);
        self.object.as_ref().is_none_or(|it| is_about(event, it))
            && is(&self.type_, event.type_.as_str())
            && is(&self.reason, &event.reason)
            && self
                .message
                .as_ref()
                .is_none_or(|it| event.message.contains(it.as_str()))
    }
}

/// `KIND/[NAMESPACE/]NAME`, where the name may end with `*`.
fn is_about(event: &Event, object: &str) -> bool {
    let involved = &event.involved_object;
    let (kind, name) = object.split_once('/').unwrap_or((object, "*"));
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    let name_fits = match name.strip_suffix('*') {
        Some(prefix) => involved.name.starts_with(prefix),
        None => *involved.name == *name,
    };
    let namespace = match &*involved.namespace {
        // Nodes have none.
        "" => "",
        _ => namespace.unwrap_or("default"),
    };
    is_kind(kind, &involved.kind) && *involved.namespace == *namespace && name_fits
}
