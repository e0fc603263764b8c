//! How values of a scenario file are read, and what is said of those that cannot be.

use std::{collections::BTreeMap, fmt};

use objects::{FieldPath, Position, position::Places};
use serde_json::{Map, Value};

use crate::nearest::unknown;

/// What is wrong in a scenario, and in which field. No longer than a pointer, as all that is read can
/// be wrong and hardly ever is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    field: FieldPath,
    message: String,
    /// It is the field's name that is wrong, not its value.
    is_key: bool,
}

impl Wrong {
    /// A value is wrong.
    pub fn new(field: &FieldPath, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            field: field.clone(),
            message: message.into(),
            is_key: false,
        }))
    }

    /// A field should not be there.
    pub(crate) fn key(field: FieldPath, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            field,
            message: message.into(),
            is_key: true,
        }))
    }

    pub fn field(&self) -> &FieldPath {
        &self.0.field
    }

    /// What is wrong, and what to do.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The same with the place it has in the text of the scenario.
    pub fn in_text(self, text: &str) -> ReadError {
        let Details {
            field,
            message,
            is_key,
        } = *self.0;
        let places = Places::find(text, [(0, &field)]);
        ReadError {
            position: match is_key {
                true => places.key(0, &field),
                false => places.value(0, &field),
            },
            field,
            message,
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field().is_root() {
            write!(f, "{}: ", self.field())?;
        }
        f.write_str(self.message())
    }
}

/// Why a scenario cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    pub position: Position,
    pub field: FieldPath,
    pub message: String,
}

/// `LINE:COL: error: FIELD.PATH: message`, to stand behind a file's name.
impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: error: ", self.position)?;
        if !self.field.is_root() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// What can stand in a field.
pub(crate) trait Read: Sized {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong>;
}

fn expected<T>(what: &str, found: &Value, at: &FieldPath) -> Result<T, Wrong> {
    Err(Wrong::new(at, format!("expected {what}, found {found}")))
}

impl Read for Value {
    fn read(value: Value, _: &FieldPath) -> Result<Self, Wrong> {
        Ok(value)
    }
}

impl Read for String {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        match value {
            Value::String(text) => Ok(text),
            Value::Number(_) | Value::Bool(_) => expected("text (put it in quotes)", &value, at),
            other => expected("text", &other, at),
        }
    }
}

impl Read for bool {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        match value {
            Value::Bool(it) => Ok(it),
            other => expected("true or false", &other, at),
        }
    }
}

impl Read for u64 {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        match value.as_u64() {
            Some(number) => Ok(number),
            None => expected("a whole number, 0 or more", &value, at),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let Value::Array(items) = value else {
            return expected("a list", &value, at);
        };
        let items = items.into_iter().enumerate();
        items.map(|(i, item)| T::read(item, &at.index(i))).collect()
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let Value::Object(fields) = value else {
            return expected("a mapping", &value, at);
        };
        let entries = fields.into_iter().map(|(key, value)| {
            let value = T::read(value, &at.key(&key))?;
            Ok((key, value))
        });
        entries.collect()
    }
}

/// A mapping whose fields are known, and are taken out one after the other.
pub(crate) struct Mapping {
    at: FieldPath,
    fields: Map<String, Value>,
}

impl Mapping {
    pub(crate) fn read(value: Value, at: &FieldPath, known: &[&str]) -> Result<Self, Wrong> {
        let Value::Object(fields) = value else {
            return expected(&format!("a mapping with {}", known.join(", ")), &value, at);
        };
        if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(Wrong::key(
                at.child_field(name),
                unknown("field", name, known),
            ));
        }
        Ok(Self {
            at: at.clone(),
            fields,
        })
    }

    pub(crate) fn at(&self) -> &FieldPath {
        &self.at
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    pub(crate) fn optional<T: Read>(&mut self, name: &str) -> Result<Option<T>, Wrong> {
        let value = self.fields.remove(name);
        value
            .map(|value| T::read(value, &self.at.child_field(name)))
            .transpose()
    }

    pub(crate) fn or_default<T: Read + Default>(&mut self, name: &str) -> Result<T, Wrong> {
        self.optional(name).map(Option::unwrap_or_default)
    }

    pub(crate) fn required<T: Read>(&mut self, name: &str) -> Result<T, Wrong> {
        match self.fields.remove(name) {
            Some(value) => T::read(value, &self.at.child_field(name)),
            None => Err(Wrong::new(
                &self.at,
                format!("the field {name:?} is missing"),
            )),
        }
    }
}
