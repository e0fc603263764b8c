//! JSON as kubectl indents it.

use serde_json::Value;

/// Four blanks a level, keys in order.
pub(crate) fn json(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.push('\n');
    text
}

/// In one line, keys in order, as Go's `json.Marshal` writes it.
pub(super) fn compact(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let field =
                |(name, value): (&String, &Value)| format!("{}:{}", quoted(name), compact(value));
            let fields: Vec<String> = fields.into_iter().map(field).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// As Go escapes a text.
pub(super) fn quoted(text: &str) -> String {
    let text = Value::from(text).to_string();
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn write(text: &mut String, value: &Value, level: usize) {
    let indent = "    ".repeat(level + 1);
    let end = "    ".repeat(level);
    match value {
        Value::Array(items) if !items.is_empty() => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                *text += if i == 0 { "\n" } else { ",\n" };
                *text += &indent;
                write(text, item, level + 1);
            }
            *text += &format!("\n{end}]");
        }
        Value::Object(fields) if !fields.is_empty() => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (i, (name, value)) in fields.into_iter().enumerate() {
                *text += if i == 0 { "\n" } else { ",\n" };
                *text += &format!("{indent}{}: ", quoted(name));
                write(text, value, level + 1);
            }
            *text += &format!("\n{end}}}");
        }
        Value::String(it) => *text += &quoted(it),
        other => *text += &other.to_string(),
    }
}
