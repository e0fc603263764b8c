//! What Apply would do: found by doing it to a copy, and letting the copy go on.

use std::collections::BTreeSet;

use cluster::{
    Ahead, Cluster, Key,
    ahead::{End, Outlook},
    scheduler::passed_over,
};
use controller::placement::Rules;
use kubectl::Files;
use objects::DaemonSet;

use crate::model::work::Work;

/// So many steps a copy goes on: enough for some hundred pods.
const STEPS_MAX: usize = 1500;
/// So many at once.
const STEPS_AT_ONCE: usize = 20;

/// What would come of an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// There is nothing to tell: no text, or one that cannot be read.
    Nothing,
    /// It is being found out.
    Looking,
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
    /// What the scheduler would go by and does not here.
    pub passed_over: Vec<&'static str>,
    pub outlook: Outlook,
}

/// The search for what would come of a command, a little at a time, as a copy may have far to go.
#[derive(Clone, Debug)]
pub struct Looking {
    line: String,
    files: Files,
    on: Option<Box<On>>,
}

/// The command is done to the copy, which goes on.
#[derive(Clone, Debug)]
struct On {
    /// The DaemonSets that are new.
    new: BTreeSet<Key>,
    after: Cluster,
    ahead: Ahead,
}

impl Looking {
    pub fn new(line: String, files: Files) -> Self {
        let on = None;
        Self { line, files, on }
    }

    /// Goes on a little. What has been found, at the end.
    pub fn go_on(&mut self, work: &Work) -> Option<Preview> {
        let Some(on) = &mut self.on else {
            return match On::begin(work, &self.line, &self.files) {
                Ok(on) => {
                    self.on = Some(Box::new(on));
                    None
                }
                Err(found) => Some(found),
            };
        };
        let is_over = on.ahead.go_on(STEPS_AT_ONCE) || on.ahead.n_steps() >= STEPS_MAX;
        is_over.then(|| on.found())
    }
}

impl On {
    /// Tries the command; what has been found if there is nothing to go on with.
    fn begin(work: &Work, line: &str, files: &Files) -> Result<Self, Preview> {
        let (output, after) = work.tried(line, files);
        if output.exit_code != 0 {
            return Err(Preview::Refused(output.text.trim_end().to_owned()));
        }
        if after.is_empty() {
            return Err(Preview::NoChange);
        }
        let before = &work.cluster().store().daemon_sets;
        let after = after.cluster();
        let daemon_sets = after.store().daemon_sets.iter();
        let changed = daemon_sets.filter(|(key, it)| before.get(*key) != Some(*it));
        let keys: Vec<Key> = changed.map(|(key, _)| key.clone()).collect();
        if keys.is_empty() {
            return Err(Preview::Other(output.text.trim_end().to_owned()));
        }
        Ok(Self {
            ahead: Ahead::new(after.clone(), &keys),
            after: after.clone(),
            new: keys
                .into_iter()
                .filter(|key| !before.contains_key(key))
                .collect(),
        })
    }

    fn found(&mut self) -> Preview {
        let outlooks = self.ahead.outlooks().iter();
        let effects = outlooks.filter_map(|outlook| {
            let daemon_set = self.after.store().daemon_sets.get(&outlook.daemon_set)?;
            let is_new = self.new.contains(&outlook.daemon_set);
            Some(Effect::of(&self.after, daemon_set, is_new, outlook.clone()))
        });
        Preview::DaemonSets(effects.collect())
    }
}

impl Preview {
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
            passed_over: passed_over(&daemon_set.spec.template.spec),
            outlook,
        }
    }

    /// Whether it finishes within the bounds of its strategy, and leaves no node without a pod.
    pub fn goes_well(&self) -> bool {
        let Outlook {
            end,
            unbudgeted,
            gone,
            removes,
            ..
        } = &self.outlook;
        matches!(end, End::Done) && [unbudgeted, gone, removes].iter().all(|it| it.is_empty())
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
