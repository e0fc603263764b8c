//! What Apply would do: found by doing it to a copy.

use cluster::{Cluster, Key, store::key_of};
use controller::placement::Rules;
use kubectl::Files;
use objects::{DaemonSet, controller_revision::HASH_LABEL};

use crate::model::work::Work;

/// What would come of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// There is nothing to tell: no text, or one that cannot be read.
    Nothing,
    NoChange,
    /// The API server would not have it.
    Refused(String),
    /// Of objects that are no DaemonSets.
    Other(String),
    DaemonSet(Effect),
}

/// What a changed DaemonSet does to its pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    pub is_new: bool,
    /// Nodes that get a pod at once.
    pub creates: usize,
    /// Pods that are deleted at once, whatever the strategy says.
    pub deletes: usize,
    /// Pods that are replaced, as the strategy has it.
    pub rolls: usize,
    /// Of these, pods that are not made again: their nodes no longer should run one.
    pub gone_for_good: usize,
    /// How many at a time: without an available pod, or with a second one.
    pub at_a_time: i64,
    pub surges: bool,
    /// Old pods that stay until somebody deletes them.
    pub waits: usize,
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
        let before = work.cluster();
        let after = after.cluster();
        let mut effect: Option<Effect> = None;
        for (key, daemon_set) in after.store().daemon_sets.iter() {
            let was = before.store().daemon_sets.get(key);
            if was.is_some_and(|was| was == daemon_set) {
                continue;
            }
            effect
                .get_or_insert_default()
                .add(after, key, was.map(|it| &**it), daemon_set);
        }
        match effect {
            Some(effect) => Self::DaemonSet(effect),
            None => Self::Other(output.text.trim_end().to_owned()),
        }
    }
}

impl Effect {
    fn add(
        &mut self,
        cluster: &Cluster,
        key: &Key,
        was: Option<&DaemonSet>,
        daemon_set: &DaemonSet,
    ) {
        self.is_new |= was.is_none();
        let store = cluster.store();
        let hash = store.current_hash(daemon_set);
        let is_other_template =
            was.is_some_and(|was| was.spec.template != daemon_set.spec.template);
        let rules = Rules::new(daemon_set);
        let decisions: Vec<_> = store
            .nodes
            .values()
            .map(|node| rules.decide(node))
            .collect();
        let desired = decisions.iter().filter(|it| it.should_run).count();
        let mut has_pod = std::collections::BTreeSet::new();
        let daemon_set_exists = was.is_some();
        for pod in store.pods_of(daemon_set) {
            debug_assert!(daemon_set_exists && key_of(&daemon_set.metadata) == *key);
            let Some(node) = pod.target_node() else {
                continue;
            };
            if !pod.metadata.is_being_deleted() {
                has_pod.insert(node.to_owned());
            }
            let at = decisions.binary_search_by(|it| (*it.node).cmp(node));
            let may_stay = at.is_ok_and(|at| decisions[at].should_continue_running);
            let comes_back = at.is_ok_and(|at| decisions[at].should_run);
            let is_old = is_other_template && pod.metadata.labels.get(HASH_LABEL) != Some(&hash);
            match (pod.metadata.is_being_deleted(), may_stay, is_old) {
                (true, _, _) => {}
                (false, false, _) => self.deletes += usize::from(at.is_ok()),
                (false, true, true) if daemon_set.is_rolling_update() => {
                    self.rolls += 1;
                    self.gone_for_good += usize::from(!comes_back);
                }
                (false, true, true) => self.waits += 1,
                (false, true, false) => {}
            }
        }
        let lacking = decisions
            .iter()
            .filter(|it| it.should_run && !has_pod.contains(&*it.node));
        self.creates += lacking.count();
        let desired = i64::try_from(desired).unwrap_or(i64::MAX);
        let surge = daemon_set.max_surge(desired).unwrap_or(0);
        self.surges |= surge > 0;
        self.at_a_time += match surge {
            0 => daemon_set.max_unavailable(desired).unwrap_or(0),
            surge => surge,
        };
    }

    /// Whether no pod is touched.
    pub fn touches_no_pod(&self) -> bool {
        self.creates + self.deletes + self.rolls + self.waits == 0
    }
}
