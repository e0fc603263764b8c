//! `apply`: the last applied manifest, the new one and the live object become one.

use serde_json::{Map, Value, json};

use crate::patch::{difference, merge_key, ordered};

/// The annotation that holds the manifest last applied.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A manifest's object with itself, as JSON, in its annotation.
///
/// Models `GetModifiedConfiguration`, kubectl `pkg/util/apply.go`, v1.34.
pub fn with_last_applied(mut value: Value) -> Value {
    let mut annotations = match value.pointer_mut("/metadata/annotations") {
        Some(Value::Object(annotations)) => std::mem::take(annotations),
        _ => Map::new(),
    };
    annotations.remove(LAST_APPLIED);
    let mut put = |annotations: &Map<String, Value>| {
        if let Value::Object(object) = &mut value
            && let Value::Object(metadata) = object.entry("metadata").or_insert_with(|| json!({}))
        {
            metadata.insert("annotations".into(), Value::Object(annotations.clone()));
        }
        format!("{value}\n")
    };
    let text = put(&annotations);
    annotations.insert(LAST_APPLIED.into(), text.into());
    put(&annotations);
    value
}

/// What the live object becomes: what the manifest says is so, what it no longer says is gone,
/// what it never said stays.
///
/// Models the three-way patch of `kubectl apply`, apimachinery `pkg/util/strategicpatch`, v1.34.
pub fn merged(live: &Value, new: &Value) -> Value {
    let new = with_last_applied(new.clone());
    merge_objects(&last_applied(live), &new, live)
}

/// The patch that makes it so.
pub(crate) fn patch_of(live: &Value, new: &Value) -> Value {
    let new = with_last_applied(new.clone());
    Value::Object(difference(&last_applied(live), &new, live))
}

fn last_applied(live: &Value) -> Value {
    let last = live["metadata"]["annotations"][LAST_APPLIED].as_str();
    last.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn merge_objects(last: &Value, new: &Value, live: &Value) -> Value {
    let (Value::Object(new_fields), Value::Object(live_fields)) = (new, live) else {
        return new.clone();
    };
    let mut merged: Map<String, Value> = live_fields
        .iter()
        .filter(|(name, _)| new_fields.contains_key(*name) || last.get(name.as_str()).is_none())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in new_fields {
        let last = &last[name];
        let value = match (value, live_fields.get(name)) {
            (Value::Object(_), Some(live)) => merge_objects(last, value, live),
            (Value::Array(items), Some(Value::Array(live))) => match merge_key(name) {
                Some(key) => merge_lists(key, last, items, live),
                None => value.clone(),
            },
            _ => value.clone(),
        };
        merged.insert(name.clone(), value);
    }
    Value::Object(merged)
}

fn merge_lists(key: &str, last: &Value, new: &[Value], live: &[Value]) -> Value {
    let none = Value::Null;
    let find = |list: &[Value], id: &Value| list.iter().find(|item| item[key] == *id).cloned();
    let last = last.as_array().map_or(&[][..], Vec::as_slice);
    let mut merged: Vec<Value> = new
        .iter()
        .map(|item| match find(live, &item[key]) {
            Some(live) => {
                merge_objects(&find(last, &item[key]).unwrap_or(none.clone()), item, &live)
            }
            None => item.clone(),
        })
        .collect();
    // What somebody else put in stays where it is.
    merged.extend(
        live.iter()
            .filter(|item| find(new, &item[key]).is_none() && find(last, &item[key]).is_none())
            .cloned(),
    );
    let keys: Vec<Value> = new.iter().map(|item| item[key].clone()).collect();
    Value::Array(ordered(merged, &keys, live, key))
}

/// What a server-side apply makes of the live object: what the manifest says is so, all else
/// stays. Who manages which field is not kept.
pub(crate) fn merged_by_server(live: &Value, new: &Value) -> Value {
    merge_objects(&Value::Null, new, live)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(last: &str, new: &str, live: &str, want: &str) {
        let read = |text: &str| serde_yaml_value(text);
        let mut live = read(live);
        live["metadata"]["annotations"][LAST_APPLIED] = format!("{}\n", read(last)).into();
        let mut got = merged(&live, &read(new));
        got.as_object_mut().map(|it| it.remove("metadata"));
        assert_eq!(got, read(want));
    }

    fn serde_yaml_value(text: &str) -> Value {
        objects::decode::documents(text).0.remove(0).value
    }

    #[test]
    fn what_was_never_in_the_file_stays_and_what_left_it_goes() {
        check(
            "{a: 1, b: 2}",
            "{a: 3}",
            "{a: 1, b: 2, c: 4}",
            "{a: 3, c: 4}",
        );
        check(
            "{m: {x: 1}}",
            "{m: {y: 2}}",
            "{m: {x: 1, z: 3}}",
            "{m: {y: 2, z: 3}}",
        );
        check(
            "{tolerations: [{key: a}]}",
            "{tolerations: [{key: b}]}",
            "{tolerations: [{key: a}, {key: c}]}",
            "{tolerations: [{key: b}]}",
        );
    }

    #[test]
    fn containers_are_merged_by_name() {
        check(
            "{containers: [{name: a, image: x}, {name: b}]}",
            "{containers: [{name: a, image: y}]}",
            "{containers: [{name: a, image: x, imagePullPolicy: Always}, {name: b}, {name: injected}]}",
            "{containers: [{name: a, image: y, imagePullPolicy: Always}, {name: injected}]}",
        );
        check(
            "{containers: [{name: a}, {name: b}]}",
            "{containers: [{name: a}, {name: b}]}",
            "{containers: [{name: extra}, {name: a}, {name: b}]}",
            "{containers: [{name: extra}, {name: a}, {name: b}]}",
        );
    }
}
