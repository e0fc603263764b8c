//! How Go prints a value: fields with their types, in the order of the source, also those that
//! hold nothing.
//!
//! Values are as in a cluster, where a template has been through protobuf: lists and maps that are
//! empty are the same as none.
//!
//! Models `%#v` of go-spew, as `pkg/util/hash/hash.go`, v1.31, configures it.

use std::fmt::{Result, Write};

use serde_json::Value;

use super::{
    go_types::{GoField, GoType, JsonName, Struct},
    quantity,
};

/// What a field of type `v1.Time` prints that holds no time. When it holds one, the text depends
/// on the time zone of the process that prints it, so it is not modelled.
const NO_TIME: &str = "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";

/// Writes a value with its type, as Go names it. What does not fit the type counts as its zero.
pub(super) fn write(out: &mut impl Write, type_: &str, value: &Value) -> Result {
    write!(out, "({type_})")?;
    write_value(out, type_, value)
}

fn write_value(out: &mut impl Write, type_: &str, value: &Value) -> Result {
    match GoType::of(type_) {
        GoType::Pointer(_) if value.is_null() => out.write_str("<nil>"),
        GoType::Pointer(to) => write_value(out, to, value),
        GoType::Slice(of) => match value.as_array() {
            Some(items) if !items.is_empty() => {
                let items = items.iter();
                write_all(out, '[', items, ']', |out, item| write_value(out, of, item))
            }
            _ => out.write_str("<nil>"),
        },
        GoType::Map(to) => match value.as_object() {
            // In the order of the keys, here as there.
            Some(entries) if !entries.is_empty() => {
                out.write_str("map")?;
                write_all(out, '[', entries, ']', |out, (key, value)| {
                    write!(out, "{key}:")?;
                    write_value(out, to, value)
                })
            }
            _ => out.write_str("<nil>"),
        },
        GoType::Struct(of) => write_struct(out, of, value),
        GoType::Bool => write!(out, "{}", value.as_bool().unwrap_or_default()),
        GoType::Integer => write!(out, "{}", value.as_i64().unwrap_or_default()),
        GoType::String => out.write_str(value.as_str().unwrap_or_default()),
        GoType::IntOrString => write_int_or_string(out, value),
        GoType::Quantity => quantity::write(out, value),
        GoType::Time => out.write_str(NO_TIME),
    }
}

fn write_struct(out: &mut impl Write, of: Struct, value: &Value) -> Result {
    write_all(
        out,
        '{',
        of.fields(),
        '}',
        |out, GoField { name, json, type_ }| {
            write!(out, "{name}:")?;
            let field = match json {
                JsonName::Embedded => Some(value),
                JsonName::Named(json) => value.get(json),
                JsonName::Lowered => value.get(lowered(name)),
            };
            write(out, type_, field.unwrap_or(&Value::Null))
        },
    )
}

fn lowered(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_lowercase() + rest
}

fn write_int_or_string(out: &mut impl Write, value: &Value) -> Result {
    let text = value.as_str();
    write!(
        out,
        "{{Type:(intstr.Type){} IntVal:(int32){} StrVal:(string){}}}",
        u8::from(text.is_some()),
        value.as_i64().unwrap_or_default(),
        text.unwrap_or_default()
    )
}

/// Writes items between two brackets, a space between each two.
fn write_all<W: Write, T>(
    out: &mut W,
    open: char,
    items: impl IntoIterator<Item = T>,
    close: char,
    mut write_item: impl FnMut(&mut W, T) -> Result,
) -> Result {
    out.write_char(open)?;
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.write_char(' ')?;
        }
        write_item(out, item)?;
    }
    out.write_char(close)
}
