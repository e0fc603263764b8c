//! `-o jsonpath=`.
//!
//! Models `client-go/util/jsonpath`, v1.34, but for unions of paths and filters of two conditions.

use serde_json::Value;

/// A template that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    text: String,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    Path(Vec<Part>),
    Range(Vec<Part>, Vec<Node>),
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Field(String),
    Index(i64),
    Slice(Option<i64>, Option<i64>, i64),
    All,
    /// Everything below, at any depth.
    Deep,
    /// Items of which a path compares so; or is there, if there is nothing to compare with.
    Filter(Vec<Part>, Option<(String, Value)>),
    Names(Vec<String>),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// In kubectl's words, where it has some.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let wrong = |why: String| format!("error: error parsing jsonpath {text}, {why}");
        let mut open: Vec<(Vec<Part>, Vec<Node>)> = Vec::new();
        let mut nodes = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            if at > 0 {
                nodes.push(Node::Text(rest[..at].to_owned()));
            }
            let (action, behind) =
                action(&rest[at + 1..]).ok_or_else(|| wrong("unclosed action".into()))?;
            rest = behind;
            let action = action.trim();
            if action == "end" {
                let Some((path, outer)) = open.pop() else {
                    return Err(wrong("not in range, nothing to end".into()));
                };
                let body = std::mem::replace(&mut nodes, outer);
                nodes.push(Node::Range(path, body));
            } else if let Some(of) = action.strip_prefix("range ") {
                let path = path(of.trim()).map_err(wrong)?;
                open.push((path, std::mem::take(&mut nodes)));
            } else if let Some(text) = quoted(action) {
                nodes.push(Node::Text(text));
            } else {
                nodes.push(Node::Path(path(action).map_err(wrong)?));
            }
        }
        if !open.is_empty() {
            return Err(wrong("unterminated range".into()));
        }
        if !rest.is_empty() {
            nodes.push(Node::Text(rest.to_owned()));
        }
        Ok(Self {
            text: text.to_owned(),
            nodes,
        })
    }

    /// As it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What it makes of a value.
    ///
    /// # Errors
    /// An index that is not there.
    pub(crate) fn print(&self, value: &Value) -> Result<String, String> {
        let mut text = String::new();
        let printed = print(&mut text, &self.nodes, value);
        printed.map_err(|why| {
            format!(
                "error: error executing jsonpath {:?}: Error executing template: {why}",
                self.text
            )
        })?;
        Ok(text)
    }
}

impl Template {
    /// What its paths find, each as a list.
    ///
    /// # Errors
    /// An index that is not there.
    pub(crate) fn print_as_json(&self, value: &Value) -> Result<String, String> {
        let paths = self.nodes.iter().filter_map(|node| match node {
            Node::Path(path) => Some(path),
            Node::Text(_) | Node::Range(..) => None,
        });
        let found = paths.map(|path| {
            let found = find(path, value)?;
            let found: Vec<Value> = found.into_iter().cloned().collect();
            Ok(super::json(&Value::Array(found)))
        });
        found.collect()
    }
}

/// What stands before the brace that closes, and what behind it.
fn action(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('}', None) => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}

/// The text between quotes.
fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let inner = text[1..].strip_suffix(quote)?;
    let mut unescaped = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => unescaped.push('\n'),
                Some('t') => unescaped.push('\t'),
                other => unescaped.extend(other),
            },
            c => unescaped.push(c),
        }
    }
    Some(unescaped)
}

fn path(text: &str) -> Result<Vec<Part>, String> {
    let mut rest = text.strip_prefix(['$', '@']).unwrap_or(text);
    let mut parts = Vec::new();
    if rest.is_empty() {
        return Ok(parts);
    }
    if !rest.starts_with(['.', '[']) {
        return Err(format!("unrecognized identifier {rest}"));
    }
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix("..") {
            parts.push(Part::Deep);
            rest = field(behind, &mut parts);
        } else if let Some(behind) = rest.strip_prefix('.') {
            rest = field(behind, &mut parts);
        } else if let Some(behind) = rest.strip_prefix('[') {
            let (inside, behind) = bracket(behind).ok_or("unterminated array")?;
            parts.push(subscript(inside.trim())?);
            rest = behind;
        } else {
            return Err(format!("unrecognized character in action: {rest}"));
        }
    }
    Ok(parts)
}

