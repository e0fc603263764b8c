//! Events as objects: written, and counted when they repeat.

use std::{fmt::Write, rc::Rc};

use objects::{
    Event, EventType, Millis, Name, ObjectMeta, Shared, Timestamp,
    event::{EventSource, ObjectReference},
};
use serde::Serialize;

use crate::{
    Cluster, Key,
    due::{Due, Patience},
    store::key_of,
};

/// About what, and who says so.
pub(crate) struct About<'a> {
    pub(crate) kind: &'a str,
    pub(crate) key: &'a Key,
    pub(crate) uid: &'a Name,
    pub(crate) component: &'a str,
    /// The node a kubelet speaks from.
    pub(crate) host: &'a str,
}

/// So many Events that differ only in their message are written one by one; then they are combined.
const SIMILAR_MAX: usize = 10;
/// After so long without another the counting of similar ones starts anew.
const SIMILAR_WITHIN_SECONDS: i64 = 600;
const COMBINED: &str = "(combined from similar events): ";

/// A source may write so many Events about one object at once, and then one in so long.
const BURST: i64 = 25;
const REFILL: Millis = Millis::from_secs(300);

/// How many Events a source may still write about an object that it has written much about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Bucket {
    tokens: i64,
    filled_at: Millis,
}

impl Bucket {
    /// Takes a token, if there is one.
    fn take(&mut self, now: Millis) -> bool {
        let fresh = (now - self.filled_at).0 / REFILL.0;
        self.filled_at = self.filled_at + Millis(fresh * REFILL.0);
        self.tokens = (self.tokens + fresh).min(BURST);
        let any = self.tokens > 0;
        self.tokens -= i64::from(any);
        any
    }
}

/// What a source has said of an object before.
#[derive(Default)]
struct Said {
    /// The very same.
    same: Option<Key>,
    /// What the similar ones are combined in.
    combined: Option<Key>,
    n_similar: usize,
    last_similar: Option<Timestamp>,
    /// Of all Events, repeats included.
    total: i64,
    first: Option<Timestamp>,
    /// The kind of the object, and the source, as texts that those before have already.
    names: Option<(Name, EventSource)>,
}

