//! All that the page knows, and the one function that changes it. No browser in here.
//!
//! [`work`] is the session and its timeline, [`documents`] the texts in the editor, which
//! [`following`] keeps with their objects, [`console`] what was said to the cluster, [`lesson`] how far a reader was led, [`going`] what is being run,
//! [`saved`] what a browser keeps. [`action`] has all that can be done; what comes of it stands in
//! `applying`, `commands`, `leading`, `opening`, `running`.

pub mod action;
mod applying;
mod commands;
pub mod console;
pub mod documents;
mod following;
mod given;
pub mod going;
pub mod import;
mod leading;
pub mod lesson;
pub mod lessons;
pub mod new_nodes;
pub mod opening;
pub mod panes;
mod running;
pub mod saved;
pub mod work;

use std::rc::Rc;

pub use action::Action;
use cluster::{Key, ObjectRef};
use objects::{DaemonSet, Name};

use crate::{
    text,
    view::preview::{Looking, Preview},
};
use console::Console;
use documents::{Documents, Tab};
pub use given::Given;
use going::{Going, Until};
use import::Import;
use lesson::Lesson;
use panes::{Panes, Part};
pub use saved::{Opening, Theme};
use work::Work;

/// What the page shows and remembers.
pub struct Model {
    pub work: Work,
    pub documents: Documents,
    /// What Apply would do with the open text.
    pub preview: Preview,
    /// What the preview is being found by.
    pub looking: Option<Looking>,
    pub console: Console,
    pub lesson: Lesson,
    /// Whether the lesson's panel is shown; it can be left and taken up again.
    pub shows_lesson: bool,
    /// Whether a first visit is told what this is.
    pub shows_welcome: bool,
    pub going: Option<Going>,
    pub speed: Speed,
    pub selected: Option<Selected>,
    /// The DaemonSet whose status is shown, if another than the first was chosen.
    pub daemon_set: Option<Key>,
    pub side: Side,
    pub pane: Pane,
    pub dialog: Option<Dialog>,
    pub notice: Option<Notice>,
    pub theme: Theme,
    /// Whether it is inside another page.
    pub is_embedded: bool,
    /// Which of its parts are there.
    pub panes: Panes,
    /// Which nodes of a large cluster are looked for.
    pub find: String,
    /// The label by which they are put together.
    pub group_by: Option<String>,
    pub import: Option<Import>,
    /// The work that was put aside by opening other work, to come back to.
    aside: Option<Box<Aside>>,
    /// Raised whenever the work was changed, so that it is kept.
    pub n_changes: usize,
}

/// Work that was put aside.
struct Aside {
    work: Work,
    documents: Documents,
    console: Console,
    lesson: Lesson,
    shows_lesson: bool,
}

/// Something to say about the last action.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub text: Rc<str>,
    pub is_error: bool,
    /// Whether it can be undone.
    pub undoes: bool,
}

/// What the reasons are shown of, instead of the current step.
#[derive(Clone, Debug, PartialEq)]
pub enum Selected {
    Node(Name),
    Pod(Key),
    DaemonSet(Key),
    /// Why nothing, or not more, is happening.
    Waiting,
}

/// What is shown beside the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Why,
    Events,
    History,
    Yaml,
}

/// What is shown on the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    #[default]
    Editor,
    Console,
}

/// What is asked in a window of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Lessons,
    Examples,
    Import,
    Share,
    Keys,
    AddNodes,
    Taint(Name),
    Label(Name),
    /// What else can be done to a node.
    More(Name),
    /// What can be made to go wrong besides nodes.
    Faults,
    StartOver,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    Half,
    #[default]
    Normal,
    Double,
    Fourfold,
}

impl Speed {
    /// Milliseconds between steps while playing.
    pub fn interval_ms(self) -> u32 {
        match self {
            Self::Half => 1800,
            Self::Normal => 900,
            Self::Double => 450,
            Self::Fourfold => 225,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Half => "½×",
            Self::Normal => "1×",
            Self::Double => "2×",
            Self::Fourfold => "4×",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Half => Self::Normal,
            Self::Normal => Self::Double,
            Self::Double => Self::Fourfold,
            Self::Fourfold => Self::Half,
        }
    }
}

/// The texts that work begins with, if there is an editor for them.
fn documents_of(work: &Work, panes: &Panes) -> Documents {
    match panes.has(Part::Editor) {
        true => Documents::of(work.scenario(), work.cluster()),
        false => Documents::none(),
    }
}

impl Model {
    /// The page as it opens: what its address says, or what was kept, or the first lesson.
    pub fn new(mut opening: Opening) -> Self {
        let given = opening.given.take();
        let mut model = Self::opened(given, &opening);
        if let Some(Err(wrong)) = &opening.panes {
            model.complain(wrong);
        }
        if let Some(step) = opening.step {
            model.go_to(step);
        }
        if opening.plays {
            model.going = Some(Going::new(Until::Stopped, &model.work));
        }
        model.n_changes = 0;
        model
    }

