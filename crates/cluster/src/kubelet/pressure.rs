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
        let kubelet = self.machine(node)?;
        let news = if on {
            kubelet.short_of.insert(what)
        } else {
            kubelet.short_of.remove(&what)
        };
        let (runs, shown) = (kubelet.runs, kubelet.pressures.contains(&what));
        if !news || !runs {
            return Ok(news);
        }
        let node = node.clone();
        if on {
            self.watch_pressure(&node);
            self.due.cancel(&Due::KubeletPressureEnds { node, what });
        } else if shown {
            // A condition stays for a while after what ran short is there again.
            let at = self.now + self.timing.eviction_pressure_transition_period;
            let ends = Due::KubeletPressureEnds { node, what };
            self.due.instead_at(at, ends, Patience::Awaited);
        }
        Ok(news)
    }

    /// A kubelet whose machine runs short of something looks at it in its next round.
    pub(super) fn watch_pressure(&mut self, node: &Name) {
        let kubelet = self.kubelets.get(node);
        if let Some(kubelet) = kubelet.filter(|it| !it.short_of.is_empty()) {
            let (at, node) = (kubelet.round_after(self.now), node.clone());
            let look = Due::KubeletPressure { node };
            self.due.once_at(at, look, Patience::Awaited);
        }
    }

    /// A kubelet that starts knows nothing of when what ran short was there again: its first
    /// round tells what is so.
    pub(super) fn restart_pressure(&mut self, node: &Name) {
        self.watch_pressure(node);
        let Some(kubelet) = self.kubelets.get(node) else {
            return;
        };
        let at = kubelet.round_after(self.now);
        let over = kubelet.pressures.difference(&kubelet.short_of).copied();
        for what in over.collect::<Vec<_>>() {
            let node = node.clone();
            let ends = Due::KubeletPressureEnds { node, what };
            self.due.at(at, ends, Patience::Awaited);
        }
    }

    /// A round of a kubelet whose machine runs short of something: its node says so, and then one
    /// pod goes.
    pub(crate) fn kubelet_pressure(&mut self, node: &Name) -> Option<Step> {
        let kubelet = self.kubelet_mut(node)?;
        let news = kubelet.short_of.difference(&kubelet.pressures).next();
        if let Some(what) = news.copied() {
            kubelet.pressures.insert(what);
            let node = node.clone();
            self.soon(Due::KubeletPressure { node: node.clone() });
            return self.report_pressure(&node, what, true);
        }
        let what = kubelet.short_of.first().copied()?;
        let victim = self.victim(node, what)?;
        let message = self.evicted(&victim, what)?;
        let target = disruption_target("TerminationByKubelet", &message);
        self.fail_pod(node, &victim, "Evicted", &message, &[target]);
        if self.victim(node, what).is_some() {
            self.watch_pressure(node);
        }
        self.did(
            Actor::Kubelet { node: node.clone() },
            What::Evicted,
            ObjectRef::pod(&victim),
            Why::Said(message),
        )
    }

    /// What a machine ran short of has been there again for long enough.
    pub(crate) fn pressure_ends(&mut self, node: &Name, what: Pressure) -> Option<Step> {
        let shown = self.kubelet_mut(node)?.pressures.remove(&what);
        shown.then(|| self.report_pressure(node, what, false))?
    }

    fn report_pressure(&mut self, node: &Name, what: Pressure, on: bool) -> Option<Step> {
        let now = self.timestamp();
        let (reason, _) = what.words(on);
        let event = reason.replacen("Kubelet", "Node", 1);
        self.record_on_node(node, "kubelet", &event);
        self.write_node(node, |node| {
            set_condition(&mut node.status.conditions, what.as_condition(on), now);
        });
        self.did(
            Actor::Kubelet { node: node.clone() },
            What::Pressure { what, on },
            ObjectRef::node(node),
            Why::RunsShort { of: what, on },
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
