//! How long things take, and the constants of Kubernetes that have a flag.

use objects::Millis;
use serde::{Deserialize, Serialize};

use crate::Version;

/// Latencies, each jittered by up to `jitter_percent`; and Kubernetes' constants that have a
/// flag, which are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    pub controller_sync: Millis,
    pub schedule: Millis,
    pub image_pull: Millis,
    pub container_start: Millis,
    /// From running to ready without a readiness probe. An init container takes as long to do its
    /// work.
    pub ready: Millis,
    pub container_stop: Millis,
    pub crash_after: Millis,
    pub node_join: Millis,
    pub jitter_percent: i64,
    pub node_monitor_grace_period: Millis,
    pub node_monitor_period: Millis,
    pub eviction_pressure_transition_period: Millis,
    pub event_ttl: Millis,
    /// Between two nodes of a zone that get the NoExecute taint.
    pub node_eviction_interval: Millis,
    /// The same, of a large zone that is partly down.
    pub secondary_node_eviction_interval: Millis,
    /// A zone of at most so many nodes is small.
    pub large_cluster_size_threshold: i64,
    /// From which share of its nodes on a zone is partly down.
    pub unhealthy_zone_threshold_percent: i64,
    pub default_not_ready_toleration_seconds: i64,
    pub default_unreachable_toleration_seconds: i64,
    pub max_pods: i64,
    pub terminated_pod_gc_threshold: i64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            controller_sync: Millis(20),
            schedule: Millis(20),
            image_pull: Millis::from_secs(3),
            container_start: Millis(500),
            ready: Millis(500),
            container_stop: Millis::from_secs(1),
            crash_after: Millis::from_secs(1),
            node_join: Millis::from_secs(5),
            jitter_percent: 20,
            node_monitor_grace_period: Version::default().node_monitor_grace_period(),
            node_monitor_period: Millis::from_secs(5),
            eviction_pressure_transition_period: Millis::from_secs(300),
            event_ttl: Millis::from_secs(3600),
            node_eviction_interval: Millis::from_secs(10),
            secondary_node_eviction_interval: Millis::from_secs(100),
            large_cluster_size_threshold: 50,
            unhealthy_zone_threshold_percent: 55,
            default_not_ready_toleration_seconds: 300,
            default_unreachable_toleration_seconds: 300,
            max_pods: 110,
            terminated_pod_gc_threshold: 12_500,
        }
    }
}

