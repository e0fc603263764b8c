//! Expectations about a DaemonSet: its counters, its pods, and its pods on one node.

use std::collections::BTreeMap;

use cluster::Cluster;
use controller::daemon_pods::Current;
use objects::{DaemonSet, DaemonSetStatus, Name, Pod};
use serde::Deserialize;

use super::{Marks, Number, number::count};

/// About a DaemonSet as a whole.
#[derive(Clone, Debug)]
pub struct OfAll {
    pub(super) status: BTreeMap<String, Number>,
    pub(super) pods: Option<PodCounts>,
    pub(super) each_node: Option<Number>,
    pub(super) any_pod: Option<AnyPod>,
}

/// About its pods on one node.
#[derive(Clone, Debug)]
pub struct OnNode {
    pub(super) pods: Option<Number>,
    pub(super) terminating: Option<Number>,
    pub(super) status: Option<String>,
    pub(super) ready: Option<bool>,
    pub(super) restarts: Option<Number>,
    pub(super) revision: Option<Number>,
    pub(super) same_as: Option<String>,
    pub(super) not_same_as: Option<String>,
}

/// Some pod of it is so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnyPod {
    status: Option<String>,
    ready: Option<bool>,
    node: Option<String>,
}

/// How many of its pods are not being deleted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PodCounts {
    total: Option<Number>,
    ready: Option<Number>,
    updated: Option<Number>,
}

fn numbers(status: &DaemonSetStatus) -> Vec<(&'static str, i64)> {
    let mut numbers = status.counters().to_vec();
    numbers.push(("observedGeneration", status.observed_generation));
    numbers.push(("collisionCount", status.collision_count.unwrap_or(0)));
    numbers
}

/// The names of all numbers of a status.
pub(super) fn counters() -> Vec<&'static str> {
    let numbers = numbers(&DaemonSetStatus::default());
    numbers.into_iter().map(|(name, _)| name).collect()
}

pub(super) fn is_counter(name: &str) -> bool {
    counters().contains(&name)
}

fn is_live(pod: &Pod) -> bool {
    !pod.metadata.is_being_deleted()
}

impl OfAll {
    pub(super) fn check(&self, cluster: &Cluster, daemon_set: &DaemonSet) -> Vec<String> {
        let mut wrong = Vec::new();
        let numbers = numbers(&daemon_set.status);
        for (name, number) in &self.status {
            if let Some((_, found)) = numbers.iter().find(|(it, _)| it == name) {
                number.check(name, *found, &mut wrong);
            }
        }
        if self.pods.is_none() && self.each_node.is_none() && self.any_pod.is_none() {
            return wrong;
        }
        let store = cluster.store();
        let pods: Vec<&Pod> = store.pods_of(daemon_set).map(|pod| &**pod).collect();
        if let Some(counts) = &self.pods {
            counts.check(cluster, daemon_set, &pods, &mut wrong);
        }
        if let Some(number) = &self.each_node {
            let mut on: BTreeMap<&str, i64> = store.nodes.keys().map(|it| (&**it, 0)).collect();
            let live = pods.iter().filter(|pod| is_live(pod) && !pod.is_terminal());
            for node in live.filter_map(|pod| pod.target_node()) {
                if let Some(pods) = on.get_mut(node) {
                    *pods += 1;
                }
            }
            for (node, found) in on {
                number.check(&format!("pods on {node}"), found, &mut wrong);
            }
        }
        if let Some(any) = &self.any_pod
            && !pods.iter().any(|pod| any.fits(pod))
        {
            let found: Vec<String> = pods.iter().map(|pod| pod.status_cell()).collect();
            wrong.push(format!(
                "anyPod: no pod is so; their status is [{}]",
                found.join(", ")
            ));
        }
        wrong
    }
}

impl AnyPod {
    fn fits(&self, pod: &Pod) -> bool {
        let Self {
            status,
            ready,
            node,
        } = self;
        status.as_ref().is_none_or(|it| pod.status_cell() == *it)
            && ready.is_none_or(|it| pod.is_ready() == it)
            && node.as_ref().is_none_or(|it| pod.target_node() == Some(it))
    }
}

impl PodCounts {
    fn check(
        &self,
        cluster: &Cluster,
        daemon_set: &DaemonSet,
        pods: &[&Pod],
        wrong: &mut Vec<String>,
    ) {
        let hash = cluster.store().current_hash(daemon_set);
        let current = Current::new(daemon_set, &hash);
        let live = || pods.iter().filter(|pod| is_live(pod));
        let ready = live().filter(|pod| pod.is_ready());
        let updated = live().filter(|pod| current.includes(&pod.metadata.labels));
        for (name, number, found) in [
            ("total", &self.total, count(live())),
            ("ready", &self.ready, count(ready)),
            ("updated", &self.updated, count(updated)),
        ] {
            if let Some(number) = number {
                number.check(&format!("pods.{name}"), found, wrong);
            }
        }
    }
}

