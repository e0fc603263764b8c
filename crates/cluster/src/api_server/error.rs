//! Why a request is refused.

use std::fmt;

use objects::{Name, validate::FieldError};

use crate::Kind;

/// Why a request is refused, as the API server says it.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// There is no such object.
    NotFound { kind: Kind, name: Name },
    /// There is one of that name.
    AlreadyExists { kind: Kind, name: Name },
    /// A rule of the cluster is against it.
    Forbidden { kind: Kind, name: Name, why: String },
    /// The object breaks rules, each with its field.
    Invalid {
        kind: Kind,
        name: Name,
        errors: Vec<FieldError>,
    },
    /// The object was changed since the one that is to replace it was read.
    Conflict { kind: Kind, name: Name },
    /// A disruption budget forbids to evict the pod now.
    BudgetSpent { pod: Name },
    /// More budgets than one select the pod.
    SeveralBudgets { pod: Name },
    /// There is no machine of that name to befall.
    NoMachine { node: Name },
}

impl ApiError {
    /// The machine-readable reason of the status that the API server answers with.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::NoMachine { .. } => "NotFound",
            Self::AlreadyExists { .. } => "AlreadyExists",
            Self::Forbidden { .. } => "Forbidden",
            Self::Invalid { .. } => "Invalid",
            Self::Conflict { .. } => "Conflict",
            Self::BudgetSpent { .. } => "TooManyRequests",
            Self::SeveralBudgets { .. } => "InternalError",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { kind, name } => write!(f, "{} {name:?} not found", kind.resource()),
            Self::AlreadyExists { kind, name } => {
                write!(f, "{} {name:?} already exists", kind.resource())
            }
            Self::Forbidden { kind, name, why } => {
                write!(f, "{} {name:?} is forbidden: {why}", kind.resource())
            }
            Self::Invalid { kind, name, errors } => {
                write!(f, "{} {name:?} is invalid: ", kind.qualified())?;
                let lines: Vec<String> = errors
                    .iter()
                    .map(|error| format!("{}: {}", error.field, error.message))
                    .collect();
                match &lines[..] {
                    [line] => f.write_str(line),
                    lines => write!(f, "[{}]", lines.join(", ")),
                }
            }
            Self::Conflict { kind, name } => write!(
                f,
                "Operation cannot be fulfilled on {} {name:?}: the object has been modified; please apply your changes to the latest version and try again",
                kind.resource()
            ),
            Self::BudgetSpent { .. } => f.write_str(
                "Cannot evict pod as it would violate the pod's disruption budget.",
            ),
            Self::SeveralBudgets { .. } => f.write_str(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            ),
            Self::NoMachine { node } => write!(f, "there is no machine {node:?}"),
        }
    }
}
