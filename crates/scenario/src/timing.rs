//! `timing`: latencies and flags by name.

use std::collections::BTreeMap;

use cluster::{Timing, timing::NAMES};
use objects::FieldPath;
use serde_json::Value;

use crate::{nearest::nearest, read::Wrong};

/// How long things take, where not as long as usual.
pub(crate) fn timing(entries: &BTreeMap<String, Value>, at: &FieldPath) -> Result<Timing, Wrong> {
    let mut timing = Timing::default();
    for (name, value) in entries {
        let at = at.child_field(name);
        if name == "jitter" {
            timing.jitter_percent = percent(value).ok_or_else(|| {
                Wrong::new(
                    &at,
                    format!("expected a percentage from 0 to 100, found {value}"),
                )
            })?;
            continue;
        }
        let known = || NAMES.into_iter().chain(["jitter"]);
        if !known().any(|it| it == name) {
            return Err(Wrong::key(
                at,
                match nearest(name, known()) {
                    Some(near) => format!("unknown timing {name:?}; did you mean {near:?}?"),
                    None => format!(
                        "unknown timing {name:?}; there are {}",
                        known().collect::<Vec<_>>().join(", ")
                    ),
                },
            ));
        }
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        timing
            .set(name, &text)
            .map_err(|message| Wrong::new(&at, message))?;
    }
    Ok(timing)
}

fn percent(value: &Value) -> Option<i64> {
    let percent = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.strip_suffix('%').unwrap_or(text).parse().ok()?,
        _ => return None,
    };
    (0..=100).contains(&percent).then_some(percent)
}
