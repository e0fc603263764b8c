//! `help`, `--help` and `-h`.

use crate::{
    command::{COMMANDS, subcommands},
    execute::Run,
    flags,
};

/// How commands are used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Help {
    /// As it is called: `rollout undo`; all of them without.
    command: Option<String>,
    /// What was asked for and is no command.
    unknown: String,
    /// Whether nobody asked: a word is missing.
    is_wrong: bool,
}

/// What is said of a command.
struct Entry {
    command: &'static str,
    what: &'static str,
    usage: &'static str,
    /// Each with what it does.
    examples: &'static [(&'static str, &'static str)],
}

impl Help {
    pub(crate) fn all() -> Self {
        Self {
            command: None,
            unknown: String::new(),
            is_wrong: false,
        }
    }

    /// Help that is asked for by name or by flag, or by a command that needs another word.
    pub(crate) fn asked_for(name: &str, rest: &[String]) -> Option<Self> {
        let of = |command: String| Self {
            command: Some(command),
            ..Self::all()
        };
        let names = rest.iter().filter(|it| !it.starts_with('-'));
        if name == "help" {
            let names: Vec<&str> = names.map(String::as_str).collect();
            return Some(match names[..] {
                [] => Self::all(),
                [name, word, ..] if subcommands(name).contains(&word) => {
                    of(format!("{name} {word}"))
                }
                [name, ..] if COMMANDS.contains(&name) => of(name.to_owned()),
                _ => Self {
                    unknown: names.join("` `"),
                    ..Self::all()
                },
            });
        }
        let mut before_names = rest.iter().take_while(|it| *it != "--");
        let asks = before_names.any(|it| it == "--help" || it == "-h");
        let known = subcommands(name);
        match names.clone().next() {
            None if !known.is_empty() => Some(Self {
                is_wrong: !asks,
                ..of(name.to_owned())
            }),
            Some(word) if asks && known.contains(&word.as_str()) => {
                Some(of(format!("{name} {word}")))
            }
            _ => asks.then(|| of(name.to_owned())),
        }
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        if !self.unknown.is_empty() {
            run.say(&format!("Unknown help topic [`{}`]", self.unknown));
        }
        let text = match &self.command {
            None => overview(),
            Some(command) => match ENTRIES.iter().find(|it| it.command == command) {
                Some(entry) => of(entry),
                None => group(command),
            },
        };
        run.output.text += &text;
        run.output.exit_code = u8::from(self.is_wrong);
    }
}

fn overview() -> String {
    let mut text = String::from("kubectl controls a simulated Kubernetes cluster.\n\nCommands:\n");
    for name in COMMANDS {
        text += &line(name, summary(name));
    }
    text + "\nUse \"kubectl help COMMAND\" for more about a command.\n"
}

/// What is said of a command that needs another word.
fn group(command: &str) -> String {
    let mut text = format!("{}\n\nAvailable Commands:\n", summary(command));
    for word in subcommands(command) {
        text += &line(word, summary(&format!("{command} {word}")));
    }
    text + &format!("\nUse \"kubectl {command} COMMAND --help\" for more about a command.\n")
}

fn summary(command: &str) -> &'static str {
    let entry = ENTRIES.iter().find(|it| it.command == command);
    match (entry, command) {
        (Some(entry), _) => entry.what,
        (None, "set") => "Set something of the containers of an object.",
        (None, "rollout") => "Follow and steer the rollout of a DaemonSet.",
        (None, _) => "Say how commands are used.",
    }
}

fn line(name: &str, what: &str) -> String {
    format!("  {name:<15}{what}\n")
}

fn of(entry: &Entry) -> String {
    let mut text = format!("{}\n\nExamples:\n", entry.what);
    for (i, (line, what)) in entry.examples.iter().enumerate() {
        let gap = if i == 0 { "" } else { "\n" };
        text += &format!("{gap}  # {what}\n  kubectl {line}\n");
    }
    text += "\nOptions:\n";
    for flag in flags::of(entry.command).filter(|it| it.is_offered()) {
        let short = flag.short.map(|it| format!("-{it}, "));
        let (short, long) = (short.unwrap_or_default(), flag.long);
        let unset = flag.unset();
        text += &format!("    {short}--{long}={unset}:\n        {}\n", flag.what);
    }
    text + &format!("\nUsage:\n  kubectl {} {}\n", entry.command, entry.usage)
}

