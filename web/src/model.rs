//! All that the page knows, and the one function that changes it. No browser in here.

use std::{collections::BTreeMap, rc::Rc};

use cluster::{ApiError, Fault, Input, Key, ObjectRef, Timeline};
use kubectl::{Files, Output};
use objects::{Name, Problem, Severity, manifest};
use scenario::Scenario;

use crate::text;

/// The scenario of a first visit.
const FIRST: &str = include_str!("../lessons/first-rollout.yaml");

/// The most steps of one Settle: more would keep the page from answering.
const SETTLE_STEPS_MAX: usize = 20_000;

/// What the page shows and remembers.
#[derive(Clone)]
pub struct Model {
    pub timeline: Timeline,
    /// The text in the editor, which may differ from what was applied.
    pub text: Rc<str>,
    /// What is wrong with that text.
    pub problems: Rc<Vec<Problem>>,
    pub apply: ApplyState,
    /// What the last command answered, or what there is to say otherwise.
    pub notice: Option<Notice>,
    pub playing: bool,
    pub speed: Speed,
    pub selected: Option<Selected>,
    pub theme: Theme,
}

/// How the text in the editor stands to the cluster.
#[derive(Clone, Debug, PartialEq)]
pub enum ApplyState {
    NotYet,
    /// What kubectl answered.
    Applied(Rc<str>),
    Edited,
    Refused,
}

/// Something to say about the last action.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub text: Rc<str>,
    pub is_error: bool,
}

/// What the reasons are shown of, instead of the current step.
#[derive(Clone, Debug, PartialEq)]
pub enum Selected {
    Node(Name),
    Pod(Key),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    #[default]
    Normal,
    Double,
    Fourfold,
}

impl Speed {
    /// Milliseconds between steps while playing.
    pub fn interval_ms(self) -> u32 {
        match self {
            Self::Normal => 900,
            Self::Double => 450,
            Self::Fourfold => 225,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Normal => "1×",
            Self::Double => "2×",
            Self::Fourfold => "4×",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// As it is kept, and as the page's root says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn read(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// Everything one can do on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Edit(String),
    Apply,
    Reset,
    StepForward,
    StepBack,
    ToStart,
    Seek(usize),
    Settle,
    TogglePlay,
    /// The next step of playing is due.
    Tick,
    NextSpeed,
    AddNode,
    TogglePower(Name),
    ToggleCordon(Name),
    DeleteNode(Name),
    Select(Option<Selected>),
    NextTheme,
}

/// What a browser held from the last visit.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    pub text: Option<String>,
    pub theme: Theme,
}

fn first_scenario() -> Scenario {
    Scenario::read(FIRST).expect("the first scenario is read by a test")
}

/// The manifest of a first visit.
pub fn first_text() -> String {
    first_scenario()
        .files
        .remove(text::EDITOR_FILE)
        .unwrap_or_default()
}

fn first_timeline() -> Timeline {
    let cluster = scenario::pools::cluster(&first_scenario(), None);
    Timeline::new(cluster.expect("the first scenario's cluster is made by a test"))
}

impl Model {
    /// The page as it opens.
    pub fn new(saved: Saved) -> Self {
        let text = saved.text.unwrap_or_else(first_text);
        Self {
            timeline: first_timeline(),
            problems: Rc::new(manifest::lint(&text).problems),
            text: text.into(),
            apply: ApplyState::NotYet,
            notice: None,
            playing: false,
            speed: Speed::default(),
            selected: None,
            theme: saved.theme,
        }
    }

    /// The only way the model changes.
    #[must_use]
    pub fn update(&self, action: Action) -> Self {
        let mut model = self.clone();
        if !matches!(action, Action::Tick | Action::NextTheme | Action::Select(_)) {
            model.notice = None;
        }
        if !matches!(
            action,
            Action::Tick
                | Action::NextSpeed
                | Action::NextTheme
                | Action::Select(_)
                | Action::TogglePlay
                | Action::Edit(_)
        ) {
            model.playing = false;
        }
        match action {
            Action::Edit(text) => {
                model.problems = Rc::new(manifest::lint(&text).problems);
                model.text = text.into();
                if model.apply != ApplyState::NotYet {
                    model.apply = ApplyState::Edited;
                }
            }
            Action::Apply => model.apply(),
            Action::Reset => {
                let fresh = Self::new(Saved {
                    text: None,
                    theme: model.theme,
                });
                return Self {
                    speed: model.speed,
                    ..fresh
                };
            }
            Action::StepForward => model.step_forward(),
            Action::StepBack => drop(model.timeline.back()),
            Action::ToStart => model.timeline.seek(0),
            Action::Seek(position) => model.timeline.seek(position),
            Action::Settle => model.settle(),
            Action::TogglePlay => model.playing = !model.playing,
            Action::Tick => {
                if model.playing {
                    model.step_forward();
                }
            }
            Action::NextSpeed => {
                model.speed = match model.speed {
                    Speed::Normal => Speed::Double,
                    Speed::Double => Speed::Fourfold,
                    Speed::Fourfold => Speed::Normal,
                }
            }
            Action::AddNode => model.add_node(),
            Action::TogglePower(node) => model.toggle_power(node),
            Action::ToggleCordon(node) => {
                let cordoned = model
                    .timeline
                    .cluster()
                    .store()
                    .nodes
                    .get(&*node)
                    .is_some_and(|it| it.spec.unschedulable);
                let command = if cordoned { "uncordon" } else { "cordon" };
                model.kubectl(&format!("{command} {node}"), &Files::new());
            }
            Action::DeleteNode(node) => {
                model.kubectl(&format!("delete node {node}"), &Files::new());
            }
            Action::Select(selected) => model.selected = selected,
            Action::NextTheme => {
                model.theme = match model.theme {
                    Theme::Auto => Theme::Light,
                    Theme::Light => Theme::Dark,
                    Theme::Dark => Theme::Auto,
                }
            }
        }
        let moves = self.timeline.position() != model.timeline.position();
        if moves
            && model
                .selected
                .as_ref()
                .is_some_and(|selected| !model.exists(selected))
        {
            model.selected = None;
        }
        model
    }

