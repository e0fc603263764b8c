//! What the world does to a cluster, as opposed to what people do.

use std::{fmt, str::FromStr};

use objects::{Millis, Name};
use serde::{Deserialize, Serialize};

use crate::{ApiError, Cluster};

/// A fault, or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The kubelet ends, or is back. While it is gone containers run on; nobody reports on them.
    Kubelet { node: Name, runs: bool },
    /// The machine is off, and its containers with it; or on again, and its kubelet starts.
    Power { node: Name, on: bool },
    /// Something on the machine runs short, or no longer does.
    Pressure {
        node: Name,
        on_what: Pressure,
        on: bool,
    },
    /// How pulls of an image go from now on.
    Pull { image: Box<str>, goes: Pull },
    /// How containers of an image that start from now on behave.
    Image { image: Box<str>, behaves: Behaviour },
    /// A component of the control plane ends, or is back.
    Component { component: Component, runs: bool },
}

/// What a node can run short of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pressure {
    Disk,
    Memory,
    Pid,
}

/// How a pull goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pull {
    #[default]
    Ok,
    Fails,
    /// It takes so long.
    Slow(Millis),
}

/// How a container behaves once it is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Behaviour {
    #[default]
    Ok,
    /// It ends with exit code 1, some time after each start.
    Crash,
    /// It runs; its readiness probe fails for ever.
    NeverReady,
    /// It runs; its readiness probe succeeds so long after the start.
    ReadyAfter(Millis),
}

/// A component of the control plane that can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Component {
    DaemonSetController,
    Scheduler,
    /// With taint eviction, which is part of the same rules.
    NodeLifecycle,
}

impl Cluster {
    /// A fault, or its end. Whether it changed anything.
    pub(crate) fn strike(&mut self, fault: &Fault) -> Result<bool, ApiError> {
        match fault {
            Fault::Kubelet { node, runs: true } => self.start_kubelet(node, false),
            Fault::Kubelet { node, runs: false } => self.stop_kubelet(node, false),
            Fault::Power { node, on: true } => self.start_kubelet(node, true),
            Fault::Power { node, on: false } => self.stop_kubelet(node, true),
            Fault::Pressure { node, on_what, on } => self.press(node, *on_what, *on),
            Fault::Pull { image, goes } => Ok(self.images.set_pull(image, *goes)),
            Fault::Image { image, behaves } => Ok(self.images.set_behaviour(image, *behaves)),
            Fault::Component { component, runs } => Ok(self.switch(*component, *runs)),
        }
    }

    fn switch(&mut self, component: Component, runs: bool) -> bool {
        let changed = if runs {
            self.stopped.remove(&component)
        } else {
            self.stopped.insert(component)
        };
        if changed {
            match component {
                Component::DaemonSetController => self.switch_daemonset_controller(runs),
                Component::Scheduler => self.switch_scheduler(runs),
                Component::NodeLifecycle => self.switch_node_lifecycle(runs),
            }
        }
        changed
    }
}

impl Component {
    /// As a fault names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DaemonSetController => "daemonset-controller",
            Self::Scheduler => "scheduler",
            Self::NodeLifecycle => "node-lifecycle",
        }
    }
}

impl Pressure {
    /// As a fault names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Memory => "memory",
            Self::Pid => "pid",
        }
    }
}

impl Fault {
    /// The node it befalls, if it befalls one.
    pub fn node(&self) -> Option<&Name> {
        match self {
            Self::Kubelet { node, .. } | Self::Power { node, .. } | Self::Pressure { node, .. } => {
                Some(node)
            }
            Self::Pull { .. } | Self::Image { .. } | Self::Component { .. } => None,
        }
    }

    /// What it befalls: `node/N`, `image/REF` or `component/NAME`.
    pub fn target(&self) -> String {
        match self {
            Self::Kubelet { node, .. } | Self::Power { node, .. } | Self::Pressure { node, .. } => {
                format!("node/{node}")
            }
            Self::Pull { image, .. } | Self::Image { image, .. } => format!("image/{image}"),
            Self::Component { component, .. } => format!("component/{}", component.as_str()),
        }
    }
}

/// As it stands in a scenario: `node/worker-2 power off`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on_off = |on: &bool| if *on { "on" } else { "off" };
        let start_stop = |runs: &bool| if *runs { "start" } else { "stop" };
        match self {
            Self::Kubelet { node, runs } => write!(f, "node/{node} kubelet {}", start_stop(runs)),
            Self::Power { node, on } => write!(f, "node/{node} power {}", on_off(on)),
            Self::Pressure { node, on_what, on } => {
                write!(
                    f,
                    "node/{node} pressure {} {}",
                    on_what.as_str(),
                    on_off(on)
                )
            }
            Self::Pull { image, goes } => match goes {
                Pull::Ok => write!(f, "image {image} pull ok"),
                Pull::Fails => write!(f, "image {image} pull fail"),
                Pull::Slow(time) => write!(f, "image {image} pull slow {time}"),
            },
            Self::Image { image, behaves } => match behaves {
                Behaviour::Ok => write!(f, "image {image} ok"),
                Behaviour::Crash => write!(f, "image {image} crash"),
                Behaviour::NeverReady => write!(f, "image {image} never-ready"),
                Behaviour::ReadyAfter(time) => write!(f, "image {image} ready-after {time}"),
            },
            Self::Component { component, runs } => {
                write!(f, "component {} {}", component.as_str(), start_stop(runs))
            }
        }
    }
}

