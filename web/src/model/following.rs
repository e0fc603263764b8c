//! A manifest that goes with its object: what `kubectl set image`, `rollout undo` and the like made
//! of the object stands in the text, which otherwise stays as its author wrote it.

use std::rc::Rc;

use cluster::{Key, Store, store::key_of};
use kubectl::{
    apply::LAST_APPLIED,
    cells::{with_kind, yaml},
};
use objects::{DaemonSet, FieldPath, Object, field_path::Segment, manifest};
use serde_json::{Map, Value};

/// What the API server owns of an object's metadata.
const SERVER_OWNED: [&str; 7] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
];
/// So many texts are remembered, for those who go back and forth in time.
const KNOWN_MAX: usize = 20;

/// The DaemonSet that a text goes with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Following {
    pub(super) key: Key,
    /// As it was when the text last said the same.
    seen: Rc<DaemonSet>,
    /// Texts that said the same as the object did then, the latest last.
    known: Vec<(Value, Rc<str>)>,
}

impl Following {
    /// Of a text that was just applied, or is taken from the cluster; `None` unless it is of one
    /// DaemonSet that is there.
    pub(super) fn begin(text: &Rc<str>, store: &Store) -> Option<Self> {
        let key = key_of(&only_daemon_set(text)?.metadata);
        let seen = Rc::clone(store.daemon_sets.get(&key)?);
        let known = vec![(spoken_of(&seen), Rc::clone(text))];
        Some(Self { key, seen, known })
    }

    /// Of a text that was the last to be applied to the object that it is of, as kubectl noted it
    /// there; what became of the object since is not in it.
    pub(super) fn resume(text: &Rc<str>, store: &Store) -> Option<Self> {
        let said = only_daemon_set(text)?;
        let key = key_of(&said.metadata);
        let live = store.daemon_sets.get(&key)?;
        let noted = only_daemon_set(live.metadata.annotations.get(LAST_APPLIED)?)?;
        let value = spoken_of(&said);
        (spoken_of(&noted) == value).then(|| Self {
            key,
            seen: Rc::new(said),
            known: vec![(value, Rc::clone(text))],
        })
    }

    /// What was known before, of the same object.
    pub(super) fn with_known_of(mut self, before: Option<Self>) -> Self {
        if let Some(before) = before.filter(|it| it.key == self.key) {
            let newest = std::mem::replace(&mut self.known, before.known);
            for (value, text) in newest {
                self.remember(value, text);
            }
        }
        self
    }

    fn remember(&mut self, value: Value, text: Rc<str>) {
        self.known.retain(|(it, _)| *it != value);
        self.known.push((value, text));
        let surplus = self.known.len().saturating_sub(KNOWN_MAX);
        self.known.drain(..surplus);
    }

    /// The text that says what the object has become, if it has become something else than the
    /// text that was applied says.
    pub(super) fn text(&self, applied: &str, store: &Store) -> Option<Rc<str>> {
        let live = store.daemon_sets.get(&self.key)?;
        if is_same(live, &self.seen) {
            return None;
        }
        let value = spoken_of(live);
        let mut known = self.known.iter().rev();
        let known = known.find(|(it, _)| *it == value);
        Some(match known {
            Some((_, text)) => Rc::clone(text),
            None => followed(applied, live).into(),
        })
    }

    /// The text says now what the object says.
    pub(super) fn caught_up(&mut self, text: &Rc<str>, store: &Store) {
        if let Some(live) = store.daemon_sets.get(&self.key) {
            self.seen = Rc::clone(live);
            self.remember(spoken_of(live), Rc::clone(text));
        }
    }

    /// Whether the object is there and as it was when the text said the same.
    pub(super) fn is_up_to_date(&self, store: &Store) -> bool {
        let live = store.daemon_sets.get(&self.key);
        live.is_some_and(|live| is_same(live, &self.seen))
    }
}

