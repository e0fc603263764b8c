//! Zones: how many nodes of one may be tainted how fast, when many are lost at once.
//!
//! Models `ComputeZoneState` and `handleDisruption`,
//! `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, and `GetZoneKey`,
//! component-helpers `node/topology/helpers.go`, v1.34.

use std::collections::BTreeMap;

use objects::{Millis, Node};

use crate::Timing;

/// Region and zone, as a node's labels have them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(crate) struct Zone(String);

impl Zone {
    pub(super) fn of(node: &Node) -> Self {
        let label = |names: [&str; 2]| {
            let labels = &node.metadata.labels;
            let found = names.iter().find_map(|name| labels.get(*name));
            found.map_or("", String::as_str)
        };
        let region = label([
            "topology.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/region",
        ]);
        let zone = label([
            "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/zone",
        ]);
        Self(if region.is_empty() && zone.is_empty() {
            String::new()
        } else {
            format!("{region}:{zone}")
        })
    }
}

/// How a zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ZoneState {
    Normal,
    /// Many of its nodes are lost: more than 2, and at least 55 %.
    PartlyDown {
        large: bool,
    },
    Down,
}

/// How many nodes of each zone are ready, and how many are lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Zones(BTreeMap<Zone, (usize, usize)>);

/// How all zones are.
#[derive(PartialEq)]
pub(super) struct ZoneStates(BTreeMap<Zone, ZoneState>);

/// How fast nodes of a zone get the taint that ends their pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rate {
    /// One in so long.
    OneIn(Millis),
    /// None for now.
    Stopped,
}

impl Zones {
    /// A zone has one more node, which is ready or not.
    pub(super) fn join(&mut self, (zone, is_ready): (Zone, bool)) {
        let (ready, lost) = self.0.entry(zone).or_default();
        *if is_ready { ready } else { lost } += 1;
    }

    /// A zone has one node less.
    pub(super) fn leave(&mut self, (zone, is_ready): (Zone, bool)) {
        let Some((ready, lost)) = self.0.get_mut(&zone) else {
            return;
        };
        *if is_ready { &mut *ready } else { &mut *lost } -= 1;
        if *ready + *lost == 0 {
            self.0.remove(&zone);
        }
    }

    pub(super) fn states(&self, timing: &Timing) -> ZoneStates {
        let whole = |number: i64| usize::try_from(number).unwrap_or(0);
        let threshold = whole(timing.unhealthy_zone_threshold_percent);
        let large = whole(timing.large_cluster_size_threshold);
        let state = |(ready, lost): (usize, usize)| {
            if ready == 0 && lost > 0 {
                ZoneState::Down
            } else if lost > 2 && lost * 100 >= (lost + ready) * threshold {
                ZoneState::PartlyDown {
                    large: lost + ready > large,
                }
            } else {
                ZoneState::Normal
            }
        };
        let zones = self.0.iter();
        ZoneStates(zones.map(|(zone, it)| (zone.clone(), state(*it))).collect())
    }
}

impl ZoneStates {
    /// Whether no zone has a ready node left: that is taken for a fault of the control plane.
    pub(super) fn are_all_down(&self) -> bool {
        self.0.values().all(|it| *it == ZoneState::Down)
    }

    pub(super) fn rate(&self, zone: &Zone, timing: &Timing) -> Rate {
        if self.are_all_down() {
            return Rate::Stopped;
        }
        match self.0.get(zone) {
            Some(ZoneState::PartlyDown { large: true }) => {
                Rate::OneIn(timing.secondary_node_eviction_interval)
            }
            Some(ZoneState::PartlyDown { large: false }) => Rate::Stopped,
            _ => Rate::OneIn(timing.node_eviction_interval),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(nodes: &[(&str, bool)]) -> ZoneStates {
        let mut zones = Zones::default();
        for (zone, is_ready) in nodes {
            zones.join((Zone((*zone).to_owned()), *is_ready));
        }
        zones.states(&Timing::default())
    }

    #[test]
    fn section_7_2_rates_of_zones() {
        let a = Zone("a".into());
        let check = |ready: usize, lost: usize, others: usize, wanted| {
            let mut nodes = vec![("a", true); ready];
            nodes.extend(vec![("a", false); lost]);
            nodes.extend(vec![("b", true); others]);
            assert_eq!(
                states(&nodes).rate(&a, &Timing::default()),
                wanted,
                "{ready} {lost} {others}"
            );
        };
        let normal = Rate::OneIn(Millis::from_secs(10));
        check(2, 1, 0, normal);
        check(1, 2, 0, normal);
        check(2, 3, 0, Rate::Stopped);
        check(3, 3, 0, normal);
        check(22, 28, 0, Rate::Stopped);
        check(22, 29, 0, Rate::OneIn(Millis::from_secs(100)));
        check(0, 3, 0, Rate::Stopped);
        check(0, 3, 1, normal);
    }
}
