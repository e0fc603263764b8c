//! Line and column of keys and values in a text.
//!
//! `serde_yaml`, which reads the values, does not tell where they stood, nor whether a text was
//! in quotes. So a text is read once more, only if there is something to ask, and only the asked
//! places are kept: a dump of a large cluster stays a matter of one pass.

use std::{collections::BTreeMap, fmt};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde::{Deserialize, Serialize};

use crate::{FieldPath, depth::DEPTH_MAX, field_path::Segment, json_stream};

/// A place in a text, both counted from 1; columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    /// Where a text begins.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl Position {
    /// The place that this is in a whole of which a part begins there.
    fn after(self, begins: Self) -> Self {
        Self {
            line: begins.line + self.line - 1,
            column: match self.line {
                1 => begins.column + self.column - 1,
                _ => self.column,
            },
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The places that were asked for, by document of a stream and path inside it.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<usize, Place>);

/// A value and its key; those inside that were asked for.
#[derive(Debug, Default)]
struct Place {
    key: Option<Position>,
    /// The key once more, where a mapping has it twice.
    again: Option<Position>,
    value: Option<Position>,
    /// A scalar without quotes or tag.
    is_plain: bool,
    inside: BTreeMap<String, Place>,
}

impl Place {
    fn moved(self, begins: Position) -> Self {
        let moved = |at: Option<Position>| at.map(|at| at.after(begins));
        let inside = self.inside.into_iter();
        Self {
            key: moved(self.key),
            again: moved(self.again),
            value: moved(self.value),
            is_plain: self.is_plain,
            inside: inside.map(|(name, it)| (name, it.moved(begins))).collect(),
        }
    }
}

impl Places {
    /// Finds places in one pass over the text. What cannot be found is told by its nearest
    /// parent; where the text cannot be read on, the places up to there are known.
    pub fn find<'a>(text: &str, wanted: impl IntoIterator<Item = (usize, &'a FieldPath)>) -> Self {
        let mut places = Self::default();
        for (document, field) in wanted {
            let mut place = places.0.entry(document).or_default();
            for segment in field.segments() {
                place = place.inside.entry(name(segment)).or_default();
            }
        }
        let text = without_mark(text);
        match json_stream::values(text) {
            Some(values) => places.find_in_values(&values),
            None => places.find_in_stream(text),
        }
        places
    }

    fn find_in_stream(&mut self, text: &str) {
        let mut reader = Reader(Parser::new_from_str(text));
        // A text that cannot be read whole still has places up to there.
        let _ = reader.stream(&mut self.0);
    }

    /// Each value is a document to itself, and counts from where it begins.
    fn find_in_values(&mut self, values: &[&str]) {
        let mut begins = Position::START;
        for (index, text) in values.iter().enumerate() {
            if let Some(place) = self.0.remove(&index) {
                let mut alone = Self(BTreeMap::from([(0, place)]));
                alone.find_in_stream(text);
                let place = alone.0.remove(&0).unwrap_or_default();
                self.0.insert(index, place.moved(begins));
            }
            begins = end(text).after(begins);
        }
    }

    /// Where the value of a field is; if it is absent, where its nearest parent's key is.
    pub fn value(&self, document: usize, field: &FieldPath) -> Position {
        self.nearest(document, field, |place| place.value)
    }

    /// Where the key of a field is.
    pub fn key(&self, document: usize, field: &FieldPath) -> Position {
        self.nearest(document, field, |place| place.key.or(place.value))
    }

    /// Where the key of a field is for the second time.
    pub fn key_again(&self, document: usize, field: &FieldPath) -> Position {
        self.nearest(document, field, |place| place.again)
    }

    /// Whether a field's value is a scalar that stands there without quotes.
    pub fn is_plain(&self, document: usize, field: &FieldPath) -> bool {
        let mut place = self.0.get(&document);
        for segment in field.segments() {
            place = place.and_then(|place| place.inside.get(&name(segment)));
        }
        place.is_some_and(|place| place.is_plain)
    }

    fn nearest(
        &self,
        document: usize,
        field: &FieldPath,
        of: impl Fn(&Place) -> Option<Position>,
    ) -> Position {
        let Some(mut place) = self.0.get(&document) else {
            return Position::START;
        };
        let mut parent = place.value.unwrap_or(Position::START);
        for segment in field.segments() {
            match place.inside.get(&name(segment)) {
                Some(inner) if inner.value.is_some() => place = inner,
                _ => return parent,
            }
            parent = place.key.or(place.value).unwrap_or(parent);
        }
        of(place).unwrap_or(parent)
    }
}

