//! Scenario files: a beginning, what is done, and what must come of it.
//!
//! Start with [`Scenario::read`], then [`Run`]. [`file`] is the format, [`pools`] makes the
//! nodes, [`expect`] checks, [`run`] plays.
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

pub mod expect;
pub mod file;
pub mod pools;
pub mod run;

pub use file::{ReadError, Scenario};
pub use run::{Failure, Run, RunFailure, STEPS_MAX, Told};
