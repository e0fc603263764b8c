//! Templates are read.
//!
//! Models client-go `util/jsonpath/parser.go`, v1.34.

use serde_json::Value;

use super::{Bound, Node, Part, Template};

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// In kubectl's words, where it has some.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let nodes = nodes(text);
        Ok(Self {
            text: text.to_owned(),
            nodes: nodes.map_err(|why| format!("error: error parsing jsonpath {text}, {why}"))?,
        })
    }
}

fn nodes(text: &str) -> Result<Vec<Node>, String> {
    let mut open: Vec<(Vec<Part>, Vec<Node>)> = Vec::new();
    let mut nodes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        if at > 0 {
            nodes.push(Node::Text(rest[..at].to_owned()));
        }
        let (action, behind) = action(&rest[at + 1..])?;
        rest = behind;
        let action = action.trim();
        if action == "end" {
            let Some((path, outer)) = open.pop() else {
                nodes.push(Node::End);
                continue;
            };
            let body = std::mem::replace(&mut nodes, outer);
            nodes.push(Node::Range(path, body));
        } else if let Some(of) = action.strip_prefix("range ") {
            open.push((path(of.trim())?, std::mem::take(&mut nodes)));
        } else if let Some(text) = quoted(action) {
            nodes.push(Node::Text(text));
        } else {
            nodes.push(Node::Path(path(action)?));
        }
    }
    if !rest.is_empty() {
        nodes.push(Node::Text(rest.to_owned()));
    }
    // What is in a range without end is gone through once more behind it.
    while let Some((path, outer)) = open.pop() {
        let body = std::mem::replace(&mut nodes, outer);
        nodes.push(Node::Range(path, body.clone()));
        nodes.extend(body);
    }
    Ok(nodes)
}

/// What stands before the brace that closes, and what behind it.
fn action(text: &str) -> Result<(&str, &str), String> {
    let (mut quote, mut escaped, mut brackets) = (None, false, Vec::new());
    for (at, c) in text.char_indices() {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('[' | '(', None) => brackets.push(c),
            (']' | ')', None) => drop(brackets.pop()),
            ('}', None) => return Ok((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    Err(match brackets.last() {
        Some('(') => "unterminated filter",
        Some(_) => "unterminated array",
        None if quote.is_some() => "unterminated quoted string",
        None => "unclosed action",
    }
    .to_owned())
}

/// The text between quotes.
///
/// Models `UnquoteExtend`.
fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let inner = text[1..].strip_suffix(quote)?;
    let mut unescaped = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            unescaped.push(c);
            continue;
        }
        let escaped = chars.next()?;
        let (digits, radix) = match escaped {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='7' => (2, 8),
            _ => (0, 0),
        };
        let mut code = escaped.to_digit(8).filter(|_| radix == 8).unwrap_or(0);
        for _ in 0..digits {
            let digit = chars.next()?.to_digit(radix)?;
            code = code.checked_mul(radix)?.checked_add(digit)?;
        }
        unescaped.push(match escaped {
            _ if digits > 0 => char::from_u32(code)?,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            other => other,
        });
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
            subscript(inside, &mut parts)?;
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
        "*" => parts.push(Part::Wildcard),
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

/// Models `parseArray`.
fn subscript(text: &str, parts: &mut Vec<Part>) -> Result<(), String> {
    if let Some(filter) = text.strip_prefix("?(") {
        let filter = filter.strip_suffix(')').ok_or("unterminated filter")?;
        parts.push(compare(filter.trim())?);
        return Ok(());
    }
    if text.contains(',') {
        let one = |text: &str| {
            let mut parts = Vec::new();
            subscript(text.trim_matches(' '), &mut parts).map(|()| parts)
        };
        let all = text.split(',').map(one);
        parts.push(Part::Union(all.collect::<Result<_, String>>()?));
        return Ok(());
    }
    let name = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    if let Some(name) = name.filter(|it| !it.contains('\'')) {
        parts.extend(path(&format!(".{name}"))?);
        return Ok(());
    }
    let invalid = || format!("invalid array index {text}");
    let bound = |text: &str| match text {
        "" => Ok(Bound::Unknown),
        text => text.parse().map(Bound::Known).map_err(|_| invalid()),
    };
    let bounds: Vec<&str> = if text == "*" {
        vec!["", ""]
    } else {
        text.split(':').collect()
    };
    parts.push(match bounds[..] {
        [index] => match bound(index)? {
            Bound::Known(at) => Part::Slice(
                Bound::Known(at),
                Bound::Derived(at.saturating_add(1)),
                Bound::Unknown,
            ),
            _ => return Err(invalid()),
        },
        [from, to] => Part::Slice(bound(from)?, bound(to)?, Bound::Unknown),
        [from, to, step] => Part::Slice(bound(from)?, bound(to)?, bound(step)?),
        _ => return Err(invalid()),
    });
    Ok(())
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
