//! What goes on by itself.

use super::{
    Model,
    going::{Came, Going, Until},
};
use crate::text;

impl Model {
    pub(super) fn go(&mut self, until: Until) {
        self.going = Some(Going::new(until, &self.work));
    }

    pub(super) fn toggle(&mut self) {
        match (self.going.is_some(), self.lesson.stopped.take()) {
            (true, _) => self.stop(),
            (false, Some(stopped)) => self.going = Some(stopped),
            (false, None) => self.go(Until::Stopped),
        }
    }

    /// Stops what goes on. A lesson takes up again what it was at.
    pub(super) fn stop(&mut self) {
        if let Some(going) = self.going.take().filter(Going::is_lesson) {
            self.lesson.stopped = Some(going);
        }
    }

    /// Who hurries a lesson on hurries it to where it has something to say.
    fn lead_on_from(&mut self, going: &Going) {
        self.lead_on();
        if let Some(next) = &mut self.going {
            next.is_hurried = going.is_hurried;
        }
    }

    pub(super) fn go_on(&mut self, steps: usize) {
        let Some(mut going) = self.going.take() else {
            return;
        };
        match going.go_on(steps, &mut self.work) {
            Came::NotYet => self.going = Some(going),
            Came::There => {
                if going.is_lesson() {
                    self.lead_on_from(&going);
                }
                self.look_ahead();
            }
            Came::Quiet => {
                match going.until {
                    Until::Lesson(_) => self.lead_on_from(&going),
                    Until::Ready(pod) => self.complain(&text::never_ready(&pod.to_string())),
                    _ => self.say(text::QUIET_NOTICE),
                }
                self.look_ahead();
            }
        }
    }
}
