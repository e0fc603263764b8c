//! Automatic tolerations.

use controller::tolerations::tolerations;

use crate::world::{World, check_worlds, placement};

/// The tolerations of a pod as text, without the prefix of the automatic ones.
fn of(spec: &str) -> Vec<String> {
    let daemon_set = World::new("", "").template_spec(spec).daemon_set();
    let text = |it: &objects::Toleration| {
        let effect = it.effect.as_ref().map_or("any", |effect| effect.as_str());
        let key = it.key.trim_start_matches("node.kubernetes.io/");
        let seconds = it.toleration_seconds.map(|seconds| format!(" {seconds}s"));
        format!(
            "{key} {} {effect}{}",
            it.operator,
            seconds.unwrap_or_default()
        )
    };
    tolerations(&daemon_set).iter().map(text).collect()
}

const AUTOMATIC: [&str; 6] = [
    "not-ready Exists NoExecute",
    "unreachable Exists NoExecute",
    "disk-pressure Exists NoSchedule",
    "memory-pressure Exists NoSchedule",
    "pid-pressure Exists NoSchedule",
    "unschedulable Exists NoSchedule",
];

#[test]
fn section_3_4_what_is_added_and_where() {
    assert_eq!(of("{}"), AUTOMATIC);
    let network = ["network-unavailable Exists NoSchedule"];
    assert_eq!(
        of("{hostNetwork: true}"),
        [&AUTOMATIC[..], &network].concat()
    );
    let twice = "{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 60}";
    assert_eq!(
        of(&format!("{{tolerations: [{twice}, {twice}]}}")),
        [&AUTOMATIC[..1], &AUTOMATIC].concat(),
        "both take it in"
    );
    let key = "key: node.kubernetes.io/unreachable";
    for (toleration, kept) in [
        // Not the same match, so both are there.
        (
            format!("{{{key}, operator: Exists}}"),
            "unreachable Exists any",
        ),
        (
            format!("{{{key}, operator: Equal, effect: NoExecute}}"),
            "unreachable Equal NoExecute",
        ),
        (
            format!("{{{key}, effect: NoExecute, tolerationSeconds: 9}}"),
            "unreachable  NoExecute 9s",
        ),
        (
            format!("{{{key}, operator: Exists, effect: NoSchedule}}"),
            "unreachable Exists NoSchedule",
        ),
        ("{operator: Exists}".to_owned(), " Exists any"),
    ] {
        let got = of(&format!("{{tolerations: [{toleration}]}}"));
        assert_eq!(got, [&[kept][..], &AUTOMATIC].concat(), "{toleration}");
    }
    let same = format!("{{{key}, operator: Exists, effect: NoExecute, tolerationSeconds: 60}}");
    let got = of(&format!(
        "{{tolerations: [{{key: x}}, {same}, {{key: y}}]}}"
    ));
    let want = ["x  any", AUTOMATIC[1], "y  any", AUTOMATIC[0]];
    assert_eq!(
        got,
        [&want[..], &AUTOMATIC[2..]].concat(),
        "in its place, without seconds"
    );
    let same = format!("{{{key}, operator: Exists, effect: NoExecute}}");
    let got = of(&format!("{{tolerations: [{same}]}}"));
    let want = [AUTOMATIC[1], AUTOMATIC[0]];
    assert_eq!(
        got,
        [&want[..], &AUTOMATIC[2..]].concat(),
        "it is not there twice"
    );
}

#[test]
fn section_3_4_what_they_tolerate() {
    let node = |keys: &[&str], effect: &str| {
        let taints = keys.iter().map(|key| format!("{key}:{effect}"));
        format!("a {}", taints.collect::<Vec<_>>().join(" "))
    };
    let nk = |key: &str| format!("node.kubernetes.io/{key}");
    // Key, and what NoSchedule and NoExecute come to; 11.1.
    for (key, on_host, no_schedule, no_execute) in [
        (nk("not-ready"), false, "stay", "run"),
        (nk("unreachable"), false, "stay", "run"),
        (nk("disk-pressure"), false, "run", "no"),
        (nk("memory-pressure"), false, "run", "no"),
        (nk("pid-pressure"), false, "run", "no"),
        (nk("unschedulable"), false, "run", "no"),
        (nk("network-unavailable"), false, "stay", "no"),
        (nk("network-unavailable"), true, "run", "no"),
        (nk("out-of-service"), false, "stay", "no"),
        (
            "node.cloudprovider.kubernetes.io/uninitialized".into(),
            false,
            "stay",
            "no",
        ),
        (
            "node-role.kubernetes.io/control-plane".into(),
            false,
            "stay",
            "no",
        ),
    ] {
        let spec = format!("{{hostNetwork: {on_host}}}");
        for (effect, want) in [("NoSchedule", no_schedule), ("NoExecute", no_execute)] {
            let world = World::new(&node(&[&key], effect), "").template_spec(&spec);
            check_worlds(
                placement,
                [(&*format!("{key}:{effect}"), world, &*format!("a {want}"))],
            );
        }
    }
    let not_ready = nk("not-ready");
    let taints = format!("a {not_ready}:NoExecute {not_ready}:NoSchedule");
    check_worlds(
        placement,
        [
            (
                "a lost node has both: its pod stays, none is created",
                World::new(&taints, ""),
                "a stay",
            ),
            (
                "who tolerates all of NoSchedule runs there",
                World::new(&taints, "")
                    .template_spec("{tolerations: [{operator: Exists, effect: NoSchedule}]}"),
                "a run",
            ),
        ],
    );
}
