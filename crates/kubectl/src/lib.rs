//! The command language: a line as one types it, read, run against a cluster, and answered as
//! kubectl answers.
//!
//! Start with [`execute()`]. [`words`] takes a line apart, [`command`] reads the words; `commands`
//! has a file for each command, `flags` the table of their flags, `selection` and [`selector`]
//! which objects are meant, [`resource`] the names of kinds, `print` what `get` prints. [`apply`]
//! merges what is applied with what is there, [`patch`] what is patched.
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
//! `describe`, `edit`, `explain`, `logs`, `exec`; watching, and waiting for what was asked for;
//! `--dry-run`, and objects in subresources.
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod apply;
pub mod command;
mod commands;
pub mod execute;
mod flags;
mod live;
pub mod patch;
mod print;
pub mod resource;
mod selection;
pub mod selector;
pub mod words;

pub use command::Command;
pub use execute::{Files, Output, execute};
