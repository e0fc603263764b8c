//! Dumps: what `kubectl get -o yaml` gives of a whole cluster is a list of tens of megabytes.

use crate::{
    Severity,
    manifest::{self, Manifest},
};

/// So many bytes are read at once.
const PART: usize = 1 << 18;

/// Reads a dump as [`manifest::read_dump`] does. The list that kubectl writes is read a part at a
/// time, which takes a fraction of the memory, and so of the time; the sources of its objects then
/// count from their part.
pub fn read(text: &str) -> Manifest {
    let mut whole = Manifest::default();
    for (line, part) in parts(text, PART).unwrap_or_default() {
        let mut read = manifest::read_dump(part);
        // What an error does to all that follows is seen in the whole only.
        let mut problems = read.problems.iter();
        if problems.any(|it| it.severity == Severity::Error) {
            return manifest::read_dump(text);
        }
        for problem in &mut read.problems {
            problem.position.line += line;
        }
        whole.objects.append(&mut read.objects);
        whole.problems.append(&mut read.problems);
    }
    match whole.objects.is_empty() {
        true => manifest::read_dump(text),
        false => whole,
    }
}

/// The items of a list as kubectl writes it, in YAML or JSON, and how many lines stand before them.
/// `None`: it is written otherwise.
///
/// A part holds whole items: of YAML so many bytes at least, of JSON one item.
pub fn parts(text: &str, size: usize) -> Option<Vec<(usize, &str)>> {
    yaml_parts(text, size).or_else(|| json_parts(text))
}

fn yaml_parts(text: &str, size: usize) -> Option<Vec<(usize, &str)>> {
    const HEAD: &str = "apiVersion: v1\nitems:\n";
    let items = text.strip_prefix(HEAD)?;
    let (items, tail) = items.split_at(items.find("\nkind: List\n")? + 1);
    let mut tail = tail.lines().skip(1);
    let is_of_tail = |line: &str| line == "metadata:" || line.starts_with("  ");
    if !tail.all(is_of_tail) || !items.starts_with("- ") {
        return None;
    }
    let mut parts = Vec::new();
    let (mut begun, mut line_begun) = (0, HEAD.lines().count());
    let (mut at, mut line) = (begun, line_begun);
    for text in items.split_inclusive('\n') {
        match text.as_bytes() {
            [b'-', b' ', ..] if at - begun >= size => {
                parts.push((line_begun, &items[begun..at]));
                (begun, line_begun) = (at, line);
            }
            [b'-', b' ', ..] | [b' ', b' ', ..] | [b'\n'] => {}
            _ => return None,
        }
        at += text.len();
        line += 1;
    }
    parts.push((line_begun, &items[begun..]));
    Some(parts)
}

/// In JSON no text has a line break, so that an item ends where a line says so.
fn json_parts(text: &str) -> Option<Vec<(usize, &str)>> {
    const HEAD: &str = "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n";
    let items = text.strip_prefix(HEAD)?;
    let (items, tail) = items.split_at(items.find("\n    ],\n")? + 1);
    if !tail.contains("\n    \"kind\": \"List\"") {
        return None;
    }
    let mut parts = Vec::new();
    let mut begun = None;
    let mut at = 0;
    for (line, text) in (HEAD.lines().count()..).zip(items.split_inclusive('\n')) {
        match (text.trim_end(), begun) {
            ("        {", None) => begun = Some((line, at)),
            ("        }" | "        },", Some((line, start))) => {
                parts.push((line, &items[start..at + "        }".len()]));
                begun = None;
            }
            (line, Some(_)) if !line.starts_with("        }") => {}
            _ => return None,
        }
        at += text.len();
    }
    begun.is_none().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &str) -> String {
        format!("apiVersion: v1\nitems:\n{items}kind: List\nmetadata:\n  resourceVersion: \"\"\n")
    }

    const NODE: &str = "- apiVersion: v1\n  kind: Node\n  metadata:\n    annotations:\n      a: |\n        - b\n\n        c\n    name: NAME\n";

    #[test]
    fn a_list_in_parts_is_the_list() {
        let items: String = (0..7)
            .map(|i| NODE.replace("NAME", &format!("n{i}")))
            .collect();
        let text = list(&format!("{items}  new: 1\n"));
        let parts = parts(&text, 200).expect("it is as kubectl writes it");
        assert_eq!(parts.len(), 4);
        for (line, part) in parts {
            let before: String = text
                .lines()
                .take(line)
                .map(|it| format!("{it}\n"))
                .collect();
            assert!(text[before.len()..].starts_with(part));
        }
        let (got, want) = (read(&text), manifest::read_dump(&text));
        let objects = |it: &Manifest| {
            let objects = it.objects.iter().map(|(object, _)| object.clone());
            objects.collect::<Vec<_>>()
        };
        assert_eq!(objects(&got), objects(&want));
        assert_eq!(got.problems, want.problems);
        assert_eq!(got.problems.len(), 1);
    }

    #[test]
    fn a_list_in_json_is_read_item_by_item() {
        let item = "        {\n            \"apiVersion\": \"v1\",\n            \"kind\": \"Node\",\n            \"metadata\": {\n                \"name\": \"NAME\"\n            },\n            \"new\": 1\n        }";
        let items: Vec<String> = (0..3)
            .map(|i| item.replace("NAME", &format!("n{i}")))
            .collect();
        let text = format!(
            "{{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n{}\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {{\n        \"resourceVersion\": \"\"\n    }}\n}}\n",
            items.join(",\n")
        );
        let found = parts(&text, 1).expect("it is as kubectl writes it");
        assert_eq!(found.len(), 3);
        let (got, want) = (read(&text), manifest::read_dump(&text));
        let names = |it: &Manifest| {
            let names = it.objects.iter().map(|(object, _)| object.reference());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&got), names(&want));
        let places = |it: &Manifest| {
            let places = it.problems.iter().map(|it| it.position.to_string());
            places.collect::<Vec<_>>()
        };
        assert_eq!(places(&got), places(&want));
        assert_eq!(places(&got).len(), 3);
        assert_eq!(
            parts(&text.replace("        },\n        {", "        }, {"), 1),
            None
        );
    }

    #[test]
    fn what_kubectl_does_not_write_is_read_whole() {
        for text in [
            "",
            NODE,
            &list(""),
            &list("- *a\n"),
            &list("- a: [\n]\n"),
            &list(NODE).replace("kind: List", "kind: NodeList"),
            &format!("{}---\n{}", list(NODE), &NODE[2..].replace("\n  ", "\n")),
            &format!("{}items: []\n", list(NODE)),
        ] {
            let (got, want) = (read(text), manifest::read_dump(text));
            assert_eq!(got.problems, want.problems, "{text}");
            assert_eq!(got.objects.len(), want.objects.len(), "{text}");
        }
    }
}
