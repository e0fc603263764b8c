//! What the other components have left to do when all is quiet: nothing.

use objects::{ConditionStatus, ConditionType, Effect, Name, Node, Taint};

use super::memory::Memory;
use crate::{
    Cluster, Key,
    due::Due,
    fault::Component,
    fit,
    node_lifecycle::{NOT_READY, UNREACHABLE, UNSCHEDULABLE},
};

pub(super) fn pods_find_their_node(cluster: &Cluster, _: &Memory, report: &mut dyn FnMut(String)) {
    if !cluster.component_runs(Component::Scheduler) {
        return;
    }
    for (key, pod) in cluster.store.pods.iter() {
        if !pod.spec.node_name.is_empty() || pod.metadata.is_being_deleted() {
            continue;
        }
        if let Some(node) = cluster.node_for(pod) {
            report(format!("pod {key} has no node, and {node} would take it"));
        }
    }
}

/// Whether something is still to happen to a pod, if only after a back-off.
fn is_waited_for(cluster: &Cluster, pod: &Key) -> bool {
    cluster
        .due
        .iter()
        .any(|(_, due, _)| matches!(due, Due::KubeletPod { pod: of, .. } if of == pod))
}

pub(super) fn kubelets_finish(cluster: &Cluster, _: &Memory, report: &mut dyn FnMut(String)) {
    for (key, pod) in cluster.store.pods.iter() {
        let node = &pod.spec.node_name;
        let runs = cluster.kubelet_runs(node) == Some(true);
        if !runs || pod.is_terminal() || !cluster.store.nodes.contains_key(node) {
            continue;
        }
        if pod.metadata.is_being_deleted() {
            let is_held = !pod.metadata.finalizers.is_empty();
            if !is_held && !is_waited_for(cluster, key) {
                report(format!("pod {key} is to go from node {node} and does not"));
            }
        } else if !pod.is_ready() && !is_waited_for(cluster, key) {
            let status = pod.status_cell();
            report(format!(
                "pod {key} on node {node} is not ready, but {status}"
            ));
        }
    }
}

pub(super) fn nodes_say_how_they_are(
    cluster: &Cluster,
    _: &Memory,
    report: &mut dyn FnMut(String),
) {
    if !cluster.component_runs(Component::NodeLifecycle) {
        return;
    }
    for (name, node) in cluster.store.nodes.iter() {
        if let Some(runs) = cluster.kubelet_runs(name)
            && runs != node.is_ready()
        {
            let (is, ready) = (["stopped", "running"], ["not ready", "ready"]);
            let (is, ready) = (is[usize::from(runs)], ready[usize::from(!runs)]);
            report(format!(
                "the kubelet of node {name} is {is}, and the node {ready}"
            ));
        }
        for (key, wanted) in no_schedule(node) {
            let taint = Taint::new(key, Effect::NoSchedule);
            let there = node
                .spec
                .taints
                .iter()
                .any(|it| it.same_key_and_effect(&taint));
            if there != wanted {
                let has = if there { "has" } else { "lacks" };
                report(format!("node {name} {has} taint {taint}"));
            }
        }
        let old = |it: &&Taint| {
            it.effect == Effect::NoExecute && (it.key == NOT_READY || it.key == UNREACHABLE)
        };
        if let Some(taint) = node.spec.taints.iter().find(old)
            && node.is_ready()
        {
            report(format!("node {name} is ready and has taint {taint}"));
        }
    }
}

/// The NoSchedule taints of a node's state, and whether it is to have them.
fn no_schedule(node: &Node) -> [(&'static str, bool); 6] {
    let is = |type_: ConditionType, status: ConditionStatus| {
        node.condition(&type_).is_some_and(|it| it.status == status)
    };
    let pressure = |type_| is(type_, ConditionStatus::True);
    [
        (NOT_READY, is(ConditionType::Ready, ConditionStatus::False)),
        (
            UNREACHABLE,
            is(ConditionType::Ready, ConditionStatus::Unknown),
        ),
        (
            "node.kubernetes.io/memory-pressure",
            pressure(ConditionType::MemoryPressure),
        ),
        (
            "node.kubernetes.io/disk-pressure",
            pressure(ConditionType::DiskPressure),
        ),
        (
            "node.kubernetes.io/pid-pressure",
            pressure(ConditionType::PIDPressure),
        ),
        (UNSCHEDULABLE, node.spec.unschedulable),
    ]
}

pub(super) fn taints_take_effect(cluster: &Cluster, _: &Memory, report: &mut dyn FnMut(String)) {
    if !cluster.component_runs(Component::NodeLifecycle) {
        return;
    }
    for (name, node) in cluster.store.nodes.iter() {
        let tainted = node
            .spec
            .taints
            .iter()
            .any(|it| it.effect == Effect::NoExecute);
        let staying = cluster.store.pods_on(name).filter(|_| tainted);
        for pod in staying.filter(|it| !it.metadata.is_being_deleted()) {
            if let Some(taint) = fit::untolerated(pod, node, fit::NO_EXECUTE) {
                let pod: &Name = &pod.metadata.name;
                report(format!(
                    "pod {pod} is still on node {name} with taint {taint}"
                ));
            }
        }
    }
}
