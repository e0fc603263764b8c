//! What a daemon pod tolerates.

use objects::{DaemonSet, Effect, Toleration};

/// The tolerations of a daemon pod: the template's, and the automatic ones, each in the place of
/// all of the template's that differ from it at most in their seconds.
///
/// Models `AddOrUpdateDaemonPodTolerations`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
pub fn tolerations(daemon_set: &DaemonSet) -> Vec<Toleration> {
    let spec = &daemon_set.spec.template.spec;
    let mut tolerations = (*spec.tolerations).clone();
    let always = [
        ("not-ready", Effect::NoExecute),
        ("unreachable", Effect::NoExecute),
        ("disk-pressure", Effect::NoSchedule),
        ("memory-pressure", Effect::NoSchedule),
        ("pid-pressure", Effect::NoSchedule),
        ("unschedulable", Effect::NoSchedule),
    ];
    let in_host_network = spec
        .host_network
        .then_some(("network-unavailable", Effect::NoSchedule));
    for (key, effect) in always.into_iter().chain(in_host_network) {
        let automatic = Toleration::exists(&format!("node.kubernetes.io/{key}"), effect);
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