/// The pods of a DaemonSet on a node: those that are being deleted, and the others.
fn on_node<'a>(
    cluster: &'a Cluster,
    daemon_set: &'a DaemonSet,
    node: &str,
) -> (Vec<&'a Pod>, Vec<&'a Pod>) {
    let pods = cluster.store().pods_of(daemon_set).map(|pod| &**pod);
    let here = pods.filter(|pod| pod.target_node() == Some(node));
    here.partition(|pod| pod.metadata.is_being_deleted())
}

fn the_one<'a>(pods: &[&'a Pod], node: &str) -> Result<&'a Pod, String> {
    match pods {
        [pod] => Ok(pod),
        pods => Err(format!(
            "expected exactly one pod on {node} that is not being deleted, found {}",
            pods.len()
        )),
    }
}

impl OnNode {
    pub(super) fn check(
        &self,
        cluster: &Cluster,
        daemon_set: &DaemonSet,
        node: &str,
        marks: &Marks,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        let (going, live) = on_node(cluster, daemon_set, node);
        if let Some(number) = &self.pods {
            number.check("pods", count(live.iter()), &mut wrong);
        }
        if let Some(number) = &self.terminating {
            number.check("terminating", count(going.iter()), &mut wrong);
        }
        let about_one = self.status.is_some()
            || self.ready.is_some()
            || self.restarts.is_some()
            || self.revision.is_some()
            || self.same_as.is_some()
            || self.not_same_as.is_some();
        if about_one {
            match the_one(&live, node) {
                Ok(pod) => self.check_one(cluster, daemon_set, pod, node, marks, &mut wrong),
                Err(message) => wrong.push(message),
            }
        }
        wrong
    }

    fn check_one(
        &self,
        cluster: &Cluster,
        daemon_set: &DaemonSet,
        pod: &Pod,
        node: &str,
        marks: &Marks,
        wrong: &mut Vec<String>,
    ) {
        let found = pod.status_cell();
        if let Some(expected) = self.status.as_ref().filter(|it| **it != found) {
            wrong.push(format!("status: expected {expected}, found {found}"));
        }
        if let Some(ready) = self.ready.filter(|ready| *ready != pod.is_ready()) {
            wrong.push(format!("ready: expected {ready}, found {}", !ready));
        }
        if let Some(number) = &self.restarts {
            number.check("restarts", restarts(pod), wrong);
        }
        if let Some(number) = &self.revision {
            let found = cluster.store().revision_of(daemon_set, pod).unwrap_or(0);
            number.check("revision", found, wrong);
        }
        for (name, mark, same) in [
            ("sameAs", &self.same_as, true),
            ("notSameAs", &self.not_same_as, false),
        ] {
            let Some(mark) = mark else { continue };
            match marked_pod(daemon_set, node, mark, marks) {
                Err(message) => wrong.push(format!("{name}: at {mark}: {message}")),
                Ok((uid, _)) if (uid == pod.metadata.uid) == same => {}
                Ok((_, before)) => wrong.push(format!(
                    "{name}: at {mark} it was pod {before}, now it is pod {}",
                    pod.metadata.name
                )),
            }
        }
    }
}

/// Uid and name of the one pod that was on a node when a mark was set.
fn marked_pod(
    daemon_set: &DaemonSet,
    node: &str,
    mark: &str,
    marks: &Marks,
) -> Result<(Name, Name), String> {
    let cluster = marks.get(mark).ok_or("there is no such mark yet")?;
    let metadata = &daemon_set.metadata;
    let key = cluster::store::key_of(metadata);
    let then = cluster.store().daemon_sets.get(&key);
    let then = then.ok_or("the daemon set did not exist");
    // Pods that a DaemonSet of this name has left behind are looked for by what they were then.
    let (_, live) = on_node(cluster, then?, node);
    let pod = the_one(&live, node)?;
    Ok((pod.metadata.uid.clone(), pod.metadata.name.clone()))
}

/// kubectl's RESTARTS: of the containers and the sidecars.
fn restarts(pod: &Pod) -> i64 {
    let init = pod
        .spec
        .init_containers
        .iter()
        .zip(&pod.status.init_container_statuses);
    let sidecars = init
        .filter(|(it, _)| it.is_sidecar())
        .map(|(_, status)| status);
    let containers = sidecars.chain(&pod.status.container_statuses);
    containers.map(|it| it.restart_count).sum()
}
