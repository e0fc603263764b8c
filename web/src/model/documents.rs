//! The texts in the editor: manifests that can be applied, the nodes, and the scenario itself.

use std::{collections::BTreeMap, rc::Rc};

use cluster::{ApiError, Cluster};
use kubectl::{Files, cells::yaml};
use objects::{Object, Problem, Severity, manifest};
use scenario::{Scenario, Step};
use serde_json::Value;

use crate::text;

/// The annotation in which kubectl apply keeps what was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// What the API server owns of an object's metadata.
const SERVER_OWNED: [&str; 7] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
];
/// The name by which the nodes are applied.
pub const NODES_FILE: &str = "nodes.yaml";
/// A tab for each beyond so many would be a list of its own.
const MANIFESTS_MAX: usize = 40;

/// Which text is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tab {
    /// A manifest by the name of its file.
    File(String),
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
    /// What kubectl answered when it was applied last.
    pub answer: Option<Rc<str>>,
}

impl Document {
    fn new(tab: Tab, title: String, text: &str) -> Self {
        let mut document = Self {
            tab,
            title,
            text: Rc::from(""),
            applied: None,
            problems: Rc::default(),
            answer: None,
        };
        document.set_text(text);
        document
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
            Tab::File(_) | Tab::Nodes => manifest::lint(text).problems,
        });
        self.answer = None;
    }

    /// Whether it says something else than what was applied.
    pub fn is_changed(&self) -> bool {
        self.applied.as_ref() != Some(&self.text)
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
    /// Those that a scenario comes with: its files, and what DaemonSets are there from the
    /// beginning.
    pub fn of(scenario: &Scenario, cluster: &Cluster) -> Self {
        let mut all: Vec<Document> = Vec::new();
        for (name, text) in latest(&scenario.files) {
            all.push(Document::new(
                Tab::File(name.clone()),
                title(name, text),
                text,
            ));
        }
        for daemon_set in cluster.store().daemon_sets.values() {
            let name = &daemon_set.metadata.name;
            if all.len() >= MANIFESTS_MAX || all.iter().any(|it| it.title == **name) {
                continue;
            }
            let value = whole(&Object::DaemonSet(Box::new((**daemon_set).clone())));
            let mut document = Document::new(
                Tab::File(format!("{name}.yaml")),
                name.to_string(),
                &written(value),
            );
            document.applied = Some(document.text.clone());
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
            Tab::Nodes | Tab::Scenario => None,
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
                Tab::Nodes | Tab::Scenario => return None,
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

/// An object as its author would have written it.
pub fn written(mut value: Value) -> String {
    let metadata = &mut value["metadata"];
    let applied = metadata["annotations"][LAST_APPLIED].as_str();
    let applied = applied.and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(applied) = applied.filter(Value::is_object) {
        return yaml(&applied);
    }
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.retain(|name, _| !SERVER_OWNED.contains(&name.as_str()));
        if let Some(annotations) = metadata
            .get_mut("annotations")
            .and_then(Value::as_object_mut)
        {
            annotations.remove(objects::daemon_set::TEMPLATE_GENERATION);
            annotations.remove(LAST_APPLIED);
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
    }
    yaml(&value)
}

/// An object of the store with its kind, which the store goes without.
pub fn whole(object: &Object) -> Value {
    let (api_version, kind) = match object {
        Object::DaemonSet(_) => ("apps/v1", "DaemonSet"),
        Object::Node(_) => ("v1", "Node"),
        Object::Pod(_) => ("v1", "Pod"),
        _ => return object.to_value(),
    };
    let mut value = object.to_value();
    value["apiVersion"] = api_version.into();
    value["kind"] = kind.into();
    value
}

/// All Node objects as manifests that could be applied.
pub fn nodes_text(cluster: &Cluster) -> String {
    let nodes = cluster.store().nodes.values();
    let texts = nodes.map(|node| written(whole(&Object::Node(Box::new((**node).clone())))));
    texts.collect::<Vec<_>>().join("---\n")
}
