//! What is going to come of a change to DaemonSets: found by letting a copy of the world go on.
//!
//! It is told in nodes, as a rolling update goes by nodes: a node may have two pods for a while,
//! or one that is being deleted for ever.

use std::collections::BTreeSet;
use std::fmt;

use controller::{
    CreateReason, DeleteReason, Index, PodState,
    on_node::OnNode,
    plan::{Rollout, SyncError},
    pod_state::Finding,
};
use objects::{DaemonSet, Name};

use crate::{Cluster, Key, Step, What, Why};

/// A copy of the world that goes on, and what it has come to for each of some DaemonSets.
#[derive(Clone, Debug)]
pub struct Ahead {
    cluster: Cluster,
    outlooks: Vec<Outlook>,
    n_steps: usize,
    is_quiet: bool,
}

/// What comes of a DaemonSet.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    pub daemon_set: Key,
    uid: Name,
    /// Its pods that have been seen, so that those that are gone are known for its own.
    pods: BTreeSet<Name>,
    /// Nodes that have a pod of an old revision in the beginning, and may keep a pod.
    pub old: BTreeSet<Name>,
    /// Nodes that have no pod in the beginning, and should.
    pub creates: BTreeSet<Name>,
    /// Nodes that have a pod in the beginning, and must not; no strategy limits its deletion.
    pub removes: BTreeSet<Name>,
    /// Nodes on which the rolling update acts before any pod that it put there is ready, or any that
    /// made way is gone.
    pub first: BTreeSet<Name>,
    /// Nodes whose old pod makes way without a look at `maxUnavailable` or `maxSurge`, as it is not
    /// available anyway.
    pub unbudgeted: BTreeSet<Name>,
    /// Nodes whose old pod has made way for a new one.
    pub replaced: BTreeSet<Name>,
    /// Nodes whose old pod has gone, and which should not run another.
    pub gone: BTreeSet<Name>,
    /// Nodes that have an old pod still.
    pub left: BTreeSet<Name>,
    /// The numbers that the rolling update goes by in the end.
    pub rollout: Option<Rollout>,
    pub end: End,
    is_first_round: bool,
}

/// Where it leads.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// No end was seen in so many steps.
    NotSeen { steps: usize },
    /// Every node that should run a pod has an available one of the current revision, and no old
    /// one is left.
    Done,
    /// All is quiet before it is done.
    Rests {
        /// Nodes that should have an available pod and have none; while old pods are left also
        /// others that use up `maxUnavailable` or `maxSurge`.
        blockers: Vec<Blocker>,
        /// The sync fails each time.
        error: Option<SyncError>,
    },
}

