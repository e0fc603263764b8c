//! How long the steps of a scenario take.

use objects::Millis;

use crate::{Run, Scenario, Told};

/// How long one step took, in simulated time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) lasted: Millis,
    /// The longest time in it in which nothing changed.
    pub(super) paused: Millis,
}

/// The pace of every step that can be played.
pub(super) fn paces(scenario: &Scenario) -> Vec<Pace> {
    let Ok(mut run) = Run::new(scenario, None) else {
        return Vec::new();
    };
    let mut paces = Vec::new();
    loop {
        let begun = run.timeline().cluster().now();
        let mut last = begun;
        let mut paused = Millis(0);
        let is_played = run.play_next(&mut |told| {
            if let Told::Stepped { step, .. } = told {
                paused = paused.max(step.time - last);
                last = step.time;
            }
        });
        if !is_played {
            return paces;
        }
        paces.push(Pace {
            lasted: run.timeline().cluster().now() - begun,
            paused,
        });
    }
}

/// In whole seconds, rounded up.
pub(super) fn seconds(time: Millis) -> i64 {
    time.0.max(0).div_euclid(1000) + i64::from(time.0.rem_euclid(1000) > 0)
}
