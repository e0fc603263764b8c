//! A number, or a bound: `3`, `"<= 3"`, `">= 3"`.

use std::fmt;

use objects::FieldPath;
use serde_json::Value;

use crate::read::{Read, Wrong};

/// What a number must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Exactly(i64),
    AtMost(i64),
    AtLeast(i64),
}

impl Number {
    /// Whether a number is so.
    pub fn holds(self, found: i64) -> bool {
        match self {
            Self::Exactly(n) => found == n,
            Self::AtMost(n) => found <= n,
            Self::AtLeast(n) => found >= n,
        }
    }

    pub(super) fn check(self, name: &str, found: i64, wrong: &mut Vec<String>) {
        if !self.holds(found) {
            wrong.push(format!("{name}: expected {self}, found {found}"));
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::AtMost(n) => write!(f, "<= {n}"),
            Self::AtLeast(n) => write!(f, ">= {n}"),
        }
    }
}

impl Read for Number {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let number = match &value {
            Value::Number(number) => number.as_i64().map(Self::Exactly),
            Value::String(text) => read(text.trim()),
            _ => None,
        };
        let message = || format!("expected a number, \"<= n\" or \">= n\", found {value}");
        number.ok_or_else(|| Wrong::new(at, message()))
    }
}

fn read(text: &str) -> Option<Number> {
    let (make, digits): (fn(i64) -> Number, _) =
        match (text.strip_prefix("<="), text.strip_prefix(">=")) {
            (Some(rest), _) => (Number::AtMost, rest),
            (_, Some(rest)) => (Number::AtLeast, rest),
            _ => (Number::Exactly, text),
        };
    digits.trim().parse().ok().map(make)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_bounds_are_read() {
        for (value, want) in [
            (json!(3), "3"),
            (json!("3"), "3"),
            (json!("<= 3"), "<= 3"),
            (json!(" >=3 "), ">= 3"),
        ] {
            let read = Number::read(value, &FieldPath::root());
            assert_eq!(read.map(|it| it.to_string()), Ok(want.to_owned()));
        }
        for value in [
            json!("< 3"),
            json!(1.5),
            json!("== 3"),
            json!([3]),
            json!(""),
        ] {
            let error = Number::read(value.clone(), &FieldPath::of("pods")).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("pods: expected a number, \"<= n\" or \">= n\", found {value}")
            );
        }
    }

    #[test]
    fn a_bound_is_kept_or_broken() {
        let check = |number: Number, found: i64, want: &[&str]| {
            let mut wrong = Vec::new();
            number.check("pods", found, &mut wrong);
            assert_eq!(wrong, want);
        };
        check(Number::Exactly(2), 2, &[]);
        check(Number::Exactly(2), 3, &["pods: expected 2, found 3"]);
        check(Number::AtMost(2), 2, &[]);
        check(Number::AtMost(2), 3, &["pods: expected <= 2, found 3"]);
        check(Number::AtLeast(2), 2, &[]);
        check(Number::AtLeast(2), 1, &["pods: expected >= 2, found 1"]);
    }
}
