//! What stands beside the cluster: counters, chart, and one of several panels.

use std::rc::Rc;

use cluster::Key;
use objects::Millis;

use super::{
    chart::{self, Point},
    events::{self, EventRow},
    explanation::{self, Explanation},
    revisions::{self, RevisionView},
    status::{self, StatusView},
    yaml,
};
use crate::model::{Model, Side};

/// The side.
#[derive(Clone, Debug, PartialEq)]
pub struct SideView {
    pub status: Option<StatusView>,
    pub points: Rc<Vec<Point>>,
    /// What stands at the chart's axis of steps.
    pub times: Rc<Vec<(usize, Millis)>>,
    pub position: usize,
    pub len: usize,
    pub side: Side,
    pub panel: Panel,
    pub is_quiet: bool,
    /// Something is selected that one can come back from.
    pub has_selection: bool,
}

/// The panel that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    Why(Option<Explanation>),
    Events(Vec<EventRow>),
    History(Option<(Key, Vec<RevisionView>)>),
    Yaml(Option<(String, String)>),
}

pub fn side(model: &Model) -> SideView {
    let timeline = model.work.timeline();
    let status = status::status(model);
    let points = match &status {
        Some(status) => chart::points(timeline, &status.key),
        None => Rc::default(),
    };
    SideView {
        points,
        times: Rc::new(chart::times(timeline)),
        status,
        position: timeline.position(),
        len: timeline.len(),
        side: model.side,
        panel: match model.side {
            Side::Why => Panel::Why(explanation::explanation(model)),
            Side::Events => Panel::Events(events::events(model)),
            Side::History => Panel::History(revisions::revisions(model)),
            Side::Yaml => Panel::Yaml(yaml::yaml(model)),
        },
        is_quiet: timeline.cluster().is_quiet(),
        has_selection: model.selected.is_some(),
    }
}
