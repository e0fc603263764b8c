//! Why nothing is happening: what each component waits for, and until when.
//!
//! What is going to happen stands in the queue; what is not, because something is switched off or
//! nothing fits, stands in the state of the components.

use std::fmt;

use controller::plan::Rollout;
use objects::{ConditionType, Millis, Name};
use serde::Serialize;

use crate::{
    Actor, Cluster, Key, ObjectRef,
    due::{Due, Patience},
    fault::Component,
    kubelet::{Power, Work},
};

/// Somebody waits for something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waiting {
    pub who: Actor,
    /// With which object.
    pub object: Option<ObjectRef>,
    pub for_what: WaitingFor,
    /// When the waiting ends; `None`: only something from outside ends it.
    pub until: Option<Millis>,
    /// Whether a run to quiet waits with it.
    pub patience: Patience,
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum WaitingFor {
    /// A component of the control plane to be started.
    Component(Component),
    /// A kubelet to be started, on a machine that is on or off.
    Kubelet {
        power: Power,
    },
    /// The rolling update to get room: pods are unavailable.
    Rollout(Rollout),
    /// Room on a node, or another change; the scheduler's message.
    Fit(String),
    /// Its turn in a queue.
    Turn,
    /// The end of a back-off.
    BackOff,
    /// The scheduler to try again what nothing has helped for long.
    Flush,
    /// An image.
    Image,
    ContainerStart,
    /// The readiness of a container.
    Readiness,
    /// The end of a container, which crashes or has its work to do.
    Exit,
    /// The containers of a pod to stop.
    Stop,
    /// The next round of looking at all nodes.
    Round,
    /// A lease to run out.
    Lease,
    /// The time that a pod tolerates a taint.
    Toleration,
    /// A node that joins to become ready.
    Join,
    /// The quarantine of the pods of a node that is gone.
    Quarantine,
    /// What a node ran short of to be there again for long enough.
    Pressure,
    /// `minReadySeconds`, or the back-off of failed pods.
    LookAgain,
    /// Events to grow old.
    Expiry,
}

impl WaitingFor {
    fn words(&self) -> &str {
        match self {
            Self::Component(component) => component.as_str(),
            Self::Kubelet { power: Power::On } => "its kubelet to be started",
            Self::Kubelet { power: Power::Off } => "its machine to be switched on",
            Self::Kubelet {
                power: Power::Unknown,
            } => "word from its kubelet, which had been silent for long from the beginning",
            Self::Rollout(_) => "room in the rolling update",
            Self::Fit(_) => "a node that fits",
            Self::Turn => "its turn",
            Self::BackOff => "the end of its back-off",
            Self::Flush => {
                "a change that helps, or the next try of what fits nowhere, five minutes after the last"
            }
            Self::Image => "its image",
            Self::ContainerStart => "its container to start",
            Self::Readiness => "its container to be ready",
            Self::Exit => "its container to end",
            Self::Stop => "its containers to stop",
            Self::Round => "the next round",
            Self::Lease => "its lease to run out",
            Self::Toleration => "the end of the time it tolerates the taint",
            Self::Join => "it to report ready",
            Self::Quarantine => "the next round, and the end of the quarantine",
            Self::Pressure => "the next look at what it runs short of",
            Self::LookAgain => "the time to look again",
            Self::Expiry => "events to grow old",
        }
    }
}

/// `T+70s  scheduler  waits with pod default/a for a node that fits: 0/3 nodes ...`
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} waits", self.who)?;
        if let Some(object) = &self.object {
            write!(f, " with {object}")?;
        }
        write!(f, " for {}", self.for_what.words())?;
        match &self.for_what {
            WaitingFor::Component(_) => f.write_str(" to be started")?,
            WaitingFor::Rollout(rollout) => write!(f, ": {rollout}")?,
            WaitingFor::Fit(message) => write!(f, ": {message}")?,
            _ => {}
        }
        match self.until {
            Some(until) => write!(f, ", until T+{until}"),
            None => Ok(()),
        }
    }
}

impl Cluster {
    /// What each component waits for: first what only something from outside ends, then the rest
    /// as it comes.
    pub fn waiting(&self) -> impl Iterator<Item = Waiting> {
        let stopped = self
            .stopped
            .iter()
            .map(|component| self.for_start(*component));
        let kubelets = self.kubelets.iter().filter(|(_, kubelet)| !kubelet.runs());
        let kubelets = kubelets.map(|(node, kubelet)| Waiting {
            who: Actor::Kubelet { node: node.clone() },
            object: Some(ObjectRef::node(node)),
            for_what: WaitingFor::Kubelet {
                power: kubelet.power(),
            },
            until: None,
            patience: Patience::Awaited,
        });
        let rollouts = self
            .store
            .daemon_sets
            .keys()
            .filter_map(|key| self.for_room(key));
        let unfit = self
            .scheduler
            .unschedulable()
            .filter_map(|key| self.for_fit(key));
        let due = self.due.iter().map(|((time, _), due, patience)| {
            let (who, object, for_what) = awaited(due, patience);
            Waiting {
                who,
                object,
                for_what,
                until: Some(*time),
                patience,
            }
        });
        stopped
            .chain(kubelets)
            .chain(rollouts)
            .chain(unfit)
            .chain(due)
    }

