//! Models `printControllerRevision`, `pkg/printers/internalversion/printers.go`, v1.34.

use objects::{ControllerRevision, Millis};

use super::since;
use crate::resource::Resource;

pub(super) const COLUMNS: [&str; 4] = ["NAME", "CONTROLLER", "REVISION", "AGE"];

pub(super) fn row(revision: &ControllerRevision, now: Millis) -> Vec<String> {
    let controller = revision.metadata.controller().map(|owner| {
        let kind = Resource::named(&owner.kind).map(|it| it.singular());
        let kind = kind.unwrap_or_else(|| owner.kind.to_lowercase());
        format!("{kind}/{}", owner.name)
    });
    vec![
        revision.metadata.name.to_string(),
        super::or_none(&controller.unwrap_or_default()),
        revision.revision.to_string(),
        since(revision.metadata.creation_timestamp, now),
    ]
}
