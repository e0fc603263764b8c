//! The formats of `get`.

use super::columns::{self, Column};
use crate::printer::Printer;

/// Formats that `get` has.
const FORMATS: &str = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml";

/// How objects are shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Format {
    Table { wide: bool },
    Names,
    Columns(Vec<Column>),
    Printer(Printer),
}

impl Format {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        Ok(match (text, text.strip_prefix("custom-columns=")) {
            ("", _) => Self::Table { wide: false },
            ("wide", _) => Self::Table { wide: true },
            ("name", _) => Self::Names,
            ("custom-columns", _) => Self::Columns(columns::read("")?),
            (_, Some(spec)) => Self::Columns(columns::read(spec)?),
            (text, None) => Self::Printer(Printer::of_format(text, FORMATS)?),
        })
    }
}
