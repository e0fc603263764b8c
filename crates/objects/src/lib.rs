//! What Kubernetes manifests say: read, checked, defaulted, validated, printed.
//!
//! Start with [`manifest::read`]: text in, [`Object`]s and [`Problem`]s out. The types are lean:
//! they name the fields the playground's rules read, and keep every other field in `rest`, so
//! that an object comes out as it went in.
//!
//! - text: [`decode`] (YAML, JSON, lists), [`dump`] (whole clusters), [`position`] (line and column of a value),
//!   [`schema`] (unknown fields and wrong types), [`default`], [`validate`], [`problem`]
//! - kinds: [`daemon_set`], [`node`], [`pod`], [`controller_revision`], [`event`]
//! - [`fields`]: how types are read from a JSON object's fields and written back
//! - parts: [`meta`], [`labels`], [`taint`], [`affinity`], [`int_or_percent`], [`quantity`],
//!   [`time`]; [`shared`]: what many objects have in common
//!
//! ```
//! let read = objects::manifest::read("apiVersion: v1\nkind: Node\nmetadata: { name: a }\nspec: { podCIDR: 5 }\n");
//! assert_eq!(read.problems[0].field.to_string(), "spec.podCIDR");
//! assert_eq!(read.problems[0].position.line, 4);
//! ```
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod affinity;
mod container_counts;
pub mod controller_revision;
pub mod daemon_set;
pub mod decode;
pub mod default;
mod depth;
pub mod dump;
pub mod event;
pub mod field_path;
pub mod fields;
pub mod int_or_percent;
mod json_stream;
pub mod labels;
pub mod manifest;
pub mod meta;
pub mod node;
pub mod pod;
pub mod position;
pub mod problem;
pub mod quantity;
pub mod schema;
pub mod shared;
pub mod taint;
pub mod time;
pub mod validate;
mod yaml_1_1;

pub use affinity::{Affinity, NodeAffinity, NodeSelector, NodeSelectorTerm};
pub use container_counts::ContainerCounts;
pub use controller_revision::{ControllerRevision, RevisionData};
pub use daemon_set::{DaemonSet, DaemonSetSpec, DaemonSetStatus, UpdateStrategy};
pub use event::{Event, EventType};
pub use field_path::FieldPath;
pub use fields::{Field, Fields};
pub use int_or_percent::IntOrPercent;
pub use labels::{LabelSelector, Labels};
pub use manifest::Object;
pub use meta::{Name, ObjectMeta, OwnerReference};
pub use node::Node;
pub use pod::{
    Condition, ConditionStatus, ConditionType, Container, Phase, Pod, PodSpec, PodTemplateSpec,
};
pub use position::Position;
pub use problem::{Problem, Severity};
pub use quantity::Quantity;
pub use shared::Shared;
pub use taint::{Effect, Taint, Toleration};
pub use time::{Millis, Timestamp};
