//! What happens when a machine runs short of something: its node says so, and pods are evicted,
//! one at a time.
//!
//! Models `synchronize`, `pkg/kubelet/eviction/eviction_manager.go`, v1.34. How much a pod uses is
//! not known: pods rank by what they ask for and by priority, and the amounts in the messages are
//! the same for all.

use objects::{Condition, ConditionStatus, ConditionType, Effect, Name, Pod, Taint};

use super::admission::is_critical;
use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    conditions::{condition, disruption_target, set_condition},
    due::{Due, Patience},
    fault::Pressure,
    store::key_of,
};

impl Pressure {
    /// The condition of the node that says so.
    pub(crate) fn condition(self) -> ConditionType {
        match self {
            Self::Memory => ConditionType::MemoryPressure,
            Self::Disk => ConditionType::DiskPressure,
            Self::Pid => ConditionType::PIDPressure,
        }
    }

    /// The taint that follows the condition.
    pub(crate) fn taint(self) -> Taint {
        let key = match self {
            Self::Memory => "node.kubernetes.io/memory-pressure",
            Self::Disk => "node.kubernetes.io/disk-pressure",
            Self::Pid => "node.kubernetes.io/pid-pressure",
        };
        Taint::new(key, Effect::NoSchedule)
    }

    /// The reason of the condition and of the Event, and the condition's message.
    fn words(self, on: bool) -> (&'static str, &'static str) {
        match (self, on) {
            (Self::Memory, false) => (
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
            ),
            (Self::Memory, true) => (
                "KubeletHasInsufficientMemory",
                "kubelet has insufficient memory available",
            ),
            (Self::Disk, false) => ("KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            (Self::Disk, true) => ("KubeletHasDiskPressure", "kubelet has disk pressure"),
            (Self::Pid, false) => (
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available",
            ),
            (Self::Pid, true) => (
                "KubeletHasInsufficientPID",
                "kubelet has insufficient PID available",
            ),
        }
    }

    pub(super) fn as_condition(self, on: bool) -> Condition {
        let (reason, message) = self.words(on);
        let status = if on {
            ConditionStatus::True
        } else {
            ConditionStatus::False
        };
        condition(self.condition(), status, reason, message)
    }

    /// What the node is low on, below which amount it counts as that, and how much there is.
    fn amounts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Memory => ("memory", "100Mi", "50Mi"),
            Self::Disk => ("ephemeral-storage", "10737418240", "5Gi"),
            Self::Pid => ("pids", "1000", "500"),
        }
    }
}

impl Cluster {
    /// A machine runs short of something, or no longer does. Whether that is news.
    pub(crate) fn press(
        &mut self,
        node: &Name,
        what: Pressure,
        on: bool,
    ) -> Result<bool, crate::ApiError> {
        let now = self.now;
        // A condition stays for a while after what ran short is there again.
        let transition_period = self.timing.eviction_pressure_transition_period;
        let kubelet = self.machine(node)?;
        let news = if on {
            kubelet.short_of.insert(what)
        } else {
            kubelet.short_of.remove(&what)
        };
        let at = if on {
            kubelet.round_after(now)
        } else {
            now + transition_period
        };
        let shown = kubelet.pressures.contains(&what);
        if news && (on || shown) && kubelet.runs {
            self.due.at(
                at,
                Due::KubeletPressure { node: node.clone() },
                Patience::Awaited,
            );
        }
        Ok(news)
    }

    /// A kubelet whose machine runs short of something looks at it in its next round.
    pub(super) fn watch_pressure(&mut self, node: &Name) {
        let Some(kubelet) = self.kubelets.get(node) else {
            return;
        };
        if kubelet.short_of != kubelet.pressures || !kubelet.short_of.is_empty() {
            let at = kubelet.round_after(self.now);
            self.due.at(
                at,
                Due::KubeletPressure { node: node.clone() },
                Patience::Awaited,
            );
        }
    }

    /// A round of a kubelet whose machine runs short of something, or did.
    pub(crate) fn kubelet_pressure(&mut self, node: &Name) -> Option<Step> {
        let kubelet = self.kubelet_mut(node)?;
        let differs = kubelet
            .short_of
            .symmetric_difference(&kubelet.pressures)
            .next()
            .copied();
        let actor = Actor::Kubelet { node: node.clone() };
        if let Some(what) = differs {
            let on = kubelet.short_of.contains(&what);
            if on {
                kubelet.pressures.insert(what);
            } else {
                kubelet.pressures.remove(&what);
            }
            let now = self.timestamp();
            let (reason, _) = what.words(on);
            let event = reason.replacen("Kubelet", "Node", 1);
            self.record_on_node(node, "kubelet", &event);
            self.write_node(node, |node| {
                set_condition(&mut node.status.conditions, what.as_condition(on), now);
            });
            self.soon(Due::KubeletPressure { node: node.clone() });
            let why = Why::RunsShort { of: what, on };
            let what = What::Pressure { what, on };
            return self.did(actor, what, ObjectRef::node(node), why);
        }
        let what = kubelet.short_of.first().copied()?;
        let victim = self.victim(node, what)?;
        let message = self.evicted(&victim, what)?;
        let target = disruption_target("TerminationByKubelet", &message);
        self.fail_pod(node, &victim, "Evicted", &message, &[target]);
        if self.victim(node, what).is_some() {
            let at = self.kubelets.get(node)?.round_after(self.now);
            self.due.at(
                at,
                Due::KubeletPressure { node: node.clone() },
                Patience::Awaited,
            );
        }
        self.did(
            actor,
            What::Evicted,
            ObjectRef::pod(&victim),
            Why::Said(message),
        )
    }

    /// The pod that goes first: one that uses more than it asked for, then the lowest in priority.
    fn victim(&self, node: &Name, what: Pressure) -> Option<Key> {
        let kubelet = self.kubelets.get(node)?;
        let (resource, ..) = what.amounts();
        let asks = |pod: &Pod| {
            let resources = pod
                .spec
                .containers
                .iter()
                .filter_map(|it| it.resources.as_ref());
            resources
                .clone()
                .any(|it| it.requests.contains_key(resource))
        };
        let here = self.store.non_terminated_on(node);
        let pods = here.filter(|pod| !is_critical(pod)).filter(|pod| {
            let worker = kubelet.workers.get(&key_of(&pod.metadata));
            worker.is_some_and(|it| it.is_at_work())
        });
        let first = pods.min_by_key(|pod| (asks(pod), pod.spec.priority, key_of(&pod.metadata)));
        first.map(|pod| key_of(&pod.metadata))
    }

    fn evicted(&self, pod: &Key, what: Pressure) -> Option<String> {
        let (resource, threshold, available) = what.amounts();
        let mut message = format!(
            "The node was low on resource: {resource}. Threshold quantity: {threshold}, available: {available}. "
        );
        for container in &*self.store.pods.get(pod)?.spec.containers {
            let resources = container.resources.as_ref();
            let request = resources.and_then(|it| it.requests.get(resource));
            let request = request.map_or_else(|| "0".to_owned(), |it| it.to_string());
            if what != Pressure::Pid && request == "0" {
                message += &format!(
                    "Container {} was using 200Mi, request is {request}, has larger consumption of {resource}. ",
                    container.name
                );
            }
        }
        Some(message)
    }
}
