//! The flags of all commands in one table, and how they are read.

use std::collections::BTreeMap;

use cluster::Cluster;
use objects::Millis;

use crate::{command::nearest, execute::DryRun, resource::Resource};

/// What stands behind a flag.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// Nothing, or `=true` and `=false`.
    Nothing,
    Text,
    Number,
    Duration,
    /// A text, which may only stand behind `=`; this one if there is none.
    TextOr(&'static str),
}

/// A flag of some commands.
pub(crate) struct Flag {
    pub(crate) long: &'static str,
    pub(crate) short: Option<char>,
    takes: Takes,
    /// Those that have it; all if it is empty.
    commands: &'static [&'static str],
    /// What it is for.
    pub(crate) what: &'static str,
}

impl Flag {
    fn is_of(&self, command: &str) -> bool {
        self.commands.is_empty() || self.commands.contains(&command)
    }

    /// Whether a value may be the next word.
    pub(crate) fn takes_value(&self) -> bool {
        !matches!(self.takes, Takes::Nothing | Takes::TextOr(_))
    }

    /// What it is set to if nothing is said, as help shows it.
    pub(crate) fn unset(&self) -> &'static str {
        match self.takes {
            Takes::Nothing => "false",
            Takes::Text | Takes::TextOr(_) => "''",
            Takes::Number => "-1",
            Takes::Duration => "0s",
        }
    }
}

/// The flags of a command, in the order of the table.
pub(crate) fn of(command: &str) -> impl Iterator<Item = &'static Flag> {
    const TABLE: &[Flag] = FLAGS;
    TABLE.iter().filter(move |flag| flag.is_of(command))
}

/// Whether a flag of a command, by its long name or its letter, has no value as the next word.
pub fn stands_alone(command: &str, name: &str) -> bool {
    let mut flags = of(command);
    let flag = flags.find(|it| it.long == name || it.short.is_some_and(|c| name == c.to_string()));
    flag.is_some_and(|it| !it.takes_value())
}

const ALL: &[&str] = &[];
const FILE: &[&str] = &[
    "apply",
    "create",
    "delete",
    "describe",
    "edit",
    "get",
    "replace",
    "label",
    "annotate",
    "patch",
    "set image",
    "set resources",
    "set env",
    "rollout undo",
    "rollout restart",
    "rollout history",
    "rollout status",
    "rollout pause",
    "rollout resume",
];
const SELECTOR: &[&str] = &[
    "label",
    "annotate",
    "taint",
    "delete",
    "get",
    "describe",
    "cordon",
    "uncordon",
    "drain",
    "set image",
    "set resources",
    "set env",
    "rollout undo",
    "rollout restart",
    "rollout history",
    "rollout status",
    "rollout pause",
    "rollout resume",
];
const FIELDS: &[&str] = &["label", "annotate", "delete", "get"];
const EVERY: &[&str] = &[
    "label",
    "annotate",
    "taint",
    "delete",
    "set image",
    "set resources",
    "set env",
];
const NAMESPACES: &[&str] = &["get", "describe", "delete", "label", "annotate", "events"];
const DRY_RUN: &[&str] = &[
    "apply",
    "create",
    "replace",
    "delete",
    "label",
    "annotate",
    "taint",
    "cordon",
    "uncordon",
    "drain",
    "patch",
    "set image",
    "set resources",
    "set env",
    "rollout undo",
    "scale",
    "autoscale",
];

const fn flag(
    long: &'static str,
    short: Option<char>,
    takes: Takes,
    commands: &'static [&'static str],
    what: &'static str,
) -> Flag {
    Flag {
        long,
        short,
        takes,
        commands,
        what,
    }
}

