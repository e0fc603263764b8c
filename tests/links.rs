//! Links that earlier versions made still open, at the step at which they stood.
//!
//! Each file of `links/` is the fragment of a link, and what it opened to then. A file is added when
//! what links hold changes; none is ever changed.

use std::{fs, path::Path};

use cluster::Timeline;
use scenario::link;

/// Where a timeline stands, in a line.
fn told(timeline: &Timeline) -> String {
    let store = timeline.cluster().store();
    let daemon_sets = store.daemon_sets.iter().map(|(key, it)| {
        let status = &it.status;
        format!(
            "{key} {}/{} ready, {} up to date",
            status.number_ready, status.desired_number_scheduled, status.updated_number_scheduled
        )
    });
    let daemon_sets: Vec<String> = daemon_sets.collect();
    format!(
        "step {} of {}, T+{}; {} nodes, {} pods; {}",
        timeline.position(),
        timeline.len(),
        timeline.cluster().now(),
        store.nodes.len(),
        store.pods.len(),
        match &daemon_sets[..] {
            [] => "no daemon set".to_owned(),
            all => all.join("; "),
        }
    )
}

#[test]
fn links_of_earlier_versions_open_where_they_stood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("links");
    let mut n_opened = 0;
    for entry in fs::read_dir(&folder).expect("there is a folder of links") {
        let path = entry.expect("it can be read").path();
        let text = fs::read_to_string(&path).expect("a text");
        let (fragment, stood) = text.split_once('\n').expect("a link, and where it stood");
        let mut session =
            link::decode(fragment).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let timeline = session
            .open()
            .unwrap_or_else(|wrong| panic!("{}: {}", path.display(), wrong.message()));
        assert_eq!(told(&timeline), stood.trim(), "{}", path.display());
        n_opened += 1;
    }
    assert!(n_opened > 3, "only {n_opened} links");
}