fn name(segment: &Segment) -> String {
    match segment {
        Segment::Field(name) | Segment::Key(name) => name.clone(),
        Segment::Index(index) => index.to_string(),
    }
}

/// A text without the byte order mark that some editors put before it.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

struct Reader<'a>(Parser<'a, StrInput<'a>>);

impl<'a> Reader<'a> {
    /// `None` at the end, and where the text cannot be read on.
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.0.next_event()?.ok()
    }

    fn stream(&mut self, documents: &mut BTreeMap<usize, Place>) -> Option<()> {
        let mut index = 0;
        let last = *documents.keys().next_back()?;
        while index <= last {
            if let (Event::DocumentStart(_), _) = self.next()? {
                let (first, span) = self.next()?;
                let place = documents.get_mut(&index);
                self.value(&first, span, place, 0)?;
                index += 1;
            }
        }
        Some(())
    }

    /// Reads a value whose first event was just read, and notes its place if it is asked for.
    fn value(
        &mut self,
        first: &Event<'a>,
        span: Span,
        place: Option<&mut Place>,
        depth: usize,
    ) -> Option<()> {
        let Some(place) = place else {
            return self.skip(first);
        };
        place.value = Some(position(span));
        place.is_plain = matches!(first, Event::Scalar(_, ScalarStyle::Plain, _, None));
        if depth > DEPTH_MAX || place.inside.is_empty() {
            return self.skip(first);
        }
        match first {
            Event::MappingStart(..) => loop {
                let (key, key_span) = self.next()?;
                let inner = match &key {
                    Event::MappingEnd => return Some(()),
                    Event::Scalar(text, ..) => place.inside.get_mut(&**text),
                    _ => None,
                };
                self.skip(&key)?;
                let (value, span) = self.next()?;
                match inner {
                    Some(inner) if inner.key.is_some() => {
                        inner.again = Some(position(key_span));
                        self.skip(&value)?;
                    }
                    Some(inner) => {
                        inner.key = Some(position(key_span));
                        self.value(&value, span, Some(inner), depth + 1)?;
                    }
                    None => self.skip(&value)?,
                }
            },
            Event::SequenceStart(..) => {
                for i in 0_usize.. {
                    let (item, span) = self.next()?;
                    if item == Event::SequenceEnd {
                        break;
                    }
                    let inner = place.inside.get_mut(&i.to_string());
                    self.value(&item, span, inner, depth + 1)?;
                }
                Some(())
            }
            _ => Some(()),
        }
    }

    /// Reads over the rest of a value whose first event was just read.
    fn skip(&mut self, first: &Event<'a>) -> Option<()> {
        let mut depth = usize::from(opens(first));
        while depth > 0 {
            let (event, _) = self.next()?;
            match event {
                Event::MappingEnd | Event::SequenceEnd => depth -= 1,
                event => depth += usize::from(opens(&event)),
            }
        }
        Some(())
    }
}

fn opens(event: &Event<'_>) -> bool {
    matches!(event, Event::MappingStart(..) | Event::SequenceStart(..))
}

/// Where a text ends.
fn end(text: &str) -> Position {
    let last = text.rsplit('\n').next().unwrap_or_default();
    Position {
        line: text.matches('\n').count() + 1,
        column: last.chars().count() + 1,
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
        let text =
            "a: 1\n---\nspec:\n  list:\n  - x: one\n    y: 'two'\n  - {x: three}\n  list: 2\n";
        let list = FieldPath::of("spec.list");
        let fields = [
            list.index(0).child("y"),
            list.index(1).child("x"),
            list.index(0).child("absent"),
            FieldPath::of("spec.absent"),
            FieldPath::of("absent"),
            list.clone(),
        ];
        let places = Places::find(text, fields.iter().map(|field| (1, field)));
        let got: Vec<String> = fields
            .iter()
            .map(|field| {
                let (value, key) = (places.value(1, field), places.key(1, field));
                format!("{field} {value} {key} {}", places.is_plain(1, field))
            })
            .collect();
        assert_eq!(
            got,
            [
                "spec.list[0].y 6:8 6:5 false",
                "spec.list[1].x 7:9 7:6 true",
                "spec.list[0].absent 5:5 5:5 false",
                "spec.absent 3:1 3:1 false",
                "absent 3:1 3:1 false",
                "spec.list 5:5 4:3 false",
            ]
        );
        assert_eq!(places.key_again(1, &list).to_string(), "8:3");
    }

    #[test]
    fn a_text_that_breaks_off_has_places_up_to_there() {
        let field = FieldPath::of("a.b");
        let places = Places::find("a:\n  b: 1\nc: [", [(0, &field)]);
        assert_eq!(places.value(0, &field).to_string(), "2:6");
    }
}
