//! The command language: a line as one types it, read, run against a cluster, and answered as
//! kubectl answers.
//!
//! Start with [`execute()`]. [`words`] takes a line apart, [`command`] reads the words; `commands`
//! has a file for each command, `flags` the table of their flags, `selection` and [`selector`]
//! which objects are meant, [`resource`] the names of kinds, `print` what `get` prints, `printer`
//! what is said of a change. [`apply`] merges what is applied with what is there, [`patch`] what is
//! patched; [`completion`] says what can be typed next, [`cells`] has what is printed in pieces.
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
//! - What containers write and do: `logs`, `exec`, `attach`, `port-forward`, `cp`, `debug`; and
//!   commands such as `wait`, `diff`, `run`, `top`, `config`, which say that they are not there.
//! - Which cluster is spoken to, and how: `--context`, `--kubeconfig`, `--token` mean nothing.
//! - `-o go-template`, and templates from files; `--local`; `--prune`; `--interactive`.
//! - Watching: `-w` prints what there is now, and says in [`Output::follows`] that it is to go on.
//! - Who manages which field: `apply --server-side` merges, finds no conflicts and removes nothing.
//! - `describe` of other kinds than DaemonSets, nodes and pods: as of kinds kubectl does not know.
//! - `explain` of kinds that no rule reads; the paragraphs of meanings, and the values of enums.
//! - Objects in subresources, and files from the network.
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod apply;
pub mod cells;
pub mod command;
mod commands;
pub mod completion;
pub mod execute;
mod flags;
mod live;
mod manifests;
mod namespaces;
pub mod patch;
mod print;
mod printer;
pub mod resource;
mod selection;
pub mod selector;
mod suggest;
pub mod words;

pub use command::{COMMANDS, Command, command_first, subcommands};
pub use commands::edit::edited;
pub use commands::explain::{has_meanings, load_meanings};
pub use execute::{Files, Output, execute};
pub use flags::stands_alone;
