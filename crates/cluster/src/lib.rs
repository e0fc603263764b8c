//! The simulated world: an API server's store, the components that watch it, and time.
//!
//! Start with [`Cluster`]: a plain value that two functions move, [`Cluster::act`] (a person or a
//! fault does something) and [`Cluster::step`] (the next thing happens). [`Timeline`] keeps what
//! happened and goes back and forth in it.
//!
//! - [`store`], [`api_server`]: objects, and what may be done to them; [`sorted_map`]: how they are
//!   kept
//! - [`daemonset_controller`], [`scheduler`], [`kubelet`], [`node_lifecycle`],
//!   [`garbage_collector`], [`pod_gc`], [`events`]: the components, each with its state and what
//!   it does when it is due
//! - [`watch`]: which change wakes which component
//! - [`due`], [`rng`], [`timing`], [`version`]: what comes next, by how much chance, how long it
//!   takes, and which Kubernetes it is
//! - [`step`], [`fault`], [`timeline`], [`waiting`]: what is seen from outside
//! - [`ahead`]: what is going to come of a change
//! - [`invariants`]: what always holds; [`choices`]: the other orders in which things could happen
//!
//! ```
//! use cluster::{Cluster, Input};
//!
//! let mut cluster = Cluster::new(7);
//! let manifest = objects::manifest::read("apiVersion: v1\nkind: Node\nmetadata: {name: worker-1}\n");
//! let node = manifest.objects[0].0.clone();
//! cluster.act(&Input::Create(node), "kubectl create -f node.yaml").unwrap();
//! while let Some(step) = cluster.step() {
//!     println!("{step}");
//! }
//! assert!(cluster.store().nodes["worker-1"].is_ready());
//! ```
//!
//! # Not modelled
//! See the README.
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod ahead;
pub mod api_server;
pub mod choices;
mod cluster;
mod conditions;
pub mod daemonset_controller;
mod derived;
pub mod digest;
pub mod due;
pub mod events;
pub mod fault;
pub mod fit;
pub mod garbage_collector;
pub mod invariants;
pub mod kubelet;
pub mod node_lifecycle;
pub mod pod_gc;
pub mod rng;
pub mod scheduler;
pub mod sorted_map;
pub mod step;
pub mod store;
pub mod timeline;
pub mod timing;
pub mod version;
pub mod waiting;
pub mod watch;

pub use ahead::Ahead;
pub use api_server::ApiError;
pub use cluster::{Cluster, DeleteOptions, EPOCH, Input, Propagation, Response, Settled};
pub use fault::Fault;
pub use step::{Actor, ObjectRef, Step, What, Why};
pub use store::{Key, Kind, Store};
pub use timeline::Timeline;
pub use timing::Timing;
pub use version::Version;
