//! Time that passes, step by step.

use cluster::Timeline;
use objects::Millis;

use crate::{RunFor, STEPS_MAX};

/// A run that is under way.
pub struct Passing {
    /// When it ends, if it is told by its duration.
    pub(crate) deadline: Option<Millis>,
    left: usize,
    /// A number of steps may end wherever they are used up.
    is_counted: bool,
    has_ended: bool,
}

impl Passing {
    /// A run that begins now.
    pub fn new(run_for: RunFor, now: Millis) -> Self {
        Self {
            deadline: match run_for {
                RunFor::Duration(duration) => Some(now + duration),
                RunFor::Quiet | RunFor::Steps(_) => None,
            },
            left: match run_for {
                RunFor::Steps(steps) => steps,
                RunFor::Quiet | RunFor::Duration(_) => STEPS_MAX,
            },
            is_counted: matches!(run_for, RunFor::Steps(_)),
            has_ended: false,
        }
    }

    /// Takes the next step. Whether there is one.
    pub fn step(&mut self, timeline: &mut Timeline) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let taken = match self.deadline {
            Some(deadline) => timeline.forward_before(deadline),
            None => timeline.forward(),
        };
        self.has_ended |= taken.is_none();
        taken.is_some()
    }

    /// Whether it came to quiet, or to its deadline.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether it came to where it was to, when there is no next step.
    ///
    /// # Errors
    /// If it took as many steps as any run may, and more were to come.
    pub fn end(&self, now: Millis) -> Result<(), String> {
        if self.is_counted || self.has_ended {
            return Ok(());
        }
        let expected = match self.deadline {
            Some(deadline) => format!("expected to come to T+{deadline}"),
            None => "expected quiet".to_owned(),
        };
        Err(format!(
            "{expected}, found no end after {STEPS_MAX} steps, at T+{now}"
        ))
    }
}
