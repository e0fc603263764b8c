//! Values as YAML that people like to read, and that reads back the same.

use serde_json::{Map, Value};

/// Writes what stands behind `KEY:`, over as many lines as it takes, these indented so far.
pub(crate) fn block(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            out.push('\n');
            for (name, value) in fields {
                entry(out, name, value, indent);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            items.iter().for_each(|it| item(out, it, indent));
        }
        Value::String(text) => text_block(out, text, indent),
        other => {
            out.push(' ');
            out.push_str(&flow(other));
            out.push('\n');
        }
    }
}

fn entry(out: &mut String, name: &str, value: &Value, indent: usize) {
    *out += &format!("{:indent$}{}:", "", key(name));
    block(out, value, indent + 2);
}

/// Writes an item of a list.
pub(crate) fn item(out: &mut String, value: &Value, indent: usize) {
    *out += &format!("{:indent$}-", "");
    match value {
        Value::Object(fields) if !fields.is_empty() => first_beside_dash(out, fields, indent + 2),
        other => block(out, other, indent + 2),
    }
}

fn first_beside_dash(out: &mut String, fields: &Map<String, Value>, indent: usize) {
    for (i, (name, value)) in fields.iter().enumerate() {
        match i {
            0 => {
                *out += &format!(" {}:", key(name));
                block(out, value, indent + 2);
            }
            _ => entry(out, name, value, indent),
        }
    }
}

/// Writes a text behind `KEY:`, in lines where it has lines.
pub(crate) fn text_block(out: &mut String, text: &str, indent: usize) {
    let (body, sign) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    let can_stand_in_lines = text.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && !body.ends_with('\n')
        && body.chars().all(|it| it == '\n' || is_printable(it))
        && body
            .lines()
            .all(|it| it.is_empty() || !it.trim().is_empty())
        && !body.is_empty();
    if !can_stand_in_lines {
        *out += &format!(" {}\n", scalar(text, false));
        return;
    }
    *out += &format!(" {sign}\n");
    for line in body.lines() {
        match line {
            "" => out.push('\n'),
            line => *out += &format!("{:indent$}{line}\n", ""),
        }
    }
}

/// A value on one line.
pub(crate) fn flow(value: &Value) -> String {
    let list = |parts: Vec<String>, open: char, close: char| match parts.is_empty() {
        true => format!("{open}{close}"),
        false => format!("{open} {} {close}", parts.join(", ")),
    };
    match value {
        Value::String(text) => scalar(text, true),
        Value::Array(items) => list(items.iter().map(flow).collect(), '[', ']'),
        Value::Object(fields) => {
            let parts = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", key(name), flow(value)));
            list(parts.collect(), '{', '}')
        }
        other => other.to_string(),
    }
}

/// The name of a field.
pub(crate) fn key(name: &str) -> String {
    scalar(name, true)
}

fn scalar(text: &str, is_in_flow: bool) -> String {
    match is_plain(text, is_in_flow) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// What YAML, 1.1 or 1.2, does not take for text.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

fn is_plain(text: &str, is_in_flow: bool) -> bool {
    let ordinary = |c: char| {
        c.is_ascii_alphanumeric() || " _-./@=+()'".contains(c) || (!is_in_flow && ",:".contains(c))
    };
    // No number has one of these letters; a duration has.
    let is_no_number = text.starts_with(|c: char| c.is_ascii_alphabetic())
        || text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['s', 'm', 'h']);
    is_no_number
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && text.chars().all(ordinary)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_printable(c) => quoted.push(c),
            c => quoted += &format!("\\U{:08X}", u32::from(c)),
        }
    }
    quoted.push('"');
    quoted
}

/// What can stand in YAML as it is, and ends no line.
fn is_printable(c: char) -> bool {
    !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        && matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
