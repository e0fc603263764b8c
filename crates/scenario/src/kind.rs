//! Kinds as kubectl takes them: `ds`, `daemonset`, `daemonsets.apps`, `DaemonSet`.

use crate::nearest::nearest;

/// A kind of Kubernetes' own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KnownKind {
    pub(crate) kind: &'static str,
    plural: &'static str,
    short: &'static str,
    pub(crate) is_namespaced: bool,
}

const fn namespaced(kind: &'static str, plural: &'static str, short: &'static str) -> KnownKind {
    KnownKind {
        kind,
        plural,
        short,
        is_namespaced: true,
    }
}

const fn global(kind: &'static str, plural: &'static str, short: &'static str) -> KnownKind {
    KnownKind {
        kind,
        plural,
        short,
        is_namespaced: false,
    }
}

/// As `kubectl api-resources` lists them, v1.34.
const KINDS: [KnownKind; 39] = [
    namespaced("Pod", "pods", "po"),
    global("Node", "nodes", "no"),
    namespaced("DaemonSet", "daemonsets", "ds"),
    namespaced("ControllerRevision", "controllerrevisions", ""),
    namespaced("Event", "events", "ev"),
    global("Namespace", "namespaces", "ns"),
    namespaced("ConfigMap", "configmaps", "cm"),
    namespaced("Secret", "secrets", ""),
    namespaced("Service", "services", "svc"),
    namespaced("ServiceAccount", "serviceaccounts", "sa"),
    namespaced("Endpoints", "endpoints", "ep"),
    namespaced("EndpointSlice", "endpointslices", ""),
    namespaced("LimitRange", "limitranges", "limits"),
    namespaced("ResourceQuota", "resourcequotas", "quota"),
    global("PersistentVolume", "persistentvolumes", "pv"),
    namespaced("PersistentVolumeClaim", "persistentvolumeclaims", "pvc"),
    namespaced("PodTemplate", "podtemplates", ""),
    namespaced("ReplicationController", "replicationcontrollers", "rc"),
    namespaced("ReplicaSet", "replicasets", "rs"),
    namespaced("Deployment", "deployments", "deploy"),
    namespaced("StatefulSet", "statefulsets", "sts"),
    namespaced("Job", "jobs", ""),
    namespaced("CronJob", "cronjobs", "cj"),
    namespaced("HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa"),
    namespaced("PodDisruptionBudget", "poddisruptionbudgets", "pdb"),
    namespaced("Ingress", "ingresses", "ing"),
    namespaced("NetworkPolicy", "networkpolicies", "netpol"),
    global("PriorityClass", "priorityclasses", "pc"),
    global("RuntimeClass", "runtimeclasses", ""),
    global("StorageClass", "storageclasses", "sc"),
    global("IngressClass", "ingressclasses", ""),
    global("CSIDriver", "csidrivers", ""),
    global("CSINode", "csinodes", ""),
    global(
        "CustomResourceDefinition",
        "customresourcedefinitions",
        "crd",
    ),
    namespaced("Role", "roles", ""),
    namespaced("RoleBinding", "rolebindings", ""),
    global("ClusterRole", "clusterroles", ""),
    global("ClusterRoleBinding", "clusterrolebindings", ""),
    namespaced("Lease", "leases", ""),
];

/// What is meant by a kind's name; a group behind it, `daemonsets.apps`, is passed over.
///
/// # Errors
/// With the nearest there is.
pub(crate) fn known(text: &str) -> Result<&'static KnownKind, String> {
    let bare = text.split('.').next().unwrap_or(text).to_lowercase();
    let is_so = |it: &&KnownKind| {
        let names = [&it.kind.to_lowercase(), it.plural, it.short];
        !bare.is_empty() && names.contains(&bare.as_str())
    };
    KINDS.iter().find(is_so).ok_or_else(|| {
        let names = KINDS.iter().flat_map(|it| [it.kind, it.plural]);
        match nearest(&bare, names) {
            Some(near) => format!("unknown kind {text:?}; did you mean {near:?}?"),
            None => format!(
                "unknown kind {text:?}; give it as kubectl takes it, such as pod, ds or node"
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_all_their_names() {
        for (text, want) in [
            ("po", "Pod"),
            ("Pod", "Pod"),
            ("pods", "Pod"),
            ("ds", "DaemonSet"),
            ("daemonsets.apps", "DaemonSet"),
            ("daemonset.v1.apps", "DaemonSet"),
            ("no", "Node"),
            ("ControllerRevision", "ControllerRevision"),
            ("pdb", "PodDisruptionBudget"),
            ("networkpolicies", "NetworkPolicy"),
        ] {
            assert_eq!(known(text).map(|it| it.kind), Ok(want));
        }
        for (text, want) in [
            ("Pdo", "unknown kind \"Pdo\"; did you mean \"Pod\"?"),
            (
                "daemonsts",
                "unknown kind \"daemonsts\"; did you mean \"daemonsets\"?",
            ),
            (
                "",
                "unknown kind \"\"; give it as kubectl takes it, such as pod, ds or node",
            ),
        ] {
            assert_eq!(known(text), Err(want.to_owned()));
        }
    }
}
