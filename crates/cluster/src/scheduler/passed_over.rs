//! What Kubernetes' scheduler would ask of a pod, and this one does not.

use objects::PodSpec;
use serde_json::Value;

/// The fields of a pod's spec that may keep it off a node in Kubernetes, and keep it off none here.
///
/// Of the plugins `interpodaffinity` and `podtopologyspread`,
/// `pkg/scheduler/framework/plugins/`, v1.34: preferences keep no pod off a node.
pub fn passed_over(spec: &PodSpec) -> Vec<&'static str> {
    let requires = |affinity: &str| {
        let terms = spec.affinity.as_ref().and_then(|it| it.rest.get(affinity));
        let terms = terms.map(|it| &it["requiredDuringSchedulingIgnoredDuringExecution"]);
        terms
            .and_then(Value::as_array)
            .is_some_and(|it| !it.is_empty())
    };
    let spreads = spec.rest.get("topologySpreadConstraints");
    let mut spreads = spreads.and_then(Value::as_array).into_iter().flatten();
    [
        ("affinity.podAffinity", requires("podAffinity")),
        ("affinity.podAntiAffinity", requires("podAntiAffinity")),
        (
            "topologySpreadConstraints",
            spreads.any(|it| it["whenUnsatisfiable"] == "DoNotSchedule"),
        ),
    ]
    .into_iter()
    .filter_map(|(field, is_asked)| is_asked.then_some(field))
    .collect()
}

#[cfg(test)]
mod tests {
    use objects::{Object, manifest};

    use super::*;

    #[track_caller]
    fn check(spec: &str, expected: &str) {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{ name: a }}\nspec: {{ containers: [], {spec} }}\n"
        );
        let read = manifest::read(&text);
        let Some((Object::Pod(pod), _)) = read.objects.first() else {
            panic!("{:?}", read.problems)
        };
        assert_eq!(passed_over(&pod.spec).join(" "), expected, "{spec}");
    }

    #[test]
    fn what_keeps_a_pod_off_a_node_elsewhere_is_named() {
        check("nodeSelector: { a: b }", "");
        check(
            "topologySpreadConstraints: [ { topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule } ]",
            "topologySpreadConstraints",
        );
        check(
            "topologySpreadConstraints: [ { topologyKey: zone, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway } ]",
            "",
        );
        let term = "[ { topologyKey: kubernetes.io/hostname } ]";
        check(
            &format!(
                "affinity: {{ podAntiAffinity: {{ requiredDuringSchedulingIgnoredDuringExecution: {term} }} }}"
            ),
            "affinity.podAntiAffinity",
        );
        check(
            "affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } }",
            "",
        );
    }
}
