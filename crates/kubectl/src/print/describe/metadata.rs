//! Labels and annotations.

use objects::Labels;

use super::Text;
use crate::apply::LAST_APPLIED;

/// How long an annotation may be to stand beside its key, in bytes.
const ANNOTATION_MAX: usize = 140;

/// `Labels`, a line each.
pub(super) fn labels(text: &mut Text, level: usize, title: &str, labels: &Labels) {
    let lines = labels.iter().map(|(key, value)| format!("{key}={value}"));
    text.list(level, title, &lines.collect::<Vec<_>>());
}

/// `Annotations`; those that are long, or of several lines, below their keys.
///
/// Models `printAnnotationsMultiline`.
pub(super) fn annotations(text: &mut Text, level: usize, annotations: &Labels) {
    let shown = annotations.iter().filter(|(key, _)| *key != LAST_APPLIED);
    let lines = shown.flat_map(|(key, value)| {
        let value = value.strip_suffix('\n').unwrap_or(value);
        if value.len() + key.len() + 2 <= ANNOTATION_MAX && !value.contains('\n') {
            return vec![format!("{key}: {value}")];
        }
        let below = value.split('\n').map(|it| format!("  {}", shortened(it)));
        std::iter::once(format!("{key}:")).chain(below).collect()
    });
    text.list(level, "Annotations", &lines.collect::<Vec<_>>());
}

fn shortened(line: &str) -> String {
    let room = ANNOTATION_MAX - 2;
    if line.len() <= room {
        return line.to_owned();
    }
    // Go cuts bytes, and may cut a character in two; here it goes whole.
    format!("{}...", &line[..line.floor_char_boundary(room)])
}
