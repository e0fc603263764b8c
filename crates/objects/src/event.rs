//! Events: what components say about objects.

use serde::{Deserialize, Serialize};

use crate::{Fields, Name, ObjectMeta, Timestamp, is_zero};

/// Whether an event is good to know or a sign of trouble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventType {
    /// Good to know.
    #[default]
    Normal,
    /// A sign of trouble.
    Warning,
}

impl EventType {
    /// As it stands in the object.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        }
    }
}

/// Models `v1.Event`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    pub count: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub first_timestamp: Option<Timestamp>,
    pub involved_object: ObjectReference,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_timestamp: Option<Timestamp>,
    pub message: String,
    pub metadata: ObjectMeta,
    pub reason: String,
    pub source: EventSource,
    #[serde(rename = "type")]
    pub type_: EventType,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.ObjectReference`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectReference {
    pub kind: String,
    pub name: Name,
    #[serde(skip_serializing_if = "is_zero")]
    pub namespace: Name,
    #[serde(skip_serializing_if = "is_zero")]
    pub uid: Name,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `v1.EventSource`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventSource {
    #[serde(skip_serializing_if = "is_zero")]
    pub component: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub host: Name,
    #[serde(flatten)]
    pub rest: Fields,
}
