//! Revisions of the template: which is current, which are duplicates, which are too many.

use objects::{ControllerRevision, DaemonSet, LabelSelector, Name, ObjectMeta, RevisionData};

use crate::{
    daemon_pods::{Claim, claim},
    index::Index,
    observed::Listers,
    plan::{Plan, SyncError},
    template, template_hash,
};

/// The claimed revisions that hold an old template, with their hash.
pub(crate) struct Old<'a> {
    revisions: Vec<(&'a ControllerRevision, String)>,
    /// Several hold the current one, and become one.
    merges: bool,
}

/// When duplicates of the current revision are merged, all pods get its hash, also those of old
/// revisions.
///
/// Models `dedupCurHistories`, `pkg/controller/daemon/update.go`, v1.34.
pub(crate) fn relabel(old: &Old<'_>, index: &Index, plan: &mut Plan) {
    if old.merges {
        plan.relabel_pods = index.without_hash(plan.hash()).cloned().collect();
    }
}

/// Finds or makes the current revision, and writes its hash into the plan.
///
/// Models `constructHistory` and `snapshot`,
/// `pkg/controller/daemon/update.go`, v1.34.
pub(crate) fn construct<'a>(
    listers: &'a impl Listers,
    daemon_set: &DaemonSet,
    plan: &mut Plan,
) -> Result<Old<'a>, SyncError> {
    let selector = daemon_set.spec.selector.as_ref();
    if let Some(unreadable) = selector.and_then(LabelSelector::unreadable) {
        return Err(SyncError::InvalidSelector(Box::new(unreadable)));
    }
    let mut current: Vec<(&ControllerRevision, String)> = Vec::new();
    let mut old = Vec::new();
    for revision in claimed(listers, daemon_set, plan) {
        let hash = match revision.hash() {
            Some(hash) => hash.clone(),
            None => {
                plan.revisions.relabel.push(revision.metadata.name.clone());
                revision.metadata.name.to_string()
            }
        };
        let holds = revision.holds(&daemon_set.spec.template);
        if holds { &mut current } else { &mut old }.push((revision, hash));
    }
    let next = old
        .iter()
        .map(|(revision, _)| revision.revision)
        .max()
        .unwrap_or(0)
        .max(0)
        .saturating_add(1);
    // Of several that hold the template the one with the highest number stays.
    match current
        .iter()
        .max_by_key(|(revision, _)| revision.revision)
        .cloned()
    {
        None => plan.hash = Some(snapshot(listers, daemon_set, next, plan)?),
        Some((kept, hash)) => {
            for (duplicate, _) in current
                .iter()
                .filter(|(it, _)| it.metadata.name != kept.metadata.name)
            {
                plan.revisions.delete.push(duplicate.metadata.name.clone());
            }
            if kept.revision < next {
                plan.revisions.bump = Some((kept.metadata.name.clone(), next));
            }
            plan.hash = Some(hash);
        }
    }
    Ok(Old {
        revisions: old,
        merges: current.len() > 1,
    })
}

fn claimed<'a>(
    listers: &'a impl Listers,
    daemon_set: &DaemonSet,
    plan: &mut Plan,
) -> Vec<&'a ControllerRevision> {
    let mut claimed = Vec::new();
    for revision in listers.revisions() {
        match claim(daemon_set, &revision.metadata) {
            Claim::Keep => claimed.push(revision),
            Claim::Adopt => {
                plan.revisions.adopt.push(revision.metadata.name.clone());
                claimed.push(revision);
            }
            Claim::Release => plan.revisions.release.push(revision.metadata.name.clone()),
            Claim::Ignore => {}
        }
    }
    claimed
}

/// Makes the revision of a template that none holds yet.
fn snapshot(
    listers: &impl Listers,
    daemon_set: &DaemonSet,
    number: i64,
    plan: &mut Plan,
) -> Result<String, SyncError> {
    let template = &daemon_set.spec.template;
    let hash = template_hash(template, daemon_set.status.collision_count);
    let name = Name::from(format!("{}-{hash}", daemon_set.metadata.name));
    let mut revisions = listers.revisions();
    if let Some(taken) = revisions.find(|revision| revision.metadata.name == name) {
        return if taken.holds(template) {
            // It is somebody else's, but is used as it is: upstream takes it for its own, made by
            // a call whose answer was lost.
            Ok(taken.hash().cloned().unwrap_or_default())
        } else {
            Err(SyncError::HashCollision { name })
        };
    }
    plan.revisions.create = Some(ControllerRevision {
        data: RevisionData::Template(template.clone()),
        metadata: ObjectMeta {
            annotations: daemon_set.metadata.annotations.clone(),
            labels: template::revision_labels(template, &hash),
            name,
            namespace: daemon_set.metadata.namespace.clone(),
            owner_references: vec![template::owner_reference(daemon_set)].into(),
            ..ObjectMeta::default()
        },
        revision: number,
        ..ControllerRevision::default()
    });
    Ok(hash)
}

/// Deletes the oldest revisions beyond the limit, but none that a pod still carries.
///
/// Models `cleanupHistory`, the same file.
pub(crate) fn clean_up(daemon_set: &DaemonSet, mut old: Old<'_>, index: &Index, plan: &mut Plan) {
    let limit = daemon_set.spec.revision_history_limit.unwrap_or(10);
    let surplus = i64::try_from(old.revisions.len())
        .unwrap_or(i64::MAX)
        .saturating_sub(limit);
    let Ok(surplus @ 1..) = usize::try_from(surplus) else {
        return;
    };
    old.revisions.sort_by_key(|(revision, _)| revision.revision);
    let dead = old
        .revisions
        .iter()
        .filter(|(_, hash)| !index.is_live(hash));
    plan.revisions.delete.extend(
        dead.take(surplus)
            .map(|(revision, _)| revision.metadata.name.clone()),
    );
}
