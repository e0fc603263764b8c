//! What Apply would do: found by doing it to a copy, and letting the copy go on.

use cluster::{Ahead, Cluster, Key, ahead::Outlook};
use controller::placement::Rules;
use kubectl::Files;
use objects::DaemonSet;

use crate::model::work::Work;

/// So many steps a copy goes on: enough for some hundred pods, and done while a key is pressed.
const STEPS_MAX: usize = 1500;

/// What would come of an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// There is nothing to tell: no text, or one that cannot be read.
    Nothing,
    NoChange,
    /// The API server would not have it.
    Refused(String),
    /// Of objects that are no DaemonSets.
    Other(String),
    /// Of each DaemonSet that would be new or changed.
    DaemonSets(Vec<Effect>),
}

/// What a changed DaemonSet does to its pods.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub is_new: bool,
    /// How many nodes at a time: without an available pod, or with a second one.
    pub at_a_time: i64,
    pub surges: bool,
    /// Old pods stay until somebody deletes them.
    pub is_on_delete: bool,
    pub outlook: Outlook,
}

impl Preview {
    /// Tries a command.
    pub fn of(work: &Work, line: &str, files: &Files) -> Self {
        let (output, after) = work.tried(line, files);
        if output.exit_code != 0 {
            return Self::Refused(output.text.trim_end().to_owned());
        }
        if after.is_empty() {
            return Self::NoChange;
        }
        let before = &work.cluster().store().daemon_sets;
        let after = after.cluster();
        let daemon_sets = after.store().daemon_sets.iter();
        let changed = daemon_sets.filter(|(key, it)| before.get(*key) != Some(*it));
        let keys: Vec<Key> = changed.map(|(key, _)| key.clone()).collect();
        if keys.is_empty() {
            return Self::Other(output.text.trim_end().to_owned());
        }
        let mut ahead = Ahead::new(after.clone(), &keys);
        ahead.go_on(STEPS_MAX);
        let outlooks = ahead.outlooks().iter();
        let effects = outlooks.filter_map(|outlook| {
            let daemon_set = after.store().daemon_sets.get(&outlook.daemon_set)?;
            let is_new = !before.contains_key(&outlook.daemon_set);
            Some(Effect::of(after, daemon_set, is_new, outlook.clone()))
        });
        Self::DaemonSets(effects.collect())
    }

    /// Whether a DaemonSet would be created.
    pub fn has_new(&self) -> bool {
        matches!(self, Self::DaemonSets(effects) if effects.iter().any(|it| it.is_new))
    }
}

impl Effect {
    fn of(cluster: &Cluster, daemon_set: &DaemonSet, is_new: bool, outlook: Outlook) -> Self {
        let rules = Rules::new(daemon_set);
        let nodes = cluster.store().nodes.values();
        let desired = nodes.filter(|node| rules.decide(node).should_run).count();
        let desired = i64::try_from(desired).unwrap_or(i64::MAX);
        let surge = daemon_set.max_surge(desired).unwrap_or(0);
        Self {
            is_new,
            at_a_time: match surge {
                0 => daemon_set.max_unavailable(desired).unwrap_or(0),
                surge => surge,
            },
            surges: surge > 0,
            is_on_delete: !daemon_set.is_rolling_update(),
            outlook,
        }
    }

    /// Whether no pod is touched.
    pub fn touches_no_pod(&self) -> bool {
        let Outlook {
            old,
            creates,
            removes,
            ..
        } = &self.outlook;
        old.is_empty() && creates.is_empty() && removes.is_empty()
    }
}
