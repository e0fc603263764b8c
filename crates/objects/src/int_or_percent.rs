//! `maxUnavailable` and `maxSurge`: a number, or a percentage of the desired nodes.

use serde_json::Value;

use crate::fields::{Field, Unreadable, through_values};

/// Models `intstr.IntOrString` as the DaemonSet controller uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    /// A number of nodes.
    Int(i64),
    /// Text, which is a percentage if it is well formed: `"10%"`.
    String(String),
}

impl Default for IntOrPercent {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl Field for IntOrPercent {
    fn read(value: Value) -> Result<Self, Unreadable> {
        match value {
            Value::String(text) => Ok(Self::String(text)),
            number => i64::read(number).map(Self::Int),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Int(number) => Value::from(*number),
            Self::String(text) => Value::from(text.as_str()),
        }
    }

    fn is_zero(&self) -> bool {
        *self == Self::Int(0)
    }
}

through_values!(IntOrPercent);

impl IntOrPercent {
    /// The percentage that a text holds, if it is digits and a `%`.
    pub fn percent(&self) -> Option<i64> {
        let Self::String(text) = self else {
            return None;
        };
        let digits = text.strip_suffix('%')?;
        let well_formed = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        // A number too long for us is over any limit all the same.
        well_formed.then(|| digits.parse().unwrap_or(i64::MAX))
    }

    /// This many of `total`, percentages rounded up; `None` for text that is no percentage.
    ///
    /// Models `GetScaledValueFromIntOrPercent(.., roundUp = true)`,
    /// apimachinery `pkg/util/intstr/intstr.go`, v1.34.
    pub fn scaled_up(&self, total: i64) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::String(text) => {
                // Signs are validation's to refuse: here they are read.
                let percent: i64 = text.strip_suffix('%')?.parse().ok()?;
                let product = i128::from(percent) * i128::from(total);
                let scaled = product.div_euclid(100) + i128::from(product.rem_euclid(100) > 0);
                Some(i64::try_from(scaled).unwrap_or(i64::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_up_and_other_text_is_refused() {
        let text = |text: &str| IntOrPercent::String(text.to_owned());
        for (value, total, want) in [
            (IntOrPercent::Int(3), 100, Some(3)),
            (text("10%"), 3, Some(1)),
            (text("34%"), 3, Some(2)),
            (text("10%"), 10, Some(1)),
            (text("10%"), 11, Some(2)),
            (text("0%"), 7, Some(0)),
            (text("100%"), 7, Some(7)),
            (text("50%"), 0, Some(0)),
            (text("5"), 10, None),
            (text("%"), 10, None),
            (text("+5%"), 10, Some(1)),
            (text("-5%"), 10, Some(0)),
            (text("-25%"), 10, Some(-2)),
            (text("99999999999999999999%"), 2, None),
        ] {
            assert_eq!(value.scaled_up(total), want, "{value:?} of {total}");
        }
    }
}
