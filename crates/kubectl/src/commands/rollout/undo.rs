//! `rollout undo`.

use cluster::Input;
use objects::{DaemonSet, Object, RevisionData};

use super::history::revisions;
use crate::{
    execute::{DryRun, Run},
    print,
    printer::Printer,
};

/// Models `DaemonSetRollbacker.Rollback`, kubectl `pkg/polymorphichelpers/rollback.go`, v1.34.
pub(super) fn undo(
    run: &mut Run<'_>,
    daemon_set: &DaemonSet,
    to: i64,
    printer: &Printer,
) -> Result<(), String> {
    let revisions = revisions(run.cluster(), daemon_set);
    let target = match to {
        0 if revisions.len() < 2 => return Err("no last revision to roll back to".to_owned()),
        0 => revisions.iter().rev().nth(1),
        to => revisions.iter().find(|it| it.revision == to),
    };
    let target =
        target.ok_or_else(|| format!("unable to find specified revision {to} in history"))?;
    let RevisionData::Template(template) = &target.data else {
        return Err(format!(
            "failed restoring revision {to}: it holds no template"
        ));
    };
    let before = Object::DaemonSet(Box::new(daemon_set.clone()));
    let done = if run.dry_run == Some(DryRun::Client) {
        format!("will roll back to {}", print::template(template))
    } else if target.holds(&daemon_set.spec.template) {
        format!("skipped rollback (current template already matches revision {to})")
    } else {
        let mut new = daemon_set.clone();
        new.spec.template = template.clone();
        let input = Input::Replace(Object::DaemonSet(Box::new(new)));
        if let Err(error) = run.act(input) {
            let doing = format!("error: failed restoring revision {to}:");
            run.refused_saying(&error, &doing);
            return Ok(());
        }
        "rolled back".to_owned()
    };
    run.print(printer, &before, &run.would(&done));
    Ok(())
}
