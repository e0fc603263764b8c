//! Other work is opened; what was there before is put aside.

use objects::{Object, Severity, manifest};
use scenario::{Scenario, Session, link};

use super::{
    Aside, Given, Model, Notice, documents_of, import::Import, lesson, lessons, work::Work,
};
use crate::text;

impl Model {
    /// Begins a scenario; what was there can be had back.
    pub(super) fn begin(&mut self, scenario: Scenario, notice: &str) {
        match Work::begin(scenario) {
            Ok(work) => self.put(work, notice),
            Err(message) => self.complain(&message),
        }
    }

    pub(super) fn put(&mut self, work: Work, notice: &str) {
        let documents = documents_of(&work, &self.panes);
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

    pub(super) fn open_scenario(&mut self, scenario: Result<Scenario, String>) {
        match scenario.and_then(Work::begin) {
            Ok(work) => self.put(work, text::OPENED),
            Err(message) => self.complain(&message),
        }
    }

    pub(super) fn open_given(&mut self, given: Given) {
        match given {
            Given::Scenario(scenario) => self.open_scenario(scenario),
            Given::Manifests(text) => self.open_manifests(text),
        }
    }

    /// Opens a dump of a cluster, with its nodes; or manifests, which are applied to the nodes that a
    /// first visit finds.
    pub(super) fn open_manifests(&mut self, text: String) {
        // A dump can be very long, and is read in slices.
        let has_nodes = ["kind: Node\n", "\"kind\": \"Node\"", "\"kind\":\"Node\""];
        if has_nodes.iter().any(|it| text.contains(it)) {
            self.import = Some(Import::new(text));
            return;
        }
        let read = manifest::read(&text);
        if let Some(problem) = read
            .problems
            .iter()
            .find(|it| it.severity == Severity::Error)
        {
            return self.complain(&text::not_loaded(problem));
        }
        if read.objects.is_empty() {
            return self.complain(text::NOTHING_TO_OPEN);
        }
        let name = read.objects.iter().find_map(|(object, _)| match object {
            Object::DaemonSet(it) => Some(it.metadata.name.to_string()),
            _ => None,
        });
        let name = name.unwrap_or_else(|| "manifest".into());
        let file = format!("{name}.yaml");
        let mut scenario = lessons::first();
        scenario.title.clone_from(&name);
        scenario.files = [(file.clone(), text)].into_iter().collect();
        let files = scenario.files.clone();
        self.begin(scenario, text::OPENED);
        self.kubectl_with(&format!("apply -f {file}"), &files, true);
        self.look_ahead();
    }

    /// Opens a link. Whether it could.
    pub(super) fn open_link(&mut self, link: &str) -> bool {
        let opened = link::decode(link).map_err(|error| error.to_string());
        let opened = opened
            .and_then(|session: Session| Work::open(session).map_err(|wrong| wrong.to_string()));
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
