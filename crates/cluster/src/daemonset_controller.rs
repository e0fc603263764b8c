//! The DaemonSet controller at work: its queue, its expectations, and one write after the other.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use controller::{
    Backoff, Create, Delete, Explanation, Index, Observed, Plan,
    observed::{Listers, Memory},
    plan::{SyncError, slow_start},
    sync as sync_once,
    template::{Pattern, owner_reference},
};
use objects::{
    ControllerRevision, DaemonSet, DaemonSetStatus, EventType, Millis, Name, Node, ObjectMeta, Pod,
    PodTemplateSpec, Shared, controller_revision::HASH_LABEL,
};
use serde::{Serialize, Serializer};

use crate::{
    Actor, ApiError, Cluster, DeleteOptions, Key, ObjectRef, Step, Store, What, Why,
    derived::Derived,
    due::{Due, Patience},
    events::About,
    fault::Component,
    store::key_of,
};

const NAME: &str = "daemonset-controller";

/// The longest wait before a sync that failed is tried again.
const RETRY_MAX: Millis = Millis::from_secs(1000);

/// What the controller remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DaemonSetController {
    sets: BTreeMap<Key, Sync>,
    failed_pods_backoff: Backoff,
}

/// Where one DaemonSet stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Sync {
    state: State,
    /// Creates and deletes asked for and not yet seen.
    expected_creates: i64,
    expected_deletes: i64,
    hash: String,
    /// For the pods that are created.
    #[serde(skip)]
    pattern: Derived<Option<Pattern>>,
    /// The template of which a pod was created, so that it breaks no rule.
    #[serde(skip)]
    valid: Derived<Option<Shared<PodTemplateSpec>>>,
    /// What the syncs know of nodes and pods.
    #[serde(skip)]
    index: Derived<Index>,
    writes: VecDeque<Write>,
    /// The DaemonSet as the present sync saw it.
    #[serde(serialize_with = "generation")]
    planned: Option<Rc<DaemonSet>>,
    /// Whether a pod of the present batch could not be created.
    batch_failed: bool,
    /// Whether the present sync failed.
    failed: bool,
    /// Syncs that failed in a row.
    failures: u32,
    /// By when every pod that has become ready is looked at again.
    looks_until: Millis,
}

/// A DaemonSet of one uid is told apart by its generation.
fn generation<S: Serializer>(it: &Option<Rc<DaemonSet>>, serializer: S) -> Result<S::Ok, S::Error> {
    it.as_ref()
        .map(|it| it.metadata.generation)
        .serialize(serializer)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
enum State {
    #[default]
    Idle,
    Queued,
    /// Being worked on.
    Syncing,
    /// Being worked on, and once more after that.
    SyncingAndQueued,
}

/// One call of the API.
#[derive(Clone, Debug, PartialEq, Serialize)]
enum Write {
    AdoptRevision(Name),
    ReleaseRevision(Name),
    RelabelRevision(Name),
    DeleteRevision(Name),
    RenumberRevision(Name, i64),
    CreateRevision(Box<ControllerRevision>),
    AdoptPod(Name),
    ReleasePod(Name),
    RelabelPod(Name),
    /// Pods are created in batches that grow; after a batch with a failure there is none more.
    CreatePod {
        create: Create,
        ends_batch: bool,
    },
    DeletePod(Delete),
    Status(Box<DaemonSetStatus>),
}

/// What the controller sees: all of the store, at once.
struct StoreListers<'a> {
    store: &'a Store,
    namespace: &'a Name,
}

impl Listers for StoreListers<'_> {
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.store.nodes.values().map(Rc::as_ref)
    }

    fn node(&self, name: &Name) -> Option<&Node> {
        self.store.nodes.get(name).map(Rc::as_ref)
    }

    fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.store.pods_in(self.namespace).map(Rc::as_ref)
    }

    fn pod(&self, name: &Name) -> Option<&Pod> {
        let key = Key {
            namespace: self.namespace.clone(),
            name: name.clone(),
        };
        self.store.pods.get(&key).map(Rc::as_ref)
    }

    fn revisions(&self) -> impl Iterator<Item = &ControllerRevision> {
        self.store.revisions_in(self.namespace).map(Rc::as_ref)
    }
}