const FLAGS: &[Flag] = &[
    flag(
        "namespace",
        Some('n'),
        Takes::Text,
        ALL,
        "The namespace to look in; `default` without.",
    ),
    flag(
        "help",
        Some('h'),
        Takes::Nothing,
        ALL,
        "Says how the command is used.",
    ),
    flag(
        "filename",
        Some('f'),
        Takes::Text,
        FILE,
        "The file that holds the objects.",
    ),
    flag(
        "selector",
        Some('l'),
        Takes::Text,
        SELECTOR,
        "Only objects with these labels: `a=b`, `a!=b`, `a in (b,c)`, `a`, `!a`.",
    ),
    flag(
        "field-selector",
        None,
        Takes::Text,
        FIELDS,
        "Only objects with these fields: `spec.nodeName=n1`.",
    ),
    flag(
        "all",
        None,
        Takes::Nothing,
        EVERY,
        "All objects of the type.",
    ),
    flag(
        "all-namespaces",
        Some('A'),
        Takes::Nothing,
        NAMESPACES,
        "Objects of all namespaces.",
    ),
    flag(
        "dry-run",
        None,
        Takes::TextOr("client"),
        DRY_RUN,
        "Only says what would be done: `client` or `server`.",
    ),
    flag(
        "server-side",
        None,
        Takes::Nothing,
        &["apply"],
        "Lets the API server merge.",
    ),
    flag(
        "force-conflicts",
        None,
        Takes::Nothing,
        &["apply"],
        "With --server-side: takes over fields of others.",
    ),
    flag(
        "field-manager",
        None,
        Takes::Text,
        &["apply", "create", "replace", "patch", "label", "annotate"],
        "The name of who manages the fields; not kept.",
    ),
    flag(
        "validate",
        None,
        Takes::TextOr("strict"),
        &["apply", "create", "replace"],
        "How strictly fields are read; always strictly here.",
    ),
    flag(
        "save-config",
        None,
        Takes::Nothing,
        &["create"],
        "Keeps the manifest in an annotation, for a later apply.",
    ),
    flag(
        "overwrite",
        None,
        Takes::Nothing,
        &["label", "annotate", "taint", "set env"],
        "Lets other values be overwritten.",
    ),
    flag(
        "cascade",
        None,
        Takes::TextOr("background"),
        &["delete"],
        "What becomes of what the object owns: `background`, `foreground` or `orphan`.",
    ),
    flag(
        "grace-period",
        None,
        Takes::Number,
        &["delete", "drain"],
        "Seconds that pods get to end.",
    ),
    flag(
        "force",
        None,
        Takes::Nothing,
        &["delete", "drain", "replace"],
        "Deletes at once; drains pods that no controller would make again.",
    ),
    flag(
        "now",
        None,
        Takes::Nothing,
        &["delete"],
        "The same as --grace-period=1.",
    ),
    flag(
        "wait",
        None,
        Takes::Nothing,
        &["delete"],
        "Waits until the object is gone; see --timeout.",
    ),
    flag(
        "ignore-not-found",
        None,
        Takes::Nothing,
        &["delete", "get"],
        "What is not there is no error.",
    ),
    flag(
        "to-revision",
        None,
        Takes::Number,
        &["rollout undo"],
        "The revision to go back to; the one before without.",
    ),
    flag(
        "revision",
        None,
        Takes::Number,
        &["rollout history", "rollout status"],
        "The revision to show.",
    ),
    flag(
        "watch",
        Some('w'),
        Takes::Nothing,
        &["rollout status", "get", "events"],
        "Goes on showing what changes.",
    ),
    flag(
        "watch-only",
        None,
        Takes::Nothing,
        &["get"],
        "Shows only what changes.",
    ),
    flag(
        "timeout",
        None,
        Takes::Duration,
        &["drain", "delete", "rollout status"],
        "Lets so much time pass until it is done.",
    ),
    flag(
        "ignore-daemonsets",
        None,
        Takes::Nothing,
        &["drain"],
        "Leaves the pods of DaemonSets where they are.",
    ),
    flag(
        "delete-emptydir-data",
        None,
        Takes::Nothing,
        &["drain"],
        "Evicts pods that keep data on the node.",
    ),
    flag(
        "disable-eviction",
        None,
        Takes::Nothing,
        &["drain"],
        "Deletes, past all disruption budgets.",
    ),
    flag(
        "pod-selector",
        None,
        Takes::Text,
        &["drain"],
        "Evicts only pods with these labels.",
    ),
    flag(
        "no-headers",
        None,
        Takes::Nothing,
        &["get", "events"],
        "Leaves out the names of the columns.",
    ),
    flag(
        "show-labels",
        None,
        Takes::Nothing,
        &["get"],
        "Shows the labels in a last column.",
    ),
    flag(
        "show-events",
        None,
        Takes::Nothing,
        &["describe"],
        "Shows the events; `--show-events=false` does not.",
    ),
    flag(
        "sort-by",
        None,
        Takes::Text,
        &["get"],
        "Sorts by a field: `.metadata.name`.",
    ),
    flag(
        "output",
        Some('o'),
        Takes::Text,
        &[
            "get", "delete", "version", "apply", "create", "replace", "label", "annotate", "patch",
        ],
        "How to print: `wide`, `name`, `yaml`, `json` or `jsonpath=TEMPLATE`.",
    ),
    flag(
        "for",
        None,
        Takes::Text,
        &["events"],
        "Only events about this object: `ds/fluentd`.",
    ),
    flag(
        "types",
        None,
        Takes::Text,
        &["events"],
        "Only events of these types: `Warning`.",
    ),
    flag(
        "recursive",
        Some('R'),
        Takes::Nothing,
        FILE,
        "With --filename: directories below, too.",
    ),
    flag(
        "patch",
        Some('p'),
        Takes::Text,
        &["patch"],
        "The patch, in JSON or YAML.",
    ),
    flag(
        "patch-file",
        None,
        Takes::Text,
        &["patch"],
        "The file that holds the patch.",
    ),
    flag(
        "type",
        None,
        Takes::Text,
        &["patch"],
        "How it is merged: `strategic`, `merge` or `json`.",
    ),
    flag(
        "containers",
        Some('c'),
        Takes::Text,
        &["set resources", "set env"],
        "The containers to change, `*` for any letters; all without.",
    ),
    flag(
        "limits",
        None,
        Takes::Text,
        &["set resources"],
        "What a container may have at most: `cpu=200m,memory=512Mi`.",
    ),
    flag(
        "requests",
        None,
        Takes::Text,
        &["set resources"],
        "What a container asks for: `cpu=100m,memory=256Mi`.",
    ),
    flag(
        "env",
        Some('e'),
        Takes::Text,
        &["set env"],
        "A variable, `KEY=VALUE`.",
    ),
    flag(
        "list",
        None,
        Takes::Nothing,
        &["set env"],
        "Lists the variables and changes nothing.",
    ),
    flag(
        "replicas",
        None,
        Takes::Number,
        &["scale"],
        "How many replicas there should be.",
    ),
    flag(
        "current-replicas",
        None,
        Takes::Number,
        &["scale"],
        "How many there have to be now.",
    ),
    flag(
        "min",
        None,
        Takes::Number,
        &["autoscale"],
        "The fewest replicas.",
    ),
    flag(
        "max",
        None,
        Takes::Number,
        &["autoscale"],
        "The most replicas.",
    ),
    flag(
        "cpu-percent",
        None,
        Takes::Number,
        &["autoscale"],
        "The share of CPU to aim for.",
    ),
    flag(
        "cpu",
        None,
        Takes::Text,
        &["autoscale"],
        "The amount of CPU to aim for.",
    ),
    flag(
        "memory",
        None,
        Takes::Text,
        &["autoscale"],
        "The amount of memory to aim for.",
    ),
    flag(
        "name",
        None,
        Takes::Text,
        &["autoscale"],
        "The name of the autoscaler.",
    ),
    flag(
        "follow",
        Some('f'),
        Takes::Nothing,
        &["logs"],
        "Goes on showing what is written.",
    ),
    flag(
        "container",
        Some('c'),
        Takes::Text,
        &["logs"],
        "The container whose logs to show.",
    ),
    flag(
        "previous",
        Some('p'),
        Takes::Nothing,
        &["logs"],
        "The logs of the container before the last restart.",
    ),
    flag(
        "tail",
        None,
        Takes::Number,
        &["logs"],
        "Only so many lines of the end.",
    ),
    flag(
        "client",
        None,
        Takes::Nothing,
        &["version"],
        "Only the version of kubectl.",
    ),
    flag(
        "recursive",
        None,
        Takes::Nothing,
        &["explain"],
        "All fields below, without what they mean.",
    ),
    flag(
        "api-version",
        None,
        Takes::Text,
        &["explain"],
        "The version of the API to look in.",
    ),
];

