//! `apply -f`.
//!
//! Models kubectl `pkg/cmd/apply/apply.go`, v1.34.

use cluster::{Input, api_server::reference};
use objects::Object;
use serde_json::Value;

use super::Files;
use crate::{
    apply,
    execute::{DryRun, Run},
    flags::Arguments,
    live::Live,
    printer::Printer,
    resource::Resource,
};

/// Models `ApplyOptions.Validate`.
pub(super) fn by_server(arguments: &Arguments<'_>) -> Result<bool, String> {
    let by_server = arguments.is_set("server-side");
    if arguments.is_set("force-conflicts") && !by_server {
        return Err("error: --force-conflicts only works with --server-side".to_owned());
    }
    if by_server && arguments.dry_run()? == Some(DryRun::Client) {
        return Err("error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)".to_owned());
    }
    Ok(by_server)
}

impl Files {
    /// Merges an object with the one that is there. Gives what came of it.
    pub(super) fn apply(
        &self,
        run: &mut Run<'_>,
        object: Object,
        file: &str,
        by_server: bool,
    ) -> Option<Value> {
        let resource = run.resource(&object);
        let manifest = object.to_value();
        if manifest["metadata"]["name"]
            .as_str()
            .is_none_or(str::is_empty)
        {
            run.fail(&nameless(&resource, &manifest["metadata"], file));
            return None;
        }
        let live = run.live(&reference(&object));
        let (merged, input, doing): (Value, fn(Object) -> Input, String) = match &live {
            None => {
                let manifest = match by_server {
                    true => manifest,
                    false => apply::with_last_applied(manifest),
                };
                (
                    manifest,
                    Input::Create,
                    format!("error when creating {file:?}"),
                )
            }
            Some(live) => {
                let there = live.object().to_value();
                let doing = patching(&resource, live, &manifest, file);
                let merged = match by_server {
                    true => apply::merged_by_server(&there, &manifest),
                    false => apply::merged(&there, &manifest),
                };
                (merged, Input::Replace, doing)
            }
        };
        let is_client = run.dry_run == Some(DryRun::Client);
        if let Some(live) = live.as_ref().filter(|_| !is_client && !by_server) {
            warn(run, &resource, live);
        }
        let merged = match Object::from_value(merged) {
            Ok(merged) => merged,
            Err(why) => {
                run.fail(&format!("error: {doing}: {why}"));
                return None;
            }
        };
        let changed = match run.act(input(merged.clone())) {
            Ok(changed) => changed,
            Err(error) => {
                run.refused(&error, &doing);
                return None;
            }
        };
        let done = match live.is_some() {
            _ if by_server => "serverside-applied",
            false => "created",
            // What kubectl alone can tell is not compared with what is there.
            true if changed || is_client => "configured",
            true => "unchanged",
        };
        let is_being_deleted = live.as_ref().is_some_and(Live::is_being_deleted);
        if is_being_deleted && !is_client {
            let name = live.as_ref().map_or("", |it| it.name());
            run.say(&format!(
                "Warning: Detected changes to resource {name} which is currently being deleted."
            ));
        }
        if matches!(self.printer, Printer::Words | Printer::Name) {
            run.print(&self.printer, &object, &run.would(done));
        }
        match live {
            Some(live) if is_client => Some(live.value()),
            _ if is_client => Some(run.sent(&merged)),
            _ => run.live(&reference(&object)).map(|it| it.value()),
        }
    }

    /// Shows what was applied.
    ///
    /// Models `ApplyOptions.printObjects`.
    pub(super) fn show(&self, run: &mut Run<'_>, applied: Vec<Value>) {
        if matches!(self.printer, Printer::Words | Printer::Name) {
            return;
        }
        match applied.as_slice() {
            [] => {}
            [one] => run.show(&self.printer, one),
            all => {
                let list = serde_json::json!({
                    "apiVersion": "v1", "items": all, "kind": "List", "metadata": {},
                });
                run.show(&self.printer, &list);
            }
        }
    }
}

/// What is said of an object without a name.
fn nameless(resource: &Resource, metadata: &Value, file: &str) -> String {
    match metadata["generateName"].as_str() {
        Some(prefix) if !prefix.is_empty() => {
            format!("error: from {prefix}: cannot use generate name with apply")
        }
        _ => {
            let (info, namespace) = (info(resource), &metadata["namespace"]);
            let namespace = namespace.as_str().unwrap_or_default();
            format!(
                "error: error when retrieving current configuration of:\n{info}\nName: \"\", Namespace: {namespace:?}\nfrom server for: {file:?}: resource name may not be empty"
            )
        }
    }
}

/// Models `Info.String`, cli-runtime `pkg/resource/visitor.go`, v1.34, but for the name.
fn info(resource: &Resource) -> String {
    let (group, plural, kind) = (resource.group_version(), &resource.plural, &resource.kind);
    format!("Resource: \"{group}, Resource={plural}\", GroupVersionKind: \"{group}, Kind={kind}\"")
}

/// What could not be done with an object that is there.
fn patching(resource: &Resource, live: &Live, manifest: &Value, file: &str) -> String {
    let patch = apply::patch_of(&live.value(), manifest);
    let (info, name, namespace) = (info(resource), live.name(), live.namespace());
    format!(
        "error when applying patch:\n{patch}\nto:\n{info}\nName: {name:?}, Namespace: {namespace:?}\nfor: {file:?}: error when patching {file:?}"
    )
}

/// Warns of an object that was not made by `apply`.
fn warn(run: &mut Run<'_>, resource: &Resource, live: &Live) {
    if live.annotations().contains_key(apply::LAST_APPLIED) {
        return;
    }
    let resource = format!("{}/{}", resource.plural, live.name());
    run.say(&format!("Warning: resource {resource} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."));
}
