//! `taint`.

use objects::{Effect, Object, labels::LabelSelectorRequirement};

use crate::{execute::Run, flags::Arguments, live::Live, selection::Selection};

/// Taints that are put on nodes and taken off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taint {
    nodes: Selection,
    add: Vec<objects::Taint>,
    /// Those without an effect mean all effects.
    remove: Vec<objects::Taint>,
    overwrite: bool,
}

/// `KEY[=VALUE][:EFFECT]`.
///
/// Models `parseTaint`, kubectl `pkg/cmd/taint/utils.go`, v1.34.
fn read(text: &str) -> Result<objects::Taint, String> {
    let invalid = || format!("invalid taint spec: {text}");
    let (key, effect) = match text.split_once(':') {
        Some((_, effect)) if effect.contains(':') => return Err(invalid()),
        Some((key, effect)) => (key, Some(effect)),
        None => (text, None),
    };
    let effect = match effect {
        None => Effect::default(),
        Some(effect @ ("NoSchedule" | "PreferNoSchedule" | "NoExecute")) => Effect::from(effect),
        Some(other) => {
            return Err(format!(
                "invalid taint effect: {other}, unsupported taint effect"
            ));
        }
    };
    let (key, value) = match key.split_once('=') {
        Some((_, value)) if value.contains('=') => return Err(invalid()),
        Some((key, value)) if !effect.as_str().is_empty() => (key, value),
        _ => (key, ""),
    };
    let probe = LabelSelectorRequirement {
        key: key.to_owned(),
        operator: "In".to_owned(),
        values: vec![value.to_owned()],
        ..LabelSelectorRequirement::default()
    };
    if !probe.is_readable() {
        return Err(invalid());
    }
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
        let kind = resources[0].split('/').next().unwrap_or_default();
        if !matches!(kind, "node" | "nodes" | "no") {
            return Err(format!(
                "error: invalid resource type {kind}, only [\"node\" \"nodes\"] are supported"
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
            nodes: Selection::read(arguments, &resources, false)?,
            add,
            remove,
            overwrite: arguments.is_set("overwrite"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        for (_, live) in run.select(&self.nodes) {
            let Live::Node(node) = &live else { continue };
            let name = live.name();
            let there = self.add.iter().filter(|new| {
                let mut old = node.spec.taints.iter();
                old.any(|old| old.same_key_and_effect(new))
            });
            let there: Vec<&str> = there.map(|it| it.key.as_str()).collect();
            if !self.overwrite && !there.is_empty() {
                run.fail(&format!(
                    "error: node {name} already has {} taint(s) with same effect(s) and --overwrite is false",
                    there.join(",")
                ));
                continue;
            }
            match self.changed(&node.spec.taints) {
                Err(missing) => missing.iter().for_each(|it| run.fail(it)),
                Ok((taints, done)) => {
                    let mut node = (**node).clone();
                    node.spec.taints = taints;
                    if run.replace(Object::Node(Box::new(node))).is_some() {
                        run.done(&format!("node/{name} {done}"));
                    }
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
    ) -> Result<(Vec<objects::Taint>, &'static str), Vec<String>> {
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
                missing.push(format!("error: taint {:?} not found", display(gone)));
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        let done = match (added, removed) {
            _ if self.overwrite => "modified",
            (true, true) => "modified",
            (true, false) => "tainted",
            (false, true) => "untainted",
            (false, false) => "",
        };
        Ok((taints, done))
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
                "duplicated taints with the same key and effect: {taint}"
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
$ taint nodes n1 k=v:Never
error: invalid taint effect: Never, unsupported taint effect
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 k=v
error: invalid taint spec: k=v
See 'kubectl taint -h' for help and examples
[1]
$ taint nodes n1 a
error: at least one taint update is required
[1]
$ taint ds x a:NoSchedule
error: invalid resource type ds, only ["node" "nodes"] are supported
[1]
$ taint nodes n1 a:NoSchedule a-
error: can not both modify and remove the following taint(s) in the same command: a=
[1]
"#,
        );
    }
}
