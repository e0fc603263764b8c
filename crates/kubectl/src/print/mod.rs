//! What is printed of objects: tables a kind each, and the objects themselves.

mod age;
mod daemon_sets;
mod describe;
mod events;
pub(crate) mod go_value;
mod json;
pub(crate) mod jsonpath;
mod namespaces;
mod nodes;
mod other;
mod pods;
mod revisions;
mod table;
mod yaml;

pub(crate) use describe::{describe, template};
pub(crate) use events::{events, row as event};
pub(crate) use json::json;
use nodes::roles;
pub(crate) use pods::ready_and_restarts;
pub(crate) use table::Table;
pub(crate) use yaml::yaml;

use objects::{LabelSelector, Labels, Millis, Timestamp};

use crate::live::Live;

/// The columns of a kind, and a row of cells for each object.
pub(crate) fn table(objects: &[&Live], now: Millis, wide: bool) -> Table {
    let mut table = match objects.first() {
        Some(Live::Node(_)) => Table::new(&nodes::COLUMNS),
        Some(Live::DaemonSet(_)) => Table::new(&daemon_sets::COLUMNS),
        Some(Live::Pod(_)) => Table::new(&pods::COLUMNS),
        Some(Live::ControllerRevision(_)) => Table::new(&revisions::COLUMNS),
        Some(Live::Event(_)) if wide => Table::new(&events::WIDE),
        Some(Live::Event(_)) => Table::new(&events::COLUMNS),
        Some(Live::Other(it)) if it["kind"] == "Namespace" => Table::new(&namespaces::COLUMNS),
        Some(Live::Other(_)) | None => Table::new(&other::COLUMNS),
    };
    for live in objects {
        table.rows.push(match live {
            Live::Node(it) => nodes::row(it, now),
            Live::DaemonSet(it) => daemon_sets::row(it, now),
            Live::Pod(it) => pods::row(it, now),
            Live::ControllerRevision(it) => revisions::row(it, now),
            Live::Event(it) if wide => events::wide_row(it, now),
            Live::Event(it) => events::row(it, now),
            Live::Other(it) if it["kind"] == "Namespace" => namespaces::row(live, it, now),
            Live::Other(_) => other::row(live, now),
        });
    }
    let narrow = match objects.first() {
        Some(Live::Node(_)) => nodes::NARROW,
        Some(Live::DaemonSet(_)) => daemon_sets::NARROW,
        Some(Live::Pod(_)) => pods::NARROW,
        _ => usize::MAX,
    };
    if !wide {
        table.keep(narrow);
    }
    table
}

/// `a=b,c=d`.
pub(crate) fn labels(labels: &Labels) -> String {
    if labels.is_empty() {
        return "<none>".to_owned();
    }
    let pairs: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    pairs.join(",")
}

/// `app=x,tier in (a,b)`, by key; nothing for a selector of nothing.
///
/// Models `labels.Selector.String`, apimachinery `pkg/labels/selector.go`, v1.34.
fn selector(selector: &LabelSelector) -> String {
    let equal = selector.match_labels.iter();
    let equal = equal.map(|(key, value)| (key, format!("{key}={value}")));
    let expressions = selector.match_expressions.iter().map(|it| {
        let mut values = it.values.clone();
        values.sort();
        let (key, values) = (&it.key, values.join(","));
        let text = match it.operator.as_str() {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.clone(),
        };
        (key, text)
    });
    let mut parts: Vec<(&String, String)> = equal.chain(expressions).collect();
    // Those of the same key stay as they were.
    parts.sort_by_key(|(key, _)| *key);
    let parts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    parts.join(",")
}

fn or_none(text: &str) -> String {
    match text {
        "" => "<none>".to_owned(),
        text => text.to_owned(),
    }
}

/// How long ago something was.
pub(crate) fn since(time: Option<Timestamp>, now: Millis) -> String {
    match time {
        Some(time) => age::age(now - time.to_unix_millis()),
        None => "<unknown>".to_owned(),
    }
}
