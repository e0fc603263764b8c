//! What lies along the timeline: what was done, what was decided, what went wrong.

use cluster::{Timeline, What};

/// The scrubber has so many places to put a mark.
const PLACES: usize = 400;

/// What there is to see at a place; the worst of what happened there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A pod was created or deleted.
    Decision,
    /// Something was done from outside.
    Input,
    /// Something went wrong.
    Problem,
}

/// A mark after so many steps.
pub type Placed = (usize, Mark);

/// The marks of all that is known, one at each place at most.
pub fn marks(timeline: &Timeline) -> Vec<Placed> {
    let len = timeline.len();
    let mut marks: Vec<Placed> = Vec::new();
    let place = |position: usize| position * PLACES / len.max(PLACES);
    for at in 0..len {
        let Some(mark) = timeline.step(at).and_then(|step| mark(&step.what)) else {
            continue;
        };
        let position = at + 1;
        match marks.last_mut() {
            Some(last) if place(last.0) == place(position) => last.1 = last.1.max(mark),
            _ => marks.push((position, mark)),
        }
    }
    marks
}

fn mark(what: &What) -> Option<Mark> {
    match what {
        What::Created | What::Changed | What::Deleted | What::Fault(_) => Some(Mark::Input),
        What::CreatedPod { .. } | What::DeletedPod { .. } => Some(Mark::Decision),
        What::Unschedulable
        | What::Rejected { .. }
        | What::PullFailed { .. }
        | What::Exited { .. }
        | What::Evicted
        | What::CouldNotCreatePod { .. }
        | What::LostTouch
        | What::Pressure { on: true, .. } => Some(Mark::Problem),
        _ => None,
    }
}
