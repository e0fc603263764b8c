//! The flags of all commands in one table.

/// What stands behind a flag.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Takes {
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
    pub(super) takes: Takes,
    /// Those that have it; all if it is empty.
    commands: &'static [&'static str],
    /// What it is for; nothing if nothing comes of it here.
    pub(crate) what: &'static str,
}

impl Flag {
    fn is_of(&self, command: &str) -> bool {
        self.commands.is_empty() || self.commands.contains(&command)
    }

    /// Whether it is worth speaking of.
    pub(crate) fn is_offered(&self) -> bool {
        !self.what.is_empty()
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
    "logs",
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

const CHUNKS: &[&str] = &["get", "describe", "drain", "events"];
const MANAGED: &[&str] = &[
    "taint",
    "edit",
    "autoscale",
    "set image",
    "set resources",
    "set env",
    "rollout restart",
    "rollout pause",
    "rollout resume",
];
const OUTPUT: &[&str] = &[
    "get",
    "delete",
    "version",
    "apply",
    "create",
    "replace",
    "label",
    "annotate",
    "taint",
    "patch",
    "edit",
    "events",
    "scale",
    "autoscale",
    "set image",
    "set resources",
    "set env",
    "rollout undo",
    "rollout restart",
    "rollout history",
    "rollout pause",
    "rollout resume",
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

/// What says to which cluster to speak and how, where there is but one.
///
/// Models `ConfigFlags.AddFlags`, cli-runtime `pkg/genericclioptions/config_flags.go`, v1.34.
const fn ignored(long: &'static str, takes: Takes) -> Flag {
    flag(long, None, takes, ALL, "")
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
        &["create", "replace"],
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
        &["delete", "replace"],
        "What becomes of what the object owns: `background`, `foreground` or `orphan`.",
    ),
    flag(
        "grace-period",
        None,
        Takes::Number,
        &["delete", "drain", "replace"],
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
        &["drain", "delete", "rollout status", "replace"],
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
        OUTPUT,
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
        &["set env", "label", "annotate"],
        "Lists what there is and changes nothing.",
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
    ignored("context", Takes::Text),
    ignored("cluster", Takes::Text),
    ignored("user", Takes::Text),
    ignored("kubeconfig", Takes::Text),
    ignored("request-timeout", Takes::Text),
    ignored("as", Takes::Text),
    ignored("as-group", Takes::Text),
    ignored("as-uid", Takes::Text),
    ignored("cache-dir", Takes::Text),
    ignored("certificate-authority", Takes::Text),
    ignored("client-certificate", Takes::Text),
    ignored("client-key", Takes::Text),
    ignored("tls-server-name", Takes::Text),
    ignored("token", Takes::Text),
    ignored("username", Takes::Text),
    ignored("password", Takes::Text),
    ignored("profile", Takes::Text),
    ignored("profile-output", Takes::Text),
    ignored("kuberc", Takes::Text),
    ignored("vmodule", Takes::Text),
    ignored("log-flush-frequency", Takes::Duration),
    ignored("disable-compression", Takes::Nothing),
    ignored("insecure-skip-tls-verify", Takes::Nothing),
    ignored("match-server-version", Takes::Nothing),
    ignored("warnings-as-errors", Takes::Nothing),
    flag("server", Some('s'), Takes::Text, ALL, ""),
    flag("v", Some('v'), Takes::Number, ALL, ""),
    flag(
        "resource-version",
        None,
        Takes::Text,
        &["label", "annotate"],
        "The version that the object must have.",
    ),
    flag(
        "label-columns",
        Some('L'),
        Takes::Text,
        &["get"],
        "Shows the values of these labels in columns.",
    ),
    flag(
        "show-kind",
        None,
        Takes::Nothing,
        &["get"],
        "Names the type of each object.",
    ),
    flag("chunk-size", None, Takes::Number, CHUNKS, ""),
    flag("show-managed-fields", None, Takes::Nothing, OUTPUT, ""),
    flag(
        "allow-missing-template-keys",
        None,
        Takes::Nothing,
        OUTPUT,
        "",
    ),
    flag("server-print", None, Takes::Nothing, &["get"], ""),
    flag("output-watch-events", None, Takes::Nothing, &["get"], ""),
    flag("field-manager", None, Takes::Text, MANAGED, ""),
    flag(
        "validate",
        None,
        Takes::TextOr("strict"),
        &["taint", "edit"],
        "",
    ),
    flag("openapi-patch", None, Takes::Nothing, &["apply"], ""),
    flag("overwrite", None, Takes::Nothing, &["apply"], ""),
    flag("wait", None, Takes::Nothing, &["apply", "replace"], ""),
    flag(
        "skip-wait-for-delete-timeout",
        None,
        Takes::Number,
        &["drain"],
        "",
    ),
    flag(
        "windows-line-endings",
        None,
        Takes::Nothing,
        &["create", "edit"],
        "",
    ),
    flag(
        "from",
        None,
        Takes::Text,
        &["set env"],
        "The object whose keys become variables: `configmap/c`.",
    ),
    flag(
        "keys",
        None,
        Takes::Text,
        &["set env"],
        "With --from: only these keys.",
    ),
    flag(
        "prefix",
        None,
        Takes::Text,
        &["set env"],
        "What stands before the names of variables.",
    ),
];
