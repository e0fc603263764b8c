//! What is wrong with a text, and where.

use std::fmt;

use crate::{FieldPath, Position};

/// One thing the API server or kubectl would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the text.
    pub position: Position,
    /// Where in the object; the root if the text could not be read as an object at all.
    pub field: FieldPath,
    /// What is wrong, in the words of the API server.
    pub message: String,
    /// The object it is about, `DaemonSet/node-exporter`, if it is known.
    pub object: Option<String>,
}

impl fmt::Display for Problem {
    /// `LINE:COL: error: FIELD.PATH: message`, to stand behind a file's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: error: ", self.position)?;
        if !self.field.segments().is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}
