//! What may be done to objects: create, replace, delete, evict, and what the API server adds.

mod admission;
pub(crate) mod deletion;
mod error;
mod eviction;

pub use error::ApiError;

use std::rc::Rc;

use admission::{keep_priority, tolerate_lost_nodes};
use objects::{
    ControllerRevision, DaemonSet, DaemonSetStatus, Effect, Name, Node, Object, ObjectMeta, Pod,
    Quantity, Taint,
    daemon_set::TEMPLATE_GENERATION,
    validate::{self, FieldError},
};
use serde_json::{Value, json};

use crate::{
    Cluster, Key, Kind, ObjectRef, kubelet,
    node_lifecycle::NOT_READY,
    store::{key_of, other_name},
};

impl Cluster {
    fn next_resource_version(&mut self) -> Name {
        self.resource_version += 1;
        self.resource_version.to_string().into()
    }

    fn admit_metadata(&mut self, metadata: &mut ObjectMeta) {
        metadata.uid = self.rng.uuid().into();
        metadata.creation_timestamp = Some(self.timestamp());
        metadata.resource_version = self.next_resource_version();
        metadata.deletion_timestamp = None;
        metadata.deletion_grace_period_seconds = None;
    }

    fn refuse_invalid(object: &Object, reference: &ObjectRef) -> Result<(), ApiError> {
        let errors = validate::object(object);
        if errors.is_empty() {
            return Ok(());
        }
        let name = match &*reference.key.name {
            // `KIND/NAMESPACE/NAME`.
            name if reference.kind == Kind::Other => name.rsplit('/').next().unwrap_or(name).into(),
            name => name.into(),
        };
        let kind = reference.kind;
        Err(ApiError::Invalid { kind, name, errors })
    }

    pub(crate) fn create(&mut self, mut object: Object) -> Result<ObjectRef, ApiError> {
        object.default();
        self.complete_name(&mut object);
        let reference = reference(&object);
        Self::refuse_invalid(&object, &reference)?;
        if self.has(&reference) {
            let (kind, name) = (reference.kind, reference.key.name.clone());
            return Err(ApiError::AlreadyExists { kind, name });
        }
        match object {
            Object::Node(mut node) => {
                self.admit_metadata(&mut node.metadata);
                let not_ready = Taint::new(NOT_READY, Effect::NoSchedule);
                if !node
                    .spec
                    .taints
                    .iter()
                    .any(|taint| taint.same_key_and_effect(&not_ready))
                {
                    node.spec.taints.push(not_ready);
                }
                self.join_node(*node);
            }
            Object::DaemonSet(mut daemon_set) => {
                self.admit_metadata(&mut daemon_set.metadata);
                daemon_set.metadata.generation = 1;
                daemon_set
                    .metadata
                    .annotations
                    .insert(TEMPLATE_GENERATION.into(), "1".into());
                daemon_set.status = DaemonSetStatus::default();
                self.put_daemon_set(*daemon_set);
            }
            Object::Pod(pod) => drop(self.create_pod(*pod, true)?),
            Object::ControllerRevision(mut revision) => {
                self.admit_metadata(&mut revision.metadata);
                self.put_revision(*revision);
            }
            Object::Event(event) => {
                self.store
                    .events
                    .insert(key_of(&event.metadata), Rc::from(event));
            }
            Object::Other(mut value) => {
                let (uid, now) = (self.rng.uuid(), self.timestamp().to_string());
                if let Some(metadata) = value["metadata"].as_object_mut() {
                    metadata.entry("uid").or_insert(Value::from(uid));
                    metadata
                        .entry("creationTimestamp")
                        .or_insert(Value::from(now));
                }
                self.store.put_other(value);
            }
        }
        Ok(reference)
    }

    /// Gives a name to an object that says only how it is to begin.
    fn complete_name(&mut self, object: &mut Object) {
        while let Some(metadata) = object.metadata_mut()
            && metadata.name.is_empty()
            && !metadata.generate_name.is_empty()
        {
            metadata.name = generated_name(&metadata.generate_name, self.rng.name_suffix());
            if self.has(&reference(object))
                && let Some(metadata) = object.metadata_mut()
            {
                metadata.name = Name::default();
            }
        }
    }

