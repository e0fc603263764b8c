//! `event`: how often something was said.

use cluster::Cluster;
use objects::{Event, FieldPath};
use serde_json::Value;

use super::{Number, object};
use crate::{
    nearest::unknown,
    read::{Mapping, Read, Wrong},
};

/// How often it was said, over all Events that fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventExpect {
    object: Option<Pattern>,
    type_: Option<String>,
    reason: Option<String>,
    /// A part of it.
    message: Option<String>,
    count: Number,
}

/// `KIND/[NS/]NAME` or `KIND/[NS/]PREFIX*`.
#[derive(Clone, Debug, PartialEq)]
struct Pattern(object::ObjectName);

impl Pattern {
    fn fits(&self, event: &Event) -> bool {
        let (wanted, involved) = (&self.0, &event.involved_object);
        let name_fits = match wanted.name.strip_suffix('*') {
            Some(prefix) => involved.name.starts_with(prefix),
            None => involved.name == *wanted.name,
        };
        involved.kind == wanted.kind.kind && name_fits && involved.namespace == *wanted.namespace
    }
}

impl Read for Pattern {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let text = String::read(value, at)?;
        let name = object::parse(&text).map_err(|message| Wrong::new(at, message))?;
        let is_bare = !name
            .name
            .strip_suffix('*')
            .unwrap_or(&name.name)
            .contains('*');
        match is_bare {
            true => Ok(Self(name)),
            false => Err(Wrong::new(
                at,
                format!("{text:?}: a * can only stand at the end of the name"),
            )),
        }
    }
}

const TYPES: [&str; 2] = ["Normal", "Warning"];

impl Read for EventExpect {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let known = ["object", "type", "reason", "message", "count"];
        let mut fields = Mapping::read(value, at, &known)?;
        let type_: Option<String> = fields.optional("type")?;
        if let Some(type_) = type_.as_ref().filter(|it| !TYPES.contains(&it.as_str())) {
            return Err(Wrong::new(
                &at.child_field("type"),
                unknown("type of an event", type_, &TYPES),
            ));
        }
        Ok(Self {
            object: fields.optional("object")?,
            type_,
            reason: fields.optional("reason")?,
            message: fields.optional("message")?,
            count: fields.optional("count")?.unwrap_or(Number::AtLeast(1)),
        })
    }
}

impl EventExpect {
    fn fits(&self, event: &Event) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        is(&self.reason, &event.reason)
            && is(&self.type_, event.type_.as_str())
            && self.object.as_ref().is_none_or(|it| it.fits(event))
            && self
                .message
                .as_ref()
                .is_none_or(|it| event.message.contains(it.as_str()))
    }

    pub(crate) fn check(&self, cluster: &Cluster, wrong: &mut Vec<String>) {
        let events = cluster.store().events.values();
        let fitting = events.filter(|event| self.fits(event));
        // An Event that brings no count was seen once.
        let found = fitting.fold(0_i64, |sum, event| sum.saturating_add(event.count.max(1)));
        self.count.check("event count", found, wrong);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ROLLED_OUT, check_all};

    #[test]
    fn events_are_summed_up() {
        check_all(
            ROLLED_OUT,
            &[
                ("{event: {}}", ""),
                ("{event: {reason: SuccessfulCreate}}", ""),
                ("{event: {reason: SuccessfulCreate, count: 2}}", ""),
                (
                    "{event: {reason: SuccessfulCreate, count: '<= 1'}}",
                    "event count: expected <= 1, found 2",
                ),
                (
                    "{event: {reason: FailedCreate}}",
                    "event count: expected >= 1, found 0",
                ),
                ("{event: {reason: FailedCreate, count: 0}}", ""),
                (
                    "{event: {reason: SuccessfulCreate, type: Warning, count: 0}}",
                    "",
                ),
                (
                    "{event: {reason: SuccessfulCreate, message: 'Created pod: agent-', count: 2}}",
                    "",
                ),
                (
                    "{event: {message: no such, count: 1}}",
                    "event count: expected 1, found 0",
                ),
                (
                    "{event: {object: DaemonSet/agent, type: Normal, count: 2}}",
                    "",
                ),
                ("{event: {object: ds/default/agent, count: 2}}", ""),
                (
                    "{event: {object: DaemonSet/other/agent}}",
                    "event count: expected >= 1, found 0",
                ),
                (
                    "{event: {object: 'Pod/agent-*', reason: Started, count: 2}}",
                    "",
                ),
                (
                    "{event: {object: 'pods/agen*', reason: Started, count: 2}}",
                    "",
                ),
                (
                    "{event: {object: Pod/agent, reason: Started, count: 0}}",
                    "",
                ),
                ("{event: {object: 'Pod/other/*', count: 0}}", ""),
            ],
        );
    }
}
