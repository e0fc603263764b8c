//! `-o custom-columns=`.
//!
//! Models kubectl `pkg/cmd/get/customcolumn.go`, v1.34.

use serde_json::Value;

use crate::print::{Table, go_value, jsonpath::Template};

/// A header, and what stands below it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    header: String,
    field: Template,
}

/// `HEADER:FIELD,...`.
pub(super) fn read(spec: &str) -> Result<Vec<Column>, String> {
    if spec.is_empty() {
        let why = "custom-columns format specified but no custom columns given";
        return Err(format!("error: {why}"));
    }
    let column = |part: &str| {
        let (header, field) = part.split_once(':').ok_or_else(|| {
            format!(
                "error: unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
            )
        })?;
        Ok(Column {
            header: header.to_owned(),
            field: Template::read(&relaxed(field)?)?,
        })
    };
    spec.split(',').map(column).collect()
}

/// A line for each object.
pub(super) fn table(columns: &[Column], objects: impl Iterator<Item = Value>) -> Table {
    let header: Vec<&str> = columns.iter().map(|it| it.header.as_str()).collect();
    let mut table = Table::new(&header);
    for object in objects {
        let cell = |column: &Column| {
            let found = column.field.all(&object);
            let found: Vec<String> = found.into_iter().map(go_value::plain).collect();
            match found.as_slice() {
                [] => "<none>".to_owned(),
                found => found.join(","),
            }
        };
        table.rows.push(columns.iter().map(cell).collect());
    }
    table
}

/// `{.a}` of `.a`, `a`, `{a}` or `{.a}`.
///
/// Models `RelaxedJSONPathExpression`.
pub(super) fn relaxed(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let path = inner.unwrap_or(text);
    let path = path
        .strip_prefix('.')
        .filter(|it| !it.is_empty())
        .unwrap_or(path);
    if text.is_empty() {
        return Ok(String::new());
    }
    if path.is_empty() || path.contains(['{', '}']) {
        return Err("error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'".to_owned());
    }
    Ok(format!("{{.{path}}}"))
}