impl DaemonSetController {
    pub(crate) fn pod_changed(&mut self, key: &Key) {
        let sets = self.sets.iter_mut();
        for (_, sync) in sets.filter(|(set, _)| set.namespace == key.namespace) {
            sync.index.0.pod_changed(&key.name);
        }
    }

    pub(crate) fn node_changed(&mut self, name: &Name) {
        for sync in self.sets.values_mut() {
            sync.index.0.node_changed(name);
        }
    }

    pub(crate) fn observe_creation(&mut self, key: &Key) {
        if let Some(sync) = self.sets.get_mut(key) {
            sync.expected_creates = (sync.expected_creates - 1).max(0);
        }
    }

    pub(crate) fn observe_deletion(&mut self, key: &Key) {
        if let Some(sync) = self.sets.get_mut(key) {
            sync.expected_deletes = (sync.expected_deletes - 1).max(0);
        }
    }
}

/// The calls that carry out a plan, in upstream's order.
fn writes(plan: &Plan) -> VecDeque<Write> {
    let revisions = &plan.revisions;
    let names = |names: &[Name], of: fn(Name) -> Write| -> Vec<Write> {
        names.iter().cloned().map(of).collect()
    };
    let mut writes = Vec::new();
    writes.extend(names(&revisions.adopt, Write::AdoptRevision));
    writes.extend(names(&revisions.release, Write::ReleaseRevision));
    writes.extend(names(&revisions.relabel, Write::RelabelRevision));
    writes.extend(names(&plan.adopt_pods, Write::AdoptPod));
    writes.extend(names(&plan.release_pods, Write::ReleasePod));
    writes.extend(names(&plan.relabel_pods, Write::RelabelPod));
    writes.extend(
        revisions
            .bump
            .iter()
            .map(|(name, to)| Write::RenumberRevision(name.clone(), *to)),
    );
    writes.extend(
        revisions
            .create
            .iter()
            .map(|it| Write::CreateRevision(Box::new(it.clone()))),
    );
    let mut creates = plan.creates.iter().cloned();
    for batch in slow_start(plan.creates.len()) {
        let batch = creates.by_ref().take(batch).collect::<Vec<_>>();
        let last = batch.len().saturating_sub(1);
        let of = |(i, create)| Write::CreatePod {
            create,
            ends_batch: i == last,
        };
        writes.extend(batch.into_iter().enumerate().map(of));
    }
    writes.extend(plan.deletes.iter().cloned().map(Write::DeletePod));
    writes.extend(names(&revisions.delete, Write::DeleteRevision));
    if plan.status_updated {
        writes.push(Write::Status(Box::new(plan.status.clone())));
    }
    writes.into()
}

impl Cluster {
    /// The component ends, with all it knew; or it is back, and looks at every DaemonSet.
    pub(crate) fn switch_daemonset_controller(&mut self, runs: bool) {
        self.daemonset_controller = DaemonSetController::default();
        self.due.retain(|due| {
            !matches!(
                due,
                Due::DaemonSetSync(_) | Due::DaemonSetWrite(_) | Due::DaemonSetRequeue(_)
            )
        });
        if runs {
            let keys: Vec<Key> = self.store.daemon_sets.keys().cloned().collect();
            keys.iter().for_each(|key| self.enqueue_daemon_set(key));
        }
    }

    /// Takes over what the controller of another moment of this cluster has found out, and tells it
    /// what is not as it was there. To look at thousands of nodes anew would take longer.
    pub(crate) fn take_derived(&mut self, other: &mut Self) {
        let (here, there) = (&self.store, &other.store);
        let nodes = here.nodes.differing(&there.nodes, Rc::ptr_eq);
        let pods = here.pods.differing(&there.pods, Rc::ptr_eq);
        for (key, sync) in &mut self.daemonset_controller.sets {
            let Some(known) = other.daemonset_controller.sets.get_mut(key) else {
                continue;
            };
            let index = &mut sync.index.0;
            *index = std::mem::take(&mut known.index.0);
            nodes.iter().for_each(|name| index.node_changed(name));
            let pods = pods.iter().filter(|it| it.namespace == key.namespace);
            pods.for_each(|pod| index.pod_changed(&pod.name));
        }
    }

