//! `maxUnavailable` and `maxSurge`: a number, or a percentage of the desired nodes.

use serde::{Deserialize, Serialize};

/// Models `intstr.IntOrString` as the DaemonSet controller uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IntOrPercent {
    /// A number of nodes.
    Int(i64),
    /// Text, which is a percentage if it is well formed: `"10%"`.
    String(String),
}

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
            Self::String(_) => {
                let scaled = (i128::from(self.percent()?) * i128::from(total) + 99) / 100;
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
            (text("-5%"), 10, None),
        ] {
            assert_eq!(value.scaled_up(total), want, "{value:?} of {total}");
        }
        assert!(text("99999999999999999999%").scaled_up(2) > Some(1_000_000));
    }
}
