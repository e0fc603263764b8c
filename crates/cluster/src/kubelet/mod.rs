//! The kubelets: one a machine, and what each does with the pods bound to its node.
//!
//! - `machine`: what is on a machine, its Node object and its leases
//! - `worker`: what is done with one pod, from its admission to its end
//! - `admission`: whether the node takes a pod on at all
//! - `images`: pulls, and how they fail
//! - `probes`: when a container counts as ready
//! - `status`: what the kubelet reports of a pod
//! - `pressure`: what happens when a machine runs short of something
//! - `schedulable`: what it tells of a node that is cordoned

mod admission;
mod images;
mod machine;
mod pressure;
mod probes;
mod schedulable;
pub(crate) mod status;
mod worker;

pub(crate) use images::Images;
pub use machine::{Kubelet, Power};
pub use worker::Work;
