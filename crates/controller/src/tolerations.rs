//! What a daemon pod tolerates.

use std::fmt;

use objects::{DaemonSet, Effect, PodSpec, Toleration};
use serde::{Deserialize, Serialize};

/// The tolerations of a daemon pod: the template's, and the automatic ones, each in the place of
/// all of the template's that differ from it at most in their seconds.
///
/// Models `AddOrUpdateDaemonPodTolerations`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
pub fn tolerations(daemon_set: &DaemonSet) -> Vec<Toleration> {
    let spec = &daemon_set.spec.template.spec;
    let mut tolerations = (*spec.tolerations).clone();
    for automatic in automatic(spec) {
        let (mut is_there, same) = (false, |it: &&mut Toleration| it.same_match(&automatic));
        for toleration in tolerations.iter_mut().filter(same) {
            *toleration = automatic.clone();
            is_there = true;
        }
        if !is_there {
            tolerations.push(automatic);
        }
    }
    tolerations
}

/// Those that the controller adds to every daemon pod, whatever its template says; of that they
/// depend only on whether the pod is in the host's network.
///
/// Models `AddOrUpdateDaemonPodTolerations`, the same file.
pub fn automatic(spec: &PodSpec) -> impl Iterator<Item = Toleration> {
    let in_host_network = spec
        .host_network
        .then_some(("network-unavailable", Effect::NoSchedule));
    let all = ALWAYS.into_iter().chain(in_host_network);
    all.map(|(key, effect)| Toleration::exists(&format!("node.kubernetes.io/{key}"), effect))
}

const ALWAYS: [(&str, Effect); 6] = [
    ("not-ready", Effect::NoExecute),
    ("unreachable", Effect::NoExecute),
    ("disk-pressure", Effect::NoSchedule),
    ("memory-pressure", Effect::NoSchedule),
    ("pid-pressure", Effect::NoSchedule),
    ("unschedulable", Effect::NoSchedule),
];

/// Which toleration of a daemon pod is for a taint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToleratedBy {
    /// One of the template's.
    Template(Toleration),
    /// One that the controller adds to every daemon pod.
    Automatic(Toleration),
    /// One that the controller adds to every daemon pod that is in the host's network.
    AutomaticInHostNetwork(Toleration),
}

impl ToleratedBy {
    /// Whether the controller adds it, so that no edit of the template takes it away.
    pub fn is_automatic(&self) -> bool {
        !matches!(self, Self::Template(_))
    }

    pub fn toleration(&self) -> &Toleration {
        match self {
            Self::Template(it) | Self::Automatic(it) | Self::AutomaticInHostNetwork(it) => it,
        }
    }
}

impl fmt::Display for ToleratedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.toleration())?;
        match self {
            Self::Template(_) => Ok(()),
            Self::Automatic(_) => f.write_str(", which the controller adds to every daemon pod"),
            Self::AutomaticInHostNetwork(_) => {
                f.write_str(", which the controller adds to every daemon pod in the host's network")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_automatic_toleration_takes_the_place_of_one_with_seconds() {
        let daemon_set: DaemonSet = serde_yaml::from_str(
            "spec: {template: {spec: {tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 60}, {key: a, operator: Exists}]}}}",
        ).unwrap();
        let tolerations = tolerations(&daemon_set);
        assert_eq!(tolerations.len(), 7);
        assert_eq!(tolerations[0].toleration_seconds, None);
        assert_eq!(tolerations[1].key, "a");
    }
}
