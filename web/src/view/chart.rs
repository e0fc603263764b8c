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

/// Labels of the axis of heights stand no closer than this, in hundredths of the height.
const LABELS_APART: i64 = 15;
/// With fewer steps the middle of the time axis is left unnamed.
const MIDDLE_MIN: usize = 6;

/// The numbers at the axis of heights, each with its place in hundredths from the bottom: nothing,
/// what a rollout keeps if that is not too close, and the most.
pub fn heights(most: i64, bound: Option<i64>) -> Vec<(i64, i64)> {
    let mut heights = vec![(0, 0), (most, 100)];
    if let Some(bound) = bound.filter(|it| (1..most).contains(it)) {
        // Where the two would overlap, the lower one moves down.
        let place = (bound * 100 / most).min(100 - LABELS_APART);
        if place >= LABELS_APART {
            heights.insert(1, (bound, place));
        }
    }
    heights
}

/// The times at the axis of steps, each with the number of steps that were taken then: the start, the
/// middle, the end.
pub fn times(timeline: &Timeline) -> Vec<(usize, Millis)> {
    let len = timeline.len();
    let time = |position: usize| {
        let last = position.checked_sub(1).and_then(|at| timeline.step(at));
        (position, last.map_or(Millis(0), |step| step.time))
    };
    let positions = [0, len / 2, len];
    let named = positions
        .into_iter()
        .filter(|it| len >= MIDDLE_MIN || *it == 0 || *it == len);
    named.map(time).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_at_the_axis_do_not_overlap() {
        assert_eq!(heights(5, Some(4)), [(0, 0), (4, 80), (5, 100)]);
        assert_eq!(
            heights(5_000, Some(4_500)),
            [(0, 0), (4_500, 85), (5_000, 100)]
        );
        // Too close to nothing, or to the most itself: not named twice.
        assert_eq!(heights(5_000, Some(1)), [(0, 0), (5_000, 100)]);
        assert_eq!(heights(3, Some(3)), [(0, 0), (3, 100)]);
        assert_eq!(heights(1, Some(0)), [(0, 0), (1, 100)]);
    }
}
