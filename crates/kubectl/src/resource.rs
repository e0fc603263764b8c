//! Kinds of objects, by the names a person gives them and the names kubectl prints.

use std::borrow::Cow;

use cluster::{Cluster, Kind};
use serde_json::Value;

type Text = Cow<'static, str>;

/// A kind of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub kind: Text,
    pub group: Text,
    pub version: Text,
    pub plural: Text,
    pub namespaced: bool,
}

/// A line: kind, group, version, plural, short names, whether it lies in namespaces.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    bool,
);

const TABLE: [Row; 28] = [
    ("Node", "", "v1", "nodes", &["no"], false),
    ("Pod", "", "v1", "pods", &["po"], true),
    ("DaemonSet", "apps", "v1", "daemonsets", &["ds"], true),
    (
        "ControllerRevision",
        "apps",
        "v1",
        "controllerrevisions",
        &[],
        true,
    ),
    ("Event", "", "v1", "events", &["ev"], true),
    ("Namespace", "", "v1", "namespaces", &["ns"], false),
    (
        "PriorityClass",
        "scheduling.k8s.io",
        "v1",
        "priorityclasses",
        &["pc"],
        false,
    ),
    (
        "PodDisruptionBudget",
        "policy",
        "v1",
        "poddisruptionbudgets",
        &["pdb"],
        true,
    ),
    ("ConfigMap", "", "v1", "configmaps", &["cm"], true),
    ("Secret", "", "v1", "secrets", &[], true),
    ("Service", "", "v1", "services", &["svc"], true),
    ("ServiceAccount", "", "v1", "serviceaccounts", &["sa"], true),
    ("Endpoints", "", "v1", "endpoints", &["ep"], true),
    ("LimitRange", "", "v1", "limitranges", &["limits"], true),
    (
        "ResourceQuota",
        "",
        "v1",
        "resourcequotas",
        &["quota"],
        true,
    ),
    (
        "PersistentVolume",
        "",
        "v1",
        "persistentvolumes",
        &["pv"],
        false,
    ),
    (
        "PersistentVolumeClaim",
        "",
        "v1",
        "persistentvolumeclaims",
        &["pvc"],
        true,
    ),
    (
        "ReplicationController",
        "",
        "v1",
        "replicationcontrollers",
        &["rc"],
        true,
    ),
    ("Deployment", "apps", "v1", "deployments", &["deploy"], true),
    ("ReplicaSet", "apps", "v1", "replicasets", &["rs"], true),
    ("StatefulSet", "apps", "v1", "statefulsets", &["sts"], true),
    ("Job", "batch", "v1", "jobs", &[], true),
    ("CronJob", "batch", "v1", "cronjobs", &["cj"], true),
    (
        "Ingress",
        "networking.k8s.io",
        "v1",
        "ingresses",
        &["ing"],
        true,
    ),
    (
        "ClusterRole",
        "rbac.authorization.k8s.io",
        "v1",
        "clusterroles",
        &[],
        false,
    ),
    (
        "ClusterRoleBinding",
        "rbac.authorization.k8s.io",
        "v1",
        "clusterrolebindings",
        &[],
        false,
    ),
    (
        "StorageClass",
        "storage.k8s.io",
        "v1",
        "storageclasses",
        &["sc"],
        false,
    ),
    (
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        &["crd", "crds"],
        false,
    ),
];

impl Resource {
    fn of_row(&(kind, group, version, plural, _, namespaced): &Row) -> Self {
        Self {
            kind: kind.into(),
            group: group.into(),
            version: version.into(),
            plural: plural.into(),
            namespaced,
        }
    }

    /// By a name that a person gives: `ds`, `daemonset`, `daemonsets.apps`.
    pub fn named(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let (name, group) = match text.split_once('.') {
            Some((name, group)) => (name, Some(group)),
            None => (text.as_str(), None),
        };
        let is_it = |(kind, in_group, version, plural, shorts, _): &&Row| {
            let is_named = *plural == name || kind.to_lowercase() == name || shorts.contains(&name);
            let is_of_group = group.is_none_or(|group| {
                group == *in_group || group.strip_prefix(version) == Some(&format!(".{in_group}"))
            });
            is_named && is_of_group
        };
        TABLE.iter().find(is_it).map(Self::of_row)
    }

    /// By a name that a person gives, also one that a CustomResourceDefinition gives it; or what
    /// kubectl says if there is none.
    pub(crate) fn read(text: &str, cluster: &Cluster) -> Result<Self, String> {
        let lower = text.to_lowercase();
        let (name, group) = lower.split_once('.').unwrap_or((&lower, ""));
        let is_it = |(it, others): &(Self, Vec<String>)| {
            let is_named = it.plural == name
                || it.kind.to_lowercase() == name
                || others.iter().any(|it| it == name);
            is_named && (group.is_empty() || group == it.group)
        };
        Self::named(text)
            .or_else(|| custom(cluster).find(is_it).map(|(it, _)| it))
            .ok_or_else(|| format!("error: the server doesn't have a resource type {name:?}"))
    }

