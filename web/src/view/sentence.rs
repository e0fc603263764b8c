//! The sentence of a step: who did what, and why, with the objects in it to be followed.

use cluster::{Actor, Kind, ObjectRef, Step, What, Why};

use crate::{model::Selected, text};

/// A part of a sentence; one that names an object can be followed.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    Text(String),
    Link(String, Selected),
}

/// The sentence of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    pub actor: String,
    pub deed: Vec<Segment>,
    /// Why, as the rest of the sentence.
    pub because: Option<String>,
    /// The command that a person's act stood for.
    pub command: Option<String>,
}

impl Sentence {
    /// As one text.
    pub fn text(&self) -> String {
        let deed = self.deed.iter().map(|segment| match segment {
            Segment::Text(text) | Segment::Link(text, _) => text.as_str(),
        });
        let mut text = format!("{} {}", self.actor, deed.collect::<String>());
        if let Some(because) = &self.because {
            text += &format!(": {because}");
        }
        text
    }
}

/// Who did what and why.
pub fn sentence(step: &Step) -> Sentence {
    let said = |actor: String, because, command| Sentence {
        actor,
        deed: deed(step),
        because,
        command,
    };
    match (&step.actor, &step.why) {
        (Actor::Kubectl, Why::Asked(command)) => {
            said(text::YOU.into(), None, Some(command.to_string()))
        }
        (Actor::Fault, _) => {
            let command = match &step.what {
                What::Fault(fault) => Some(format!("fault: {fault}")),
                _ => None,
            };
            said(text::THE_WORLD.into(), None, command)
        }
        (Actor::Kubelet { node }, why) => {
            said(format!("kubelet of {node}"), Some(why.to_string()), None)
        }
        // What was counted is said already.
        (actor, Why::Counted) => said(actor.to_string(), None, None),
        (actor, why) => said(actor.to_string(), Some(why.to_string()), None),
    }
}

fn deed(step: &Step) -> Vec<Segment> {
    let node = match &step.what {
        What::CreatedPod { node } | What::DeletedPod { node } | What::Bound { node } => Some(node),
        _ => None,
    };
    let object = step.object.as_ref();
    let mut links: Vec<(String, String, Selected)> = Vec::new();
    links.extend(object.and_then(|ObjectRef { kind, key }| {
        let name = key.name.to_string();
        match kind {
            Kind::Pod => Some((format!("pod {key}"), name, Selected::Pod(key.clone()))),
            Kind::Node => Some((
                format!("node {name}"),
                name,
                Selected::Node(key.name.clone()),
            )),
            Kind::DaemonSet => Some((format!("set {key}"), name, Selected::DaemonSet(key.clone()))),
            _ => None,
        }
    }));
    links.extend(node.map(|node| {
        let name = node.to_string();
        (format!("node {name}"), name, Selected::Node(node.clone()))
    }));
    linked(&step.deed(), links)
}

/// Puts links where a text has their words; `pod NS/NAME` is shown as `pod NAME`.
fn linked(deed: &str, links: Vec<(String, String, Selected)>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut rest = deed;
    for (words, shown, target) in links {
        let Some((before, after)) = rest.split_once(&words) else {
            continue;
        };
        let noun = words.split(' ').next().unwrap_or_default();
        segments.push(Segment::Text(format!("{before}{noun} ")));
        segments.push(Segment::Link(shown, target));
        rest = after;
    }
    segments.push(Segment::Text(rest.to_owned()));
    segments
}