    /// A DaemonSet is gone: nothing is expected of it, and what a sync has not done yet is not done.
    pub(crate) fn forget_daemon_set(&mut self, key: &Key) {
        self.daemonset_controller.sets.remove(key);
        self.due.retain(|due| match due {
            Due::DaemonSetSync(it) | Due::DaemonSetWrite(it) | Due::DaemonSetRequeue(it) => {
                it != key
            }
            _ => true,
        });
    }

    /// Puts a DaemonSet into the queue, unless it is there.
    pub(crate) fn enqueue_daemon_set(&mut self, key: &Key) {
        if !self.component_runs(Component::DaemonSetController) {
            return;
        }
        let sync = self
            .daemonset_controller
            .sets
            .entry(key.clone())
            .or_default();
        match sync.state {
            State::Idle => {
                sync.state = State::Queued;
                self.soon(Due::DaemonSetSync(key.clone()));
            }
            State::Syncing => sync.state = State::SyncingAndQueued,
            State::Queued | State::SyncingAndQueued => {}
        }
    }

    /// A pod of a DaemonSet has become ready: it is looked at again when it must be available.
    pub(crate) fn look_when_available(&mut self, key: &Key, min_ready_seconds: i64) {
        if !self.component_runs(Component::DaemonSetController) {
            return;
        }
        let at = self.now + Millis::from_secs(min_ready_seconds.saturating_add(1));
        let sets = &mut self.daemonset_controller.sets;
        let sync = sets.entry(key.clone()).or_default();
        sync.looks_until = sync.looks_until.max(at);
        self.due
            .at(at, Due::DaemonSetRequeue(key.clone()), Patience::Awaited);
    }

    /// One sync: what to do is decided now, and done when the sync's time has passed.
    pub(crate) fn sync_daemon_set(&mut self, key: &Key) {
        let Some(daemon_set) = self.store.daemon_sets.get(key).cloned() else {
            self.daemonset_controller.sets.remove(key);
            return;
        };
        let plan = self.plan(key, &daemon_set);
        for note in &plan.events {
            self.record_on_daemon_set(&daemon_set, note.type_, &note.reason, note.message.clone());
        }
        let error = plan.error.is_some();
        let collided = matches!(plan.error, Some(SyncError::HashCollision { .. }));
        if let Some(after) = plan.requeue_after {
            let awaits_ready = plan.status.number_ready != plan.status.number_available;
            // Pods that became ready under its eyes are looked at anyway when they are available;
            // for these upstream looks once more, as a last line of defence.
            let sync = self.daemonset_controller.sets.get(key);
            let looks_anyway = sync.is_some_and(|it| it.looks_until > self.now);
            let patience = if awaits_ready && !looks_anyway {
                Patience::Awaited
            } else {
                Patience::Retry
            };
            self.due.at(
                self.now + after,
                Due::DaemonSetRequeue(key.clone()),
                patience,
            );
        }
        let writes = writes(&plan);
        self.daemonset_controller.failed_pods_backoff = plan.failed_pods_backoff;
        let (now, unix_now) = (self.now, self.unix_now());
        let controller = &mut self.daemonset_controller;
        controller.failed_pods_backoff.collect_garbage(unix_now);
        let sync = controller.sets.entry(key.clone()).or_default();
        sync.state = State::Syncing;
        sync.hash = plan.hash.unwrap_or_default();
        if plan.by.is_some() {
            let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
            sync.expected_creates = count(plan.creates.len());
            sync.expected_deletes = count(plan.deletes.len());
        }
        sync.planned = Some(daemon_set);
        sync.batch_failed = false;
        sync.failed = error;
        sync.writes = writes;
        let nothing_to_write = sync.writes.is_empty();
        if collided {
            // The next try takes another hash.
            self.due
                .at(now, Due::DaemonSetRequeue(key.clone()), Patience::Awaited);
        }
        if nothing_to_write {
            self.end_sync(key);
        } else {
            self.after(
                self.timing.controller_sync,
                Due::DaemonSetWrite(key.clone()),
            );
        }
    }

