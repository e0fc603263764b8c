//! `taint`.
//!
//! Models kubectl `pkg/cmd/taint/taint.go` and `utils.go`, v1.34.

use objects::{
    Effect, Object,
    validate::{label_key, label_value},
};

use crate::{
    execute::Run, flags::Arguments, live::Live, printer::Printer, resource::Resource,
    selection::Selection,
};

/// Taints that are put on nodes and taken off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taint {
    nodes: Selection,
    add: Vec<objects::Taint>,
    /// Those without an effect mean all effects.
    remove: Vec<objects::Taint>,
    overwrite: bool,
    printer: Printer,
}

/// `KEY[=VALUE][:EFFECT]`.
///
/// Models `parseTaint`, kubectl `pkg/cmd/taint/utils.go`, v1.34.
fn read(text: &str) -> Result<objects::Taint, String> {
    let invalid = || format!("invalid taint spec: {text}");
    let because = |wrong: Vec<String>| match &wrong[..] {
        [] => Ok(()),
        _ => Err(format!("{}, {}", invalid(), wrong.join("; "))),
    };
    let (key, effect) = match text.split_once(':') {
        Some((_, effect)) if effect.contains(':') => return Err(invalid()),
        Some((key, effect)) => (key, Some(effect)),
        None => (text, None),
    };
    let has_effect = effect.is_some();
    let effect = match effect {
        None => Effect::default(),
        Some(effect @ ("NoSchedule" | "PreferNoSchedule" | "NoExecute")) => Effect::from(effect),
        Some(other) => {
            return Err(format!(
                "invalid taint effect: {other}, unsupported taint effect"
            ));
        }
    };
    // Only before an effect is there a value.
    let (key, value) = match key.split_once('=') {
        Some((_, value)) if has_effect && value.contains('=') => return Err(invalid()),
        Some((key, value)) if has_effect => (key, value),
        _ => (key, ""),
    };
    because(label_value(value))?;
    because(label_key(key))?;
    Ok(objects::Taint {
        value: value.to_owned(),
        ..objects::Taint::new(key, effect)
    })
}

fn display(taint: &objects::Taint) -> String {
    match taint.effect.as_str() {
        "" => taint.key.clone(),
        _ => taint.to_string(),
    }
}

