//! Parts that many objects have in common.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    rc::Rc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::{
    Affinity, Container, Labels, OwnerReference, PodTemplateSpec, Toleration,
    fields::{Field, Fields, Unreadable},
    pod::PodIp,
};

/// A value that is cheap to copy, and copied for good only when one of its holders changes it. The
/// pods of one template have their labels in common, so what was found out about those of one pod
/// need not be found out again for the next.
pub struct Shared<T>(Rc<T>);

/// A type of which all empty values are one, where they are shared.
pub(crate) trait Blank: Sized + 'static {
    fn blank() -> Rc<Self>;
}

macro_rules! blank {
    ($($Type:ty),* $(,)?) => {$(
        impl Blank for $Type {
            fn blank() -> Rc<Self> {
                thread_local! {
                    static BLANK: Rc<$Type> = Rc::default();
                }
                BLANK.with(Rc::clone)
            }
        }
    )*};
}

blank! {
    Affinity,
    Fields,
    Labels,
    PodTemplateSpec,
    Vec<Container>,
    Vec<OwnerReference>,
    Vec<PodIp>,
    Vec<Toleration>,
}

impl<T: Blank> Default for Shared<T> {
    fn default() -> Self {
        Self(T::blank())
    }
}

impl<T> Shared<T> {
    /// Whether both hold the very same copy. If not, they may still be equal.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Rc::make_mut(&mut self.0)
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.0 == other.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

impl<T: Field + Blank> Field for Shared<T> {
    fn read(value: Value) -> Result<Self, Unreadable> {
        T::read(value).map(Self::from)
    }

    fn write(&self) -> Value {
        self.0.write()
    }

    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}
