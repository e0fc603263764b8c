//! The pod that is made from a template.

use std::rc::Rc;

use objects::{
    Affinity, DaemonSet, Labels, NodeAffinity, NodeSelector, ObjectMeta, OwnerReference, Pod,
    PodTemplateSpec, controller_revision::HASH_LABEL,
};

use crate::{daemon_pods::POD_TEMPLATE_GENERATION, tolerations::tolerations};

/// The pod for a node. Its name is the API server's to complete, from `generateName`.
///
/// Models `CreatePodTemplate` and `syncNodes`, `pkg/controller/daemon`, and `GetPodFromTemplate`,
/// `pkg/controller/controller_utils.go`, v1.34.
pub fn pod(daemon_set: &DaemonSet, node: &str, hash: &str) -> Pod {
    let template = &daemon_set.spec.template;
    let mut labels = template.metadata.labels.clone();
    if let Some(generation) = daemon_set.template_generation() {
        labels.insert(POD_TEMPLATE_GENERATION.into(), generation.to_string());
    }
    if !hash.is_empty() {
        labels.insert(HASH_LABEL.into(), hash.to_owned());
    }
    let mut spec = template.spec.clone();
    spec.tolerations = Rc::new(tolerations(daemon_set));
    spec.affinity = Some(Rc::new(pinned(spec.affinity.as_deref(), node)));
    Pod {
        metadata: ObjectMeta {
            annotations: template.metadata.annotations.clone(),
            finalizers: template.metadata.finalizers.clone(),
            generate_name: format!("{}-", daemon_set.metadata.name),
            labels,
            namespace: daemon_set.metadata.namespace.clone(),
            owner_references: vec![owner_reference(daemon_set)],
            ..ObjectMeta::default()
        },
        spec,
        ..Pod::default()
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
pub fn revision_labels(template: &PodTemplateSpec, hash: &str) -> Labels {
    let mut labels = template.metadata.labels.clone();
    labels.insert(HASH_LABEL.into(), hash.to_owned());
    labels
}
