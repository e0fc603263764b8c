//! Should this node run the daemon pod.

use crate::world::{World, check_worlds, placement};

#[test]
fn section_3_3_names_and_labels() {
    let row = |name, nodes, spec, want| (name, World::new(nodes, "").template_spec(spec), want);
    check_worlds(
        placement,
        [
            row("no node", "", "{}", ""),
            row(
                "nodeName, one of three",
                "a, b, c",
                "{nodeName: b}",
                "a no, b run, c no",
            ),
            row("nodeName of no node", "a", "{nodeName: z}", "a no"),
            row(
                "nodeName does not get past a taint, 11.4",
                "a x:NoSchedule, b x:NoExecute",
                "{nodeName: a}",
                "a stay, b no",
            ),
            row(
                "every label must be there",
                "a p=1, b p=1 q=2, c q=2",
                "{nodeSelector: {p: '1', q: '2'}}",
                "a no, b run, c no",
            ),
            row(
                "an empty value is not a missing label",
                "a, b gpu=, c gpu=x",
                "{nodeSelector: {gpu: ''}}",
                "a no, b run, c no",
            ),
            row(
                "a wrong label weighs more than a taint that lets pods stay",
                "a x:NoSchedule",
                "{nodeSelector: {p: '1'}}",
                "a no",
            ),
        ],
    );
}

#[test]
fn section_3_3_affinity() {
    let affinity = |terms: &str| {
        format!(
            "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{terms}]}}}}}}"
        )
    };
    let row = |name, nodes, terms, want| {
        let spec = format!("{{{}}}", affinity(terms));
        (name, World::new(nodes, "").template_spec(&spec), want)
    };
    check_worlds(
        placement,
        [
            row("no terms match nothing", "a", "", "a no"),
            row(
                "an empty term does not spoil the next, 11.3",
                "a p=1, b",
                "{}, {matchExpressions: [{key: p, operator: Exists}]}",
                "a run, b no",
            ),
            row(
                "expressions and fields of a term must both hold",
                "a p=1, b p=1, c",
                "{matchExpressions: [{key: p, operator: Exists}], matchFields: [{key: metadata.name, operator: NotIn, values: [b]}]}",
                "a run, b no, c no",
            ),
            row(
                "one expression that cannot be read takes its whole term out, 11.3",
                "a p=1",
                "{matchExpressions: [{key: p, operator: Exists}, {key: p, operator: Exists, values: ['1']}]}",
                "a no",
            ),
            row(
                "what no label can be cannot be read",
                "a p=1",
                "{matchExpressions: [{key: p, operator: In, values: ['1', '-bad-']}]}, {matchExpressions: [{key: -bad-, operator: DoesNotExist}]}, {matchExpressions: [{key: p, operator: NotIn, values: ['a b']}]}",
                "a no",
            ),
            row(
                "NotIn and DoesNotExist hold for a label that is missing",
                "a, b p=1, c p=2",
                "{matchExpressions: [{key: p, operator: NotIn, values: ['1']}]}",
                "a run, b no, c run",
            ),
            row(
                "Gt compares numbers and not itself",
                "a cpus=9, b cpus=10, c cpus=11, d cpus=many",
                "{matchExpressions: [{key: cpus, operator: Gt, values: ['9']}]}",
                "a no, b run, c run, d no",
            ),
        ],
    );
    let both = format!(
        "{{nodeSelector: {{p: '1'}}, {}}}",
        affinity("{matchExpressions: [{key: q, operator: Exists}]}")
    );
    check_worlds(
        placement,
        [(
            "nodeSelector and affinity must both hold",
            World::new("a p=1, b q=1, c p=1 q=1", "").template_spec(&both),
            "a no, b no, c run",
        )],
    );
}

#[test]
fn section_3_3_taints() {
    let row = |name, nodes, tolerations: &str, want| {
        let spec = format!("{{tolerations: [{tolerations}]}}");
        (name, World::new(nodes, "").template_spec(&spec), want)
    };
    check_worlds(
        placement,
        [
            row(
                "NoExecute decides, whichever taint comes first",
                "a x:NoSchedule x:NoExecute, b x:NoExecute x:NoSchedule",
                "",
                "a no, b no",
            ),
            row(
                "one tolerated taint of two is not enough",
                "a x:NoSchedule y:NoSchedule, b y:NoSchedule x:NoSchedule",
                "{key: x, operator: Exists}",
                "a stay, b stay",
            ),
            row(
                "the same taint twice, tolerated in one effect",
                "a x:NoSchedule x:NoExecute",
                "{key: x, operator: Exists, effect: NoExecute}",
                "a stay",
            ),
            row(
                "and in the other",
                "a x:NoSchedule x:NoExecute",
                "{key: x, operator: Exists, effect: NoSchedule}",
                "a no",
            ),
            row(
                "PreferNoSchedule is never read",
                "a x:PreferNoSchedule",
                "",
                "a run",
            ),
            row(
                "a toleration for all of one effect",
                "a x:NoSchedule, b x:NoExecute",
                "{operator: Exists, effect: NoSchedule}",
                "a run, b no",
            ),
            row(
                "no operator is Equal",
                "a x=1:NoSchedule, b x=2:NoSchedule, c x:NoSchedule",
                "{key: x, value: '1'}",
                "a run, b stay, c stay",
            ),
            row(
                "how long it is tolerated is never read",
                "a x:NoExecute",
                "{key: x, operator: Exists, tolerationSeconds: 0}",
                "a run",
            ),
        ],
    );
}

#[test]
fn section_3_3_what_is_ignored() {
    let row = |name, nodes, spec, want| (name, World::new(nodes, "").template_spec(spec), want);
    check_worlds(
        placement,
        [
            row(
                "spec.unschedulable without its taint, 11.2",
                "a unschedulable",
                "{}",
                "a run",
            ),
            row(
                "a node that is being deleted, 11.2",
                "a terminating",
                "{}",
                "a run",
            ),
            row(
                "resources that no node has, 11.2",
                "a",
                "{containers: [{name: c, image: i, resources: {requests: {cpu: '1000'}}}]}",
                "a run",
            ),
            row(
                "pod affinity and topology spread",
                "a",
                "{affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: k}]}}, topologySpreadConstraints: [{maxSkew: 1, topologyKey: k, whenUnsatisfiable: DoNotSchedule}]}",
                "a run",
            ),
        ],
    );
}