    fn for_start(&self, component: Component) -> Waiting {
        let who = match component {
            Component::DaemonSetController => Actor::DaemonSetController,
            Component::Scheduler => Actor::Scheduler,
            Component::NodeLifecycle => Actor::NodeLifecycle,
        };
        Waiting {
            who,
            object: None,
            for_what: WaitingFor::Component(component),
            until: None,
            patience: Patience::Awaited,
        }
    }

    /// A rolling update that has old pods to replace, and no room for it.
    fn for_room(&self, key: &Key) -> Option<Waiting> {
        let plan = self.plan_now(key)?;
        let daemon_set = self.store.daemon_sets.get(key)?;
        let status = &daemon_set.status;
        let behind = status.updated_number_scheduled < status.desired_number_scheduled;
        let rollout = plan.rollout.filter(|it| behind && !it.has_room())?;
        Some(Waiting {
            who: Actor::DaemonSetController,
            object: Some(ObjectRef::daemon_set(key)),
            for_what: WaitingFor::Rollout(rollout),
            until: None,
            patience: Patience::Awaited,
        })
    }

    fn for_fit(&self, key: &Key) -> Option<Waiting> {
        let pod = self.store.pods.get(key)?;
        let scheduled = pod.condition(&ConditionType::PodScheduled);
        let message = scheduled.map(|it| it.message.clone()).unwrap_or_default();
        Some(Waiting {
            who: Actor::Scheduler,
            object: Some(ObjectRef::pod(key)),
            for_what: WaitingFor::Fit(message),
            until: None,
            patience: Patience::Awaited,
        })
    }
}

/// Who is going to do what is due, with which object, and what it waits for until then.
fn awaited(due: &Due, patience: Patience) -> (Actor, Option<ObjectRef>, WaitingFor) {
    let node = |name: &Name| Some(ObjectRef::node(name));
    let kubelet = |name: &Name| Actor::Kubelet { node: name.clone() };
    let daemon_set = |key: &Key| Some(ObjectRef::daemon_set(key));
    match due {
        Due::DaemonSetSync(key) | Due::DaemonSetWrite(key) => (
            Actor::DaemonSetController,
            daemon_set(key),
            WaitingFor::Turn,
        ),
        Due::DaemonSetRequeue(key) => (
            Actor::DaemonSetController,
            daemon_set(key),
            WaitingFor::LookAgain,
        ),
        Due::Schedule => (Actor::Scheduler, None, WaitingFor::Turn),
        Due::ScheduleAgain(key) => (
            Actor::Scheduler,
            Some(ObjectRef::pod(key)),
            match patience {
                Patience::Retry => WaitingFor::Flush,
                _ => WaitingFor::BackOff,
            },
        ),
        Due::Preempt { victim, .. } => (
            Actor::Scheduler,
            Some(ObjectRef::pod(victim)),
            WaitingFor::Turn,
        ),
        Due::KubeletPod { node, pod, work } => {
            let for_what = match work {
                Work::Accept | Work::Report | Work::Refused(_) => WaitingFor::Turn,
                Work::Pulled(_) | Work::PullFailed(_) => WaitingFor::Image,
                Work::PullBackOff(_) | Work::Prepare(_) | Work::RestartBackOff(_) => {
                    WaitingFor::BackOff
                }
                Work::Start(_) => WaitingFor::ContainerStart,
                Work::Ready(_) | Work::ProbeFailed(_) => WaitingFor::Readiness,
                Work::Exit(_) => WaitingFor::Exit,
                Work::Remove => WaitingFor::Stop,
            };
            (kubelet(node), Some(ObjectRef::pod(pod)), for_what)
        }
        Due::KubeletPressure { node: name } | Due::KubeletPressureEnds { node: name, .. } => {
            (kubelet(name), node(name), WaitingFor::Pressure)
        }
        Due::KubeletReady { node: name } => (kubelet(name), node(name), WaitingFor::Join),
        Due::LeaseCheck { node: name } => (Actor::NodeLifecycle, node(name), WaitingFor::Lease),
        Due::PodNotReady { pod } => (
            Actor::NodeLifecycle,
            Some(ObjectRef::pod(pod)),
            WaitingFor::Turn,
        ),
        Due::NodeTaints { node: name } => (Actor::NodeLifecycle, node(name), WaitingFor::Turn),
        Due::NodeNoExecute { node: name } => (Actor::NodeLifecycle, node(name), WaitingFor::Round),
        Due::TaintEviction { pod } => (
            Actor::TaintEviction,
            Some(ObjectRef::pod(pod)),
            WaitingFor::Toleration,
        ),
        Due::EventExpiry => (Actor::ApiServer, None, WaitingFor::Expiry),
        Due::PodGc => (Actor::PodGc, None, WaitingFor::Quarantine),
        Due::GarbageCollect { .. } => (Actor::GarbageCollector, None, WaitingFor::Turn),
    }
}
