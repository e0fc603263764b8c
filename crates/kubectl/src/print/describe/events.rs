//! The events about an object.

use cluster::Cluster;
use objects::Event;

use super::{Text, since};
use crate::live::Live;

/// Models `DescribeEvents` and `searchEvents`.
pub(super) fn describe(text: &mut Text, live: &Live, cluster: &Cluster) {
    let about = live.reference();
    let uid = live.uid();
    let events = cluster.store().events.values().filter(|event| {
        let object = &event.involved_object;
        let is_named = object.name == about.key.name && object.namespace == about.key.namespace;
        // Components name nodes by their name where others give the uid.
        is_named && (*object.uid == *uid || *object.uid == *about.key.name)
    });
    let mut events: Vec<&Event> = events.map(|it| &**it).collect();
    if events.is_empty() {
        return text.line(0, "Events:\t<none>");
    }
    events.sort_by_key(|it| it.last_timestamp);
    text.line(0, "Events:");
    text.line(1, "Type\tReason\tAge\tFrom\tMessage");
    text.line(1, "----\t------\t----\t----\t-------");
    let now = cluster.unix_now();
    for event in events {
        let first = since(event.first_timestamp, now);
        let age = match event.count {
            ..=1 => first,
            count => format!(
                "{} (x{count} over {first})",
                since(event.last_timestamp, now)
            ),
        };
        text.line(
            1,
            &format!(
                "{}\t{}\t{age}\t{}\t{}",
                event.type_.as_str(),
                event.reason,
                event.source.component,
                event.message.trim()
            ),
        );
    }
}
