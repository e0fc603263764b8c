//! kubectl commands, to be run by a shell.

use cluster::Cluster;
use kubectl::{Command, command_first, stands_alone, subcommands, words};

use super::shell;

/// What is done at the present moment here may take its time there.
const AT_ONCE: [(&[&str], &str, &[&str]); 3] = [
    (
        &["rollout", "status"],
        "--watch=false",
        &["watch", "w", "timeout"],
    ),
    (&["delete"], "--wait=false", &["wait", "timeout"]),
    (&["drain"], "--timeout=300s", &["timeout"]),
];

/// The line for a shell, its files below `files/`.
///
/// # Errors
/// If it is none that is known here: what it would do there nobody has seen.
pub(super) fn line(line: &str) -> Result<String, String> {
    let words = words::split(line)?;
    let words = command_first(match words.split_first() {
        Some((first, rest)) if first == "kubectl" => rest,
        _ => &words,
    });
    let words = words.as_slice();
    match words.first().map(String::as_str) {
        None => return Err("there is no command".to_owned()),
        Some("edit") => return Err("it opens an editor, which a script has none of".to_owned()),
        Some(_) => {}
    }
    match Command::parse(words, &Cluster::new(0)) {
        // The kind may be defined there, or by an object of the scenario.
        Err(message) if !message.contains("doesn't have a resource type") => return Err(message),
        _ => {}
    }
    let (mut written, flags) = read(words);
    for (verb, flag, unless) in AT_ONCE {
        let is_it = written.len() >= verb.len()
            && written.iter().zip(verb).all(|(word, verb)| word == verb);
        let is_said = |name: &(String, String)| unless.contains(&name.0.as_str());
        if is_it && !flags.iter().any(is_said) {
            written.insert(verb.len(), flag.to_owned());
        }
    }
    let all = std::iter::once("kubectl").chain(written.iter().map(String::as_str));
    Ok(shell::line(all))
}

/// The namespace that a line names.
pub(super) fn namespace(line: &str) -> Option<String> {
    let words = words::split(line).ok()?;
    let words = command_first(
        words
            .strip_prefix(&["kubectl".to_owned()])
            .unwrap_or(&words),
    );
    let (_, flags) = read(&words);
    let mut flags = flags.into_iter();
    let is_it = |(name, _): &(String, String)| matches!(name.as_str(), "namespace" | "n");
    flags.find(is_it).map(|(_, value)| value)
}

/// The words with paths for the names of files, and the flags among them with their values.
fn read(words: &[String]) -> (Vec<String>, Vec<(String, String)>) {
    let first = words.first().map_or("", String::as_str);
    let command = match (subcommands(first), words.get(1)) {
        ([], _) | (_, None) => first.to_owned(),
        (_, Some(second)) => format!("{first} {second}"),
    };
    let mut written = Vec::new();
    let mut flags: Vec<(String, String)> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            written.push(word.clone());
            written.extend(words.cloned());
            break;
        }
        // How the flag is called, what stands before its value, and its value.
        let (name, head, value) = if let Some(long) = word.strip_prefix("--") {
            match long.split_once('=') {
                Some((name, value)) => (name.to_owned(), format!("--{name}="), Some(value)),
                None => (long.to_owned(), word.clone(), None),
            }
        } else if let Some(shorts) = word.strip_prefix('-').filter(|it| !it.is_empty()) {
            let alone = shorts.chars();
            let alone = alone.take_while(|it| stands_alone(&command, &it.to_string()));
            let before: String = alone.collect();
            let word = match before.chars().any(|it| goes_on(&command, &it.to_string())) {
                true => word.replacen('w', "", 1),
                false => word.clone(),
            };
            match shorts[before.len()..].chars().next() {
                Some(short) => {
                    let behind = &shorts[before.len() + short.len_utf8()..];
                    let value = behind.strip_prefix('=').unwrap_or(behind);
                    let head = word[..word.len() - behind.len()].to_owned();
                    let value = (!value.is_empty()).then_some(value);
                    (short.to_string(), head, value)
                }
                None => {
                    flags.extend(before.chars().map(|it| (it.to_string(), String::new())));
                    written.extend((word != "-").then_some(word));
                    continue;
                }
            }
        } else {
            written.push(word.clone());
            continue;
        };
        if goes_on(&command, &name) {
            continue;
        }
        let place = |value: &str| match name.as_str() {
            "f" | "filename" => paths(value),
            "patch-file" => path(value),
            _ => value.to_owned(),
        };
        match value {
            Some(value) => {
                written.push(format!("{head}{}", place(value)));
                flags.push((name.clone(), value.to_owned()));
            }
            None => {
                written.push(head);
                let is_alone = stands_alone(&command, &name);
                let value = if is_alone { None } else { words.next() };
                written.extend(value.map(|value| place(value)));
                flags.push((name.clone(), value.cloned().unwrap_or_default()));
            }
        }
    }
    (written, flags)
}

