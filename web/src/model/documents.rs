//! The texts in the editor: manifests that can be applied, the nodes, and the scenario itself.

use std::{collections::BTreeMap, rc::Rc};

use cluster::{ApiError, Cluster, ObjectRef, Store};
use kubectl::{
    Files,
    cells::{with_kind, yaml},
};
use objects::{DaemonSet, Object, Problem, Severity, manifest};
use scenario::{Scenario, Step};

use super::following::{self, Following};
use crate::text;

/// The name by which the nodes are applied.
pub const NODES_FILE: &str = "nodes.yaml";
/// A tab for each beyond so many would be a list of its own.
const MANIFESTS_MAX: usize = 40;

/// Which text is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tab {
    /// A manifest by the name of its file.
    File(String),
    /// An object that `kubectl edit` gave out.
    Edit(ObjectRef),
    /// All Node objects.
    Nodes,
    /// What it all began with, and what was done since.
    Scenario,
}

/// A text that can be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub tab: Tab,
    /// What its tab says.
    pub title: String,
    pub text: Rc<str>,
    /// The text as it was last applied, or as it was found in the cluster.
    pub applied: Option<Rc<str>>,
    pub problems: Rc<Vec<Problem>>,
    /// The label keys that its DaemonSets ask of a node.
    pub asks_for: Rc<Vec<String>>,
    /// What kubectl answered when it was applied last.
    pub answer: Option<Rc<str>>,
    /// The object that it goes with, if it was applied to it last or was taken from it.
    follows: Option<Following>,
    /// What it would say if it went with the object, which was changed otherwise since this text
    /// was typed.
    pub behind: Option<Rc<str>>,
    /// What was typed, and gave way to what the object says.
    pub put_aside: Option<Rc<str>>,
}

impl Document {
    fn new(tab: Tab, title: String, text: &str) -> Self {
        let mut document = Self::empty(tab, title);
        document.set_text(text);
        document
    }

    fn empty(tab: Tab, title: String) -> Self {
        Self {
            tab,
            title,
            text: Rc::from(""),
            applied: None,
            problems: Rc::default(),
            asks_for: Rc::default(),
            answer: None,
            follows: None,
            behind: None,
            put_aside: None,
        }
    }

    pub fn set_text(&mut self, text: &str) {
        self.text = text.into();
        self.problems = Rc::new(match self.tab {
            Tab::Scenario => match Scenario::read(text) {
                Ok(_) => Vec::new(),
                Err(error) => vec![Problem {
                    position: error.position,
                    field: error.field,
                    message: error.message,
                    severity: Severity::Error,
                    object: None,
                }],
            },
            Tab::File(_) | Tab::Edit(_) | Tab::Nodes => {
                let read = manifest::lint(text);
                let asked = read.objects.iter().filter_map(|(object, _)| match object {
                    Object::DaemonSet(daemon_set) => Some(asked_for(daemon_set)),
                    _ => None,
                });
                self.asks_for = Rc::new(asked.flatten().collect());
                read.problems
            }
        });
        self.answer = None;
    }

    /// Whether it says something else than what was applied.
    pub fn is_changed(&self) -> bool {
        self.applied.as_ref() != Some(&self.text)
    }

    /// Whether it says what its object says, and so would change nothing.
    pub fn is_up_to_date(&self, store: &Store) -> bool {
        let follows = self.follows.as_ref();
        !self.is_changed() && follows.is_some_and(|it| it.is_up_to_date(store))
    }

    /// Takes a text for what its object says.
    fn goes_with(&mut self, text: Rc<str>, store: &Store) {
        let follows = Following::begin(&text, store);
        self.follows = follows.map(|it| it.with_known_of(self.follows.take()));
        self.applied = Some(text);
        self.behind = None;
        self.put_aside = None;
    }

