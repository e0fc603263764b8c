//! What is to be seen, derived from the model. No browser in here either.
//!
//! [`nodes`] are the cards, [`field`] is what many nodes are drawn as, [`sentence`] says what a step
//! did, [`explanation`] why, [`status`] and [`chart`] count, [`marks`] lie along the timeline,
//! [`preview`] tells what an edit would do, [`revisions`] and [`diff`] what was before, [`events`]
//! what components say, [`markdown`] is the text of lessons.

pub mod chart;
pub mod completion;
pub mod dialog;
pub mod diff;
pub mod editor;
pub mod events;
pub mod explanation;
pub mod field;
pub mod figure;
pub mod head;
pub mod lesson;
pub mod markdown;
pub mod marks;
pub mod nodes;
pub mod preview;
pub mod revisions;
pub mod sentence;
pub mod side;
pub mod status;
pub mod transport;
pub mod yaml;

use std::collections::BTreeMap;

use cluster::Cluster;
use objects::{Name, Pod};

/// The hash of each DaemonSet's current revision, and the numbers of all of them, by its uid: asked
/// once for all pods.
pub(crate) struct Revisions {
    by_uid: BTreeMap<Name, OfDaemonSet>,
}

struct OfDaemonSet {
    current: String,
    numbers: BTreeMap<String, i64>,
}

impl Revisions {
    pub(crate) fn of(cluster: &Cluster) -> Self {
        let store = cluster.store();
        let mut by_uid = BTreeMap::new();
        for daemon_set in store.daemon_sets.values() {
            let uid = &daemon_set.metadata.uid;
            let all = store.revisions_in(&daemon_set.metadata.namespace);
            let own = all.filter(|it| it.metadata.controller().is_some_and(|it| it.uid == *uid));
            let numbers = own.filter_map(|it| Some((it.hash()?.clone(), it.revision)));
            let of = OfDaemonSet {
                current: store.current_hash(daemon_set),
                numbers: numbers.collect(),
            };
            by_uid.insert(uid.clone(), of);
        }
        Self { by_uid }
    }

    /// The number of a pod's revision, and whether it is the current one.
    pub(crate) fn of_pod(&self, pod: &Pod) -> (Option<i64>, bool) {
        let owner = pod.metadata.controller();
        let hash = pod
            .metadata
            .labels
            .get(objects::controller_revision::HASH_LABEL);
        match (owner.and_then(|it| self.by_uid.get(&it.uid)), hash) {
            (Some(of), Some(hash)) => (of.numbers.get(hash).copied(), of.current == *hash),
            _ => (None, false),
        }
    }
}
