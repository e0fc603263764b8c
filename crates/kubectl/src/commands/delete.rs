//! `delete`.

use cluster::{ApiError, DeleteOptions, Input, ObjectRef, Propagation};

use objects::Millis;

use crate::{
    execute::{DryRun, Run},
    flags::Arguments,
    resource::Resource,
    selection::{Selection, Which, reference},
};

/// What is deleted, and how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Delete {
    selection: Selection,
    deletion: Deletion,
    timeout: Option<Millis>,
}

/// How something is deleted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deletion {
    options: DeleteOptions,
    force: bool,
    /// What is said of a value of `--cascade` that is of old.
    deprecated: Option<String>,
    ignore_not_found: bool,
    names_only: bool,
}

impl Deletion {
    /// Models `DeleteOptions.Complete` and `Validate`, kubectl `pkg/cmd/delete/delete.go`, v1.34.
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let given = arguments.number("grace-period").filter(|it| *it >= 0);
        let force = arguments.is_set("force");
        let grace_period_seconds = match given {
            Some(_) if arguments.is_set("now") => {
                return Err("error: --now and --grace-period cannot be specified together".into());
            }
            None if arguments.is_set("now") => Some(1),
            Some(0) if !force => Some(1),
            None if force => Some(0),
            given => given,
        };
        if force && grace_period_seconds != Some(0) {
            return Err(
                "error: --force and --grace-period greater than 0 cannot be specified together"
                    .into(),
            );
        }
        let (propagation, deprecated) = cascade(arguments.text("cascade").unwrap_or("background"))?;
        let names_only = match arguments.text("output") {
            None | Some("") => false,
            Some("name") => true,
            Some(other) => {
                return Err(format!(
                    "error: unexpected -o output mode: {other}. We only support '-o name'"
                ));
            }
        };
        Ok(Self {
            options: DeleteOptions {
                grace_period_seconds,
                propagation,
            },
            force,
            deprecated,
            ignore_not_found: arguments.is_set("ignore-not-found") || arguments.is_set("all"),
            names_only,
        })
    }

    /// As objects are deleted to be created anew: those that are not there are none to delete.
    ///
    /// Models `ReplaceOptions.Complete`, kubectl `pkg/cmd/replace/replace.go`, v1.34, but for the
    /// waiting: a pod would still be there for as long as it may take to end.
    pub(crate) fn before_replacement(arguments: &Arguments<'_>) -> Result<Self, String> {
        let mut deletion = Self::read(arguments)?;
        deletion.ignore_not_found = true;
        deletion.force = false;
        deletion.options.grace_period_seconds = Some(0);
        Ok(deletion)
    }

    /// What is said before anything is done.
    pub(crate) fn warn(&self, run: &mut Run<'_>) {
        if let Some(line) = &self.deprecated {
            run.say(line);
        }
        if self.force {
            run.say("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
        }
    }

    /// Deletes an object, which a file may have named.
    ///
    /// Models `DeleteOptions.PrintObj`.
    pub(crate) fn delete(
        &self,
        run: &mut Run<'_>,
        resource: &Resource,
        object: &ObjectRef,
        file: Option<&str>,
    ) {
        // kubectl alone does not look whether it is there.
        let deleted = match run.dry_run {
            Some(DryRun::Client) => Ok(true),
            _ => run.act(Input::Delete {
                object: object.clone(),
                options: self.options,
            }),
        };
        // Those of other kinds have it all in their name.
        let mut parts = object.key.name.splitn(3, '/');
        let (namespace, name) = match (parts.next(), parts.next(), parts.next()) {
            (_, Some(namespace), Some(name)) => (namespace, name),
            _ => (&*object.key.namespace, &*object.key.name),
        };
        match deleted {
            Err(ApiError::NotFound { .. }) if self.ignore_not_found => {}
            Err(error) => {
                let doing = file.map(|file| format!("error when deleting {file:?}"));
                run.refused(&error, &doing.unwrap_or_default());
            }
            Ok(_) => {
                let kind = resource.singular();
                if self.names_only {
                    return run.say(&format!("{kind}/{name}"));
                }
                let forced = if self.force { "force " } else { "" };
                let from = match namespace {
                    "" => String::new(),
                    namespace => format!(" from {namespace} namespace"),
                };
                let dry = run.suffix();
                run.say(&format!("{kind} {name:?} {forced}deleted{from}{dry}"));
            }
        }
    }
}