    /// Goes with its object, or notes what it would say if it did not keep what was typed.
    fn follow(&mut self, store: &Store) {
        self.behind = None;
        let (Some(follows), Some(applied)) = (&mut self.follows, &self.applied) else {
            return;
        };
        let Some(text) = follows.text(applied, store) else {
            return;
        };
        if self.applied.as_ref() == Some(&self.text) {
            follows.caught_up(&text, store);
            self.set_text(&text);
            self.applied = Some(text);
        } else {
            self.behind = Some(text);
        }
    }

    /// Says what the object says, in place of what was typed, which is put aside.
    pub fn take_over(&mut self, store: &Store) {
        if self.behind.is_some() {
            let typed = Rc::clone(&self.text);
            self.text = self.applied.clone().unwrap_or_default();
            self.follow(store);
            self.put_aside = Some(typed);
        }
    }

    /// Those of its objects that were changed; all if none was.
    fn changed_parts(&self) -> String {
        const BETWEEN: &str = "---\n";
        let applied = self.applied.as_deref().unwrap_or_default();
        let there: Vec<&str> = applied.split(BETWEEN).map(str::trim).collect();
        let changed = self
            .text
            .split(BETWEEN)
            .filter(|it| !there.contains(&it.trim()));
        match changed.collect::<Vec<_>>() {
            none if none.is_empty() => self.text.to_string(),
            changed => changed.join(BETWEEN),
        }
    }

    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|it| it.severity == Severity::Error)
    }

    /// Shows what the API server refused at its place.
    pub fn refuse(&mut self, refused: &[ApiError]) {
        let located = refused.iter().flat_map(|error| located(&self.text, error));
        self.problems = Rc::new(located.collect());
    }
}

/// What the API server refused, at its place in the text.
fn located(text: &str, error: &ApiError) -> Vec<Problem> {
    let ApiError::Invalid { name, kind, errors } = error else {
        return Vec::new();
    };
    let object = format!("{}/{name}", kind.as_str());
    let problem = |error: &objects::validate::FieldError| Problem {
        position: manifest::locate(text, &object, &error.field),
        field: error.field.clone(),
        message: error.message.clone(),
        severity: Severity::Error,
        object: Some(object.clone()),
    };
    errors.iter().map(problem).collect()
}

/// All texts, and which one is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Documents {
    all: Vec<Document>,
    open: usize,
}

impl Documents {
    /// Where there is no editor: one without a text.
    pub fn none() -> Self {
        let nothing = Document::empty(Tab::File(String::new()), String::new());
        Self {
            all: vec![nothing],
            open: 0,
        }
    }

    /// Those that a scenario comes with: its files, and what DaemonSets are there from the
    /// beginning.
    pub fn of(scenario: &Scenario, cluster: &Cluster) -> Self {
        let mut all: Vec<Document> = Vec::new();
        for (name, text) in latest(&scenario.files) {
            let mut document = Document::new(Tab::File(name.clone()), title(name, text), text);
            document.follows = Following::resume(&document.text, cluster.store());
            if document.follows.is_some() {
                document.applied = Some(document.text.clone());
            }
            all.push(document);
        }
        for daemon_set in cluster.store().daemon_sets.values() {
            let name = &daemon_set.metadata.name;
            if all.len() >= MANIFESTS_MAX || all.iter().any(|it| it.title == **name) {
                continue;
            }
            let mut document = Document::new(
                Tab::File(format!("{name}.yaml")),
                name.to_string(),
                &following::manifest_of(daemon_set),
            );
            document.goes_with(document.text.clone(), cluster.store());
            all.push(document);
        }
        // Where two are of the same object their files tell them apart.
        let titles: Vec<String> = all.iter().map(|it| it.title.clone()).collect();
        for document in &mut all {
            if let Tab::File(name) = &document.tab
                && titles.iter().filter(|it| **it == document.title).count() > 1
            {
                document.title.clone_from(name);
            }
        }
        let first = applied_first(&all, scenario);
        if all.is_empty() {
            let name = "daemonset.yaml";
            all.push(Document::new(Tab::File(name.into()), title(name, ""), ""));
        }
        let nodes = Document::new(Tab::Nodes, text::TAB_NODES.into(), "");
        let scenario = Document::new(Tab::Scenario, text::TAB_SCENARIO.into(), "");
        all.extend([nodes, scenario]);
        Self { all, open: first }
    }

