//! YAML as kubectl writes it.
//!
//! Models `yaml.Marshal`, `sigs.k8s.io/yaml`, of kubectl v1.34: keys in order, lists as deep as
//! their key, texts plain where they can be, long ones folded.

use serde_json::Value;

/// A document, without a line before it.
pub(crate) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => write(&mut text, value, 0),
        Value::Array(items) if !items.is_empty() => write(&mut text, value, 0),
        other => {
            text += &scalar(other, 0, 0);
            text.push('\n');
        }
    }
    text
}

/// The lines of a map or a list that is not empty. The first line's indentation is there already
/// if the text does not end in a line break.
fn write(text: &mut String, value: &Value, indent: usize) {
    let start = |text: &mut String| {
        if text.is_empty() || text.ends_with('\n') {
            *text += &" ".repeat(indent);
        }
    };
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            for (name, value) in fields {
                start(text);
                *text += &format!(
                    "{}:",
                    scalar(&Value::from(name.as_str()), indent, usize::MAX)
                );
                match value {
                    Value::Object(it) if !it.is_empty() => {
                        text.push('\n');
                        write(text, value, indent + 2);
                    }
                    Value::Array(it) if !it.is_empty() => {
                        text.push('\n');
                        write(text, value, indent);
                    }
                    value => line(text, value, indent),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                start(text);
                text.push('-');
                match item {
                    Value::Object(it) if !it.is_empty() => {
                        text.push(' ');
                        write(text, item, indent + 2);
                    }
                    Value::Array(it) if !it.is_empty() => {
                        text.push(' ');
                        write(text, item, indent + 2);
                    }
                    item => line(text, item, indent),
                }
            }
        }
        _ => {}
    }
}

/// Ends a line with a scalar.
fn line(text: &mut String, value: &Value, indent: usize) {
    text.push(' ');
    let begun = text.rfind('\n').map_or(0, |at| at + 1);
    let column = text[begun..].chars().count();
    *text += &scalar(value, indent, column);
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Where lines are folded.
const WIDTH: usize = 80;

/// A value that stands in one place. `column` is where it begins; keys, which must not be folded,
/// say the greatest.
fn scalar(value: &Value, indent: usize, column: usize) -> String {
    let text = match value {
        Value::String(text) => text,
        Value::Object(_) => return "{}".to_owned(),
        Value::Array(_) => return "[]".to_owned(),
        other => return other.to_string(),
    };
    let is_key = column == usize::MAX;
    let is_ragged = text.contains(" \n") || text.ends_with(' ');
    let is_of_lines = text.contains('\n');
    if text.contains(is_unprintable) || (is_of_lines && (is_ragged || is_key)) {
        let column = Some(column).filter(|_| !is_key);
        return double_quoted(text, indent + 2, column);
    }
    if is_of_lines {
        return literal(text, indent + 2);
    }
    if is_something_else(text) {
        return format!("\"{text}\"");
    }
    if is_plain(text) {
        return if is_key {
            text.clone()
        } else {
            folded(text, indent + 2, column)
        };
    }
    let quoted = text.replace('\'', "''");
    let quoted = if is_key {
        quoted
    } else {
        folded(&quoted, indent + 2, column + 1)
    };
    format!("'{quoted}'")
}

/// Models `is_printable`, go-yaml `yamlprivateh.go`.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{feff}' | '\u{fffe}'..)
}

