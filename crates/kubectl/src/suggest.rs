//! What is said of a command that is not there, or not here.

/// All that kubectl has, in the order in which it is put together.
///
/// Models `NewKubectlCommand`, kubectl `pkg/cmd/cmd.go`, v1.34.
const KUBECTL: [&str; 44] = [
    "create",
    "expose",
    "run",
    "set",
    "explain",
    "get",
    "edit",
    "delete",
    "rollout",
    "scale",
    "autoscale",
    "certificate",
    "cluster-info",
    "top",
    "cordon",
    "uncordon",
    "drain",
    "taint",
    "describe",
    "logs",
    "attach",
    "exec",
    "port-forward",
    "proxy",
    "cp",
    "auth",
    "debug",
    "events",
    "diff",
    "apply",
    "patch",
    "replace",
    "wait",
    "kustomize",
    "label",
    "annotate",
    "completion",
    "alpha",
    "config",
    "plugin",
    "version",
    "api-versions",
    "api-resources",
    "options",
];

/// What is said of a command that cannot be done.
///
/// Models `Command.SuggestionsFor` and `findSuggestions`, cobra `command.go`.
pub(crate) fn unknown(name: &str) -> String {
    if KUBECTL.contains(&name) {
        return format!("error: what `kubectl {name}` does is not modelled");
    }
    let mut message = format!("error: unknown command {name:?} for \"kubectl\"");
    let lower = name.to_lowercase();
    let is_near = |known: &&&str| {
        known.starts_with(&lower)
            || distance(&lower, known) <= 2
            || matches!(
                (&*lower, **known),
                ("list" | "ps", "get" | "wait") | ("rm", "delete")
            )
    };
    let mut near = KUBECTL.iter().filter(is_near).peekable();
    if near.peek().is_some() {
        message += "\n\nDid you mean this?\n";
        near.for_each(|it| message += &format!("\t{it}\n"));
        message.push('\n');
    }
    message
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
    use crate::COMMANDS;

    #[test]
    fn all_that_is_near_is_suggested() {
        let check = |name: &str, near: &[&str]| {
            let mut want = format!("error: unknown command {name:?} for \"kubectl\"");
            if !near.is_empty() {
                want += &format!("\n\nDid you mean this?\n\t{}\n\n", near.join("\n\t"));
            }
            assert_eq!(unknown(name), want);
        };
        check("gett", &["set", "get"]);
        check("ge", &["set", "get", "cp"]);
        check("tain", &["drain", "taint", "wait"]);
        check("list", &["get", "wait"]);
        check("frobnicate", &[]);
    }

    #[test]
    fn what_is_not_modelled_is_said() {
        assert_eq!(
            unknown("exec"),
            "error: what `kubectl exec` does is not modelled"
        );
        for name in COMMANDS.iter().filter(|it| **it != "help") {
            assert!(KUBECTL.contains(name), "{name}");
        }
    }
}
