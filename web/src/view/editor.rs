//! The texts that can be edited, and what Apply would do.

use std::rc::Rc;

use objects::Problem;

use super::{
    diff::{self, Line},
    preview::{Effect, Preview},
};
use crate::{
    model::{Model, documents::Tab},
    text,
};

/// The editor.
#[derive(Clone, Debug, PartialEq)]
pub struct EditorView {
    /// The tabs: which, what it says, whether it was changed.
    pub tabs: Vec<(Tab, String, bool)>,
    pub open: Tab,
    pub text: Rc<str>,
    pub problems: Rc<Vec<Problem>>,
    pub is_changed: bool,
    pub can_revert: bool,
    pub changes: Rc<Vec<Line>>,
    pub effect: EffectView,
}

/// What is said beside Apply.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectView {
    pub text: String,
    pub detail: Option<String>,
    pub kind: EffectKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectKind {
    Quiet,
    Acts,
    Refused,
}

pub fn editor(model: &Model) -> EditorView {
    let documents = &model.documents;
    let open = documents.open();
    let applied = open.applied.as_deref();
    let is_changed = open.is_changed();
    EditorView {
        tabs: documents
            .all()
            .iter()
            .map(|it| {
                (
                    it.tab.clone(),
                    it.title.clone(),
                    it.applied.is_some() && it.is_changed(),
                )
            })
            .collect(),
        open: open.tab.clone(),
        text: open.text.clone(),
        problems: open.problems.clone(),
        is_changed,
        can_revert: applied.is_some() && is_changed,
        changes: Rc::new(match applied {
            Some(applied) if is_changed => diff::diff(applied, &open.text),
            _ => Vec::new(),
        }),
        effect: effect(model),
    }
}

fn effect(model: &Model) -> EffectView {
    let open = model.documents.open();
    let said = |kind, text: String, detail: Option<String>| EffectView { text, detail, kind };
    if open.has_errors() {
        return said(EffectKind::Refused, text::REFUSED.into(), None);
    }
    // It is of no use any more once applying again would do something.
    let holds = !matches!(model.preview, Preview::DaemonSet(_));
    let answer = open.answer.as_ref().filter(|_| !open.is_changed() && holds);
    if let Some(answer) = answer {
        return said(EffectKind::Quiet, answer.to_string(), None);
    }
    match &model.preview {
        Preview::Nothing if open.tab == Tab::Scenario => {
            said(EffectKind::Quiet, text::SCENARIO_EFFECT.into(), None)
        }
        Preview::Nothing => said(EffectKind::Quiet, String::new(), None),
        Preview::NoChange => said(EffectKind::Quiet, text::NO_CHANGE.into(), None),
        Preview::Refused(message) => said(EffectKind::Refused, message.clone(), None),
        Preview::Other(output) => said(EffectKind::Acts, others(output), None),
        Preview::DaemonSet(effect) => {
            let (text, detail) = words(effect);
            said(EffectKind::Acts, text, detail)
        }
    }
}

/// What kubectl would say of objects that are no DaemonSets; of many only the first.
fn others(output: &str) -> String {
    const LINES_MAX: usize = 3;
    let changes = |line: &&str| !line.starts_with("Warning: ") && !line.ends_with(" unchanged");
    let lines: Vec<&str> = output.lines().filter(changes).collect();
    let shown = lines.iter().take(LINES_MAX).copied().collect::<Vec<_>>();
    let n_more = lines.len() - shown.len();
    let more = if n_more > 0 {
        format!(", and {n_more} more")
    } else {
        String::new()
    };
    format!("Apply: {}{more}", shown.join(", "))
}

/// What a changed DaemonSet does to its pods, in words.
fn words(effect: &Effect) -> (String, Option<String>) {
    let pods = |n: usize| text::count(n, "pod", "pods");
    if effect.touches_no_pod() {
        let text = match effect.is_new {
            true => "Creates the daemon set, and no pod: no node fits",
            false => "Changes the daemon set, and no pod",
        };
        return (text.into(), None);
    }
    let mut parts = Vec::new();
    let mut details = Vec::new();
    if effect.deletes > 0 {
        parts.push(format!("deletes {} at once", pods(effect.deletes)));
        details.push("maxUnavailable does not limit this");
    }
    if effect.creates > 0 {
        parts.push(format!("creates {}", pods(effect.creates)));
    }
    if effect.rolls > 0 {
        let how = match effect.surges {
            true => format!("{} new beside old at a time", effect.at_a_time),
            false => format!("at most {} at a time", effect.at_a_time),
        };
        parts.push(format!("rolls {}, {how}", pods(effect.rolls)));
    }
    let told;
    if effect.gone_for_good > 0 {
        told = format!(
            "{} of them for good: their nodes no longer should run one",
            effect.gone_for_good
        );
        details.push(told.as_str());
    }
    if effect.waits > 0 {
        parts.push(format!("leaves {} as they are", pods(effect.waits)));
        details.push("OnDelete: an old pod is replaced once you delete it");
    }
    let mut text = parts.join(", ");
    if let Some(first) = text.get(..1) {
        let first = first.to_uppercase();
        text.replace_range(..1, &first);
    }
    (text, (!details.is_empty()).then(|| details.join("; ")))
}
