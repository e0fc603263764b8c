//! Models `printEvent`, `pkg/printers/internalversion/printers.go`, v1.34.

use std::rc::Rc;

use objects::{Event, Millis};
use serde_json::Value;

use super::{Table, since};

pub(super) const COLUMNS: [&str; 5] = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
pub(super) const WIDE: [&str; 10] = [
    "LAST SEEN",
    "TYPE",
    "REASON",
    "OBJECT",
    "SUBOBJECT",
    "SOURCE",
    "MESSAGE",
    "FIRST SEEN",
    "COUNT",
    "NAME",
];

/// The table of `events`, which names kinds as they are.
///
/// Models `EventPrinter`, kubectl `pkg/cmd/events/event_printer.go`, v1.34.
pub(crate) fn events(events: &[Rc<Event>], now: Millis) -> Table {
    let mut table = Table::new(&COLUMNS);
    for event in events {
        let mut row = row(event, now);
        if event.count > 1 {
            let first = since(event.first_timestamp, now);
            row[0] += &format!(" (x{} over {first})", event.count);
        }
        let object = &event.involved_object;
        row[3] = format!("{}/{}", object.kind, object.name);
        table.rows.push(row);
    }
    table
}

pub(crate) fn row(event: &Event, now: Millis) -> Vec<String> {
    let object = &event.involved_object;
    vec![
        since(event.last_timestamp, now),
        event.type_.as_str().to_owned(),
        event.reason.clone(),
        format!("{}/{}", object.kind.to_lowercase(), object.name),
        event.message.trim().to_owned(),
    ]
}

pub(super) fn wide_row(event: &Event, now: Millis) -> Vec<String> {
    let mut row = row(event, now);
    let field = event.involved_object.rest.get("fieldPath");
    let field = field.and_then(Value::as_str).unwrap_or_default();
    let source = &event.source;
    let source = match &*source.host {
        "" => source.component.to_string(),
        host => format!("{}, {host}", source.component),
    };
    row.splice(4..4, [field.to_owned(), source]);
    row.extend([
        since(event.first_timestamp, now),
        event.count.max(1).to_string(),
        event.metadata.name.to_string(),
    ]);
    row
}