    pub fn all(&self) -> &[Document] {
        &self.all
    }

    pub fn open(&self) -> &Document {
        &self.all[self.open]
    }

    pub fn open_mut(&mut self) -> &mut Document {
        &mut self.all[self.open]
    }

    pub fn select(&mut self, tab: &Tab) {
        if let Some(at) = self.all.iter().position(|it| it.tab == *tab) {
            self.open = at;
        }
    }

    /// Puts the text of a tab that shows the world as it is, unless it is being edited.
    pub fn show(&mut self, tab: &Tab, text: &str) {
        if let Some(document) = self.all.iter_mut().find(|it| it.tab == *tab) {
            let untouched = !document.is_changed() || document.text.is_empty();
            if untouched && *document.text != *text {
                document.set_text(text);
                document.applied = Some(document.text.clone());
            }
        }
    }

    /// The open text was applied.
    pub fn open_is_applied(&mut self, store: &Store) {
        let (tab, text) = (self.open().tab.clone(), self.open().text.clone());
        self.is_applied(&tab, &text, store);
    }

    /// The open text says what the cluster has already. It goes with its object, unless another
    /// does.
    pub fn open_is_found(&mut self, store: &Store) {
        let text = self.open().text.clone();
        let key = Following::begin(&text, store).map(|it| it.key);
        let mut others = self.all.iter().filter_map(|it| it.follows.as_ref());
        if others.any(|it| Some(&it.key) == key.as_ref()) {
            self.open_mut().applied = Some(text);
        } else {
            self.open_is_applied(store);
        }
    }

    /// A text was applied under the name of a tab. Other texts of the same object no longer go with
    /// it: they are files that say what they say.
    pub fn is_applied(&mut self, tab: &Tab, text: &str, store: &Store) {
        let Some(at) = self.all.iter().position(|it| it.tab == *tab) else {
            return;
        };
        self.all[at].goes_with(text.into(), store);
        let key = |it: &Document| it.follows.as_ref().map(|it| it.key.clone());
        let applied = key(&self.all[at]);
        for (other, document) in self.all.iter_mut().enumerate() {
            if other != at && applied.is_some() && key(document) == applied {
                document.follows = None;
                document.behind = None;
            }
        }
    }

    /// The texts go with their objects.
    pub fn follow(&mut self, store: &Store) {
        for document in &mut self.all {
            document.follow(store);
        }
    }

    /// Opens an object to be edited.
    pub fn edit(&mut self, object: &ObjectRef, text: &str) {
        let tab = Tab::Edit(object.clone());
        self.close(&tab);
        let title = format!("{} {}", text::EDIT, object.key.name);
        let mut document = Document::new(tab.clone(), title, text);
        document.applied = Some(document.text.clone());
        let at = self.all.len().saturating_sub(2);
        self.all.insert(at, document);
        self.select(&tab);
    }

    /// Closes a tab; the text of the same object is open then.
    pub fn close(&mut self, tab: &Tab) {
        self.all.retain(|it| it.tab != *tab);
        let goes_with = |it: &Document| match (&it.follows, tab) {
            (Some(follows), Tab::Edit(object)) => follows.key == object.key,
            _ => false,
        };
        self.open = self.all.iter().position(goes_with).unwrap_or(0);
    }

    /// Opens a manifest, in a tab of its own.
    pub fn add(&mut self, name: &str, text: &str) {
        let tab = Tab::File(name.to_owned());
        match self.all.iter_mut().find(|it| it.tab == tab) {
            Some(document) => document.set_text(text),
            None => {
                let document = Document::new(tab.clone(), title(name, text), text);
                let at = self.all.len().saturating_sub(2);
                self.all.insert(at, document);
            }
        }
        self.select(&tab);
    }

