//! Objects that no describer of its own tells of.
//!
//! Models `GenericDescriber`: what they are, and their fields by their names in words.

use serde_json::Value;

use super::{Text, metadata, scalar};
use crate::live::Live;

pub(super) fn describe(live: &Live) -> Text {
    let mut text = Text::default();
    text.line(0, &format!("Name:\t{}", live.name()));
    text.line(0, &format!("Namespace:\t{}", live.namespace()));
    metadata::labels(&mut text, 0, "Labels", &live.labels());
    metadata::annotations(&mut text, 0, &live.annotations());
    let skipped = [
        "managedFields",
        "name",
        "namespace",
        "labels",
        "annotations",
    ];
    if let Value::Object(fields) = live.value() {
        for (name, value) in &fields {
            if name != "metadata" {
                field(&mut text, 0, name, value);
                continue;
            }
            text.line(0, "Metadata:");
            for (name, value) in value.as_object().into_iter().flatten() {
                if !skipped.contains(&name.as_str()) {
                    field(&mut text, 1, name, value);
                }
            }
        }
    }
    text
}

/// Models `printUnstructuredContent`.
fn field(text: &mut Text, level: usize, name: &str, value: &Value) {
    let title = smart_label(name);
    match value {
        Value::Object(fields) => {
            text.line(level, &format!("{title}:"));
            for (name, value) in fields {
                field(text, level + 1, name, value);
            }
        }
        Value::Array(values) => {
            text.line(level, &format!("{title}:"));
            for value in values {
                match value {
                    Value::Object(fields) => {
                        for (name, value) in fields {
                            field(text, level + 1, name, value);
                        }
                    }
                    value => text.line(level + 1, &scalar(value)),
                }
            }
        }
        value => text.line(level, &format!("{title}:\t{}", scalar(value))),
    }
}

/// `apiVersion` as `API Version`.
///
/// Models `smartLabelFor`.
fn smart_label(name: &str) -> String {
    const ACRONYMS: [&str; 7] = ["API", "URL", "UID", "OSB", "GUID", "ID", "IP"];
    let mut words: Vec<String> = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|it| chars.get(it));
        let after = chars.get(i + 1);
        let starts = match before {
            None => true,
            Some(before) if c.is_uppercase() => {
                !before.is_uppercase() || after.is_some_and(|it| it.is_lowercase())
            }
            Some(_) => false,
        };
        match words.last_mut() {
            Some(word) if !starts => word.push(*c),
            _ => words.push(c.to_string()),
        }
    }
    let words = words.into_iter().map(|word| {
        let upper = word.to_uppercase();
        if ACRONYMS.contains(&upper.as_str()) {
            return upper;
        }
        let mut chars = word.chars();
        let first = chars.next().map(|it| it.to_uppercase().to_string());
        first.unwrap_or_default() + chars.as_str()
    });
    words.collect::<Vec<_>>().join(" ")
}
