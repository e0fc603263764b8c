//! `label` and `annotate`.
//!
//! Models kubectl `pkg/cmd/label/label.go` and `pkg/cmd/annotate/annotate.go`, v1.34.

use std::collections::BTreeMap;

use cluster::ApiError;
use objects::{Labels, validate::label_value};

use crate::{
    execute::Run, flags::Arguments, live::Live, printer::Printer, resource::Resource,
    selection::Selection,
};

/// Labels or annotations that are set and removed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    field: Field,
    selection: Selection,
    set: BTreeMap<String, String>,
    remove: Vec<String>,
    overwrite: bool,
    /// Whether they are only listed.
    list: bool,
    /// The version that the object must have.
    resource_version: String,
    printer: Printer,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Field {
    Labels,
    Annotations,
}

impl Field {
    fn noun(self) -> &'static str {
        match self {
            Self::Labels => "label",
            Self::Annotations => "annotation",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Annotations => "annotations",
        }
    }
}

/// Resources, and the changes behind them.
///
/// Models `GetResourcesAndPairs`, kubectl `pkg/cmd/util/helpers.go`, v1.34.
pub(super) fn resources_and_pairs(
    names: &[String],
    noun: &str,
) -> Result<(Vec<String>, Vec<String>), String> {
    let (mut resources, mut pairs) = (Vec::new(), Vec::new());
    for name in names {
        let is_pair =
            (name.contains('=') && !name.starts_with('=')) || (name.ends_with('-') && name != "-");
        match (is_pair, pairs.is_empty()) {
            (true, _) => pairs.push(name.clone()),
            (false, true) => resources.push(name.clone()),
            (false, false) => {
                return Err(format!(
                    "error: all resources must be specified before {noun} changes: {name}"
                ));
            }
        }
    }
    Ok((resources, pairs))
}

impl Label {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let field = match arguments.command.as_str() {
            "label" => Field::Labels,
            _ => Field::Annotations,
        };
        let noun = field.noun();
        let printer = Printer::read(arguments)?;
        let (resources, pairs) = resources_and_pairs(&arguments.names, noun)?;
        let (set, remove) = changes(field, &pairs)?;
        let list = arguments.is_set("list");
        if list && printer != Printer::Words {
            return Err("error: --list and --output may not be specified together".into());
        }
        if resources.is_empty() && arguments.files().is_empty() {
            return Err("error: one or more resources must be specified as <resource> <name> or <resource>/<name>".into());
        }
        if pairs.is_empty() && !list {
            return Err(format!("error: at least one {noun} update is required"));
        }
        let selection = Selection::read(arguments, &resources, false)?;
        let resource_version = arguments.text("resource-version").unwrap_or_default();
        if !selection.is_single() && !resource_version.is_empty() {
            return Err(
                "error: --resource-version may only be used with a single resource".to_owned(),
            );
        }
        Ok(Self {
            field,
            selection,
            set,
            remove,
            overwrite: arguments.is_set("overwrite"),
            list,
            resource_version: resource_version.to_owned(),
            printer,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        run.visit(&self.selection, |run, resource, live| {
            self.one(run, resource, &live);
        });
    }

    fn one(&self, run: &mut Run<'_>, resource: &Resource, live: &Live) {
        let before = match self.field {
            Field::Labels => live.labels(),
            Field::Annotations => live.annotations(),
        };
        if self.field == Field::Labels && !self.list {
            for key in self.remove.iter().filter(|key| !before.contains_key(*key)) {
                run.say(&format!("label {key:?} not found."));
            }
        }
        if self.is_in_the_way(run, &before) {
            return;
        }
        let mut after = before.clone();
        after.extend(self.set.clone());
        after.retain(|key, _| !self.remove.contains(key));
        if self.list {
            return self.listed(run, resource, live, &after);
        }
        if !self.resource_version.is_empty() && self.resource_version != live.resource_version() {
            let (kind, name) = (live.reference().kind, live.reference().key.name);
            return run.refused(&ApiError::Conflict { kind, name }, "");
        }
        let done = self.done(&before, &after);
        let object = live.with_texts(self.field.name(), after.clone());
        if before == after || run.replace(object.clone()).is_some() {
            run.print(&self.printer, &object, &run.would(done));
        }
    }

    fn listed(&self, run: &mut Run<'_>, resource: &Resource, live: &Live, all: &Labels) {
        let indent = if self.selection.is_single() { "" } else { " " };
        if !self.selection.is_single() {
            let (field, name) = (self.field.name(), live.name());
            let (kind, group) = (&resource.kind, &resource.group);
            run.say(&format!("Listing {field} for {kind}.{group}/{name}:"));
        }
        for (key, value) in all {
            run.say(&format!("{indent}{key}={value}"));
        }
    }

    /// Whether other values are there that are not to be overwritten.
    fn is_in_the_way(&self, run: &mut Run<'_>, before: &Labels) -> bool {
        let differs =
            |(key, value): &(&String, &String)| before.get(*key).is_some_and(|it| it != *value);
        let there = self.set.iter().filter(differs);
        let there: Vec<String> = there
            .map(|(key, _)| format!("'{key}' already has a value ({})", before[key]))
            .collect();
        if self.overwrite || there.is_empty() {
            return false;
        }
        match self.field {
            Field::Labels => {
                for it in there {
                    run.fail(&format!("error: {it}, and --overwrite is false"));
                }
            }
            Field::Annotations => run.fail(&format!(
                "error: --overwrite is false but found the following declared annotation(s): {}",
                there.join("; ")
            )),
        }
        true
    }

    /// Models `updateDataChangeMsg`, kubectl `pkg/cmd/label/label.go`, v1.34: what has become
    /// shorter was unlabeled.
    fn done(&self, before: &Labels, after: &Labels) -> &'static str {
        let len = |labels: &Labels| {
            let entries = labels.iter();
            let entries: usize = entries.map(|(k, v)| k.len() + v.len() + 6).sum();
            entries + usize::from(!labels.is_empty()) * 11
        };
        match self.field {
            Field::Annotations => "annotated",
            Field::Labels if before == after => "not labeled",
            Field::Labels if !self.overwrite && len(after) < len(before) => "unlabeled",
            Field::Labels => "labeled",
        }
    }
}

