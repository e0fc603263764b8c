//! What becomes of a world when plans are carried out: a cluster without failures.

use controller::{
    Plan,
    daemon_pods::is_available,
    template::{Pattern, owner_reference},
};
use objects::{
    ConditionStatus, ConditionType, ControllerRevision, Millis, Name, ObjectMeta, Phase, Pod,
    Timestamp, controller_revision::HASH_LABEL,
};

use crate::properties::world::{World, ready};

/// A world, one sync after the other.
pub(crate) struct Executor {
    pub(crate) world: World,
    /// How many rounds a thing takes that is not the controller's: a pod's going, its binding, its
    /// getting ready. With 1 all happens in the round in which it can.
    pace: usize,
    n_rounds: usize,
    n_created: usize,
}

impl Executor {
    pub(crate) fn new(world: World, pace: usize) -> Self {
        Self {
            world,
            pace,
            n_rounds: 0,
            n_created: 0,
        }
    }

    /// The most rounds it can take until all is quiet.
    ///
    /// At worst one node is rolled after the other. Each takes a sync to delete and one to create,
    /// waits until a pod is gone, bound and ready, and is looked at twice more until the new pod
    /// has been ready for longer than `minReadySeconds`. Before that, pods that were there may go
    /// one after the other, as failed ones of one node do: each takes a sync, looks until its
    /// back-off is over, and a wait until it is gone. Looks that find nothing come at intervals
    /// that double, so that ten of them outlast the longest back-off, 15 minutes. Ten more rounds
    /// are for the history, the status, the first look and the quiet at the end.
    fn n_rounds_max(&self) -> usize {
        let (n_nodes, n_pods) = (self.world.nodes.len(), self.world.pods.len());
        10 + n_nodes * (4 + 3 * self.pace) + n_pods * (1 + 10 + self.pace)
    }

    /// Goes on until neither the controller nor anybody else has anything to do; `look` sees every
    /// plan and the world in which it has just been carried out.
    pub(crate) fn settle(&mut self, mut look: impl FnMut(&World, &Plan)) {
        let n_rounds_max = self.n_rounds_max();
        let (mut n_quiet, mut n_vain_looks) = (0, 0);
        while n_quiet <= self.pace {
            self.n_rounds += 1;
            assert!(
                self.n_rounds <= n_rounds_max,
                "no end in {n_rounds_max} rounds: {}",
                self.world
            );
            let plan = self.world.plan();
            self.carry_out(&plan);
            look(&self.world, &plan);
            let moved = self.world_moves() || acts(&plan);
            let awaited = plan.requeue_after.or_else(|| self.until_available());
            let next_look = match awaited {
                Some(Millis(after)) if !moved => {
                    // What is asked for may be much shorter than what is awaited.
                    let interval = Millis(after << n_vain_looks);
                    n_vain_looks = (n_vain_looks + 1).min(10);
                    interval
                }
                _ => {
                    n_vain_looks = 0;
                    Millis::from_secs(1)
                }
            };
            self.world.now = self.world.now + next_look;
            let is_quiet = is_idle(&plan) && !moved && awaited.is_none();
            n_quiet = if is_quiet { n_quiet + 1 } else { 0 };
            // What was asked for before the first round is seen in the first.
            self.world.expectations_met = true;
        }
    }

    /// Does what a plan says, in the order in which it is to be done.
    fn carry_out(&mut self, plan: &Plan) {
        let world = &mut self.world;
        let daemon_set = &mut world.daemon_set;
        let owner = owner_reference(daemon_set);
        let adopt = |object: &mut ObjectMeta| object.owner_references.push(owner.clone());
        let release = |object: &mut ObjectMeta| {
            object.owner_references.retain(|it| it.uid != owner.uid);
        };
        let label = |object: &mut ObjectMeta, hash: &str| {
            object.labels.insert(HASH_LABEL.into(), hash.into());
        };
        let changes = &plan.revisions;
        let revisions = &mut world.revisions;
        each_revision(revisions, &changes.adopt, |it| adopt(&mut it.metadata));
        each_revision(revisions, &changes.release, |it| release(&mut it.metadata));
        each_revision(revisions, &changes.relabel, |it| {
            let name = it.metadata.name.clone();
            label(&mut it.metadata, &name);
        });
        if let Some((name, number)) = &changes.bump {
            each_revision(revisions, std::slice::from_ref(name), |it| {
                it.revision = *number;
            });
        }
        if let Some(revision) = &changes.create {
            let taken = revisions
                .iter()
                .any(|it| it.metadata.name == revision.metadata.name);
            assert!(!taken, "the API server has {revision:?} already");
            revisions.push(revision.clone());
        }
        revisions.retain(|it| !changes.delete.contains(&it.metadata.name));
        let pods = &mut world.pods;
        each_pod(pods, &plan.adopt_pods, |it| adopt(&mut it.metadata));
        each_pod(pods, &plan.release_pods, |it| release(&mut it.metadata));
        each_pod(pods, &plan.relabel_pods, |it| {
            label(&mut it.metadata, plan.hash());
        });
        let now = Timestamp::from_unix_millis(world.now);
        let pattern = Pattern::new(daemon_set, plan.hash());
        for create in &plan.creates {
            self.n_created += 1;
            let mut pod = pattern.pod(&create.node);
            pod.metadata.name = format!("{}{}", pod.metadata.generate_name, self.n_created).into();
            pod.metadata.creation_timestamp = Some(now);
            pods.push(pod);
        }
        for delete in &plan.deletes {
            each_pod(pods, std::slice::from_ref(&delete.pod), |it| {
                it.metadata.deletion_timestamp.get_or_insert(now);
            });
        }
        if self.pace == 1 {
            pods.retain(|it| !it.metadata.is_being_deleted());
        }
        if plan.status_updated {
            daemon_set.status = plan.status.clone();
        }
        world.backoff = plan.failed_pods_backoff.clone();
    }