    /// Stores a pod as the API server does a new one. The name of one made from a template is
    /// completed; the key is returned.
    ///
    /// # Errors
    /// If the pod breaks a rule, unless it is known that it does not and lacks no default; or if its priority class
    /// does not exist.
    pub(crate) fn create_pod(&mut self, mut pod: Pod, known_valid: bool) -> Result<Key, ApiError> {
        if !known_valid {
            objects::default::pod(&mut pod);
        }
        tolerate_lost_nodes(&mut pod, &self.timing);
        self.give_priority(&mut pod)?;
        if pod.metadata.name.is_empty() {
            pod.metadata.name = loop {
                let suffix = self.rng.name_suffix();
                let name = generated_name(&pod.metadata.generate_name, suffix);
                let key = Key {
                    namespace: pod.metadata.namespace.clone(),
                    name: name.clone(),
                };
                if !self.store.pods.contains_key(&key) {
                    break name;
                }
            };
        }
        if !known_valid {
            let errors = validate::pod(&pod);
            if !errors.is_empty() {
                let (kind, name) = (Kind::Pod, pod.metadata.name.clone());
                return Err(ApiError::Invalid { kind, name, errors });
            }
        }
        self.admit_metadata(&mut pod.metadata);
        pod.metadata.generation = i64::from(self.version.pods_have_generation());
        pod.status = objects::pod::PodStatus::default();
        let key = key_of(&pod.metadata);
        let pod = Rc::new(pod);
        self.store.put_pod(pod.clone());
        self.pod_changed(None, Some(Rc::clone(&pod)));
        self.check_owners(&pod.metadata);
        Ok(key)
    }

    /// Stores a revision, and tells those who watch.
    fn put_revision(&mut self, revision: ControllerRevision) {
        let metadata = revision.metadata.clone();
        let key = key_of(&metadata);
        self.store
            .controller_revisions
            .insert(key, Rc::new(revision));
        self.enqueue_owner(&metadata);
        self.check_owners(&metadata);
    }

    fn put_daemon_set(&mut self, daemon_set: DaemonSet) {
        let key = key_of(&daemon_set.metadata);
        self.store
            .daemon_sets
            .insert(key.clone(), Rc::new(daemon_set));
        self.enqueue_daemon_set(&key);
    }

    pub(crate) fn replace(&mut self, mut object: Object) -> Result<Option<ObjectRef>, ApiError> {
        object.default();
        let reference = reference(&object);
        let key = &reference.key;
        let not_found = || ApiError::NotFound {
            kind: reference.kind,
            name: key.name.clone(),
        };
        match object {
            Object::DaemonSet(new) => {
                let old = self
                    .store
                    .daemon_sets
                    .get(key)
                    .cloned()
                    .ok_or_else(not_found)?;
                self.refuse_stale(&reference, &new.metadata)?;
                let new = updated_daemon_set(*new, &old);
                let errors = validate::daemon_set_update(&new, &old);
                if !errors.is_empty() {
                    let (kind, name) = (reference.kind, key.name.clone());
                    return Err(ApiError::Invalid { kind, name, errors });
                }
                if new == *old {
                    return Ok(None);
                }
                let mut new = new;
                new.metadata.resource_version = self.next_resource_version();
                self.put_daemon_set(new);
            }
            Object::Node(new) => {
                let old = self
                    .store
                    .nodes
                    .get(&key.name)
                    .cloned()
                    .ok_or_else(not_found)?;
                let mut new = *new;
                self.refuse_stale(&reference, &new.metadata)?;
                keep_server_fields(&mut new.metadata, &old.metadata);
                new.status = old.status.clone();
                Self::refuse_invalid(&Object::Node(Box::new(new.clone())), &reference)?;
                if new == *old {
                    return Ok(None);
                }
                self.write_node(&key.name, |node| *node = new);
            }
            Object::Pod(new) => {
                let old = self.store.pods.get(key).cloned().ok_or_else(not_found)?;
                self.refuse_stale(&reference, &new.metadata)?;
                let mut new = *new;
                tolerate_lost_nodes(&mut new, &self.timing);
                keep_priority(&mut new, &old);
                let new = updated_pod(new, &old)?;
                if new == *old {
                    return Ok(None);
                }
                self.write_pod(key, |pod| *pod = new);
            }
            Object::ControllerRevision(new) => {
                let old = self.store.controller_revisions.get(key);
                let old = old.cloned().ok_or_else(not_found)?;
                self.refuse_stale(&reference, &new.metadata)?;
                let mut new = *new;
                keep_server_fields(&mut new.metadata, &old.metadata);
                if new == *old {
                    return Ok(None);
                }
                self.write_revision(key, |revision| *revision = new);
            }
            Object::Event(_) => return Ok(None),
            Object::Other(value) => {
                let old = self.store.others.get(&*key.name).ok_or_else(not_found)?;
                if **old == value {
                    return Ok(None);
                }
                self.store.put_other(value);
            }
        }
        self.remove_if_finished(&reference);
        Ok(Some(reference))
    }

