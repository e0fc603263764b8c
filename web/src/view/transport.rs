//! Where in time the page stands.

use cluster::Timeline;

use super::{
    marks::{self, Placed},
    sentence::{self, Sentence},
};
use crate::model::{Model, Speed, going::Until};

/// The transport.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportView {
    pub sentence: Option<Sentence>,
    /// The manifest of a first visit can be applied.
    pub can_apply: bool,
    pub position: usize,
    pub len: usize,
    pub time: String,
    pub speed: Speed,
    /// Playing, or running by itself without being watched.
    pub is_playing: bool,
    pub is_running: bool,
    pub marks: Vec<Placed>,
    pub branches: Vec<BranchView>,
}

/// Another course of things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchView {
    pub forked_at: usize,
    pub len: usize,
    /// What it began with.
    pub first: String,
}

pub fn transport(model: &Model) -> TransportView {
    let timeline = model.work.timeline();
    let going = model.going.as_ref();
    let is_playing = going.is_some_and(|it| it.is_watched());
    TransportView {
        sentence: timeline.last_step().map(sentence::sentence),
        can_apply: !model.shows_lesson && model.preview.has_new(),
        position: timeline.position(),
        len: timeline.len(),
        time: timeline.cluster().now().to_string(),
        speed: model.speed,
        is_playing,
        is_running: going.is_some_and(|it| it.until != Until::Stopped && !it.is_watched()),
        marks: marks::marks(timeline),
        branches: branches(timeline),
    }
}

fn branches(timeline: &Timeline) -> Vec<BranchView> {
    let view = |kept: cluster::timeline::Kept<'_>| BranchView {
        forked_at: kept.forked_at,
        len: kept.len,
        first: kept
            .first
            .map(|step| sentence::sentence(step).text())
            .unwrap_or_default(),
    };
    timeline.branches().map(view).collect()
}
