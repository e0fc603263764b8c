//! The command language: a line as one types it, read, run against a cluster, and answered as
//! kubectl answers.
//!
//! Start with [`execute()`]. [`words`] takes a line apart, [`command`] reads the words, [`apply`]
//! merges what is applied with what is there.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! let mut timeline = cluster::Timeline::new(cluster::Cluster::new(7));
//! let files = BTreeMap::from([(
//!     "node.yaml".to_owned(),
//!     "apiVersion: v1\nkind: Node\nmetadata: {name: worker-1}\n".to_owned(),
//! )]);
//! let output = kubectl::execute("apply -f node.yaml", &files, &mut timeline);
//! assert_eq!(output.text, "node/worker-1 created\n");
//! assert_eq!(kubectl::execute("cordon worker-1", &files, &mut timeline).text, "node/worker-1 cordoned\n");
//! ```
//!
//! # Not modelled
//! Commands other than apply, create, delete, cordon and uncordon.
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod apply;
pub mod command;
pub mod execute;
pub mod words;

pub use command::Command;
pub use execute::{Files, Output, execute};
