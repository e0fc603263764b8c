//! Which change wakes which component.
//!
//! Models the event handlers of `pkg/controller/daemon/daemon_controller.go`,
//! `pkg/scheduler/eventhandlers.go` and the kubelet's pod source, v1.34. Every component sees a
//! write at once.

use std::rc::Rc;

use controller::placement::Rules;
use objects::{DaemonSet, Labels, Node, ObjectMeta, Pod};

use crate::{Cluster, Key, store::key_of};

impl Cluster {
    /// Puts the DaemonSet that controls an object into the queue.
    pub(crate) fn enqueue_owner(&mut self, object: &ObjectMeta) {
        if let Some(key) = self.owner(object) {
            self.enqueue_daemon_set(&key);
        }
    }

    fn owner(&self, object: &ObjectMeta) -> Option<Key> {
        let owner = object
            .controller()
            .filter(|owner| owner.kind == "DaemonSet")?;
        let key = Key {
            namespace: object.namespace.clone(),
            name: owner.name.clone(),
        };
        let daemon_set = self.store.daemon_sets.get(&key)?;
        (daemon_set.metadata.uid == owner.uid).then_some(key)
    }

    pub(crate) fn pod_changed(&mut self, before: Option<Rc<Pod>>, after: Option<Rc<Pod>>) {
        if let Some(pod) = after.as_ref().or(before.as_ref()) {
            self.daemonset_controller
                .pod_changed(&key_of(&pod.metadata));
        }
        self.tell_daemonset_controller(before.as_deref(), after.as_deref());
        match (before.as_deref(), after.as_deref()) {
            (None, Some(pod)) if pod.spec.node_name.is_empty() => {
                self.queue_pod(&key_of(&pod.metadata));
            }
            (Some(before), Some(pod)) if pod.spec.node_name.is_empty() => {
                self.unbound_pod_changed(before, pod);
            }
            (before, Some(pod)) => self.bound_pod_changed(before, pod),
            (Some(pod), None) => {
                let key = key_of(&pod.metadata);
                self.dependent_gone(&pod.metadata);
                self.forget_eviction(&key);
                if pod.spec.node_name.is_empty() {
                    self.scheduler.forget(&key);
                } else {
                    self.forget_pod(&pod.spec.node_name, &key);
                    self.wake_unschedulable(Some(&pod.spec.node_name));
                }
            }
            (None, None) => {}
        }
        if after.is_some_and(|pod| self.is_garbage(&pod)) || self.too_many_terminated() {
            self.collect_pods_later();
        }
    }

    /// A pod that has a node is new, or was changed.
    fn bound_pod_changed(&mut self, before: Option<&Pod>, pod: &Pod) {
        let grace = |pod: &Pod| pod.metadata.deletion_grace_period_seconds;
        let was_bound = before.is_some_and(|pod| !pod.spec.node_name.is_empty());
        let hurried = before.is_some_and(|before| grace(before) != grace(pod));
        if !was_bound || hurried {
            self.tell_kubelet(pod);
        }
        let ended = pod.is_terminal() && !before.is_some_and(Pod::is_terminal);
        if ended {
            self.wake_unschedulable(Some(&pod.spec.node_name));
        }
        if !was_bound && let Some(node) = self.node(&pod.spec.node_name).cloned() {
            self.watch_no_execute_for(pod, &node);
        }
    }

    fn tell_daemonset_controller(&mut self, before: Option<&Pod>, after: Option<&Pod>) {
        let goes = |pod: Option<&Pod>| pod.is_none_or(|pod| pod.metadata.is_being_deleted());
        let Some(pod) = after.or(before) else { return };
        let Some(owner) = self.owner(&pod.metadata) else {
            // Nobody's: those who might adopt it are to look.
            if let Some(pod) = after.filter(|pod| pod.metadata.controller().is_none()) {
                for key in self.selecting(&pod.metadata) {
                    self.enqueue_daemon_set(&key);
                }
                if let Some(before) = before {
                    self.enqueue_owner(&before.metadata);
                }
            }
            return;
        };
        // Whatever is seen of a pod that goes counts as its deletion.
        match (before, after) {
            (_, after) if goes(after) => self.daemonset_controller.observe_deletion(&owner),
            (None, _) => self.daemonset_controller.observe_creation(&owner),
            _ => {}
        }
        let became_ready = after.is_some_and(Pod::is_ready) && !before.is_some_and(Pod::is_ready);
        let min_ready_seconds = self
            .store
            .daemon_sets
            .get(&owner)
            .map_or(0, |it| it.spec.min_ready_seconds);
        if became_ready && min_ready_seconds > 0 {
            self.look_when_available(&owner, min_ready_seconds);
        }
        self.enqueue_daemon_set(&owner);
    }

    /// The DaemonSets whose selector matches an object.
    fn selecting(&self, object: &ObjectMeta) -> Vec<Key> {
        let selects = |daemon_set: &DaemonSet, labels: &Labels| {
            let selector = daemon_set.spec.selector.as_ref();
            selector.is_some_and(|selector| !selector.is_empty() && selector.matches(labels))
        };
        let daemon_sets = self.store.daemon_sets.iter();
        daemon_sets
            .filter(|(key, it)| key.namespace == object.namespace && selects(it, &object.labels))
            .map(|(key, _)| key.clone())
            .collect()
    }

    pub(crate) fn node_changed(
        &mut self,
        name: &objects::Name,
        before: Option<&Node>,
        after: Option<&Node>,
    ) {
        self.daemonset_controller.node_changed(name);
        self.watch_zones(before, after);
        let Some(node) = after else {
            // Deleting a node wakes no DaemonSet; pod GC does, when it removes the pods.
            self.collect_pods_later();
            return;
        };
        let differs = before.is_none_or(|before| {
            before.metadata.labels != node.metadata.labels || before.spec.taints != node.spec.taints
        });
        if differs {
            for key in self.concerned(node) {
                self.enqueue_daemon_set(&key);
            }
        }
        if before.is_none_or(|before| before.spec.unschedulable != node.spec.unschedulable) {
            self.tell_schedulable(name);
        }
        self.watch_conditions(before, node);
        self.watch_out_of_service(name);
        let for_scheduler = differs
            || before.is_some_and(|before| {
                before.spec.unschedulable != node.spec.unschedulable
                    || before.status.allocatable != node.status.allocatable
            });
        if for_scheduler {
            self.wake_unschedulable(Some(name));
        }
    }

    /// The DaemonSets that should run on a node or have a pod there.
    fn concerned(&self, node: &Node) -> Vec<Key> {
        let has_pod = |daemon_set: &DaemonSet| {
            self.store.pods_on(&node.metadata.name).any(|pod| {
                pod.metadata
                    .controller()
                    .is_some_and(|it| it.uid == daemon_set.metadata.uid)
            })
        };
        let daemon_sets = self.store.daemon_sets.iter();
        daemon_sets
            .filter(|(_, it)| Rules::new(it).decide(node).should_run || has_pod(it))
            .map(|(key, _)| key.clone())
            .collect()
    }
}
