//! Amounts of resources: `100m`, `1.5Gi`, `1e3`.

use std::fmt;

use serde_json::Value;

use crate::fields::{Field, Unreadable, through_values};

/// An amount as it was written, a string or a bare number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantity(pub Value);

impl Field for Quantity {
    fn read(value: Value) -> Result<Self, Unreadable> {
        Ok(Self(value))
    }

    fn write(&self) -> Value {
        self.0.clone()
    }

    fn is_zero(&self) -> bool {
        self.0.is_null()
    }
}

through_values!(Quantity);

impl Quantity {
    /// From text such as `4` or `16Gi`.
    pub fn new(text: &str) -> Self {
        Self(Value::String(text.to_owned()))
    }

    /// In thousandths, rounded up as the scheduler does; `None` if it is no quantity.
    ///
    /// Models `resource.Quantity.MilliValue`, apimachinery `pkg/api/resource/quantity.go`, v1.34.
    pub fn milli(&self) -> Option<i128> {
        match &self.0 {
            Value::String(text) => parse_milli(text),
            Value::Number(number) => parse_milli(&number.to_string()),
            _ => None,
        }
    }
}

/// What the API server says of a text that is no quantity.
///
/// Models `ParseQuantity`, the same file.
pub(crate) fn problem(text: &str) -> Option<&'static str> {
    if parse_milli(text).is_some() {
        return None;
    }
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = number.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
    let letters = digits.trim_start_matches(|it| "eEinumkKMGTP".contains(it));
    let exponent = letters.strip_prefix(['+', '-']).unwrap_or(letters);
    let has_form = digits.len() < number.len() && exponent.bytes().all(|it| it.is_ascii_digit());
    Some(if has_form && !digits.is_empty() {
        "unable to parse quantity's suffix"
    } else {
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    })
}

/// In the canonical form: `1500m` for `1.5`, `1536Mi` for `1.5Gi`, `1k` for `1000`. What is no
/// quantity comes out as it is.
///
/// Models `Quantity.String`, the same file.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.0 {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let Some(milli) = parse_milli(&text) else {
            return f.write_str(&text);
        };
        // Below 1024 the binary form is not used, nor for fractions.
        if text.ends_with('i') && milli % 1000 == 0 && milli.abs() >= 1_024_000 {
            let mut number = milli / 1000;
            let mut suffix = "";
            for larger in ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] {
                if number % 1024 != 0 {
                    break;
                }
                (number, suffix) = (number / 1024, larger);
            }
            return write!(f, "{number}{suffix}");
        }
        let mut number = milli;
        let mut suffix = "m";
        for larger in ["", "k", "M", "G", "T", "P", "E"] {
            if number % 1000 != 0 {
                break;
            }
            (number, suffix) = (number / 1000, larger);
        }
        match milli {
            0 => f.write_str("0"),
            _ => write!(f, "{number}{suffix}"),
        }
    }
}

/// What is larger counts as this, in thousandths.
const LARGEST: i128 = i64::MAX as i128 * 1000;

fn parse_milli(text: &str) -> Option<i128> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() == 0 || fraction.contains('.') {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = &fraction[..fraction.len().min(9)];
    let digits = if whole.is_empty() { "0" } else { whole };
    let mantissa: Option<i128> = format!("{digits}{fraction}").parse().ok();
    // The value is mantissa * multiplier * 10^exponent / 10^fraction digits.
    let (multiplier, exponent): (i128, i32) = match suffix {
        "" => (1, 0),
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1 << 60, 0),
        _ => (
            1,
            suffix
                .strip_prefix(['e', 'E'])?
                .parse::<i64>()
                .ok()
                .map(|exponent| exponent.clamp(-60, 60) as i32)?,
        ),
    };
    let exponent = exponent + 3 - i32::try_from(fraction.len()).ok()?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs());
    let value = mantissa.and_then(|mantissa| mantissa.checked_mul(multiplier));
    let milli = match (value, power) {
        (Some(0), _) => 0,
        (Some(value), Some(power)) if exponent < 0 => value.saturating_add(power - 1) / power,
        (Some(_), None) if exponent < 0 => 1,
        (Some(value), Some(power)) => value.saturating_mul(power),
        _ => LARGEST,
    };
    let milli = milli.min(LARGEST);
    Some(if negative { -milli } else { milli })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_and_exponents_are_read() {
        for (text, milli) in [
            ("0", Some(0)),
            ("4", Some(4000)),
            ("100m", Some(100)),
            ("1.5Gi", Some(1_610_612_736_000)),
            ("1e3", Some(1_000_000)),
            ("1E3", Some(1_000_000)),
            ("1E", Some(1_000_000_000_000_000_000_000)),
            ("12k", Some(12_000_000)),
            (".5", Some(500)),
            ("1u", Some(1)),
            ("-1", Some(-1000)),
            ("", None),
            ("1x", None),
            ("1.2.3", None),
            ("Gi", None),
            ("1e999", Some(LARGEST)),
            ("1e-999", Some(1)),
            ("99999999999999999999999999999999999999999", Some(LARGEST)),
            ("000000000000000000000000000000000000000001", Some(1000)),
        ] {
            assert_eq!(Quantity::new(text).milli(), milli, "{text:?}");
        }
    }

    #[test]
    fn the_canonical_form_is_that_of_kubernetes() {
        for (text, canonical) in [
            ("1.5", "1500m"),
            ("2000m", "2"),
            ("1000", "1k"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("0.5Ki", "512"),
            ("-1", "-1"),
            ("0", "0"),
            ("1x", "1x"),
        ] {
            assert_eq!(Quantity::new(text).to_string(), canonical, "{text:?}");
        }
    }
}
