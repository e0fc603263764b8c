//! What may be done to objects: create, replace, delete, and what the API server adds.

use std::{fmt, rc::Rc};

use objects::{
    DaemonSet, DaemonSetStatus, Effect, Name, Node, Object, ObjectMeta, Pod, Quantity, Taint,
    daemon_set::TEMPLATE_GENERATION,
    validate::{self, FieldError},
};
use serde_json::json;

use crate::{
    Cluster, Key, Kind, ObjectRef, What, due::Due, node_lifecycle::NOT_READY, store::key_of,
};

/// Why a request is refused, as the API server says it.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// There is no such object.
    NotFound { kind: Kind, name: Name },
    /// There is one of that name.
    AlreadyExists { kind: Kind, name: Name },
    /// The object breaks rules, each with its field.
    Invalid {
        kind: Kind,
        name: Name,
        errors: Vec<FieldError>,
    },
    /// There is no machine of that name to befall.
    NoMachine { node: Name },
}

impl ApiError {
    /// The machine-readable reason of the status that the API server answers with.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::NoMachine { .. } => "NotFound",
            Self::AlreadyExists { .. } => "AlreadyExists",
            Self::Invalid { .. } => "Invalid",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { kind, name } => write!(f, "{} {name:?} not found", kind.resource()),
            Self::AlreadyExists { kind, name } => {
                write!(f, "{} {name:?} already exists", kind.resource())
            }
            Self::Invalid { kind, name, errors } => {
                write!(f, "The {} {name:?} is invalid: ", kind.as_str())?;
                match &errors[..] {
                    [error] => write!(f, "{}: {}", error.field, error.message),
                    errors => errors
                        .iter()
                        .try_for_each(|error| write!(f, "\n* {}: {}", error.field, error.message)),
                }
            }
            Self::NoMachine { node } => write!(f, "there is no machine {node:?}"),
        }
    }
}

