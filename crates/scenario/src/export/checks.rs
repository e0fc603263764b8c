//! Expectations that kubectl can check with one command.

use objects::FieldPath;
use serde_json::Value;

use super::shell;
use crate::{
    expect::{Expect, Number},
    read::Read,
};

/// The lines that check it; none where that takes more than one look.
pub(super) fn lines(expect: &Expect) -> String {
    let source = expect.source();
    let mut lines = String::new();
    for (field, function) in [("exists", "exists"), ("absent", "absent")] {
        if let Some((kind, key)) = source[field].as_str().and_then(|it| it.split_once('/')) {
            let words = object(function, kind, key);
            lines += &format!("{}\n", shell::line(words));
        }
    }
    let counters = source["status"].as_object();
    let Some((key, counters)) = source["daemonSet"].as_str().zip(counters) else {
        return lines;
    };
    for (counter, number) in counters {
        let Ok(number) = Number::read(number.clone(), &FieldPath::root()) else {
            continue;
        };
        let (is, want) = match number {
            Number::Exactly(n) => ("-eq", n),
            Number::AtMost(n) => ("-le", n),
            Number::AtLeast(n) => ("-ge", n),
        };
        let mut words = vec![
            "check".to_owned(),
            format!("{key} {counter}"),
            is.to_owned(),
            want.to_string(),
        ];
        words.extend(object("get", "daemonset", key));
        words.extend(["-o".to_owned(), format!("jsonpath={{.status.{counter}}}")]);
        lines += &format!("{}\n", shell::line(words));
    }
    lines
}

/// `VERB KIND/NAME --namespace=NAMESPACE`.
fn object(verb: &str, kind: &str, key: &str) -> Vec<String> {
    let (namespace, name) = match key.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, key),
    };
    let mut words = vec![verb.to_owned(), format!("{kind}/{name}")];
    words.extend(namespace.map(|it| format!("--namespace={it}")));
    words
}

/// As it is written.
pub(super) fn text(source: &Value) -> String {
    crate::yaml::flow(source)
}
