//! How the lean types are read from the fields of a JSON object and written back to them.
//!
//! serde's `flatten`, which would do the same, buffers every object once more and is compiled
//! anew for every type and every format; here a type lists its fields, and what is left of the
//! object after they were taken is `rest`.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::FieldPath;

/// The fields of an object that no rule here reads, as they came.
pub type Fields = Map<String, Value>;

/// What stands in a field.
pub trait Field: Default {
    /// Reads a value.
    ///
    /// # Errors
    /// If the value is of another type, or none of those allowed.
    fn read(value: Value) -> Result<Self, Unreadable>;

    /// The value that reads as this.
    fn write(&self) -> Value;

    /// Whether the field is left out, as the API server leaves out zero values.
    fn is_zero(&self) -> bool;
}

/// A value that cannot stand where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where, inside what was read.
    pub field: FieldPath,
    /// What is wrong.
    pub message: String,
}

impl Unreadable {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            field: FieldPath::root(),
            message: message.into(),
        }
    }

    fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, found {found}"))
    }

    fn inside(mut self, outer: &FieldPath) -> Self {
        self.field = outer.join(&self.field);
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.is_root() {
            true => f.write_str(&self.message),
            false => write!(f, "{}: {}", self.field, self.message),
        }
    }
}

/// Takes a field out of an object.
pub(crate) fn take<T: Field>(fields: &mut Fields, name: &str) -> Result<T, Unreadable> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(T::default()),
        Some(value) => {
            T::read(value).map_err(|error| error.inside(&FieldPath::root().child_field(name)))
        }
    }
}

/// Puts a field into an object, unless it is to be left out.
pub(crate) fn put(fields: &mut Fields, name: &str, always: bool, field: &impl Field) {
    if always || !field.is_zero() {
        fields.insert(name.to_owned(), field.write());
    }
}

