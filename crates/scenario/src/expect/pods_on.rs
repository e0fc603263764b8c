//! `daemonSet` and `node`: the pods that a DaemonSet has on one node.

use cluster::{Key, Store};
use objects::{Name, Pod};

use super::{Missing, Moment, Number, differ, object};
use crate::{
    marks::Marks,
    read::{Mapping, Wrong},
    roster::Roster,
};

pub(super) const FIELDS: [&str; 8] = [
    "pods",
    "terminating",
    "status",
    "ready",
    "restarts",
    "revision",
    "sameAs",
    "notSameAs",
];

/// What must be so with a DaemonSet's pods whose target is one node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PodsOnExpect {
    pub(super) daemon_set: Key,
    node: String,
    /// Not being deleted.
    pods: Option<Number>,
    /// Being deleted.
    terminating: Option<Number>,
    one: OnePod,
}

/// What must be so with the one pod there that is not being deleted.
#[derive(Clone, Debug, Default, PartialEq)]
struct OnePod {
    status: Option<String>,
    ready: Option<bool>,
    restarts: Option<Number>,
    revision: Option<Number>,
    same_as: Option<String>,
    not_same_as: Option<String>,
}

/// kubectl's RESTARTS.
fn restarts(pod: &Pod) -> i64 {
    let counts = pod.status.container_statuses.iter();
    counts.fold(0, |sum, it| sum.saturating_add(it.restart_count))
}

impl PodsOnExpect {
    pub(super) fn read(fields: &mut Mapping) -> Result<Self, Wrong> {
        let at = fields.at().child_field("daemonSet");
        let name: String = fields.required("daemonSet")?;
        Ok(Self {
            daemon_set: object::key(&name, &at)?,
            node: fields.required("node")?,
            pods: fields.optional("pods")?,
            terminating: fields.optional("terminating")?,
            one: OnePod {
                status: fields.optional("status")?,
                ready: fields.optional("ready")?,
                restarts: fields.optional("restarts")?,
                revision: fields.optional("revision")?,
                same_as: fields.optional("sameAs")?,
                not_same_as: fields.optional("notSameAs")?,
            },
        })
    }

    /// The marks it asks for, by field.
    pub(super) fn marks(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let same = self.one.same_as.as_ref().map(|it| ("sameAs", it));
        let other = self.one.not_same_as.as_ref().map(|it| ("notSameAs", it));
        same.into_iter().chain(other)
    }

    pub(super) fn check(
        &self,
        moment: Moment<'_>,
        roster: Option<&Roster>,
        wrong: &mut Vec<String>,
    ) -> Result<(), Missing> {
        let store = moment.cluster.store();
        let roster = roster.ok_or_else(|| Missing::daemon_set(&self.daemon_set))?;
        if !store.nodes.contains_key(self.node.as_str()) {
            return Err(Missing::node(&self.node));
        }
        let (going, live): (Vec<&Pod>, Vec<&Pod>) = roster
            .pods_on(store, &self.node)
            .partition(|pod| pod.metadata.is_being_deleted());
        let count = |pods: &[&Pod]| i64::try_from(pods.len()).unwrap_or(i64::MAX);
        if let Some(number) = self.pods {
            number.check("pods", count(&live), wrong);
        }
        if let Some(number) = self.terminating {
            number.check("terminating", count(&going), wrong);
        }
        if self.one == OnePod::default() {
            return Ok(());
        }
        match live[..] {
            [pod] => self.check_one(store, moment.marks, pod, wrong),
            _ => wrong.push(format!(
                "expected exactly one pod on {} that is not being deleted, found {}",
                self.node,
                live.len()
            )),
        }
        Ok(())
    }

    fn check_one(&self, store: &Store, marks: &Marks, pod: &Pod, wrong: &mut Vec<String>) {
        let one = &self.one;
        if let Some(status) = &one.status {
            differ("status", status, &pod.status_cell(), wrong);
        }
        if let Some(ready) = one.ready {
            differ("ready", &ready, &pod.is_ready(), wrong);
        }
        if let Some(number) = one.restarts {
            number.check("restarts", restarts(pod), wrong);
        }
        if let Some(number) = one.revision {
            let daemon_set = store.daemon_sets.get(&self.daemon_set);
            match daemon_set.and_then(|it| store.revision_of(it, pod)) {
                Some(found) => number.check("revision", found, wrong),
                None => wrong.push(format!(
                    "revision: expected {number}, found none with the hash that pod {} carries",
                    pod.metadata.name
                )),
            }
        }
        for (name, mark, is_same) in [
            ("sameAs", &one.same_as, true),
            ("notSameAs", &one.not_same_as, false),
        ] {
            let Some(mark) = mark else { continue };
            match self.pod_at(marks, mark) {
                Err(message) => wrong.push(format!("{name}: {message}")),
                Ok((_, uid)) if (*uid == pod.metadata.uid) == is_same => {}
                Ok((then, _)) => {
                    let now = &pod.metadata.name;
                    wrong.push(match is_same {
                        true => format!(
                            "{name}: expected the pod of mark {mark}, {then}, found another, {now}"
                        ),
                        false => format!(
                            "{name}: expected another pod than at mark {mark}, found the same, {now}"
                        ),
                    });
                }
            }
        }
    }

