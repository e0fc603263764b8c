//! Selectors as they are typed: `a=b,c!=d,e in (x,y),!f`, and `spec.nodeName=worker-1`.

use objects::{LabelSelector, labels::LabelSelectorRequirement};

use crate::{live::Live, resource::Resource};

/// Reads a label selector.
///
/// Models `labels.Parse`, apimachinery `pkg/labels/selector.go`, v1.34, but for the words in which
/// it refuses.
///
/// # Errors
/// What is not understood.
pub fn labels(text: &str) -> Result<LabelSelector, String> {
    let mut selector = LabelSelector::default();
    for part in parts(text) {
        let requirement = requirement(part.trim())?;
        if !requirement.is_readable() {
            return Err(format!(
                "unable to parse requirement: invalid label key, operator or value in {:?}",
                part.trim()
            ));
        }
        selector.match_expressions.push(requirement);
    }
    Ok(selector)
}

/// What commas separate that stand in no parentheses.
fn parts(text: &str) -> Vec<&str> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut depth = 0_usize;
    let is_between = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    text.split(is_between).collect()
}

fn requirement(part: &str) -> Result<LabelSelectorRequirement, String> {
    let made = |key: &str, operator: &str, values: Vec<String>| LabelSelectorRequirement {
        key: key.trim().to_owned(),
        operator: operator.to_owned(),
        values,
        ..LabelSelectorRequirement::default()
    };
    let one = |value: &str| vec![value.trim().to_owned()];
    if let Some(key) = part.strip_prefix('!') {
        return Ok(made(key, "DoesNotExist", Vec::new()));
    }
    if let Some((head, values)) = part.split_once('(') {
        let values = values.strip_suffix(')').ok_or_else(|| {
            "unable to parse requirement: found '', expected: ',' or ')'".to_owned()
        })?;
        let values = values.split(',').map(|it| it.trim().to_owned()).collect();
        let mut words = head.split_whitespace();
        return match (words.next(), words.next(), words.next()) {
            (Some(key), Some("in"), None) => Ok(made(key, "In", values)),
            (Some(key), Some("notin"), None) => Ok(made(key, "NotIn", values)),
            (_, found, _) => Err(not_expected(found.unwrap_or("("))),
        };
    }
    for (sign, operator) in [
        ("!=", "NotIn"),
        ("==", "In"),
        ("=", "In"),
        (">", "Gt"),
        ("<", "Lt"),
    ] {
        if let Some((key, value)) = part.split_once(sign) {
            return Ok(made(key, operator, one(value)));
        }
    }
    let mut words = part.split_whitespace();
    match (words.next(), words.next()) {
        (Some(key), None) => Ok(made(key, "Exists", Vec::new())),
        (_, found) => Err(not_expected(found.unwrap_or_default())),
    }
}

fn not_expected(found: &str) -> String {
    format!("unable to parse requirement: found '{found}', expected: in, notin, =, ==, !=, gt, lt")
}

/// Fields that must have these values, or must not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldSelector {
    text: String,
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
            text: text.to_owned(),
            parts: parts.map(comparison).collect::<Result<_, String>>()?,
        })
    }

    /// What the API server says of a field by which a kind cannot be selected.
    pub(crate) fn refused(&self, resource: &Resource, labels: &str) -> Option<String> {
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
        let why = if resource.group.is_empty() {
            format!("field label not supported: {unknown}")
        } else {
            format!(
                "{unknown:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            )
        };
        let group_version = match &*resource.group {
            "" => format!("/{}", resource.version),
            _ => resource.api_version(),
        };
        Some(format!(
            "Error from server (BadRequest): Unable to find \"{group_version}, Resource={}\" that match label selector {labels:?}, field selector {:?}: {why}",
            resource.plural, self.text
        ))
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
        (Live::Event(event), "source") => event.source.component.clone(),
        _ => {
            let value = live.value();
            let pointer = format!("/{}", field.replace('.', "/"));
            let found = value.pointer(&pointer).and_then(|it| it.as_str());
            found.unwrap_or_default().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_selectors_select() {
        let check = |selector: &str, labels_text: &str, want: bool| {
            let labels_of = labels_text.split(',').filter_map(|it| it.split_once('='));
            let labels_of = labels_of.map(|(k, v)| (k.to_owned(), v.to_owned()));
            let got = labels(selector).unwrap().matches(&labels_of.collect());
            assert_eq!(got, want, "{selector} {labels_text}");
        };
        check("", "", true);
        check("a=b,c!=d", "a=b", true);
        check("a==b, c!=d", "a=b,c=d", false);
        check("a in (x, y),!f", "a=y", true);
        check("a in (x,y),!f", "a=y,f=", false);
        check("a notin (x)", "", true);
        check("a", "a=", true);
        check("a=", "a=", true);
        check("a>3", "a=4", true);
        for bad in ["a b", "a in (x", "a of (x)", "a=b=c", "-a"] {
            assert!(labels(bad).is_err(), "{bad}");
        }
    }
}