/// Declares a lean type: `field: Type = "jsonName"`, or `= always "jsonName"` where the field is
/// written also when it has its zero value, `= in_store "jsonName"` where that is so of an object
/// that an API server holds. `rest` takes all other fields.
macro_rules! object {
    ($(#[$attribute:meta])* $vis:vis struct $Name:ident {
        $($(#[$doc:meta])* $field:ident: $Type:ty = $($always:ident)? $json:literal,)*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $vis struct $Name {
            $($(#[$doc])* pub $field: $Type,)*
            /// The other fields, as they came.
            pub rest: $crate::Shared<$crate::Fields>,
        }

        impl $crate::fields::Field for $Name {
            fn read(value: serde_json::Value) -> Result<Self, $crate::fields::Unreadable> {
                let mut fields = <$crate::Fields as $crate::fields::Field>::read(value)?;
                Ok(Self {
                    $($field: $crate::fields::take(&mut fields, $json)?,)*
                    rest: fields.into(),
                })
            }

            fn write(&self) -> serde_json::Value {
                let mut fields: $crate::Fields = self.rest.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
                $($crate::fields::put(&mut fields, $json, $crate::fields::object!(@always self $($always)?), &self.$field);)*
                serde_json::Value::Object(fields)
            }

            fn is_zero(&self) -> bool {
                $(self.$field.is_zero() &&)* self.rest.is_empty()
            }
        }

        $crate::fields::through_values!($Name);
    };
    (@always $self:ident) => { false };
    (@always $self:ident always) => { true };
    (@always $self:ident in_store) => { !$self.metadata.uid.is_empty() };
}

/// Gives a [`Field`] serde's traits, by way of values.
macro_rules! through_values {
    ($($Name:ty),*) => {$(
        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::fields::Field::write(self), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::fields::Field::read(value).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

/// Declares a type whose values are words. Either no others are allowed, then the first one is the
/// default, and what an empty text means; or `..Other` holds what is none of them.
macro_rules! words {
    ($(#[$attribute:meta])* pub enum $Name:ident {
        $($(#[$doc:meta])* $Word:ident,)*
        ..Other
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $Name {
            $($(#[$doc])* $Word,)*
            /// Anything else.
            Other(String),
        }

        impl $Name {
            /// As it is written in an object.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$Word => stringify!($Word),)*
                    Self::Other(text) => text,
                }
            }
        }

        impl Default for $Name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl From<&str> for $Name {
            fn from(text: &str) -> Self {
                match text {
                    $(stringify!($Word) => Self::$Word,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl $crate::fields::Field for $Name {
            fn read(value: serde_json::Value) -> Result<Self, $crate::fields::Unreadable> {
                <String as $crate::fields::Field>::read(value).map(|text| text.as_str().into())
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }

            fn is_zero(&self) -> bool {
                self.as_str().is_empty()
            }
        }

        $crate::fields::through_values!($Name);
    };
    ($(#[$attribute:meta])* pub enum $Name:ident($what:literal) {
        $(#[$first_doc:meta])* $First:ident,
        $($(#[$doc:meta])* $Word:ident,)*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $Name {
            $(#[$first_doc])* #[default] $First,
            $($(#[$doc])* $Word,)*
        }

        impl $Name {
            /// As it is written in an object.
            pub fn as_str(self) -> &'static str {
                match self {
                    Self::$First => stringify!($First),
                    $(Self::$Word => stringify!($Word),)*
                }
            }
        }

        impl $crate::fields::Field for $Name {
            fn read(value: serde_json::Value) -> Result<Self, $crate::fields::Unreadable> {
                let text = <String as $crate::fields::Field>::read(value)?;
                match text.as_str() {
                    "" => Ok(Self::default()),
                    stringify!($First) => Ok(Self::$First),
                    $(stringify!($Word) => Ok(Self::$Word),)*
                    _ => Err($crate::fields::Unreadable::new(format!(
                        "{text:?} is no {}; known are {:?}",
                        $what,
                        [stringify!($First) $(, stringify!($Word))*],
                    ))),
                }
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }

            fn is_zero(&self) -> bool {
                *self == Self::default()
            }
        }

        $crate::fields::through_values!($Name);
    };
}

pub(crate) use {object, through_values, words};

impl Field for Value {
    fn read(value: Value) -> Result<Self, Unreadable> {
        Ok(value)
    }

    fn write(&self) -> Value {
        self.clone()
    }

    fn is_zero(&self) -> bool {
        self.is_null()
    }
}

impl Field for Fields {
    fn read(value: Value) -> Result<Self, Unreadable> {
        match value {
            Value::Object(fields) => Ok(fields),
            other => Err(Unreadable::expected("an object", &other)),
        }
    }

    fn write(&self) -> Value {
        Value::Object(self.clone())
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }
}

impl Field for String {
    fn read(value: Value) -> Result<Self, Unreadable> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(Unreadable::expected("a string", &other)),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }
}

impl Field for bool {
    fn read(value: Value) -> Result<Self, Unreadable> {
        value
            .as_bool()
            .ok_or_else(|| Unreadable::expected("true or false", &value))
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }

    fn is_zero(&self) -> bool {
        !self
    }
}

impl Field for i64 {
    fn read(value: Value) -> Result<Self, Unreadable> {
        value
            .as_i64()
            .ok_or_else(|| Unreadable::expected("a whole number", &value))
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }

    fn is_zero(&self) -> bool {
        *self == 0
    }
}

/// Absent and zero are two things here.
impl<T: Field> Field for Option<T> {
    fn read(value: Value) -> Result<Self, Unreadable> {
        T::read(value).map(Some)
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }

    fn is_zero(&self) -> bool {
        self.is_none()
    }
}

impl<T: Field> Field for Box<T> {
    fn read(value: Value) -> Result<Self, Unreadable> {
        T::read(value).map(Self::new)
    }

    fn write(&self) -> Value {
        T::write(self)
    }

    fn is_zero(&self) -> bool {
        T::is_zero(self)
    }
}

impl<T: Field> Field for Vec<T> {
    fn read(value: Value) -> Result<Self, Unreadable> {
        let Value::Array(items) = value else {
            return Err(Unreadable::expected("a list", &value));
        };
        let items = items.into_iter().enumerate();
        items
            .map(|(i, item)| {
                T::read(item).map_err(|error| error.inside(&FieldPath::root().index(i)))
            })
            .collect()
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn read(value: Value) -> Result<Self, Unreadable> {
        let entries = Fields::read(value)?.into_iter();
        entries
            .map(|(key, value)| match T::read(value) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.inside(&FieldPath::root().key(&key))),
            })
            .collect()
    }

    fn write(&self) -> Value {
        let entries = self.iter();
        Value::Object(
            entries
                .map(|(key, value)| (key.clone(), value.write()))
                .collect(),
        )
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    object! {
        /// Something with all kinds of fields.
        struct Sample {
            name: String = always "name",
            count: Option<i64> = "count",
            parts: Vec<Part> = "parts",
        }
    }

    object! {
        struct Part {
            is_big: bool = "isBig",
        }
    }

    #[test]
    fn what_is_not_named_is_kept() {
        let value = json!({ "name": "a", "count": 0, "parts": [{ "isBig": true, "x": 1.5 }], "more": { "y": [null] } });
        let sample = Sample::read(value.clone()).unwrap();
        assert_eq!(sample.count, Some(0));
        assert!(sample.parts[0].is_big);
        assert_eq!(sample.write(), value);
    }

    #[test]
    fn zero_values_are_left_out_unless_they_always_stand_there() {
        let sample = Sample::read(json!({ "parts": [], "more": [], "count": null })).unwrap();
        assert_eq!(sample.write(), json!({ "name": "", "more": [] }));
        assert!(!sample.is_zero());
        assert!(Sample::default().is_zero());
    }

    #[test]
    fn an_error_says_where_it_is() {
        let error = Sample::read(json!({ "parts": [{}, { "isBig": "yes" }] })).unwrap_err();
        assert_eq!(
            error.to_string(),
            "parts[1].isBig: expected true or false, found \"yes\""
        );
    }
}