/// Where a setting is kept, and how it is written.
enum Slot<'a> {
    /// `90s`, `3m50s`.
    Duration(&'a mut Millis),
    /// So many in a second: `0.1`. Kept as the time between two; 0 is never.
    PerSecond(&'a mut Millis),
    /// `0.55`, kept in per cent.
    Share(&'a mut i64),
    /// `110`.
    Count(&'a mut i64),
}

/// The names of all settings, latencies first.
pub const NAMES: [&str; 20] = [
    "controllerSync",
    "schedule",
    "imagePull",
    "containerStart",
    "ready",
    "containerStop",
    "crashAfter",
    "nodeJoin",
    "node-monitor-grace-period",
    "node-monitor-period",
    "eviction-pressure-transition-period",
    "event-ttl",
    "node-eviction-rate",
    "secondary-node-eviction-rate",
    "large-cluster-size-threshold",
    "unhealthy-zone-threshold",
    "default-not-ready-toleration-seconds",
    "default-unreachable-toleration-seconds",
    "max-pods",
    "terminated-pod-gc-threshold",
];

/// The longest interval there is: longer than anybody plays.
const NEVER: Millis = Millis(i64::MAX / 4);

impl Timing {
    fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        Some(match name {
            "controllerSync" => Slot::Duration(&mut self.controller_sync),
            "schedule" => Slot::Duration(&mut self.schedule),
            "imagePull" => Slot::Duration(&mut self.image_pull),
            "containerStart" => Slot::Duration(&mut self.container_start),
            "ready" => Slot::Duration(&mut self.ready),
            "containerStop" => Slot::Duration(&mut self.container_stop),
            "crashAfter" => Slot::Duration(&mut self.crash_after),
            "nodeJoin" => Slot::Duration(&mut self.node_join),
            "node-monitor-grace-period" => Slot::Duration(&mut self.node_monitor_grace_period),
            "node-monitor-period" => Slot::Duration(&mut self.node_monitor_period),
            "eviction-pressure-transition-period" => {
                Slot::Duration(&mut self.eviction_pressure_transition_period)
            }
            "event-ttl" => Slot::Duration(&mut self.event_ttl),
            "node-eviction-rate" => Slot::PerSecond(&mut self.node_eviction_interval),
            "secondary-node-eviction-rate" => {
                Slot::PerSecond(&mut self.secondary_node_eviction_interval)
            }
            "large-cluster-size-threshold" => Slot::Count(&mut self.large_cluster_size_threshold),
            "unhealthy-zone-threshold" => Slot::Share(&mut self.unhealthy_zone_threshold_percent),
            "default-not-ready-toleration-seconds" => {
                Slot::Count(&mut self.default_not_ready_toleration_seconds)
            }
            "default-unreachable-toleration-seconds" => {
                Slot::Count(&mut self.default_unreachable_toleration_seconds)
            }
            "max-pods" => Slot::Count(&mut self.max_pods),
            "terminated-pod-gc-threshold" => Slot::Count(&mut self.terminated_pod_gc_threshold),
            _ => return None,
        })
    }

    /// Sets one value by the name it has in a scenario file.
    ///
    /// # Errors
    /// If there is no such name, with those there are; or if the text is no such value.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        let Some(slot) = self.slot(name) else {
            let names = NAMES.join(", ");
            return Err(format!(
                "unknown timing {name:?}; known are {names}, jitter"
            ));
        };
        let number = || {
            let number: Option<f64> = text.parse().ok();
            number
                .filter(|it| it.is_finite() && *it >= 0.0)
                .ok_or_else(|| format!("expected a number from 0 on, found {text:?}"))
        };
        match slot {
            Slot::Duration(value) => {
                let duration = Millis::parse_duration(text).ok();
                let duration = duration.filter(|it| it.0 >= 0);
                *value = duration.ok_or_else(|| {
                    format!("expected a duration such as 500ms or 3m50s, found {text:?}")
                })?;
            }
            Slot::Count(value) => {
                let count = text
                    .parse()
                    .ok()
                    .filter(|it| (0..=1_000_000_000).contains(it));
                *value = count
                    .ok_or_else(|| format!("expected a whole number from 0 on, found {text:?}"))?;
            }
            // Rounded: a saturating cast is what is wanted of any number.
            Slot::Share(value) => *value = (number()? * 100.0).round() as i64,
            Slot::PerSecond(value) => {
                let rate = number()?;
                *value = if rate > 0.0 {
                    Millis((1000.0 / rate).round() as i64).min(NEVER)
                } else {
                    NEVER
                };
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_set() {
        for name in NAMES {
            let mut timing = Timing::default();
            let text = match timing.slot(name) {
                Some(Slot::Duration(_)) => "7s",
                Some(Slot::PerSecond(_) | Slot::Share(_)) => "0.2",
                Some(Slot::Count(_)) => "7",
                None => panic!("{name} is not known"),
            };
            assert_eq!(timing.set(name, text), Ok(()), "{name}");
            assert_ne!(timing, Timing::default(), "{name}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        let mut timing = Timing::default();
        for (name, text) in [
            ("ready", "5"),
            ("ready", "-5s"),
            ("max-pods", "many"),
            ("max-pods", "1.5"),
            ("node-eviction-rate", "-1"),
            ("node-eviction-rate", "inf"),
            ("readiness", "5s"),
        ] {
            assert!(timing.set(name, text).is_err(), "{name} {text}");
        }
        assert_eq!(timing, Timing::default());
        timing.set("node-eviction-rate", "0").expect("a rate");
        assert_eq!(timing.node_eviction_interval, NEVER);
    }
}
