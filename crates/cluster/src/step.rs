//! What happened: who did what to which object, and why.

use std::{fmt, rc::Rc};

use controller::{CreateReason, DeleteReason, reason::Rule};
use objects::{DaemonSetStatus, Effect, Millis, Name, Taint};
use serde::{Deserialize, Serialize};

use crate::{Fault, Key, Kind, fault::Pressure, scheduler::Failure};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A person, by a kubectl command.
    Kubectl,
    /// The world.
    Fault,
    DaemonSetController,
    Scheduler,
    Kubelet {
        node: Name,
    },
    NodeLifecycle,
    TaintEviction,
    PodGc,
    GarbageCollector,
    ApiServer,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kubectl => "kubectl",
            Self::Fault => "fault",
            Self::DaemonSetController => "daemonset-controller",
            Self::Scheduler => "default-scheduler",
            Self::Kubelet { node } => return write!(f, "kubelet {node}"),
            Self::NodeLifecycle => "node-controller",
            Self::TaintEviction => "taint-eviction-controller",
            Self::PodGc => "pod-garbage-collector",
            Self::GarbageCollector => "garbage-collector",
            Self::ApiServer => "kube-apiserver",
        })
    }
}

/// An object by kind and key; nodes have no namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectRef {
    pub kind: Kind,
    pub key: Key,
}

impl ObjectRef {
    pub fn node(name: &Name) -> Self {
        Self {
            kind: Kind::Node,
            key: Key {
                namespace: Name::default(),
                name: name.clone(),
            },
        }
    }

    pub fn pod(key: &Key) -> Self {
        Self {
            kind: Kind::Pod,
            key: key.clone(),
        }
    }

    pub fn daemon_set(key: &Key) -> Self {
        Self {
            kind: Kind::DaemonSet,
            key: key.clone(),
        }
    }

    pub fn revision(key: &Key) -> Self {
        Self {
            kind: Kind::ControllerRevision,
            key: key.clone(),
        }
    }
}

/// `KIND/[NAMESPACE/]NAME`.
impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            // Its name says all of it.
            Kind::Other => f.write_str(&self.key.name.replacen("//", "/", 1)),
            kind if self.key.namespace.is_empty() => {
                write!(f, "{}/{}", kind.as_str(), self.key.name)
            }
            kind => write!(f, "{}/{}", kind.as_str(), self.key),
        }
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    Created,
    Changed,
    /// The object is gone.
    Removed,
    /// The object is marked to go: it has a deletion timestamp now.
    Deleted,
    Fault(Fault),
    CreatedPod {
        node: Name,
    },
    DeletedPod {
        node: Name,
    },
    Adopted,
    Released,
    Relabelled,
    Renumbered {
        revision: i64,
    },
    WroteStatus {
        before: Box<DaemonSetStatus>,
        after: Box<DaemonSetStatus>,
    },
    Bound {
        node: Name,
    },
    Unschedulable,
    Accepted {
        pulls: Option<Name>,
    },
    Pulled {
        image: Name,
    },
    Started {
        container: Name,
        pulls: Option<Name>,
    },
    /// A container is ready; others of its pod are not.
    ContainerReady {
        container: Name,
    },
    Ready,
    /// The kubelet would not have the pod.
    Rejected {
        reason: String,
    },
    /// An image is not to be had.
    PullFailed {
        image: Name,
        reason: String,
    },
    Exited {
        container: Name,
        exit_code: i64,
    },
    /// The kubelet waits before it tries again.
    BacksOff {
        container: Name,
        delay: Millis,
    },
    /// A node runs short of something, or no longer does.
    Pressure {
        what: Pressure,
        on: bool,
    },
    /// The kubelet ended the pod, as its node runs short of something.
    Evicted,
    Stopped,
    /// The API server refused a pod.
    CouldNotCreatePod {
        node: Name,
    },
    LostTouch,
    AddedTaint(Box<Taint>),
    RemovedTaint(Box<Taint>),
    MarkedNotReady,
}

