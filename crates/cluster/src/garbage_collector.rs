//! The garbage collector: what becomes of the objects that a deleted one owns.
//!
//! Models `attemptToDeleteItem`, `processDeletingDependentsItem` and `attemptToOrphanWorker`,
//! `pkg/controller/garbagecollector/garbagecollector.go`, v1.34. It looks at an owner when that
//! goes or is to go, and at a dependent when it is created; an owner that never was here, as a
//! partial dump of a cluster may name one, is taken on trust.

use std::collections::{BTreeMap, VecDeque};

use objects::{Name, ObjectMeta, OwnerReference};
use serde::Serialize;

use crate::{
    Actor, Cluster, DeleteOptions, Kind, ObjectRef, Step, What, Why,
    api_server::deletion::{FOREGROUND, ORPHAN},
    due::Due,
    store::key_of,
};

/// What the garbage collector remembers: the dependents it has still to look at, by owner.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GarbageCollector {
    dependents: BTreeMap<Name, VecDeque<ObjectRef>>,
}

/// What the garbage collector does about an owner.
#[derive(Clone, Copy, PartialEq)]
enum Policy {
    /// It is gone: its dependents are deleted.
    Gone,
    /// It waits for its dependents to go.
    Foreground,
    /// It waits for its dependents to be let go.
    Orphan,
}

fn owners<'a>(
    metadata: &'a ObjectMeta,
    owner: &'a Name,
) -> impl Iterator<Item = &'a OwnerReference> {
    let references = metadata.owner_references.iter();
    references.filter(move |it| it.uid == *owner)
}

impl Cluster {
    /// An object is gone: what it owned, if anything, is looked at.
    pub(crate) fn owner_gone(&mut self, owner: Name) {
        if !owner.is_empty() {
            self.soon(Due::GarbageCollect { owner });
        }
    }

    /// An object is gone: an owner may have waited for that.
    pub(crate) fn dependent_gone(&mut self, metadata: &ObjectMeta) {
        for reference in &*metadata.owner_references {
            if self
                .daemon_set_of_uid(&reference.uid)
                .is_some_and(|(_, policy)| policy == Policy::Foreground)
            {
                self.soon(Due::GarbageCollect {
                    owner: reference.uid.clone(),
                });
            }
        }
    }

    /// A new object names an owner: it must be there.
    pub(crate) fn check_owners(&mut self, metadata: &ObjectMeta) {
        for reference in &*metadata.owner_references {
            let modelled = reference.kind == "DaemonSet";
            if modelled && self.policy(&reference.uid) == Some(Policy::Gone) {
                self.owner_gone(reference.uid.clone());
            }
        }
    }

    /// The DaemonSet of a uid that waits for its dependents, and what for.
    fn daemon_set_of_uid(&self, uid: &Name) -> Option<(ObjectRef, Policy)> {
        let mut daemon_sets = self.store.daemon_sets.values();
        let metadata = &daemon_sets.find(|it| it.metadata.uid == *uid)?.metadata;
        let has = |finalizer: &str| metadata.finalizers.iter().any(|it| it == finalizer);
        let policy = if !metadata.is_being_deleted() {
            return None;
        } else if has(ORPHAN) {
            Policy::Orphan
        } else if has(FOREGROUND) {
            Policy::Foreground
        } else {
            return None;
        };
        Some((ObjectRef::daemon_set(&key_of(metadata)), policy))
    }

    /// What is to be done about what an owner owns, if anything.
    fn policy(&self, owner: &Name) -> Option<Policy> {
        if let Some((_, policy)) = self.daemon_set_of_uid(owner) {
            return Some(policy);
        }
        let there = self.exists_uid(owner);
        (!there).then_some(Policy::Gone)
    }

    fn exists_uid(&self, uid: &Name) -> bool {
        let mut daemon_sets = self.store.daemon_sets.values();
        let mut others = self.store.others.values();
        daemon_sets.any(|it| it.metadata.uid == *uid)
            || others.any(|it| it["metadata"]["uid"].as_str() == Some(uid))
    }

