//! What a line says, read but not yet done.

use cluster::Kind;

/// A command, its names and flags read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Apply {
        file: String,
        namespace: Option<String>,
    },
    Create {
        file: String,
        namespace: Option<String>,
    },
    DeleteFile {
        file: String,
        namespace: Option<String>,
    },
    Delete {
        objects: Vec<(Kind, String)>,
        namespace: Option<String>,
        grace_period_seconds: Option<i64>,
        force: bool,
    },
    /// `cordon`, or `uncordon`.
    Cordon {
        nodes: Vec<String>,
        unschedulable: bool,
    },
}

/// The commands there are.
pub const COMMANDS: [&str; 5] = ["apply", "create", "delete", "cordon", "uncordon"];

fn kind(text: &str) -> Option<Kind> {
    Some(match text.to_lowercase().as_str() {
        "no" | "node" | "nodes" => Kind::Node,
        "ds" | "daemonset" | "daemonsets" | "daemonset.apps" | "daemonsets.apps" => Kind::DaemonSet,
        "po" | "pod" | "pods" => Kind::Pod,
        "controllerrevision" | "controllerrevisions" | "controllerrevisions.apps" => {
            Kind::ControllerRevision
        }
        _ => return None,
    })
}

/// Flags and names of a command, before they are given a meaning.
#[derive(Default)]
struct Arguments {
    names: Vec<String>,
    file: Option<String>,
    namespace: Option<String>,
    grace_period_seconds: Option<i64>,
    force: bool,
}

impl Arguments {
    fn read(command: &str, words: &[String]) -> Result<Self, String> {
        let mut arguments = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix('-').filter(|flag| !flag.is_empty()) else {
                arguments.names.push(word.clone());
                continue;
            };
            let (flag, inline) = match flag.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (flag, None),
            };
            let mut value = || {
                inline.clone().or_else(|| words.next().cloned()).ok_or_else(|| {
                    format!("error: flag needs an argument: {word}\nSee 'kubectl {command} --help' for usage.")
                })
            };
            match flag {
                "f" | "-filename" => arguments.file = Some(value()?),
                "n" | "-namespace" => arguments.namespace = Some(value()?),
                "-grace-period" => {
                    let text = value()?;
                    let seconds = text.parse().map_err(|_| {
                        format!("error: invalid argument {text:?} for \"--grace-period\" flag: strconv.ParseInt: parsing {text:?}: invalid syntax\nSee 'kubectl {command} --help' for usage.")
                    })?;
                    arguments.grace_period_seconds = Some(seconds);
                }
                "-force" => arguments.force = inline.as_deref() != Some("false"),
                _ => {
                    let kind = if flag.starts_with('-') {
                        "unknown flag: -"
                    } else {
                        "unknown shorthand flag: '"
                    };
                    let flag = if flag.starts_with('-') {
                        flag.to_owned()
                    } else {
                        format!("{flag}' in {word}")
                    };
                    return Err(format!(
                        "error: {kind}{flag}\nSee 'kubectl {command} --help' for usage."
                    ));
                }
            }
        }
        Ok(arguments)
    }

    fn file(&self) -> Result<String, String> {
        self.file
            .clone()
            .ok_or_else(|| "error: must specify one of -f and -k".to_owned())
    }

    /// `TYPE NAME...` or `TYPE/NAME...`.
    fn objects(&self) -> Result<Vec<(Kind, String)>, String> {
        let no_type = |text: &str| {
            format!(
                "error: the server doesn't have a resource type \"{}\"",
                text.split('/').next().unwrap_or(text)
            )
        };
        let Some((first, rest)) = self.names.split_first() else {
            return Err(
                "error: You must provide one or more resources by argument or filename.".into(),
            );
        };
        if first.contains('/') {
            let pair = |text: &String| {
                match text.split_once('/') {
                Some((of, name)) => Ok((kind(of).ok_or_else(|| no_type(of))?, name.to_owned())),
                None => Err("error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'".into()),
            }
            };
            return self.names.iter().map(pair).collect();
        }
        let kind = kind(first).ok_or_else(|| no_type(first))?;
        if rest.is_empty() {
            return Err("error: resource(s) were provided, but no name was specified".into());
        }
        Ok(rest.iter().map(|name| (kind, name.clone())).collect())
    }
}

