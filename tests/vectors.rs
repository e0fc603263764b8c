//! Worlds, and what the real DaemonSet controller did with them, against `daemonset reconcile`.
//!
//! Recorded from `pkg/controller/daemon` of Kubernetes v1.31.0-alpha.2; one sync a world. Where
//! the recording says `exact: false`, upstream picks nodes in the order of a Go map, and any
//! choice within the recorded bounds is right.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use tests::{daemonset, files};

/// What of `controllerState` is an input of the plan; the rest is what the API answers.
const INPUTS: [&str; 4] = [
    "failedPodsBackoff",
    "pendingCreates",
    "pendingDeletes",
    "daemonSetNotInCache",
];

#[test]
fn the_recorded_worlds_come_out_as_recorded() {
    let mut wrong = Vec::new();
    let mut n_compared = 0;
    for file in files("tests/vectors", ".json") {
        let text = fs::read_to_string(&file).expect("a vector file can be read");
        let cases: Vec<Value> = serde_json::from_str(&text).expect("a vector file is a JSON array");
        let ran = daemonset(&["reconcile", "-o", "json", &file.to_string_lossy()], "");
        assert_eq!(
            (ran.exit_code, ran.stderr.as_str()),
            (0, ""),
            "{}",
            file.display()
        );
        let lines: Vec<&str> = ran.stdout.lines().collect();
        assert_eq!(lines.len(), cases.len(), "{}", file.display());
        for (case, line) in cases.iter().zip(lines) {
            let name = case["name"].as_str().unwrap_or_default();
            let state = case["controllerState"].as_object();
            let of_the_executor =
                state.is_some_and(|it| it.keys().any(|key| !INPUTS.contains(&key.as_str())));
            if of_the_executor {
                continue;
            }
            n_compared += 1;
            let got: Value = serde_json::from_str(line).expect("a line is JSON");
            let differences = compare(&case["expect"], &got);
            if !differences.is_empty() {
                wrong.push(format!(
                    "{name}: {}\n  {}",
                    case["about"],
                    differences.join("\n  ")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {n_compared} worlds differ\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(n_compared > 400, "only {n_compared} worlds were compared");
}

fn names(value: &Value) -> BTreeSet<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .map(|item| {
            item.as_str()
                .map_or_else(|| item.to_string(), str::to_owned)
        })
        .collect()
}

fn compare(expect: &Value, got: &Value) -> Vec<String> {
    let varying = names(&expect["varying"]);
    let mut differences = Vec::new();
    let mut same = |what: &str, want: Value, got: Value| {
        if want != got && !varying.contains(what.split('.').next().unwrap_or_default()) {
            differences.push(format!("{what}: recorded {want}, got {got}"));
        }
    };
    for (what, list) in [("create", "nodes"), ("delete", "pods")] {
        let (want, chosen) = (&expect[what], names(&got[what]));
        let allowed = names(&want[list]);
        if expect["exact"] == true {
            same(what, json!(allowed), json!(chosen));
        } else {
            same(what, want["count"].clone(), json!(chosen.len()));
            let outside: BTreeSet<_> = chosen.difference(&allowed).cloned().collect();
            same(
                &format!("{what}: beyond the union"),
                json!([]),
                json!(outside),
            );
            let missing: BTreeSet<_> = names(&want["always"])
                .difference(&chosen)
                .cloned()
                .collect();
            same(
                &format!("{what}: always chosen, but not here"),
                json!([]),
                json!(missing),
            );
        }
        same(
            &format!("{what}: chosen twice"),
            json!(chosen.len()),
            json!(got[what].as_array().map_or(0, Vec::len)),
        );
    }
    for what in ["by", "statusUpdated", "requeueAfterSeconds"] {
        same(what, expect[what].clone(), got[what].clone());
    }
    same(
        "status",
        without_zeros(&expect["status"]),
        without_zeros(&got["status"]),
    );
    same(
        "events",
        json!(names(&expect["events"])),
        json!(names(&got["events"])),
    );
    same(
        "error",
        json!(expect["error"].is_null()),
        json!(got["error"].is_null()),
    );
    for what in ["adoptPods", "releasePods", "relabelPods"] {
        same(what, json!(names(&expect[what])), json!(names(&got[what])));
    }
    let (want, got) = (&expect["revisions"], &got["revisions"]);
    for what in ["delete", "relabel", "adopt", "release", "bump"] {
        same(
            &format!("revisions.{what}"),
            json!(names(&want[what])),
            json!(names(&got[what])),
        );
    }
    same(
        "revisions.create",
        want["create"].clone(),
        got["create"].clone(),
    );
    let numbers = |value: &Value| -> Vec<Value> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| it["revision"].clone())
            .collect()
    };
    same(
        "revisions.created",
        json!(numbers(&want["created"])),
        json!(numbers(&got["created"])),
    );
    differences
}

/// A counter that is absent is 0.
fn without_zeros(status: &Value) -> Value {
    let fields = status
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| **value != json!(0));
    Value::Object(
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}