    /// Manifests that were typed and not applied, by the names of their files.
    pub fn drafts(&self) -> Vec<(String, String)> {
        let changed = self.all.iter().filter(|it| it.is_changed());
        let drafts = changed.filter_map(|it| match &it.tab {
            Tab::File(name) => Some((name.clone(), it.text.to_string())),
            Tab::Edit(_) | Tab::Nodes | Tab::Scenario => None,
        });
        drafts.collect()
    }

    /// Puts a draft back. The tab that is open stays so.
    pub fn restore(&mut self, name: &str, text: &str) {
        let open = self.open().tab.clone();
        self.add(name, text);
        self.select(&open);
    }

    /// What `-f NAME` reads.
    pub fn files(&self) -> Files {
        let named = |document: &Document| {
            let name = match &document.tab {
                Tab::File(name) => name.clone(),
                Tab::Nodes if !document.text.is_empty() => {
                    return Some((NODES_FILE.to_owned(), document.changed_parts()));
                }
                Tab::Edit(_) | Tab::Nodes | Tab::Scenario => return None,
            };
            Some((name, document.text.to_string()))
        };
        self.all.iter().filter_map(named).collect()
    }
}

/// Which text the scenario's steps apply first: that is the one to look at first.
fn applied_first(all: &[Document], scenario: &Scenario) -> usize {
    let lines = scenario.steps.iter().filter_map(|step| match step {
        Step::Kubectl(command) => Some(command.line.as_str()),
        _ => None,
    });
    let mut named = lines.filter_map(|line| {
        all.iter().position(|document| {
            matches!(&document.tab, Tab::File(name) if line.split_whitespace().any(|it| it == name))
        })
    });
    named.next().unwrap_or(0)
}

/// The files of a session, each once: a text that was changed and applied again is kept there under
/// `NAME-2.yaml`, `NAME-3.yaml` and so on.
fn latest(files: &Files) -> Vec<(&String, &String)> {
    let first_of = |name: &str| {
        let (stem, ending) = name.rsplit_once('.')?;
        let (first, number) = stem.rsplit_once('-')?;
        let number: usize = number.parse().ok()?;
        let (first, _) = files.get_key_value(&format!("{first}.{ending}"))?;
        Some((first, number))
    };
    let mut latest: BTreeMap<&String, (usize, &String)> = BTreeMap::new();
    for (name, text) in files {
        let (first, number) = first_of(name).unwrap_or((name, 1));
        let place = latest.entry(first).or_insert((number, text));
        *place = (*place).max((number, text));
    }
    latest
        .into_iter()
        .map(|(name, (_, text))| (name, text))
        .collect()
}

/// The name of the first object of a manifest, or of its file.
fn title(name: &str, text: &str) -> String {
    let first = manifest::read(text).objects.into_iter().next();
    let first = first.and_then(|(object, _)| match object {
        Object::DaemonSet(it) => Some(it.metadata.name.to_string()),
        _ => None,
    });
    first
        .filter(|it| !it.is_empty())
        .unwrap_or_else(|| name.trim_end_matches(".yaml").to_owned())
}

/// The label keys that a DaemonSet's template asks of a node.
pub fn asked_for(daemon_set: &DaemonSet) -> Vec<String> {
    let spec = &daemon_set.spec.template.spec;
    let mut keys: Vec<String> = spec.node_selector.keys().cloned().collect();
    let terms = spec.affinity.as_ref().and_then(|it| it.required_terms());
    for term in terms.into_iter().flatten() {
        keys.extend(term.match_expressions.iter().map(|it| it.key.clone()));
    }
    keys
}

/// All Node objects as manifests that could be applied.
pub fn nodes_text(cluster: &Cluster) -> String {
    let nodes = cluster.store().nodes.values();
    let texts = nodes.map(|node| {
        let node = with_kind(Object::Node(Box::new((**node).clone())));
        yaml(&following::without_bookkeeping(node))
    });
    texts.collect::<Vec<_>>().join("---\n")
}
