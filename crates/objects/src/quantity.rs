//! Amounts of resources: `100m`, `1.5Gi`, `1e3`.

use std::{borrow::Cow, fmt};

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
    pub fn milli(&self) -> Option<i128> {
        self.amount().map(Amount::milli)
    }

    /// What can be counted with; `None` if it is no quantity.
    pub fn amount(&self) -> Option<Amount> {
        let text = self.text();
        let number = Number::parse(&text).ok()?;
        Some(Amount {
            nano: number.nano(),
            format: number.format,
        })
    }

    /// As the API server stores it: in the canonical form. What is no quantity stays as it is.
    pub fn canonicalize(&mut self) {
        if Number::parse(&self.text()).is_ok() {
            *self = Self::new(&self.to_string());
        }
    }

    /// As the API server stores an amount of a container's resource: canonical, and not finer
    /// than thousandths.
    ///
    /// Models `SetDefaults_ResourceList`, `pkg/apis/core/v1/defaults.go`, v1.34.
    pub fn round_up_to_milli(&mut self) {
        let number = Number::parse(&self.text()).map(|it| (it.nano(), it.format));
        match number {
            Ok((nano, format)) if nano % NANO_PER_MILLI != 0 => {
                let rounded = rounded_up(nano, NANO_PER_MILLI) * NANO_PER_MILLI;
                *self = Self(Value::String(shown(rounded, format)));
            }
            _ => self.canonicalize(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Value::String(text) => text.into(),
            other => other.to_string().into(),
        }
    }
}

/// In the canonical form: `1500m` for `1.5`, `1536Mi` for `1.5Gi`, `1k` for `1000`. What is no
/// quantity comes out as it is.
///
/// Models `Quantity.String`, the same file.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        match Number::parse(&text) {
            Ok(number) if !number.keeps_its_text() => {
                f.write_str(&shown(number.nano(), number.format))
            }
            _ => f.write_str(&text),
        }
    }
}

/// A quantity to count with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In units of 10^-9.
    nano: i128,
    format: Format,
}

impl Default for Amount {
    fn default() -> Self {
        Self {
            nano: 0,
            format: Format::DecimalSI,
        }
    }
}

impl Amount {
    /// In thousandths, rounded up.
    ///
    /// Models `resource.Quantity.MilliValue`, apimachinery `pkg/api/resource/quantity.go`, v1.34.
    pub fn milli(self) -> i128 {
        rounded_up(self.nano, NANO_PER_MILLI).clamp(-LARGEST_MILLI, LARGEST_MILLI)
    }

    /// The larger of the two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if other.nano > self.nano { other } else { self }
    }
}

/// A sum is printed as its first part is.
///
/// Models `Quantity.Add`, the same file.
impl std::ops::AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        if self.nano == 0 {
            self.format = other.format;
        }
        self.nano = self.nano.saturating_add(other.nano);
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self.nano, self.format))
    }
}

/// How an amount is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `1Ki` is 1024.
    BinarySI,
    /// `1k` is 1000.
    DecimalSI,
    /// `1e3` is 1000.
    DecimalExponent,
}

/// An amount taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<'a> {
    pub is_negative: bool,
    /// The digits before the point, without zeros in front; `0` if there are none.
    pub whole: &'a str,
    /// The digits after the point.
    pub fraction: &'a str,
    /// What the suffix multiplies by: so many times two in `BinarySI`, else ten.
    pub exponent: i64,
    pub format: Format,
}

