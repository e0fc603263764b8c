//! What is to be seen, derived from the model. No browser in here either.
//!
//! [`nodes`] are the cards, [`field`] is what many nodes are drawn as, [`sentence`] says what a step
//! did, [`explanation`] why, [`status`] and [`chart`] count, [`marks`] lie along the timeline,
//! [`preview`] tells what an edit would do, [`revisions`] and [`diff`] what was before, [`events`]
//! what components say, [`markdown`] is the text of lessons, [`telling`] goes to other pages.

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
pub mod telling;
pub mod transport;
pub mod yaml;

use std::collections::BTreeMap;

use cluster::Cluster;
use controller::daemon_pods::Current;
use objects::{Name, Pod, controller_revision::HASH_LABEL};

/// What makes a pod current for each DaemonSet, and the numbers of its revisions, by its uid: asked
/// once for all pods.
pub(crate) struct Revisions {
    by_uid: BTreeMap<Name, OfDaemonSet>,
}

struct OfDaemonSet {
    hash: String,
    generation: Option<String>,
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
            let hash = store.current_hash(daemon_set);
            let of = OfDaemonSet {
                generation: Current::new(daemon_set, &hash).generation,
                hash,
                numbers: numbers.collect(),
            };
            by_uid.insert(uid.clone(), of);
        }
        Self { by_uid }
    }

    /// The number of a pod's revision, and whether the pod counts as current: the counters take one
    /// of the DaemonSet's generation for that, too.
    pub(crate) fn of_pod(&self, pod: &Pod) -> (Option<i64>, bool) {
        let owner = pod.metadata.controller();
        let Some(of) = owner.and_then(|it| self.by_uid.get(&it.uid)) else {
            return (None, false);
        };
        let labels = &pod.metadata.labels;
        let number = labels.get(HASH_LABEL).and_then(|it| of.numbers.get(it));
        let current = Current {
            hash: &of.hash,
            generation: of.generation.clone(),
        };
        (number.copied(), current.includes(labels))
    }
}