impl Cluster {
    /// Writes an Event, or counts one up that says the same or something similar of the same
    /// object; or drops it, if its source says too much.
    ///
    /// Models `EventCorrelator`, client-go `tools/record/events_cache.go`, v1.34. The counting goes
    /// by the Events that are there.
    pub(crate) fn record(
        &mut self,
        about: &About<'_>,
        type_: EventType,
        reason: &str,
        message: String,
    ) {
        let now = self.timestamp();
        let namespace = match &about.key.namespace {
            none if none.is_empty() => Name::from("default"),
            namespace => namespace.clone(),
        };
        let said = self.said(about, &namespace, type_, reason, &message);
        if !self.may_write(about, &said) {
            return;
        }
        let fresh = said
            .last_similar
            .is_some_and(|last| now.0 - last.0 <= SIMILAR_WITHIN_SECONDS);
        let combine = said.same.is_none() && fresh && said.n_similar + 1 >= SIMILAR_MAX;
        let (known, message) = if combine {
            (said.combined, format!("{COMBINED}{message}"))
        } else {
            (said.same, message)
        };
        if let Some(event) = known.and_then(|key| self.store.events.get_mut(&key)) {
            let event = Rc::make_mut(event);
            event.count += 1;
            event.last_timestamp = Some(now);
            event.message = message;
            return;
        }
        self.expire_events_later();
        let key = self.event_key(about, &namespace);
        let (kind, source) = said.names.unwrap_or_else(|| {
            let source = EventSource {
                component: about.component.into(),
                host: about.host.into(),
                ..EventSource::default()
            };
            (about.kind.into(), source)
        });
        let event = Event {
            count: 1,
            first_timestamp: Some(now),
            involved_object: ObjectReference {
                kind,
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
            source,
            type_,
            ..Event::default()
        };
        self.store.events.insert(key, Rc::new(event));
    }

    /// A name that no Event has: the object's, and the time in nanoseconds.
    fn event_key(&self, about: &About<'_>, namespace: &Name) -> Key {
        let mut nanos = i128::from(self.unix_now().0) * 1_000_000;
        let mut name = String::with_capacity(about.key.name.len() + 17);
        loop {
            name.clear();
            write!(name, "{}.{nanos:x}", about.key.name).expect("a String takes all");
            let key = Key {
                namespace: namespace.clone(),
                name: name.as_str().into(),
            };
            if !self.store.events.contains_key(&key) {
                return key;
            }
            nanos += 1;
        }
    }

    fn said(
        &self,
        about: &About<'_>,
        namespace: &Name,
        type_: EventType,
        reason: &str,
        message: &str,
    ) -> Said {
        let mut said = Said::default();
        let of = &*about.key.name;
        // Those of the object have its name, a point and a number.
        let is_before = |key: &Key| {
            let (head, tail) = key.name.as_bytes().split_at(of.len().min(key.name.len()));
            let name = head.cmp(of.as_bytes()).then_with(|| tail.cmp(b"."));
            key.namespace.cmp(namespace).then(name).is_lt()
        };
        let is_of = |key: &Key| {
            let number = key.name.strip_prefix(of);
            key.namespace == *namespace && number.is_some_and(|it| it.starts_with('.'))
        };
        let events = self.store.events.range_after(is_before);
        for (key, event) in events.take_while(|(key, _)| is_of(key)) {
            if event.involved_object.uid != *about.uid
                || event.source.component != about.component
                || event.source.host != *about.host
            {
                continue;
            }
            said.names.get_or_insert_with(|| {
                let source = EventSource {
                    rest: Shared::default(),
                    ..event.source.clone()
                };
                (event.involved_object.kind.clone(), source)
            });
            said.total += event.count;
            said.first = said.first.or(event.first_timestamp);
            if event.type_ != type_ || event.reason != reason {
                continue;
            }
            said.last_similar = said.last_similar.max(event.last_timestamp);
            if event.message.starts_with(COMBINED) {
                said.combined = Some(key.clone());
                continue;
            }
            said.n_similar += 1;
            if event.message == message {
                said.same = Some(key.clone());
            }
        }
        said
    }

    /// Whether a source may write one more Event about an object.
    fn may_write(&mut self, about: &About<'_>, said: &Said) -> bool {
        if said.total < BURST {
            return true;
        }
        let now = self.now;
        let unix_now = self.timestamp();
        let source = Name::from(format!("{}/{}/{}", about.uid, about.component, about.host));
        if self.event_buckets.get(&source).is_none() {
            let since = said.first.map_or(0, |first| unix_now.0 - first.0).max(0);
            let bucket = Bucket {
                tokens: (BURST - said.total + since * 1000 / REFILL.0).min(BURST),
                filled_at: now,
            };
            self.event_buckets.insert(source.clone(), bucket);
        }
        let bucket = self.event_buckets.get_mut(&source);
        bucket.is_some_and(|bucket| bucket.take(now))
    }

    /// Asks for a look at Events that have grown old, unless one is asked for.
    fn expire_events_later(&mut self) {
        if !self.event_expiry_asked_for {
            self.event_expiry_asked_for = true;
            self.due.at(
                self.now + self.timing.event_ttl,
                Due::EventExpiry,
                Patience::Retry,
            );
        }
    }

    /// Removes the Events that have grown old.
    pub(crate) fn expire_events(&mut self) {
        self.event_expiry_asked_for = false;
        let now = self.timestamp();
        let ttl = self.timing.event_ttl.0 / 1000;
        let is_old = |event: &Event| {
            event
                .last_timestamp
                .is_some_and(|last| now.0 - last.0 >= ttl)
        };
        self.store.events.retain(|_, event| !is_old(event));
        let oldest = self
            .store
            .events
            .values()
            .filter_map(|it| it.last_timestamp)
            .min();
        if let Some(oldest) = oldest {
            self.event_expiry_asked_for = true;
            let left = Millis::from_secs((oldest.0 + ttl - now.0).max(1));
            // A few may stay a little longer: they are looked for once a minute.
            let at = self.now + left.max(Millis::from_secs(60));
            self.due.at(at, Due::EventExpiry, Patience::Retry);
        }
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
            "Starting" => "Starting kubelet.".to_owned(),
            "RegisteredNode" => format!("Node {node} event: Registered Node {node} in Controller"),
            "RemovingNode" => format!("Node {node} event: Removing Node {node} from Controller"),
            reason => format!("Node {node} status is now: {reason}"),
        };
        self.record(&about, EventType::Normal, reason, message);
    }
}