impl<'a> Number<'a> {
    /// Takes a text apart.
    ///
    /// Models `ParseQuantity`, the same file.
    ///
    /// # Errors
    ///
    /// What the API server says of a text that is no quantity.
    pub fn parse(text: &'a str) -> Result<Self, &'static str> {
        const NOT_OF_THE_FORM: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        const NO_SUFFIX: &str = "unable to parse quantity's suffix";

        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let is_of_the_number = |it: char| it.is_ascii_digit() || it == '.';
        let suffix = unsigned.trim_start_matches(is_of_the_number);
        let number = &unsigned[..unsigned.len() - suffix.len()];
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() + fraction.len() == 0 || fraction.contains('.') {
            return Err(NOT_OF_THE_FORM);
        }
        let Some((format, exponent)) = read_suffix(suffix) else {
            let letters = suffix.trim_start_matches(|it| "eEinumkKMGTP".contains(it));
            let digits = letters.strip_prefix(['+', '-']).unwrap_or(letters);
            let has_form = digits.bytes().all(|it| it.is_ascii_digit());
            return Err(if has_form { NO_SUFFIX } else { NOT_OF_THE_FORM });
        };
        let whole = whole.trim_start_matches('0');
        Ok(Self {
            is_negative: text.starts_with('-'),
            whole: if whole.is_empty() { "0" } else { whole },
            fraction,
            exponent,
            format,
        })
    }

    /// The digits without the point, if Go reads them into a machine word: it does when they are
    /// sure to fit, and not when a binary suffix follows a fraction or the amount is finer than
    /// 10^-9.
    pub fn quick_digits(&self) -> Option<i64> {
        let digits = i64::try_from(self.whole.len() + self.fraction.len()).ok()?;
        let is_quick = match self.format {
            Format::BinarySI => {
                let room = 15 - digits - self.exponent * 3 / 10 - 1;
                self.fraction.is_empty() && room >= 0
            }
            Format::DecimalSI | Format::DecimalExponent => digits <= 18 && self.scale() >= -9,
        };
        is_quick.then(|| format!("{}{}", self.whole, self.fraction).parse().ok())?
    }

    /// The power of ten that the digits of a decimal amount count in.
    pub fn scale(&self) -> i64 {
        let decimals = i64::try_from(self.fraction.len()).unwrap_or(i64::MAX);
        self.exponent.saturating_sub(decimals)
    }

    /// Whether Go takes the text to be canonical, and prints it as it was written. More is than
    /// one would think, such as `+2`, `1025Ki` and `12E6`.
    pub fn keeps_its_text(&self) -> bool {
        self.quick_digits().is_some_and(|digits| match self.format {
            Format::BinarySI => digits & 7 != 0,
            Format::DecimalSI | Format::DecimalExponent => {
                self.whole != "0" && self.scale() % 3 == 0 && digits % 1000 != 0
            }
        })
    }

    /// In units of 10^-9, rounded away from zero, and no more than fits.
    pub fn nano(&self) -> i128 {
        // Digits that are too fine to count at all are only asked whether they are zeros.
        let (fraction, finer) = self.fraction.split_at(self.fraction.len().min(18));
        let mantissa: Option<i128> = format!("{}{fraction}", self.whole).parse().ok();
        let is_zero = mantissa == Some(0) && finer.bytes().all(|it| it == b'0');
        let is_binary = self.format == Format::BinarySI;
        let times = if is_binary { 1 << self.exponent } else { 1 };
        let tens = if is_binary { 0 } else { self.exponent };
        let decimals = i64::try_from(fraction.len()).unwrap_or(0);
        let exponent = tens.saturating_add(9 - decimals);
        let power = u32::try_from(exponent.unsigned_abs())
            .ok()
            .and_then(|exponent| 10_i128.checked_pow(exponent));
        let value = mantissa.and_then(|it| it.checked_mul(times));
        let nano = match (value, power) {
            _ if is_zero => 0,
            (Some(value), Some(power)) if exponent < 0 => rounded_up(value, power).max(1),
            (Some(_), None) if exponent < 0 => 1,
            (Some(value), Some(power)) => value.saturating_mul(power).max(1),
            _ => i128::MAX,
        };
        let largest = if is_binary { LARGEST_BINARY } else { i128::MAX };
        let nano = nano.min(largest);
        if self.is_negative { -nano } else { nano }
    }
}

const NANO_PER_MILLI: i128 = 1_000_000;

const NANO_PER_ONE: i128 = 1_000_000_000;

/// Upstream caps binary amounts; decimal ones only where they are used.
const LARGEST_BINARY: i128 = i64::MAX as i128 * NANO_PER_ONE;

const LARGEST_MILLI: i128 = i64::MAX as i128 * 1000;

/// Divides, and rounds away from zero.
fn rounded_up(value: i128, by: i128) -> i128 {
    value / by + (value % by).signum()
}

fn read_suffix(suffix: &str) -> Option<(Format, i64)> {
    let decimal = |exponent| Some((Format::DecimalSI, exponent));
    let binary = |exponent| Some((Format::BinarySI, exponent));
    match suffix {
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "" => decimal(0),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        "Pi" => binary(50),
        "Ei" => binary(60),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            Some((Format::DecimalExponent, exponent))
        }
    }
}

