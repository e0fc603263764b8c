//! A number, or a bound.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// What a number is to be: `3`, `"<= 3"`, `">= 3"`.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    Exactly(i64),
    AtMost(i64),
    AtLeast(i64),
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let bound = |text: &str| text.trim().parse::<i64>().ok();
        let number = match &value {
            Value::Number(number) => number.as_i64().map(Self::Exactly),
            Value::String(text) => match (text.strip_prefix("<="), text.strip_prefix(">=")) {
                (Some(rest), _) => bound(rest).map(Self::AtMost),
                (_, Some(rest)) => bound(rest).map(Self::AtLeast),
                _ => bound(text).map(Self::Exactly),
            },
            _ => None,
        };
        number.ok_or_else(|| {
            de::Error::custom(format!(
                "expected a number, \"<= n\" or \">= n\", found {value}"
            ))
        })
    }
}

impl Number {
    /// Says what was expected and what was found, if that is not the same.
    pub(super) fn check(&self, name: &str, found: i64, wrong: &mut Vec<String>) {
        let (holds, expected) = match self {
            Self::Exactly(n) => (found == *n, n.to_string()),
            Self::AtMost(n) => (found <= *n, format!("<= {n}")),
            Self::AtLeast(n) => (found >= *n, format!(">= {n}")),
        };
        if !holds {
            wrong.push(format!("{name}: expected {expected}, found {found}"));
        }
    }
}

/// How many there are.
pub(super) fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}