impl Taint {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let is_taint = |it: &&String| it.contains(['=', ':']) || it.ends_with('-');
        let names = arguments.names.iter();
        let resources: Vec<String> = names.take_while(|it| !is_taint(it)).cloned().collect();
        let taints = &arguments.names[resources.len()..];
        if let Some(late) = taints.iter().find(|it| !is_taint(it)) {
            return Err(format!(
                "error: all resources must be specified before taint changes: {late}"
            ));
        }
        if resources.is_empty() {
            return Err(
                "error: one or more resources must be specified as <resource> <name>".into(),
            );
        }
        if taints.is_empty() {
            return Err("error: at least one taint update is required".into());
        }
        let (add, remove) = read_all(taints).map_err(|it| arguments.usage(&it))?;
        let kind = resources[0].to_lowercase();
        // What is looked up here is no error of the builder's, which says `error: `.
        let resource = arguments.resource(&kind);
        let nodes = resource.map_err(|it| it.trim_start_matches("error: ").to_owned())?;
        if nodes.kind != "Node" {
            return Err(format!(
                "error: invalid resource type {kind}, only node types are supported"
            ));
        }
        let both = |it: &&objects::Taint| {
            let is_same = |add: &&objects::Taint| {
                add.key == it.key && (it.effect.as_str().is_empty() || add.effect == it.effect)
            };
            add.iter().any(|add| is_same(&add))
        };
        let both = remove.iter().filter(both);
        let both: Vec<String> = both
            .map(|it| format!("{}={}", it.key, it.effect.as_str()))
            .collect();
        if !both.is_empty() {
            return Err(format!(
                "error: can not both modify and remove the following taint(s) in the same command: {}",
                both.join(", ")
            ));
        }
        Ok(Self {
            nodes: select(arguments, nodes, &resources[1..])?,
            add,
            remove,
            overwrite: arguments.is_set("overwrite"),
            printer: Printer::read(arguments)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        run.visit(&self.nodes, |run, _, live| self.one(run, &live));
    }

    fn one(&self, run: &mut Run<'_>, live: &Live) {
        let Live::Node(node) = live else { return };
        let name = live.name();
        let there = self.add.iter().filter(|new| {
            let mut old = node.spec.taints.iter();
            old.any(|old| old.same_key_and_effect(new))
        });
        let there: Vec<&str> = there.map(|it| it.key.as_str()).collect();
        if !self.overwrite && !there.is_empty() {
            return run.fail(&format!(
                "error: node {name} already has {} taint(s) with same effect(s) and --overwrite is false",
                there.join(",")
            ));
        }
        match self.changed(&node.spec.taints) {
            Err(missing) => run.fail(&missing),
            Ok((taints, done)) => {
                let mut node = (**node).clone();
                node.spec.taints = taints;
                let object = Object::Node(Box::new(node));
                // That it was not really done is not said: the operation is set over it.
                if run.replace(object.clone()).is_some() {
                    run.print(&self.printer, &object, done);
                }
            }
        }
    }

    /// A node's taints afterwards, and what is said of it.
    ///
    /// Models `reorganizeTaints`, kubectl `pkg/cmd/taint/utils.go`, v1.34.
    fn changed(
        &self,
        old: &[objects::Taint],
    ) -> Result<(Vec<objects::Taint>, &'static str), String> {
        let mut taints = self.add.clone();
        let kept = old
            .iter()
            .filter(|old| !self.add.iter().any(|new| new.same_key_and_effect(old)));
        taints.extend(kept.cloned());
        let added = taints.len() != old.len();
        let (mut removed, mut missing) = (false, Vec::new());
        for gone in &self.remove {
            let before = taints.len();
            taints.retain(|it| {
                let same_effect = gone.effect.as_str().is_empty() || gone.effect == it.effect;
                it.key != gone.key || !same_effect
            });
            removed = taints.len() < before;
            if !removed {
                missing.push(format!("taint {:?} not found", display(gone)));
            }
        }
        match missing.as_slice() {
            [] => {}
            [one] => return Err(format!("error: {one}")),
            several => return Err(format!("error: [{}]", several.join(", "))),
        }
        let done = match (added, removed) {
            _ if self.overwrite => "modified",
            (true, true) => "modified",
            (true, false) => "tainted",
            (false, _) => "untainted",
        };
        Ok((taints, done))
    }
}

/// The nodes that are meant: those that flags select, or those of these names.
///
/// Models `TaintOptions.Complete` and `validateFlags`: names beside flags are not asked.
fn select(
    arguments: &Arguments<'_>,
    nodes: Resource,
    names: &[String],
) -> Result<Selection, String> {
    let labels = arguments.text("selector").unwrap_or_default();
    match (arguments.is_set("all"), labels.is_empty(), names.is_empty()) {
        (true, false, _) => {
            Err("error: setting 'all' parameter with a non empty selector is prohibited".to_owned())
        }
        (false, true, true) => Err(
            "error: at least one resource name must be specified since 'all' parameter is not set"
                .to_owned(),
        ),
        (false, true, false) => Ok(Selection::of(nodes, names, "")),
        _ => Ok(Selection::of(nodes, &[], labels)),
    }
}

type Taints = Vec<objects::Taint>;

/// Those to add, and those to remove.
fn read_all(texts: &[String]) -> Result<(Taints, Taints), String> {
    let (mut add, mut remove): (Taints, Taints) = (Vec::new(), Vec::new());
    for text in texts {
        if let Some(text) = text.strip_suffix('-') {
            let taint = read(text)?;
            remove.push(objects::Taint::new(&taint.key, taint.effect));
            continue;
        }
        let taint = read(text)?;
        if taint.effect.as_str().is_empty() {
            return Err(format!("invalid taint spec: {text}"));
        }
        if add.iter().any(|it| it.same_key_and_effect(&taint)) {
            return Err(format!(
                "duplicated taints with the same key and effect: {{{} {} {} <nil>}}",
                taint.key,
                taint.value,
                taint.effect.as_str()
            ));
        }
        add.push(taint);
    }
    Ok((add, remove))
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn taints_are_put_on_and_taken_off() {
        check(
            r#"
$ taint nodes n1 k=v:NoSchedule
node/n1 tainted
$ taint nodes n1 k=w:NoSchedule
error: node n1 already has k taint(s) with same effect(s) and --overwrite is false
[1]
$ taint nodes n1 k=w:NoSchedule --overwrite
node/n1 modified
$ taint nodes n1 k=w:NoExecute
node/n1 tainted
$ taint nodes n1 k:NoSchedule-
node/n1 untainted
$ taint nodes n1 k:NoSchedule-
error: taint "k:NoSchedule" not found
[1]
$ taint node n1 k-
node/n1 untainted
$ taint nodes n1 n2 k-
taint "k" not found
taint "k" not found
[1]
$ taint nodes -l zone=b a:NoSchedule
node/n2 tainted
$ taint nodes --all b:NoSchedule a-
node/n2 modified
error: taint "a" not found
[1]
$ taint nodes n1 -l zone=b c:NoSchedule
node/n2 tainted
$ taint nodes n1 x- y:NoSchedule-
error: [taint "x" not found, taint "y:NoSchedule" not found]
[1]
$ taint nodes n1 k=v:Never
error: invalid taint effect: Never, unsupported taint effect
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 k=v
error: invalid taint spec: k=v, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 'a=b c:NoSchedule'
error: invalid taint spec: a=b c:NoSchedule, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 a=b=c:NoSchedule
error: invalid taint spec: a=b=c:NoSchedule
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 k:NoSchedule k:NoSchedule
error: duplicated taints with the same key and effect: {k  NoSchedule <nil>}
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 a
error: at least one taint update is required
[1]
$ taint ds x a:NoSchedule
error: invalid resource type ds, only node types are supported
[1]
$ taint nodes n1 a:NoSchedule a-
error: can not both modify and remove the following taint(s) in the same command: a=
[1]
$ taint node/n1 a:NoSchedule
the server doesn't have a resource type "node/n1"
[1]
$ taint nodes --all -l zone=a a:NoSchedule
error: setting 'all' parameter with a non empty selector is prohibited
[1]
$ taint nodes a:NoSchedule
error: at least one resource name must be specified since 'all' parameter is not set
[1]
$ taint nodes n1 e:NoSchedule --dry-run=client
node/n1 tainted
$ taint nodes n1 e:NoSchedule -o name
node/n1
"#,
        );
    }
}