/// An amount of 10^-9 in the shortest form without a point.
///
/// Models `Quantity.CanonicalizeBytes`, the same file.
fn shown(nano: i128, format: Format) -> String {
    let is_small = nano.abs() < 1024 * NANO_PER_ONE;
    match format {
        _ if nano == 0 => "0".to_owned(),
        Format::BinarySI if !is_small && nano % NANO_PER_ONE == 0 => {
            let (number, times) = factored(nano / NANO_PER_ONE, 1024, 6);
            format!(
                "{number}{}",
                ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][times]
            )
        }
        Format::BinarySI | Format::DecimalSI => {
            let (number, times) = factored(nano, 1000, usize::MAX);
            // Beyond these upstream knows no suffix, and prints none.
            let suffix = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].get(times);
            format!("{number}{}", suffix.copied().unwrap_or_default())
        }
        Format::DecimalExponent => match factored(nano, 1000, usize::MAX) {
            (number, 3) => number.to_string(),
            (number, times) => format!("{number}e{}", 3 * times as i64 - 9),
        },
    }
}

/// Takes a factor out of a number that is not zero, as often as it is in it and at most so often.
fn factored(mut number: i128, factor: i128, at_most: usize) -> (i128, usize) {
    let mut times = 0;
    while times < at_most && number % factor == 0 {
        number /= factor;
        times += 1;
    }
    (number, times)
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
            ("1.", Some(1000)),
            ("1u", Some(1)),
            ("-1", Some(-1000)),
            ("-1u", Some(-1)),
            ("+2", Some(2000)),
            ("8Ei", Some(LARGEST_MILLI)),
            ("", None),
            ("1x", None),
            ("1.2.3", None),
            ("Gi", None),
            ("1e999", Some(LARGEST_MILLI)),
            ("1e-999", Some(1)),
            ("0e999", Some(0)),
            ("0.0000000000000000000001", Some(1)),
            (
                "99999999999999999999999999999999999999999",
                Some(LARGEST_MILLI),
            ),
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
            ("2500000", "2500k"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("3000Mi", "3000Mi"),
            ("1025Ki", "1025Ki"),
            ("0.5Ki", "512"),
            ("0.3Ki", "307200m"),
            ("8Ei", "9223372036854775807"),
            ("1e3", "1e3"),
            ("1000e3", "1e6"),
            ("12E6", "12E6"),
            ("1.5e3", "1500"),
            ("1n", "1n"),
            ("10u", "10u"),
            ("-1", "-1"),
            ("+2", "+2"),
            ("000500m", "000500m"),
            ("1.", "1."),
            ("1234567890123456789.5", "1234567890123456789500m"),
            ("999999999999999999999", "999999999999999999999"),
            ("0", "0"),
            ("0Mi", "0"),
            ("0.0", "0"),
            ("1x", "1x"),
        ] {
            assert_eq!(Quantity::new(text).to_string(), canonical, "{text:?}");
        }
    }

    #[test]
    fn resources_of_containers_are_counted_in_thousandths() {
        for (text, stored) in [
            ("0.1m", "1m"),
            ("10u", "1m"),
            ("1.234567891", "1235m"),
            ("0.0001Ki", "103m"),
            ("1500m", "1500m"),
            ("1x", "1x"),
        ] {
            let mut quantity = Quantity::new(text);
            quantity.round_up_to_milli();
            assert_eq!(quantity, Quantity::new(stored), "{text:?}");
        }
    }
}
