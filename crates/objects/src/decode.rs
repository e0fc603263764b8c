//! From text to plain values: YAML streams, JSON, lists of objects.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{
    FieldPath, Position, Problem, depth,
    field_path::Segment,
    json_stream,
    position::{Places, without_mark},
    problem::Severity,
    yaml_1_1,
};

/// One document of a text, or one item of a list in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Which document of the stream, from 0.
    pub index: usize,
    /// Where in that document: the root, or `items[3]`.
    pub at: FieldPath,
    /// What it says.
    pub value: Value,
}

/// Whose YAML a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// kubectl's, which is YAML 1.1: `yes` is true, `010` is 8.
    Kubectl,
    /// That of `serde_yaml`, which is YAML 1.2: both are text.
    Plain,
}

/// Reads all documents as kubectl does, and takes lists apart. Fields given twice are problems;
/// after an error of syntax nothing more is read.
pub fn documents(text: &str) -> (Vec<Document>, Vec<Problem>) {
    documents_in(Dialect::Kubectl, text)
}

/// The same of a text in a dialect.
pub fn documents_in(dialect: Dialect, text: &str) -> (Vec<Document>, Vec<Problem>) {
    let text = without_mark(text);
    let (mut values, mut notes, broken) = values(text);
    notes.retain(|it| dialect == Dialect::Kubectl || matches!(it.what, Noted::Twice));
    let mut problems = Vec::new();
    if !notes.is_empty() {
        let places = Places::find(text, notes.iter().map(|note| (note.document, &note.field)));
        for note in notes {
            match note.what {
                Noted::Twice => problems.push(twice(&note, &places)),
                Noted::Word => {
                    if places.is_plain(note.document, &note.field)
                        && let Some(value) = values.get_mut(note.document)
                    {
                        replace(value, &note.field);
                    }
                }
            }
        }
    }
    problems.extend(broken);
    let mut documents = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        push(&mut documents, index, FieldPath::root(), value);
    }
    (documents, problems)
}

/// The documents as they stand, what is to be looked at again, and why reading ended early.
fn values(text: &str) -> (Vec<Value>, Vec<Note>, Option<Problem>) {
    let mut found = Found::new(text);
    // JSON is YAML, too, but serde_json reads a large dump several times as fast.
    if text.trim_start().starts_with(['{', '[']) {
        let mut json = serde_json::Deserializer::from_str(text);
        let reader = Reader::new(0, false, &mut found);
        if let Ok(value) = reader.deserialize(&mut json)
            && json.end().is_ok()
        {
            return (vec![value], found.notes, None);
        }
        found.notes.clear();
        if let Some(values) = json_values(text, &mut found) {
            return (values, found.notes, None);
        }
        found.notes.clear();
    }
    if let Some(head) = depth::head(text) {
        let (values, broken) = yaml_values(head, &mut found);
        if let Some(problem) = broken.filter(|it| it.message.ends_with(depth::TOO_DEEP)) {
            return (values, found.notes, Some(problem));
        }
        found = Found::new(text);
    }
    let (values, broken) = yaml_values(text, &mut found);
    (values, found.notes, broken)
}

fn yaml_values(text: &str, found: &mut Found) -> (Vec<Value>, Option<Problem>) {
    let mut values = Vec::new();
    for (index, document) in serde_yaml::Deserializer::from_str(text).enumerate() {
        match Reader::new(index, true, found).deserialize(document) {
            Ok(value) => values.push(value),
            Err(error) => return (values, Some(syntax_problem(&error))),
        }
    }
    (values, None)
}

/// JSON values one after the other.
fn json_values(text: &str, found: &mut Found) -> Option<Vec<Value>> {
    let values = json_stream::values(text)?.into_iter().enumerate();
    let read = |(index, text)| {
        let mut json = serde_json::Deserializer::from_str(text);
        Reader::new(index, false, found).deserialize(&mut json).ok()
    };
    values.map(read).collect()
}

fn twice(note: &Note, places: &Places) -> Problem {
    // What is inside a list is named as if it stood alone.
    let field = note.field.without_list();
    Problem {
        position: places.key_again(note.document, &note.field),
        message: format!("duplicate field \"{field}\""),
        field,
        severity: Severity::Error,
        object: None,
    }
}

