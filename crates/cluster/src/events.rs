//! Events as objects: written, and counted when they repeat.

use std::rc::Rc;

use objects::{
    Event, EventType, Name, ObjectMeta,
    event::{EventSource, ObjectReference},
};

use crate::{Cluster, Key, store::key_of};

/// About what, and who says so.
pub(crate) struct About<'a> {
    pub(crate) kind: &'a str,
    pub(crate) key: &'a Key,
    pub(crate) uid: &'a Name,
    pub(crate) component: &'a str,
    /// The node a kubelet speaks from.
    pub(crate) host: &'a str,
}

impl Cluster {
    /// Writes an Event, or counts one up that says the same of the same object.
    ///
    /// Models `EventCorrelator`, client-go `tools/record/events_cache.go`, v1.34, as far as equal
    /// events go; similar ones are not combined, none is dropped.
    pub(crate) fn record(
        &mut self,
        about: &About<'_>,
        type_: EventType,
        reason: &str,
        message: String,
    ) {
        let now = self.timestamp();
        let namespace = if about.key.namespace.is_empty() {
            "default"
        } else {
            &about.key.namespace
        };
        // One name for one message about one object: what repeats is found under it.
        let said = format!(
            "{}\u{0}{}\u{0}{reason}\u{0}{message}",
            about.uid, about.component
        );
        let mut fnv = 0xcbf2_9ce4_8422_2325_u64;
        for byte in said.bytes() {
            fnv = (fnv ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let name = format!("{}.{fnv:016x}", about.key.name);
        let key = Key::new(namespace, &name);
        if let Some(event) = self.store.events.get_mut(&key) {
            let event = Rc::make_mut(event);
            event.count += 1;
            event.last_timestamp = Some(now);
            return;
        }
        let event = Event {
            count: 1,
            first_timestamp: Some(now),
            involved_object: ObjectReference {
                kind: about.kind.into(),
                name: about.key.name.clone(),
                namespace: about.key.namespace.clone(),
                uid: about.uid.clone(),
                ..ObjectReference::default()
            },
            last_timestamp: Some(now),
            message,
            metadata: ObjectMeta {
                creation_timestamp: Some(now),
                name: key.name.clone(),
                namespace: key.namespace.clone(),
                ..ObjectMeta::default()
            },
            reason: reason.into(),
            source: EventSource {
                component: about.component.into(),
                host: about.host.into(),
                ..EventSource::default()
            },
            type_,
            ..Event::default()
        };
        self.store.events.insert(key, Rc::new(event));
    }

    /// An Event on a pod.
    pub(crate) fn record_on_pod(
        &mut self,
        pod: &objects::Pod,
        component: &str,
        host: &str,
        type_: EventType,
        reason: &str,
        message: String,
    ) {
        let key = key_of(&pod.metadata);
        let about = About {
            kind: "Pod",
            key: &key,
            uid: &pod.metadata.uid,
            component,
            host,
        };
        self.record(&about, type_, reason, message);
    }

    /// An Event on a node. Its uid is its name, as the components of Kubernetes have it.
    pub(crate) fn record_on_node(&mut self, node: &Name, component: &str, reason: &str) {
        let key = Key {
            namespace: Name::default(),
            name: node.clone(),
        };
        let about = About {
            kind: "Node",
            key: &key,
            uid: node,
            component,
            host: if component == "kubelet" { node } else { "" },
        };
        let message = match reason {
            "RegisteredNode" => format!("Node {node} event: Registered Node {node} in Controller"),
            "RemovingNode" => format!("Node {node} event: Removing Node {node} from Controller"),
            reason => format!("Node {node} status is now: {reason}"),
        };
        self.record(&about, EventType::Normal, reason, message);
    }
}