/// Names and flags of a command, before they are given a meaning.
pub(crate) struct Arguments<'a> {
    /// As it is called: `rollout undo`.
    pub(crate) command: String,
    /// Which knows what kinds there are.
    cluster: &'a Cluster,
    pub(crate) names: Vec<String>,
    flags: BTreeMap<&'static str, Vec<String>>,
}

impl<'c> Arguments<'c> {
    /// Takes names and flags apart.
    pub(crate) fn read(
        command: &str,
        words: &[String],
        cluster: &'c Cluster,
    ) -> Result<Self, String> {
        let mut arguments = Self {
            command: command.to_owned(),
            cluster,
            names: Vec::new(),
            flags: BTreeMap::new(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                arguments.names.extend(words.cloned());
                break;
            }
            let read = match (word.strip_prefix("--"), word.strip_prefix('-')) {
                (Some(long), _) => arguments.long(long, &mut words),
                (None, Some(shorts)) if !shorts.is_empty() => arguments.shorts(shorts, &mut words),
                _ => {
                    arguments.names.push(word.clone());
                    Ok(())
                }
            };
            read.map_err(|message| {
                format!("error: {message}\nSee 'kubectl {command} --help' for usage.")
            })?;
        }
        Ok(arguments)
    }

    fn known(&self, is_it: impl Fn(&Flag) -> bool) -> Option<&'static Flag> {
        of(&self.command).find(|flag| is_it(flag))
    }

    /// The kind that a name means.
    pub(crate) fn resource(&self, name: &str) -> Result<Resource, String> {
        Resource::read(name, self.cluster)
    }

    /// Whether it is only to be said what would be done.
    pub(crate) fn dry_run(&self) -> Result<Option<DryRun>, String> {
        match self.text("dry-run") {
            None | Some("none" | "false") => Ok(None),
            Some("client" | "true" | "unchanged") => Ok(Some(DryRun::Client)),
            Some("server") => Ok(Some(DryRun::Server)),
            Some(other) => Err(format!(
                "error: Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            )),
        }
    }

    fn long<'a>(
        &mut self,
        word: &str,
        words: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let (name, given) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        let Some(flag) = self.known(|flag| flag.long == name) else {
            let longs: Vec<&str> = of(&self.command).map(|flag| flag.long).collect();
            return Err(match nearest(name, &longs) {
                Some(near) => format!("unknown flag: --{name}\nDid you mean --{near}?"),
                None => format!("unknown flag: --{name}"),
            });
        };
        let value = match (given, flag.takes) {
            (Some(value), _) => value,
            (None, Takes::Nothing) => "true".to_owned(),
            (None, Takes::TextOr(value)) => value.to_owned(),
            (None, _) => words
                .next()
                .cloned()
                .ok_or_else(|| format!("flag needs an argument: --{name}"))?,
        };
        self.put(flag, value)
    }

    fn shorts<'a>(
        &mut self,
        word: &str,
        words: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let mut rest = word;
        while let Some(short) = rest.chars().next() {
            let Some(flag) = self.known(|flag| flag.short == Some(short)) else {
                return Err(format!("unknown shorthand flag: {short:?} in -{rest}"));
            };
            let behind = &rest[short.len_utf8()..];
            if let Some(value) = behind.strip_prefix('=') {
                return self.put(flag, value.to_owned());
            }
            if flag.takes == Takes::Nothing {
                self.put(flag, "true".to_owned())?;
                rest = behind;
                continue;
            }
            let value = match behind {
                "" => words
                    .next()
                    .cloned()
                    .ok_or_else(|| format!("flag needs an argument: {short:?} in -{rest}"))?,
                value => value.to_owned(),
            };
            return self.put(flag, value);
        }
        Ok(())
    }

    fn put(&mut self, flag: &'static Flag, value: String) -> Result<(), String> {
        let wrong = match flag.takes {
            Takes::Text | Takes::TextOr(_) => None,
            Takes::Nothing => as_bool(&value)
                .is_none()
                .then(|| format!("strconv.ParseBool: parsing {value:?}: invalid syntax")),
            Takes::Number => value
                .parse::<i64>()
                .is_err()
                .then(|| format!("strconv.ParseInt: parsing {value:?}: invalid syntax")),
            Takes::Duration => Millis::parse_duration(&value).err(),
        };
        if let Some(wrong) = wrong {
            let name = match flag.short {
                Some(short) => format!("-{short}, --{}", flag.long),
                None => format!("--{}", flag.long),
            };
            return Err(format!(
                "invalid argument {value:?} for {name:?} flag: {wrong}"
            ));
        }
        self.flags.entry(flag.long).or_default().push(value);
        Ok(())
    }

    /// All that was given for a flag.
    pub(crate) fn texts(&self, long: &str) -> &[String] {
        self.flags.get(long).map_or(&[], Vec::as_slice)
    }

    /// What was given last for a flag.
    pub(crate) fn text(&self, long: &str) -> Option<&str> {
        self.flags.get(long)?.last().map(String::as_str)
    }

    pub(crate) fn is_set(&self, long: &str) -> bool {
        self.text(long).and_then(as_bool).unwrap_or(false)
    }

    pub(crate) fn number(&self, long: &str) -> Option<i64> {
        self.text(long)?.parse().ok()
    }

    pub(crate) fn duration(&self, long: &str) -> Option<Millis> {
        Millis::parse_duration(self.text(long)?).ok()
    }

    pub(crate) fn namespace(&self) -> Option<String> {
        self.text("namespace").map(str::to_owned)
    }

    /// All files that are named.
    pub(crate) fn files(&self) -> Vec<String> {
        let files = self.flags.get("filename").into_iter().flatten();
        let files = files.flat_map(|file| file.split(','));
        files.map(str::to_owned).collect()
    }

    /// The same, if there are any.
    pub(crate) fn some_files(&self) -> Result<Vec<String>, String> {
        let files = self.files();
        if files.is_empty() {
            return Err("error: must specify one of -f and -k".to_owned());
        }
        Ok(files)
    }

    /// What is wrong with how the command is used.
    pub(crate) fn usage(&self, message: &str) -> String {
        let command = &self.command;
        format!("error: {message}\nSee 'kubectl {command} -h' for help and examples")
    }
}

