//! `rollout history`.

use std::rc::Rc;

use cluster::Cluster;
use objects::{ControllerRevision, DaemonSet, Object, PodTemplateSpec, RevisionData};

use crate::{execute::Run, live::Live, print, printer::Printer};

const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// The revisions of a DaemonSet, the oldest first.
pub(super) fn revisions(cluster: &Cluster, daemon_set: &DaemonSet) -> Vec<Rc<ControllerRevision>> {
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

/// Models `DaemonSetHistoryViewer`, kubectl `pkg/polymorphichelpers/history.go`, v1.34.
pub(super) fn history(
    run: &mut Run<'_>,
    daemon_set: &DaemonSet,
    revision: i64,
    printer: &Printer,
) -> Result<(), String> {
    let mut revisions = revisions(run.cluster(), daemon_set);
    if revision > 0 && !(revisions.is_empty() && *printer == Printer::Words) {
        revisions.retain(|it| it.revision == revision);
        if revisions.is_empty() {
            return Err("unable to find the specified revision".to_owned());
        }
    }
    if *printer != Printer::Words {
        for template in revisions.iter().filter_map(|it| template(it)) {
            show(run, daemon_set, template, printer);
        }
        return Ok(());
    }
    let name = &daemon_set.metadata.name;
    if let (1.., [found]) = (revision, &revisions[..]) {
        let template = template(found).map(print::template);
        let template =
            template.ok_or_else(|| format!("unable to parse history {}", found.metadata.name))?;
        run.say(&format!(
            "daemonset.apps/{name} with revision #{revision}\n{template}\n"
        ));
        return Ok(());
    }
    let with = match revision {
        0 => String::new(),
        revision => format!("with revision #{revision}"),
    };
    run.say(&format!("daemonset.apps/{name} {with}"));
    if revisions.is_empty() {
        run.say("No rollout history found.");
        return Ok(());
    }
    run.say("REVISION  CHANGE-CAUSE");
    for it in revisions {
        let cause = it.metadata.annotations.get(CHANGE_CAUSE);
        let cause = cause.filter(|it| !it.is_empty());
        let cause = cause.map_or("<none>", String::as_str);
        run.say(&format!("{:<10}{cause}", it.revision));
    }
    run.say("");
    Ok(())
}

fn template(revision: &ControllerRevision) -> Option<&PodTemplateSpec> {
    match &revision.data {
        RevisionData::Template(template) => Some(template),
        RevisionData::Other(_) => None,
    }
}

/// Shows the object as it was with another template.
fn show(run: &mut Run<'_>, daemon_set: &DaemonSet, template: &PodTemplateSpec, printer: &Printer) {
    let mut then = daemon_set.clone();
    then.spec.template = template.clone().into();
    let then = Object::DaemonSet(Box::new(then));
    match printer {
        Printer::Name => run.print(printer, &then, ""),
        printer => run.show(printer, &Live::of(then).value()),
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

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