    fn exists(&self, selected: &Selected) -> bool {
        let object = match selected {
            Selected::Node(name) => ObjectRef::node(name),
            Selected::Pod(key) => ObjectRef::pod(key),
        };
        self.timeline.cluster().has(&object)
    }

    /// Runs a command as the console would.
    fn kubectl(&mut self, line: &str, files: &Files) -> Output {
        let output = kubectl::execute(line, files, &mut self.timeline);
        if output.exit_code != 0 {
            self.notice = Some(Notice {
                text: output.text.trim_end().into(),
                is_error: true,
            });
        }
        output
    }

    fn apply(&mut self) {
        if !self.problems.is_empty() {
            self.apply = ApplyState::Refused;
            return;
        }
        let files = BTreeMap::from([(text::EDITOR_FILE.to_owned(), self.text.to_string())]);
        let output = self.kubectl(&format!("apply -f {}", text::EDITOR_FILE), &files);
        if output.exit_code == 0 {
            self.apply = ApplyState::Applied(output.text.trim_end().into());
            self.selected = None;
            return;
        }
        self.apply = ApplyState::Refused;
        self.problems = Rc::new(
            output
                .refused
                .iter()
                .flat_map(|error| self.located(error))
                .collect(),
        );
    }

    /// What the API server refused, at its place in the text.
    fn located(&self, error: &ApiError) -> Vec<Problem> {
        let ApiError::Invalid { name, kind, errors } = error else {
            return Vec::new();
        };
        let object = format!("{}/{name}", kind.as_str());
        errors
            .iter()
            .map(|error| Problem {
                position: manifest::locate(&self.text, &object, &error.field),
                field: error.field.clone(),
                message: error.message.clone(),
                severity: Severity::Error,
                object: Some(object.clone()),
            })
            .collect()
    }

    fn step_forward(&mut self) {
        if self.timeline.forward().is_none() {
            self.playing = false;
            self.notice = Some(Notice {
                text: text::QUIET_NOTICE.into(),
                is_error: false,
            });
        }
    }

    fn settle(&mut self) {
        for _ in 0..SETTLE_STEPS_MAX {
            if self.timeline.forward().is_none() {
                self.notice = Some(Notice {
                    text: text::QUIET_NOTICE.into(),
                    is_error: false,
                });
                return;
            }
        }
        self.notice = Some(Notice {
            text: text::STILL_BUSY_NOTICE.into(),
            is_error: false,
        });
    }

    /// Adds `worker-N`, with the first N that no machine has had.
    fn add_node(&mut self) {
        let cluster = self.timeline.cluster();
        let is_new = |name: &String| cluster.is_powered(name).is_none();
        let Some(name) = (1..)
            .map(|number: u32| format!("worker-{number}"))
            .find(is_new)
        else {
            return;
        };
        let file = format!("{name}.yaml");
        let manifest = format!("apiVersion: v1\nkind: Node\nmetadata:\n  name: {name}\n");
        let files = BTreeMap::from([(file.clone(), manifest)]);
        self.kubectl(&format!("apply -f {file}"), &files);
    }

    fn toggle_power(&mut self, node: Name) {
        let on = self.timeline.cluster().is_powered(&node) != Some(true);
        let fault = Fault::Power { node, on };
        let command = fault.to_string();
        if let Err(error) = self.timeline.act(Input::Fault(fault), &command) {
            self.notice = Some(Notice {
                text: error.to_string().into(),
                is_error: true,
            });
        }
    }

