//! The counters of a DaemonSet over the steps.

use std::rc::Rc;

use cluster::{Key, Kind, ObjectRef, Timeline, What};
use objects::{DaemonSetStatus, Millis};

/// More points than a screen has columns are thinned out.
const POINTS_MAX: usize = 600;

/// The counters from a step on, up to the next point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// After so many steps.
    pub position: usize,
    pub time: Millis,
    pub desired: i64,
    pub ready: i64,
    pub available: i64,
    pub updated: i64,
    pub unavailable: i64,
}

/// The points of one DaemonSet. They grow with the timeline and are found once.
pub fn points(timeline: &Timeline, daemon_set: &Key) -> Rc<Vec<Point>> {
    let object = ObjectRef {
        kind: Kind::DaemonSet,
        key: daemon_set.clone(),
    };
    let written = (0..timeline.len()).filter_map(|at| {
        let step = timeline.step(at)?;
        match &step.what {
            What::WroteStatus { after, .. } if step.object.as_ref() == Some(&object) => {
                Some(point(at + 1, step.time, after))
            }
            _ => None,
        }
    });
    let all: Vec<Point> = written.collect();
    let every = all.len().div_ceil(POINTS_MAX).max(1);
    let last = all.len().saturating_sub(1);
    let thinned = all.iter().enumerate();
    let thinned = thinned.filter(|(at, _)| at % every == 0 || *at == last);
    Rc::new(thinned.map(|(_, point)| *point).collect())
}

fn point(position: usize, time: Millis, status: &DaemonSetStatus) -> Point {
    Point {
        position,
        time,
        desired: status.desired_number_scheduled,
        ready: status.number_ready,
        available: status.number_available,
        updated: status.updated_number_scheduled,
        unavailable: status.number_unavailable,
    }
}

/// The point that holds after so many steps.
pub fn at(points: &[Point], position: usize) -> Option<&Point> {
    let after = points.partition_point(|point| point.position <= position);
    points.get(after.checked_sub(1)?)
}