const ENTRIES: &[Entry] = &[
    Entry {
        command: "annotate",
        what: "Set annotations of objects, or remove them.",
        usage: "TYPE NAME KEY=VALUE... KEY-...",
        examples: &[
            (
                "annotate ds fluentd kubernetes.io/change-cause='image to v2'",
                "Say why the next revision is there",
            ),
            ("annotate ds fluentd note-", "Remove an annotation"),
        ],
    },
    Entry {
        command: "api-resources",
        what: "List the types of objects there are.",
        usage: "",
        examples: &[("api-resources", "List all types with their short names")],
    },
    Entry {
        command: "apply",
        what: "Make objects as files say: create those that are not there, change the others.",
        usage: "-f FILENAME",
        examples: &[
            ("apply -f fluentd.yaml", "Apply a file"),
            (
                "apply -f fluentd.yaml --dry-run=server",
                "See what would be done, and what would be refused",
            ),
        ],
    },
    Entry {
        command: "autoscale",
        what: "Scale by load; a DaemonSet cannot be scaled, and says so.",
        usage: "TYPE NAME --max=NUMBER",
        examples: &[("autoscale ds fluentd --max=3", "See why it is refused")],
    },
    Entry {
        command: "cordon",
        what: "Close nodes to new pods. The pods of DaemonSets come all the same.",
        usage: "NODE...",
        examples: &[
            ("cordon worker-1", "Close a node"),
            ("cordon -l disk=ssd", "Close all nodes with a label"),
        ],
    },
    Entry {
        command: "create",
        what: "Create the objects of files, or a namespace.",
        usage: "(-f FILENAME | namespace NAME)",
        examples: &[
            ("create -f fluentd.yaml", "Create what a file holds"),
            ("create namespace logging", "Create a namespace"),
        ],
    },
    Entry {
        command: "delete",
        what: "Delete objects, by name, by label or by file.",
        usage: "(-f FILENAME | TYPE [NAME... | -l LABEL | --all])",
        examples: &[
            (
                "delete pod fluentd-x7k2p",
                "Delete a pod; its DaemonSet makes another",
            ),
            (
                "delete ds fluentd --cascade=orphan",
                "Delete a DaemonSet and leave its pods",
            ),
            (
                "delete pods -l app=fluentd --field-selector spec.nodeName=worker-1",
                "Delete the pods of one node",
            ),
        ],
    },
    Entry {
        command: "describe",
        what: "Tell all about objects, with what happened to them.",
        usage: "TYPE [NAME | NAME_PREFIX | -l LABEL]",
        examples: &[
            ("describe ds fluentd", "Tell of a DaemonSet"),
            (
                "describe node worker-1",
                "Tell of a node and the pods on it",
            ),
        ],
    },
    Entry {
        command: "drain",
        what: "Empty nodes for maintenance: cordon them and evict their pods.",
        usage: "NODE...",
        examples: &[
            (
                "drain worker-1 --ignore-daemonsets",
                "Empty a node; pods of DaemonSets stay",
            ),
            (
                "drain worker-1 --ignore-daemonsets --delete-emptydir-data --timeout=2m",
                "Wait for it, two minutes at most",
            ),
        ],
    },
    Entry {
        command: "edit",
        what: "Open an object in the editor.",
        usage: "TYPE NAME",
        examples: &[("edit ds fluentd", "Edit a DaemonSet")],
    },
    Entry {
        command: "events",
        what: "List events, the oldest first.",
        usage: "[--for TYPE/NAME] [--types=Warning]",
        examples: &[
            ("events --for ds/fluentd", "What happened to a DaemonSet"),
            ("events -A --types=Warning", "All that went wrong"),
        ],
    },
    Entry {
        command: "explain",
        what: "Explain the fields of a type.",
        usage: "TYPE[.FIELD...]",
        examples: &[
            (
                "explain ds.spec.updateStrategy",
                "Explain a field and those below it",
            ),
            ("explain ds --recursive", "All fields there are"),
        ],
    },
    Entry {
        command: "get",
        what: "Show objects in a table, or as they are.",
        usage: "TYPE [NAME... | -l LABEL] [-o FORMAT]",
        examples: &[
            (
                "get ds,pods -o wide",
                "DaemonSets and pods with their nodes",
            ),
            (
                "get pods -A --field-selector spec.nodeName=worker-1",
                "All pods of a node",
            ),
            (
                "get ds fluentd -o jsonpath='{.status.numberReady}'",
                "One field",
            ),
            ("get pods --sort-by=.spec.nodeName", "Pods by node"),
        ],
    },
    Entry {
        command: "help",
        what: "Say how commands are used.",
        usage: "[COMMAND]",
        examples: &[("help rollout undo", "How a command is used")],
    },
    Entry {
        command: "label",
        what: "Set labels of objects, or remove them.",
        usage: "TYPE NAME KEY=VALUE... KEY-...",
        examples: &[
            ("label node worker-1 disk=ssd", "Set a label"),
            ("label node worker-1 disk-", "Remove it"),
            ("label nodes --all zone=a --overwrite", "Set it everywhere"),
        ],
    },
    Entry {
        command: "logs",
        what: "Show what a container wrote; not modelled here.",
        usage: "POD",
        examples: &[("logs fluentd-x7k2p", "See what is modelled instead")],
    },
    Entry {
        command: "patch",
        what: "Change fields of an object.",
        usage: "TYPE NAME -p PATCH",
        examples: &[
            (
                "patch ds fluentd -p '{\"spec\": {\"minReadySeconds\": 10}}'",
                "Merge fields in",
            ),
            (
                "patch ds fluentd --type=json -p '[{\"op\": \"remove\", \"path\": \"/spec/minReadySeconds\"}]'",
                "Do single operations",
            ),
        ],
    },
    Entry {
        command: "replace",
        what: "Put the objects of files in the place of those that are there.",
        usage: "-f FILENAME",
        examples: &[("replace -f fluentd.yaml", "Replace what a file holds")],
    },
    Entry {
        command: "rollout history",
        what: "Show the revisions of a DaemonSet.",
        usage: "ds/NAME [--revision=NUMBER]",
        examples: &[
            ("rollout history ds/fluentd", "All revisions"),
            (
                "rollout history ds/fluentd --revision=2",
                "The template of one",
            ),
        ],
    },
    Entry {
        command: "rollout pause",
        what: "Pause a rollout; a DaemonSet's cannot be, and says so.",
        usage: "ds/NAME",
        examples: &[("rollout pause ds/fluentd", "See why it is refused")],
    },
    Entry {
        command: "rollout restart",
        what: "Replace all pods, by the strategy.",
        usage: "ds/NAME",
        examples: &[(
            "rollout restart ds/fluentd",
            "Replace the pods of a DaemonSet",
        )],
    },
    Entry {
        command: "rollout resume",
        what: "Resume a rollout; a DaemonSet's cannot be, and says so.",
        usage: "ds/NAME",
        examples: &[("rollout resume ds/fluentd", "See why it is refused")],
    },
    Entry {
        command: "rollout status",
        what: "Say how far a rollout has come.",
        usage: "ds/NAME [--timeout=DURATION]",
        examples: &[
            ("rollout status ds/fluentd", "As it is now"),
            (
                "rollout status ds/fluentd --timeout=5m",
                "Let time pass until it is done",
            ),
        ],
    },
    Entry {
        command: "rollout undo",
        what: "Go back to an earlier template.",
        usage: "ds/NAME [--to-revision=NUMBER]",
        examples: &[
            ("rollout undo ds/fluentd", "Back to the one before"),
            (
                "rollout undo ds/fluentd --to-revision=1",
                "Back to the first",
            ),
        ],
    },
    Entry {
        command: "scale",
        what: "Set a number of replicas; a DaemonSet has none, and says so.",
        usage: "TYPE NAME --replicas=NUMBER",
        examples: &[("scale ds fluentd --replicas=3", "See why it is refused")],
    },
    Entry {
        command: "set env",
        what: "Set variables of containers, or remove them.",
        usage: "TYPE/NAME KEY=VALUE... KEY-...",
        examples: &[
            ("set env ds/fluentd LEVEL=debug", "Set a variable"),
            ("set env ds/fluentd --list", "List them"),
        ],
    },
    Entry {
        command: "set image",
        what: "Set the images of containers.",
        usage: "TYPE/NAME CONTAINER=IMAGE...",
        examples: &[
            (
                "set image ds/fluentd fluentd=fluentd:v2",
                "Set the image of one container",
            ),
            ("set image ds/fluentd '*=fluentd:v2'", "Of all"),
        ],
    },
    Entry {
        command: "set resources",
        what: "Set what containers ask for, and may have at most.",
        usage: "TYPE/NAME --requests=AMOUNTS --limits=AMOUNTS",
        examples: &[(
            "set resources ds/fluentd --requests=cpu=100m,memory=200Mi --limits=memory=400Mi",
            "Set both",
        )],
    },
    Entry {
        command: "taint",
        what: "Put taints on nodes, or take them off.",
        usage: "nodes NAME KEY[=VALUE]:EFFECT... KEY[:EFFECT]-...",
        examples: &[
            (
                "taint nodes worker-1 gpu=yes:NoSchedule",
                "Keep pods away that do not tolerate it",
            ),
            ("taint nodes worker-1 gpu-", "Let them come again"),
        ],
    },
    Entry {
        command: "uncordon",
        what: "Open nodes to new pods again.",
        usage: "NODE...",
        examples: &[("uncordon worker-1", "Open a node")],
    },
    Entry {
        command: "version",
        what: "Say which Kubernetes this is.",
        usage: "",
        examples: &[("version", "Of kubectl and the API server")],
    },
];