    fn plan(&mut self, key: &Key, daemon_set: &DaemonSet) -> Plan {
        let sync = self
            .daemonset_controller
            .sets
            .entry(key.clone())
            .or_default();
        let mut index = std::mem::take(&mut sync.index.0);
        let plan = self.plan_with(&mut index, key, daemon_set);
        if let Some(sync) = self.daemonset_controller.sets.get_mut(key) {
            sync.index.0 = index;
        }
        plan
    }

    pub(crate) fn plan_with(&self, index: &mut Index, key: &Key, daemon_set: &DaemonSet) -> Plan {
        let sync = self.daemonset_controller.sets.get(key);
        let memory = Memory {
            expectations_met: sync
                .is_none_or(|it| it.expected_creates == 0 && it.expected_deletes == 0),
            failed_pods_backoff: &self.daemonset_controller.failed_pods_backoff,
        };
        let listers = StoreListers {
            store: &self.store,
            namespace: &key.namespace,
        };
        sync_once(index, &listers, memory, daemon_set, self.unix_now())
    }

    /// What the controller would do about a DaemonSet if it looked at it now.
    pub fn plan_now(&self, key: &Key) -> Option<Plan> {
        let daemon_set = self.store.daemon_sets.get(key)?;
        Some(self.plan_with(&mut Index::default(), key, daemon_set))
    }

    /// All there is to say about a DaemonSet on a node, as its controller sees the two now.
    pub fn explain_now(&self, key: &Key, node: &str) -> Option<Explanation> {
        let daemon_set = self.store.daemon_sets.get(key)?;
        let sync = self.daemonset_controller.sets.get(key);
        let observed = Observed {
            nodes: self.store.nodes.values().map(|it| &**it).collect(),
            pods: self.store.pods_in(&key.namespace).map(|it| &**it).collect(),
            revisions: self
                .store
                .revisions_in(&key.namespace)
                .map(|it| &**it)
                .collect(),
            expectations_met: sync
                .is_none_or(|it| it.expected_creates == 0 && it.expected_deletes == 0),
            failed_pods_backoff: &self.daemonset_controller.failed_pods_backoff,
        };
        controller::explain(&observed, daemon_set, node, self.unix_now())
    }

    fn end_sync(&mut self, key: &Key) {
        let Some(sync) = self.daemonset_controller.sets.get_mut(key) else {
            return;
        };
        let again = sync.state == State::SyncingAndQueued;
        sync.state = State::Idle;
        if std::mem::take(&mut sync.failed) {
            sync.failures = (sync.failures + 1).min(18);
            let retry_after = Millis(5 << (sync.failures - 1)).min(RETRY_MAX);
            let requeue = Due::DaemonSetRequeue(key.clone());
            self.due
                .at(self.now + retry_after, requeue, Patience::Retry);
        } else {
            sync.failures = 0;
        }
        if again {
            self.enqueue_daemon_set(key);
        }
    }

    pub(crate) fn write_next(&mut self, key: &Key) -> Option<Step> {
        let sync = self.daemonset_controller.sets.get_mut(key)?;
        let hash = sync.hash.clone();
        let write = sync.writes.pop_front();
        let planned = sync.planned.clone();
        let step = match (write, planned) {
            (Some(write), Some(planned)) => self.write(&planned, &hash, write),
            _ => None,
        };
        let writes = self.daemonset_controller.sets.get(key).map(|it| &it.writes);
        if writes.is_none_or(VecDeque::is_empty) {
            self.end_sync(key);
        } else {
            self.soon(Due::DaemonSetWrite(key.clone()));
        }
        step
    }

