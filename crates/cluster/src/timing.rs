//! How long things take.

use objects::Millis;
use serde::{Deserialize, Serialize};

/// Latencies, each jittered by up to `jitter_percent`; and Kubernetes' constants that have a
/// flag, which are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    pub controller_sync: Millis,
    pub schedule: Millis,
    pub image_pull: Millis,
    pub container_start: Millis,
    pub ready: Millis,
    pub container_stop: Millis,
    pub crash_after: Millis,
    pub node_join: Millis,
    pub jitter_percent: i64,
    pub node_monitor_grace_period: Millis,
    pub node_monitor_period: Millis,
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
            // 40 s before 1.32.
            node_monitor_grace_period: Millis::from_secs(50),
            node_monitor_period: Millis::from_secs(5),
        }
    }
}

impl Timing {
    /// Sets one latency by the name it has in a scenario file.
    ///
    /// # Errors
    /// If there is no such latency, with the names there are.
    pub fn set(&mut self, name: &str, value: Millis) -> Result<(), String> {
        let slot = match name {
            "controllerSync" => &mut self.controller_sync,
            "schedule" => &mut self.schedule,
            "imagePull" => &mut self.image_pull,
            "containerStart" => &mut self.container_start,
            "ready" => &mut self.ready,
            "containerStop" => &mut self.container_stop,
            "crashAfter" => &mut self.crash_after,
            "nodeJoin" => &mut self.node_join,
            "node-monitor-grace-period" => &mut self.node_monitor_grace_period,
            "node-monitor-period" => &mut self.node_monitor_period,
            _ => {
                return Err(format!(
                    "unknown timing {name:?}; known are controllerSync, schedule, imagePull, containerStart, ready, containerStop, crashAfter, nodeJoin, node-monitor-grace-period, node-monitor-period, jitter"
                ));
            }
        };
        *slot = Millis(value.0.max(0));
        Ok(())
    }
}
