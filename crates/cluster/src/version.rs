//! Which Kubernetes the cluster runs, and what is different in which.

use std::{fmt, str::FromStr};

use objects::Millis;
use serde::{Deserialize, Serialize};

/// A minor version of Kubernetes. What differs between versions is asked of it, and of nothing
/// else; so far there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    #[default]
    V1_34,
}

impl Version {
    /// All there are, the oldest first.
    pub const ALL: [Self; 1] = [Self::V1_34];

    /// `1.34`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_34 => "1.34",
        }
    }

    /// What the API server and the kubelets say they are.
    pub fn release(self) -> &'static str {
        match self {
            Self::V1_34 => "v1.34.0",
        }
    }

    /// The default of `--node-monitor-grace-period`: 40 s up to 1.31.
    pub(crate) fn node_monitor_grace_period(self) -> Millis {
        match self {
            Self::V1_34 => Millis::from_secs(50),
        }
    }

    /// What a kubelet says of a container that it has created: without the colon up to 1.31.
    pub(crate) fn created_container(self, name: &str) -> String {
        match self {
            Self::V1_34 => format!("Created container: {name}"),
        }
    }

    /// What the scheduler says of the nodes that a pod pinned to one other cannot run on: up to
    /// 1.30 the same as of a selector that does not match.
    pub(crate) fn pinned_elsewhere(self) -> &'static str {
        match self {
            Self::V1_34 => "node(s) didn't satisfy plugin(s) [NodeAffinity]",
        }
    }

    /// Whether pods have a generation: since 1.33.
    pub(crate) fn pods_have_generation(self) -> bool {
        self >= Self::V1_34
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|it| it.as_str() == text);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            format!("unknown version {text:?} of Kubernetes; known are {all}")
        })
    }
}
