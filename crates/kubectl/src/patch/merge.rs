//! Merge patches.

use serde_json::{Map, Value};

/// Merges a patch into a value: what it does not say stays, what it says is null goes.
///
/// Models RFC 7396.
pub fn merge(value: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        value.clone_from(patch);
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(fields) = value else {
        return;
    };
    for (name, change) in changes {
        match change {
            Value::Null => drop(fields.remove(name)),
            change => merge(fields.entry(name).or_insert(Value::Null), change),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_goes_and_lists_are_replaced() {
        let check = |value: &str, patch: &str, want: &str| {
            let read = |text: &str| objects::decode::documents(text).0.remove(0).value;
            let mut got = read(value);
            merge(&mut got, &read(patch));
            assert_eq!(got, read(want), "{value} {patch}");
        };
        check(
            "{a: 1, b: {c: 2, d: 3}}",
            "{b: {c: null, e: 4}}",
            "{a: 1, b: {d: 3, e: 4}}",
        );
        check("{a: 1}", "{a: {b: {c: null}}}", "{a: {b: {}}}");
        check(
            "{containers: [{name: a, image: x}, {name: b}]}",
            "{containers: [{name: a, $patch: delete}]}",
            "{containers: [{name: a, $patch: delete}]}",
        );
    }
}