/// Why it was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Why {
    /// A person said so, with this command.
    Asked(Rc<str>),
    /// It just happened.
    Happened,
    Create(CreateReason),
    Delete(DeleteReason),
    /// No revision holds the template.
    NewTemplate {
        revision: i64,
    },
    /// An older template is current again.
    TemplateIsBack,
    /// More revisions than `revisionHistoryLimit`, or several that hold the same template.
    SurplusRevision,
    SelectorMatches,
    SelectorMatchesNot,
    NoHashLabel,
    /// Nodes were counted anew.
    Counted,
    /// All filters of the scheduler let the node pass.
    FiltersPassed {
        pinned: bool,
    },
    /// No node passes all filters: what is against the first of them, and the scheduler's message.
    Filters {
        message: String,
        nodes: Vec<(Name, Failure)>,
    },
    /// The pod is bound to this node.
    BoundHere,
    ImageArrived,
    /// Its pull policy asks the registry each time.
    PullsAlways,
    ImagePresent,
    /// All containers run, and no probe says no.
    ContainersRun,
    /// The pod has a deletion timestamp, and its containers have stopped.
    DeletionAsked,
    /// The kubelet posts its status again.
    KubeletIsBack,
    /// The kubelet of a new node has come up.
    NodeJoined,
    /// No lease for longer than the grace period.
    LeaseExpired {
        last_lease: Millis,
        grace_period: Millis,
    },
    /// A condition of the node, or `spec.unschedulable`, calls for the taint or no longer does.
    Condition {
        /// `condition Ready`, or the field.
        of: String,
        value: String,
        /// Whether it has this value now, or no longer.
        holds: bool,
    },
    /// The node the pod is on is not ready.
    NodeNotReady {
        node: Name,
    },
    /// The node has been gone for longer than the quarantine.
    NodeGone {
        node: Name,
    },
    /// The owner is gone.
    OwnerGone {
        owner: String,
    },
    /// The owner waits for its dependents to go before it.
    OwnerWaits {
        owner: String,
    },
    /// The owner is deleted without its dependents.
    Orphaned {
        owner: String,
    },
    /// It waited for its dependents.
    NoDependentsLeft,
    /// The time that the pod tolerates the taint is over.
    TaintExpired {
        taint: Box<Taint>,
    },
    /// No zone has a node that is ready: that is taken for a fault of the control plane.
    AllZonesDown,
    /// The node is not ready and marked as out of service.
    OutOfService {
        node: Name,
    },
    /// The pod never had a node.
    NeverBound,
    /// There are more pods that have ended than are kept.
    ManyTerminated,
    /// It made room for a pod of higher priority.
    Preempted {
        by: Key,
    },
    ProbeSucceeded,
    /// Containers of the image end as soon as they are started.
    Crashes {
        image: Name,
    },
    /// An init container has done its work.
    InitDone,
    /// The container has ended more than once.
    ExitedAgain,
    PullFailedBefore {
        image: Name,
    },
    /// The API server would not have it.
    Refused(String),
    /// The machine runs short of something, or has no longer for a while.
    RunsShort {
        of: Pressure,
        on: bool,
    },
    /// What was said of it in the Event.
    Said(String),
}

impl Why {
    /// Where the rule is, as far as that does not turn on what was done.
    fn upstream(&self) -> Option<&'static str> {
        Some(match self {
            Self::Create(reason) => reason.upstream(),
            Self::Delete(reason) => reason.upstream(),
            Self::NewTemplate { .. } => "update.go snapshot",
            Self::TemplateIsBack => "update.go constructHistory",
            Self::SurplusRevision => "update.go cleanupHistory",
            Self::Counted => "daemon_controller.go updateDaemonSetStatus",
            Self::LeaseExpired { .. } => {
                "nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth"
            }
            Self::Condition { .. } => {
                "nodelifecycle/node_lifecycle_controller.go doNoScheduleTaintingPass"
            }
            Self::NodeGone { .. } => "podgc/gc_controller.go gcOrphaned",
            Self::OutOfService { .. } => "podgc/gc_controller.go gcTerminating",
            Self::NeverBound => "podgc/gc_controller.go gcUnscheduledTerminating",
            Self::ManyTerminated => "podgc/gc_controller.go gcTerminated",
            Self::AllZonesDown => "nodelifecycle/node_lifecycle_controller.go handleDisruption",
            Self::TaintExpired { .. } => "tainteviction/taint_eviction.go processPodOnNode",
            Self::OwnerGone { .. } => "garbagecollector/garbagecollector.go attemptToDeleteItem",
            Self::OwnerWaits { .. } | Self::NoDependentsLeft => {
                "garbagecollector/garbagecollector.go processDeletingDependentsItem"
            }
            Self::Orphaned { .. } => "garbagecollector/garbagecollector.go attemptToOrphanWorker",
            _ => return None,
        })
    }
}

/// One step: the next thing that changed an object, or an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub time: Millis,
    pub actor: Actor,
    pub what: What,
    /// `None`: a fault that befalls no object.
    pub object: Option<ObjectRef>,
    pub why: Why,
}

/// How an object is named in a sentence.
fn noun(object: &ObjectRef) -> String {
    match object.kind {
        Kind::Node => format!("node {}", object.key.name),
        Kind::DaemonSet => format!("daemon set {}", object.key),
        Kind::Pod => format!("pod {}", object.key),
        Kind::ControllerRevision => format!("revision {}", object.key),
        Kind::Event => format!("event {}", object.key),
        Kind::Other => object.to_string(),
    }
}