/// A node that is without an available pod, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker {
    pub node: Name,
    /// The pod that is not available, if there is one.
    pub pod: Option<(Name, PodState)>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((pod, state)) = &self.pod else {
            return write!(f, "{}: no pod", self.node);
        };
        write!(f, "{}: {pod} is {}", self.node, state.status)?;
        for finding in &state.findings {
            match finding {
                Finding::NodeUnreachable { .. } => return f.write_str(", the node is unreachable"),
                Finding::NodeNotReady { .. } => return f.write_str(", the node is not ready"),
                Finding::NodeMissing { .. } => return f.write_str(", the node does not exist"),
                Finding::Unscheduled { message, .. } if !message.is_empty() => {
                    // What was tried in vain after that says nothing more of the node.
                    let filters = message.split(" preemption: ").next().unwrap_or_default();
                    return write!(f, ", {}", filters.trim_end_matches('.'));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Ahead {
    /// From here on, with an eye on these DaemonSets.
    pub fn new(cluster: Cluster, daemon_sets: &[Key]) -> Self {
        let begin = |key: &Key| {
            let daemon_set = cluster.store.daemon_sets.get(key)?;
            Some(cluster.outlook(key, daemon_set))
        };
        let outlooks = daemon_sets.iter().filter_map(begin).collect();
        Self {
            cluster,
            outlooks,
            n_steps: 0,
            is_quiet: false,
        }
    }

    /// How many steps it has gone.
    pub fn n_steps(&self) -> usize {
        self.n_steps
    }

    /// Goes on by at most so many steps. Whether all is quiet then.
    pub fn go_on(&mut self, steps: usize) -> bool {
        for _ in 0..steps {
            let Some(step) = self.cluster.step() else {
                self.is_quiet = true;
                break;
            };
            self.n_steps += 1;
            for outlook in &mut self.outlooks {
                outlook.see(&step, &self.cluster);
            }
        }
        self.is_quiet
    }

    /// What has come of each.
    pub fn outlooks(&mut self) -> &[Outlook] {
        let seen = (self.n_steps, self.is_quiet);
        for outlook in &mut self.outlooks {
            self.cluster.look_at(outlook, seen);
        }
        &self.outlooks
    }
}

impl Outlook {
    fn see(&mut self, step: &Step, cluster: &Cluster) {
        let Some(object) = &step.object else { return };
        let key = &object.key;
        if key.namespace != self.daemon_set.namespace {
            return;
        }
        match (&step.what, &step.why) {
            (What::CreatedPod { node }, Why::Create(reason)) => {
                let pod = cluster.store.pods.get(key);
                let owner = pod.and_then(|pod| pod.metadata.controller());
                if owner.is_some_and(|it| it.uid == self.uid) {
                    self.pods.insert(key.name.clone());
                    self.created(node, reason);
                }
            }
            (What::DeletedPod { node }, Why::Delete(reason)) if self.pods.contains(&key.name) => {
                self.deleted(node, reason);
            }
            // What comes now is no longer part of the first round: there is room again.
            (What::Ready | What::Removed, _)
                if self.pods.contains(&key.name) && !self.first.is_empty() =>
            {
                self.is_first_round = false;
            }
            _ => {}
        }
    }

    fn created(&mut self, node: &Name, reason: &CreateReason) {
        match reason {
            CreateReason::OldNotAvailable { .. } => self.acts_on(node, true),
            CreateReason::SurgeRoom { .. } => self.acts_on(node, false),
            // What was known in the beginning, or the other half of what was begun before.
            CreateReason::NoDaemonPod { .. } | CreateReason::NoRunningPod => {}
        }
    }

    fn deleted(&mut self, node: &Name, reason: &DeleteReason) {
        match reason {
            DeleteReason::OldNotAvailable | DeleteReason::OldNotWanted { .. } => {
                self.acts_on(node, true);
            }
            DeleteReason::RollingUpdate { .. } | DeleteReason::Sunset { .. } => {
                self.acts_on(node, false);
            }
            // As above, or not about the change.
            DeleteReason::NodeMustNotRun { .. }
            | DeleteReason::OldNotReadyBesideNew { .. }
            | DeleteReason::NewAvailable { .. }
            | DeleteReason::Failed { .. }
            | DeleteReason::Succeeded
            | DeleteReason::Duplicate { .. }
            | DeleteReason::NodeMissing => {}
        }
    }

    fn acts_on(&mut self, node: &Name, is_unbudgeted: bool) {
        if self.is_first_round {
            self.first.insert(node.clone());
        }
        if is_unbudgeted && self.old.contains(node) {
            self.unbudgeted.insert(node.clone());
        }
    }
}

/// The old pod of a node that is not being deleted, if there is one.
fn has_old(on_node: &OnNode) -> bool {
    on_node.staying().any(|pod| !pod.is_updated)
}

impl Cluster {
    fn index_now(&self, key: &Key, daemon_set: &DaemonSet) -> (Index, controller::Plan) {
        let mut index = Index::default();
        let plan = self.plan_with(&mut index, key, daemon_set);
        (index, plan)
    }

    fn outlook(&self, key: &Key, daemon_set: &DaemonSet) -> Outlook {
        let (index, _) = self.index_now(key, daemon_set);
        let may_stay = |on_node: &OnNode| {
            let decision = on_node.decision.as_ref();
            decision.is_none_or(|it| it.should_continue_running)
        };
        let these = |is_meant: &dyn Fn(&OnNode) -> bool| -> BTreeSet<Name> {
            let meant = index.nodes().filter(|it| is_meant(it));
            meant.map(|it| it.name.clone()).collect()
        };
        let pods = self.store.pods_of(daemon_set);
        Outlook {
            daemon_set: key.clone(),
            uid: daemon_set.metadata.uid.clone(),
            pods: pods.map(|pod| pod.metadata.name.clone()).collect(),
            old: these(&|it| may_stay(it) && has_old(it)),
            creates: these(&|it| it.should_run() && it.pods.is_empty()),
            removes: these(&|it| !may_stay(it) && it.staying().next().is_some()),
            first: BTreeSet::new(),
            unbudgeted: BTreeSet::new(),
            replaced: BTreeSet::new(),
            gone: BTreeSet::new(),
            left: BTreeSet::new(),
            rollout: None,
            end: End::NotSeen { steps: 0 },
            is_first_round: true,
        }
    }

    /// Takes in how things are after so many steps, with which all may be quiet.
    fn look_at(&self, outlook: &mut Outlook, (steps, is_quiet): (usize, bool)) {
        let key = outlook.daemon_set.clone();
        outlook.end = End::NotSeen { steps };
        let Some(daemon_set) = self.store.daemon_sets.get(&key) else {
            return;
        };
        let (index, plan) = self.index_now(&key, daemon_set);
        outlook.rollout = plan.rollout;
        for set in [&mut outlook.replaced, &mut outlook.gone, &mut outlook.left] {
            set.clear();
        }
        for name in &outlook.old {
            let on_node = index.node(name);
            let has_new = on_node.is_some_and(|it| it.staying().any(|pod| pod.is_updated));
            match on_node {
                Some(it) if has_old(it) => drop(outlook.left.insert(name.clone())),
                Some(_) if has_new => drop(outlook.replaced.insert(name.clone())),
                Some(it) if it.should_run() => {}
                _ => drop(outlook.gone.insert(name.clone())),
            }
        }
        if !is_quiet {
            return;
        }
        let now = self.unix_now();
        let lacks = |on_node: &OnNode| {
            on_node.should_run() && !on_node.staying().any(|it| it.is_available(now))
        };
        let takes_room: BTreeSet<&Name> = index.taking_room().collect();
        // Who takes room is of interest to those that wait for it.
        let waits = !outlook.left.is_empty();
        let blocks = |it: &&OnNode| (waits && takes_room.contains(&it.name)) || lacks(it);
        let blockers: Vec<Blocker> = index
            .nodes()
            .filter(blocks)
            .map(|it| self.blocker(&key, it))
            .collect();
        let is_done = outlook.left.is_empty() && blockers.is_empty() && plan.error.is_none();
        outlook.end = match is_done {
            true => End::Done,
            false => End::Rests {
                blockers,
                error: plan.error,
            },
        };
    }

    fn blocker(&self, key: &Key, on_node: &OnNode) -> Blocker {
        let now = self.unix_now();
        // Of an old and a new one the new one is waited for.
        let pods = on_node.pods.iter().filter(|it| !it.is_available(now));
        let pod = pods.max_by_key(|it| (!it.is_being_deleted, it.is_updated));
        let state = pod.and_then(|pod| {
            let key = Key {
                namespace: key.namespace.clone(),
                name: pod.name.clone(),
            };
            let pod = self.store.pods.get(&key)?;
            let node = self.node(&on_node.name).map(|it| &**it);
            Some((key.name, PodState::of(pod, node, now)))
        });
        Blocker {
            node: on_node.name.clone(),
            pod: state,
        }
    }
}
