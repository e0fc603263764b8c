//! Time that passes, step by step.

use cluster::Timeline;
use objects::Millis;

use crate::{RunFor, STEPS_MAX};

/// A run that is under way.
pub struct Passing {
    deadline: Option<Millis>,
    left: usize,
    is_over: bool,
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
            is_over: matches!(run_for, RunFor::Steps(_)),
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
        self.is_over |= taken.is_none();
        taken.is_some()
    }

    /// Whether it came to where it was to, when there is no next step.
    ///
    /// # Errors
    /// If it took as many steps as any run may, and more were to come.
    pub fn end(&self, now: Millis) -> Result<(), String> {
        if self.is_over {
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