#[cfg(test)]
mod tests {
    use cluster::Cluster;
    use expect_test::expect_file;

    use super::*;
    use crate::{Command, Files, commands::tests::world, execute, words};

    #[test]
    fn every_command_has_help_whose_examples_can_be_read() {
        let cluster = Cluster::new(7);
        let words = |name: &'static str| {
            let known = subcommands(name).iter();
            known.map(move |word| format!("{name} {word}"))
        };
        let groups = COMMANDS.iter().flat_map(|name| words(name));
        let single = COMMANDS.iter().filter(|it| subcommands(it).is_empty());
        let all: Vec<String> = groups.chain(single.map(|it| (*it).to_owned())).collect();
        assert_eq!(all.len(), ENTRIES.len());
        for command in all {
            let entry = ENTRIES.iter().find(|it| it.command == command);
            let entry = entry.unwrap_or_else(|| panic!("{command} has no help"));
            for (line, _) in entry.examples {
                let words = words::split(line).unwrap();
                let read = Command::parse(&words, &cluster);
                assert!(read.is_ok(), "{line}: {read:?}");
            }
        }
    }

    #[test]
    fn help_is_given_in_many_ways() {
        let mut timeline = world();
        let mut help = |line: &str| {
            let output = execute(line, &Files::new(), &mut timeline);
            assert_eq!(output.exit_code, 0, "{}", output.text);
            output.text
        };
        expect_file!["testdata/help.txt"].assert_eq(&help("help"));
        expect_file!["testdata/help_rollout.txt"].assert_eq(&help("rollout --help"));
        expect_file!["testdata/help_undo.txt"].assert_eq(&help("help rollout undo"));
        assert_eq!(help("rollout undo --help"), help("help rollout undo"));
        assert_eq!(help("rollout undo ds/x -h"), help("help rollout undo"));
        assert_eq!(help("help rollout"), help("rollout --help"));
        assert_eq!(help("kubectl --help"), help("help"));
        assert_eq!(help("kubectl -n x"), help("help"));
        assert_eq!(help("kubectl"), help("help"));
        let unknown = help("help gte all");
        assert_eq!(
            unknown,
            format!("Unknown help topic [`gte` `all`]\n{}", help("help"))
        );
        let output = execute("rollout", &Files::new(), &mut world());
        assert_eq!(
            (output.exit_code, output.text),
            (1, help("help rollout")),
            "a word is missing"
        );
    }
}
