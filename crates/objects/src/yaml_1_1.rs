//! What YAML 1.1 makes of words without quotes and YAML 1.2 does not: `yes` and `off` are
//! booleans, `0644` is octal, `1_000` is a number.
//!
//! kubectl reads 1.1, `serde_yaml` reads 1.2. A `defaultMode: 0644` must come out as 420, and an
//! `env` value `on` must be refused as the boolean that the API server gets to see.
//!
//! Models `resolve`, `goyaml.v2/resolve.go` of sigs.k8s.io/yaml.

use serde_json::{Number, Value};

/// What a word without quotes means to kubectl, if `serde_yaml` takes it for text.
pub(crate) fn resolve(text: &str) -> Option<Value> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(Value::Bool(true)),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(Value::Bool(false)),
        _ => number(text),
    }
}

/// Numbers with a leading zero or with underscores; all others `serde_yaml` knows.
fn number(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = unsigned.bytes().next()?;
    let leads_with_zero =
        first == b'0' && unsigned.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if !(leads_with_zero || unsigned.contains('_')) || !(first.is_ascii_digit() || first == b'.') {
        return None;
    }
    let text = text.replace('_', "");
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (digits, radix) = match unsigned.get(..2) {
        Some("0x" | "0X") => (&unsigned[2..], 16),
        Some("0o" | "0O") => (&unsigned[2..], 8),
        Some("0b" | "0B") => (&unsigned[2..], 2),
        _ if unsigned.len() > 1 && unsigned.starts_with('0') => (&unsigned[1..], 8),
        _ => (unsigned, 10),
    };
    // Not a sign after the prefix: `0x-1` is text.
    if digits.bytes().all(|it| it.is_ascii_alphanumeric())
        && let Ok(magnitude) = i64::from_str_radix(digits, radix)
    {
        let negative = text.starts_with('-');
        return Some(Value::from(if negative { -magnitude } else { magnitude }));
    }
    float(&text).and_then(whole)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn float(text: &str) -> Option<f64> {
    let of_a_float = |it: u8| it.is_ascii_digit() || matches!(it, b'.' | b'e' | b'E' | b'-' | b'+');
    text.bytes().all(of_a_float).then(|| text.parse().ok())?
}

/// A float as Go prints it into JSON: without a fraction where there is none. `None` for what
/// JSON cannot say.
pub(crate) fn whole(value: f64) -> Option<Value> {
    // Beyond this not every whole number is a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Some(Value::from(value as i64));
    }
    Number::from_f64(value).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_what_they_are_to_kubectl() {
        for (text, want) in [
            ("yes", Some(json!(true))),
            ("Off", Some(json!(false))),
            ("yEs", None),
            ("true", None),
            ("0644", Some(json!(420))),
            ("-010", Some(json!(-8))),
            ("09", Some(json!(9))),
            ("09.5", Some(json!(9.5))),
            ("1_000", Some(json!(1000))),
            ("0b1_1", Some(json!(3))),
            ("0x_f", Some(json!(15))),
            ("1_0.5", Some(json!(10.5))),
            ("1_2x", None),
            ("01:30", None),
            ("0x-1_", None),
            ("a_b", None),
            ("_1", None),
            ("12", None),
            ("0", None),
            ("", None),
            ("99999999999999999999_0", Some(json!(1e21))),
        ] {
            assert_eq!(resolve(text), want, "{text:?}");
        }
    }
}