/// A field's name, in which a backslash takes its meaning from the next character.
fn field<'a>(text: &'a str, parts: &mut Vec<Part>) -> &'a str {
    let (mut name, mut escaped, mut end) = (String::new(), false, text.len());
    for (at, c) in text.char_indices() {
        if !escaped && (c == '.' || c == '[') {
            end = at;
            break;
        }
        if escaped || c != '\\' {
            name.push(c);
            escaped = false;
        } else {
            escaped = true;
        }
    }
    match name.as_str() {
        "" => {}
        "*" => parts.push(Part::All),
        _ => parts.push(Part::Field(name)),
    }
    &text[end..]
}

fn bracket(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('[', None) => depth += 1,
            (']', None) if depth == 0 => return Some((&text[..at], &text[at + 1..])),
            (']', None) => depth -= 1,
            _ => {}
        }
    }
    None
}

fn subscript(text: &str) -> Result<Part, String> {
    let invalid = || format!("invalid array index {text}");
    if text == "*" {
        return Ok(Part::All);
    }
    if let Some(filter) = text.strip_prefix("?(") {
        let filter = filter.strip_suffix(')').ok_or("unterminated filter")?;
        return compare(filter.trim());
    }
    if text.starts_with(['"', '\'']) {
        let names = text.split(',').map(|it| quoted(it.trim()));
        let names: Option<Vec<String>> = names.collect();
        return names.map(Part::Names).ok_or_else(invalid);
    }
    let number = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<i64>().map(Some).map_err(|_| invalid()),
    };
    let bounds: Vec<&str> = text.split(':').collect();
    match bounds.as_slice() {
        [index] => Ok(Part::Index(number(index)?.ok_or_else(invalid)?)),
        [from, to] => Ok(Part::Slice(number(from)?, number(to)?, 1)),
        [from, to, step] => {
            let step = number(step)?.unwrap_or(1);
            if step < 1 {
                return Err("step must be > 0".to_owned());
            }
            Ok(Part::Slice(number(from)?, number(to)?, step))
        }
        _ => Err(invalid()),
    }
}

fn compare(text: &str) -> Result<Part, String> {
    for operator in ["==", "!=", "<=", ">=", "<", ">"] {
        if let Some((left, right)) = text.split_once(operator) {
            let right = right.trim();
            let right = match quoted(right) {
                Some(text) => Value::from(text),
                None => serde_json::from_str(right)
                    .map_err(|_| format!("unrecognized value in filter: {right}"))?,
            };
            let compared = Some((operator.to_owned(), right));
            return Ok(Part::Filter(path(left.trim())?, compared));
        }
    }
    Ok(Part::Filter(path(text)?, None))
}

fn print(text: &mut String, nodes: &[Node], value: &Value) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Text(it) => *text += it,
            Node::Path(path) => {
                let found = find(path, value)?;
                let found: Vec<String> = found.into_iter().map(shown).collect();
                *text += &found.join(" ");
            }
            Node::Range(path, body) => {
                for item in find(path, value)? {
                    // A list that is not taken apart is one item at a time all the same.
                    match item {
                        Value::Array(items) if path.last() != Some(&Part::All) => {
                            for item in items {
                                print(text, body, item)?;
                            }
                        }
                        item => print(text, body, item)?,
                    }
                }
            }
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn find<'a>(path: &[Part], value: &'a Value) -> Result<Vec<&'a Value>, String> {
    let mut found = vec![value];
    for part in path {
        let mut next = Vec::new();
        for value in found {
            step(part, value, &mut next)?;
        }
        found = next;
    }
    Ok(found)
}

