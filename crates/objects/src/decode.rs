//! From text to plain values: YAML streams, JSON, lists of objects.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{FieldPath, Position, Problem};

/// One document of a text, or one item of a list in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Which document of the stream, from 0.
    pub index: usize,
    /// Where in that document: the root, or `items[3]`.
    pub at: FieldPath,
    /// What it says, without nulls, which mean the same as absent fields.
    pub value: Value,
}

/// Reads all documents, and takes lists apart. After an error of syntax nothing more is read.
pub fn documents(text: &str) -> (Vec<Document>, Vec<Problem>) {
    let mut documents = Vec::new();
    let mut problems = Vec::new();
    // JSON is YAML, too, but serde_json reads a large dump several times as fast.
    if text.trim_start().starts_with('{')
        && let Ok(Unique(value)) = serde_json::from_str(text)
    {
        push(&mut documents, 0, FieldPath::root(), value);
        return (documents, problems);
    }
    for (index, document) in serde_yaml::Deserializer::from_str(text).enumerate() {
        match Unique::deserialize(document) {
            Ok(Unique(value)) => push(&mut documents, index, FieldPath::root(), value),
            Err(error) => {
                problems.push(syntax_problem(&error));
                break;
            }
        }
    }
    (documents, problems)
}

fn push(documents: &mut Vec<Document>, index: usize, at: FieldPath, value: Value) {
    let is_list = value["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("List"));
    match value {
        Value::Null => {}
        Value::Object(mut map) if is_list && map.get("items").is_some_and(Value::is_array) => {
            if let Some(Value::Array(items)) = map.remove("items") {
                for (i, item) in items.into_iter().enumerate() {
                    push(documents, index, at.child("items").index(i), item);
                }
            }
        }
        value => documents.push(Document {
            index,
            at,
            value: without_nulls(value),
        }),
    }
}

/// The value without fields that are null: to the API they are absent.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key, without_nulls(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        value => value,
    }
}

fn syntax_problem(error: &serde_yaml::Error) -> Problem {
    let position = match error.location() {
        Some(at) => Position {
            line: at.line().max(1),
            column: at.column().max(1),
        },
        None => Position { line: 1, column: 1 },
    };
    // The place is told apart, so it need not stand in the message as well.
    let message = error.to_string();
    let place = message.find(" at line ").unwrap_or(message.len());
    let message = format!("error converting YAML to JSON: yaml: {}", &message[..place]);
    Problem {
        position,
        field: FieldPath::root(),
        message,
        object: None,
    }
}

/// A value none of whose maps has a key twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom(format_args!("unsupported value: {value}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key_seed(NewKey(&map))? {
            let Unique(value) = entries.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// A key that the map does not have yet. The error is raised while the key is read, so that its
/// place is that of the key.
struct NewKey<'a>(&'a Map<String, Value>);

impl NewKey<'_> {
    fn check<E: de::Error>(&self, key: String) -> Result<String, E> {
        if self.0.contains_key(&key) {
            return Err(E::custom(format_args!("key {key:?} already set in map")));
        }
        Ok(key)
    }
}

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for NewKey<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<String, E> {
        self.check(key.to_owned())
    }

    fn visit_bool<E: de::Error>(self, key: bool) -> Result<String, E> {
        self.check(key.to_string())
    }

    fn visit_i64<E: de::Error>(self, key: i64) -> Result<String, E> {
        self.check(key.to_string())
    }

    fn visit_u64<E: de::Error>(self, key: u64) -> Result<String, E> {
        self.check(key.to_string())
    }

    fn visit_f64<E: de::Error>(self, key: f64) -> Result<String, E> {
        self.check(key.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_lists_are_taken_apart() {
        let (documents, problems) =
            documents("a: 1\n---\n---\nkind: List\nitems: [{b: 2}, {c: null}]\n");
        assert_eq!(problems, []);
        let seen: Vec<_> = documents
            .iter()
            .map(|it| format!("{} {} {}", it.index, it.at, it.value))
            .collect();
        assert_eq!(
            seen,
            [r#"0  {"a":1}"#, r#"2 items[0] {"b":2}"#, r#"2 items[1] {}"#]
        );
    }

    #[test]
    fn errors_of_syntax_have_a_place() {
        let check = |text: &str, want: &str| {
            let (_, problems) = documents(text);
            assert_eq!(
                problems.iter().map(Problem::to_string).collect::<Vec<_>>(),
                [want],
                "{text:?}"
            );
        };
        check(
            "a: b: c\n",
            "1:5: error: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
        );
        check(
            "a: 1\nb:\n  c: 1\n  c: 2\n",
            "4:3: error: error converting YAML to JSON: yaml: b: key \"c\" already set in map",
        );
        check(
            "{\"a\": 1, \"a\": 2}",
            "1:10: error: error converting YAML to JSON: yaml: key \"a\" already set in map",
        );
    }

    #[test]
    fn hostile_texts_end_in_a_problem() {
        let deep = "[".repeat(10_000);
        let bomb = format!(
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n{}",
            (b'b'..=b'k')
                .map(|c| {
                    let (this, last) = (c as char, (c - 1) as char);
                    format!(
                        "{this}: &{this} [{}]\n",
                        vec![format!("*{last}"); 10].join(",")
                    )
                })
                .collect::<String>()
        );
        for text in [
            deep.as_str(),
            &bomb,
            "\u{0}",
            "? {a: b}\n: c",
            "- \t- x",
            "&a *a",
        ] {
            assert_eq!(documents(text).1.len(), 1, "{:.20}", text);
        }
    }
}