    /// Refuses an object that was read before somebody else changed it.
    fn refuse_stale(&self, object: &ObjectRef, new: &ObjectMeta) -> Result<(), ApiError> {
        let version = &new.resource_version;
        match self.metadata(object) {
            Some(old) if !version.is_empty() && *version != old.resource_version => {
                let (kind, name) = (object.kind, object.key.name.clone());
                Err(ApiError::Conflict { kind, name })
            }
            _ => Ok(()),
        }
    }

    /// The metadata of an object of a kind that rules read.
    pub(crate) fn metadata(&self, object: &ObjectRef) -> Option<&ObjectMeta> {
        let (store, key) = (&self.store, &object.key);
        Some(match object.kind {
            Kind::Node => &store.nodes.get(&key.name)?.metadata,
            Kind::DaemonSet => &store.daemon_sets.get(key)?.metadata,
            Kind::Pod => &store.pods.get(key)?.metadata,
            Kind::ControllerRevision => &store.controller_revisions.get(key)?.metadata,
            Kind::Event | Kind::Other => return None,
        })
    }

    /// Changes the metadata of an object, and tells those who watch.
    pub(crate) fn write_metadata(
        &mut self,
        object: &ObjectRef,
        change: impl FnOnce(&mut ObjectMeta),
    ) {
        let key = &object.key;
        match object.kind {
            Kind::Node => self.write_node(&key.name, |node| change(&mut node.metadata)),
            Kind::DaemonSet => self.write_daemon_set(key, |it| change(&mut it.metadata)),
            Kind::Pod => self.write_pod(key, |pod| change(&mut pod.metadata)),
            Kind::ControllerRevision => self.write_revision(key, |it| change(&mut it.metadata)),
            Kind::Event | Kind::Other => {}
        }
    }

    /// Changes a DaemonSet, and tells those who watch.
    fn write_daemon_set(&mut self, key: &Key, change: impl FnOnce(&mut DaemonSet)) {
        let Some(mut daemon_set) = self.store.daemon_sets.get(key).map(|it| (**it).clone()) else {
            return;
        };
        change(&mut daemon_set);
        daemon_set.metadata.resource_version = self.next_resource_version();
        self.put_daemon_set(daemon_set);
    }

    /// Changes a revision, and tells those who watch.
    pub(crate) fn write_revision(
        &mut self,
        key: &Key,
        change: impl FnOnce(&mut ControllerRevision),
    ) {
        let Some(before) = self.store.controller_revisions.get(key) else {
            return;
        };
        let before = Rc::clone(before);
        let mut revision = (*before).clone();
        change(&mut revision);
        revision.metadata.resource_version = self.next_resource_version();
        let owner = revision.metadata.clone();
        self.store
            .controller_revisions
            .insert(key.clone(), Rc::new(revision));
        self.enqueue_owner(&owner);
        self.enqueue_owner(&before.metadata);
    }

    /// Changes a pod, and tells those who watch.
    pub(crate) fn write_pod(&mut self, key: &Key, change: impl FnOnce(&mut Pod)) {
        let Some(before) = self.store.pods.get(key).cloned() else {
            return;
        };
        let mut pod = (*before).clone();
        change(&mut pod);
        if pod == *before {
            return;
        }
        pod.metadata.resource_version = self.next_resource_version();
        let after = Rc::new(pod);
        self.store.put_pod(after.clone());
        self.pod_changed(Some(before), Some(after));
    }