/// Puts what kubectl reads in the place of a word.
fn replace(value: &mut Value, field: &FieldPath) {
    let mut value = Some(value);
    for segment in field.segments() {
        value = value.and_then(|value| match segment {
            Segment::Field(name) | Segment::Key(name) => value.get_mut(name),
            Segment::Index(index) => value.get_mut(index),
        });
    }
    if let Some(value) = value
        && let Some(resolved) = value.as_str().and_then(yaml_1_1::resolve)
    {
        *value = resolved;
    }
}

/// Gives the items of a `PodList` the kind that is not written once more in each.
///
/// Models `UnstructuredList.UnmarshalJSON`, apimachinery `pkg/apis/meta/v1/unstructured`, v1.34.
fn give_kind(items: &mut Value, list: &Map<String, Value>) {
    let kind = list.get("kind").and_then(Value::as_str);
    let kind = kind.and_then(|kind| kind.strip_suffix("List"));
    let (Some(kind), Some(version)) = (kind.filter(|it| !it.is_empty()), list.get("apiVersion"))
    else {
        return;
    };
    let items = items.as_array_mut().into_iter().flatten();
    for item in items.filter_map(Value::as_object_mut) {
        if !item.contains_key("kind") && !item.contains_key("apiVersion") {
            item.insert("kind".to_owned(), kind.into());
            item.insert("apiVersion".to_owned(), version.clone());
        }
    }
}

/// A value as the one document of a text would be: lists taken apart.
pub(crate) fn apart(value: Value) -> Vec<Document> {
    let mut documents = Vec::with_capacity(1);
    push(&mut documents, 0, FieldPath::root(), value);
    documents
}