    /// A pod that has become ready makes the controller look again when it should be available:
    /// the status, which counts but one pod of a node, need not say that there is one.
    ///
    /// Models `updatePod`, `pkg/controller/daemon/daemon_controller.go`, v1.34.
    fn until_available(&self) -> Option<Millis> {
        let seconds = self.world.daemon_set.spec.min_ready_seconds;
        let is_awaited =
            |pod: &Pod| has_become_ready(pod) && !is_available(pod, seconds, self.world.now);
        let any = self.world.pods.iter().any(is_awaited);
        any.then_some(Millis::from_secs(seconds + 1))
    }

    /// What schedulers, kubelets and the collector of orphaned pods do; whether it was anything.
    fn world_moves(&mut self) -> bool {
        let now = Timestamp::from_unix_millis(self.world.now);
        let nodes: Vec<Name> = self
            .world
            .nodes
            .iter()
            .map(|it| it.metadata.name.clone())
            .collect();
        let (n_rounds, pace) = (self.n_rounds, self.pace);
        let takes_its_turn = |pod: &Pod| (n_rounds + salt(&pod.metadata.name)).is_multiple_of(pace);
        let mut moved = false;
        self.world.pods.retain_mut(|pod| {
            let is_bound = !pod.spec.node_name.is_empty();
            let is_on_missing_node = is_bound && !nodes.contains(&pod.spec.node_name);
            let is_awaited = if pod.metadata.is_being_deleted() || is_on_missing_node {
                true
            } else if is_bound {
                !pod.is_terminal() && !has_become_ready(pod)
            } else {
                pod.target_node().map_or(!nodes.is_empty(), |target| {
                    nodes.iter().any(|node| *node == *target)
                })
            };
            if !is_awaited {
                return true;
            }
            // Also to wait is to move: the end has not come.
            moved = true;
            if !takes_its_turn(pod) {
                return true;
            }
            if pod.metadata.is_being_deleted() || is_on_missing_node {
                return false;
            }
            if is_bound {
                pod.status.phase = Phase::Running;
                pod.status.conditions = vec![ready(ConditionStatus::True, Some(now))];
            } else {
                // One that is pinned nowhere may go anywhere.
                let any = &nodes[salt(&pod.metadata.name) % nodes.len()];
                pod.spec.node_name = pod.target_node().map_or(any.clone(), Name::from);
            }
            true
        });
        moved
    }
}

fn salt(name: &str) -> usize {
    name.bytes().map(usize::from).sum()
}

fn has_become_ready(pod: &Pod) -> bool {
    let since = pod
        .condition(&ConditionType::Ready)
        .map(|it| it.last_transition_time);
    pod.status.phase == Phase::Running && pod.is_ready() && since.flatten().is_some()
}

/// Whether a plan creates or deletes pods.
pub(crate) fn acts(plan: &Plan) -> bool {
    !plan.creates.is_empty() || !plan.deletes.is_empty()
}

/// Whether a plan has nothing to carry out and nothing to wait for.
pub(crate) fn is_idle(plan: &Plan) -> bool {
    let names = [&plan.adopt_pods, &plan.release_pods, &plan.relabel_pods];
    !acts(plan)
        && names.iter().all(|names| names.is_empty())
        && plan.revisions == Default::default()
        && !plan.status_updated
        && plan.requeue_after.is_none()
        && plan.error.is_none()
}

fn each_pod(pods: &mut [Pod], names: &[Name], change: impl Fn(&mut Pod)) {
    for name in names {
        let mut named = pods.iter_mut().filter(|it| it.metadata.name == *name);
        change(named.next().expect("a plan names pods that exist"));
    }
}

fn each_revision(
    revisions: &mut [ControllerRevision],
    names: &[Name],
    change: impl Fn(&mut ControllerRevision),
) {
    for name in names {
        let mut named = revisions.iter_mut().filter(|it| it.metadata.name == *name);
        change(named.next().expect("a plan names revisions that exist"));
    }
}