    /// One call of the API, and the step that it is.
    fn write(&mut self, daemon_set: &Rc<DaemonSet>, hash: &str, write: Write) -> Option<Step> {
        let namespace = &daemon_set.metadata.namespace;
        let key = |name: &Name| Key {
            namespace: namespace.clone(),
            name: name.clone(),
        };
        let pod = |name: &Name| ObjectRef::pod(&key(name));
        let revision = |name: &Name| ObjectRef::revision(&key(name));
        let owner = owner_reference(daemon_set);
        let disown = |metadata: &mut ObjectMeta| {
            metadata
                .owner_references
                .retain(|it| it.uid != daemon_set.metadata.uid);
        };
        let label = |metadata: &mut ObjectMeta, hash: &str| {
            metadata.labels.insert(HASH_LABEL.into(), hash.to_owned());
        };
        let (what, object, why) = match write {
            Write::AdoptRevision(name) => {
                self.write_revision(&key(&name), |it| it.metadata.owner_references.push(owner));
                (What::Adopted, revision(&name), Why::SelectorMatches)
            }
            Write::ReleaseRevision(name) => {
                self.write_revision(&key(&name), |it| disown(&mut it.metadata));
                (What::Released, revision(&name), Why::SelectorMatchesNot)
            }
            Write::RelabelRevision(name) => {
                self.write_revision(&key(&name), |it| label(&mut it.metadata, &name));
                (What::Relabelled, revision(&name), Why::NoHashLabel)
            }
            Write::DeleteRevision(name) => {
                drop(self.delete(&revision(&name), &DeleteOptions::default()));
                (What::Removed, revision(&name), Why::SurplusRevision)
            }
            Write::RenumberRevision(name, number) => {
                self.write_revision(&key(&name), |it| it.revision = number);
                (
                    What::Renumbered { revision: number },
                    revision(&name),
                    Why::TemplateIsBack,
                )
            }
            Write::CreateRevision(mut new) => {
                let name = new.metadata.name.clone();
                let why = Why::NewTemplate {
                    revision: new.revision,
                };
                new.metadata.uid = self.rng.uuid().into();
                new.metadata.creation_timestamp = Some(self.timestamp());
                self.store
                    .controller_revisions
                    .insert(key(&name), Rc::new(*new));
                (What::Created, revision(&name), why)
            }
            Write::AdoptPod(name) => {
                self.write_pod(&key(&name), |it| it.metadata.owner_references.push(owner));
                (What::Adopted, pod(&name), Why::SelectorMatches)
            }
            Write::ReleasePod(name) => {
                self.write_pod(&key(&name), |it| disown(&mut it.metadata));
                (What::Released, pod(&name), Why::SelectorMatchesNot)
            }
            Write::RelabelPod(name) => {
                self.write_pod(&key(&name), |it| label(&mut it.metadata, hash));
                (What::Relabelled, pod(&name), Why::SurplusRevision)
            }
            Write::CreatePod {
                create: Create { node, reason },
                ends_batch,
            } => {
                let (pod_of, known_valid) = self.pod_for(daemon_set, hash, &node);
                let created = self.create_pod(pod_of, known_valid);
                self.batch_went_on(daemon_set, created.is_ok(), ends_batch);
                let name = match created {
                    Ok(key) => key.name,
                    Err(error) => return self.could_not_create(daemon_set, node, &error),
                };
                let message = format!("Created pod: {name}");
                self.record_on_daemon_set(
                    daemon_set,
                    EventType::Normal,
                    "SuccessfulCreate",
                    message,
                );
                (What::CreatedPod { node }, pod(&name), Why::Create(reason))
            }
            Write::DeletePod(Delete {
                pod: name,
                node,
                reason,
            }) => {
                if !self.store.pods.contains_key(&key(&name)) {
                    // Gone meanwhile, which is as good.
                    self.daemonset_controller
                        .observe_deletion(&key_of(&daemon_set.metadata));
                    return None;
                }
                self.delete_pod(&key(&name));
                let message = format!("Deleted pod: {name}");
                self.record_on_daemon_set(
                    daemon_set,
                    EventType::Normal,
                    "SuccessfulDelete",
                    message,
                );
                (What::DeletedPod { node }, pod(&name), Why::Delete(reason))
            }
            Write::Status(after) => {
                let key = key_of(&daemon_set.metadata);
                let before = Box::new(self.write_status(&key, (*after).clone())?);
                (
                    What::WroteStatus { before, after },
                    ObjectRef::daemon_set(&key),
                    Why::Counted,
                )
            }
        };
        self.did(Actor::DaemonSetController, what, object, why)
    }

