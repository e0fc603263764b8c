//! Every scenario in the repository plays, and all that it expects holds.

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
