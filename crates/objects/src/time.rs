//! Points in time and lengths of time.

use std::{fmt, ops};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fields::{Field, Unreadable, through_values};

/// Milliseconds: of simulated time since T+0, since the Unix epoch, or a length of time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// A whole number of seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Reads a duration as Go writes it: `90s`, `3m50s`, `1.5h`, `250ms`.
    ///
    /// # Errors
    /// In Go's words, `time: invalid duration "x"`.
    pub fn parse_duration(text: &str) -> Result<Self, String> {
        let invalid = || format!("time: invalid duration {text:?}");
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total_micros: i128 = 0;
        while !rest.is_empty() {
            let digits = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            let (number, tail) = rest.split_at(digits);
            let unit_len = tail
                .find(|c: char| c.is_ascii_digit() || c == '.')
                .unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(unit_len);
            let unit_micros: i128 = match unit {
                "us" | "µs" => 1,
                "ms" => 1_000,
                "s" => 1_000_000,
                "m" => 60_000_000,
                "h" => 3_600_000_000,
                "" => return Err(format!("time: missing unit in duration {text:?}")),
                _ => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
            };
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            if whole.len() + fraction.len() == 0 || whole.len() > 12 || fraction.contains('.') {
                return Err(invalid());
            }
            let whole: i128 = if whole.is_empty() {
                0
            } else {
                whole.parse().map_err(|_| invalid())?
            };
            total_micros += whole * unit_micros;
            let mut scale = unit_micros;
            for digit in fraction.bytes().take(9) {
                scale /= 10;
                total_micros += i128::from(digit - b'0') * scale;
            }
            rest = tail;
        }
        let millis = i64::try_from(total_micros / 1000).map_err(|_| invalid())?;
        Ok(Self(if negative { -millis } else { millis }))
    }

    /// Whole seconds, cut.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl ops::Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl ops::Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// As Go prints a duration, to the millisecond: `1m12.3s`, `500ms`, `0s`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, millis) = if self.0 < 0 {
            ("-", self.0.unsigned_abs())
        } else {
            ("", self.0.unsigned_abs())
        };
        if millis > 0 && millis < 1000 {
            return write!(f, "{sign}{millis}ms");
        }
        f.write_str(sign)?;
        let (hours, minutes, seconds) =
            (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        write!(f, "{seconds}")?;
        match millis % 1000 {
            0 => {}
            part => f.write_str(format!(".{part:03}").trim_end_matches('0'))?,
        }
        f.write_str("s")
    }
}

/// A time as objects hold it (`metav1.Time`): whole seconds since the Unix epoch, as the API
/// server cuts it when it stores an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The second that a moment lies in.
    pub const fn from_unix_millis(moment: Millis) -> Self {
        Self(moment.as_secs())
    }

    /// Whether it is the first second of the year 1, which is no time at all to Go.
    pub const fn is_zero(self) -> bool {
        self.0 == -62_135_596_800
    }

    /// In milliseconds since the Unix epoch.
    pub const fn to_unix_millis(self) -> Millis {
        Millis::from_secs(self.0)
    }

    /// As mails have it, in UTC: `Mon, 02 Jan 2006 15:04:05 +0000`.
    pub fn to_rfc1123(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let days = self.0.div_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        let nth = |index: i64, of: &'static [&'static str]| {
            let index = usize::try_from(index).unwrap_or(0);
            of.get(index).copied().unwrap_or_default()
        };
        let day_name = nth(days.rem_euclid(7), &DAYS);
        let month = nth(month - 1, &MONTHS);
        let second = self.0.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{day_name}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
    }
}

/// Reads RFC 3339, with any fraction and offset, as milliseconds since the Unix epoch.
pub fn parse_rfc3339(text: &str) -> Option<Millis> {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || !text.is_ascii() {
        return None;
    }
    let number = |range: ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        digits
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| digits.parse().ok())?
    };
    let fixed = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if fixed.iter().any(|&(at, byte)| bytes[at] != byte) || !matches!(bytes[10], b'T' | b't') {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = &text[19..];
    let mut millis = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(fraction.len());
        if digits == 0 {
            return None;
        }
        millis = format!("{:0<3}", &fraction[..digits.min(3)]).parse().ok()?;
        rest = &fraction[digits..];
    }
    let offset_secs = match rest.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2]
            if [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()) =>
        {
            let two = |a: u8, b: u8| i64::from(a - b'0') * 10 + i64::from(b - b'0');
            let secs = two(*h1, *h2) * 3600 + two(*m1, *m2) * 60;
            if *sign == b'-' { -secs } else { secs }
        }
        _ => return None,
    };
    let secs = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Millis((secs - offset_secs) * 1000 + millis))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that
/// the leap day is a year's last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// RFC 3339 in UTC, as the API server writes it.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(86_400));
        let second = self.0.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

impl Field for Timestamp {
    fn read(value: Value) -> Result<Self, Unreadable> {
        let text = String::read(value)?;
        match parse_rfc3339(&text) {
            Some(moment) => Ok(Self::from_unix_millis(moment)),
            None => Err(Unreadable::new(format!("{text:?} is not an RFC 3339 time"))),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }

    fn is_zero(&self) -> bool {
        false
    }
}

through_values!(Timestamp);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_in_rfc_3339() {
        for (text, secs) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            assert_eq!(parse_rfc3339(text), Some(Millis::from_secs(secs)), "{text}");
            assert_eq!(Timestamp(secs).to_string(), text);
        }
        assert_eq!(
            parse_rfc3339("1970-01-01T02:00:00.25+02:00"),
            Some(Millis(250))
        );
        for bad in [
            "",
            "2026-01-01",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-01-01T00:00:00",
        ] {
            assert_eq!(parse_rfc3339(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_are_those_of_go() {
        for (text, millis) in [
            ("90s", 90_000),
            ("3m50s", 230_000),
            ("1.5h", 5_400_000),
            ("250ms", 250),
            ("0", 0),
            ("-2s", -2000),
        ] {
            assert_eq!(Millis::parse_duration(text), Ok(Millis(millis)), "{text}");
        }
        for bad in [
            "",
            "5",
            "1x",
            "s",
            ".",
            "1..5s",
            "-",
            "99999999999999999999s",
        ] {
            assert!(Millis::parse_duration(bad).is_err(), "{bad}");
        }
        for (millis, text) in [
            (0, "0s"),
            (500, "500ms"),
            (72_300, "1m12.3s"),
            (3_600_000, "1h0m0s"),
            (-1500, "-1.5s"),
        ] {
            assert_eq!(Millis(millis).to_string(), text);
        }
    }
}