    fn dependents(&self, owner: &Name) -> VecDeque<ObjectRef> {
        let owned = |metadata: &ObjectMeta| owners(metadata, owner).next().is_some();
        let pods = self.store.pods.iter();
        let pods = pods.filter(|(_, pod)| owned(&pod.metadata));
        let revisions = self.store.controller_revisions.iter();
        let revisions = revisions.filter(|(_, revision)| owned(&revision.metadata));
        pods.map(|(key, _)| ObjectRef::pod(key))
            .chain(revisions.map(|(key, _)| ObjectRef::revision(key)))
            .collect()
    }

    /// Looks at the next dependent of an owner.
    pub(crate) fn collect_dependents(&mut self, owner: &Name) -> Option<Step> {
        let policy = self.policy(owner)?;
        let mut waiting = match self.garbage_collector.dependents.remove(owner) {
            Some(waiting) => waiting,
            None => self.dependents(owner),
        };
        while let Some(object) = waiting.pop_front() {
            if let Some(step) = self.collect(&object, owner, policy) {
                self.garbage_collector
                    .dependents
                    .insert(owner.clone(), waiting);
                self.soon(Due::GarbageCollect {
                    owner: owner.clone(),
                });
                return Some(step);
            }
        }
        self.finish_owner(owner, policy)
    }

    /// Deletes a dependent, or takes the reference to the owner off it. `None`: it is as it
    /// should be.
    fn collect(&mut self, object: &ObjectRef, owner: &Name, policy: Policy) -> Option<Step> {
        let metadata = self.metadata(object)?;
        let reference = owners(metadata, owner).next()?;
        let name = format!("{}/{}", reference.kind, reference.name);
        let others = metadata
            .owner_references
            .iter()
            .filter(|it| it.uid != *owner);
        let held = others
            .map(|it| &it.uid)
            .any(|other| self.exists_uid(other) && self.daemon_set_of_uid(other).is_none());
        if policy == Policy::Orphan || held {
            let owner = owner.clone();
            self.write_metadata(object, |metadata| {
                metadata.owner_references.retain(|it| it.uid != owner);
            });
            let why = match policy {
                Policy::Orphan => Why::Orphaned { owner: name },
                _ => Why::OwnerGone { owner: name },
            };
            let what = What::Released;
            return self.did(Actor::GarbageCollector, what, object.clone(), why);
        }
        if metadata.is_being_deleted() {
            return None;
        }
        let node = match object.kind {
            Kind::Pod => self.store.pods.get(&object.key)?.spec.node_name.clone(),
            _ => Name::default(),
        };
        let (deleted, object) = self.delete(object, &DeleteOptions::default()).ok()?;
        let what = match deleted {
            What::Deleted if !node.is_empty() => What::DeletedPod { node },
            other => other,
        };
        let why = match policy {
            Policy::Foreground => Why::OwnerWaits { owner: name },
            _ => Why::OwnerGone { owner: name },
        };
        self.did(Actor::GarbageCollector, what, object, why)
    }

    /// All dependents have been looked at: an owner that need not wait any longer goes.
    fn finish_owner(&mut self, owner: &Name, policy: Policy) -> Option<Step> {
        let (object, _) = self.daemon_set_of_uid(owner)?;
        let finalizer = match policy {
            Policy::Gone => return None,
            Policy::Orphan => ORPHAN,
            Policy::Foreground if self.is_blocked(owner) => return None,
            Policy::Foreground => FOREGROUND,
        };
        self.remove_finalizer(&object, finalizer);
        let what = if self.has(&object) {
            What::Changed
        } else {
            What::Removed
        };
        let why = Why::NoDependentsLeft;
        self.did(Actor::GarbageCollector, what, object, why)
    }

    /// Whether a dependent is there that the owner is to outlive.
    fn is_blocked(&self, owner: &Name) -> bool {
        let blocks = |metadata: &ObjectMeta| {
            owners(metadata, owner).any(|it| it.block_owner_deletion == Some(true))
        };
        let store = &self.store;
        store.pods.values().any(|it| blocks(&it.metadata))
            || store
                .controller_revisions
                .values()
                .any(|it| blocks(&it.metadata))
    }
}
