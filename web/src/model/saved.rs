//! What a browser keeps from visit to visit.

use super::{Given, panes::Panes};

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// As it is kept, and as the page's root says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn read(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// What the page is opened with: its address, and what the browser held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opening {
    /// The fragment of the address, if it holds a session.
    pub link: Option<String>,
    pub given: Option<Given>,
    /// The name of a lesson.
    pub lesson: Option<String>,
    /// What this browser held last: a link.
    pub kept: Option<String>,
    /// Texts that were typed and not applied, by the names of their files.
    pub drafts: Vec<(String, String)>,
    pub theme: Theme,
    pub step: Option<usize>,
    pub plays: bool,
    /// Whether it is inside another page.
    pub is_embedded: bool,
    /// The parts that are asked for, or what is wrong with their names.
    pub panes: Option<Result<Panes, String>>,
}
