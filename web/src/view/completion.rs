//! What can be written at a place in a manifest, and what a field there means, from the schema.
//!
//! The path of a place is found by indentation: while one types, the text is seldom YAML that can
//! be read as a whole.

use objects::{
    FieldPath,
    schema::{self, Choice},
};

/// A place in a manifest: the kind of its object, the fields that lead there, and how much of a
/// word stands before it.
#[derive(Debug, PartialEq)]
struct Place {
    kind: String,
    at: FieldPath,
    /// Where in the line, in bytes, the word begins.
    start: usize,
}

/// A line as far as indentation goes: how deep its key is, whether it begins an item, and the key.
struct Line<'a> {
    depth: usize,
    is_item: bool,
    key: Option<&'a str>,
}

fn line(text: &str) -> Option<Line<'_>> {
    let trimmed = text.trim_start();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return None;
    }
    let mut depth = text.len() - trimmed.len();
    let mut rest = trimmed;
    let is_item = rest.starts_with("- ") || rest == "-";
    while let Some(after) = rest.strip_prefix("- ") {
        let after_blanks = after.trim_start();
        depth += rest.len() - after_blanks.len();
        rest = after_blanks;
    }
    let key = rest
        .split_once(':')
        .map(|(key, _)| key.trim_matches(['"', '\'']));
    Some(Line {
        depth,
        is_item,
        key,
    })
}

fn place(text: &str, number: usize, column: usize) -> Option<Place> {
    let lines: Vec<&str> = text.lines().collect();
    let current = lines.get(number).copied().unwrap_or_default();
    let before = current.get(..column).unwrap_or(current);
    let trimmed = before.trim_start_matches([' ', '-']);
    let start = before.len() - trimmed.len();
    // The object that the line belongs to lies between two separators.
    let first = lines[..number.min(lines.len())]
        .iter()
        .rposition(|it| it.starts_with("---"));
    let first = first.map_or(0, |at| at + 1);
    let last = lines
        .iter()
        .skip(number + 1)
        .position(|it| it.starts_with("---"));
    let last = last.map_or(lines.len(), |at| number + 1 + at);
    let kind = lines[first..last]
        .iter()
        .find_map(|it| it.strip_prefix("kind:"));
    let kind = kind.map_or("DaemonSet", str::trim);
    let mut path: Vec<(&str, bool)> = Vec::new();
    let mut depth = start;
    let mut in_item = current.trim_start().starts_with("- ") || current.trim() == "-";
    for text in lines[first..number.min(lines.len())].iter().rev() {
        let Some(above) = line(text) else {
            continue;
        };
        let own = text.len() - text.trim_start().len();
        if above.depth >= depth {
            // The item that the line is a part of begins here.
            if above.is_item && above.depth == depth && own < depth {
                in_item = true;
                depth = own + 1;
            }
            continue;
        }
        if let Some(key) = above.key {
            path.push((key, in_item));
        }
        in_item = above.is_item;
        depth = if above.is_item { own + 1 } else { above.depth };
        if depth == 0 {
            break;
        }
    }
    let mut at = FieldPath::root();
    for (key, holds_items) in path.into_iter().rev() {
        at = at.child_field(key);
        if holds_items {
            at = at.index(0);
        }
    }
    Some(Place {
        kind: kind.to_owned(),
        at,
        start,
    })
}

/// The fields that can be written at a place, and where in the line the word begins that they
/// replace. Lines and columns, in bytes, count from 0.
pub fn choices(text: &str, number: usize, column: usize) -> (usize, Vec<Choice>) {
    let Some(place) = place(text, number, column) else {
        return (column, Vec::new());
    };
    // After a colon stands a value, of which the schema says nothing.
    let before = text
        .lines()
        .nth(number)
        .and_then(|it| it.get(place.start..column));
    if before.is_some_and(|it| it.contains([':', '{', '['])) {
        return (column, Vec::new());
    }
    (place.start, schema::choices(&place.kind, &place.at))
}

/// The field whose name stands at a place.
pub fn field_at(text: &str, number: usize, column: usize) -> Option<Choice> {
    let line = text.lines().nth(number)?;
    let trimmed = line.trim_start_matches([' ', '-']);
    let start = line.len() - trimmed.len();
    let (key, _) = trimmed.split_once(':')?;
    if column < start || column > start + key.len() {
        return None;
    }
    let place = place(text, number, start)?;
    let choices = schema::choices(&place.kind, &place.at);
    choices.into_iter().find(|it| it.name == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: a
spec:
  template:
    spec:
      tolerations:
      - operator: Exists
        ke
      containers:
      - name: a
        image: a:1
        ports:
        - containerPort: 80
          na
      - na
      hostN
  upd
";

    #[track_caller]
    fn check(number: usize, want_path: &str, want_choice: &str) {
        let line = TEXT.lines().nth(number).unwrap();
        let place = place(TEXT, number, line.len()).unwrap();
        assert_eq!(place.at.to_string(), want_path, "{line}");
        let (start, choices) = choices(TEXT, number, line.len());
        let word = &line[start..];
        let found: Vec<&str> = choices
            .iter()
            .map(|it| it.name)
            .filter(|it| it.starts_with(word))
            .collect();
        assert!(found.contains(&want_choice), "{line}: {found:?}");
    }

    #[test]
    fn the_path_of_a_place_is_found_by_indentation() {
        check(9, "spec.template.spec.tolerations[0]", "key");
        check(15, "spec.template.spec.containers[0].ports[0]", "name");
        check(16, "spec.template.spec.containers[0]", "name");
        check(17, "spec.template.spec", "hostNetwork");
        check(18, "spec", "updateStrategy");
        assert_eq!(choices(TEXT, 12, 15).1, []);
    }

    #[test]
    fn a_field_is_known_where_its_name_stands() {
        let described = |number, column| field_at(TEXT, number, column).map(|it| it.described_as);
        assert_eq!(described(12, 10).as_deref(), Some("Container.image"));
        assert_eq!(described(8, 9).as_deref(), Some("Toleration.operator"));
        assert_eq!(described(12, 15), None);
    }
}