    /// The name and uid of the one pod that was on the node at a mark.
    fn pod_at<'a>(&self, marks: &'a Marks, mark: &str) -> Result<(&'a Name, &'a Name), String> {
        let mark_found = marks.get(mark);
        let then = mark_found.ok_or_else(|| format!("there is no mark {mark} yet"))?;
        let roster = then
            .roster(&self.daemon_set)
            .ok_or_else(|| format!("DaemonSet {} did not exist at mark {mark}", self.daemon_set))?;
        let live: Vec<(&Name, &Name)> = roster.live_on(&self.node).collect();
        match live[..] {
            [pod] => Ok(pod),
            _ => Err(format!(
                "expected exactly one pod on {} that was not being deleted at mark {mark}, found {}",
                self.node,
                live.len()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ROLLED_OUT, check_all};

    #[test]
    fn the_pods_on_a_node_are_counted() {
        check_all(
            ROLLED_OUT,
            &[
                ("{daemonSet: agent, node: worker-1}", ""),
                (
                    "{daemonSet: agent, node: worker-1, pods: 1, terminating: 0}",
                    "",
                ),
                ("{daemonSet: agent, node: gpu-1, pods: 0}", ""),
                (
                    "{daemonSet: agent, node: worker-1, pods: 2}",
                    "pods: expected 2, found 1",
                ),
                (
                    "{daemonSet: agent, node: worker-1, terminating: '>= 1'}",
                    "terminating: expected >= 1, found 0",
                ),
                (
                    "{daemonSet: agent, node: worker-9}",
                    "missing: node worker-9 does not exist",
                ),
                (
                    "{daemonSet: agnet, node: worker-1}",
                    "missing: DaemonSet default/agnet does not exist",
                ),
            ],
        );
    }

    #[test]
    fn the_one_pod_on_a_node_is_looked_at() {
        check_all(
            ROLLED_OUT,
            &[
                (
                    "{daemonSet: agent, node: worker-1, status: Running, ready: true, restarts: 0, revision: 1, sameAs: before}",
                    "",
                ),
                (
                    "{daemonSet: agent, node: worker-1, status: Pending, ready: false, restarts: '>= 1', revision: 2}",
                    "status: expected Pending, found Running; ready: expected false, found true; restarts: expected >= 1, found 0; revision: expected 2, found 1",
                ),
                (
                    "{daemonSet: agent, node: gpu-1, ready: true}",
                    "expected exactly one pod on gpu-1 that is not being deleted, found 0",
                ),
            ],
        );
    }

    #[test]
    fn a_pod_is_the_same_as_at_a_mark_or_another() {
        let updated = format!("{ROLLED_OUT}- kubectl: apply -f v2.yaml\n- run: quiet\n");
        check_all(
            &format!("- mark: empty\n{ROLLED_OUT}- run: 60s\n"),
            &[
                ("{daemonSet: agent, node: worker-1, sameAs: before}", ""),
                (
                    "{daemonSet: agent, node: worker-1, notSameAs: before}",
                    "notSameAs: expected another pod than at mark before, found the same, agent-?",
                ),
                (
                    "{daemonSet: agent, node: worker-1, sameAs: empty}",
                    "sameAs: DaemonSet default/agent did not exist at mark empty",
                ),
            ],
        );
        check_all(
            &updated,
            &[
                (
                    "{daemonSet: agent, node: worker-1, notSameAs: before, revision: 2}",
                    "",
                ),
                (
                    "{daemonSet: agent, node: worker-1, sameAs: before}",
                    "sameAs: expected the pod of mark before, agent-?, found another, agent-?",
                ),
            ],
        );
    }

    #[test]
    fn at_a_mark_there_must_have_been_exactly_one_pod_too() {
        check_all(
            "- kubectl: apply -f v1.yaml\n- mark: early\n- run: quiet\n",
            &[(
                "{daemonSet: agent, node: worker-1, sameAs: early}",
                "sameAs: expected exactly one pod on worker-1 that was not being deleted at mark early, found 0",
            )],
        );
    }
}
