//! The patch that `apply` sends.
//!
//! Models `CreateThreeWayMergePatch`, apimachinery `pkg/util/strategicpatch/patch.go`, v1.34.

use serde_json::{Map, Value, json};

use super::merge_key;

/// What has to be patched for the live object to become as the new manifest says, which the last
/// one did not: `null` is what goes.
pub(crate) fn difference(last: &Value, new: &Value, live: &Value) -> Map<String, Value> {
    let none = Map::new();
    let fields = |value: &'_ Value| value.as_object().cloned().unwrap_or_else(|| none.clone());
    let (last, new, live) = (fields(last), fields(new), fields(live));
    let mut changes = Map::new();
    for (name, value) in &new {
        let before = last.get(name).unwrap_or(&Value::Null);
        match (live.get(name), value, merge_key(name)) {
            (Some(there), Value::Object(_), _) if there.is_object() => {
                let inner = difference(before, value, there);
                if !inner.is_empty() {
                    changes.insert(name.clone(), Value::Object(inner));
                }
            }
            (Some(Value::Array(there)), Value::Array(items), Some(key)) => {
                let inner = of_lists(before, items, there, key, name == "volumes");
                if !inner.is_empty() {
                    let order = items.iter().map(|it| json!({ key: it[key] }));
                    changes.insert(format!("$setElementOrder/{name}"), order.collect());
                    changes.insert(name.clone(), Value::Array(inner));
                }
            }
            (Some(there), value, _) if there == value => {}
            (_, value, _) => drop(changes.insert(name.clone(), value.clone())),
        }
    }
    for name in last.keys().filter(|name| !new.contains_key(*name)) {
        changes.insert(name.clone(), Value::Null);
    }
    changes
}

fn of_lists(last: &Value, new: &[Value], live: &[Value], key: &str, retains: bool) -> Vec<Value> {
    let none = Value::Null;
    let last = last.as_array().map_or(&[][..], Vec::as_slice);
    let find = |of: &'_ [Value], item: &Value| of.iter().find(|it| it[key] == item[key]).cloned();
    let mut changes = Vec::new();
    for item in new {
        let Some(there) = find(live, item) else {
            changes.push(item.clone());
            continue;
        };
        let before = find(last, item).unwrap_or_else(|| none.clone());
        let mut change = difference(&before, item, &there);
        if change.is_empty() {
            continue;
        }
        change.insert(key.to_owned(), item[key].clone());
        if let Some(fields) = item.as_object().filter(|_| retains) {
            let mut kept: Vec<&String> = fields.keys().collect();
            kept.sort();
            change.insert("$retainKeys".to_owned(), json!(kept));
        }
        changes.push(Value::Object(change));
    }
    for gone in last.iter().filter(|it| find(new, it).is_none()) {
        changes.push(json!({ "$patch": "delete", key: gone[key] }));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_patched() {
        let check = |last: &str, new: &str, live: &str, want: &str| {
            let read = |text: &str| objects::decode::documents(text).0.remove(0).value;
            let got = Value::Object(difference(&read(last), &read(new), &read(live)));
            assert_eq!(got, read(want), "{new}");
        };
        check("{a: 1}", "{a: 1}", "{a: 1, b: 2}", "{}");
        check("{a: 1, b: 2}", "{a: 3}", "{a: 1, b: 2}", "{a: 3, b: null}");
        check(
            "{containers: [{name: a, image: x}, {name: b}]}",
            "{containers: [{name: a, image: y}]}",
            "{containers: [{name: a, image: x, z: 1}, {name: b}]}",
            "{$setElementOrder/containers: [{name: a}], containers: [{name: a, image: y}, {$patch: delete, name: b}]}",
        );
        check(
            "{volumes: [{name: a, emptyDir: {}}]}",
            "{volumes: [{name: a, hostPath: {path: /x}}]}",
            "{volumes: [{name: a, emptyDir: {}}]}",
            "{$setElementOrder/volumes: [{name: a}], volumes: [{$retainKeys: [hostPath, name], name: a, hostPath: {path: /x}, emptyDir: null}]}",
        );
    }
}
