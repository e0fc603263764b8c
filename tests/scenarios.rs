//! Every scenario in the repository plays, and all that it expects holds.

use scenario::Scenario;
use tests::{daemonset, files};

#[test]
fn all_scenarios_play() {
    let mut failed = Vec::new();
    let mut n_played = 0;
    for file in files("web/lessons", ".yaml")
        .into_iter()
        .chain(files("tests/scenarios", ".yaml"))
    {
        let ran = daemonset(&["run", "-o", "json", &file.to_string_lossy()], "");
        n_played += 1;
        if ran.exit_code != 0 {
            failed.push(ran.stderr);
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(n_played > 3, "only {n_played} scenarios were found");
}

/// A player's first half is made from it: one that cannot be read would make it from how that is told.
#[test]
fn the_scenario_of_the_first_step_has_all_kinds_of_steps() {
    let text = std::fs::read_to_string("../crates/xtask/src/first_step.yaml").expect("it is there");
    let scenario = Scenario::read(&text).unwrap_or_else(|wrong| panic!("{wrong}"));
    let kinds = [
        "say", "kubectl", "fault", "run", "expect", "always", "mark", "ask",
    ];
    for kind in kinds {
        let is_there = text
            .lines()
            .any(|line| line.starts_with(&format!("- {kind}: ")));
        assert!(is_there, "{kind}");
    }
    assert!(scenario.steps.len() > kinds.len());
}
