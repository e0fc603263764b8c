//! Strategic merge patches.
//!
//! Models `StrategicMergePatch`, apimachinery `pkg/util/strategicpatch/patch.go`, v1.34, but for
//! lists of mere values that are merged (`finalizers`).

use serde_json::{Map, Value};

use super::ordered;
use crate::print::go_value;

/// Merges a patch into a value, lists of things that have names by these.
///
/// # Errors
/// If an item does not have the name by which its list is merged.
pub fn merge_strategically(value: &mut Value, patch: &Value) -> Result<(), String> {
    let Value::Object(changes) = patch else {
        value.clone_from(patch);
        return Ok(());
    };
    let directive = changes.get("$patch").and_then(Value::as_str);
    if directive.is_some_and(|it| it != "merge") || !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(fields) = value else {
        return Ok(());
    };
    if directive == Some("delete") {
        return Ok(());
    }
    if let Some(Value::Array(kept)) = changes.get("$retainKeys") {
        fields.retain(|name, _| kept.iter().any(|it| it == name));
    }
    for (name, change) in changes.iter().filter(|(name, _)| !name.starts_with('$')) {
        let there = fields.get_mut(name);
        match (change, there, merge_key(name)) {
            (Value::Null, ..) => drop(fields.remove(name)),
            (Value::Array(items), there, Some(key)) => {
                let before = there.and_then(|it| it.as_array().cloned());
                let order = &changes.get(&format!("$setElementOrder/{name}"));
                let order = order.and_then(Value::as_array).map(Vec::as_slice);
                let merged = merge_list(before.unwrap_or_default(), items, key, order)?;
                fields.insert(name.clone(), Value::Array(merged));
            }
            (change, Some(there), _) => merge_strategically(there, change)?,
            (change, None, _) => {
                let mut new = Value::Null;
                merge_strategically(&mut new, change)?;
                fields.insert(name.clone(), new);
            }
        }
    }
    // An order alone is one, too.
    for (name, order) in changes {
        if let Some(list) = name.strip_prefix("$setElementOrder/")
            && !changes.contains_key(list)
            && let (Some(key), Some(order)) = (merge_key(list), order.as_array())
            && let Some(Value::Array(items)) = fields.get_mut(list)
        {
            let before = std::mem::take(items);
            *items = merge_list(before, &[], key, Some(order))?;
        }
    }
    Ok(())
}

/// The field by which items of a list are told apart; other lists are replaced whole.
///
/// Models the `patchMergeKey` tags of api `core/v1/types.go`, v1.34.
pub(crate) fn merge_key(list: &str) -> Option<&'static str> {
    match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets" => Some("name"),
        "ports" => Some("containerPort"),
        "volumeMounts" => Some("mountPath"),
        "volumeDevices" => Some("devicePath"),
        "conditions" | "addresses" => Some("type"),
        "ownerReferences" => Some("uid"),
        "hostAliases" => Some("ip"),
        "topologySpreadConstraints" => Some("topologyKey"),
        _ => None,
    }
}

fn merge_list(
    before: Vec<Value>,
    items: &[Value],
    key: &str,
    order: Option<&[Value]>,
) -> Result<Vec<Value>, String> {
    let is_replaced = items
        .iter()
        .any(|item| item["$patch"] == "replace" && item.get(key).is_none());
    let mut merged = if is_replaced {
        Vec::new()
    } else {
        before.clone()
    };
    let mut patched = Vec::new();
    for item in items.iter().filter(|it| it["$patch"] != "replace") {
        let Some(id) = item.get(key) else {
            let map = go_value::plain(item);
            return Err(format!(
                "map: {map} does not contain declared merge key: {key}"
            ));
        };
        if item["$patch"] == "delete" {
            merged.retain(|it| it[key] != *id);
            continue;
        }
        patched.push(id.clone());
        match merged.iter_mut().find(|it| it[key] == *id) {
            Some(there) => merge_strategically(there, item)?,
            None => {
                let mut new = Value::Null;
                merge_strategically(&mut new, item)?;
                merged.push(new);
            }
        }
    }
    let order = order.map(|order| order.iter().map(|it| it[key].clone()).collect());
    Ok(ordered(merged, &order.unwrap_or(patched), &before, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_merged_by_name() {
        let check = |value: &str, patch: &str, want: Result<&str, &str>| {
            let read = |text: &str| objects::decode::documents(text).0.remove(0).value;
            let mut value = read(value);
            let got = merge_strategically(&mut value, &read(patch)).map(|()| value);
            assert_eq!(got, want.map(read).map_err(str::to_owned), "{patch}");
        };
        check(
            "{a: 1, b: {c: 2, d: 3}}",
            "{b: {c: null, e: 4}}",
            Ok("{a: 1, b: {d: 3, e: 4}}"),
        );
        let containers = "{containers: [{name: a, image: x, x: 1}, {name: b}]}";
        check(
            containers,
            "{containers: [{name: a, image: y}]}",
            Ok("{containers: [{name: a, image: y, x: 1}, {name: b}]}"),
        );
        check(
            containers,
            "{containers: [{name: c}]}",
            Ok("{containers: [{name: c}, {name: a, image: x, x: 1}, {name: b}]}"),
        );
        check(
            containers,
            "{containers: [{name: c}], $setElementOrder/containers: [{name: b}, {name: c}]}",
            Ok("{containers: [{name: a, image: x, x: 1}, {name: b}, {name: c}]}"),
        );
        check(
            containers,
            "{$setElementOrder/containers: [{name: b}, {name: a}]}",
            Ok("{containers: [{name: b}, {name: a, image: x, x: 1}]}"),
        );
        check(
            containers,
            "{containers: [{name: c}, {$patch: replace}]}",
            Ok("{containers: [{name: c}]}"),
        );
        check(
            containers,
            "{containers: [{image: 'q:1', args: [a, b]}]}",
            Err("map: map[args:[a b] image:q:1] does not contain declared merge key: name"),
        );
        check(
            "{containers: [{name: a}, {name: b}], tolerations: [{key: a}]}",
            "{containers: [{name: a, $patch: delete}], tolerations: [{key: b}]}",
            Ok("{containers: [{name: b}], tolerations: [{key: b}]}"),
        );
        check(
            "{s: {type: RollingUpdate, rollingUpdate: {x: 1}}}",
            "{s: {$retainKeys: [type], type: OnDelete}}",
            Ok("{s: {type: OnDelete}}"),
        );
        check(
            "{s: {a: 1}}",
            "{s: {$patch: replace, b: 2}}",
            Ok("{s: {b: 2}}"),
        );
        check("{s: {a: 1}}", "{s: {$patch: delete}}", Ok("{s: {}}"));
    }
}
