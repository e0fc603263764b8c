//! The DaemonSet controller: a pure function from what it sees to what it does, and why.
//!
//! Start with [`reconcile()`]; its steps stand there in upstream's order. [`plan::Plan`] is what
//! comes out.
//!
//! - [`observed`]: what goes in
//! - [`placement`]: which nodes should run the pod, and which rule said so
//! - [`node_affinity`], [`tolerations`]: what its rules compare; [`trace`]: every rule's answer
//! - [`daemon_pods`]: which pods are the DaemonSet's own; [`on_node`], [`pods_on_node`],
//!   [`index`]: which are on which node, kept from sync to sync
//! - [`history`]: revisions of the template
//! - [`manage`]: a pod where there is none, none where there should be none
//! - [`rolling_update`], [`surge`]: old pods replaced, within the strategy's bounds
//! - [`status`]: the counters
//! - [`backoff`]: how long failed pods are left alone
//! - [`template`]: the pod that is created; [`template_hash()`]: what tells templates apart
//! - [`plan`], [`reason`]: what comes out, and why
//! - [`explain`]: all there is to say about one node; [`pod_state`]: how a pod is
//!
//! ```
//! use controller::{Backoff, Observed, reconcile};
//! use objects::{DaemonSet, Millis, Node};
//!
//! let mut daemon_set = DaemonSet::default();
//! daemon_set.spec.selector = Some(objects::LabelSelector {
//!     match_labels: [("app".to_owned(), "a".to_owned())].into(),
//!     ..Default::default()
//! });
//! let mut node = Node::default();
//! node.metadata.name = "worker-1".into();
//! let plan = reconcile(
//!     &Observed { nodes: vec![&node], ..Observed::nothing(&Backoff::default()) },
//!     &daemon_set,
//!     Millis(0),
//! );
//! assert_eq!(plan.creates[0].node, "worker-1");
//! ```
//!
//! # Not modelled
//! API calls that fail are the executor's business (`cluster`), not the plan's. Hashes of
//! templates are those of Kubernetes 1.31; every minor version has others.
#![warn(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod backoff;
pub mod daemon_pods;
pub mod explain;
pub mod history;
pub mod index;
pub mod manage;
pub mod node_affinity;
pub mod observed;
pub mod on_node;
pub mod placement;
pub mod plan;
pub mod pod_state;
pub mod pods_on_node;
pub mod reason;
pub mod reconcile;
pub mod rolling_update;
pub mod status;
pub mod surge;
pub mod template;
mod template_hash;
pub mod tolerations;
pub mod trace;

pub use backoff::Backoff;
pub use explain::{Explanation, explain};
pub use index::Index;
pub use observed::Observed;
pub use placement::{Decision, Placement};
pub use plan::{Create, Delete, Phase, Plan};
pub use pod_state::PodState;
pub use reason::{CreateReason, DeleteReason};
pub use reconcile::{reconcile, sync};
pub use template_hash::template_hash;
