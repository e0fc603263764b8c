//! Line and column of a value in a text.

use std::{collections::BTreeMap, fmt};

use saphyr_parser::{Event, Parser, ScanError, Span};
use serde::{Deserialize, Serialize};

use crate::{FieldPath, field_path::Segment};

/// A place in a text, both counted from 1; columns are characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The places of all keys and values of one document. Made when there is something to point at;
/// `serde_yaml`, which reads the values, does not tell where they stood.
pub struct Positions {
    root: Position,
    places: BTreeMap<String, Place>,
}

#[derive(Clone, Copy)]
struct Place {
    key: Option<Position>,
    value: Position,
}

impl Positions {
    /// Of document `index` of a text. Where the text ends early, so do the places.
    pub fn of(text: &str, index: usize) -> Self {
        let mut reader = Reader {
            parser: Parser::new_from_str(text),
            places: BTreeMap::new(),
        };
        let mut root = Position { line: 1, column: 1 };
        // A document that cannot be read whole still has places up to there.
        let _ = reader.document(index, &mut root);
        Self {
            root,
            places: reader.places,
        }
    }

    /// Where the value of this field is; if it is absent, where its nearest parent's key is.
    pub fn value(&self, field: &FieldPath) -> Position {
        self.find(field, |place| place.value)
    }

    /// Where the key of this field is.
    pub fn key(&self, field: &FieldPath) -> Position {
        self.find(field, |place| place.key.unwrap_or(place.value))
    }

    fn find(&self, field: &FieldPath, of: impl Fn(&Place) -> Position) -> Position {
        let mut names: Vec<String> = Vec::new();
        for segment in field.segments() {
            let name = match segment {
                Segment::Field(name) | Segment::Key(name) => name.clone(),
                Segment::Index(index) => index.to_string(),
            };
            names.push(name);
        }
        if let Some(place) = self.places.get(&names.join("\u{0}")) {
            return of(place);
        }
        while names.pop().is_some() {
            if let Some(place) = self.places.get(&names.join("\u{0}")) {
                return place.key.unwrap_or(place.value);
            }
        }
        self.root
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    places: BTreeMap<String, Place>,
}

type Step<'a> = Result<(Event<'a>, Span), ScanError>;

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Step<'a>> {
        self.parser.next_event()
    }

    fn document(&mut self, wanted: usize, root: &mut Position) -> Option<()> {
        let mut index = 0;
        loop {
            let (event, span) = self.next()?.ok()?;
            match event {
                Event::DocumentStart(_) if index == wanted => {
                    let (event, span) = self.next()?.ok()?;
                    *root = position(span);
                    return self.value(&event, "", 0);
                }
                Event::DocumentStart(_) => index += 1,
                Event::StreamEnd => return None,
                _ => {
                    let _ = span;
                }
            }
        }
    }

    /// Notes the places inside a value whose first event was just read.
    fn value(&mut self, first: &Event<'a>, at: &str, depth: usize) -> Option<()> {
        // As deep as serde_yaml reads.
        if depth > 128 {
            return None;
        }
        match first {
            Event::MappingStart(..) => loop {
                let (key, key_span) = self.next()?.ok()?;
                let name = match &key {
                    Event::MappingEnd => return Some(()),
                    Event::Scalar(text, ..) => Some(text.to_string()),
                    _ => None,
                };
                self.value(&key, at, depth + 1)?;
                let (value, value_span) = self.next()?.ok()?;
                let inner = join(at, name.as_deref().unwrap_or_default());
                let place = Place {
                    key: Some(position(key_span)),
                    value: position(value_span),
                };
                self.places.entry(inner.clone()).or_insert(place);
                self.value(&value, &inner, depth + 1)?;
            },
            Event::SequenceStart(..) => {
                for i in 0_usize.. {
                    let (item, span) = self.next()?.ok()?;
                    if item == Event::SequenceEnd {
                        break;
                    }
                    let inner = join(at, &i.to_string());
                    self.places.insert(
                        inner.clone(),
                        Place {
                            key: None,
                            value: position(span),
                        },
                    );
                    self.value(&item, &inner, depth + 1)?;
                }
                Some(())
            }
            _ => Some(()),
        }
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}\u{0}{name}")
    }
}

fn position(span: Span) -> Position {
    Position {
        line: span.start.line(),
        column: span.start.col() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_keys_are_found() {
        let text = "a: 1\n---\nspec:\n  list:\n  - x: one\n    y: two\n  - {x: three}\n";
        let positions = Positions::of(text, 1);
        let check = |field: FieldPath, value: &str, key: &str| {
            assert_eq!(positions.value(&field).to_string(), value, "{field}");
            assert_eq!(positions.key(&field).to_string(), key, "{field}");
        };
        let list = FieldPath::of("spec.list");
        check(list.index(0).child("y"), "6:8", "6:5");
        check(list.index(1).child("x"), "7:9", "7:6");
        check(list.index(0).child("absent"), "5:5", "5:5");
        check(FieldPath::of("spec.absent"), "3:1", "3:1");
        check(FieldPath::of("absent"), "3:1", "3:1");
    }
}
