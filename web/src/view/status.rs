//! The counters of a DaemonSet, as `kubectl get ds` shows them.

use cluster::Key;

use crate::model::Model;

/// The columns of `kubectl get ds`, by counter.
pub const COLUMNS: [(&str, &str); 5] = [
    ("DESIRED", "desiredNumberScheduled"),
    ("CURRENT", "currentNumberScheduled"),
    ("READY", "numberReady"),
    ("UP-TO-DATE", "updatedNumberScheduled"),
    ("AVAILABLE", "numberAvailable"),
];

/// What a counter counts.
pub fn meaning(counter: &str) -> &'static str {
    match counter {
        "desiredNumberScheduled" => "nodes that should run the pod",
        "currentNumberScheduled" => "of these, nodes that have one",
        "numberReady" => "of these, nodes whose pod is ready",
        "updatedNumberScheduled" => "of these, nodes whose pod is of the current revision",
        "numberAvailable" => "of these, nodes whose pod has been ready for minReadySeconds",
        "numberUnavailable" => "desired nodes without an available pod",
        "numberMisscheduled" => "nodes that have a pod and should not",
        _ => "",
    }
}

/// A DaemonSet in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusView {
    pub key: Key,
    pub counters: [(&'static str, i64); 7],
    pub desired: i64,
    /// What `kubectl rollout status` says.
    pub progress: String,
    pub is_done: bool,
    /// How many nodes may be without an available pod while it rolls; `None`: nothing rolls.
    pub max_unavailable: Option<i64>,
    pub max_surge: i64,
    pub strategy: String,
    /// All DaemonSets, if there are several.
    pub others: Vec<Key>,
}

pub fn status(model: &Model) -> Option<StatusView> {
    let daemon_set = model.daemon_set()?;
    let all = &model.work.cluster().store().daemon_sets;
    let desired = daemon_set.status.desired_number_scheduled;
    let (progress, is_done) = kubectl::cells::rollout_progress(daemon_set);
    let max_surge = daemon_set.max_surge(desired).unwrap_or(0);
    let max_unavailable = daemon_set.max_unavailable(desired).unwrap_or(0);
    let strategy = match daemon_set.is_rolling_update() {
        false => daemon_set.spec.update_strategy.type_.clone(),
        true if desired == 0 => "RollingUpdate".to_owned(),
        true if max_surge > 0 => format!("RollingUpdate, surge by {max_surge}"),
        true => format!("RollingUpdate, at most {max_unavailable} unavailable"),
    };
    Some(StatusView {
        key: cluster::store::key_of(&daemon_set.metadata),
        counters: daemon_set.status.counters(),
        desired,
        progress,
        is_done,
        max_unavailable: daemon_set.is_rolling_update().then_some(max_unavailable),
        max_surge,
        strategy,
        others: match all.len() {
            0 | 1 => Vec::new(),
            _ => all.keys().cloned().collect(),
        },
    })
}

impl StatusView {
    pub fn counter(&self, name: &str) -> i64 {
        let mut counters = self.counters.iter();
        counters
            .find(|(it, _)| *it == name)
            .map_or(0, |(_, value)| *value)
    }
}
