//! Paths find values.
//!
//! Models client-go `util/jsonpath/jsonpath.go`, v1.34, keys allowed to be missing.

use serde_json::Value;

use super::{Bound, Part};

pub(super) fn find<'a>(path: &[Part], value: &'a Value) -> Result<Vec<&'a Value>, String> {
    find_in(path, vec![value])
}

fn find_in<'a>(path: &[Part], mut found: Vec<&'a Value>) -> Result<Vec<&'a Value>, String> {
    for part in path {
        found = match part {
            Part::Union(paths) => {
                let each = paths.iter().map(|path| find_in(path, found.clone()));
                each.collect::<Result<Vec<_>, _>>()?.concat()
            }
            part => {
                let mut next = Vec::new();
                for value in found {
                    step(part, value, &mut next)?;
                }
                next
            }
        };
    }
    Ok(found)
}

fn step<'a>(part: &Part, value: &'a Value, next: &mut Vec<&'a Value>) -> Result<(), String> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    match part {
        Part::Field(name) => next.extend(value.get(name)),
        Part::Wildcard => match value {
            Value::Object(fields) => next.extend(fields.values()),
            _ => next.extend(items),
        },
        Part::Deep => deep(value, next),
        Part::Slice(from, to, by) => match value {
            Value::Array(items) => next.extend(slice(items, *from, *to, *by)?),
            Value::Null => {}
            other => return Err(format!("{} is not array or slice", go_type(other))),
        },
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
        Part::Union(_) => {}
    }
    Ok(())
}

/// Models `evalArray`.
fn slice(
    items: &[Value],
    from: Bound,
    to: Bound,
    by: Bound,
) -> Result<impl Iterator<Item = &Value>, String> {
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let from = match from {
        Bound::Unknown => 0,
        Bound::Known(at) | Bound::Derived(at) if at < 0 => at.saturating_add(len),
        Bound::Known(at) | Bound::Derived(at) => at,
    };
    let to = match to {
        Bound::Unknown => len,
        // The end of the last item's index.
        Bound::Derived(0) => len,
        Bound::Known(at) | Bound::Derived(at) if at < 0 => at.saturating_add(len),
        Bound::Known(at) | Bound::Derived(at) => at,
    };
    let by = match by {
        Bound::Unknown => 1,
        Bound::Known(by) | Bound::Derived(by) => by,
    };
    if from != to {
        let outside = |at: i64| format!("array index out of bounds: index {at}, length {len}");
        if from < 0 || from >= len {
            return Err(outside(from));
        }
        if to < 0 || to > len {
            return Err(outside(to.saturating_sub(1)));
        }
        if from > to {
            return Err(format!(
                "starting index {from} is greater than ending index {to}"
            ));
        }
        if by < 1 {
            return Err("step must be > 0".to_owned());
        }
    }
    let place = |at: i64| usize::try_from(at).unwrap_or(0);
    let slice = items.get(place(from)..place(to)).unwrap_or_default();
    Ok(slice.iter().step_by(place(by).max(1)))
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "nil",
        Value::Bool(_) => "bool",
        Value::Number(it) if it.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
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
