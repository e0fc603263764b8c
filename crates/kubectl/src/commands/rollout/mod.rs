//! `rollout undo`, `restart`, `history`, `status`, `pause` and `resume`.

mod history;
mod restart;
pub(crate) mod status;
mod undo;

use objects::{DaemonSet, Millis};

use crate::{
    execute::Run, flags::Arguments, live::Live, printer::Printer, resource::Resource,
    selection::Selection,
};

/// Something about the rollouts of objects.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rollout {
    verb: Verb,
    selection: Selection,
    printer: Printer,
    /// For what is said of no objects.
    namespace: String,
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
        if arguments.names.is_empty() && arguments.files().is_empty() {
            return Err("error: required resource not specified".to_owned());
        }
        match arguments.number("revision") {
            Some(revision) if revision < 0 => Err(format!(
                "error: revision must be a positive integer: {revision}"
            )),
            _ => Ok(Self {
                verb,
                selection: Selection::read(arguments, &arguments.names, true)?,
                printer: Printer::read(arguments)?,
                namespace: arguments
                    .namespace()
                    .unwrap_or_else(|| "default".to_owned()),
            }),
        }
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found_any = match self.verb {
            Verb::Restart | Verb::Pause | Verb::Resume => {
                // All are looked up before the first is changed.
                let found = run.select(&self.selection);
                let found_any = !found.is_empty();
                for (resource, live) in found {
                    if let Err(why) = self.change(run, &live) {
                        let (of, name) = (resource.qualified(), live.name());
                        run.fail_verbatim(&format!("error: {of} {name:?} {why}"));
                    }
                }
                found_any
            }
            verb => run.visit(&self.selection, |run, resource, live| {
                if let Err(message) = self.one(run, verb, resource, &live) {
                    run.fail(&format!("error: {message}"));
                }
            }),
        };
        let is_silent = matches!(self.verb, Verb::Undo(_) | Verb::History(_));
        if !found_any && !is_silent && !run.has_failed() {
            let namespace = &self.namespace;
            run.say(&format!("No resources found in {namespace} namespace."));
        }
    }

    /// Models `ObjectRestarterFn`, `ObjectPauserFn` and `ObjectResumerFn`, kubectl
    /// `pkg/polymorphichelpers`, v1.34.
    fn change(&self, run: &mut Run<'_>, live: &Live) -> Result<(), &'static str> {
        match (self.verb, live) {
            (Verb::Restart, Live::DaemonSet(it)) => restart::restart(run, it, &self.printer),
            (Verb::Restart, _) => return Err("restarting is not supported"),
            (Verb::Pause, _) => return Err("pausing is not supported"),
            (_, _) => return Err("resuming is not supported"),
        }
        Ok(())
    }

    fn one(
        &self,
        run: &mut Run<'_>,
        verb: Verb,
        resource: &Resource,
        live: &Live,
    ) -> Result<(), String> {
        let daemon_set: &DaemonSet = match live {
            Live::DaemonSet(it) => it,
            _ => return Err(not_implemented(verb, resource)),
        };
        match verb {
            Verb::Undo(to) => undo::undo(run, daemon_set, to, &self.printer),
            Verb::History(revision) => history::history(run, daemon_set, revision, &self.printer),
            Verb::Status(timeout) => status::status(run, daemon_set, timeout),
            Verb::Restart | Verb::Pause | Verb::Resume => Ok(()),
        }
    }
}

/// Models `HistoryViewerFor`, `RollbackerFor` and `StatusViewerFor`, kubectl
/// `pkg/polymorphichelpers`, v1.34.
fn not_implemented(verb: Verb, resource: &Resource) -> String {
    let (kind, group) = (&resource.kind, &resource.group);
    let qualified = match &**group {
        "" => kind.to_string(),
        group => format!("{kind}.{group}"),
    };
    let is_visited = matches!(
        &**kind,
        "Pod" | "Job" | "CronJob" | "ReplicaSet" | "ReplicationController"
    );
    let what = match verb {
        Verb::Undo(_) => "rollbacker",
        Verb::History(_) if is_visited => "history viewer",
        Verb::History(_) => "history",
        _ => return format!("no status viewer has been implemented for {qualified}"),
    };
    match is_visited {
        true => format!("no {what} has been implemented for {qualified:?}"),
        false => format!(
            "error retrieving {what} for {qualified:?}, no visitor method exists for {{{group} {kind}}}"
        ),
    }
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
$ rollout undo ds/agent --to-revision=1 -o name
daemonset.apps/agent
$ rollout undo ds/agent --to-revision=-1
error: unable to find specified revision -1 in history
[1]
$ rollout history ds/agent -o jsonpath='{..image}{"\n"}'
agent:1
agent:2
$ rollout undo pod/bare
error: no rollbacker has been implemented for "Pod"
[1]
$ rollout status
error: required resource not specified
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
$ rollout history ds -n other
$ rollout restart ds/agent ds/nobody
daemonset.apps/agent restarted
Error from server (NotFound): daemonsets.apps "nobody" not found
[1]
$ rollout pause ds/agent node/n1
error: daemonsets.apps "agent" pausing is not supported
error: nodes "n1" pausing is not supported
[1]
$ rollout history node/n1
error: error retrieving history for "Node", no visitor method exists for { Node}
[1]
$ rollout history ds/agent ds/nobody
daemonset.apps/agent 
REVISION  CHANGE-CAUSE
1         <none>

Error from server (NotFound): daemonsets.apps "nobody" not found
[1]
"#,
        );
    }
}
