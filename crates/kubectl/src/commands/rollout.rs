//! `rollout undo`, `restart`, `history`, `status`, `pause` and `resume`.

use std::rc::Rc;

use cluster::{Cluster, store::key_of};
use objects::{ControllerRevision, DaemonSet, Millis, Object, RevisionData, Timestamp};

use crate::{
    execute::{DryRun, Run},
    flags::Arguments,
    live::Live,
    print,
    resource::Resource,
    selection::Selection,
};

const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// Something about the rollouts of objects.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rollout {
    verb: Verb,
    selection: Selection,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verb {
    /// To a revision; 0 is the one before.
    Undo(i64),
    Restart,
    /// Of a revision; 0 is all of them.
    History(i64),
    /// Of this moment; or, with a timeout, until it is done.
    Status(Option<Millis>),
    Pause,
    Resume,
}

/// What there is behind `rollout`.
pub(crate) const VERBS: [&str; 6] = ["history", "pause", "restart", "resume", "status", "undo"];

impl Rollout {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let verb = match arguments.command.as_str() {
            "rollout undo" => Verb::Undo(arguments.number("to-revision").unwrap_or(0)),
            "rollout restart" => Verb::Restart,
            "rollout history" => Verb::History(arguments.number("revision").unwrap_or(0)),
            "rollout pause" => Verb::Pause,
            "rollout resume" => Verb::Resume,
            _ => Verb::Status(arguments.duration("timeout")),
        };
        if matches!(verb, Verb::History(revision) if revision < 0) {
            return Err(format!(
                "error: revision must be a positive integer: {}",
                arguments.number("revision").unwrap_or(0)
            ));
        }
        if arguments.names.is_empty() && arguments.files().is_empty() {
            return Err(arguments.usage("required resource not specified"));
        }
        Ok(Self {
            verb,
            selection: Selection::read(arguments, &arguments.names, true)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found = run.select(&self.selection);
        if found.is_empty() && !run.has_failed() {
            run.nothing_found(&self.selection);
        }
        for (resource, live) in found {
            let refused = |doing: &str| {
                format!(
                    "error: {} {:?} {doing} is not supported",
                    resource.qualified(),
                    live.name()
                )
            };
            let daemon_set = match &live {
                Live::DaemonSet(it) => it,
                _ => {
                    run.fail(&self.not_implemented(&resource, refused("restarting")));
                    continue;
                }
            };
            match self.verb {
                Verb::Undo(to) => undo(run, daemon_set, to),
                Verb::Restart => restart(run, daemon_set),
                Verb::History(revision) => history(run, daemon_set, revision),
                Verb::Status(timeout) => status(run, daemon_set, timeout),
                Verb::Pause => run.fail(&refused("pausing")),
                Verb::Resume => run.fail(&refused("resuming")),
            }
        }
    }

    fn not_implemented(&self, resource: &Resource, restarting: String) -> String {
        let kind = &resource.kind;
        match self.verb {
            Verb::Undo(_) => {
                format!("error: no rollbacker has been implemented for {kind:?}")
            }
            Verb::History(_) => {
                format!("error: no history viewer has been implemented for {kind:?}")
            }
            Verb::Status(_) => format!("error: no status viewer has been implemented for {kind}"),
            Verb::Restart => restarting,
            Verb::Pause => restarting.replace("restarting", "pausing"),
            Verb::Resume => restarting.replace("restarting", "resuming"),
        }
    }
}

/// The revisions of a DaemonSet, the oldest first.
fn revisions(cluster: &Cluster, daemon_set: &DaemonSet) -> Vec<Rc<ControllerRevision>> {
    let uid = &daemon_set.metadata.uid;
    let all = cluster.store().revisions_in(&daemon_set.metadata.namespace);
    let owned = all.filter(|it| {
        let owner = it.metadata.controller();
        owner.is_some_and(|owner| owner.uid == *uid)
    });
    let mut revisions: Vec<_> = owned.cloned().collect();
    revisions.sort_by_key(|it| it.revision);
    revisions
}

/// Models `DaemonSetRollbacker.Rollback`, kubectl `pkg/polymorphichelpers/rollback.go`, v1.34.
fn undo(run: &mut Run<'_>, daemon_set: &DaemonSet, to: i64) {
    let name = &daemon_set.metadata.name;
    let revisions = revisions(run.cluster(), daemon_set);
    let target = match to {
        0 if revisions.len() < 2 => {
            return run.fail("error: no last revision to roll back to");
        }
        0 => revisions.iter().rev().nth(1),
        to => revisions.iter().find(|it| it.revision == to),
    };
    let Some(target) = target else {
        return run.fail(&format!(
            "error: unable to find specified revision {to} in history"
        ));
    };
    let RevisionData::Template(template) = &target.data else {
        return run.fail(&format!(
            "error: failed restoring revision {to}: it holds no template"
        ));
    };
    if run.dry_run == Some(DryRun::Client) {
        let template = print::template(template);
        return run.done(&format!(
            "daemonset.apps/{name} will roll back to {template}"
        ));
    }
    if target.holds(&daemon_set.spec.template) {
        return run.done(&format!(
            "daemonset.apps/{name} skipped rollback (current template already matches revision {to})"
        ));
    }
    let mut new = daemon_set.clone();
    new.spec.template = template.clone();
    if run.replace(Object::DaemonSet(Box::new(new))).is_some() {
        run.done(&format!("daemonset.apps/{name} rolled back"));
    }
}

fn restart(run: &mut Run<'_>, daemon_set: &DaemonSet) {
    let name = &daemon_set.metadata.name;
    let now = Timestamp::from_unix_millis(run.cluster().unix_now()).to_string();
    let mut new = daemon_set.clone();
    let annotations = &mut new.spec.template.metadata.annotations;
    annotations.insert(RESTARTED_AT.to_owned(), now);
    match run.replace(Object::DaemonSet(Box::new(new))) {
        Some(true) => run.say(&format!("daemonset.apps/{name} restarted")),
        Some(false) => run.fail(&format!("error: failed to create patch for {name}: if restart has already been triggered within the past second, please wait before attempting to trigger another")),
        None => {}
    }
}

/// Models `DaemonSetHistoryViewer`, kubectl `pkg/polymorphichelpers/history.go`, v1.34.
fn history(run: &mut Run<'_>, daemon_set: &DaemonSet, revision: i64) {
    let name = &daemon_set.metadata.name;
    let revisions = revisions(run.cluster(), daemon_set);
    if revision > 0 {
        let found = revisions.iter().find(|it| it.revision == revision);
        let template = found.and_then(|it| match &it.data {
            RevisionData::Template(template) => Some(template),
            RevisionData::Other(_) => None,
        });
        match template {
            None => run.fail("error: unable to find the specified revision"),
            Some(template) => {
                run.say(&format!(
                    "daemonset.apps/{name} with revision #{revision}\n{}\n",
                    print::template(template)
                ));
            }
        }
        return;
    }
    run.say(&format!("daemonset.apps/{name} "));
    if revisions.is_empty() {
        return run.say("No rollout history found.");
    }
    run.say("REVISION  CHANGE-CAUSE");
    for it in revisions {
        let cause = it.metadata.annotations.get(CHANGE_CAUSE);
        let cause = cause.filter(|it| !it.is_empty());
        let cause = cause.map_or("<none>", String::as_str);
        run.say(&format!("{:<10}{cause}", it.revision));
    }
    run.say("");
}

/// Models `DaemonSetStatusViewer.Status`, kubectl `pkg/polymorphichelpers/rollout_status.go`,
/// v1.34.
fn status(run: &mut Run<'_>, daemon_set: &DaemonSet, timeout: Option<Millis>) {
    if !daemon_set.is_rolling_update() {
        return run.fail("error: rollout status is only available for RollingUpdate strategy type");
    }
    let Some(deadline) = run.deadline(timeout) else {
        return run.say(&progress(daemon_set).0);
    };
    let key = key_of(&daemon_set.metadata);
    let (mut seen, mut gone) = (String::new(), false);
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
    if gone {
        run.fail("error: object has been deleted");
    } else if !done {
        run.fail("error: timed out waiting for the condition");
    }
}

/// How far a rollout has come, and whether it is done.
fn progress(daemon_set: &DaemonSet) -> (String, bool) {
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

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn rollouts_are_told_and_undone() {
        check(
            r#"
$ rollout status ds/agent
daemon set "agent" successfully rolled out
$ rollout undo ds/agent
error: no last revision to roll back to
[1]
$ set image ds/agent main=agent:2
daemonset.apps/agent image updated
$ rollout status ds agent
Waiting for daemon set spec update to be observed...
$ settle
$ rollout history ds/agent
daemonset.apps/agent 
REVISION  CHANGE-CAUSE
1         <none>
2         <none>

$ rollout undo ds/agent --to-revision=2
daemonset.apps/agent skipped rollback (current template already matches revision 2)
$ rollout undo ds/agent --to-revision=9
error: unable to find specified revision 9 in history
[1]
$ rollout undo ds/agent
daemonset.apps/agent rolled back
$ rollout restart ds/agent
daemonset.apps/agent restarted
$ rollout restart ds/agent
error: failed to create patch for agent: if restart has already been triggered within the past second, please wait before attempting to trigger another
[1]
$ rollout history ds --revision=9
error: unable to find the specified revision
[1]
$ rollout pause ds/agent
error: daemonsets.apps "agent" pausing is not supported
[1]
$ rollout resume ds/agent
error: daemonsets.apps "agent" resuming is not supported
[1]
$ rollout undo pod/bare
error: no rollbacker has been implemented for "Pod"
[1]
$ rollout status
error: required resource not specified
See 'kubectl rollout status -h' for help and examples
[1]
"#,
        );
    }

    #[test]
    fn what_does_not_roll_has_no_status() {
        check(
            r#"
$ patch ds agent --type=merge -p '{"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}}'
daemonset.apps/agent patched
$ rollout status ds/agent
error: rollout status is only available for RollingUpdate strategy type
[1]
$ rollout status ds -n other
No resources found in other namespace.
$ rollout history ds/agent ds/nobody
daemonset.apps/agent 
REVISION  CHANGE-CAUSE
1         <none>

Error from server (NotFound): daemonsets.apps "nobody" not found
[1]
"#,
        );
    }

    #[test]
    fn a_revision_is_shown_with_its_template() {
        check(
            "
$ rollout history ds/agent --revision=1
daemonset.apps/agent with revision #1
Pod Template:
  Labels:\tapp=agent
  Containers:
   main:
    Image:\tagent:1
    Port:\t<none>
    Host Port:\t<none>
    Environment:\t<none>
    Mounts:\t<none>
  Volumes:\t<none>
  Node-Selectors:\t<none>
  Tolerations:\t<none>

",
        );
    }
}
