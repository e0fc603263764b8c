//! Cells and lines that kubectl prints, one by one, for those who show them otherwise than in a
//! table.

use objects::{DaemonSet, Event, Millis, Object, Pod, Timestamp};
use serde_json::Value;

use crate::{commands::rollout::status, live::Live, print};

/// An object with version and kind, which the store goes without.
pub fn with_kind(object: Object) -> Value {
    Live::of(object).with_kind()
}

/// An object as the API gives it.
pub fn value(object: Object) -> Value {
    Live::of(object).value()
}

/// An object as `get -o yaml` prints it.
pub fn yaml(value: &Value) -> String {
    print::yaml(value)
}

/// How old something of that time is, as the tables have it; `now` counts from the Unix epoch.
pub fn age(since: Option<Timestamp>, now: Millis) -> String {
    print::since(since, now)
}

/// `READY` and `RESTARTS` of a pod.
pub fn ready_and_restarts(pod: &Pod, now: Millis) -> (String, String) {
    print::ready_and_restarts(pod, now)
}

/// `LAST SEEN`, `TYPE`, `REASON`, `OBJECT` and `MESSAGE` of an event.
pub fn event(event: &Event, now: Millis) -> Vec<String> {
    print::event(event, now)
}

/// What `rollout status` says of this moment, and whether the rollout is done.
pub fn rollout_progress(daemon_set: &DaemonSet) -> (String, bool) {
    status::progress(daemon_set)
}
