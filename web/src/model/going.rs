//! What goes on by itself: playing, settling, running until something is so.

use cluster::Key;
use objects::Millis;
use scenario::{RunFor, STEPS_MAX};

use super::work::Work;

/// How long it goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// It is stopped, or all is quiet. A step at a time, to be watched.
    Stopped,
    /// All is quiet.
    Quiet,
    /// A pod is created, deleted, or finds no node.
    Decision,
    /// This pod is ready.
    Ready(Key),
    /// As long as a lesson says. A step at a time, to be watched.
    Lesson(RunFor),
}

/// Something that goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Going {
    pub until: Until,
    /// How many steps had been taken when it began.
    pub since: usize,
    deadline: Option<Millis>,
    steps_left: usize,
    /// It is to be over soon, and need not be watched.
    pub is_hurried: bool,
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    NotYet,
    There,
    /// Nothing is left to happen.
    Quiet,
}

impl Going {
    pub fn new(until: Until, work: &Work) -> Self {
        let (deadline, steps_left) = match until {
            Until::Lesson(RunFor::Duration(duration)) => {
                (Some(work.cluster().now() + duration), STEPS_MAX)
            }
            Until::Lesson(RunFor::Steps(steps)) => (None, steps),
            _ => (None, STEPS_MAX),
        };
        Self {
            until,
            since: work.timeline().position(),
            deadline,
            steps_left,
            is_hurried: false,
        }
    }

    /// Whether it goes a step at a time, so that each can be seen.
    pub fn is_watched(&self) -> bool {
        self.is_lesson() && !self.is_hurried || self.until == Until::Stopped
    }

    /// Whether a lesson goes on once it is over.
    pub fn is_lesson(&self) -> bool {
        matches!(self.until, Until::Lesson(_))
    }

    /// Goes on by at most so many steps.
    pub fn go_on(&mut self, steps: usize, work: &mut Work) -> Came {
        for _ in 0..steps {
            if self.steps_left == 0 {
                return Came::There;
            }
            if let Some(deadline) = self.deadline
                && !comes_by(deadline, work)
            {
                let left = deadline - work.cluster().now();
                if left > Millis(0) {
                    work.run_for(RunFor::Duration(left));
                }
                return Came::There;
            }
            let waits_on = matches!(self.until, Until::Ready(_));
            if !(work.run(1) || waits_on && work.run_to_retry()) {
                return Came::Quiet;
            }
            self.steps_left -= 1;
            if self.is_there(work) {
                return Came::There;
            }
        }
        Came::NotYet
    }

    fn is_there(&self, work: &Work) -> bool {
        match &self.until {
            Until::Decision => work.last_decided(),
            Until::Ready(pod) => {
                let pod = work.cluster().store().pods.get(pod);
                pod.is_none_or(|pod| pod.is_ready())
            }
            Until::Stopped | Until::Quiet | Until::Lesson(_) => false,
        }
    }
}

/// Whether the next step comes by then.
fn comes_by(deadline: Millis, work: &Work) -> bool {
    let timeline = work.timeline();
    match timeline.step(timeline.position()) {
        Some(next) => next.time <= deadline,
        None => timeline.cluster().clone().step_before(deadline).is_some(),
    }
}
