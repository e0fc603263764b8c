//! What a line says, read but not yet done.

use std::fmt;

use cluster::Cluster;

use crate::{
    commands::{
        cordon::Cordon,
        delete::Delete,
        describe::Describe,
        drain::Drain,
        edit::Edit,
        events::Events,
        explain::Explain,
        files::Files,
        get::Get,
        help::Help,
        label::Label,
        logs::Logs,
        patch::Patch,
        rollout::{self, Rollout},
        scale::Scale,
        set::{self, Set},
        taint::Taint,
        version::Server,
    },
    execute::{DryRun, Run},
    flags::Arguments,
    words,
};

/// A command, its names and flags read.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    words: Vec<String>,
    kind: Kind,
    dry_run: Option<DryRun>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Files(Files),
    Delete(Delete),
    Cordon(Cordon),
    Label(Label),
    Taint(Taint),
    Set(Set),
    Rollout(Rollout),
    Drain(Drain),
    Describe(Describe),
    Get(Get),
    Edit(Edit),
    Patch(Patch),
    Scale(Scale),
    Explain(Explain),
    Events(Events),
    Logs(Logs),
    Server(Server),
    Help(Help),
}

/// The commands there are.
pub const COMMANDS: &[&str] = &[
    "annotate",
    "api-resources",
    "apply",
    "autoscale",
    "cordon",
    "create",
    "delete",
    "describe",
    "drain",
    "edit",
    "events",
    "explain",
    "get",
    "help",
    "label",
    "logs",
    "patch",
    "replace",
    "rollout",
    "scale",
    "set",
    "taint",
    "uncordon",
    "version",
];

/// What may stand behind the first word of a command.
pub fn subcommands(command: &str) -> &'static [&'static str] {
    match command {
        "set" => &set::NOUNS,
        "rollout" => &rollout::VERBS,
        _ => &[],
    }
}

impl Command {
    /// Reads the words of a line; the word `kubectl` before them is taken as said. The cluster
    /// knows what kinds of objects there are.
    ///
    /// # Errors
    /// In kubectl's words, with the nearest command for one that does not exist.
    pub fn parse(words: &[String], cluster: &Cluster) -> Result<Self, String> {
        let words = match words.split_first() {
            Some((first, rest)) if first == "kubectl" => rest,
            _ => words,
        };
        let command = |kind: Kind, dry_run| Self {
            words: words.to_vec(),
            kind,
            dry_run,
        };
        let Some((name, rest)) = words.split_first() else {
            return Ok(command(Kind::Help(Help::all()), None));
        };
        if matches!(name.as_str(), "-h" | "--help") {
            return Ok(command(Kind::Help(Help::all()), None));
        }
        if !COMMANDS.contains(&name.as_str()) {
            return Err(unknown(name, COMMANDS, "kubectl"));
        }
        if let Some(help) = Help::asked_for(name, rest)? {
            return Ok(command(Kind::Help(help), None));
        }
        let (name, rest) = match subcommands(name) {
            [] => (name.clone(), rest),
            known => subcommand(name, known, rest)?,
        };
        let arguments = &Arguments::read(&name, rest, cluster)?;
        let kind = match name.as_str() {
            "apply" | "create" | "replace" => Files::read(arguments).map(Kind::Files),
            "delete" if arguments.text("filename").is_some() => {
                Files::read(arguments).map(Kind::Files)
            }
            "delete" => Delete::read(arguments).map(Kind::Delete),
            "describe" => Describe::read(arguments).map(Kind::Describe),
            "label" | "annotate" => Label::read(arguments).map(Kind::Label),
            "taint" => Taint::read(arguments).map(Kind::Taint),
            "drain" => Drain::read(arguments).map(Kind::Drain),
            "edit" => Edit::read(arguments).map(Kind::Edit),
            "events" => Events::read(arguments).map(Kind::Events),
            "explain" => Explain::read(arguments).map(Kind::Explain),
            "get" => Get::read(arguments).map(Kind::Get),
            "logs" => Logs::read(arguments).map(Kind::Logs),
            "patch" => Patch::read(arguments).map(Kind::Patch),
            "scale" | "autoscale" => Scale::read(arguments).map(Kind::Scale),
            "version" | "api-resources" => Server::read(arguments).map(Kind::Server),
            name if name.starts_with("set ") => Set::read(arguments).map(Kind::Set),
            name if name.starts_with("rollout ") => Rollout::read(arguments).map(Kind::Rollout),
            _ => Cordon::read(arguments).map(Kind::Cordon),
        };
        Ok(command(kind?, arguments.dry_run()?))
    }

    /// Whether it is only to be said what would be done.
    pub(crate) fn dry_run(&self) -> Option<DryRun> {
        self.dry_run
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        match &self.kind {
            Kind::Files(it) => it.run(run),
            Kind::Delete(it) => it.run(run),
            Kind::Cordon(it) => drop(it.run(run)),
            Kind::Label(it) => it.run(run),
            Kind::Taint(it) => it.run(run),
            Kind::Set(it) => it.run(run),
            Kind::Rollout(it) => it.run(run),
            Kind::Drain(it) => it.run(run),
            Kind::Describe(it) => it.run(run),
            Kind::Get(it) => it.run(run),
            Kind::Edit(it) => it.run(run),
            Kind::Patch(it) => it.run(run),
            Kind::Scale(it) => it.run(run),
            Kind::Explain(it) => it.run(run),
            Kind::Events(it) => it.run(run),
            Kind::Logs(it) => it.run(run),
            Kind::Server(it) => it.run(run),
            Kind::Help(it) => it.run(run),
        }
    }
}

/// As a line that reads as this command.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("kubectl")?;
        for word in &self.words {
            write!(f, " {}", words::quoted(word))?;
        }
        Ok(())
    }
}

/// The command that two words make, and what is behind them.
fn subcommand<'a>(
    name: &str,
    known: &[&'static str],
    rest: &'a [String],
) -> Result<(String, &'a [String]), String> {
    match rest.split_first() {
        Some((word, rest)) if known.contains(&word.as_str()) => {
            Ok((format!("{name} {word}"), rest))
        }
        Some((word, _)) => Err(unknown(word, known, &format!("kubectl {name}"))),
        None => Ok((name.to_owned(), rest)),
    }
}

/// What is said of a command that is not there.
pub(crate) fn unknown(name: &str, known: &[&'static str], of: &str) -> String {
    let mut message = format!("error: unknown command {name:?} for {of:?}");
    if let Some(near) = nearest(name, known) {
        message += &format!("\n\nDid you mean this?\n\t{near}");
    }
    message
}

/// The name that differs in the fewest letters, if it is few.
pub(crate) fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let by_distance = known.iter().map(|known| (distance(name, known), *known));
    by_distance
        .min()
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len())
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

    #[test]
    fn what_cannot_be_read_is_refused_in_kubectls_words() {
        let check = |line: &str, want: &str| {
            let got = Command::parse(&words::split(line).unwrap(), &Cluster::new(7));
            assert_eq!(got.unwrap_err(), want, "{line}");
        };
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
