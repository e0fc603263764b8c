//! `label` and `annotate`.

use std::collections::BTreeMap;

use objects::{Labels, labels::LabelSelectorRequirement};

use crate::{execute::Run, flags::Arguments, live::Live, selection::Selection};

const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// Labels or annotations that are set and removed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    field: Field,
    selection: Selection,
    set: BTreeMap<String, String>,
    remove: Vec<String>,
    overwrite: bool,
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
}

/// Resources, and the changes behind them.
///
/// Models `GetResourcesAndPairs`, kubectl `pkg/cmd/util/helpers.go`, v1.34.
fn resources_and_pairs(names: &[String], noun: &str) -> Result<(Vec<String>, Vec<String>), String> {
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
        let (resources, pairs) = resources_and_pairs(&arguments.names, noun)?;
        if resources.is_empty() && arguments.files().is_empty() {
            return Err("error: one or more resources must be specified as <resource> <name> or <resource>/<name>".into());
        }
        if pairs.is_empty() {
            return Err(format!("error: at least one {noun} update is required"));
        }
        let (mut set, mut remove) = (BTreeMap::new(), Vec::new());
        for pair in &pairs {
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
        if let Some(both) = remove.iter().find(|it| set.contains_key(*it)) {
            return Err(match field {
                Field::Labels => {
                    "error: can not both modify and remove a label in the same command".to_owned()
                }
                Field::Annotations => format!(
                    "error: can not both modify and remove the following annotation(s) in the same command: {both}"
                ),
            });
        }
        Ok(Self {
            field,
            selection: Selection::read(arguments, &resources, false)?,
            set,
            remove,
            overwrite: arguments.is_set("overwrite"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        for (resource, live) in run.select(&self.selection) {
            let before = match self.field {
                Field::Labels => live.labels(),
                Field::Annotations => live.annotations(),
            };
            if self.field == Field::Labels {
                for key in self.remove.iter().filter(|key| !before.contains_key(*key)) {
                    run.say(&format!("label {key:?} not found."));
                }
            }
            if self.is_in_the_way(run, &before) {
                continue;
            }
            let mut after = before.clone();
            after.extend(self.set.clone());
            after.retain(|key, _| !self.remove.contains(key));
            let name = format!("{}/{}", resource.singular(), live.name());
            let done = self.done(&before, &after);
            if before == after || self.write(run, &live, after) {
                run.done(&format!("{name} {done}"));
            }
        }
    }

    fn write(&self, run: &mut Run<'_>, live: &Live, after: Labels) -> bool {
        let field = match self.field {
            Field::Labels => "labels",
            Field::Annotations => "annotations",
        };
        run.replace(live.with_texts(field, after)).is_some()
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

fn check_label(pair: &str, value: &str) -> Result<(), String> {
    if value.contains('=') {
        return Err(format!("error: invalid label spec: {pair}"));
    }
    let probe = LabelSelectorRequirement {
        key: "k".into(),
        operator: "In".into(),
        values: vec![value.to_owned()],
        ..LabelSelectorRequirement::default()
    };
    if probe.is_readable() {
        return Ok(());
    }
    let wrong = if value.len() > 63 {
        "must be no more than 63 characters"
    } else {
        LABEL_VALUE
    };
    Err(format!("error: invalid label value: {pair:?}: {wrong}"))
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
