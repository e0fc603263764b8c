//! What can stand at the end of a line that is being typed.

use std::collections::BTreeSet;

use cluster::Cluster;

use crate::{
    Files,
    command::{COMMANDS, subcommands, take_name},
    flags,
    live::Live,
    namespaces,
    resource::Resource,
    words,
};

/// What a line can go on with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where in the line, in bytes, the word begins that the choices replace.
    pub start: usize,
    /// Words as they are to be written, in order.
    pub choices: Vec<String>,
}

/// Finds what a line can go on with: commands, flags and their values, types, names of objects,
/// keys of labels, files.
pub fn complete(line: &str, files: &Files, cluster: &Cluster) -> Completion {
    let start = line.rfind([' ', '\t', '\n']).map_or(0, |at| at + 1);
    let (before, word) = line.split_at(start);
    let Ok(mut before) = words::split(before) else {
        return Completion::default();
    };
    if before.first().is_some_and(|it| it == "kubectl") {
        before.remove(0);
    }
    let context = Context {
        before: &before,
        word,
        files,
        cluster,
    };
    let mut choices = context.choices();
    choices.retain(|it| it.starts_with(word) && it != word);
    choices.sort();
    choices.dedup();
    Completion { start, choices }
}

struct Context<'a> {
    /// The words before, without `kubectl`.
    before: &'a [String],
    /// What there is of the word that is typed.
    word: &'a str,
    files: &'a Files,
    cluster: &'a Cluster,
}

fn owned(all: &[&str]) -> Vec<String> {
    all.iter().map(|&it| it.to_owned()).collect()
}

impl Context<'_> {
    fn choices(&self) -> Vec<String> {
        let Some((name, rest)) = take_name("", self.before) else {
            return owned(COMMANDS);
        };
        if !COMMANDS.contains(&name) {
            return Vec::new();
        }
        let (command, rest) = match (subcommands(name), take_name(name, &rest)) {
            ([], _) => (name.to_owned(), rest),
            (known, None) => return owned(known),
            (_, Some((word, rest))) => (format!("{name} {word}"), rest),
        };
        if let Some(flag) = rest.last().and_then(|it| waiting(&command, it)) {
            return self.values(flag, "");
        }
        if let Some((flag, _)) = self.word.split_once('=')
            && let Some(long) = flag.strip_prefix("--")
            && let Some(flag) = flags::of(&command).find(|it| it.long == long)
        {
            return self.values(flag.long, &format!("--{long}="));
        }
        if self.word.starts_with('-') {
            let offered = flags::of(&command).filter(|it| it.is_offered());
            let longs = offered.map(|it| format!("--{}", it.long));
            return longs.collect();
        }
        self.names(&command, &positional(&command, &rest))
    }

    /// What can be said of a flag.
    fn values(&self, flag: &str, before: &str) -> Vec<String> {
        let values = match flag {
            "filename" | "patch-file" => self.files.keys().cloned().collect(),
            "namespace" => self.namespaces(),
            "output" => owned(&["json", "jsonpath=", "name", "wide", "yaml"]),
            "cascade" => owned(&["background", "foreground", "orphan"]),
            "dry-run" => owned(&["client", "none", "server"]),
            "type" => owned(&["json", "merge", "strategic"]),
            "types" => owned(&["Normal", "Warning"]),
            "selector" | "pod-selector" => self.label_keys(&self.all()),
            "field-selector" => owned(&["metadata.name=", "spec.nodeName=", "status.phase="]),
            "for" => self.slashed(),
            _ => Vec::new(),
        };
        values.iter().map(|it| format!("{before}{it}")).collect()
    }

    /// What can be said beside flags.
    fn names(&self, command: &str, given: &[&String]) -> Vec<String> {
        match command {
            "cordon" | "uncordon" | "drain" => return self.names_of("nodes"),
            "logs" => return self.names_of("pods"),
            "help" if given.is_empty() => return owned(COMMANDS),
            "help" => return owned(subcommands(given.first().map_or("", |it| it.as_str()))),
            "apply" | "create" | "replace" | "events" | "version" | "api-resources" => {
                return Vec::new();
            }
            _ => {}
        }
        if self.word.contains('/') {
            return self.slashed();
        }
        let Some(first) = given.first() else {
            return match command {
                "taint" => owned(&["nodes"]),
                _ => self.types(command),
            };
        };
        let objects: Vec<Live> = match first.split_once('/') {
            Some((kind, _)) => self.objects(kind),
            None => self.objects(first),
        };
        let has_name = first.contains('/') || given.len() > 1;
        match command {
            "label" if has_name => {
                let keys = self.label_keys(&objects);
                keys.iter().map(|it| format!("{it}=")).collect()
            }
            "annotate" | "taint" if has_name => Vec::new(),
            "set image" if has_name => self.containers(&objects),
            _ if first.contains('/') => self.types(command),
            _ => objects.iter().map(|it| it.name().to_owned()).collect(),
        }
    }

    fn types(&self, command: &str) -> Vec<String> {
        if command.starts_with("rollout ") {
            return owned(&["daemonset", "ds"]);
        }
        let all = Resource::all(self.cluster);
        all.flat_map(|(it, shorts)| [it.plural.to_string()].into_iter().chain(shorts))
            .collect()
    }

    fn objects(&self, kind: &str) -> Vec<Live> {
        let namespace = self.before.windows(2).find_map(|pair| match &pair[0][..] {
            "-n" | "--namespace" => Some(pair[1].as_str()),
            _ => None,
        });
        let kinds = kind.split(',');
        let kinds = kinds.filter_map(|it| Resource::read(it, self.cluster).ok());
        let namespace = Some(namespace.unwrap_or("default"));
        kinds
            .flat_map(|kind| Live::list(self.cluster, &kind, namespace))
            .collect()
    }

    fn names_of(&self, kind: &str) -> Vec<String> {
        let objects = self.objects(kind);
        objects.iter().map(|it| it.name().to_owned()).collect()
    }

    /// `TYPE/NAME` of the type that is typed, or of those that matter most.
    fn slashed(&self) -> Vec<String> {
        let word = self.word.strip_prefix("--for=").unwrap_or(self.word);
        let kinds = match word.split_once('/') {
            Some((kind, _)) => vec![kind],
            None => vec!["ds", "node", "pod"],
        };
        let names = |kind: &str| -> Vec<String> {
            let names = self.names_of(kind);
            names.iter().map(|it| format!("{kind}/{it}")).collect()
        };
        kinds.into_iter().flat_map(names).collect()
    }

    fn all(&self) -> Vec<Live> {
        ["nodes", "pods", "daemonsets"]
            .iter()
            .flat_map(|it| self.objects(it))
            .collect()
    }

    fn label_keys(&self, objects: &[Live]) -> Vec<String> {
        let keys: BTreeSet<String> = objects
            .iter()
            .flat_map(|it| it.labels().into_keys())
            .collect();
        keys.into_iter().collect()
    }

    fn containers(&self, objects: &[Live]) -> Vec<String> {
        let given = self.before.iter();
        let is_given = |it: &&Live| {
            let mut given = given.clone();
            given.any(|word| word.rsplit('/').next() == Some(it.name()))
        };
        let specs = objects.iter().filter(is_given).filter_map(|it| match it {
            Live::DaemonSet(it) => Some(&it.spec.template.spec),
            Live::Pod(it) => Some(&it.spec),
            _ => None,
        });
        let containers = specs.flat_map(|it| it.containers.iter());
        containers.map(|it| format!("{}=", it.name)).collect()
    }

    fn namespaces(&self) -> Vec<String> {
        namespaces::all(self.cluster).into_keys().collect()
    }
}