    /// All kinds there are, each with its other names: those of Kubernetes, then those defined.
    pub(crate) fn all(cluster: &Cluster) -> impl Iterator<Item = (Self, Vec<String>)> {
        let known = TABLE.iter().map(|row| {
            let names = row.4.iter().map(|&it| it.to_owned());
            (Self::of_row(row), names.collect())
        });
        known.chain(custom(cluster))
    }

    /// Of an object of that version and kind.
    pub(crate) fn of(api_version: &str, kind: &str, cluster: &Cluster) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let is_it = |row: &&Row| row.0 == kind && row.1 == group;
        if let Some(row) = TABLE.iter().find(is_it) {
            return Self::of_row(row);
        }
        let mut custom = custom(cluster).map(|(it, _)| it);
        let defined = custom.find(|it| it.group == group && it.kind == kind);
        defined.map_or_else(
            || Self {
                kind: Text::Owned(kind.to_owned()),
                group: Text::Owned(group.to_owned()),
                version: Text::Owned(version.to_owned()),
                plural: plural_of(&kind.to_lowercase()).into(),
                namespaced: true,
            },
            |it| Self {
                version: Text::Owned(version.to_owned()),
                ..it
            },
        )
    }

    /// Of objects whose kind no rule reads, by its name alone.
    pub(crate) fn of_other(kind: &str, cluster: &Cluster) -> Self {
        let row = TABLE.iter().find(|row| row.0 == kind);
        let defined = || {
            custom(cluster)
                .find(|(it, _)| it.kind == kind)
                .map(|it| it.0)
        };
        row.map(Self::of_row)
            .or_else(defined)
            .unwrap_or_else(|| Self::of("", kind, cluster))
    }

    /// Of the objects of a kind that the store knows.
    pub(crate) fn of_kind(kind: Kind) -> Self {
        let row = TABLE.iter().find(|row| row.0 == kind.as_str());
        Self::of_row(row.unwrap_or(&TABLE[0]))
    }

    /// How the store keeps its objects.
    pub(crate) fn store_kind(&self) -> Kind {
        match &*self.kind {
            "Node" => Kind::Node,
            "Pod" => Kind::Pod,
            "DaemonSet" => Kind::DaemonSet,
            "ControllerRevision" => Kind::ControllerRevision,
            "Event" => Kind::Event,
            _ => Kind::Other,
        }
    }

    /// `daemonset.apps`.
    pub(crate) fn singular(&self) -> String {
        self.in_group(&self.kind.to_lowercase())
    }

    /// `daemonsets.apps`.
    pub(crate) fn qualified(&self) -> String {
        self.in_group(&self.plural)
    }

    /// `apps/v1`.
    pub(crate) fn api_version(&self) -> String {
        match &*self.group {
            "" => self.version.to_string(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// As a `schema.GroupVersion` prints itself: `apps/v1`, `/v1`.
    pub(crate) fn group_version(&self) -> String {
        format!("{}/{}", self.group, self.version)
    }

    fn in_group(&self, name: &str) -> String {
        match &*self.group {
            "" => name.to_owned(),
            group => format!("{name}.{group}"),
        }
    }
}

/// What CustomResourceDefinitions define, each with its other names.
fn custom(cluster: &Cluster) -> impl Iterator<Item = (Resource, Vec<String>)> {
    let definitions = cluster.store().others_of("CustomResourceDefinition");
    definitions.filter_map(|definition| {
        let spec = &definition["spec"];
        let names = &spec["names"];
        let owned = |value: &Value| value.as_str().map(|it| Text::Owned(it.to_owned()));
        let kind = owned(&names["kind"])?;
        let versions = spec["versions"].as_array();
        let version = versions.and_then(|it| owned(&it.first()?["name"]));
        let resource = Resource {
            group: owned(&spec["group"]).unwrap_or_default(),
            version: version.unwrap_or_default(),
            plural: owned(&names["plural"])
                .unwrap_or_else(|| plural_of(&kind.to_lowercase()).into()),
            namespaced: spec["scope"] != "Cluster",
            kind,
        };
        let short = names["shortNames"].as_array().into_iter().flatten();
        let others = short.chain([&names["singular"]]);
        let others = others.filter_map(|it| Some(it.as_str()?.to_owned()));
        Some((resource, others.collect()))
    })
}

fn plural_of(singular: &str) -> String {
    match singular.chars().last() {
        Some('s' | 'x') => format!("{singular}es"),
        Some('y') => format!("{}ies", singular.trim_end_matches('y')),
        _ => format!("{singular}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_many_names() {
        let check = |text: &str, want: Option<&str>| {
            let got = Resource::named(text).map(|it| it.singular());
            assert_eq!(got.as_deref(), want, "{text}");
        };
        check("ds", Some("daemonset.apps"));
        check("DaemonSets.apps", Some("daemonset.apps"));
        check("daemonset.v1.apps", Some("daemonset.apps"));
        check("daemonset.batch", None);
        check("pdb", Some("poddisruptionbudget.policy"));
        check("no", Some("node"));
        check("widgets", None);
    }
}