impl Command {
    /// Reads the words of a line; the word `kubectl` before them is taken as said.
    ///
    /// # Errors
    /// In kubectl's words, with the nearest command for one that does not exist.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let words = match words.split_first() {
            Some((first, rest)) if first == "kubectl" => rest,
            _ => words,
        };
        let Some((name, rest)) = words.split_first() else {
            return Err(format!(
                "error: no command given; there are {}",
                COMMANDS.join(", ")
            ));
        };
        if !COMMANDS.contains(&name.as_str()) {
            let mut message = format!("error: unknown command {name:?} for \"kubectl\"");
            if let Some(near) = nearest(name) {
                message += &format!("\n\nDid you mean this?\n\t{near}");
            }
            return Err(message);
        }
        let arguments = Arguments::read(name, rest)?;
        let namespace = arguments.namespace.clone();
        Ok(match name.as_str() {
            "apply" => Self::Apply {
                file: arguments.file()?,
                namespace,
            },
            "create" => Self::Create {
                file: arguments.file()?,
                namespace,
            },
            "delete" if arguments.file.is_some() => Self::DeleteFile {
                file: arguments.file()?,
                namespace,
            },
            "delete" => Self::Delete {
                objects: arguments.objects()?,
                namespace,
                grace_period_seconds: arguments.grace_period_seconds,
                force: arguments.force,
            },
            _ => {
                if arguments.names.is_empty() {
                    return Err(format!(
                        "error: at least one argument is required\nSee 'kubectl {name} -h' for help and examples"
                    ));
                }
                let node = |name: &String| name.strip_prefix("node/").unwrap_or(name).to_owned();
                Self::Cordon {
                    nodes: arguments.names.iter().map(node).collect(),
                    unschedulable: name == "cordon",
                }
            }
        })
    }
}

/// The command that differs in the fewest letters, if it is few.
fn nearest(name: &str) -> Option<&'static str> {
    let by_distance = COMMANDS
        .into_iter()
        .map(|known| (distance(name, known), known));
    by_distance
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, known)| known)
}

/// Letters to insert, delete or replace.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(&crate::words::split(line).unwrap())
    }

    #[test]
    fn commands_are_read() {
        let file = |file: &str| Command::Apply {
            file: file.into(),
            namespace: None,
        };
        assert_eq!(parse("apply -f a.yaml"), Ok(file("a.yaml")));
        assert_eq!(parse("kubectl apply --filename=a.yaml"), Ok(file("a.yaml")));
        assert_eq!(
            parse("delete pod/a node/b -n x --grace-period 0 --force"),
            Ok(Command::Delete {
                objects: vec![(Kind::Pod, "a".into()), (Kind::Node, "b".into())],
                namespace: Some("x".into()),
                grace_period_seconds: Some(0),
                force: true,
            })
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_kubectls_words() {
        let check = |line: &str, want: &str| assert_eq!(parse(line).unwrap_err(), want, "{line}");
        check(
            "aply -f a",
            "error: unknown command \"aply\" for \"kubectl\"\n\nDid you mean this?\n\tapply",
        );
        check(
            "frobnicate",
            "error: unknown command \"frobnicate\" for \"kubectl\"",
        );
        check(
            "apply -x",
            "error: unknown shorthand flag: 'x' in -x\nSee 'kubectl apply --help' for usage.",
        );
        check(
            "apply --xyz",
            "error: unknown flag: --xyz\nSee 'kubectl apply --help' for usage.",
        );
        check("apply", "error: must specify one of -f and -k");
        check(
            "delete foo a",
            "error: the server doesn't have a resource type \"foo\"",
        );
        check(
            "delete node",
            "error: resource(s) were provided, but no name was specified",
        );
    }
}