impl Step {
    /// Where in Kubernetes' source the rule is, below `pkg/controller/daemon/` or as said.
    pub fn upstream(&self) -> Option<&'static str> {
        let is_no_execute = |taint: &Taint| taint.effect == Effect::NoExecute;
        match (&self.what, &self.why) {
            (What::AddedTaint(taint), Why::Condition { .. }) if is_no_execute(taint) => {
                Some("nodelifecycle/node_lifecycle_controller.go doNoExecuteTaintingPass")
            }
            (What::RemovedTaint(taint), Why::Condition { .. }) if is_no_execute(taint) => {
                Some("nodelifecycle/node_lifecycle_controller.go processTaintBaseEviction")
            }
            _ => self.why.upstream(),
        }
    }

    /// The object, or what else a fault befell: `Pod/default/a-x7k2p`, `image/nginx:1.27`.
    pub fn object_text(&self) -> String {
        match (&self.object, &self.what) {
            (Some(object), _) => object.to_string(),
            (None, What::Fault(fault)) => fault.target(),
            (None, _) => String::new(),
        }
    }

    /// What was done to which object, as the middle of a sentence.
    pub fn deed(&self) -> String {
        let noun = self.object.as_ref().map_or_else(String::new, noun);
        let and_pulls = |pulls: &Option<Name>| match pulls {
            Some(image) => format!(" and pulls image {image}"),
            None => String::new(),
        };
        match &self.what {
            What::Created => format!("created {noun}"),
            What::Changed => format!("changed {noun}"),
            What::Removed => format!("removed {noun}"),
            What::Deleted => format!("asked to delete {noun}"),
            What::Fault(fault) => match fault {
                Fault::Kubelet { runs: false, .. } => format!("stopped the kubelet of {noun}"),
                Fault::Kubelet { runs: true, .. } => format!("started the kubelet of {noun}"),
                Fault::Power { on: false, .. } => format!("switched {noun} off"),
                Fault::Power { on: true, .. } => format!("switched {noun} on"),
                other => other.to_string(),
            },
            What::CreatedPod { node } => format!("created {noun} for node {node}"),
            What::DeletedPod { node } => format!("deleted {noun} on node {node}"),
            What::Adopted => format!("adopted {noun}"),
            What::Released => format!("released {noun}"),
            What::Relabelled => format!("relabelled {noun}"),
            What::Renumbered { revision } => format!("gave {noun} the number {revision}"),
            What::WroteStatus { before, after } => {
                format!(
                    "wrote the status of {noun}: {}",
                    status_change(before, after)
                )
            }
            What::Bound { node } => format!("bound {noun} to node {node}"),
            What::Unschedulable => format!("found no node for {noun}"),
            What::Accepted { pulls } => format!("took on {noun}{}", and_pulls(pulls)),
            What::Pulled { image } => format!("pulled image {image} for {noun}"),
            What::Started { container, pulls } => {
                format!(
                    "started container {container} of {noun}{}",
                    and_pulls(pulls)
                )
            }
            What::Ready => format!("reported {noun} ready"),
            What::ContainerReady { container } => {
                format!("reported container {container} of {noun} ready")
            }
            What::Rejected { reason } => format!("rejected {noun} with {reason}"),
            What::PullFailed { image, reason } => {
                format!("could not get image {image} for {noun}: {reason}")
            }
            What::Exited {
                container,
                exit_code,
            } => format!("saw container {container} of {noun} end with exit code {exit_code}"),
            What::BacksOff { container, delay } => {
                format!("waits {delay} before it tries container {container} of {noun} again")
            }
            What::Pressure { what, on: true } => {
                format!("reported {} on {noun}", what.condition().as_str())
            }
            What::Pressure { what, on: false } => {
                format!(
                    "reported the end of {} on {noun}",
                    what.condition().as_str()
                )
            }
            What::Evicted => format!("evicted {noun}"),
            What::CouldNotCreatePod { node } => {
                format!("could not create a pod of {noun} for node {node}")
            }
            What::Stopped => format!("stopped and removed {noun}"),
            What::LostTouch => format!("lost touch with {noun}"),
            What::AddedTaint(taint) => format!("put taint {taint} on {noun}"),
            What::RemovedTaint(taint) => format!("took taint {taint} off {noun}"),
            What::MarkedNotReady => format!("marked {noun} not ready"),
        }
    }
}