fn paths(names: &str) -> String {
    let paths: Vec<String> = names.split(',').map(path).collect();
    paths.join(",")
}

/// Whatever the name is, it lies in the folder.
fn path(name: &str) -> String {
    match super::is_path(name) {
        true => format!("files/{name}"),
        false => format!("files/{}", name.replace(['/', '\\'], "_")),
    }
}

/// Whether a flag makes kubectl go on until it is stopped; here it prints what there is.
fn goes_on(command: &str, flag: &str) -> bool {
    matches!(command, "get" | "events") && matches!(flag, "w" | "watch" | "watch-only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_one_for_a_shell() {
        for (text, want) in [
            ("apply -f a.yaml", "kubectl apply -f files/a.yaml"),
            (
                "kubectl create -fa.yaml,b.yaml -n x",
                "kubectl create -ffiles/a.yaml,files/b.yaml -n x",
            ),
            ("apply -Rf 'a b.yaml'", "kubectl apply -Rf 'files/a b.yaml'"),
            (
                "delete --filename=a.yaml",
                "kubectl delete --wait=false --filename=files/a.yaml",
            ),
            (
                "patch ds a --patch-file p.yaml",
                "kubectl patch ds a --patch-file files/p.yaml",
            ),
            (
                "patch ds a -p '{\"spec\": {}}'",
                "kubectl patch ds a -p '{\"spec\": {}}'",
            ),
            (
                "patch ds a --patch -f.yaml",
                "kubectl patch ds a --patch -f.yaml",
            ),
            (
                "apply -f ../../etc/passwd",
                "kubectl apply -f files/.._.._etc_passwd",
            ),
            (
                "apply -f https://example.com/a.yaml",
                "kubectl apply -f files/https:__example.com_a.yaml",
            ),
            (
                "rollout status ds/a",
                "kubectl rollout status --watch=false ds/a",
            ),
            (
                "-n x delete -f a.yaml",
                "kubectl delete --wait=false -n x -f files/a.yaml",
            ),
            (
                "rollout -n x status ds/a",
                "kubectl rollout status --watch=false -n x ds/a",
            ),
            (
                "rollout status ds/a --timeout=60s",
                "kubectl rollout status ds/a --timeout=60s",
            ),
            (
                "drain a --ignore-daemonsets",
                "kubectl drain --timeout=300s a --ignore-daemonsets",
            ),
            (
                "annotate node a 'x=$(reboot)'",
                "kubectl annotate node a 'x=$(reboot)'",
            ),
            ("get pods -w", "kubectl get pods"),
            ("get -Aw pods --watch=true", "kubectl get -A pods"),
            ("get pods -wo wide", "kubectl get pods -o wide"),
            ("get pods -owide --watch-only", "kubectl get pods -owide"),
            (
                "apply -f parts/a.yaml",
                "kubectl apply -f files/parts/a.yaml",
            ),
            (
                "get pods -o jsonpath={.a}",
                "kubectl get pods -o 'jsonpath={.a}'",
            ),
        ] {
            assert_eq!(line(text).as_deref(), Ok(want), "{text}");
        }
        for text in ["exec a -- sh", "a; b", "apply --kubeconfig x", ""] {
            assert!(line(text).is_err(), "{text}");
        }
        assert_eq!(namespace("apply -f a -n x"), Some("x".into()));
        assert_eq!(namespace("apply -nx -f a"), Some("x".into()));
        assert_eq!(namespace("apply -f a"), None);
    }
}
