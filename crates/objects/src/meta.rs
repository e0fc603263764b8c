//! What all objects have: name, owner, labels, times.

use std::{borrow::Borrow, fmt, ops::Deref, rc::Rc};

use serde::{Deserialize, Serialize};

use crate::{Fields, Labels, Timestamp, is_zero};

/// The name, namespace or uid of an object: text that is copied often and changed never.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(Rc<str>);

impl Default for Name {
    fn default() -> Self {
        Self(Rc::from(""))
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(Rc::from(text))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(Rc::from(text))
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Models `metav1.ObjectMeta`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    #[serde(skip_serializing_if = "is_zero")]
    pub annotations: Labels,
    #[serde(skip_serializing_if = "is_zero")]
    pub creation_timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "is_zero")]
    pub deletion_grace_period_seconds: Option<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    pub deletion_timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "is_zero")]
    pub finalizers: Vec<String>,
    #[serde(skip_serializing_if = "is_zero")]
    pub generate_name: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub generation: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub labels: Labels,
    #[serde(skip_serializing_if = "is_zero")]
    pub name: Name,
    #[serde(skip_serializing_if = "is_zero")]
    pub namespace: Name,
    #[serde(skip_serializing_if = "is_zero")]
    pub owner_references: Vec<OwnerReference>,
    #[serde(skip_serializing_if = "is_zero")]
    pub resource_version: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub uid: Name,
    #[serde(flatten)]
    pub rest: Fields,
}

/// Models `metav1.OwnerReference`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerReference {
    pub api_version: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub block_owner_deletion: Option<bool>,
    #[serde(skip_serializing_if = "is_zero")]
    pub controller: Option<bool>,
    pub kind: String,
    pub name: Name,
    pub uid: Name,
    #[serde(flatten)]
    pub rest: Fields,
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
