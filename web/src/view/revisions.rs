//! The revisions of a DaemonSet: what its template was before.

use std::rc::Rc;

use cluster::Key;
use objects::{RevisionData, controller_revision::HASH_LABEL};

use super::diff::{self, Line};
use crate::model::Model;

/// One past or present template.
#[derive(Clone, Debug, PartialEq)]
pub struct RevisionView {
    pub number: i64,
    pub name: String,
    pub change_cause: Option<String>,
    pub is_current: bool,
    /// How many pods are of it.
    pub n_pods: usize,
    /// How it differs from the current one.
    pub diff: Rc<Vec<Line>>,
}

/// The revisions of the DaemonSet that is shown, the newest first.
pub fn revisions(model: &Model) -> Option<(Key, Vec<RevisionView>)> {
    let daemon_set = model.daemon_set()?;
    let store = model.work.cluster().store();
    let template = yaml(&daemon_set.spec.template);
    let uid = &daemon_set.metadata.uid;
    let own = store.revisions_in(&daemon_set.metadata.namespace);
    let own = own.filter(|it| it.metadata.controller().is_some_and(|it| it.uid == *uid));
    let pods: Vec<_> = store.pods_of(daemon_set).collect();
    let mut views: Vec<RevisionView> = own
        .map(|revision| {
            let is_current = revision.holds(&daemon_set.spec.template);
            let held = match &revision.data {
                RevisionData::Template(held) if !is_current => diff::diff(&yaml(held), &template),
                _ => Vec::new(),
            };
            let of_it =
                |pod: &&&Rc<objects::Pod>| pod.metadata.labels.get(HASH_LABEL) == revision.hash();
            RevisionView {
                number: revision.revision,
                name: revision.metadata.name.to_string(),
                change_cause: revision
                    .metadata
                    .annotations
                    .get("kubernetes.io/change-cause")
                    .cloned(),
                is_current,
                n_pods: pods.iter().filter(of_it).count(),
                diff: Rc::new(held),
            }
        })
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.number));
    Some((cluster::store::key_of(&daemon_set.metadata), views))
}

fn yaml(template: &impl serde::Serialize) -> String {
    kubectl::cells::yaml(&serde_json::to_value(template).unwrap_or_default())
}
