//! What is wrong with a text, and where.

use std::fmt;

use crate::{FieldPath, Position};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The API server or kubectl would refuse it.
    Error,
    /// It is passed over.
    Warning,
}

impl Severity {
    /// In lower case, as compilers say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is not as it should be in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the text.
    pub position: Position,
    /// Where in the object; the root if the text could not be read as an object at all.
    pub field: FieldPath,
    /// What is wrong, in the words of the API server.
    pub message: String,
    pub severity: Severity,
    /// The object it is about, `DaemonSet/node-exporter`, if it is known.
    pub object: Option<String>,
}

impl fmt::Display for Problem {
    /// `LINE:COL: SEVERITY: FIELD.PATH: message`, to stand behind a file's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: ", self.position, self.severity.as_str())?;
        if !self.field.segments().is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}
