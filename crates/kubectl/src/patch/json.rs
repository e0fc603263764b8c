//! JSON patches.

use serde_json::Value;

/// Does the operations of a JSON patch, RFC 6902.
///
/// # Errors
/// The first that cannot be done.
pub fn operate(value: &mut Value, patch: &Value) -> Result<(), String> {
    let Value::Array(operations) = patch else {
        return Err("a JSON patch is a list of operations".to_owned());
    };
    for operation in operations {
        let text = |field: &str| operation[field].as_str().unwrap_or_default();
        let (path, from) = (text("path"), text("from"));
        let given = || operation["value"].clone();
        let missing =
            |at: &str| format!("{} operation does not apply: {at} is missing", text("op"));
        match text("op") {
            "add" => add(value, path, given())?,
            "remove" => drop(remove(value, path).ok_or_else(|| missing(path))?),
            "replace" => *value.pointer_mut(path).ok_or_else(|| missing(path))? = given(),
            "move" => {
                let moved = remove(value, from).ok_or_else(|| missing(from))?;
                add(value, path, moved)?;
            }
            "copy" => {
                let copy = value.pointer(from).cloned().ok_or_else(|| missing(from))?;
                add(value, path, copy)?;
            }
            "test" => {
                if value.pointer(path).unwrap_or(&Value::Null) != &operation["value"] {
                    return Err(format!("testing value {path} failed"));
                }
            }
            other => return Err(format!("unexpected kind: {other}")),
        }
    }
    Ok(())
}

/// The place that holds what a path names, and the name there.
fn place<'a>(value: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let (parent, name) = path.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    Some((value.pointer_mut(parent)?, name))
}

fn add(value: &mut Value, path: &str, new: Value) -> Result<(), String> {
    if path.is_empty() {
        *value = new;
        return Ok(());
    }
    let missing = || format!("add operation does not apply: doc is missing path: {path:?}");
    let (parent, name) = place(value, path).ok_or_else(missing)?;
    match parent {
        Value::Object(fields) => drop(fields.insert(name, new)),
        Value::Array(items) if name == "-" => items.push(new),
        Value::Array(items) => {
            let at: usize = name.parse().map_err(|_| missing())?;
            if at > items.len() {
                return Err(missing());
            }
            items.insert(at, new);
        }
        _ => return Err(missing()),
    }
    Ok(())
}

fn remove(value: &mut Value, path: &str) -> Option<Value> {
    let (parent, name) = place(value, path)?;
    match parent {
        Value::Object(fields) => fields.remove(&name),
        Value::Array(items) => {
            let at: usize = name.parse().ok()?;
            (at < items.len()).then(|| items.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        objects::decode::documents(text).0.remove(0).value
    }

    #[test]
    fn operations_are_done_in_order() {
        let check = |patch: &str, want: Result<&str, &str>| {
            let mut value = read("{a: {b/c: 1}, l: [1, 2]}");
            let got = operate(&mut value, &read(&format!("p: {patch}"))["p"]).map(|()| value);
            assert_eq!(got, want.map(read).map_err(str::to_owned), "{patch}");
        };
        check(
            "[{op: add, path: /l/0, value: 0}, {op: add, path: /l/-, value: 3}, {op: remove, path: /a/b~1c}]",
            Ok("{a: {}, l: [0, 1, 2, 3]}"),
        );
        check(
            "[{op: move, from: /l/1, path: /m}, {op: copy, from: /m, path: /n}, {op: test, path: /n, value: 2}]",
            Ok("{a: {b/c: 1}, l: [1], m: 2, n: 2}"),
        );
        check(
            "[{op: replace, path: /x, value: 1}]",
            Err("replace operation does not apply: /x is missing"),
        );
        check(
            "[{op: test, path: /l/0, value: 2}]",
            Err("testing value /l/0 failed"),
        );
        check(
            "[{op: add, path: /l/9, value: 2}]",
            Err("add operation does not apply: doc is missing path: \"/l/9\""),
        );
    }
}
