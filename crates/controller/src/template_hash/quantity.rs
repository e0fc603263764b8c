//! How Go prints an amount: the number as its parser left it.
//!
//! Models `Quantity`, `int64Amount` and `infDecAmount`, apimachinery `pkg/api/resource`, v1.31.

use std::fmt::{Result, Write};

use objects::{
    Quantity,
    quantity::{Format, Number},
};
use serde_json::Value;

/// An amount, first brought into the form that is stored.
pub(super) fn write(out: &mut impl Write, value: &Value) -> Result {
    let text = match value {
        Value::Null => "0".to_owned(),
        amount => Quantity(amount.clone()).to_string(),
    };
    let zero = Number::parse("0").expect("a number");
    let number = Number::parse(&text).unwrap_or(zero);
    let sign = if number.is_negative { -1 } else { 1 };
    let is_binary = number.format == Format::BinarySI;
    let quick = number.quick_digits().and_then(|digits| {
        let times = if is_binary { 1 << number.exponent } else { 1 };
        Some(digits.checked_mul(times)? * sign)
    });
    let scale = if is_binary { 0 } else { number.scale() };
    let (value, scale) = quick.map_or((0, 0), |value| (value, scale));
    write!(
        out,
        "{{i:(resource.int64Amount){{value:(int64){value} scale:(resource.Scale){scale}}} d:(resource.infDecAmount){{Dec:(*inf.Dec)"
    )?;
    match quick {
        Some(_) => out.write_str("<nil>")?,
        None => write_decimal(out, number)?,
    }
    let is_kept = text == "0" || number.keeps_its_text();
    let kept = if is_kept { &*text } else { "" };
    write!(
        out,
        "}} s:(string){kept} Format:(resource.Format){:?}}}",
        number.format
    )
}

/// A number in units of 10^-9, as words of 64 bits, the lowest first.
fn write_decimal(out: &mut impl Write, number: Number<'_>) -> Result {
    let nano = number.nano();
    let (low, high) = (
        nano.unsigned_abs() as u64,
        (nano.unsigned_abs() >> 64) as u64,
    );
    write!(
        out,
        "{{unscaled:(big.Int){{neg:(bool){} abs:(big.nat)[{low}",
        nano < 0
    )?;
    if high > 0 {
        write!(out, " {high}")?;
    }
    out.write_str("]} scale:(inf.Scale)9}")
}
