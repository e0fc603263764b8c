//! Field selectors.

use crate::{live::Live, resource::Resource};

/// Fields that must have these values, or must not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldSelector {
    parts: Vec<(String, bool, String)>,
}

impl FieldSelector {
    /// Reads a field selector.
    ///
    /// # Errors
    /// If a part is no comparison.
    pub fn read(text: &str) -> Result<Self, String> {
        let comparison = |part: &str| {
            let signs = [("!=", false), ("==", true), ("=", true)];
            let mut found = signs.iter().filter_map(|&(sign, is_equal)| {
                let (field, value) = part.split_once(sign)?;
                Some((field.trim().to_owned(), is_equal, value.to_owned()))
            });
            found
                .next()
                .ok_or_else(|| format!("invalid selector: '{text}'; can't understand '{part}'"))
        };
        let parts = text.split(',').filter(|part| !part.is_empty());
        Ok(Self {
            parts: parts.map(comparison).collect::<Result<_, String>>()?,
        })
    }

    /// What the API server says of a field by which a kind cannot be selected.
    pub(crate) fn refused(&self, resource: &Resource) -> Option<String> {
        let own: &[&str] = match &*resource.kind {
            "Pod" => &[
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName",
            ],
            "Node" => &["spec.unschedulable"],
            "Event" => &[
                "involvedObject.kind",
                "involvedObject.namespace",
                "involvedObject.name",
                "involvedObject.uid",
                "reason",
                "source",
                "type",
            ],
            _ => &[],
        };
        let is_known = |field: &str| {
            own.contains(&field)
                || field == "metadata.name"
                || (field == "metadata.namespace" && resource.namespaced)
        };
        let (unknown, ..) = self.parts.iter().find(|(field, ..)| !is_known(field))?;
        Some(if resource.group.is_empty() {
            format!("field label not supported: {unknown}")
        } else {
            format!(
                "{unknown:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            )
        })
    }

    pub(crate) fn matches(&self, live: &Live) -> bool {
        self.parts
            .iter()
            .all(|(field, is_equal, value)| (field_of(live, field) == *value) == *is_equal)
    }
}

/// What a field holds, as text.
fn field_of(live: &Live, field: &str) -> String {
    match (live, field) {
        (_, "metadata.name") => live.name().to_owned(),
        (_, "metadata.namespace") => live.namespace().to_owned(),
        (Live::Pod(pod), "spec.nodeName") => pod.spec.node_name.to_string(),
        (Live::Pod(pod), "status.phase") => pod.status.phase.as_str().to_owned(),
        (Live::Pod(pod), "spec.hostNetwork") => pod.spec.host_network.to_string(),
        (Live::Node(node), "spec.unschedulable") => node.spec.unschedulable.to_string(),
        (Live::Event(event), "source") => event.source.component.to_string(),
        _ => {
            let value = live.value();
            let pointer = format!("/{}", field.replace('.', "/"));
            let found = value.pointer(&pointer).and_then(|it| it.as_str());
            found.unwrap_or_default().to_owned()
        }
    }
}
