//! Objects as the cluster has them, of whatever kind.

use std::rc::Rc;

use cluster::{Cluster, Key, Kind, ObjectRef, api_server::reference};
use objects::{
    ControllerRevision, DaemonSet, Event, Field, Labels, Node, Object, ObjectMeta, Pod, Timestamp,
    time::parse_rfc3339,
};
use serde_json::{Map, Value, json};

use crate::{namespaces, resource::Resource};

/// An object that is there.
#[derive(Clone, Debug)]
pub(crate) enum Live {
    Node(Rc<Node>),
    DaemonSet(Rc<DaemonSet>),
    Pod(Rc<Pod>),
    ControllerRevision(Rc<ControllerRevision>),
    Event(Rc<Event>),
    Other(Rc<Value>),
}

impl Live {
    pub(crate) fn get(cluster: &Cluster, object: &ObjectRef) -> Option<Self> {
        let (store, key) = (cluster.store(), &object.key);
        Some(match object.kind {
            Kind::Node => Self::Node(Rc::clone(store.nodes.get(&key.name)?)),
            Kind::DaemonSet => Self::DaemonSet(Rc::clone(store.daemon_sets.get(key)?)),
            Kind::Pod => Self::Pod(Rc::clone(store.pods.get(key)?)),
            Kind::ControllerRevision => {
                Self::ControllerRevision(Rc::clone(store.controller_revisions.get(key)?))
            }
            Kind::Event => Self::Event(Rc::clone(store.events.get(key)?)),
            Kind::Other => match namespaces::named(cluster, &key.name) {
                Some(namespace) => Self::Other(Rc::new(namespace)),
                None => Self::Other(Rc::clone(store.others.get(&*key.name)?)),
            },
        })
    }

    pub(crate) fn of(object: Object) -> Self {
        match object {
            Object::Node(it) => Self::Node(Rc::new(*it)),
            Object::DaemonSet(it) => Self::DaemonSet(Rc::new(*it)),
            Object::Pod(it) => Self::Pod(Rc::new(*it)),
            Object::ControllerRevision(it) => Self::ControllerRevision(Rc::new(*it)),
            Object::Event(it) => Self::Event(Rc::new(*it)),
            Object::Other(it) => Self::Other(Rc::new(it)),
        }
    }

    /// All objects of a kind, of one namespace or of all.
    pub(crate) fn list(
        cluster: &Cluster,
        resource: &Resource,
        namespace: Option<&str>,
    ) -> Vec<Self> {
        let store = cluster.store();
        let namespace = namespace.filter(|_| resource.namespaced);
        let is_here = |live: &Self| namespace.is_none_or(|it| live.namespace() == it);
        let all: Vec<Self> = match resource.store_kind() {
            Kind::Node => store.nodes.values().cloned().map(Self::Node).collect(),
            Kind::DaemonSet => {
                let all = store.daemon_sets.values().cloned();
                all.map(Self::DaemonSet).collect()
            }
            Kind::Pod => store.pods.values().cloned().map(Self::Pod).collect(),
            Kind::ControllerRevision => {
                let all = store.controller_revisions.values().cloned();
                all.map(Self::ControllerRevision).collect()
            }
            Kind::Event => store.events.values().cloned().map(Self::Event).collect(),
            Kind::Other if resource.kind == "Namespace" => {
                let all = namespaces::all(cluster).into_values();
                all.map(|it| Self::Other(Rc::new(it))).collect()
            }
            Kind::Other => {
                let all = store.others_of(&resource.kind).cloned();
                all.map(|it| Self::Other(Rc::new(it))).collect()
            }
        };
        all.into_iter().filter(is_here).collect()
    }

    fn metadata(&self) -> Option<&ObjectMeta> {
        Some(match self {
            Self::Node(it) => &it.metadata,
            Self::DaemonSet(it) => &it.metadata,
            Self::Pod(it) => &it.metadata,
            Self::ControllerRevision(it) => &it.metadata,
            Self::Event(it) => &it.metadata,
            Self::Other(_) => return None,
        })
    }