    fn opened(given: Option<Given>, opening: &Opening) -> Self {
        // What a scenario or a lesson takes the place of need not be made before.
        let mut wrong = None;
        let mut manifests = None;
        match (given, &opening.link, &opening.lesson) {
            (Some(Given::Scenario(scenario)), ..) => match scenario.and_then(Work::begin) {
                Ok(work) => return Self::of(work, opening),
                Err(message) => wrong = Some(message),
            },
            (Some(Given::Manifests(text)), ..) => manifests = Some(text),
            (None, None, Some(name)) => match lessons::read(name) {
                Some(scenario) => return Self::of(Work::of_the_page(scenario), opening),
                None => wrong = Some(text::no_such_lesson(name)),
            },
            _ => {}
        }
        let mut model = Self::of(Work::of_the_page(lessons::first()), opening);
        if let Some(message) = wrong {
            model.complain(&message);
        } else if let Some(text) = manifests {
            model.open_manifests(text);
            model.notice.take_if(|it| !it.is_error);
            model.aside = None;
        } else if let Some(link) = opening.link.as_deref() {
            if model.open_link(link) {
                model.aside = None;
                model.notice = None;
            }
        } else if let Some(kept) = &opening.kept {
            // What cannot be read any more is left, rather than kept from opening at all.
            if model.open_link(kept) {
                model.aside = None;
            }
            model.notice = None;
            model.shows_welcome = false;
            for (name, text) in &opening.drafts {
                model.documents.restore(name, text);
            }
            model.look_ahead();
        } else if model.panes.has(Part::Editor) {
            model.shows_welcome = !opening.is_embedded;
        } else {
            // Where nothing can be applied it is, so that there is something to see.
            let files = model.work.scenario().files.clone();
            if let Some(file) = files.keys().next() {
                model.kubectl_with(&format!("apply -f {file}"), &files, true);
            }
        }
        model
    }

    fn of(work: Work, opening: &Opening) -> Self {
        let panes = match (&opening.panes, opening.is_embedded) {
            (Some(Ok(panes)), _) => *panes,
            (_, true) => Panes::embedded(),
            (_, false) => Panes::default(),
        };
        let documents = documents_of(&work, &panes);
        let mut model = Self {
            shows_lesson: lesson::leads(work.scenario()),
            shows_welcome: false,
            work,
            documents,
            preview: Preview::Nothing,
            looking: None,
            console: Console::default(),
            lesson: Lesson::default(),
            going: None,
            speed: Speed::default(),
            selected: None,
            daemon_set: None,
            pane: Pane::default(),
            dialog: None,
            notice: None,
            theme: opening.theme,
            is_embedded: opening.is_embedded,
            side: panes.sides().first().copied().unwrap_or_default(),
            panes,
            find: String::new(),
            group_by: None,
            import: None,
            aside: None,
            n_changes: 0,
        };
        model.lead_on();
        model.look_ahead();
        model
    }

