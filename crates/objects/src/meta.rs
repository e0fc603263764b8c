//! What all objects have: name, owner, labels, times.

use std::{borrow::Borrow, cmp::Ordering, fmt, ops::Deref, rc::Rc};

use serde_json::Value;

use crate::{
    Labels, Shared, Timestamp,
    fields::{Field, Unreadable, object, through_values},
};

/// The name, namespace or uid of an object: text that is copied often and changed never. The empty
/// one, which most objects have in some place, takes no room.
#[derive(Clone, Default, Eq)]
pub struct Name(Option<Rc<str>>);

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As texts; most often it is the very same text, which need not be read.
impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) if Rc::ptr_eq(one, other) => Ordering::Equal,
            _ => (**self).cmp(&**other),
        }
    }
}

impl Field for Name {
    fn read(value: Value) -> Result<Self, Unreadable> {
        String::read(value).map(Self::from)
    }

    fn write(&self) -> Value {
        Value::from(&**self)
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }
}

through_values!(Name);

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self((!text.is_empty()).then(|| Rc::from(text)))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

object! {
    /// Models `metav1.ObjectMeta`.
    pub struct ObjectMeta {
        annotations: Shared<Labels> = "annotations",
        creation_timestamp: Option<Timestamp> = "creationTimestamp",
        deletion_grace_period_seconds: Option<i64> = "deletionGracePeriodSeconds",
        deletion_timestamp: Option<Timestamp> = "deletionTimestamp",
        finalizers: Vec<String> = "finalizers",
        generate_name: Name = "generateName",
        generation: i64 = "generation",
        labels: Shared<Labels> = "labels",
        name: Name = "name",
        namespace: Name = "namespace",
        owner_references: Shared<Vec<OwnerReference>> = "ownerReferences",
        resource_version: Name = "resourceVersion",
        uid: Name = "uid",
    }
}

object! {
    /// Models `metav1.OwnerReference`.
    pub struct OwnerReference {
        api_version: String = always "apiVersion",
        block_owner_deletion: Option<bool> = "blockOwnerDeletion",
        controller: Option<bool> = "controller",
        kind: String = always "kind",
        name: Name = always "name",
        uid: Name = always "uid",
    }
}

impl ObjectMeta {
    /// The one owner that manages the object, if it has one.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references
            .iter()
            .find(|owner| owner.controller == Some(true))
    }

    /// Whether the object is on its way out.
    pub fn is_being_deleted(&self) -> bool {
        self.deletion_timestamp.is_some()
    }
}
