//! The world as one value, and the two functions that move it.

use std::{collections::BTreeSet, rc::Rc};

use objects::{Millis, Name, Node, Object, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Actor, ApiError, Fault, Key, Kind, ObjectRef, Step, Store, Timing, Version, What, Why,
    daemonset_controller::DaemonSetController,
    due::{Due, DueQueue, Patience},
    events::Bucket,
    fault::Component,
    garbage_collector::GarbageCollector,
    kubelet::{Images, Kubelet, Power},
    node_lifecycle::{NodeLifecycle, TaintEviction},
    pod_gc::PodGc,
    rng::Rng,
    scheduler::Scheduler,
    sorted_map::SortedMap,
};

/// T+0 of a cluster that does not begin with anything newer: 2026-01-01T00:00:00Z.
pub const EPOCH: Timestamp = Timestamp(1_767_225_600);

fn is_default_epoch(epoch: &Timestamp) -> bool {
    *epoch == EPOCH
}

/// A cluster at one moment: all objects, all components, all chance to come.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cluster {
    pub(crate) version: Version,
    /// T+0.
    #[serde(skip_serializing_if = "is_default_epoch")]
    epoch: Timestamp,
    pub(crate) now: Millis,
    pub(crate) timing: Timing,
    pub(crate) rng: Rng,
    pub(crate) store: Store,
    pub(crate) resource_version: u64,
    pub(crate) due: DueQueue,
    pub(crate) daemonset_controller: DaemonSetController,
    pub(crate) scheduler: Scheduler,
    pub(crate) kubelets: SortedMap<Name, Rc<Kubelet>>,
    pub(crate) images: Images,
    pub(crate) node_lifecycle: NodeLifecycle,
    pub(crate) taint_eviction: TaintEviction,
    pub(crate) pod_gc: PodGc,
    pub(crate) garbage_collector: GarbageCollector,
    pub(crate) event_buckets: SortedMap<Name, Bucket>,
    pub(crate) event_expiry_asked_for: bool,
    /// The components of the control plane that do not run.
    pub(crate) stopped: BTreeSet<Component>,
}

/// Something done to the cluster from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// Create an object; as far as an API server goes, with whatever status it brings wiped.
    Create(Object),
    /// Put an object in the place of the one of the same name.
    Replace(Object),
    /// Delete an object.
    Delete {
        object: ObjectRef,
        options: DeleteOptions,
    },
    /// Evict a pod, as `kubectl drain` does: delete it, unless a disruption budget forbids.
    Evict { pod: Key, options: DeleteOptions },
    /// The world strikes, or relents.
    Fault(Fault),
}

/// How to delete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteOptions {
    /// Of a pod, in seconds; its own if not given. 0 removes the object at once.
    pub grace_period_seconds: Option<i64>,
    pub propagation: Propagation,
}

/// What becomes of the dependents of an object that is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Propagation {
    /// They are deleted after it.
    #[default]
    Background,
    /// They are deleted before it.
    Foreground,
    /// They stay.
    Orphan,
}

/// What came of an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// Something changed.
    Done(Box<Step>),
    /// All was so already.
    Unchanged,
}

/// How a run to quiet ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nothing is left but what repeats itself or waits out a back-off.
    Quiet,
    /// So many steps, and no end.
    StillBusy,
}

impl Cluster {
    /// An empty cluster.
    pub fn new(seed: u64) -> Self {
        Self::with_timing(seed, Timing::default())
    }

    /// An empty cluster in which things take their own time.
    pub fn with_timing(seed: u64, timing: Timing) -> Self {
        Self {
            version: Version::default(),
            epoch: EPOCH,
            now: Millis(0),
            timing,
            rng: Rng::new(seed),
            store: Store::default(),
            resource_version: 0,
            due: DueQueue::default(),
            daemonset_controller: DaemonSetController::default(),
            scheduler: Scheduler::default(),
            kubelets: SortedMap::default(),
            images: Images::default(),
            node_lifecycle: NodeLifecycle::default(),
            taint_eviction: TaintEviction::default(),
            stopped: BTreeSet::new(),
            pod_gc: PodGc::default(),
            garbage_collector: GarbageCollector::default(),
            event_buckets: SortedMap::default(),
            event_expiry_asked_for: false,
        }
    }

    /// Which Kubernetes it is.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Simulated time since T+0.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// All objects.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether a node's machine is on and its kubelet runs. `None`: there is no such machine.
    pub fn kubelet_runs(&self, node: &str) -> Option<bool> {
        self.kubelets.get(node).map(|it| it.runs())
    }

    /// Whether a node's machine is on. `None`: there is no such machine.
    pub fn power(&self, node: &str) -> Option<Power> {
        self.kubelets.get(node).map(|it| it.power())
    }

    /// Whether a component of the control plane runs.
    pub fn component_runs(&self, component: Component) -> bool {
        !self.stopped.contains(&component)
    }

    /// Whether nothing is left to happen but what repeats itself or waits out a back-off.
    pub fn is_quiet(&self) -> bool {
        self.due.is_quiet()
    }

    /// A short value that differs when any part of the state does.
    pub fn digest(&self) -> String {
        crate::digest::digest(self)
    }

    /// Lets T+0 be later than what an object tells of that is there at T+0: it was got from a real
    /// cluster after that.
    pub(crate) fn begin_after(&mut self, told: Option<Timestamp>) {
        if let Some(Timestamp(seconds)) = told
            && self.now == Millis(0)
        {
            self.epoch = self.epoch.max(Timestamp(seconds.saturating_add(1)));
        }
    }

    /// Puts an object in as if it had always been there: defaulted, not admitted, with the
    /// status it brings.
    ///
    /// # Errors
    /// If the API server would not have it.
    pub fn seed(&mut self, object: Object) -> Result<(), ApiError> {
        self.seed_object(object)
    }