    /// The only way the model changes.
    pub fn update(&mut self, action: Action) {
        if !action.lets_go_on() {
            self.notice = None;
            self.stop();
        }
        if !action.comes_by_itself() {
            // What was only good to know has been read.
            self.notice.take_if(|it| !it.is_error && !it.undoes);
        }
        let position = self.work.timeline().position();
        match action {
            Action::OpenTab(tab) => self.open_tab(&tab),
            Action::Edit(text) => self.edit(&text),
            Action::Apply => self.apply(),
            Action::Revert => self.revert(),
            Action::TakeOver => {
                let store = self.work.cluster().store();
                self.documents.open_mut().take_over(store);
                self.look_ahead();
            }
            Action::BringBack => {
                let document = self.documents.open_mut();
                if let Some(typed) = document.put_aside.take() {
                    document.set_text(&typed);
                }
                self.look_ahead();
            }
            Action::OpenManifest { name, text } => {
                self.pane = Pane::Editor;
                self.dialog = None;
                self.documents.add(&name, &text);
                self.look_ahead();
            }

            Action::StepForward => {
                if !self.work.step() {
                    self.say(text::QUIET_NOTICE);
                }
            }
            Action::StepBack => self.work.seek(position.saturating_sub(1)),
            Action::ToStart => self.work.seek(0),
            Action::ToEnd => self.work.seek(usize::MAX),
            Action::Seek(position) => self.work.seek(position),
            Action::TogglePlay => self.toggle(),
            Action::Settle => match self.lesson.stopped.take() {
                Some(mut stopped) => {
                    stopped.is_hurried = true;
                    self.going = Some(stopped);
                }
                None => self.go(Until::Quiet),
            },
            Action::UntilDecision => self.go(Until::Decision),
            Action::UntilReady(pod) => self.go(Until::Ready(pod)),
            Action::Tick => self.go_on(1),
            Action::Slice(steps) => self.go_on(steps),
            Action::LookOn => self.look_on(),
            Action::Stop => {}
            Action::NextSpeed => self.speed = self.speed.next(),
            Action::SwitchBranch(branch) => self.work.switch_branch(branch),
            Action::DiscardBranch(branch) => self.work.discard_branch(branch),

            Action::Kubectl(line) => drop(self.kubectl(&line, true)),
            Action::Console(line) => self.console(&line),
            Action::ClearConsole => self.console.clear(),
            Action::Strike(fault) => self.strike(fault),
            Action::AddNode => {
                self.add_nodes("worker", 1, "", "");
            }
            Action::AddNodes {
                pool,
                count,
                labels,
                taints,
            } => {
                if self.add_nodes(&pool, count, &labels, &taints) {
                    self.dialog = None;
                }
            }

            Action::LessonNext => {
                self.shows_lesson = true;
                // What was known of another course of things is not the lesson's.
                self.work.seek(usize::MAX);
                match self.lesson.stopped.take() {
                    Some(stopped) => self.going = Some(stopped),
                    None => self.lead_on(),
                }
            }
            Action::LessonAnswer { asked, text } => self.answer(asked, &text),
            Action::LeaveLesson => {
                self.shows_lesson = false;
                self.shows_welcome = false;
            }
            Action::ResumeLesson => self.shows_lesson = true,

            Action::OpenLesson(name) => match lessons::read(&name) {
                Some(scenario) => self.begin(scenario, text::OPENED),
                None => self.complain(&text::no_such_lesson(&name)),
            },
            Action::OpenText(text) => self.open_given(Given::read(text)),
            Action::StartOver => {
                self.dialog = None;
                let scenario = self.work.scenario().clone();
                self.begin(scenario, text::STARTED_OVER);
            }
            Action::Undo => self.undo(),
            Action::Import(text) => {
                self.import = Some(Import::new(text));
                self.dialog = None;
            }
            Action::ImportSlice(parts) => self.import_slice(parts),
            Action::CancelImport => self.import = None,

            Action::Select(selected) => {
                if selected.is_some() && self.side != Side::Yaml {
                    self.side = Side::Why;
                }
                self.selected = selected;
            }
            Action::ChooseDaemonSet(key) => self.daemon_set = Some(key),
            Action::ShowSide(side) => self.side = side,
            Action::ShowPane(pane) => self.pane = pane,
            Action::Show(dialog) => self.dialog = Some(dialog),
            Action::CloseDialog => self.dialog = None,
            Action::Find(text) => self.find = text,
            Action::GroupBy(label) => self.group_by = label,
            Action::NextTheme => self.theme = self.theme.next(),
            Action::Complain(text) => self.complain(&text),
            Action::Dismiss => self.notice = None,
        }
        if self.work.timeline().position() != position {
            self.moved();
        }
    }

    /// What follows from standing at another step.
    fn moved(&mut self) {
        self.shows_welcome = false;
        self.n_changes += 1;
        if self.selected.as_ref().is_some_and(|it| !self.exists(it)) {
            self.selected = None;
        }
        if self.documents.open().tab == Tab::Nodes {
            self.documents
                .show(&Tab::Nodes, &documents::nodes_text(self.work.cluster()));
        }
        match &self.going {
            None => self.look_ahead(),
            // Who watches sees what a lesson has done to the object.
            Some(going) if going.is_watched() => self.follow(),
            Some(_) => {}
        }
    }

    fn exists(&self, selected: &Selected) -> bool {
        let object = match selected {
            Selected::Node(name) => ObjectRef::node(name),
            Selected::Pod(key) => ObjectRef::pod(key),
            Selected::DaemonSet(key) => ObjectRef::daemon_set(key),
            Selected::Waiting => return true,
        };
        self.work.cluster().has(&object)
    }

    fn say(&mut self, text: &str) {
        self.notice = Some(Notice {
            text: text.into(),
            is_error: false,
            undoes: false,
        });
    }

    fn complain(&mut self, text: &str) {
        self.notice = Some(Notice {
            text: text.trim_end().into(),
            is_error: true,
            undoes: false,
        });
    }

    /// The DaemonSet that the status is shown of.
    pub fn daemon_set(&self) -> Option<&Rc<DaemonSet>> {
        let all = &self.work.cluster().store().daemon_sets;
        let chosen = self.daemon_set.as_ref().and_then(|key| all.get(key));
        let of_document = || {
            let title = &self.documents.open().title;
            all.values().find(|it| *it.metadata.name == **title)
        };
        chosen.or_else(of_document).or_else(|| all.values().next())
    }
}

#[cfg(test)]
pub(crate) mod tests;