/// The flag whose value is still to come.
fn waiting(command: &str, word: &str) -> Option<&'static str> {
    let mut flags = flags::of(command).filter(|it| it.takes_value());
    match word.strip_prefix("--") {
        Some(long) => flags.find(|it| it.long == long),
        None => {
            let shorts = word.strip_prefix('-')?;
            flags.find(|it| it.short.is_some() && it.short == shorts.chars().next_back())
        }
    }
    .map(|it| it.long)
}

/// The words that are neither flags nor their values.
fn positional<'a>(command: &str, words: &'a [String]) -> Vec<&'a String> {
    let mut found = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if waiting(command, word).is_some() {
            words.next();
        } else if !word.starts_with('-') {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tests::world;

    #[test]
    fn lines_go_on_with_what_fits() {
        let timeline = world();
        let files = Files::from([("a.yaml".to_owned(), String::new())]);
        let check = |line: &str, start: usize, want: &[&str]| {
            let got = complete(line, &files, timeline.cluster());
            assert_eq!(
                (got.start, &got.choices[..]),
                (start, &owned(want)[..]),
                "{line}"
            );
        };
        check("de", 0, &["delete", "describe"]);
        check("kubectl de", 8, &["delete", "describe"]);
        check("rollout r", 8, &["restart", "resume"]);
        check("rollout undo ", 13, &["daemonset", "ds"]);
        check("get no", 4, &["nodes"]);
        check("get nodes ", 10, &["n1", "n2"]);
        check("get node/", 4, &["node/n1", "node/n2"]);
        check("get ds a", 7, &["agent"]);
        check("get ds -n other ", 16, &[]);
        check("get pods --no", 9, &["--no-headers"]);
        check("get pods -o y", 12, &["yaml"]);
        check("get pods -n kube-s", 12, &["kube-system"]);
        check("get pods -l app", 12, &[]);
        check("get pods -l a", 12, &["app"]);
        check("apply -f ", 9, &["a.yaml"]);
        check("delete ds --cascade=o", 10, &["--cascade=orphan"]);
        check("drain ", 6, &["n1", "n2"]);
        check("taint ", 6, &["nodes"]);
        check("taint nodes ", 12, &["n1", "n2"]);
        check("label node n1 z", 14, &["zone="]);
        check("set image ds/agent ", 19, &["main="]);
        check("events --for d", 13, &["ds/agent"]);
        check("help rollout u", 13, &["undo"]);
        check("get 'pods", 4, &[]);
        check("frobnicate ", 11, &[]);
    }

    #[test]
    fn every_beginning_of_a_line_is_taken() {
        let timeline = world();
        let files = Files::new();
        let line = "kubectl get pods,ds -n 'x y' -l \"a=b\" --for=pod/ \\ -o=json é/ | x";
        for at in (0..=line.len()).filter(|at| line.is_char_boundary(*at)) {
            let got = complete(&line[..at], &files, timeline.cluster());
            assert!(got.start <= at);
        }
    }
}