    /// Does something to the cluster, at the present moment. `command` is how the one who does
    /// it would say it.
    ///
    /// # Errors
    /// If the API server refuses; nothing has changed then.
    pub fn act(&mut self, input: &Input, command: &str) -> Result<Response, ApiError> {
        let why = || Why::Asked(Rc::from(command));
        let (what, object) = match input {
            Input::Create(object) => (What::Created, self.create(object.clone())?),
            Input::Replace(object) => match self.replace(object.clone())? {
                Some(object) => (What::Changed, object),
                None => return Ok(Response::Unchanged),
            },
            Input::Delete { object, options } => self.delete(object, options)?,
            Input::Evict { pod, options } => self.evict(pod, options)?,
            Input::Fault(fault) => {
                if !self.strike(fault)? {
                    return Ok(Response::Unchanged);
                }
                let step = Step {
                    time: self.now,
                    actor: Actor::Fault,
                    what: What::Fault(fault.clone()),
                    object: fault.node().map(ObjectRef::node),
                    why: Why::Happened,
                };
                return Ok(Response::Done(Box::new(step)));
            }
        };
        let step = Step {
            time: self.now,
            actor: Actor::Kubectl,
            what,
            object: Some(object),
            why: why(),
        };
        Ok(Response::Done(Box::new(step)))
    }

    /// The next thing that changes an object. `None`: the world is quiet.
    pub fn step(&mut self) -> Option<Step> {
        while !self.due.is_quiet() {
            if let Some(step) = self.next_due() {
                return Some(step);
            }
        }
        None
    }

    /// The next thing that changes an object, if it comes by then; if not, time goes on to then.
    pub fn step_before(&mut self, deadline: Millis) -> Option<Step> {
        while self.due.next_time().is_some_and(|time| time <= deadline) {
            if let Some(step) = self.next_due() {
                return Some(step);
            }
        }
        self.now = self.now.max(deadline);
        None
    }

    /// Steps until the world is quiet, but not for ever.
    pub fn settle(&mut self, steps_max: usize) -> Settled {
        for _ in 0..steps_max {
            if self.step().is_none() {
                return Settled::Quiet;
            }
        }
        Settled::StillBusy
    }

    fn next_due(&mut self) -> Option<Step> {
        let (time, due) = self.due.pop()?;
        self.happen(time, due)
    }

    /// Something that was due happens.
    pub(crate) fn happen(&mut self, time: Millis, due: Due) -> Option<Step> {
        self.now = self.now.max(time);
        match due {
            Due::DaemonSetSync(key) => {
                self.sync_daemon_set(&key);
                None
            }
            Due::DaemonSetWrite(key) => self.write_next(&key),
            Due::DaemonSetRequeue(key) => {
                self.enqueue_daemon_set(&key);
                None
            }
            Due::Schedule => self.schedule_one(),
            Due::ScheduleAgain(key) => {
                self.queue_pod_again(&key);
                None
            }
            Due::KubeletPod { node, pod, work } => self.kubelet_pod(&node, &pod, work),
            Due::KubeletPressure { node } => self.kubelet_pressure(&node),
            Due::KubeletPressureEnds { node, what } => self.pressure_ends(&node, what),
            Due::KubeletReady { node } => self.kubelet_ready(&node),
            Due::LeaseCheck { node } => self.check_lease(&node),
            Due::NodeTaints { node } => self.update_taints(&node),
            Due::NodeNoExecute { node } => self.update_no_execute(&node),
            Due::PodNotReady { pod } => self.mark_pod_not_ready(&pod),
            Due::TaintEviction { pod } => self.evict_by_taint(&pod),
            Due::Preempt { victim, by } => self.preempt_pod(&victim, &by),
            Due::EventExpiry => {
                self.expire_events();
                None
            }
            Due::PodGc => self.collect_pods(),
            Due::GarbageCollect { owner } => self.collect_dependents(&owner),
        }
    }

    /// Asks for something to happen after a latency, which is jittered.
    pub(crate) fn after(&mut self, latency: Millis, due: Due) {
        let latency = self.rng.jitter(latency, self.timing.jitter_percent);
        self.due.at(self.now + latency, due, Patience::Awaited);
    }

    /// Asks for something to happen at this very time, after what was asked for before.
    pub(crate) fn soon(&mut self, due: Due) {
        self.due.at(self.now, due, Patience::Awaited);
    }

    /// Now, as objects hold it.
    pub(crate) fn timestamp(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.unix_now())
    }

    /// Now, in milliseconds since the Unix epoch.
    pub fn unix_now(&self) -> Millis {
        self.epoch.to_unix_millis() + self.now
    }

    pub(crate) fn did(
        &self,
        actor: Actor,
        what: What,
        object: ObjectRef,
        why: Why,
    ) -> Option<Step> {
        Some(Step {
            time: self.now,
            actor,
            what,
            object: Some(object),
            why,
        })
    }

    pub(crate) fn node(&self, name: &str) -> Option<&Rc<Node>> {
        self.store.nodes.get(name)
    }

    /// Whether an object of this kind and key is there.
    pub fn has(&self, object: &ObjectRef) -> bool {
        let key: &Key = &object.key;
        match object.kind {
            Kind::Node => self.store.nodes.contains_key(&key.name),
            Kind::DaemonSet => self.store.daemon_sets.contains_key(key),
            Kind::Pod => self.store.pods.contains_key(key),
            Kind::ControllerRevision => self.store.controller_revisions.contains_key(key),
            Kind::Event => self.store.events.contains_key(key),
            Kind::Other => self.store.others.contains_key(&*key.name),
        }
    }
}
