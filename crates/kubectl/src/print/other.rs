//! Kinds that have no columns of their own.

use objects::Millis;

use super::since;
use crate::live::Live;

pub(super) const COLUMNS: [&str; 2] = ["NAME", "AGE"];

pub(super) fn row(live: &Live, now: Millis) -> Vec<String> {
    vec![live.name().to_owned(), since(live.created(), now)]
}
