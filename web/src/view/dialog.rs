//! What the windows ask, with what they need to know.

use std::collections::BTreeSet;

use cluster::{fault::Component, kubelet::Power};
use objects::{Condition, ConditionStatus, ConditionType, Name};

use crate::model::{Dialog, Model, lessons};

/// A window.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogView {
    Lessons {
        current: String,
    },
    Examples,
    Import,
    Share(ShareView),
    Keys,
    AddNodes,
    Taint {
        node: Name,
        taints: Vec<String>,
    },
    Label {
        node: Name,
        labels: Vec<(String, String)>,
    },
    More(MoreView),
    Faults(FaultsView),
    StartOver,
}

/// What can be given away.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareView {
    /// The fragment of the address; `None`: it would be too long.
    pub link: Option<String>,
    pub scenario: String,
    pub name: String,
    pub transcript: String,
    pub picture: String,
}

/// What else can be done to a node.
#[derive(Clone, Debug, PartialEq)]
pub struct MoreView {
    pub node: Name,
    pub has_machine: bool,
    pub kubelet_runs: bool,
    pub is_powered: bool,
    /// `disk`, `memory`, `pid`, and whether it runs short of it.
    pub pressures: Vec<(&'static str, bool)>,
    pub is_out_of_service: bool,
}

/// What can be made to go wrong besides nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultsView {
    pub images: Vec<String>,
    /// Components of the control plane, and whether they run.
    pub components: Vec<(&'static str, bool)>,
}

/// A longer link no browser and no mail carries well, in bytes.
const LINK_MAX: usize = 30_000;

pub fn dialog(model: &Model, dialog: &Dialog) -> DialogView {
    let store = model.work.cluster().store();
    match dialog {
        Dialog::Lessons => DialogView::Lessons {
            current: model.work.scenario().metadata.name.clone(),
        },
        Dialog::Examples => DialogView::Examples,
        Dialog::Import => DialogView::Import,
        Dialog::Share => DialogView::Share(share(model)),
        Dialog::Keys => DialogView::Keys,
        Dialog::AddNodes => DialogView::AddNodes,
        Dialog::Taint(node) => DialogView::Taint {
            node: node.clone(),
            taints: store.nodes.get(node).map_or_else(Vec::new, |it| {
                it.spec.taints.iter().map(ToString::to_string).collect()
            }),
        },
        Dialog::Label(node) => DialogView::Label {
            node: node.clone(),
            labels: store.nodes.get(node).map_or_else(Vec::new, |it| {
                let labels = it.metadata.labels.iter();
                labels
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect()
            }),
        },
        Dialog::More(node) => DialogView::More(more(model, node)),
        Dialog::Faults => DialogView::Faults(faults(model)),
        Dialog::StartOver => DialogView::StartOver,
    }
}

fn share(model: &Model) -> ShareView {
    let link = model.work.link();
    let scenario = model.work.session().to_scenario();
    let name = match scenario.metadata.name.as_str() {
        "" => "playground".to_owned(),
        name => name.to_owned(),
    };
    ShareView {
        link: (link.len() <= LINK_MAX).then_some(link),
        transcript: transcript(model),
        picture: scenario::picture::svg(model.work.cluster(), &scenario.title),
        scenario: scenario.to_string(),
        name,
    }
}

/// What was done and what came of it, as Markdown.
fn transcript(model: &Model) -> String {
    let timeline = model.work.timeline();
    let mut text = format!("# {}\n\n", model.work.scenario().title);
    let mut entries = model.console.entries().iter().peekable();
    for at in 0..timeline.position() {
        while let Some(entry) = entries.next_if(|it| it.position <= at + 1) {
            text += &format!("\n```console\n$ {}\n{}\n```\n\n", entry.line, entry.answer);
        }
        if let Some(step) = timeline.step(at) {
            text += &format!(
                "{}. `T+{}` {}\n",
                at + 1,
                step.time,
                super::sentence::sentence(step).text()
            );
        }
    }
    text
}

fn more(model: &Model, name: &Name) -> MoreView {
    let cluster = model.work.cluster();
    let node = cluster.store().nodes.get(name);
    let is_true = |type_: ConditionType| {
        let condition = node.and_then(|node| node.condition(&type_));
        condition.is_some_and(|it: &Condition| it.status == ConditionStatus::True)
    };
    MoreView {
        node: name.clone(),
        has_machine: cluster.power(name).is_some(),
        kubelet_runs: cluster.kubelet_runs(name) == Some(true),
        is_powered: cluster.power(name) == Some(Power::On),
        pressures: vec![
            ("disk", is_true(ConditionType::DiskPressure)),
            ("memory", is_true(ConditionType::MemoryPressure)),
            ("pid", is_true(ConditionType::PIDPressure)),
        ],
        is_out_of_service: node.is_some_and(|node| {
            node.spec
                .taints
                .iter()
                .any(|it| it.key == "node.kubernetes.io/out-of-service")
        }),
    }
}

fn faults(model: &Model) -> FaultsView {
    let cluster = model.work.cluster();
    let mut images = BTreeSet::new();
    for daemon_set in cluster.store().daemon_sets.values() {
        let spec = &daemon_set.spec.template.spec;
        images.extend(spec.containers.iter().map(|it| it.image.to_string()));
    }
    let components = [
        Component::DaemonSetController,
        Component::Scheduler,
        Component::NodeLifecycle,
    ];
    FaultsView {
        images: images.into_iter().collect(),
        components: components
            .map(|it| (it.as_str(), cluster.component_runs(it)))
            .to_vec(),
    }
}

/// The lessons there are: name and title.
pub fn all_lessons() -> Vec<(&'static str, &'static str)> {
    lessons::LESSONS
        .iter()
        .map(|it| (it.name, it.title))
        .collect()
}