/// What the kubelet of an ordinary machine says it has.
fn default_machine() -> [(&'static str, Quantity); 3] {
    [
        ("cpu", Quantity::new("4")),
        ("memory", Quantity::new("16Gi")),
        ("pods", Quantity::new("110")),
    ]
}

impl Cluster {
    fn next_resource_version(&mut self) -> String {
        self.resource_version += 1;
        self.resource_version.to_string()
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
        Err(ApiError::Invalid {
            kind: reference.kind,
            name: reference.key.name.clone(),
            errors,
        })
    }

    pub(crate) fn create(&mut self, mut object: Object) -> Result<ObjectRef, ApiError> {
        object.default();
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
            Object::Pod(pod) => {
                self.create_pod(*pod);
            }
            Object::ControllerRevision(mut revision) => {
                self.admit_metadata(&mut revision.metadata);
                let key = key_of(&revision.metadata);
                self.store
                    .controller_revisions
                    .insert(key, Rc::new(*revision));
            }
            Object::Event(event) => {
                self.store
                    .events
                    .insert(key_of(&event.metadata), Rc::from(event));
            }
            Object::Other(value) => {
                self.store
                    .others
                    .insert(Object::Other(value.clone()).reference(), Rc::new(value));
            }
        }
        Ok(reference)
    }

    /// Stores a pod as the API server does a new one. The name of one made from a template is
    /// completed; the key is returned.
    ///
    /// Admission: `Priority`, `plugin/pkg/admission/priority/admission.go`, v1.34, for the two
    /// classes that every cluster has.
    pub(crate) fn create_pod(&mut self, mut pod: Pod) -> Key {
        if pod.metadata.name.is_empty() {
            let base: String = pod.metadata.generate_name.chars().take(58).collect();
            pod.metadata.name = loop {
                let name = Name::from(format!("{base}{}", self.rng.name_suffix()));
                let key = Key {
                    namespace: pod.metadata.namespace.clone(),
                    name: name.clone(),
                };
                if !self.store.pods.contains_key(&key) {
                    break name;
                }
            };
        }
        objects::default::pod(&mut pod);
        self.admit_metadata(&mut pod.metadata);
        pod.spec
            .priority
            .get_or_insert(match pod.spec.priority_class_name.as_str() {
                "system-node-critical" => 2_000_001_000,
                "system-cluster-critical" => 2_000_000_000,
                _ => 0,
            });
        pod.status = objects::pod::PodStatus::default();
        let key = key_of(&pod.metadata);
        let pod = Rc::new(pod);
        self.store.put_pod(pod.clone());
        self.pod_changed(None, Some(pod));
        key
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
                keep_server_fields(&mut new.metadata, &old.metadata);
                new.status = old.status.clone();
                Self::refuse_invalid(&Object::Node(Box::new(new.clone())), &reference)?;
                if new == *old {
                    return Ok(None);
                }
                self.write_node(&key.name, |node| *node = new);
            }
            Object::Pod(new) => {
                // Of a pod little more than its metadata may change.
                let old = self.store.pods.get(key).cloned().ok_or_else(not_found)?;
                let mut metadata = new.metadata.clone();
                keep_server_fields(&mut metadata, &old.metadata);
                if metadata == old.metadata {
                    return Ok(None);
                }
                self.write_pod(key, |pod| pod.metadata = metadata);
            }
            Object::ControllerRevision(_) | Object::Event(_) => return Ok(None),
            Object::Other(value) => {
                let name = Object::Other(value.clone()).reference();
                let value = Rc::new(value);
                if self.store.others.insert(name, value.clone()) == Some(value) {
                    return Ok(None);
                }
            }
        }
        Ok(Some(reference))
    }

    pub(crate) fn delete(
        &mut self,
        object: &ObjectRef,
        grace_period_seconds: Option<i64>,
    ) -> Result<(What, ObjectRef), ApiError> {
        if !self.has(object) {
            return Err(ApiError::NotFound {
                kind: object.kind,
                name: object.key.name.clone(),
            });
        }
        let key = &object.key;
        let what = match object.kind {
            Kind::Node => {
                self.remove_node(&key.name);
                What::Removed
            }
            Kind::DaemonSet => {
                if let Some(gone) = self.store.daemon_sets.remove(key) {
                    self.enqueue_daemon_set(key);
                    self.soon(Due::GarbageCollect {
                        owner: gone.metadata.uid.clone(),
                    });
                }
                What::Removed
            }
            Kind::Pod => {
                self.delete_pod(key, grace_period_seconds);
                if self.store.pods.contains_key(key) {
                    What::Deleted
                } else {
                    What::Removed
                }
            }
            Kind::ControllerRevision => {
                self.remove_revision(key);
                What::Removed
            }
            Kind::Event => {
                self.store.events.remove(key);
                What::Removed
            }
        };
        Ok((what, object.clone()))
    }

    /// Marks a pod to go, or removes it at once where no kubelet has to end it first.
    pub(crate) fn delete_pod(&mut self, key: &Key, grace_period_seconds: Option<i64>) {
        let Some(pod) = self.store.pods.get(key) else {
            return;
        };
        let own = pod.spec.termination_grace_period_seconds.unwrap_or(30);
        let grace = grace_period_seconds.unwrap_or(own).max(0);
        if pod.spec.node_name.is_empty() || pod.is_terminal() || grace == 0 {
            return self.remove_pod(key);
        }
        if pod.metadata.is_being_deleted() {
            return;
        }
        let at = objects::Timestamp(self.timestamp().0 + grace);
        self.write_pod(key, |pod| {
            pod.metadata.deletion_timestamp = Some(at);
            pod.metadata.deletion_grace_period_seconds = Some(grace);
        });
    }

    pub(crate) fn remove_pod(&mut self, key: &Key) {
        if let Some(pod) = self.store.take_pod(key) {
            self.pod_changed(Some(pod), None);
        }
    }

    pub(crate) fn remove_revision(&mut self, key: &Key) {
        if let Some(revision) = self.store.controller_revisions.remove(key) {
            self.enqueue_owner(&revision.metadata);
        }
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
    pub(crate) fn write_status(&mut self, key: &Key, status: DaemonSetStatus) {
        let resource_version = self.next_resource_version();
        if let Some(daemon_set) = self.store.daemon_sets.get_mut(key) {
            let daemon_set = Rc::make_mut(daemon_set);
            daemon_set.status = status;
            daemon_set.metadata.resource_version = resource_version;
            self.enqueue_daemon_set(key);
        }
    }

    pub(crate) fn seed_object(&mut self, mut object: Object) -> Result<(), ApiError> {
        object.default();
        let reference = reference(&object);
        Self::refuse_invalid(&object, &reference)?;
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
                pod.spec.priority.get_or_insert(0);
                let pod = Rc::from(pod);
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
    pub(crate) fn describe_machine(node: &mut Node) {
        let name = node.metadata.name.to_string();
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
        for (resource, amount) in default_machine() {
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
        status.rest.entry("nodeInfo").or_insert_with(|| {
            json!({ "kubeletVersion": "v1.34.0", "operatingSystem": "linux", "architecture": "amd64" })
        });
    }
}

/// What an update through the main endpoint leaves as it was, and what it raises.
///
/// Models `daemonSetStrategy.PrepareForUpdate`, `pkg/registry/apps/daemonset/strategy.go`, v1.34.
fn updated_daemon_set(mut new: DaemonSet, old: &DaemonSet) -> DaemonSet {
    keep_server_fields(&mut new.metadata, &old.metadata);
    new.status = old.status.clone();
    let template_changed = new.spec.template != old.spec.template;
    let generation = old.template_generation().unwrap_or(0) + i64::from(template_changed);
    new.metadata
        .annotations
        .insert(TEMPLATE_GENERATION.into(), generation.to_string());
    if !template_changed {
        // Shared again, so that pods and revisions are compared quickly.
        new.spec.template = old.spec.template.clone();
    }
    if new.spec != old.spec {
        new.metadata.generation += 1;
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
    if new.owner_references.is_empty() {
        new.owner_references = old.owner_references.clone();
    }
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
        // No rule reads it; it is told apart by the whole of its name.
        Object::Other(_) => ObjectRef {
            kind: Kind::Event,
            key: Key::new("", &object.reference()),
        },
    }
}
