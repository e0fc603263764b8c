//! The flags of all commands in one table, and how they are read.

use std::collections::BTreeMap;

use objects::Millis;

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

struct Flag {
    long: &'static str,
    short: Option<char>,
    takes: Takes,
    /// Those that have it; all if it is empty.
    commands: &'static [&'static str],
}

const ALL: &[&str] = &[];
const FILE: &[&str] = &[
    "apply",
    "create",
    "delete",
    "replace",
    "label",
    "annotate",
    "patch",
    "set image",
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
    "rollout undo",
    "rollout restart",
    "rollout history",
    "rollout status",
    "rollout pause",
    "rollout resume",
];
const FIELDS: &[&str] = &["label", "annotate", "delete", "get"];
const EVERY: &[&str] = &["label", "annotate", "taint", "delete", "set image"];
const NAMESPACES: &[&str] = &["get", "describe", "delete", "label", "annotate"];

const fn flag(
    long: &'static str,
    short: Option<char>,
    takes: Takes,
    commands: &'static [&'static str],
) -> Flag {
    Flag {
        long,
        short,
        takes,
        commands,
    }
}

const FLAGS: [Flag; 37] = [
    flag("namespace", Some('n'), Takes::Text, ALL),
    flag("filename", Some('f'), Takes::Text, FILE),
    flag("selector", Some('l'), Takes::Text, SELECTOR),
    flag("field-selector", None, Takes::Text, FIELDS),
    flag("all", None, Takes::Nothing, EVERY),
    flag("all-namespaces", Some('A'), Takes::Nothing, NAMESPACES),
    flag(
        "overwrite",
        None,
        Takes::Nothing,
        &["label", "annotate", "taint"],
    ),
    flag("cascade", None, Takes::TextOr("background"), &["delete"]),
    flag("grace-period", None, Takes::Number, &["delete", "drain"]),
    flag("force", None, Takes::Nothing, &["delete", "drain"]),
    flag("now", None, Takes::Nothing, &["delete"]),
    flag("wait", None, Takes::Nothing, &["delete"]),
    flag("ignore-not-found", None, Takes::Nothing, &["delete", "get"]),
    flag("to-revision", None, Takes::Number, &["rollout undo"]),
    flag(
        "revision",
        None,
        Takes::Number,
        &["rollout history", "rollout status"],
    ),
    flag("watch", Some('w'), Takes::Nothing, &["rollout status"]),
    flag(
        "timeout",
        None,
        Takes::Duration,
        &["drain", "delete", "rollout status"],
    ),
    flag("ignore-daemonsets", None, Takes::Nothing, &["drain"]),
    flag("delete-emptydir-data", None, Takes::Nothing, &["drain"]),
    flag("disable-eviction", None, Takes::Nothing, &["drain"]),
    flag("pod-selector", None, Takes::Text, &["drain"]),
    flag("no-headers", None, Takes::Nothing, &["get"]),
    flag("show-labels", None, Takes::Nothing, &["get"]),
    flag("output", Some('o'), Takes::Text, &["get", "delete"]),
    flag("patch", Some('p'), Takes::Text, &["patch"]),
    flag("patch-file", None, Takes::Text, &["patch"]),
    flag("type", None, Takes::Text, &["patch"]),
    flag("replicas", None, Takes::Number, &["scale"]),
    flag("current-replicas", None, Takes::Number, &["scale"]),
    flag("min", None, Takes::Number, &["autoscale"]),
    flag("max", None, Takes::Number, &["autoscale"]),
    flag("cpu-percent", None, Takes::Number, &["autoscale"]),
    flag("cpu", None, Takes::Text, &["autoscale"]),
    flag("memory", None, Takes::Text, &["autoscale"]),
    flag("name", None, Takes::Text, &["autoscale"]),
    flag("show-events", None, Takes::Nothing, &["describe"]),
    flag("recursive", Some('R'), Takes::Nothing, FILE),
];

/// Names and flags of a command, before they are given a meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// As it is called: `rollout undo`.
    pub(crate) command: String,
    pub(crate) names: Vec<String>,
    flags: BTreeMap<&'static str, Vec<String>>,
}

impl Arguments {
    /// Takes names and flags apart.
    pub(crate) fn read(command: &str, words: &[String]) -> Result<Self, String> {
        let mut arguments = Self {
            command: command.to_owned(),
            ..Self::default()
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
        const TABLE: &[Flag] = &FLAGS;
        let has_it = |flag: &&Flag| {
            flag.commands.is_empty() || flag.commands.contains(&self.command.as_str())
        };
        TABLE.iter().filter(has_it).find(|flag| is_it(flag))
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
            return Err(format!("unknown flag: --{name}"));
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
        let read = |command: &str, line: &str| {
            Arguments::read(command, &crate::words::split(line).unwrap())
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
            assert_eq!(read("delete", line).unwrap_err(), want);
        };
        check("--xyz=1", "unknown flag: --xyz");
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
