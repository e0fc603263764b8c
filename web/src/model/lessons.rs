//! The lessons and examples that come with the page.

use scenario::Scenario;

/// A lesson that comes with the page. Its text is apart, as the list is shown before one is read: a
/// title that pointed into it would bring all texts with the list.
pub struct Lesson {
    pub name: &'static str,
    pub title: &'static str,
}

macro_rules! lessons {
    ($($name:literal)*) => {
        /// In the order of learning.
        pub const LESSONS: &[Lesson] = &[$(Lesson {
            name: $name,
            title: {
                const IN_TEXT: &str = title_in(include_str!(concat!("../../lessons/", $name, ".yaml")));
                const TITLE: [u8; IN_TEXT.len()] = copy_of(IN_TEXT);
                match str::from_utf8(&TITLE) {
                    Ok(title) => title,
                    Err(_) => unreachable!(),
                }
            },
        }),*];

        fn text_of(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!("../../lessons/", $name, ".yaml"))),)*
                _ => None,
            }
        }
    };
}

lessons![
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
const FIRST: &str = include_str!("../../lessons/first-rollout.yaml");

/// What stands behind `title:`, without quotes.
const fn title_in(text: &'static str) -> &'static str {
    const KEY: &[u8] = b"\ntitle: ";
    let bytes = text.as_bytes();
    let mut start = 0;
    loop {
        let mut at = 0;
        while at < KEY.len() && bytes[start + at] == KEY[at] {
            at += 1;
        }
        if at == KEY.len() {
            break;
        }
        start += 1;
    }
    start += KEY.len();
    let mut end = start;
    while bytes[end] != b'\n' {
        end += 1;
    }
    if bytes[start] == b'"' {
        (start, end) = (start + 1, end - 1);
    }
    text.split_at(end).0.split_at(start).1
}

/// The same bytes, somewhere else.
const fn copy_of<const LEN: usize>(text: &str) -> [u8; LEN] {
    let mut copy = [0; LEN];
    copy.copy_from_slice(text.as_bytes());
    copy
}

/// Reads one of them.
pub fn read(name: &str) -> Option<Scenario> {
    Scenario::read(text_of(name)?).ok()
}

/// What a first visit finds: a cluster and a manifest, and nobody who leads.
pub fn first() -> Scenario {
    let mut first = Scenario::read(FIRST).unwrap_or_default();
    first.steps.clear();
    first
}