type Changes = (BTreeMap<String, String>, Vec<String>);

/// What is set, and what is removed.
fn changes(field: Field, pairs: &[String]) -> Result<Changes, String> {
    let (mut set, mut remove) = (BTreeMap::new(), Vec::new());
    for pair in pairs {
        match pair.split_once('=') {
            Some((key, value)) => {
                if field == Field::Labels {
                    check_label(pair, value)?;
                }
                set.insert(key.to_owned(), value.to_owned());
            }
            None => remove.push(pair.strip_suffix('-').unwrap_or(pair).to_owned()),
        }
    }
    match (remove.iter().find(|it| set.contains_key(*it)), field) {
        (None, _) => Ok((set, remove)),
        (Some(_), Field::Labels) => {
            Err("error: can not both modify and remove a label in the same command".to_owned())
        }
        (Some(both), Field::Annotations) => Err(format!(
            "error: can not both modify and remove the following annotation(s) in the same command: {both}"
        )),
    }
}

fn check_label(pair: &str, value: &str) -> Result<(), String> {
    if value.contains('=') {
        return Err(format!("error: invalid label spec: {pair}"));
    }
    match label_value(value) {
        wrong if wrong.is_empty() => Ok(()),
        wrong => {
            let wrong = wrong.join(";");
            Err(format!("error: invalid label value: {pair:?}: {wrong}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn labels_are_set_and_removed() {
        check(
            r#"
$ label node n1 k=v
node/n1 labeled
$ label node n1 k=v
node/n1 not labeled
$ label node/n1 k=w
error: 'k' already has a value (v), and --overwrite is false
[1]
$ label nodes n1 n2 k=w --overwrite
node/n1 labeled
node/n2 labeled
$ label nodes -l zone=b k-
node/n2 unlabeled
$ label node n2 k-
label "k" not found.
node/n2 not labeled
$ label pods --all --field-selector spec.nodeName=n1 a=b
error: cannot set --all and --field-selector at the same time
[1]
$ label pods --field-selector metadata.name=bare a=b
pod/bare labeled
$ label node n1 --all x=y
node/n1 labeled
$ label ds agent tier=y zone=z
error: 'tier' already has a value (x), and --overwrite is false
[1]
$ label ds agent tier-
daemonset.apps/agent unlabeled
$ label node n1
error: at least one label update is required
[1]
$ label k=v
error: one or more resources must be specified as <resource> <name> or <resource>/<name>
[1]
$ label node n1 k=v k-
error: can not both modify and remove a label in the same command
[1]
$ label node n1 k=v n2
error: all resources must be specified before label changes: n2
[1]
$ label node n3 k=v
Error from server (NotFound): nodes "n3" not found
[1]
$ label node n1 n3 n2 k=2
node/n2 labeled
'k' already has a value (w), and --overwrite is false
Error from server (NotFound): nodes "n3" not found
[1]
"#,
        );
    }

    #[test]
    fn labels_are_listed_and_shown() {
        check(
            r#"
$ label ds agent --list
tier=x
$ label ds agent a=b tier- --list
a=b
$ label pods,ds -l app=bare --list
Listing labels for Pod./bare:
 app=bare
$ annotate ds/agent --list
deprecated.daemonset.template.generation=1
$ label ds agent --list -o name
error: --list and --output may not be specified together
[1]
$ label ds agent a=b -o name
daemonset.apps/agent
$ label ds agent a=c -o jsonpath='{.metadata.labels}{"\n"}' --overwrite
{"a":"c","tier":"x"}
$ annotate ds agent a=c -o wide
error: unable to match a printer suitable for the output format "wide", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml
[1]
$ label ds agent b=c --resource-version=1
Error from server (Conflict): Operation cannot be fulfilled on daemonsets.apps "agent": the object has been modified; please apply your changes to the latest version and try again
[1]
$ label ds --all b=c --resource-version=1
error: --resource-version may only be used with a single resource
[1]
"#,
        );
    }

    #[test]
    fn annotations_are_set_and_removed() {
        check(
            r#"
$ annotate ds agent kubernetes.io/change-cause='to v2'
daemonset.apps/agent annotated
$ annotate ds/agent kubernetes.io/change-cause=other
error: --overwrite is false but found the following declared annotation(s): 'kubernetes.io/change-cause' already has a value (to v2)
[1]
$ annotate ds --all kubernetes.io/change-cause-
daemonset.apps/agent annotated
$ annotate node n1 a=b a-
error: can not both modify and remove the following annotation(s) in the same command: a
[1]
$ annotate node n1
error: at least one annotation update is required
[1]
"#,
        );
    }
}
