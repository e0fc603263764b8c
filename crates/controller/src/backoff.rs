//! How long failed pods are left alone before they are deleted again.
//!
//! Models `flowcontrol.Backoff`, client-go `util/flowcontrol/backoff.go`, v1.34, with the limits
//! that the DaemonSet controller gives it.

use std::collections::BTreeMap;

use objects::{DaemonSet, Millis};
use serde::{Deserialize, Serialize};

const FIRST: Millis = Millis::from_secs(1);
const LONGEST: Millis = Millis::from_secs(15 * 60);

/// Delays by DaemonSet, its observed generation, and node: a change of the spec starts afresh.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Backoff(BTreeMap<String, Entry>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    last_update: Millis,
    delay: Millis,
}

impl Backoff {
    fn key(daemon_set: &DaemonSet, node: &str) -> String {
        let (uid, generation) = (
            &daemon_set.metadata.uid,
            daemon_set.status.observed_generation,
        );
        format!("{uid}/{generation}/{node}")
    }

    /// Puts an entry in as it is remembered from before.
    pub fn remember(
        &mut self,
        daemon_set: &DaemonSet,
        node: &str,
        last_update: Millis,
        delay: Millis,
    ) {
        self.0
            .insert(Self::key(daemon_set, node), Entry { last_update, delay });
    }

    /// The whole delay, if it is not over yet.
    pub fn holding(&self, daemon_set: &DaemonSet, node: &str, now: Millis) -> Option<Millis> {
        let entry = self.0.get(&Self::key(daemon_set, node))?;
        let since = now - entry.last_update;
        (!is_forgotten(since) && since < entry.delay).then_some(entry.delay)
    }

    /// Starts the next, longer delay, and tells it.
    pub fn raise(&mut self, daemon_set: &DaemonSet, node: &str, now: Millis) -> Millis {
        let key = Self::key(daemon_set, node);
        let delay = match self.0.get(&key) {
            Some(entry) if !is_forgotten(now - entry.last_update) => {
                Millis(entry.delay.0.saturating_mul(2)).min(LONGEST)
            }
            _ => FIRST,
        };
        self.0.insert(
            key,
            Entry {
                last_update: now,
                delay,
            },
        );
        delay
    }

    /// Drops what is forgotten by now.
    pub fn collect_garbage(&mut self, now: Millis) {
        self.0
            .retain(|_, entry| !is_forgotten(now - entry.last_update));
    }
}

fn is_forgotten(since: Millis) -> bool {
    since.0 > 2 * LONGEST.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_quarter_of_an_hour_and_are_forgotten() {
        let daemon_set = DaemonSet::default();
        let mut backoff = Backoff::default();
        let mut now = Millis(0);
        for secs in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(
                backoff.raise(&daemon_set, "n", now),
                Millis::from_secs(secs)
            );
            assert_eq!(
                backoff.holding(&daemon_set, "n", now),
                Some(Millis::from_secs(secs))
            );
            now = now + Millis::from_secs(secs);
            assert_eq!(backoff.holding(&daemon_set, "n", now), None);
        }
        now = now + Millis::from_secs(1801);
        assert_eq!(backoff.raise(&daemon_set, "n", now), Millis::from_secs(1));
    }
}
