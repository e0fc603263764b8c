//! `rollout restart`.

use cluster::Input;
use objects::{DaemonSet, Object, Timestamp};

use crate::{execute::Run, printer::Printer};

const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// Models `RestartOptions.RunRestart`, kubectl `pkg/cmd/rollout/rollout_restart.go`, v1.34.
pub(super) fn restart(run: &mut Run<'_>, daemon_set: &DaemonSet, printer: &Printer) {
    let name = &daemon_set.metadata.name;
    let now = Timestamp::from_unix_millis(run.cluster().unix_now()).to_string();
    let mut new = daemon_set.clone();
    let annotations = &mut new.spec.template.metadata.annotations;
    annotations.insert(RESTARTED_AT.to_owned(), now);
    let object = Object::DaemonSet(Box::new(new));
    match run.act(Input::Replace(object.clone())) {
        Ok(true) => run.print(printer, &object, "restarted"),
        Ok(false) => run.fail(&format!("error: failed to create patch for {name}: if restart has already been triggered within the past second, please wait before attempting to trigger another")),
        Err(error) => run.refused_saying(&error, "error: failed to patch:"),
    }
}
