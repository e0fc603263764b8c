//! Deleting an object: at once, after its grace period, or when its finalizers are gone.
//!
//! Models `BeforeDelete`, apiserver `pkg/registry/rest/delete.go`,
//! `deletionFinalizersForGarbageCollection`, apiserver `pkg/registry/generic/registry/store.go`,
//! and `CheckGracefulDelete`, `pkg/registry/core/pod/strategy.go`, v1.34.

use objects::{Name, ObjectMeta, Pod, Timestamp};

use super::ApiError;
use crate::{Cluster, DeleteOptions, Key, Kind, ObjectRef, Propagation, What, due::Due};

/// The garbage collector is to delete the dependents first.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";
/// The garbage collector is to let the dependents go first.
pub(crate) const ORPHAN: &str = "orphan";

/// What a deletion makes of an object's finalizers.
fn finalizers(metadata: &ObjectMeta, propagation: Propagation) -> Vec<String> {
    let ours = |it: &&String| *it != FOREGROUND && *it != ORPHAN;
    let others = metadata.finalizers.iter().filter(ours).cloned();
    let new = match propagation {
        Propagation::Background => None,
        Propagation::Foreground => Some(FOREGROUND.to_owned()),
        Propagation::Orphan => Some(ORPHAN.to_owned()),
    };
    others.chain(new).collect()
}

/// How long a pod has to end, in seconds.
fn grace_period_seconds(pod: &Pod, asked: Option<i64>) -> i64 {
    if pod.spec.node_name.is_empty() || pod.is_terminal() {
        return 0;
    }
    let own = pod.spec.termination_grace_period_seconds;
    match asked.or(own).unwrap_or(0) {
        negative if negative < 0 => 1,
        seconds => seconds,
    }
}

/// Marks an object to go. One that is marked already can only be hurried.
fn mark(metadata: &mut ObjectMeta, now: Timestamp, grace_period_seconds: i64) {
    match (
        metadata.deletion_timestamp,
        metadata.deletion_grace_period_seconds,
    ) {
        (Some(at), Some(before)) => {
            if grace_period_seconds < before {
                let asked_at = at.0.saturating_sub(before);
                let at = asked_at.saturating_add(grace_period_seconds);
                metadata.deletion_timestamp = Some(Timestamp(at));
                metadata.deletion_grace_period_seconds = Some(grace_period_seconds);
            }
        }
        (Some(_), None) => {}
        (None, _) => {
            let at = now.0.saturating_add(grace_period_seconds);
            metadata.deletion_timestamp = Some(Timestamp(at));
            metadata.deletion_grace_period_seconds = Some(grace_period_seconds);
            if metadata.generation > 0 {
                metadata.generation = metadata.generation.saturating_add(1);
            }
        }
    }
}

/// Whether nothing holds an object that is marked to go any longer.
pub(super) fn is_finished(metadata: &ObjectMeta) -> bool {
    metadata.is_being_deleted()
        && metadata.finalizers.is_empty()
        && metadata.deletion_grace_period_seconds.unwrap_or(0) == 0
}

impl Cluster {
    pub(crate) fn delete(
        &mut self,
        object: &ObjectRef,
        options: &DeleteOptions,
    ) -> Result<(What, ObjectRef), ApiError> {
        if !self.has(object) {
            let (kind, name) = (object.kind, object.key.name.clone());
            return Err(ApiError::NotFound { kind, name });
        }
        self.begin_deletion(object, options);
        let what = if self.has(object) {
            What::Deleted
        } else {
            What::Removed
        };
        Ok((what, object.clone()))
    }

    fn begin_deletion(&mut self, object: &ObjectRef, options: &DeleteOptions) {
        let Some(metadata) = self.metadata(object) else {
            return self.remove(object);
        };
        let finalizers = finalizers(metadata, options.propagation);
        let grace_period_seconds = match object.kind {
            Kind::Pod => self.store.pods.get(&object.key).map_or(0, |pod| {
                grace_period_seconds(pod, options.grace_period_seconds)
            }),
            _ => 0,
        };
        if finalizers.is_empty() && grace_period_seconds == 0 {
            return self.remove(object);
        }
        let now = self.timestamp();
        let uid = metadata.uid.clone();
        self.write_metadata(object, |metadata| {
            mark(metadata, now, grace_period_seconds);
            metadata.finalizers = finalizers;
        });
        if options.propagation != Propagation::Background {
            self.soon(Due::GarbageCollect { owner: uid });
        }
    }

    /// Deletes a pod with its own grace period.
    pub(crate) fn delete_pod(&mut self, key: &Key) {
        self.begin_deletion(&ObjectRef::pod(key), &DeleteOptions::default());
    }

    /// Deletes a pod without any grace period.
    pub(crate) fn delete_pod_now(&mut self, key: &Key) {
        let options = DeleteOptions {
            grace_period_seconds: Some(0),
            ..DeleteOptions::default()
        };
        self.begin_deletion(&ObjectRef::pod(key), &options);
    }

    /// Takes a finalizer off an object, which may be the end of it.
    pub(crate) fn remove_finalizer(&mut self, object: &ObjectRef, finalizer: &str) {
        self.write_metadata(object, |metadata| {
            metadata.finalizers.retain(|it| it != finalizer);
        });
        self.remove_if_finished(object);
    }

    /// Removes an object that is marked to go and that nothing holds any longer.
    pub(crate) fn remove_if_finished(&mut self, object: &ObjectRef) {
        if self.metadata(object).is_some_and(is_finished) {
            self.remove(object);
        }
    }

    /// Takes an object out of the store, and tells those who watch.
    fn remove(&mut self, object: &ObjectRef) {
        let key = &object.key;
        match object.kind {
            Kind::Node => self.remove_node(&key.name),
            Kind::DaemonSet => {
                if let Some(gone) = self.store.daemon_sets.remove(key) {
                    self.forget_daemon_set(key);
                    self.owner_gone(gone.metadata.uid.clone());
                }
            }
            Kind::Pod => {
                if let Some(pod) = self.store.take_pod(key) {
                    self.pod_changed(Some(pod), None);
                }
            }
            Kind::ControllerRevision => {
                if let Some(revision) = self.store.controller_revisions.remove(key) {
                    self.enqueue_owner(&revision.metadata);
                    self.dependent_gone(&revision.metadata);
                }
            }
            Kind::Event => drop(self.store.events.remove(key)),
            Kind::Other => {
                if let Some(gone) = self.store.others.remove(&*key.name) {
                    let uid = gone["metadata"]["uid"].as_str().unwrap_or_default();
                    self.owner_gone(Name::from(uid));
                }
            }
        }
    }
}