    /// What the pods of the current template have in common, as long as it is current.
    fn pattern(&mut self, daemon_set: &DaemonSet, hash: &str) -> &Pattern {
        let key = key_of(&daemon_set.metadata);
        let sync = self.daemonset_controller.sets.get_mut(&key);
        let known = sync.and_then(|sync| sync.pattern.0.take());
        let known = known.filter(|it| it.is_of(daemon_set, hash));
        let pattern = known.unwrap_or_else(|| {
            // The API server finds nothing left to do then.
            Pattern::new(daemon_set, hash).prepared(|pod| {
                objects::default::pod(pod);
                drop(self.give_priority(pod));
            })
        });
        let sync = self.daemonset_controller.sets.entry(key).or_default();
        sync.pattern.0.insert(pattern)
    }

    /// The pod for a node, and whether it is known that such a pod breaks no rule.
    fn pod_for(&mut self, daemon_set: &DaemonSet, hash: &str, node: &Name) -> (Pod, bool) {
        let pod = self.pattern(daemon_set, hash).pod(node);
        let sync = self
            .daemonset_controller
            .sets
            .get(&key_of(&daemon_set.metadata));
        let known = sync.and_then(|it| it.valid.0.as_ref());
        (
            pod,
            known.is_some_and(|it| it.is_same(&daemon_set.spec.template)),
        )
    }

    /// A pod was created, or could not be: after a batch with a failure no other follows.
    fn batch_went_on(&mut self, daemon_set: &DaemonSet, created: bool, ends_batch: bool) {
        let key = key_of(&daemon_set.metadata);
        let Some(sync) = self.daemonset_controller.sets.get_mut(&key) else {
            return;
        };
        if created {
            sync.valid.0 = Some(daemon_set.spec.template.clone());
        } else {
            sync.expected_creates = (sync.expected_creates - 1).max(0);
            sync.batch_failed = true;
            sync.failed = true;
        }
        if ends_batch && sync.batch_failed {
            // The history is not cleaned up after a failure, either.
            let skipped = |it: &Write| matches!(it, Write::CreatePod { .. });
            let n_skipped = sync.writes.iter().filter(|it| skipped(it)).count();
            sync.writes
                .retain(|it| !skipped(it) && !matches!(it, Write::DeleteRevision(_)));
            let n_skipped = i64::try_from(n_skipped).unwrap_or(i64::MAX);
            sync.expected_creates = (sync.expected_creates - n_skipped).max(0);
        }
    }

    fn could_not_create(
        &mut self,
        daemon_set: &DaemonSet,
        node: Name,
        error: &ApiError,
    ) -> Option<Step> {
        let message = format!("Error creating: {error}");
        self.record_on_daemon_set(daemon_set, EventType::Warning, "FailedCreate", message);
        self.did(
            Actor::DaemonSetController,
            What::CouldNotCreatePod { node },
            ObjectRef::daemon_set(&key_of(&daemon_set.metadata)),
            Why::Refused(error.to_string()),
        )
    }

    fn record_on_daemon_set(
        &mut self,
        daemon_set: &DaemonSet,
        type_: EventType,
        reason: &str,
        message: String,
    ) {
        let key = key_of(&daemon_set.metadata);
        let uid = daemon_set.metadata.uid.clone();
        let about = About {
            kind: "DaemonSet",
            key: &key,
            uid: &uid,
            component: NAME,
            host: "",
        };
        self.record(&about, type_, reason, message);
    }
}
