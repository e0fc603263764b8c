//! The order of lists whose items are merged.

use serde_json::Value;

/// Items as a list of keys has them, and between these the others as they were.
///
/// Models `normalizeElementOrder` and `mergeSortedSlice`, apimachinery
/// `pkg/util/strategicpatch/patch.go`, v1.34.
pub(crate) fn ordered(
    items: Vec<Value>,
    keys: &[Value],
    before: &[Value],
    key: &str,
) -> Vec<Value> {
    let place = |of: &[Value], item: &Value| of.iter().position(|it| it[key] == item[key]);
    let listed = |item: &Value| keys.iter().position(|it| *it == item[key]);
    let (mut named, mut others): (Vec<Value>, Vec<Value>) =
        items.into_iter().partition(|it| listed(it).is_some());
    named.sort_by_key(|it| listed(it));
    others.sort_by_key(|it| place(before, it));
    let (mut named, mut others) = (named.into_iter().peekable(), others.into_iter().peekable());
    let mut ordered = Vec::new();
    loop {
        let is_others_turn = match (others.peek(), named.peek()) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(other), Some(named)) => {
                let (other, named) = (place(before, other), place(before, named));
                other.zip(named).is_some_and(|(other, named)| other < named)
            }
        };
        let next = if is_others_turn {
            others.next()
        } else {
            named.next()
        };
        match next {
            Some(item) => ordered.push(item),
            None => return ordered,
        }
    }
}