/// Whether a manifest would say the same of both: this is asked at every step.
fn is_same(a: &Rc<DaemonSet>, b: &Rc<DaemonSet>) -> bool {
    let texts = |it: &DaemonSet| {
        let annotations = it.metadata.annotations.iter();
        let own: Vec<_> = annotations
            .filter(|(name, _)| !is_bookkeeping(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        (own, it.metadata.labels.clone())
    };
    Rc::ptr_eq(a, b) || a.spec == b.spec && texts(a) == texts(b)
}

fn is_bookkeeping(annotation: &str) -> bool {
    [LAST_APPLIED, objects::daemon_set::TEMPLATE_GENERATION].contains(&annotation)
}

/// An object that is there as its author would have written it.
pub(super) fn manifest_of(live: &DaemonSet) -> String {
    let noted = live.metadata.annotations.get(LAST_APPLIED);
    let noted = noted.and_then(|text| serde_json::from_str::<Value>(text).ok());
    match noted.filter(Value::is_object) {
        Some(noted) => followed(&yaml(&noted), live),
        None => plainly(live),
    }
}

fn plainly(live: &DaemonSet) -> String {
    let object = Object::DaemonSet(Box::new(live.clone()));
    yaml(&without_bookkeeping(with_kind(object)))
}

/// The only object of a text, if it is a DaemonSet, as the API server fills it in.
fn only_daemon_set(text: &str) -> Option<DaemonSet> {
    let read = manifest::read(text).objects;
    let [(object @ Object::DaemonSet(_), _)] = &read[..] else {
        return None;
    };
    let mut object = object.clone();
    object.default();
    match object {
        Object::DaemonSet(it) => Some(*it),
        _ => None,
    }
}

/// What a manifest says of an object.
fn spoken_of(daemon_set: &DaemonSet) -> Value {
    let mut value = Object::DaemonSet(Box::new(daemon_set.clone())).to_value();
    if let Some(object) = value.as_object_mut() {
        // Which the store goes without.
        object.retain(|name, _| !["apiVersion", "kind"].contains(&name.as_str()));
    }
    without_bookkeeping(value)
}

/// An object without what the API server and kubectl put there, and without its status.
pub(super) fn without_bookkeeping(mut value: Value) -> Value {
    if let Some(metadata) = value["metadata"].as_object_mut() {
        metadata.retain(|name, _| !SERVER_OWNED.contains(&name.as_str()));
        if let Some(annotations) = metadata
            .get_mut("annotations")
            .and_then(Value::as_object_mut)
        {
            annotations.retain(|name, _| !is_bookkeeping(name));
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
    }
    value
}

/// Something that is said otherwise, or only in one of two values.
struct Change {
    path: Vec<Segment>,
    before: Option<Value>,
    after: Option<Value>,
}

/// The text with what the object has become in it. As little is rewritten as can be: a single value
/// at its place, else the objects that the text names, else all of it.
fn followed(text: &str, live: &DaemonSet) -> String {
    let wanted = spoken_of(live);
    let Some(said) = only_daemon_set(text) else {
        return plainly(live);
    };
    let mut changes = Vec::new();
    compare(&spoken_of(&said), &wanted, &mut Vec::new(), &mut changes);
    if changes.is_empty() {
        return text.to_owned();
    }
    let is_it = |text: &String| only_daemon_set(text).is_some_and(|it| spoken_of(&it) == wanted);
    let reference = format!("DaemonSet/{}", said.metadata.name);
    let in_place = changes.iter().try_fold(text.to_owned(), |text, change| {
        replaced(&text, &reference, change)
    });
    in_place
        .filter(is_it)
        .or_else(|| rewritten(text, &changes).filter(is_it))
        .unwrap_or_else(|| plainly(live))
}

fn compare(before: &Value, after: &Value, path: &mut Vec<Segment>, changes: &mut Vec<Change>) {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys().filter(|it| !a.contains_key(*it)));
            for name in names {
                path.push(Segment::Field(name.clone()));
                match (a.get(name), b.get(name)) {
                    (Some(a), Some(b)) => compare(a, b, path, changes),
                    (before, after) => changes.push(Change {
                        path: path.clone(),
                        before: before.cloned(),
                        after: after.cloned(),
                    }),
                }
                path.pop();
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                path.push(Segment::Index(at));
                compare(a, b, path, changes);
                path.pop();
            }
        }
        _ if before == after => {}
        _ => changes.push(Change {
            path: path.clone(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

/// A single value put in the place of another, in the way in which that was written.
fn replaced(text: &str, object: &str, change: &Change) -> Option<String> {
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    let path = change
        .path
        .iter()
        .fold(FieldPath::root(), |path, it| path.then(it.clone()));
    let at = manifest::locate(text, object, &path);
    let line: usize = text
        .split_inclusive('\n')
        .take(at.line - 1)
        .map(str::len)
        .sum();
    let column = text[line..].char_indices().nth(at.column - 1)?.0;
    let (head, tail) = text.split_at(line + column);
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\n', '\r', ',', '}', ']']);
    let quoted = before.as_str().map(|it| Value::from(it).to_string());
    if let Some(rest) = quoted.and_then(|it| tail.strip_prefix(it.as_str())) {
        return Some(format!("{head}{}{rest}", Value::from(plain(after)?)));
    }
    let rest = tail
        .strip_prefix(plain(before)?.as_str())
        .filter(|it| ends(it))?;
    let written = match after {
        // In `{ }` and `[ ]` these would end it.
        Value::String(it) if it.contains([',', '{', '}', '[', ']']) => after.to_string(),
        Value::String(_) => yaml(after).trim_end().to_owned(),
        _ => plain(after)?,
    };
    Some(format!("{head}{written}{rest}"))
}

/// The object that the text names with the changes made to it.
fn rewritten(text: &str, changes: &[Change]) -> Option<String> {
    let (object, _) = manifest::read(text).objects.into_iter().next()?;
    let mut value = with_kind(object);
    for change in changes {
        put(&mut value, &change.path, change.after.as_ref())?;
    }
    Some(yaml(&value))
}

fn put(value: &mut Value, path: &[Segment], new: Option<&Value>) -> Option<()> {
    let (first, rest) = path.split_first()?;
    match (first, value) {
        (Segment::Index(at), Value::Array(items)) => match rest {
            [] => *items.get_mut(*at)? = new?.clone(),
            rest => put(items.get_mut(*at)?, rest, new)?,
        },
        (Segment::Field(name), Value::Object(fields)) => match (rest, new) {
            ([], Some(new)) => drop(fields.insert(name.clone(), new.clone())),
            ([], None) => drop(fields.remove(name)),
            (rest, _) => {
                let inner = fields.entry(name.clone());
                put(inner.or_insert_with(|| Map::new().into()), rest, new)?;
            }
        },
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use objects::IntOrPercent;

    use super::*;

    const TEXT: &str = r#"
# Reads logs.
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  updateStrategy: { rollingUpdate: { maxUnavailable: 10% } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers:
      - name: agent
        image: "agent:1" # the first
"#;

    /// The lines that are new once the object has become this.
    #[track_caller]
    fn check(change: impl FnOnce(&mut DaemonSet), want: &[&str]) {
        let mut live = only_daemon_set(TEXT).unwrap();
        change(&mut live);
        let text = followed(TEXT, &live);
        let said = only_daemon_set(&text).unwrap();
        assert_eq!(spoken_of(&said), spoken_of(&live));
        let before: Vec<&str> = TEXT.lines().collect();
        let new: Vec<&str> = text.lines().filter(|it| !before.contains(it)).collect();
        assert_eq!(new, want, "{text}");
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        check(
            |it| it.spec.template.spec.containers[0].image = "agent:2".into(),
            &[r#"        image: "agent:2" # the first"#],
        );
        check(
            |it| {
                let rolling_update = it.spec.update_strategy.rolling_update.as_mut().unwrap();
                rolling_update.max_unavailable = Some(IntOrPercent::Int(3));
            },
            &["  updateStrategy: { rollingUpdate: { maxUnavailable: 3 } }"],
        );
        check(|_| {}, &[]);
    }

    #[test]
    fn what_the_text_did_not_say_is_added_to_what_it_said() {
        let mut live = only_daemon_set(TEXT).unwrap();
        live.spec.min_ready_seconds = 5;
        let text = followed(TEXT, &live);
        assert_eq!(
            spoken_of(&only_daemon_set(&text).unwrap()),
            spoken_of(&live)
        );
        assert!(text.contains("minReadySeconds: 5"), "{text}");
        assert!(!text.contains("terminationGracePeriodSeconds"), "{text}");
    }
}