    fn metadata_text(&self, field: &str) -> &str {
        match self {
            Self::Other(value) => value["metadata"][field].as_str().unwrap_or_default(),
            _ => "",
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self.metadata() {
            Some(metadata) => &metadata.name,
            None => self.metadata_text("name"),
        }
    }

    pub(crate) fn namespace(&self) -> &str {
        match self.metadata() {
            Some(metadata) => &metadata.namespace,
            None => self.metadata_text("namespace"),
        }
    }

    pub(crate) fn is_being_deleted(&self) -> bool {
        match self.metadata() {
            Some(metadata) => metadata.is_being_deleted(),
            None => !self.metadata_text("deletionTimestamp").is_empty(),
        }
    }

    pub(crate) fn uid(&self) -> &str {
        match self.metadata() {
            Some(metadata) => &metadata.uid,
            None => self.metadata_text("uid"),
        }
    }

    pub(crate) fn resource_version(&self) -> &str {
        match self.metadata() {
            Some(metadata) => &metadata.resource_version,
            None => self.metadata_text("resourceVersion"),
        }
    }

    pub(crate) fn labels(&self) -> Labels {
        match self.metadata() {
            Some(metadata) => (*metadata.labels).clone(),
            None => self.texts("labels"),
        }
    }

    pub(crate) fn annotations(&self) -> Labels {
        match self.metadata() {
            Some(metadata) => (*metadata.annotations).clone(),
            None => self.texts("annotations"),
        }
    }

    fn texts(&self, field: &str) -> Labels {
        match self {
            Self::Other(value) => {
                Labels::read(value["metadata"][field].clone()).unwrap_or_default()
            }
            _ => Labels::new(),
        }
    }

    pub(crate) fn created(&self) -> Option<Timestamp> {
        match self.metadata() {
            Some(metadata) => metadata.creation_timestamp,
            None => parse_rfc3339(self.metadata_text("creationTimestamp"))
                .map(Timestamp::from_unix_millis),
        }
    }

    pub(crate) fn reference(&self) -> ObjectRef {
        let kind = match self {
            Self::Node(_) => Kind::Node,
            Self::DaemonSet(_) => Kind::DaemonSet,
            Self::Pod(_) => Kind::Pod,
            Self::ControllerRevision(_) => Kind::ControllerRevision,
            Self::Event(_) => Kind::Event,
            Self::Other(value) => return reference(&Object::Other((**value).clone())),
        };
        ObjectRef {
            kind,
            key: Key::new(self.namespace(), self.name()),
        }
    }

    pub(crate) fn object(&self) -> Object {
        match self {
            Self::Node(it) => Object::Node(Box::new((**it).clone())),
            Self::DaemonSet(it) => Object::DaemonSet(Box::new((**it).clone())),
            Self::Pod(it) => Object::Pod(Box::new((**it).clone())),
            Self::ControllerRevision(it) => Object::ControllerRevision(Box::new((**it).clone())),
            Self::Event(it) => Object::Event(Box::new((**it).clone())),
            Self::Other(it) => Object::Other((**it).clone()),
        }
    }

    /// With version and kind, which the store goes without.
    pub(crate) fn with_kind(&self) -> Value {
        let (mut value, version, kind) = match self {
            Self::Node(it) => (it.write(), "v1", "Node"),
            Self::DaemonSet(it) => (it.write(), "apps/v1", "DaemonSet"),
            Self::Pod(it) => (it.write(), "v1", "Pod"),
            Self::ControllerRevision(it) => (it.write(), "apps/v1", "ControllerRevision"),
            Self::Event(it) => (it.write(), "v1", "Event"),
            Self::Other(it) => return (**it).clone(),
        };
        if let Value::Object(fields) = &mut value {
            fields.insert("apiVersion".to_owned(), version.into());
            fields.insert("kind".to_owned(), kind.into());
        }
        value
    }

    /// As the API gives it.
    pub(crate) fn value(&self) -> Value {
        let mut value = self.with_kind();
        if let Self::Other(_) = self {
            return value;
        }
        if let Value::Object(fields) = &mut value {
            self.put_required(fields);
        }
        for spec in ["/spec", "/spec/template/spec"] {
            value.pointer_mut(spec).map(omit_empty);
        }
        value
    }

    /// What the API always gives, though there is nothing to say.
    fn put_required(&self, fields: &mut Map<String, Value>) {
        match self {
            Self::DaemonSet(_) => drop(fields.entry("status").or_insert_with(|| {
                json!({
                    "currentNumberScheduled": 0,
                    "desiredNumberScheduled": 0,
                    "numberMisscheduled": 0,
                    "numberReady": 0,
                })
            })),
            Self::Node(_) => drop(fields.entry("spec").or_insert_with(|| json!({}))),
            _ => {}
        }
    }

    /// The object with other labels, or other annotations.
    pub(crate) fn with_texts(&self, field: &str, texts: Labels) -> Object {
        let mut object = self.object();
        if let Object::Other(value) = &mut object {
            if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
                put_texts(metadata, field, &texts);
            }
            return object;
        }
        let Some(metadata) = object.metadata_mut() else {
            return object;
        };
        match field {
            "labels" => metadata.labels = texts.into(),
            _ => metadata.annotations = texts.into(),
        }
        object
    }
}

/// Takes out of the specification of pods what the API leaves out where it is empty, though the
/// manifest said so.
///
/// Models `omitempty` of api `core/v1/types.go`, v1.34.
fn omit_empty(spec: &mut Value) {
    let without_lists = |value: &mut Value| {
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|_, it| it.as_array().is_none_or(|it| !it.is_empty()));
        }
    };
    for list in ["containers", "initContainers"] {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            without_lists(container);
            let variables = container.get_mut("env").and_then(Value::as_array_mut);
            for variable in variables.into_iter().flatten() {
                if variable["value"] == "" {
                    variable.as_object_mut().map(|it| it.remove("value"));
                }
            }
        }
    }
    without_lists(spec);
}

fn put_texts(metadata: &mut Map<String, Value>, field: &str, texts: &Labels) {
    match texts.is_empty() {
        true => drop(metadata.remove(field)),
        false => drop(metadata.insert(field.to_owned(), json!(texts))),
    }
}

/// The kind of an object that is no rule's.
pub(crate) fn of_value(value: &Value, cluster: &Cluster) -> Resource {
    let text = |field: &str| value[field].as_str().unwrap_or_default();
    Resource::of(text("apiVersion"), text("kind"), cluster)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::omit_empty;

    #[test]
    fn what_is_empty_is_left_out() {
        let mut spec = json!({
            "containers": [{ "name": "c", "args": [], "env": [{ "name": "A", "value": "" }] }],
            "volumes": [],
            "securityContext": {},
        });
        omit_empty(&mut spec);
        let want = json!({
            "containers": [{ "name": "c", "env": [{ "name": "A" }] }],
            "securityContext": {},
        });
        assert_eq!(spec, want);
    }
}