/// Models `parseCascadingFlag`, kubectl `pkg/cmd/delete/delete_flags.go`, v1.34.
fn cascade(text: &str) -> Result<(Propagation, Option<String>), String> {
    let (propagation, name) = match text {
        "background" | "foreground" | "orphan" => (text, None),
        "1" | "t" | "T" | "true" | "TRUE" | "True" => ("background", Some("background")),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => ("orphan", Some("orphan")),
        other => {
            return Err(format!(
                "error: invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
            ));
        }
    };
    let deprecated = name.map(|name| {
        format!("warning: --cascade={text} is deprecated (boolean value) and can be replaced with --cascade={name}.")
    });
    let propagation = match propagation {
        "foreground" => Propagation::Foreground,
        "orphan" => Propagation::Orphan,
        _ => Propagation::Background,
    };
    Ok((propagation, deprecated))
}

impl Delete {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, false)?,
            deletion: Deletion::read(arguments)?,
            timeout: arguments.duration("timeout"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        self.deletion.warn(run);
        let deadline = run.deadline(self.timeout);
        let is_cluster_wide = |it: &&Resource| !it.namespaced;
        if self.selection.namespace_given && self.selection.resources().iter().any(is_cluster_wide)
        {
            run.say(
                "Warning: deleting cluster-scoped resources, not scoped to the provided namespace",
            );
        }
        if let Which::Named(named) = &self.selection.which {
            let namespace = self.selection.namespace().unwrap_or("default");
            let mut objects = Vec::new();
            for (resource, name) in named {
                let object = reference(resource, namespace, name);
                self.deletion.delete(run, resource, &object, None);
                objects.push((resource.clone(), object));
            }
            return self.wait(run, deadline, &objects);
        }
        let found = run.select(&self.selection);
        if found.is_empty() && !run.has_failed() {
            run.say("No resources found");
        }
        let mut objects = Vec::new();
        for (resource, live) in found {
            let object = live.reference();
            self.deletion.delete(run, &resource, &object, None);
            objects.push((resource, object));
        }
        self.wait(run, deadline, &objects);
    }

    /// With a timeout time passes until all are gone.
    fn wait(&self, run: &mut Run<'_>, deadline: Option<Millis>, objects: &[(Resource, ObjectRef)]) {
        let Some(deadline) = deadline else { return };
        let going = |run: &Run<'_>, object: &ObjectRef| {
            let live = run.live(object).map(|live| live.value());
            live.is_some_and(|it| !it["metadata"]["deletionTimestamp"].is_null())
        };
        for (resource, object) in objects {
            if !run.wait(deadline, |run| !going(run, object)) {
                run.fail(&format!(
                    "error: timed out waiting for the condition on {}/{}",
                    resource.plural, object.key.name
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn objects_are_deleted_by_name_and_by_selector() {
        check(
            r#"
$ delete pods -l app=nothing
No resources found
$ delete pods --field-selector spec.nodeName=n1 -l app=bare
pod "bare" deleted from default namespace
$ delete pods --field-selector spec.color=n1
Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.color=n1": field label not supported: spec.color
[1]
$ delete pod/bare --force --grace-period=0
Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.
pod "bare" force deleted from default namespace
$ delete pod bare other
Error from server (NotFound): pods "bare" not found
Error from server (NotFound): pods "other" not found
[1]
$ delete pod bare --now --grace-period=5
error: --now and --grace-period cannot be specified together
[1]
$ delete pod bare --force --grace-period=5
error: --force and --grace-period greater than 0 cannot be specified together
[1]
$ delete ds --all -l a=b
error: setting 'all' parameter but found a non empty selector. 
[1]
$ delete ds agent --dry-run=server --cascade=false
warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.
daemonset.apps "agent" deleted from default namespace (server dry run)
$ delete ds agent --cascade=never
error: invalid cascade value (never). Must be "background", "foreground", or "orphan"
[1]
$ delete ds --all --cascade=orphan
daemonset.apps "agent" deleted from default namespace
$ delete nodes --all
node "n1" deleted
node "n2" deleted
$ delete nodes
error: resource(s) were provided, but no name was specified
[1]
$ delete nodes a -l x
error: name cannot be provided when a selector is specified
[1]
"#,
        );
    }
}