    /// Changes a node, and tells those who watch.
    pub(crate) fn write_node(&mut self, name: &Name, change: impl FnOnce(&mut Node)) {
        let Some(before) = self.store.nodes.get(name).cloned() else {
            return;
        };
        let mut node = (*before).clone();
        change(&mut node);
        if node == *before {
            return;
        }
        node.metadata.resource_version = self.next_resource_version();
        let after = Rc::new(node);
        self.store.nodes.insert(name.clone(), after.clone());
        self.node_changed(name, Some(&before), Some(&after));
    }

    /// Writes a DaemonSet's status, through the subresource that leaves its spec alone.
    /// The one before, if it was another.
    pub(crate) fn write_status(
        &mut self,
        key: &Key,
        status: DaemonSetStatus,
    ) -> Option<DaemonSetStatus> {
        let resource_version = self.next_resource_version();
        let daemon_set = self.store.daemon_sets.get_mut(key)?;
        if daemon_set.status == status {
            // Nobody is told of a write that changes nothing.
            return None;
        }
        let daemon_set = Rc::make_mut(daemon_set);
        daemon_set.metadata.resource_version = resource_version;
        let before = std::mem::replace(&mut daemon_set.status, status);
        self.enqueue_daemon_set(key);
        Some(before)
    }

    pub(crate) fn seed_object(&mut self, mut object: Object) -> Result<(), ApiError> {
        object.default();
        let reference = reference(&object);
        Self::refuse_invalid(&object, &reference)?;
        match &object {
            Object::Node(node) => self.begin_after(node.latest()),
            Object::Pod(pod) => self.begin_after(pod.latest()),
            _ => {}
        }
        match object {
            Object::Node(mut node) => {
                self.seed_metadata(&mut node.metadata);
                self.seed_node(*node);
            }
            Object::DaemonSet(mut daemon_set) => {
                self.seed_metadata(&mut daemon_set.metadata);
                let metadata = &mut daemon_set.metadata;
                metadata.generation = metadata.generation.max(1);
                metadata
                    .annotations
                    .entry(TEMPLATE_GENERATION.into())
                    .or_insert("1".into());
                self.put_daemon_set(*daemon_set);
            }
            Object::Pod(mut pod) => {
                self.seed_metadata(&mut pod.metadata);
                if pod.spec.priority.is_none() && self.give_priority(&mut pod).is_err() {
                    pod.spec.priority = Some(0);
                }
                kubelet::status::seeded(&mut pod, self.timestamp());
                let pod = Rc::from(pod);
                self.knew_pod(&pod);
                self.store.put_pod(Rc::clone(&pod));
                self.pod_changed(None, Some(pod));
            }
            other => {
                self.create(other)?;
            }
        }
        Ok(())
    }

    fn seed_metadata(&mut self, metadata: &mut ObjectMeta) {
        if metadata.uid.is_empty() {
            metadata.uid = self.rng.uuid().into();
        }
        if metadata.creation_timestamp.is_none() {
            metadata.creation_timestamp = Some(self.timestamp());
        }
        metadata.resource_version = self.next_resource_version();
    }

    /// Fills in what a kubelet reports of its machine, where nobody has said otherwise.
    pub(crate) fn describe_machine(&self, node: &mut Node) {
        let name = node.metadata.name.to_string();
        let address = self.kubelets.get(&*name).map(|it| it.host_ip());
        let labels = &mut node.metadata.labels;
        for (key, value) in [
            ("hostname", name.as_str()),
            ("os", "linux"),
            ("arch", "amd64"),
        ] {
            labels
                .entry(format!("kubernetes.io/{key}"))
                .or_insert_with(|| value.to_owned());
        }
        let status = &mut node.status;
        // A machine has at least what its pods may have.
        for (resource, amount) in status.allocatable.clone() {
            status.capacity.entry(resource).or_insert(amount);
        }
        for (resource, amount) in [
            ("cpu", Quantity::new("4")),
            ("memory", Quantity::new("16Gi")),
            ("pods", Quantity::new(&self.timing.max_pods.to_string())),
        ] {
            status
                .capacity
                .entry(resource.into())
                .or_insert_with(|| amount.clone());
            let capacity = status.capacity[resource].clone();
            status
                .allocatable
                .entry(resource.into())
                .or_insert(capacity);
        }
        if let Some(address) = address {
            status.rest.entry("addresses").or_insert_with(|| {
                json!([
                    { "type": "InternalIP", "address": address },
                    { "type": "Hostname", "address": name },
                ])
            });
        }
        status.rest.entry("nodeInfo").or_insert_with(|| {
            json!({ "kubeletVersion": self.version.release(), "operatingSystem": "linux", "architecture": "amd64" })
        });
    }
}

