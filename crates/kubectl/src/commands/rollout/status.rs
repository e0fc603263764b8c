//! `rollout status`.

use cluster::store::key_of;
use objects::{DaemonSet, Millis, Name};

use crate::execute::Run;

/// Models `DaemonSetStatusViewer.Status`, kubectl `pkg/polymorphichelpers/rollout_status.go`,
/// v1.34.
pub(super) fn status(
    run: &mut Run<'_>,
    daemon_set: &DaemonSet,
    timeout: Option<Millis>,
) -> Result<(), String> {
    if !daemon_set.is_rolling_update() {
        let why = "rollout status is only available for RollingUpdate strategy type";
        return Err(why.to_owned());
    }
    let Some(deadline) = run.deadline(timeout) else {
        run.say(&progress(daemon_set).0);
        return Ok(());
    };
    let key = key_of(&daemon_set.metadata);
    let (mut seen, mut gone) = (Name::default(), false);
    // A line each time the object changes.
    let done = run.wait(deadline, |run| {
        let Some(now) = run.cluster().store().daemon_sets.get(&key).cloned() else {
            gone = true;
            return true;
        };
        if now.metadata.resource_version == seen {
            return false;
        }
        seen.clone_from(&now.metadata.resource_version);
        let (line, done) = progress(&now);
        run.say(&line);
        done
    });
    match (gone, done) {
        (true, _) => Err("object has been deleted".to_owned()),
        (false, false) => Err("timed out waiting for the condition".to_owned()),
        (false, true) => Ok(()),
    }
}

/// How far a rollout has come, and whether it is done.
pub(crate) fn progress(daemon_set: &DaemonSet) -> (String, bool) {
    let (name, status) = (&daemon_set.metadata.name, &daemon_set.status);
    let desired = status.desired_number_scheduled;
    let (updated, available) = (status.updated_number_scheduled, status.number_available);
    let line = if daemon_set.metadata.generation > status.observed_generation {
        "Waiting for daemon set spec update to be observed...".to_owned()
    } else if updated < desired {
        format!(
            "Waiting for daemon set {name:?} rollout to finish: {updated} out of {desired} new pods have been updated..."
        )
    } else if available < desired {
        format!(
            "Waiting for daemon set {name:?} rollout to finish: {available} of {desired} updated pods are available..."
        )
    } else {
        return (format!("daemon set {name:?} successfully rolled out"), true);
    };
    (line, false)
}