fn push(documents: &mut Vec<Document>, index: usize, at: FieldPath, value: Value) {
    let is_list = value["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("List"));
    let is_case = value.get("kind").is_none() && value["objects"].is_array();
    match value {
        Value::Null => {}
        // Cases of recorded vectors: worlds of objects.
        Value::Array(items) => {
            for (i, item) in items.into_iter().enumerate() {
                push(documents, index, at.index(i), item);
            }
        }
        Value::Object(mut map) if is_case => {
            if let Some(objects) = map.remove("objects") {
                push(documents, index, at.child("objects"), objects);
            }
        }
        Value::Object(mut map) if is_list && map.get("items").is_some_and(Value::is_array) => {
            if let Some(mut items) = map.remove("items") {
                give_kind(&mut items, &map);
                push(documents, index, at.child("items"), items);
            }
        }
        value => documents.push(Document { index, at, value }),
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
    let position = error.location().map_or(Position::START, |at| Position {
        line: at.line().max(1),
        column: at.column().max(1),
    });
    // The place is told apart, so it need not stand in the message as well.
    let message = error.to_string();
    let place = message.find(" at line ").unwrap_or(message.len());
    let message = format!("error converting YAML to JSON: yaml: {}", &message[..place]);
    Problem {
        position,
        field: FieldPath::root(),
        message,
        severity: Severity::Error,
        object: None,
    }
}

/// Something in a value that must be looked at in the text.
struct Note {
    document: usize,
    field: FieldPath,
    what: Noted,
}

#[derive(Clone, Copy)]
enum Noted {
    /// A mapping has this key a second time.
    Twice,
    /// A word that means something else to kubectl, unless it stands in quotes.
    Word,
}

/// What reading a text has come upon.
struct Found {
    notes: Vec<Note>,
    /// How much more may come of the text.
    left: usize,
}

/// What a note counts for, in bytes of text.
const NOTE: usize = 20;

impl Found {
    fn new(text: &str) -> Self {
        // Without aliases not even a list of nothing but words to be noted comes to so much.
        let left = text.len().saturating_mul(8).saturating_add(1_000_000);
        let notes = Vec::new();
        Self { notes, left }
    }

    /// Counts a value of so many bytes. Aliases of aliases can make gigabytes of a short text;
    /// kubectl gives up on them, too.
    fn count<E: de::Error>(&mut self, size: usize) -> Result<(), E> {
        let too_much = || E::custom("document contains excessive aliasing");
        self.left = self.left.checked_sub(size).ok_or_else(too_much)?;
        Ok(())
    }
}

/// Reads a value, and notes what is to be looked at again. Where that is in the document is put
/// together on the way out, so that it costs nothing where there is nothing to note.
struct Reader<'a> {
    document: usize,
    is_yaml: bool,
    found: &'a mut Found,
}

impl<'a> Reader<'a> {
    fn new(document: usize, is_yaml: bool, found: &'a mut Found) -> Self {
        Self {
            document,
            is_yaml,
            found,
        }
    }

    fn again(&mut self) -> Reader<'_> {
        Reader::new(self.document, self.is_yaml, self.found)
    }

    fn note(&mut self, what: Noted) {
        self.found.notes.push(Note {
            document: self.document,
            field: FieldPath::root(),
            what,
        });
    }

    /// What was noted since lies inside this segment.
    fn inside(&mut self, since: usize, segment: &Segment) {
        for note in &mut self.found.notes[since..] {
            note.field = FieldPath::root().then(segment.clone()).join(&note.field);
        }
    }

    /// `<<: *defaults`, which YAML 1.1 has: what the map itself does not have comes from there.
    fn merge(map: &mut Map<String, Value>) {
        let sources = match map.remove("<<") {
            Some(Value::Array(sources)) if sources.iter().all(Value::is_object) => sources,
            Some(source @ Value::Object(_)) => vec![source],
            Some(other) => return drop(map.insert("<<".to_owned(), other)),
            None => return,
        };
        for source in sources {
            let Value::Object(source) = source else {
                continue;
            };
            for (key, value) in source {
                map.entry(key).or_insert(value);
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.found.count(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
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

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        // On its way through kubectl a YAML float loses a fraction that is none.
        let number = if self.is_yaml {
            yaml_1_1::whole(value)
        } else {
            Number::from_f64(value).map(Value::Number)
        };
        number.ok_or_else(|| E::custom(format_args!("unsupported value: {value}")))
    }

    fn visit_str<E: de::Error>(mut self, value: &str) -> Result<Value, E> {
        self.found.count(value.len())?;
        if self.is_yaml && yaml_1_1::resolve(value).is_some() {
            self.found.count(NOTE)?;
            self.note(Noted::Word);
        }
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

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let since = self.found.notes.len();
            let Some(item) = items.next_element_seed(self.again())? else {
                return Ok(Value::Array(list));
            };
            self.inside(since, &Segment::Index(list.len()));
            list.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Key(key)) = entries.next_key()? {
            self.found.count(key.len())?;
            let since = self.found.notes.len();
            if map.contains_key(&key) {
                // The second value is read over; the problem is told in any case.
                entries.next_value_seed(self.again())?;
                self.found.notes.truncate(since);
                self.note(Noted::Twice);
                self.inside(since, &Segment::Field(key));
                continue;
            }
            let value = entries.next_value_seed(self.again())?;
            if self.found.notes.len() > since {
                self.inside(since, &Segment::Field(key.clone()));
            }
            map.insert(key, value);
        }
        if self.is_yaml {
            Self::merge(&mut map);
        }
        Ok(Value::Object(map))
    }
}

/// A key: in YAML also a number or a boolean, which is then its text.
struct Key(String);

impl<'de> de::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor).map(Self)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_bool<E>(self, key: bool) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_i64<E>(self, key: i64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_u64<E>(self, key: u64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_f64<E>(self, key: f64) -> Result<String, E> {
        Ok(key.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
            [
                r#"0  {"a":1}"#,
                r#"2 items[0] {"b":2}"#,
                r#"2 items[1] {"c":null}"#
            ]
        );
    }

    #[test]
    fn items_of_a_list_of_one_kind_have_that_kind() {
        let (documents, problems) = documents(
            "apiVersion: v1\nkind: PodList\nitems: [{a: 1}, {kind: Other, apiVersion: x}]\n",
        );
        assert_eq!(problems, []);
        let values: Vec<_> = documents.into_iter().map(|it| it.value).collect();
        assert_eq!(
            values,
            [
                json!({"a": 1, "kind": "Pod", "apiVersion": "v1"}),
                json!({"kind": "Other", "apiVersion": "x"})
            ]
        );
    }

    #[test]
    fn json_values_may_stand_one_after_the_other() {
        let (read, problems) = documents("{\"a\": \"yes\"}\n[{\"b\": 1}]\n  {\"c\": 1, \"c\": 2}");
        let values: Vec<_> = read.into_iter().map(|it| it.value).collect();
        assert_eq!(
            values,
            [json!({"a": "yes"}), json!({"b": 1}), json!({"c": 1})]
        );
        let problems: Vec<String> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(problems, ["3:12: error: c: duplicate field \"c\""]);
    }

    #[test]
    fn in_plain_yaml_words_are_text() {
        let text = "a: yes\nb: n\nc: 010\nd: true\ne: 7\n";
        let (read, _) = documents_in(Dialect::Plain, text);
        let want = json!({"a": "yes", "b": "n", "c": "010", "d": true, "e": 7});
        assert_eq!(read[0].value, want);
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
            &format!("a: {}", "[".repeat(100_000)),
            "1:131: error: error converting YAML to JSON: yaml: recursion limit exceeded",
        );
        check(
            "a: b: c\n",
            "1:5: error: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
        );
    }

    #[test]
    fn a_field_given_twice_is_told_at_its_second_place() {
        let check = |text: &str, want: &[&str]| {
            let (_, problems) = documents(text);
            let got: Vec<String> = problems.iter().map(Problem::to_string).collect();
            assert_eq!(got, want, "{text:?}");
        };
        check(
            "a: 1\nb:\n  c: 1\n  c: 2\n",
            &["4:3: error: b.c: duplicate field \"b.c\""],
        );
        check(
            "{\"a\": 1, \"a\": [{\"b\": 1, \"b\": 2}]}",
            &["1:10: error: a: duplicate field \"a\""],
        );
        check(
            "kind: List\nitems:\n- a: 1\n- b:\n  - {c: 1, c: 2}\n",
            &["5:12: error: b[0].c: duplicate field \"b[0].c\""],
        );
    }

    #[test]
    fn words_without_quotes_are_read_as_kubectl_reads_them() {
        let check = |text: &str, want: Value| {
            let (documents, problems) = documents(text);
            assert_eq!(problems, [], "{text:?}");
            assert_eq!(documents[0].value, want, "{text:?}");
        };
        check(
            "a: yes\nb: 'yes'\nc: [0644, \"0644\"]\n",
            json!({ "a": true, "b": "yes", "c": [420, "0644"] }),
        );
        check(
            "a: !!str yes\nb: 1.0\nc: 1e3",
            json!({ "a": "yes", "b": 1, "c": 1000 }),
        );
        check(
            "{\"a\": \"yes\", \"b\": 1.0}",
            json!({ "a": "yes", "b": 1.0 }),
        );
        check("\u{feff}a: 1\r\nb: on\r\n", json!({ "a": 1, "b": true }));
        check(
            "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n",
            json!({ "x": { "a": 1, "b": 2 }, "y": { "a": 1, "b": 3 } }),
        );
        check(
            "a: 123456789012345678901234567890",
            json!({ "a": 1.2345678901234568e29 }),
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
        // The more text there is, the more aliases the reader allows.
        let wide = |word: &str| {
            let words = |n| vec![word; n].join(",");
            let mut text = format!("- [{}]\n- &a [{}]\n", vec!["x"; 800].join(","), words(200));
            for (last, this) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f")] {
                let aliases = vec![format!("*{last}"); 10].join(",");
                text += &format!("- &{this} [{aliases}]\n");
            }
            text
        };
        for text in [
            deep.as_str(),
            &bomb,
            &wide("x"),
            &wide("yes"),
            &wide(&"x".repeat(1000)),
            "\u{0}",
            "? {a: b}\n: c",
            "- \t- x",
            "&a *a",
        ] {
            assert_eq!(documents(text).1.len(), 1, "{:.20}", text);
        }
    }
}
