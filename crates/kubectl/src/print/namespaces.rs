//! Models `printNamespace`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::Millis;
use serde_json::Value;

use super::since;
use crate::live::Live;

pub(super) const COLUMNS: [&str; 3] = ["NAME", "STATUS", "AGE"];

pub(super) fn row(live: &Live, namespace: &Value, now: Millis) -> Vec<String> {
    let phase = namespace["status"]["phase"].as_str().unwrap_or_default();
    vec![
        live.name().to_owned(),
        phase.to_owned(),
        since(live.created(), now),
    ]
}
