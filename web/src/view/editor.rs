//! The texts that can be edited, and what Apply would do.

use std::rc::Rc;

use cluster::ahead::End;
use objects::{Name, Problem};

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
    /// An object that `kubectl edit` gave out.
    pub is_edit: bool,
    /// How the object was changed otherwise since the text was typed, if it was.
    pub behind: Option<Rc<Vec<Line>>>,
    /// Whether what was typed gave way to what the object says.
    pub has_put_aside: bool,
    pub changes: Rc<Vec<Line>>,
    pub effect: EffectView,
}

/// What is said beside Apply.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectView {
    pub text: String,
    pub detail: Option<String>,
    /// It is one to think about before: not all goes as it should.
    pub warns: bool,
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
        is_edit: matches!(open.tab, Tab::Edit(_)),
        behind: open
            .behind
            .as_deref()
            .map(|behind| Rc::new(diff::diff(applied.unwrap_or_default(), behind))),
        has_put_aside: open.put_aside.is_some(),
        changes: Rc::new(match applied {
            Some(applied) if is_changed => diff::diff(applied, &open.text),
            _ => Vec::new(),
        }),
        effect: effect(model),
    }
}

fn effect(model: &Model) -> EffectView {
    let open = model.documents.open();
    let said = |kind, text: String, detail: Option<String>| EffectView {
        text,
        detail,
        kind,
        warns: false,
    };
    if open.has_errors() {
        return said(EffectKind::Refused, text::CANNOT_BE_APPLIED.into(), None);
    }
    // It is of no use any more once applying again would do something.
    let holds = !matches!(model.preview, Preview::DaemonSets(_));
    let answer = open.answer.as_ref().filter(|_| !open.is_changed() && holds);
    if let Some(answer) = answer {
        return said(EffectKind::Quiet, answer.to_string(), None);
    }
    match &model.preview {
        Preview::Nothing if open.tab == Tab::Scenario => {
            said(EffectKind::Quiet, text::SCENARIO_EFFECT.into(), None)
        }
        Preview::Nothing => said(EffectKind::Quiet, String::new(), None),
        Preview::Looking => said(EffectKind::Quiet, text::LOOKING.into(), None),
        Preview::NoChange => said(EffectKind::Quiet, text::NO_CHANGE.into(), None),
        Preview::Refused(message) => said(EffectKind::Refused, message.clone(), None),
        Preview::Other(output) => said(EffectKind::Acts, others(output), None),
        Preview::DaemonSets(effects) => {
            let (text, detail) = words(effects);
            EffectView {
                warns: effects.iter().any(|it| !it.goes_well()),
                ..said(EffectKind::Acts, text, detail)
            }
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

/// What changed DaemonSets do to their pods, in words.
fn words(effects: &[Effect]) -> (String, Option<String>) {
    if let [effect] = effects {
        return words_of(effect);
    }
    let (mut texts, mut details) = (Vec::new(), Vec::new());
    for effect in effects {
        let name = &effect.outlook.daemon_set.name;
        let (text, detail) = words_of(effect);
        texts.push(format!("{name}: {text}"));
        details.extend(detail.map(|it| format!("{name}: {it}")));
    }
    (texts.join("; "), joined(&details))
}

fn joined(details: &[String]) -> Option<String> {
    (!details.is_empty()).then(|| details.join("; "))
}

fn words_of(effect: &Effect) -> (String, Option<String>) {
    let outlook = &effect.outlook;
    let pods = |n: usize| text::count(n, "pod", "pods");
    if effect.touches_no_pod() {
        let text = match effect.is_new {
            true => "Creates the daemon set, and no pod: no node fits",
            false => "Changes the daemon set, and no pod",
        };
        return (text.into(), None);
    }
    let mut parts = Vec::new();
    let mut details: Vec<String> = Vec::new();
    if !outlook.removes.is_empty() {
        parts.push(format!("deletes {} at once", pods(outlook.removes.len())));
        details.push("maxUnavailable does not limit this".into());
    }
    if !outlook.creates.is_empty() {
        parts.push(format!("creates {}", pods(outlook.creates.len())));
    }
    match (outlook.old.len(), effect.is_on_delete) {
        (0, _) => {}
        (n, true) => {
            parts.push(format!("leaves {} as they are", pods(n)));
            details.push("OnDelete: an old pod is replaced once you delete it".into());
        }
        (_, false) => {
            parts.push(rolls(effect));
            details.extend(about_rolls(effect));
        }
    }
    details.extend(about_end(effect));
    if !effect.passed_over.is_empty() {
        let fields = effect.passed_over.join(" and ");
        details.push(format!("{fields}: not modelled, and passed over"));
    }
    let mut text = parts.join(", ");
    if let Some(first) = text.get(..1) {
        let first = first.to_uppercase();
        text.replace_range(..1, &first);
    }
    (text, joined(&details))
}

/// How many old pods make way, and how many at a time.
fn rolls(effect: &Effect) -> String {
    let outlook = &effect.outlook;
    let (n, n_replaced) = (outlook.old.len(), outlook.replaced.len());
    let is_left = !outlook.left.is_empty();
    let n_gone = outlook.gone.len();
    let pods = text::count(n, "pod", "pods");
    match &outlook.end {
        End::Rests { .. } if is_left && n_replaced == 0 => format!("rolls none of {pods}"),
        End::Rests { .. } if is_left => format!("rolls {n_replaced} of {pods}, then gets stuck"),
        _ if n > 1 && outlook.unbudgeted.len() == n => {
            format!("rolls {pods} at once, as none of them is available")
        }
        _ => {
            let at_a_time = effect.at_a_time;
            let how = match effect.surges {
                true => format!("a new one beside the old on at most {at_a_time} at a time"),
                false => format!("at most {at_a_time} at a time"),
            };
            let pods = match (effect.surges, n_gone) {
                (true, _) => format!("the pods of {}", text::count(n, "node", "nodes")),
                (false, 0) => pods,
                (false, _) => format!("{pods}, {n_gone} of them without a successor"),
            };
            format!("rolls {pods}, {how}")
        }
    }
}

/// Which nodes are the first, and which do not count.
fn about_rolls(effect: &Effect) -> Vec<String> {
    let outlook = &effect.outlook;
    let mut details = Vec::new();
    let unbudgeted = &outlook.unbudgeted;
    let mut first = outlook.first.difference(unbudgeted).peekable();
    if first.peek().is_some() {
        details.push(format!("starts with {}", names(first)));
    }
    // Of all of them that was said.
    if !unbudgeted.is_empty() && (unbudgeted.len() < outlook.old.len() || unbudgeted.len() == 1) {
        let bound = match effect.surges {
            true => "maxSurge",
            false => "maxUnavailable",
        };
        let nodes = names(unbudgeted.iter());
        details.push(format!(
            "at once, whatever {bound} says, as its pod is not available anyway: {nodes}"
        ));
    }
    if !outlook.gone.is_empty() {
        let nodes = names(outlook.gone.iter());
        details.push(format!(
            "no pod comes back where none should be now: {nodes}"
        ));
    }
    details
}

/// Where it leads.
fn about_end(effect: &Effect) -> Vec<String> {
    let outlook = &effect.outlook;
    let (blockers, error) = match &outlook.end {
        End::Done if outlook.old.is_empty() => return Vec::new(),
        End::Done => return vec!["finishes".into()],
        End::NotSeen { steps } => {
            let steps = text::count(*steps, "step", "steps");
            return vec![format!("looked ahead {steps}, and not to the end")];
        }
        End::Rests { blockers, error } => (blockers, error),
    };
    let mut reasons: Vec<String> = Vec::new();
    let waits = !outlook.left.is_empty() && !effect.is_on_delete;
    let rollout = outlook.rollout.filter(|it| waits && !it.has_room());
    reasons.extend(rollout.map(|it| it.to_string()));
    reasons.extend(error.as_ref().map(ToString::to_string));
    let shown = blockers.iter().take(BLOCKERS_MAX);
    reasons.extend(shown.map(ToString::to_string));
    if blockers.len() > BLOCKERS_MAX {
        let n_more = blockers.len() - BLOCKERS_MAX;
        reasons.push(format!("{n_more} more"));
    }
    if reasons.is_empty() {
        return Vec::new();
    }
    let what = match waits {
        true => "gets stuck",
        false => "in the end without an available pod",
    };
    vec![format!("{what}: {}", reasons.join("; "))]
}

/// More nodes without an available pod than these are only counted.
const BLOCKERS_MAX: usize = 2;

/// More names than these are only counted.
const NAMES_MAX: usize = 3;

fn names<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    let names: Vec<&str> = names.map(|it| &**it).collect();
    let shown = names[..names.len().min(NAMES_MAX)].join(", ");
    match names.len().saturating_sub(NAMES_MAX) {
        0 => shown,
        n_more => format!("{shown} and {n_more} more"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::{
        Action, Opening,
        tests::{act, settled},
    };

    /// What is said of an edit, after these faults.
    #[track_caller]
    fn check(faults: &[&str], edits: &[[&str; 2]], want: Expect) {
        let mut model = Model::new(Opening::default());
        // So that a lost node should not run a pod, as most daemons have it.
        let text = model
            .documents
            .open()
            .text
            .replace("- operator: Exists", "- key: gpu");
        model.update(Action::Edit(text.clone()));
        settled(&mut model, Action::Apply);
        for fault in faults {
            settled(&mut model, Action::Console(format!("fault {fault}")));
        }
        let mut edited = text.clone();
        for [from, to] in edits {
            assert!(edited.contains(from), "{from} is not in {text}");
            edited = edited.replace(from, to);
        }
        act(&mut model, Action::Edit(edited));
        let EffectView { text, detail, .. } = effect(&model);
        want.assert_eq(&format!("{text}\n{}\n", detail.unwrap_or_default()));
    }

    const IMAGE: [&str; 2] = ["v1.9.0", "v1.9.1"];
    const SURGE: [&str; 2] = ["maxUnavailable: 10%", "maxUnavailable: 0, maxSurge: 2"];

    #[test]
    fn what_the_scheduler_here_passes_over_is_told() {
        const SPREAD: [&str; 2] = [
            "      containers:",
            "      topologySpreadConstraints: [ { topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule } ]\n      containers:",
        ];
        check(
            &[],
            &[SPREAD],
            expect![[r#"
            Rolls 3 pods, at most 1 at a time
            starts with worker-1; finishes; topologySpreadConstraints: not modelled, and passed over
        "#]],
        );
    }

    #[test]
    fn what_would_come_of_an_edit_is_told_as_it_comes() {
        check(
            &[],
            &[],
            expect![[r#"
            No change: the cluster is as the manifest says

        "#]],
        );
        check(
            &[],
            &[IMAGE],
            expect![[r#"
                Rolls 3 pods, at most 1 at a time
                starts with worker-1; finishes
            "#]],
        );
        check(
            &[],
            &[IMAGE, SURGE],
            expect![[r#"
                Rolls none of 3 pods
                starts with worker-1, worker-2; gets stuck: 2 surging, maxSurge 2: it waits until a new one is available; worker-1: node-exporter-rp4tt is Pending, 0/4 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]; worker-2: node-exporter-mb9g6 is Pending, 0/4 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]
            "#]],
        );
        check(
            &["node/worker-2 power off"],
            &[IMAGE],
            expect![[r#"
                Rolls none of 3 pods
                at once, whatever maxUnavailable says, as its pod is not available anyway: worker-2; no pod comes back where none should be now: worker-2; gets stuck: 1 unavailable, maxUnavailable 1: it waits until one is available again; worker-2: node-exporter-qtjx2 is Terminating, the node is unreachable
            "#]],
        );
        check(
            &["node/worker-2 power off"],
            &[IMAGE, ["10%", "2"]],
            expect![[r#"
                Rolls 3 pods, 1 of them without a successor, at most 2 at a time
                starts with worker-1; at once, whatever maxUnavailable says, as its pod is not available anyway: worker-2; no pod comes back where none should be now: worker-2; finishes
            "#]],
        );
        check(
            &["node/worker-2 power off"],
            &[IMAGE, SURGE],
            expect![[r#"
                Rolls none of 3 pods
                starts with worker-1, worker-3; at once, whatever maxSurge says, as its pod is not available anyway: worker-2; no pod comes back where none should be now: worker-2; gets stuck: 2 surging, maxSurge 2: it waits until a new one is available; worker-1: node-exporter-p4tt8 is Pending, 0/4 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]; worker-3: node-exporter-b9g6c is Pending, 0/4 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]
            "#]],
        );
        check(
            &["image prom/node-exporter:v1.9.1 pull fail"],
            &[IMAGE],
            expect![[r#"
                Rolls 1 of 3 pods, then gets stuck
                starts with worker-1; gets stuck: 1 unavailable, maxUnavailable 1: it waits until one is available again; worker-1: node-exporter-4tt8b is ImagePullBackOff
            "#]],
        );
        check(
            &["image prom/node-exporter:v1.9.1 pull fail"],
            &[IMAGE, ["10%", "4"]],
            expect![[r#"
                Rolls 3 pods, at most 4 at a time
                starts with worker-1, worker-2, worker-3; in the end without an available pod: worker-1: node-exporter-t8bfm is ImagePullBackOff; worker-2: node-exporter-lrp7w is ImagePullBackOff; 1 more
            "#]],
        );
        check(
            &[],
            &[["kubernetes.io/os: linux", "disk: ssd"]],
            expect![[r#"
                Deletes 3 pods at once
                maxUnavailable does not limit this
            "#]],
        );
    }
}