/// Models `SimpleNameGenerator`, apiserver `pkg/storage/names/generate.go`, v1.34.
fn generated_name(base: &str, suffix: String) -> Name {
    let base: String = base.chars().take(58).collect();
    Name::from(base + &suffix)
}

/// What an update through the main endpoint leaves as it was, and what it raises.
///
/// Models `daemonSetStrategy.PrepareForUpdate`, `pkg/registry/apps/daemonset/strategy.go`, v1.34.
fn updated_daemon_set(mut new: DaemonSet, old: &DaemonSet) -> DaemonSet {
    keep_server_fields(&mut new.metadata, &old.metadata);
    new.status = old.status.clone();
    let template_changed = new.spec.template != old.spec.template;
    let generation = old.template_generation().unwrap_or(0);
    let generation = generation.saturating_add(i64::from(template_changed));
    new.metadata
        .annotations
        .insert(TEMPLATE_GENERATION.into(), generation.to_string());
    if !template_changed {
        // Shared again, so that pods and revisions are compared quickly.
        new.spec.template = old.spec.template.clone();
    }
    if new.spec != old.spec {
        new.metadata.generation = new.metadata.generation.saturating_add(1);
    }
    new
}

fn keep_server_fields(new: &mut ObjectMeta, old: &ObjectMeta) {
    new.uid = old.uid.clone();
    new.creation_timestamp = old.creation_timestamp;
    new.deletion_timestamp = old.deletion_timestamp;
    new.deletion_grace_period_seconds = old.deletion_grace_period_seconds;
    new.generation = old.generation;
    new.resource_version = old.resource_version.clone();
}

/// What may change of a pod that is there: its metadata, and its images.
///
/// Models `ValidatePodUpdate`, `pkg/apis/core/validation/validation.go`, v1.34, but for
/// `activeDeadlineSeconds` and added tolerations.
fn updated_pod(mut new: Pod, old: &Pod) -> Result<Pod, ApiError> {
    keep_server_fields(&mut new.metadata, &old.metadata);
    new.status = old.status.clone();
    let mut allowed = old.spec.clone();
    let pairs = [
        (&mut allowed.containers, &new.spec.containers),
        (&mut allowed.init_containers, &new.spec.init_containers),
    ];
    for (allowed, new) in pairs {
        if **allowed != **new {
            for (allowed, new) in allowed.iter_mut().zip(&**new) {
                allowed.image.clone_from(&new.image);
            }
        }
    }
    if new.spec != allowed {
        let message = "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        let error = FieldError {
            field: objects::FieldPath::of("spec"),
            message: message.into(),
        };
        return Err(ApiError::Invalid {
            kind: Kind::Pod,
            name: new.metadata.name,
            errors: vec![error],
        });
    }
    Ok(new)
}

/// Which object this is.
pub fn reference(object: &Object) -> ObjectRef {
    match object {
        Object::Node(it) => ObjectRef::node(&it.metadata.name),
        Object::DaemonSet(it) => ObjectRef::daemon_set(&key_of(&it.metadata)),
        Object::Pod(it) => ObjectRef::pod(&key_of(&it.metadata)),
        Object::ControllerRevision(it) => ObjectRef::revision(&key_of(&it.metadata)),
        Object::Event(it) => ObjectRef {
            kind: Kind::Event,
            key: key_of(&it.metadata),
        },
        Object::Other(value) => ObjectRef {
            kind: Kind::Other,
            key: Key::new("", &other_name(value)),
        },
    }
}
