//! `--sort-by`.
//!
//! Models `SortingPrinter` and `TableSorter`, kubectl `pkg/cmd/get/sorter.go`, v1.34.

use std::cmp::Ordering;

use objects::Quantity;

use super::columns::relaxed;
use crate::{live::Live, print::jsonpath::Template, resource::Resource};

/// The field by which objects are sorted, as far as it can be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SortBy {
    text: String,
    field: Result<Template, String>,
}

type Found = (Resource, Live);

impl SortBy {
    pub(super) fn read(text: &str) -> Self {
        let relaxed = relaxed(text);
        Self {
            text: relaxed.clone().unwrap_or_else(|_| text.to_owned()),
            field: relaxed.and_then(|it| Template::read(&it)),
        }
    }

    pub(super) fn not_found(&self) -> String {
        format!(
            "error: couldn't find any field with path {:?} in the list of objects",
            self.text
        )
    }

    pub(super) fn sort_list(&self, found: &mut Vec<Found>) -> Result<(), String> {
        let field = self.field.as_ref().map_err(Clone::clone)?;
        if found.is_empty() || sort(found, field) {
            return Ok(());
        }
        Err(self.not_found())
    }

    /// Whether it is shown: what is wrong with the field is not said of a table, which then is
    /// not there.
    pub(super) fn sort_table(&self, rows: &mut Vec<Found>) -> bool {
        match &self.field {
            _ if rows.len() < 2 => true,
            Ok(field) => sort(rows, field),
            Err(_) => false,
        }
    }
}

/// Whether any of them has the field. Those without come first, the last of them foremost.
fn sort(found: &mut Vec<Found>, field: &Template) -> bool {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for it in std::mem::take(found) {
        let value = it.1.value();
        let key = field.first(&value).map(|it| match it.as_str() {
            Some(text) => text.to_owned(),
            None => it.to_string(),
        });
        match key {
            None => without.push(it),
            Some(key) => with.push((key, it)),
        }
    }
    with.sort_by(|(a, _), (b, _)| compare(a, b));
    without.reverse();
    let any = !with.is_empty();
    found.extend(without);
    found.extend(with.into_iter().map(|(_, it)| it));
    any
}

/// Quantities and numbers by their amount, other texts as people would: `a2` before `a10`.
fn compare(a: &str, b: &str) -> Ordering {
    let amount = |text: &str| Quantity::new(text).milli();
    match (amount(a), amount(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => parts(a).cmp(&parts(b)),
    }
}

/// The digits of a text as numbers, and what is between them.
fn parts(text: &str) -> Vec<(Option<u128>, &str)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let numeric = is_digit(first);
        let end = rest.find(|c| is_digit(c) != numeric).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        let number = part.parse().ok().filter(|_| numeric);
        parts.push((number, part));
        rest = behind;
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::compare;

    #[test]
    fn numbers_in_texts_are_numbers() {
        assert_eq!(compare("a2", "a10"), Ordering::Less);
        assert_eq!(compare("1Gi", "500Mi"), Ordering::Greater);
    }
}
