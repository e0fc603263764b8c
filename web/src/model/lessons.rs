//! The lessons and examples that come with the page.

use scenario::Scenario;

/// A scenario that comes with the page.
pub struct Included {
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! included {
    ($($name:literal)*) => {
        &[$(Included {
            name: $name,
            text: include_str!(concat!("../../lessons/", $name, ".yaml")),
        }),*]
    };
}

/// In the order of learning.
pub const LESSONS: &[Included] = included![
    "one-per-node"
    "nodes-come-and-go"
    "an-unhealthy-node"
    "labels-and-affinity"
    "taints-and-tolerations"
    "the-selector"
    "rolling-update"
    "when-the-rollout-stops"
    "surge"
    "on-delete-and-undo"
];

/// What a first visit finds.
const FIRST: Included = Included {
    name: "first-rollout",
    text: include_str!("../../lessons/first-rollout.yaml"),
};

/// Reads one of them.
pub fn read(name: &str) -> Option<Scenario> {
    let included = LESSONS.iter().chain([&FIRST]).find(|it| it.name == name)?;
    Scenario::read(included.text).ok()
}

/// What a first visit finds: a cluster and a manifest, and nobody who leads.
pub fn first() -> Scenario {
    let mut first = Scenario::read(FIRST.text).unwrap_or_default();
    first.steps.clear();
    first
}

/// The title of a lesson, without reading all of it.
pub fn title(lesson: &Included) -> &'static str {
    let titles = lesson
        .text
        .lines()
        .filter_map(|it| it.strip_prefix("title:"));
    let title = titles.map(str::trim).next().unwrap_or(lesson.name);
    title.trim_matches(['"', '\''])
}