fn step<'a>(part: &Part, value: &'a Value, next: &mut Vec<&'a Value>) -> Result<(), String> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    match part {
        Part::Field(name) => next.extend(value.get(name)),
        Part::Names(names) => next.extend(names.iter().filter_map(|name| value.get(name))),
        Part::All => match value {
            Value::Object(fields) => next.extend(fields.values()),
            _ => next.extend(items),
        },
        Part::Deep => deep(value, next),
        Part::Index(index) if value.is_array() => {
            let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let at = if *index < 0 {
                len.saturating_add(*index)
            } else {
                *index
            };
            let item = usize::try_from(at).ok().and_then(|at| items.get(at));
            next.push(item.ok_or_else(|| {
                format!("array index out of bounds: index {index}, length {len}")
            })?);
        }
        Part::Index(_) => {}
        Part::Slice(from, to, step) => {
            let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let bound = |it: i64| {
                let at = if it < 0 { len.saturating_add(it) } else { it };
                usize::try_from(at.clamp(0, len)).unwrap_or(0)
            };
            let (from, to) = (bound(from.unwrap_or(0)), bound(to.unwrap_or(len)));
            let step = usize::try_from(*step).unwrap_or(1).max(1);
            let slice = items.get(from..to.max(from)).unwrap_or_default();
            next.extend(slice.iter().step_by(step));
        }
        Part::Filter(path, compared) => {
            for item in items {
                let left = find(path, item)?;
                let is_it = match (left.first(), compared) {
                    (Some(_), None) => true,
                    (Some(left), Some((operator, right))) => holds(left, operator, right),
                    (None, _) => false,
                };
                if is_it {
                    next.push(item);
                }
            }
        }
    }
    Ok(())
}

fn holds(left: &Value, operator: &str, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::String(left), Value::String(right)) => left.partial_cmp(right),
        _ => left.as_f64().partial_cmp(&right.as_f64()),
    };
    match operator {
        "==" => left == right,
        "!=" => left != right,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    }
}

fn deep<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(value);
    match value {
        Value::Array(items) => items.iter().for_each(|it| deep(it, found)),
        Value::Object(fields) => fields.values().for_each(|it| deep(it, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_what_they_say() {
        let value: Value = serde_json::from_str(
            r#"{"items": [{"n": "a", "l": {"k.io/x": "1"}, "c": [{"t": "R", "s": true}]},
                {"n": "b", "l": {}, "c": [{"t": "R", "s": false}, {"t": "D"}]}]}"#,
        )
        .unwrap();
        let check = |template: &str, want: &str| {
            let got = Template::read(template).and_then(|it| it.print(&value));
            assert_eq!(got.unwrap_or_else(|it| it), want, "{template}");
        };
        check("{.items[*].n}", "a b");
        check("x{.items[0].n}y", "xay");
        check("{.items[-1].n}", "b");
        check("{.items[0:1].n}", "a");
        check(r"{.items[*].l.k\.io/x}", "1");
        check("{.items[0].l['k.io/x']}", "1");
        check(
            "{range .items[*]}{.n}{\"\\t\"}{.c[0].s}{\"\\n\"}{end}",
            "a\ttrue\nb\tfalse\n",
        );
        check("{range .items[*]}{range .c[*]}{.t},{end};{end}", "R,;R,D,;");
        check("{.items[?(@.n==\"b\")].c[?(@.t==\"R\")].s}", "false");
        check("{.items[0].c}", r#"[{"s":true,"t":"R"}]"#);
        check("{..t}", "R R D");
        check("{.missing.field}", "");
        check("{$.items[0]['n']}", "a");
        check("{.a", "error: error parsing jsonpath {.a, unclosed action");
        check(
            "{.items[5].n}",
            "error: error executing jsonpath \"{.items[5].n}\": Error executing template: array index out of bounds: index 5, length 2",
        );
        check(
            "{end}",
            "error: error parsing jsonpath {end}, not in range, nothing to end",
        );
    }
}