/// The forms there are, for those who wrote another.
const FORMS: &str = "`node/NAME kubelet stop|start`, `node/NAME power off|on`, \
    `node/NAME pressure disk|memory|pid on|off`, `image REF pull fail|slow DURATION|ok`, \
    `image REF crash|never-ready|ready-after DURATION|ok`, \
    `component daemonset-controller|scheduler|node-lifecycle stop|start`";

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let duration = |text: &str| {
            Millis::parse_duration(text)
                .map(|time| Millis(time.0.max(0)))
                .map_err(|_| format!("{text:?} is not a duration such as `90s` or `3m50s`"))
        };
        read(&words, &duration)
            .unwrap_or_else(|| Err(format!("unknown fault {text:?}; known are {FORMS}")))
    }
}

/// `None`: the words have none of the forms.
fn read(
    words: &[&str],
    duration: &dyn Fn(&str) -> Result<Millis, String>,
) -> Option<Result<Fault, String>> {
    let image = |image: &str| Box::from(image);
    Some(Ok(match *words {
        ["image", it, "pull", "ok"] => Fault::Pull {
            image: image(it),
            goes: Pull::Ok,
        },
        ["image", it, "pull", "fail"] => Fault::Pull {
            image: image(it),
            goes: Pull::Fails,
        },
        ["image", it, "pull", "slow", time] => {
            let slow = |time| Fault::Pull {
                image: image(it),
                goes: Pull::Slow(time),
            };
            return Some(duration(time).map(slow));
        }
        ["image", it, "ok"] => Fault::Image {
            image: image(it),
            behaves: Behaviour::Ok,
        },
        ["image", it, "crash"] => Fault::Image {
            image: image(it),
            behaves: Behaviour::Crash,
        },
        ["image", it, "never-ready"] => Fault::Image {
            image: image(it),
            behaves: Behaviour::NeverReady,
        },
        ["image", it, "ready-after", time] => {
            let after = |time| Fault::Image {
                image: image(it),
                behaves: Behaviour::ReadyAfter(time),
            };
            return Some(duration(time).map(after));
        }
        ["component", name, does] => {
            let all = [
                Component::DaemonSetController,
                Component::Scheduler,
                Component::NodeLifecycle,
            ];
            let component = all.into_iter().find(|it| it.as_str() == name)?;
            Fault::Component {
                component,
                runs: either(does, "start", "stop")?,
            }
        }
        [target, what, does] => {
            let node = node(target)?;
            match what {
                "kubelet" => Fault::Kubelet {
                    node,
                    runs: either(does, "start", "stop")?,
                },
                "power" => Fault::Power {
                    node,
                    on: either(does, "on", "off")?,
                },
                _ => return None,
            }
        }
        [target, "pressure", what, does] => {
            let all = [Pressure::Disk, Pressure::Memory, Pressure::Pid];
            let on_what = all.into_iter().find(|it| it.as_str() == what)?;
            Fault::Pressure {
                node: node(target)?,
                on_what,
                on: either(does, "on", "off")?,
            }
        }
        _ => return None,
    }))
}

fn either(word: &str, yes: &str, no: &str) -> Option<bool> {
    match word {
        _ if word == yes => Some(true),
        _ if word == no => Some(false),
        _ => None,
    }
}

fn node(target: &str) -> Option<Name> {
    target
        .strip_prefix("node/")
        .filter(|name| !name.is_empty())
        .map(Name::from)
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
            "node/a pressure disk on",
            "node/a pressure memory off",
            "node/a pressure pid on",
            "image r.io/x:1 pull fail",
            "image r.io/x:1 pull slow 1m30s",
            "image r.io/x:1 pull ok",
            "image x crash",
            "image x never-ready",
            "image x ready-after 20s",
            "image x ok",
            "component daemonset-controller stop",
            "component scheduler start",
            "component node-lifecycle stop",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_fault_is_refused() {
        for text in [
            "",
            "node/ power on",
            "pod/a power on",
            "node/a power stop",
            "node/a pressure cpu on",
            "image x explode",
            "component kubelet stop",
        ] {
            let error = text.parse::<Fault>().unwrap_err();
            assert!(error.starts_with("unknown fault"), "{text}: {error}");
        }
        let error = "image x pull slow never".parse::<Fault>().unwrap_err();
        assert_eq!(
            error,
            "\"never\" is not a duration such as `90s` or `3m50s`"
        );
    }
}
