//! What a line says, read but not yet done.

use std::fmt;

use cluster::Cluster;

use crate::{
    commands::{
        cordon::Cordon,
        create::CreateNamespace,
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
    flags::{self, Arguments},
    suggest, words,
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
    CreateNamespace(CreateNamespace),
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
    /// In kubectl's words, with the nearest commands for one that does not exist.
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
        let Some((name, rest)) = take_name("", words) else {
            Arguments::read("", words, cluster)?;
            return Ok(command(Kind::Help(Help::all()), None));
        };
        if !COMMANDS.contains(&name) {
            return Err(suggest::unknown(name));
        }
        if let Some(help) = Help::asked_for(name, &rest) {
            return Ok(command(Kind::Help(help), None));
        }
        let (name, rest) = match subcommands(name) {
            [] => (name.to_owned(), rest),
            _ => subcommand(name, &rest, cluster)?,
        };
        let arguments = &Arguments::read(&name, &rest, cluster)?;
        let kind = match name.as_str() {
            "create" if let Some(it) = CreateNamespace::asked_for(arguments)? => {
                Ok(Kind::CreateNamespace(it))
            }
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
            Kind::CreateNamespace(it) => it.run(run),
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

/// The next word that is neither a flag nor the value of one, and all others.
///
/// Models `stripFlags` and `argsMinusFirstX`, cobra `command.go`.
pub(crate) fn take_name<'a>(command: &str, words: &'a [String]) -> Option<(&'a str, Vec<String>)> {
    let mut at = 0;
    loop {
        let word = words.get(at)?;
        let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
        at += match flag {
            None => break,
            Some("") => return None,
            Some(name) if name.contains('=') || flags::stands_alone(command, name) => 1,
            Some(name) if !word.starts_with("--") && name.chars().nth(1).is_some() => 1,
            Some(_) => 2,
        };
    }
    let others = words.iter().enumerate().filter(|(i, _)| *i != at);
    Some((&words[at], others.map(|(_, it)| it.clone()).collect()))
}

/// The words of a line with those in front that make the command.
pub fn command_first(words: &[String]) -> Vec<String> {
    let Some((name, rest)) = take_name("", words) else {
        return words.to_vec();
    };
    let mut ordered = vec![name.to_owned()];
    match take_name(name, &rest) {
        Some((word, others)) if subcommands(name).contains(&word) => {
            ordered.push(word.to_owned());
            ordered.extend(others);
        }
        _ => ordered.extend(rest),
    }
    ordered
}

/// The command that two words make, and what else there is.
fn subcommand(
    name: &str,
    rest: &[String],
    cluster: &Cluster,
) -> Result<(String, Vec<String>), String> {
    if let Some((word, others)) = take_name(name, rest)
        && subcommands(name).contains(&word)
    {
        return Ok((format!("{name} {word}"), others));
    }
    let arguments = Arguments::read(name, rest, cluster)?;
    let words = arguments.names.join(" ");
    Err(arguments.usage(&format!("unknown command {words:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_may_stand_before_the_command() {
        let read = |line: &str| Command::parse(&words::split(line).unwrap(), &Cluster::new(7));
        let check = |line: &str, same: &str| {
            assert_eq!(read(line).unwrap().kind, read(same).unwrap().kind, "{line}");
        };
        check("-n kube-system get pods", "get pods -n kube-system");
        check("--namespace=x --context c get ds -v=0", "get ds -n x");
        check("-nx rollout --v 6 status ds/y", "rollout status ds/y -nx");
        check("kubectl --request-timeout 1s cordon n1 -s x", "cordon n1");
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_kubectls_words() {
        let check = |line: &str, want: &str| {
            let got = Command::parse(&words::split(line).unwrap(), &Cluster::new(7));
            assert_eq!(got.unwrap_err(), want, "{line}");
        };
        check(
            "aply -f a",
            "error: unknown command \"aply\" for \"kubectl\"\n\nDid you mean this?\n\tapply\n\n",
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
        check(
            "--foo",
            "error: unknown flag: --foo\nSee 'kubectl --help' for usage.",
        );
        check(
            "rollout statu ds/x",
            "error: unknown command \"statu ds/x\"\nSee 'kubectl rollout -h' for help and examples",
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
