//! What a line says, read but not yet done.

use crate::{
    commands::{
        cordon::Cordon,
        delete::Delete,
        describe::Describe,
        drain::Drain,
        files::Files,
        get::Get,
        label::Label,
        patch::Patch,
        rollout::{self, Rollout},
        scale::Scale,
        set_image::SetImage,
        taint::Taint,
    },
    execute::Run,
    flags::Arguments,
};

/// A command, its names and flags read.
#[derive(Clone, Debug, PartialEq)]
pub struct Command(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Files(Files),
    Delete(Delete),
    Cordon(Cordon),
    Label(Label),
    Taint(Taint),
    SetImage(SetImage),
    Rollout(Rollout),
    Drain(Drain),
    Describe(Describe),
    Get(Get),
    Patch(Patch),
    Scale(Scale),
}

/// The commands there are.
pub const COMMANDS: [&str; 17] = [
    "annotate",
    "apply",
    "autoscale",
    "cordon",
    "create",
    "delete",
    "describe",
    "drain",
    "get",
    "label",
    "patch",
    "replace",
    "rollout",
    "scale",
    "set",
    "taint",
    "uncordon",
];

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
            return Err(unknown(name, &COMMANDS, "kubectl"));
        }
        let (name, rest) = match name.as_str() {
            "set" => subcommand(name, &["image"], rest)?,
            "rollout" => subcommand(name, &rollout::VERBS, rest)?,
            _ => (name.clone(), rest),
        };
        let arguments = &Arguments::read(&name, rest)?;
        let kind = match name.as_str() {
            "apply" | "create" | "replace" => Files::read(arguments).map(Kind::Files),
            "delete" if arguments.text("filename").is_some() => {
                Files::read(arguments).map(Kind::Files)
            }
            "delete" => Delete::read(arguments).map(Kind::Delete),
            "label" | "annotate" => Label::read(arguments).map(Kind::Label),
            "taint" => Taint::read(arguments).map(Kind::Taint),
            "drain" => Drain::read(arguments).map(Kind::Drain),
            "patch" => Patch::read(arguments).map(Kind::Patch),
            "scale" | "autoscale" => Scale::read(arguments).map(Kind::Scale),
            "describe" => Describe::read(arguments).map(Kind::Describe),
            "get" => Get::read(arguments).map(Kind::Get),
            "set image" => SetImage::read(arguments).map(Kind::SetImage),
            name if name.starts_with("rollout ") => Rollout::read(arguments).map(Kind::Rollout),
            _ => Cordon::read(arguments).map(Kind::Cordon),
        };
        kind.map(Self)
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        match &self.0 {
            Kind::Files(it) => it.run(run),
            Kind::Delete(it) => it.run(run),
            Kind::Cordon(it) => drop(it.run(run)),
            Kind::Label(it) => it.run(run),
            Kind::Taint(it) => it.run(run),
            Kind::SetImage(it) => it.run(run),
            Kind::Rollout(it) => it.run(run),
            Kind::Drain(it) => it.run(run),
            Kind::Describe(it) => it.run(run),
            Kind::Get(it) => it.run(run),
            Kind::Patch(it) => it.run(run),
            Kind::Scale(it) => it.run(run),
        }
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
        None => Err(format!(
            "error: no command given; there are {}",
            known.join(", ")
        )),
    }
}

/// What is said of a command that is not there.
fn unknown(name: &str, known: &[&'static str], of: &str) -> String {
    let mut message = format!("error: unknown command {name:?} for {of:?}");
    if let Some(near) = nearest(name, known) {
        message += &format!("\n\nDid you mean this?\n\t{near}");
    }
    message
}

/// The command that differs in the fewest letters, if it is few.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let by_distance = known.iter().map(|known| (distance(name, known), *known));
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

    #[test]
    fn what_cannot_be_read_is_refused_in_kubectls_words() {
        let check = |line: &str, want: &str| {
            let got = Command::parse(&crate::words::split(line).unwrap());
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
