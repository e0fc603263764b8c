//! What always holds of a cluster, as values: asked by tests, by the command line and by the page.
//!
//! Each [`Invariant`] has a name, a sentence and a check of a cluster, with what a [`Watch`] has
//! to remember of the way there. A violation is a sentence about this cluster.
//!
//! ```
//! use cluster::{Cluster, invariants::Watch};
//!
//! let mut cluster = Cluster::new(7);
//! let mut watch = Watch::new(&cluster);
//! while let Some(step) = cluster.step() {
//!     assert_eq!(watch.look(&cluster, Some(&step)), []);
//! }
//! ```

mod memory;
mod quiet;
mod recount;
mod rollout;

use std::fmt;

use controller::{Backoff, Observed, Plan, reconcile};
use objects::{DaemonSet, Millis};

use crate::{Cluster, Key, Step, due::Due, fault::Component, store::key_of};

use memory::Memory;

/// Something that holds.
pub struct Invariant {
    /// By which it is asked for: `one-pod-per-node`.
    pub name: &'static str,
    /// What holds.
    pub sentence: &'static str,
    pub scope: Scope,
    check: fn(&Cluster, &Memory, &mut dyn FnMut(String)),
}

/// When it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// After every step, however late each component is.
    Always,
    /// After every step, if each component acts when it is due: it says how long something takes.
    InTime,
    /// When nothing is left to happen but what repeats itself or waits out a back-off.
    Quiet,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The name of the invariant.
    pub invariant: &'static str,
    pub time: Millis,
    /// What there is instead.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, name, found) = (self.time, self.invariant, &self.found);
        write!(f, "T+{time}  {name}: {found}")
    }
}

/// All there are.
pub const INVARIANTS: [Invariant; 13] = [
    Invariant {
        name: "time-goes-on",
        sentence: "Time never goes back, nor does the count of writes.",
        scope: Scope::Always,
        check: memory::time_goes_on,
    },
    Invariant {
        name: "nothing-is-overdue",
        sentence: "Nothing that is still to happen was to happen before now.",
        scope: Scope::InTime,
        check: |cluster, _, report| {
            let late = cluster
                .due
                .iter()
                .find(|((time, _), ..)| *time < cluster.now);
            if let Some(((time, _), due, _)) = late {
                report(format!("{due:?} was due at T+{time}"));
            }
        },
    },
    Invariant {
        name: "one-pod-per-node",
        sentence: "No DaemonSet makes a pod for a node where it has one that has not ended; with surge, where it has two that stay.",
        scope: Scope::Always,
        check: memory::one_pod_per_node,
    },
    Invariant {
        name: "hash-tells-template",
        sentence: "A pod that a DaemonSet has just made is of the template of the revision whose hash it carries.",
        scope: Scope::Always,
        check: memory::hash_tells_template,
    },
    Invariant {
        name: "rollout-within-bounds",
        sentence: "A rolling update that takes an available pod away leaves no more nodes waiting for theirs than maxUnavailable; one that adds a second pod has no more such nodes than maxSurge.",
        scope: Scope::Always,
        check: rollout::rollout_within_bounds,
    },
    Invariant {
        name: "node-exists",
        sentence: "A pod is bound to a node that exists, or that has been gone for no longer than a minute, in which pod GC removes it.",
        scope: Scope::InTime,
        check: memory::node_exists,
    },
    Invariant {
        name: "owner-exists",
        sentence: "What stays has no owner that is gone, but for the moment that the garbage collector needs. An owner that never was here is taken on trust.",
        scope: Scope::InTime,
        check: memory::owner_exists,
    },
    Invariant {
        name: "counters-are-true",
        sentence: "When all is quiet the counters of a DaemonSet are what can be counted.",
        scope: Scope::Quiet,
        check: recount::counters_are_true,
    },
    Invariant {
        name: "nothing-left-to-do",
        sentence: "When all is quiet the next sync of a DaemonSet plans nothing.",
        scope: Scope::Quiet,
        check: recount::nothing_left_to_do,
    },
    Invariant {
        name: "pods-find-their-node",
        sentence: "When all is quiet no pod waits for a node that would take it.",
        scope: Scope::Quiet,
        check: quiet::pods_find_their_node,
    },
    Invariant {
        name: "kubelets-finish",
        sentence: "When all is quiet a pod on a node whose kubelet runs is ready and stays, has ended, or is waited for.",
        scope: Scope::Quiet,
        check: quiet::kubelets_finish,
    },
    Invariant {
        name: "nodes-say-how-they-are",
        sentence: "When all is quiet a node is ready if its kubelet runs, is not if it does not, and has the NoSchedule taints of its conditions.",
        scope: Scope::Quiet,
        check: quiet::nodes_say_how_they_are,
    },
    Invariant {
        name: "taints-take-effect",
        sentence: "When all is quiet no pod stays on a node with a NoExecute taint that it does not tolerate.",
        scope: Scope::Quiet,
        check: quiet::taints_take_effect,
    },
];