fn as_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_by_pflag() {
        let cluster = Cluster::new(7);
        let read = |command: &str, line: &str| {
            let words = crate::words::split(line).unwrap();
            Arguments::read(command, &words, &cluster)
        };
        let get = read("get", "pods -Aowide -l=a=b --no-headers=false -nx").unwrap();
        assert_eq!(get.names, ["pods"]);
        assert!(get.is_set("all-namespaces"));
        assert!(!get.is_set("no-headers"));
        assert_eq!(get.text("output"), Some("wide"));
        assert_eq!(get.text("selector"), Some("a=b"));
        assert_eq!(get.text("namespace"), Some("x"));
        let delete = read("delete", "--cascade -f a,b -f c -- -d").unwrap();
        assert_eq!(delete.text("cascade"), Some("background"));
        assert_eq!(delete.files(), ["a", "b", "c"]);
        assert_eq!(delete.names, ["-d"]);
        let check = |line: &str, want: &str| {
            let want = format!("error: {want}\nSee 'kubectl delete --help' for usage.");
            assert_eq!(read("delete", line).err(), Some(want));
        };
        check("--xyz=1", "unknown flag: --xyz");
        check(
            "--namespce x",
            "unknown flag: --namespce\nDid you mean --namespace?",
        );
        check("-x", "unknown shorthand flag: 'x' in -x");
        check("--filename", "flag needs an argument: --filename");
        check("-f", "flag needs an argument: 'f' in -f");
        check("--to-revision=1", "unknown flag: --to-revision");
        check(
            "--grace-period=x",
            "invalid argument \"x\" for \"--grace-period\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
        );
        check(
            "--force=x",
            "invalid argument \"x\" for \"--force\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
        );
    }
}