/// Breaks lines at blanks behind the width, unless there is no column to begin at.
///
/// Models `yaml_emitter_write_double_quoted`, go-yaml `emitterc.go`.
fn double_quoted(text: &str, indent: usize, column: Option<usize>) -> String {
    let mut written = String::from("\"");
    let mut at = column.map_or(0, |it| it + 1);
    let mut after_blank = false;
    let mut chars = text.char_indices().peekable();
    while let Some((place, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if c == ' ' && column.is_some() && !after_blank && at > WIDTH && place > 0 && next.is_some()
        {
            written.push('\n');
            written += &" ".repeat(indent);
            at = indent;
            if next == Some(' ') {
                written.push('\\');
                at += 1;
            }
        } else {
            let before = written.len();
            escape(&mut written, c);
            at += written[before..].chars().count();
        }
        after_blank = c == ' ';
    }
    written.push('"');
    written
}

fn escape(text: &mut String, c: char) {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        c if !is_unprintable(c) => return text.push(c),
        c => {
            let code = u32::from(c);
            *text += &match code {
                ..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
            return;
        }
    };
    text.push('\\');
    text.push(short);
}

/// A text of several lines, each indented.
fn literal(text: &str, indent: usize) -> String {
    let body = text.trim_end_matches('\n');
    let keep = match text.len() - body.len() {
        0 => "-",
        1 if !body.is_empty() => "",
        _ => "+",
    };
    let hint = if text.starts_with([' ', '\n']) {
        "2"
    } else {
        ""
    };
    let mut written = format!("|{hint}{keep}\n");
    let lines = text.strip_suffix('\n').unwrap_or(text);
    for line in lines.split('\n') {
        if !line.is_empty() {
            written += &" ".repeat(indent);
        }
        written += line;
        written.push('\n');
    }
    written
}

/// Breaks lines at blanks behind the width.
fn folded(text: &str, indent: usize, column: usize) -> String {
    let mut written = String::with_capacity(text.len());
    let mut column = column;
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_text = chars.peek().is_some_and(|next| *next != ' ');
        if c == ' ' && before != ' ' && column > WIDTH && next_is_text {
            written.push('\n');
            written += &" ".repeat(indent);
            column = indent;
        } else {
            written.push(c);
            column += 1;
        }
        before = c;
    }
    written
}

/// Whether a reader would take the text for something other than a text.
fn is_something_else(text: &str) -> bool {
    let words = [
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "y",
        "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off",
        "OFF", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF", "+.inf",
        "+.Inf", "+.INF",
    ];
    words.contains(&text) || is_number(text) || is_date(text)
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = unsigned.replace('_', "");
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        if let Some(digits) = plain.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        }
    }
    // 1:30 was a number in base 60 once.
    let is_base_60 = plain.contains(':')
        && plain
            .split(':')
            .all(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit() || c == '.'));
    is_base_60 || (plain.parse::<f64>().is_ok() && plain.contains(|c: char| c.is_ascii_digit()))
}

/// `2026-01-01`, with or without a time behind it.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_at(text.find(['T', 't', ' ']).unwrap_or(text.len()));
    let parts: Vec<&str> = date.split('-').collect();
    let is_digits = |it: &str| it.bytes().all(|b| b.is_ascii_digit());
    let begins = match parts[..] {
        [year, month, day] => {
            let is_short = |it: &str| matches!(it.len(), 1 | 2) && is_digits(it);
            year.len() == 4 && is_digits(year) && is_short(month) && is_short(day)
        }
        _ => false,
    };
    begins && (time.is_empty() || objects::time::parse_rfc3339(text).is_some())
}

/// Whether a text can stand without quotes.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let second_is_blank = text.chars().nth(1).is_none_or(char::is_whitespace);
    let indicators = "#,[]{}&*!|>'\"%@`";
    let starts_badly = indicators.contains(first)
        || ("-?:".contains(first) && second_is_blank)
        || text.starts_with("---")
        || text.starts_with("...")
        || text.starts_with(' ')
        || text.ends_with([' ', ':']);
    !starts_badly && !text.contains(": ") && !text.contains(" #")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_kubectl_does() {
        let value: Value = serde_json::from_str(
            r#"{"b": {"x": [], "z": {}}, "a": [{"k": "v", "m": [1, [2, "3"]]}, "t"],
                "e": "", "yes": "on", "d": "2026-01-01T00:00:00Z", "c": "a: b", "q": "it's #1", "s": "'a'",
                "ll": "{\"k\":1}\n", "m": "a\n\nb", "k.io/x": null, "i": "10.0.0.1", "f": "1e3"}"#,
        )
        .unwrap();
        let want = "\
a:
- k: v
  m:
  - 1
  - - 2
    - \"3\"
- t
b:
  x: []
  z: {}
c: 'a: b'
d: \"2026-01-01T00:00:00Z\"
e: \"\"
f: \"1e3\"
i: 10.0.0.1
k.io/x: null
ll: |
  {\"k\":1}
m: |-
  a

  b
q: 'it''s #1'
s: '''a'''
\"yes\": \"on\"
";
        assert_eq!(yaml(&value), want);
        // What is written is read again as it was.
        let again = objects::decode::documents(&yaml(&value)).0.remove(0).value;
        assert_eq!(again, value);
    }

    #[test]
    fn long_texts_are_folded() {
        let text = "word ".repeat(30);
        let value = serde_json::json!({ "m": text.trim_end() });
        let text = yaml(&value);
        assert_eq!(text.lines().count(), 2, "{text}");
        let again = objects::decode::documents(&text).0.remove(0).value;
        assert_eq!(again, value);
    }
}
