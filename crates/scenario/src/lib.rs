//! Scenario files: a beginning, what is done, and what must come of it.
//!
//! Start with [`Scenario::read`], then [`Run`].
//!
//! - the format: [`scenario`], [`step`], [`expect`]; [`read`]: what is told of a file that is wrong
//! - [`pools`] makes the cluster of the beginning
//! - [`run`] plays, with [`marks`] to compare with
//! - [`print`] writes a scenario as the file it is read from
//! - [`picture`] draws a cluster
//! - [`session`] keeps what a person does, [`link`] makes it part of an address
//! - [`opening`] begins with a text that is a scenario or Kubernetes objects
//! - [`json`] is what programs are told, [`subject`] what they mean by a name
//! - [`export`] makes manifests and a script of it, for a real cluster
//!
//! ```
//! let scenario = scenario::Scenario::read("
//! apiVersion: daemonset-playground/v1
//! kind: Scenario
//! nodePools: [ { name: worker, count: 2 } ]
//! steps:
//! - kubectl: cordon worker-2
//! - run: quiet
//! - expect: { node: worker-2, status: 'Ready,SchedulingDisabled' }
//! ").unwrap();
//! let mut run = scenario::Run::new(&scenario, None).unwrap();
//! assert!(run.play(|_| {}).is_ok());
//! ```
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

mod always;
pub mod expect;
pub mod export;
pub mod json;
mod kind;
pub mod link;
pub mod marks;
mod nearest;
pub mod opening;
mod output;
mod passing;
pub mod picture;
pub mod pools;
pub mod print;
pub mod read;
mod roster;
pub mod run;
pub mod scenario;
pub mod session;
pub mod step;
pub mod subject;
#[cfg(test)]
mod testing;
mod timing;
mod yaml;

pub use passing::Passing;
pub use read::{ReadError, Wrong};
pub use run::{Failure, Run, Told};
pub use scenario::Scenario;
pub use session::Session;
pub use step::{RunFor, STEPS_MAX, Step};