/// Looks at a cluster after every step, and remembers what it has to.
#[derive(Clone)]
pub struct Watch {
    memory: Memory,
    /// Whether components act when they are due.
    in_time: bool,
}

impl Watch {
    /// Starts with a cluster as it is: nothing in it is held against it.
    pub fn new(cluster: &Cluster) -> Self {
        let mut memory = Memory::default();
        memory.note(cluster, None);
        memory.forget_news();
        Self {
            memory,
            in_time: true,
        }
    }

    /// The same where any component may be late, as with [`Cluster::choices`].
    pub fn without_time(cluster: &Cluster) -> Self {
        Self {
            in_time: false,
            ..Self::new(cluster)
        }
    }

    /// What does not hold after a step, an input, or a time without either. To be asked after
    /// every single one, as what happened is told by what is different.
    pub fn look(&mut self, cluster: &Cluster, step: Option<&Step>) -> Vec<Violation> {
        self.memory.note(cluster, step);
        let mut violations = Vec::new();
        let asked = |it: &&Invariant| match it.scope {
            Scope::Always => true,
            Scope::InTime => self.in_time,
            Scope::Quiet => cluster.is_quiet(),
        };
        for invariant in INVARIANTS.iter().filter(asked) {
            let mut report = |found| {
                violations.push(Violation {
                    invariant: invariant.name,
                    time: cluster.now,
                    found,
                });
            };
            (invariant.check)(cluster, &self.memory, &mut report);
        }
        violations
    }
}

/// What the controller would do about a DaemonSet if it had seen all that it asked for.
fn next_plan(cluster: &Cluster, daemon_set: &DaemonSet) -> Plan {
    let store = &cluster.store;
    let namespace = &daemon_set.metadata.namespace;
    let backoff = Backoff::default();
    let observed = Observed {
        nodes: store.nodes.values().map(|it| &**it).collect(),
        pods: store.pods_in(namespace).map(|it| &**it).collect(),
        revisions: store.revisions_in(namespace).map(|it| &**it).collect(),
        expectations_met: true,
        failed_pods_backoff: &backoff,
    };
    reconcile(&observed, daemon_set, cluster.unix_now())
}

/// The DaemonSets for which the controller does not plan to do anything, not even later.
fn at_rest(cluster: &Cluster) -> impl Iterator<Item = &DaemonSet> {
    let runs = cluster.component_runs(Component::DaemonSetController);
    let all = cluster.store.daemon_sets.values().map(|it| &**it);
    all.filter(move |it| {
        let key = key_of(&it.metadata);
        runs && !it.metadata.is_being_deleted()
            && !cluster.due.iter().any(|(_, due, _)| is_about(due, &key))
    })
}

/// Whether something that is to happen is the controller's work on a DaemonSet.
fn is_about(due: &Due, daemon_set: &Key) -> bool {
    match due {
        Due::DaemonSetSync(key) | Due::DaemonSetWrite(key) | Due::DaemonSetRequeue(key) => {
            key == daemon_set
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, rc::Rc};

    use objects::manifest;

    use super::*;
    use crate::Input;

    /// Two nodes with a pod each, at rest.
    fn at_rest() -> Cluster {
        let manifest = "\
apiVersion: v1
kind: Node
metadata: {name: n1}
---
apiVersion: v1
kind: Node
metadata: {name: n2}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: a, namespace: default}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec: {containers: [{name: c, image: i}]}
";
        let mut cluster = Cluster::new(1);
        for (object, _) in manifest::read(manifest).objects {
            cluster.act(&Input::Create(object), "").unwrap();
        }
        while cluster.step().is_some() {}
        cluster
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Cluster), broken: &[&str]) {
        let mut cluster = at_rest();
        let mut watch = Watch::new(&cluster);
        assert_eq!(watch.look(&cluster, None), []);
        change(&mut cluster);
        let violations = watch.look(&cluster, None);
        let found: BTreeSet<&str> = violations.iter().map(|it| it.invariant).collect();
        assert_eq!(found, broken.iter().copied().collect(), "{violations:#?}");
    }

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<&str> = INVARIANTS.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), INVARIANTS.len());
    }

    #[test]
    fn what_is_broken_is_told() {
        check(|_| {}, &[]);
        check(|it| it.now = Millis(0), &["time-goes-on"]);
        check(
            |it| {
                let key = Key::new("default", "a");
                let daemon_set = it.store.daemon_sets.get_mut(&key).unwrap();
                Rc::make_mut(daemon_set).status.number_ready = 1;
            },
            &["counters-are-true", "nothing-left-to-do"],
        );
        check(
            |it| {
                let mut pod = (**it.store.pods.values().next().unwrap()).clone();
                pod.metadata.name = "another".into();
                pod.metadata.uid = "another".into();
                it.store.put_pod(pod.into());
            },
            &["one-pod-per-node", "nothing-left-to-do"],
        );
        check(
            |it| {
                let node = it.store.nodes.get_mut("n1").unwrap();
                Rc::make_mut(node).spec.unschedulable = true;
            },
            &["nodes-say-how-they-are"],
        );
    }
}