    /// The DaemonSet that the status is shown of.
    pub fn daemon_set(&self) -> Option<&Rc<objects::DaemonSet>> {
        self.timeline.cluster().store().daemon_sets.values().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> Model {
        Model::new(Saved::default())
    }

    fn after(actions: impl IntoIterator<Item = Action>) -> Model {
        actions
            .into_iter()
            .fold(opened(), |model, action| model.update(action))
    }

    fn ready(model: &Model) -> i64 {
        model.daemon_set().map_or(0, |it| it.status.number_ready)
    }

    #[test]
    fn the_first_visit_has_four_nodes_and_a_manifest_without_problems() {
        let model = opened();
        assert_eq!(model.timeline.cluster().store().nodes.len(), 4);
        assert_eq!(*model.problems, []);
        assert_eq!(model.timeline.position(), 0);
    }

    #[test]
    fn apply_and_settle_make_every_node_ready() {
        let model = after([Action::Apply, Action::Settle]);
        assert_eq!(ready(&model), 4);
        assert_eq!(
            model.apply,
            ApplyState::Applied("daemonset.apps/node-exporter created".into())
        );
    }

    #[test]
    fn back_undoes_a_step_and_forward_does_the_same_again() {
        let mut model = after([Action::Apply]);
        let mut digests = vec![model.timeline.cluster().digest()];
        for _ in 0..20 {
            model = model.update(Action::StepForward);
            digests.push(model.timeline.cluster().digest());
        }
        for digest in digests.iter().rev().skip(1) {
            model = model.update(Action::StepBack);
            assert_eq!(model.timeline.cluster().digest(), *digest);
        }
        for digest in &digests[1..] {
            model = model.update(Action::StepForward);
            assert_eq!(model.timeline.cluster().digest(), *digest);
        }
    }

    #[test]
    fn a_bad_text_is_kept_and_changes_nothing_else() {
        let before = after([Action::Apply, Action::Settle]);
        let digest = before.timeline.cluster().digest();
        let model = before
            .update(Action::Edit("a: b: c".into()))
            .update(Action::Apply);
        assert_eq!(&*model.text, "a: b: c");
        assert_eq!(model.problems[0].position.to_string(), "1:5");
        assert_eq!(model.apply, ApplyState::Refused);
        assert_eq!(model.timeline.cluster().digest(), digest);
    }

    #[test]
    fn a_changed_selector_is_refused_at_its_place() {
        let before = after([Action::Apply, Action::Settle]);
        let text = before.text.replace("app: node-exporter", "app: other");
        let model = before.update(Action::Edit(text)).update(Action::Apply);
        assert_eq!(model.apply, ApplyState::Refused);
        let problem = &model.problems[0];
        assert_eq!(problem.field.to_string(), "spec.selector");
        assert!(
            problem.message.ends_with("field is immutable"),
            "{}",
            problem.message
        );
        assert_eq!(problem.position.line, 8);
    }

    #[test]
    fn a_new_image_rolls_one_node_at_a_time() {
        let before = after([Action::Apply, Action::Settle]);
        let text = before.text.replace("v1.9.0", "v1.9.1");
        let mut model = before.update(Action::Edit(text)).update(Action::Apply);
        assert_eq!(
            model.apply,
            ApplyState::Applied("daemonset.apps/node-exporter configured".into())
        );
        loop {
            let next = model.update(Action::StepForward);
            if next.timeline.position() == model.timeline.position() {
                break;
            }
            model = next;
            let store = model.timeline.cluster().store();
            let ready = store
                .pods
                .values()
                .filter(|pod| pod.is_ready() && !pod.metadata.is_being_deleted());
            assert!(
                ready.count() >= 3,
                "{}",
                model.timeline.last_step().unwrap()
            );
        }
        assert_eq!(ready(&model), 4);
        assert_eq!(
            model.daemon_set().unwrap().status.updated_number_scheduled,
            4
        );
    }

    #[test]
    fn nodes_are_added_switched_cordoned_and_deleted() {
        let worker = || Name::from("worker-2");
        let model = after([
            Action::Apply,
            Action::Settle,
            Action::TogglePower(worker()),
            Action::Settle,
        ]);
        let status =
            |model: &Model| model.timeline.cluster().store().nodes["worker-2"].status_cell();
        assert_eq!(status(&model), "NotReady");
        assert_eq!(ready(&model), 3);
        let model = model
            .update(Action::TogglePower(worker()))
            .update(Action::Settle);
        assert_eq!(status(&model), "Ready");
        let model = model
            .update(Action::ToggleCordon(worker()))
            .update(Action::Settle);
        assert_eq!(status(&model), "Ready,SchedulingDisabled");
        let model = model.update(Action::AddNode).update(Action::Settle);
        assert_eq!(ready(&model), 5);
        assert!(model.timeline.cluster().store().nodes["worker-4"].is_ready());
        let model = model
            .update(Action::DeleteNode(worker()))
            .update(Action::Settle);
        assert_eq!(ready(&model), 4);
    }

    #[test]
    fn playing_takes_steps_and_stops_when_all_is_quiet() {
        let mut model = after([Action::Apply, Action::TogglePlay]);
        for _ in 0..1000 {
            model = model.update(Action::Tick);
        }
        assert!(!model.playing);
        assert_eq!(ready(&model), 4);
    }

    #[test]
    fn acting_in_the_past_drops_what_came_after() {
        let model = after([
            Action::Apply,
            Action::Settle,
            Action::Seek(3),
            Action::AddNode,
        ]);
        assert_eq!(model.timeline.len(), 4);
    }
}
