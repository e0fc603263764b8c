//! The pod that is made from a template.

use objects::{
    Affinity, DaemonSet, Labels, NodeAffinity, NodeSelector, ObjectMeta, OwnerReference, Pod,
    PodTemplateSpec, Shared, controller_revision::HASH_LABEL,
};

use crate::{daemon_pods::POD_TEMPLATE_GENERATION, tolerations::tolerations};

/// What the pods of one template have in common. It is made once, so that they also share it in
/// memory.
///
/// Models `CreatePodTemplate` and `syncNodes`, `pkg/controller/daemon`, and `GetPodFromTemplate`,
/// `pkg/controller/controller_utils.go`, v1.34.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    template: Shared<PodTemplateSpec>,
    owner: OwnerReference,
    hash: String,
    template_generation: Option<i64>,
    pod: Pod,
}

impl Pattern {
    /// Of the template that a DaemonSet has now, and its hash; none is no label.
    pub fn new(daemon_set: &DaemonSet, hash: &str) -> Self {
        let template = &daemon_set.spec.template;
        let template_generation = daemon_set.template_generation();
        let mut labels = template.metadata.labels.clone();
        if let Some(generation) = template_generation {
            labels.insert(POD_TEMPLATE_GENERATION.into(), generation.to_string());
        }
        if !hash.is_empty() {
            labels.insert(HASH_LABEL.into(), hash.to_owned());
        }
        let owner = owner_reference(daemon_set);
        let mut spec = template.spec.clone();
        spec.tolerations = tolerations(daemon_set).into();
        let metadata = ObjectMeta {
            annotations: template.metadata.annotations.clone(),
            finalizers: template.metadata.finalizers.clone(),
            generate_name: format!("{}-", daemon_set.metadata.name).into(),
            labels,
            namespace: daemon_set.metadata.namespace.clone(),
            owner_references: vec![owner.clone()].into(),
            ..ObjectMeta::default()
        };
        Self {
            template: template.clone(),
            owner,
            hash: hash.to_owned(),
            template_generation,
            pod: Pod {
                metadata,
                spec,
                ..Pod::default()
            },
        }
    }

    /// With what is done to every one of its pods alike, done once for all.
    pub fn prepared(mut self, prepare: impl FnOnce(&mut Pod)) -> Self {
        prepare(&mut self.pod);
        self
    }

    /// Whether a new one would be the same.
    pub fn is_of(&self, daemon_set: &DaemonSet, hash: &str) -> bool {
        self.hash == hash
            && self.template_generation == daemon_set.template_generation()
            && self.template == daemon_set.spec.template
            && self.owner.uid == daemon_set.metadata.uid
    }

    /// The pod for a node. Its name is the API server's to complete, from `generateName`.
    pub fn pod(&self, node: &str) -> Pod {
        let mut pod = self.pod.clone();
        pod.spec.affinity = Some(pinned(pod.spec.affinity.as_deref(), node).into());
        pod
    }
}

/// The template's affinity, but required to be on this node and no other.
fn pinned(affinity: Option<&Affinity>, node: &str) -> Affinity {
    let mut affinity = affinity.cloned().unwrap_or_default();
    let node_affinity = affinity
        .node_affinity
        .get_or_insert_with(NodeAffinity::default);
    node_affinity.required = Some(NodeSelector::pin(node));
    affinity
}

/// What ties a pod or a revision to its DaemonSet.
pub fn owner_reference(daemon_set: &DaemonSet) -> OwnerReference {
    OwnerReference {
        api_version: "apps/v1".into(),
        block_owner_deletion: Some(true),
        controller: Some(true),
        kind: "DaemonSet".into(),
        name: daemon_set.metadata.name.clone(),
        uid: daemon_set.metadata.uid.clone(),
        ..OwnerReference::default()
    }
}

/// The labels of a revision: the template's and the hash.
pub fn revision_labels(template: &PodTemplateSpec, hash: &str) -> Shared<Labels> {
    let mut labels = template.metadata.labels.clone();
    labels.insert(HASH_LABEL.into(), hash.to_owned());
    labels
}
