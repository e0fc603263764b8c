//! Whether a node takes a pod on: its kubelet looks again, as the scheduler may have been late or
//! was never asked.
//!
//! Models `lifecycle.NewPredicateAdmitHandler`, `pkg/kubelet/lifecycle/predicate.go`, and
//! `Admit` of `pkg/kubelet/eviction/eviction_manager.go`, v1.34.

use std::fmt;

use objects::{Name, Pod};

use crate::{
    Cluster, Key,
    fault::Pressure,
    fit::{self, Lacking},
};

/// Pods of this priority or above are critical.
const CRITICAL: i64 = 2_000_000_000;

/// Whether everything is done to keep a pod running.
pub(super) fn is_critical(pod: &Pod) -> bool {
    pod.spec.priority.unwrap_or(0) >= CRITICAL
}

/// Whether no container asks for anything.
pub(super) fn is_best_effort(pod: &Pod) -> bool {
    let containers = pod.spec.containers.iter().chain(&*pod.spec.init_containers);
    let mut resources = containers.filter_map(|it| it.resources.as_ref());
    resources.all(|it| it.requests.is_empty() && it.limits.is_empty())
}

/// Why a pod is not taken on.
pub(super) enum Rejection {
    Pressure(Vec<Pressure>),
    Lacking(Lacking),
    /// A rule of the scheduler that it breaks.
    Predicate(&'static str),
}

impl Rejection {
    /// The pod's `status.reason`, and that of the Event.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Pressure(_) => "Evicted".into(),
            Self::Lacking(lacking) => format!("OutOf{}", lacking.resource),
            Self::Predicate(name) => (*name).into(),
        }
    }
}

/// The pod's `status.message`, and that of the Event.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pod was rejected: ")?;
        match self {
            Self::Pressure(pressures) => {
                let names: Vec<_> = pressures.iter().map(|it| it.condition()).collect();
                let names: Vec<&str> = names.iter().map(|it| it.as_str()).collect();
                write!(f, "The node had condition: [{}]. ", names.join(" "))
            }
            Self::Lacking(it) => write!(
                f,
                "Node didn't have enough resource: {}, requested: {}, used: {}, capacity: {}",
                it.resource, it.requested, it.used, it.capacity
            ),
            Self::Predicate(name) => write!(f, "Predicate {name} failed"),
        }
    }
}

impl Cluster {
    /// Why a node does not take a pod on, if it does not. A critical pod that lacks room makes
    /// some.
    pub(super) fn rejection(&mut self, node: &Name, pod: &Pod) -> Option<Rejection> {
        let under: Vec<Pressure> = self.kubelets.get(node)?.pressures.iter().copied().collect();
        if !under.is_empty() && !is_critical(pod) && !self.bears(pod, &under) {
            return Some(Rejection::Pressure(under));
        }
        let object = self.node(node)?.clone();
        if let Some(lacking) = self.lacking_for(pod, node)
            && (!is_critical(pod) || !self.make_room(node, pod))
        {
            return Some(Rejection::Lacking(lacking));
        }
        if !fit::selects(pod, &object) {
            return Some(Rejection::Predicate("NodeAffinity"));
        }
        let others = self.admitted(pod, node);
        if fit::ports_taken(pod, others.iter().copied()) {
            return Some(Rejection::Predicate("NodePorts"));
        }
        let untolerated = fit::untolerated(pod, &object, fit::NO_EXECUTE);
        untolerated.map(|_| Rejection::Predicate("TaintToleration"))
    }

    /// Memory alone is kept from pods that ask for nothing and do not say that they bear it.
    fn bears(&self, pod: &Pod, under: &[Pressure]) -> bool {
        let taint = Pressure::Memory.taint();
        under == [Pressure::Memory]
            && (!is_best_effort(pod) || pod.spec.tolerations.iter().any(|it| it.tolerates(&taint)))
    }

    /// The other pods that the kubelet has taken on.
    fn admitted(&self, pod: &Pod, node: &Name) -> Vec<&Pod> {
        let Some(kubelet) = self.kubelets.get(node) else {
            return Vec::new();
        };
        let here = self.store.non_terminated_on(node).map(|it| &**it);
        here.filter(|it| it.metadata.uid != pod.metadata.uid)
            .filter(|it| {
                let key = crate::store::key_of(&it.metadata);
                kubelet
                    .workers
                    .get(&key)
                    .is_some_and(|worker| !worker.is_new())
            })
            .collect()
    }

    fn lacking_for(&self, pod: &Pod, node: &Name) -> Option<Lacking> {
        let others = self.admitted(pod, node);
        let node = self.node(node)?;
        fit::lacking(pod, node, others.iter().copied())
            .into_iter()
            .next()
    }

    /// Ends pods of lower priority until a critical one fits; nothing if that does not help.
    ///
    /// Models `CriticalPodAdmissionHandler`, `pkg/kubelet/preemption/preemption.go`, v1.34: of
    /// those below, the lowest in priority first.
    fn make_room(&mut self, node: &Name, pod: &Pod) -> bool {
        let Some(object) = self.node(node).cloned() else {
            return false;
        };
        let mut others = self.admitted(pod, node);
        let priority = pod.spec.priority.unwrap_or(0);
        let mut below: Vec<&Pod> = others
            .iter()
            .copied()
            .filter(|it| !is_critical(it) && it.spec.priority.unwrap_or(0) < priority)
            .collect();
        below.sort_by_key(|it| (it.spec.priority, it.metadata.name.clone()));
        let mut victims: Vec<Key> = Vec::new();
        for victim in below {
            if fit::lacking(pod, &object, others.iter().copied()).is_empty() {
                break;
            }
            others.retain(|it| it.metadata.uid != victim.metadata.uid);
            victims.push(crate::store::key_of(&victim.metadata));
        }
        if !fit::lacking(pod, &object, others.iter().copied()).is_empty() {
            return false;
        }
        for key in victims {
            let message = "Preempted in order to admit critical pod";
            self.fail_pod(node, &key, "Preempting", message, &[]);
        }
        true
    }
}
