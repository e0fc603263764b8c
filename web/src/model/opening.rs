//! Other work is opened; what was there before is put aside.

use scenario::{Scenario, Session, link};

use super::{Aside, Model, Notice, documents::Documents, lesson, work::Work};
use crate::text;

impl Model {
    /// Begins a scenario; what was there can be had back.
    pub(super) fn begin(&mut self, scenario: Scenario, notice: &str) {
        match Work::begin(scenario) {
            Ok(work) => self.put(work, notice),
            Err(wrong) => self.complain(&format!("{}: {}", wrong.field, wrong.message)),
        }
    }

    pub(super) fn put(&mut self, work: Work, notice: &str) {
        let documents = Documents::of(work.scenario(), work.cluster());
        let shows_lesson = lesson::leads(work.scenario());
        self.aside = Some(Box::new(Aside {
            work: std::mem::replace(&mut self.work, work),
            documents: std::mem::replace(&mut self.documents, documents),
            console: std::mem::take(&mut self.console),
            lesson: std::mem::take(&mut self.lesson),
            shows_lesson: std::mem::replace(&mut self.shows_lesson, shows_lesson),
        }));
        self.forget_the_view();
        self.notice = Some(Notice {
            text: notice.into(),
            is_error: false,
            undoes: true,
        });
        if self.work.n_led() == 0 {
            self.lead_on();
        }
        self.look_ahead();
    }

    pub(super) fn undo(&mut self) {
        let Some(aside) = self.aside.take() else {
            return;
        };
        self.work = aside.work;
        self.documents = aside.documents;
        self.console = aside.console;
        self.lesson = aside.lesson;
        self.shows_lesson = aside.shows_lesson;
        self.forget_the_view();
        self.notice = None;
        self.look_ahead();
    }

    /// What was looked at is not there any more.
    pub(super) fn forget_the_view(&mut self) {
        self.shows_welcome = false;
        self.going = None;
        self.selected = None;
        self.daemon_set = None;
        self.dialog = None;
        self.find = String::new();
        self.group_by = None;
        self.n_changes += 1;
    }

    pub(super) fn open_scenario(&mut self, text: &str) {
        match Scenario::read(text) {
            Ok(scenario) => self.begin(scenario, text::OPENED),
            Err(error) => self.complain(&text::unreadable_scenario(&error)),
        }
    }

    /// Opens a link. Whether it could.
    pub(super) fn open_link(&mut self, link: &str) -> bool {
        let opened = link::decode(link).map_err(|error| error.to_string());
        let opened = opened.and_then(|session: Session| {
            Work::open(session).map_err(|wrong| format!("{}: {}", wrong.field, wrong.message))
        });
        match opened {
            Ok(work) => {
                self.put(work, text::OPENED);
                true
            }
            Err(message) => {
                self.complain(&message);
                false
            }
        }
    }

    pub(super) fn import_slice(&mut self, parts: usize) {
        let Some(import) = &mut self.import else {
            return;
        };
        if !(0..parts).any(|_| import.go_on()) {
            return;
        }
        let Some(import) = self.import.take() else {
            return;
        };
        match import.finish() {
            Ok((work, told)) => {
                self.put(work, &told);
                self.shows_lesson = false;
            }
            Err(message) => self.complain(&message),
        }
    }
}
