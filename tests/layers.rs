//! The shape of the workspace: who may depend on whom, and what lies at the top.

use std::{collections::BTreeSet, fs, process::Command};

use serde_json::Value;
use tests::root;

/// From the innermost out; a crate may depend on those before it.
const LAYERS: [&str; 5] = ["objects", "controller", "cluster", "kubectl", "scenario"];
/// At the outside; none may depend on these, save the tests.
const EDGES: [&str; 5] = ["cli", "js", "split", "web", "xtask"];

#[test]
fn dependencies_point_one_way() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root("."))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert_eq!(packages.len(), LAYERS.len() + EDGES.len() + 1);
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let below = LAYERS
            .iter()
            .position(|layer| *layer == name)
            .unwrap_or(LAYERS.len());
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            if let Some(layer) = LAYERS.iter().position(|layer| *layer == on) {
                assert!(layer < below, "{name} must not depend on {on}");
            }
            let on_an_edge = EDGES.contains(&on) && name != "tests";
            assert!(!on_an_edge, "{name} must not depend on {on}");
        }
    }
}

#[test]
fn core_crates_turn_the_bans_on() {
    for layer in LAYERS {
        let text = fs::read_to_string(root(&format!("crates/{layer}/src/lib.rs")))
            .expect("a crate has a lib.rs");
        let bans = "#![warn(clippy::disallowed_types, clippy::disallowed_methods)]";
        assert!(
            text.contains(bans),
            "crates/{layer}/src/lib.rs lacks {bans}"
        );
    }
}

#[test]
fn the_top_shows_only_what_a_newcomer_needs() {
    let made_here = ["target", "dist"];
    let entries = fs::read_dir(root(".")).expect("the root can be read");
    let names = entries.map(|entry| {
        entry
            .expect("an entry can be read")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    let seen: BTreeSet<String> = names
        .filter(|name| !name.starts_with('.') && !made_here.contains(&name.as_str()))
        .collect();
    let wanted = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "crates",
        "docs",
        "index.html",
        "tests",
        "web",
    ];
    assert_eq!(seen, wanted.map(str::to_owned).into());
}
