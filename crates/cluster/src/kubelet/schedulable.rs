//! Events by which a kubelet tells whether its node takes new pods.
//!
//! Models `recordNodeSchedulableEvent`, `pkg/kubelet/kubelet_node_status.go`, v1.34. There it is
//! told with the next status of the node, up to 10 s later.

use objects::Name;

use crate::Cluster;

impl Cluster {
    /// Tells it, if it is another than was told last.
    pub(crate) fn tell_schedulable(&mut self, name: &Name) {
        let Some(unschedulable) = self.node(name).map(|it| it.spec.unschedulable) else {
            return;
        };
        let kubelet = self.kubelets.get(name).filter(|it| it.runs());
        if kubelet.is_none_or(|it| it.told_unschedulable == unschedulable) {
            return;
        }
        if let Some(kubelet) = self.kubelet_mut(name) {
            kubelet.told_unschedulable = unschedulable;
        }
        let reason = match unschedulable {
            true => "NodeNotSchedulable",
            false => "NodeSchedulable",
        };
        self.record_on_node(name, "kubelet", reason);
    }
}
