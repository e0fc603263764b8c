//! Events: what components say about objects.

use crate::{
    Name, ObjectMeta, Timestamp,
    fields::{object, words},
};

words! {
    /// Whether an event is good to know or a sign of trouble.
    pub enum EventType("type of an event") {
        /// Good to know.
        Normal,
        /// A sign of trouble.
        Warning,
    }
}

object! {
    /// Models `v1.Event`.
    pub struct Event {
        count: i64 = "count",
        first_timestamp: Option<Timestamp> = "firstTimestamp",
        involved_object: ObjectReference = always "involvedObject",
        last_timestamp: Option<Timestamp> = "lastTimestamp",
        message: String = "message",
        metadata: ObjectMeta = always "metadata",
        reason: String = "reason",
        source: EventSource = always "source",
        type_: EventType = always "type",
    }
}

object! {
    /// Models `v1.ObjectReference`.
    pub struct ObjectReference {
        kind: Name = always "kind",
        name: Name = always "name",
        namespace: Name = "namespace",
        uid: Name = "uid",
    }
}

object! {
    /// Models `v1.EventSource`.
    pub struct EventSource {
        component: Name = "component",
        host: Name = "host",
    }
}
