//! What `describe` says of an object.
//!
//! Models kubectl `pkg/describe/describe.go`, v1.34.

mod aligned;
mod containers;
mod daemon_set;
mod events;
mod metadata;
mod node;
mod other;
mod pod;
mod pod_spec;
mod volumes;

use cluster::Cluster;
use objects::{Millis, Timestamp};
use serde_json::Value;

use crate::live::Live;
pub(crate) use pod_spec::template;

/// All that is said of an object, its columns aligned.
pub(crate) fn describe(live: &Live, cluster: &Cluster, with_events: bool) -> String {
    let mut text = match live {
        Live::DaemonSet(it) => daemon_set::describe(it, cluster),
        Live::Node(it) => node::describe(it, cluster),
        Live::Pod(it) => pod::describe(it, cluster),
        Live::ControllerRevision(_) | Live::Event(_) | Live::Other(_) => other::describe(live),
    };
    if with_events {
        events::describe(&mut text, live, cluster);
    }
    aligned::aligned(&text.0)
}

/// Lines, their columns parted by tabs.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, level: usize, line: &str) {
        self.0 += &"  ".repeat(level);
        self.0 += line;
        self.0.push('\n');
    }

    /// A title with the first of several lines; `<none>` without.
    fn list(&mut self, level: usize, title: &str, lines: &[String]) {
        match lines.split_first() {
            None => self.line(level, &format!("{title}:\t<none>")),
            Some((first, rest)) => {
                self.line(level, &format!("{title}:\t{first}"));
                rest.iter().for_each(|it| self.line(0, &format!("\t{it}")));
            }
        }
    }
}

/// Whether it is part of something, and so one step further in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Template,
}

impl Within {
    fn level(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Template => 1,
        }
    }

    /// A name that others hang below.
    fn name(self, text: &mut Text, name: &str) {
        let blank = match self {
            Self::Nothing => "",
            Self::Template => " ",
        };
        text.line(1, &format!("{blank}{name}:"));
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// As Go prints a scalar.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or(false)
}

/// A time as mails have it, in UTC.
fn date(time: Option<Timestamp>) -> String {
    match time {
        Some(time) => time.to_rfc1123(),
        None => "Mon, 01 Jan 0001 00:00:00 +0000".to_owned(),
    }
}

fn since(time: Option<Timestamp>, now: Millis) -> String {
    super::since(time, now)
}