/// `numberReady 1 to 2, numberAvailable 1 to 2`.
fn status_change(before: &DaemonSetStatus, after: &DaemonSetStatus) -> String {
    let counters = before.counters().into_iter().zip(after.counters());
    let changed: Vec<String> = counters
        .filter(|(before, after)| before != after)
        .map(|((name, before), (_, after))| format!("{name} {before} to {after}"))
        .collect();
    if changed.is_empty() {
        format!("observedGeneration {}", after.observed_generation)
    } else {
        changed.join(", ")
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked(command) => write!(f, "{command}"),
            Self::Happened => f.write_str("it happens"),
            Self::Create(reason) => write!(f, "{reason}"),
            Self::Delete(reason) => write!(f, "{reason}"),
            Self::NewTemplate { revision } => {
                write!(
                    f,
                    "no revision holds the pod template yet, so it becomes revision {revision}"
                )
            }
            Self::TemplateIsBack => f.write_str("its pod template is the current one again"),
            Self::SurplusRevision => f.write_str("no pod carries it and the history is full"),
            Self::SelectorMatches => f.write_str("the selector matches and nobody owns it"),
            Self::SelectorMatchesNot => f.write_str("the selector matches it no longer"),
            Self::NoHashLabel => f.write_str("it lacks the label controller-revision-hash"),
            Self::Counted => f.write_str("nodes and pods were counted anew"),
            Self::FiltersPassed { pinned: true } => {
                f.write_str("its affinity names this one node, and there is room")
            }
            Self::FiltersPassed { pinned: false } => {
                f.write_str("the node fits, and there is room")
            }
            Self::Filters { message, .. } => f.write_str(message),
            Self::BoundHere => f.write_str("it is bound to this node"),
            Self::ImageArrived => f.write_str("the image was not on the node yet"),
            Self::PullsAlways => f.write_str("its pull policy is Always"),
            Self::ImagePresent => f.write_str("its image is on the node"),
            Self::ContainersRun => f.write_str("all its containers run"),
            Self::DeletionAsked => {
                f.write_str("it was to be deleted, and its containers have ended")
            }
            Self::KubeletIsBack => f.write_str("the kubelet is back"),
            Self::NodeJoined => f.write_str("the kubelet has come up"),
            Self::LeaseExpired {
                last_lease,
                grace_period,
            } => write!(
                f,
                "its last lease was renewed at T+{last_lease}, more than {grace_period} ago"
            ),
            Self::Condition {
                of,
                value,
                holds: true,
            } => write!(f, "{of} is {value}"),
            Self::Condition {
                of,
                value,
                holds: false,
            } => write!(f, "{of} is no longer {value}"),
            Self::NodeNotReady { node } => write!(f, "node {node} is not ready"),
            Self::NodeGone { node } => write!(f, "node {node} no longer exists"),
            Self::OwnerGone { owner } => write!(f, "its owner {owner} is gone"),
            Self::OwnerWaits { owner } => {
                write!(f, "its owner {owner} waits for it to go first")
            }
            Self::Orphaned { owner } => {
                write!(f, "its owner {owner} is deleted without what it owns")
            }
            Self::NoDependentsLeft => f.write_str("nothing is left of what it waited for"),
            Self::TaintExpired { taint } => {
                write!(f, "it does not tolerate taint {taint}, or not for longer")
            }
            Self::AllZonesDown => f.write_str(
                "no zone has a node that is ready, which is taken for a fault of the control plane",
            ),
            Self::OutOfService { node } => {
                write!(f, "node {node} is not ready and marked as out of service")
            }
            Self::NeverBound => f.write_str("it is to be deleted and never had a node"),
            Self::ManyTerminated => f.write_str("more pods have ended than are kept"),
            Self::Preempted { by } => {
                write!(f, "pod {by} has a higher priority and needs the room")
            }
            Self::ProbeSucceeded => f.write_str("its probes say so"),
            Self::Crashes { image } => write!(f, "containers of image {image} crash"),
            Self::InitDone => f.write_str("it has done its work"),
            Self::ExitedAgain => f.write_str("it has ended again and again"),
            Self::PullFailedBefore { image } => {
                write!(f, "image {image} could not be pulled")
            }
            Self::RunsShort { of, on: true } => {
                write!(f, "its machine runs short of {}", of.as_str())
            }
            Self::RunsShort { of, on: false } => {
                write!(
                    f,
                    "its machine has not run short of {} for a while",
                    of.as_str()
                )
            }
            Self::Refused(message) | Self::Said(message) => f.write_str(message.trim_end()),
        }
    }
}

/// `T+12.3s  daemonset-controller  created pod default/a-x7k2p for node worker-2: no daemon pod
/// there, ...`
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.time.0 / 1000;
        write!(
            f,
            "T+{seconds}.{:03}s  {}  {}: {}",
            self.time.0 % 1000,
            self.actor,
            self.deed(),
            self.why
        )
    }
}
