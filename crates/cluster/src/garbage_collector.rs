//! The garbage collector: what a deleted DaemonSet has owned goes after it.
//!
//! Models `pkg/controller/garbagecollector/garbagecollector.go`, v1.34, for deletion in the
//! background.

use objects::{Name, ObjectMeta};

use crate::{Actor, Cluster, ObjectRef, Step, What, Why, due::Due, store::key_of};

impl Cluster {
    /// Deletes the next dependent of an owner that is gone.
    pub(crate) fn collect_dependents(&mut self, owner: &Name) -> Option<Step> {
        let owned =
            |metadata: &ObjectMeta| metadata.owner_references.iter().any(|it| it.uid == *owner);
        let named = |metadata: &ObjectMeta| {
            let owner = metadata.owner_references.iter().find(|it| it.uid == *owner);
            owner.map_or_else(String::new, |it| format!("{}/{}", it.kind, it.name))
        };
        let pod = self
            .store
            .pods
            .values()
            .find(|it| owned(&it.metadata) && !it.metadata.is_being_deleted());
        let (what, object, owner_name) = if let Some(pod) = pod.cloned() {
            let key = key_of(&pod.metadata);
            self.delete_pod(&key, None);
            let node = pod.spec.node_name.clone();
            let what = if node.is_empty() {
                What::Removed
            } else {
                What::DeletedPod { node }
            };
            (what, ObjectRef::pod(&key), named(&pod.metadata))
        } else {
            let revisions = &self.store.controller_revisions;
            let revision = revisions.values().find(|it| owned(&it.metadata))?.clone();
            let key = key_of(&revision.metadata);
            self.remove_revision(&key);
            (
                What::Removed,
                ObjectRef::revision(&key),
                named(&revision.metadata),
            )
        };
        self.soon(Due::GarbageCollect {
            owner: owner.clone(),
        });
        self.did(
            Actor::GarbageCollector,
            what,
            object,
            Why::OwnerGone { owner: owner_name },
        )
    }
}
