//! How flags are read: as pflag reads them.

mod table;

use std::collections::BTreeMap;

use cluster::Cluster;
use objects::Millis;

use crate::{execute::DryRun, resource::Resource};
use table::Takes;
pub use table::stands_alone;
pub(crate) use table::{Flag, of};

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
                let of = if command.is_empty() { "" } else { " " };
                format!("error: {message}\nSee 'kubectl{of}{command} --help' for usage.")
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
            Takes::Duration => Millis::parse_duration(&value)
                .err()
                .map(|why| duration_error(&value).unwrap_or(why)),
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

    /// Whether `--validate` is one of those there are; it is always strict here.
    ///
    /// Models `GetValidationDirective`, kubectl `pkg/cmd/util/helpers.go`, v1.34.
    pub(crate) fn check_validation(&self) -> Result<(), String> {
        match self.text("validate") {
            None | Some("strict" | "warn" | "ignore") => Ok(()),
            Some(other) if as_bool(other).is_some() => Ok(()),
            Some(other) => Err(format!(
                "error: invalid - validate option {other:?}; must be one of: strict (or true), warn, ignore (or false)"
            )),
        }
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

/// What Go says of a duration that does not begin with a number.
///
/// Models `time.ParseDuration`, Go `time/format.go`.
fn duration_error(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = unsigned.starts_with(|c: char| c == '.' || c.is_ascii_digit());
    (!is_number).then(|| format!("time: invalid duration {text:?}"))
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
        check("--namespce x", "unknown flag: --namespce");
        check("-x", "unknown shorthand flag: 'x' in -x");
        check("--filename", "flag needs an argument: --filename");
        check("-f", "flag needs an argument: 'f' in -f");
        check("--to-revision=1", "unknown flag: --to-revision");
        check(
            "--grace-period=x",
            "invalid argument \"x\" for \"--grace-period\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
        );
        check(
            "--timeout=abc",
            "invalid argument \"abc\" for \"--timeout\" flag: time: invalid duration \"abc\"",
        );
        check(
            "--force=x",
            "invalid argument \"x\" for \"--force\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
        );
    }
}
