//! Moments that have a name.

use std::collections::BTreeMap;

use cluster::{Cluster, Key};

use crate::roster::Roster;

/// The marks set so far, by name.
pub type Marks = BTreeMap<String, Mark>;

/// A moment to compare with.
#[derive(Clone, Debug)]
pub struct Mark {
    /// How many steps led there.
    pub position: usize,
    rosters: BTreeMap<Key, Roster>,
}

impl Mark {
    /// Marks this moment.
    pub fn new(position: usize, cluster: &Cluster) -> Self {
        let store = cluster.store();
        let keys = store.daemon_sets.keys();
        let rosters = keys.filter_map(|key| Some((key.clone(), Roster::count(store, key)?)));
        Self {
            position,
            rosters: rosters.collect(),
        }
    }

    pub(crate) fn roster(&self, daemon_set: &Key) -> Option<&Roster> {
        self.rosters.get(daemon_set)
    }
}
