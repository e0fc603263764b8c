//! Events as kubectl shows them, the newest first.

use cluster::{Kind, ObjectRef};

use crate::model::Model;

/// More rows than these nobody reads; a filter finds the rest.
pub const ROWS_MAX: usize = 200;

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    pub name: String,
    pub last_seen: String,
    pub type_: String,
    pub reason: String,
    pub object: String,
    pub message: String,
    /// The step that it tells of.
    pub position: Option<usize>,
}

impl EventRow {
    /// Whether it holds a text, in whatever case.
    pub fn holds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        [&self.type_, &self.reason, &self.object, &self.message]
            .iter()
            .any(|cell| cell.to_lowercase().contains(&text))
    }
}

/// The events of all namespaces.
pub fn events(model: &Model) -> Vec<EventRow> {
    let timeline = model.work.timeline();
    let cluster = timeline.cluster();
    let now = cluster.unix_now();
    let start = now - cluster.now();
    let mut events: Vec<_> = cluster.store().events.values().collect();
    events.sort_by_key(|event| {
        std::cmp::Reverse((event.last_timestamp, event.metadata.name.clone()))
    });
    let row = |event: &std::rc::Rc<objects::Event>| {
        let [last_seen, type_, reason, object, message] =
            <[String; 5]>::try_from(kubectl::cells::event(event, now)).ok()?;
        let about = &event.involved_object;
        let is_about = |object: &ObjectRef| {
            object.key.name == about.name
                && match object.kind {
                    Kind::Node => about.kind == "Node",
                    kind => about.kind == kind.as_str() && object.key.namespace == about.namespace,
                }
        };
        // An event tells of the last that happened to its object by then.
        let told = event.last_timestamp.map(|at| at.to_unix_millis() - start);
        let position = told.and_then(|told| {
            let until = (0..timeline.len()).rev().find(|at| {
                let step = timeline.step(*at);
                step.is_some_and(|step| {
                    step.time.0 / 1000 <= told.0 / 1000
                        && step.object.as_ref().is_some_and(is_about)
                })
            })?;
            Some(until + 1)
        });
        Some(EventRow {
            name: event.metadata.name.to_string(),
            last_seen,
            type_,
            reason,
            object,
            message,
            position,
        })
    };
    events.into_iter().take(ROWS_MAX).filter_map(row).collect()
}
