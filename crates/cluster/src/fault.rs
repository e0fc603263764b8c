//! What the world does to a cluster, as opposed to what people do.

use std::{fmt, str::FromStr};

use objects::Name;
use serde::{Deserialize, Serialize};

/// A fault, or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The kubelet ends. Containers run on; nobody reports on them.
    KubeletStop { node: Name },
    /// The kubelet is back.
    KubeletStart { node: Name },
    /// The machine is off, and its containers with it.
    PowerOff { node: Name },
    /// The machine is on again, and its kubelet starts.
    PowerOn { node: Name },
}

impl Fault {
    /// The node it befalls.
    pub fn node(&self) -> &Name {
        match self {
            Self::KubeletStop { node }
            | Self::KubeletStart { node }
            | Self::PowerOff { node }
            | Self::PowerOn { node } => node,
        }
    }
}

/// As it stands in a scenario: `node/worker-2 power off`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::KubeletStop { .. } => "kubelet stop",
            Self::KubeletStart { .. } => "kubelet start",
            Self::PowerOff { .. } => "power off",
            Self::PowerOn { .. } => "power on",
        };
        write!(f, "node/{} {what}", self.node())
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let node = |target: &str| {
            target
                .strip_prefix("node/")
                .filter(|it| !it.is_empty())
                .map(Name::from)
        };
        let parsed = match words[..] {
            [target, "kubelet", "stop"] => node(target).map(|node| Self::KubeletStop { node }),
            [target, "kubelet", "start"] => node(target).map(|node| Self::KubeletStart { node }),
            [target, "power", "off"] => node(target).map(|node| Self::PowerOff { node }),
            [target, "power", "on"] => node(target).map(|node| Self::PowerOn { node }),
            _ => None,
        };
        parsed.ok_or_else(|| {
            format!("unknown fault {text:?}; known are `node/NAME kubelet stop|start` and `node/NAME power off|on`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_as_they_are_written() {
        for text in [
            "node/a kubelet stop",
            "node/a kubelet start",
            "node/a power off",
            "node/a power on",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        assert!("node/ power on".parse::<Fault>().is_err());
        assert!("pod/a power on".parse::<Fault>().is_err());
    }
}
