//! When a container counts as ready, and what is said while it does not.
//!
//! Models `pkg/kubelet/prober/worker.go` and the probers of `pkg/probe`, v1.34, for containers of
//! which is known how they behave.

use objects::{Container, Millis};
use serde_json::Value;

use crate::fault::Behaviour;

/// When a container is ready, counted from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadyAfter {
    /// As soon as it runs: nothing is asked.
    Latency,
    Time(Millis),
    Never,
}

fn seconds(probe: &Value, field: &str, default: i64) -> Millis {
    let seconds = probe[field].as_i64().unwrap_or(default);
    Millis::from_secs(seconds.clamp(0, 1_000_000_000))
}

fn probe<'a>(container: &'a Container, name: &str) -> Option<&'a Value> {
    container.rest.get(name).filter(|it| it.is_object())
}

/// When the container answers well for the first time.
fn answers(behaves: Behaviour) -> Option<Millis> {
    match behaves {
        Behaviour::NeverReady => None,
        Behaviour::ReadyAfter(time) => Some(time),
        Behaviour::Ok | Behaviour::Crash => Some(Millis(0)),
    }
}

/// How often the readiness probe is run.
pub(super) fn period(container: &Container) -> Millis {
    let period = probe(container, "readinessProbe").map(|it| seconds(it, "periodSeconds", 10));
    period
        .unwrap_or(Millis::from_secs(10))
        .max(Millis::from_secs(1))
}

/// The first run of a probe at or after a time.
fn run_at(probe: &Value, time: Millis) -> Millis {
    let first = seconds(probe, "initialDelaySeconds", 0);
    let period = seconds(probe, "periodSeconds", 10).0.max(1000);
    let late = (time.0 - first.0).max(0);
    let rounds = late / period + i64::from(late % period > 0);
    Millis(first.0 + rounds * period)
}

/// Since the probes decide: the startup probe holds the readiness probe back.
pub(super) fn ready_after(container: &Container, behaves: Behaviour) -> ReadyAfter {
    let Some(answers) = answers(behaves) else {
        return ReadyAfter::Never;
    };
    let startup = probe(container, "startupProbe").map(|it| run_at(it, Millis(0)));
    let Some(readiness) = probe(container, "readinessProbe") else {
        return match (startup, behaves) {
            (None, Behaviour::ReadyAfter(time)) => ReadyAfter::Time(time),
            (None, _) => ReadyAfter::Latency,
            (Some(startup), _) => ReadyAfter::Time(startup.max(answers)),
        };
    };
    let first = run_at(readiness, answers.max(startup.unwrap_or_default()));
    let more = readiness["successThreshold"].as_i64().unwrap_or(1) - 1;
    let period = period(container).0;
    ReadyAfter::Time(Millis(
        first.0 + period.saturating_mul(more.clamp(0, 1_000_000)),
    ))
}

/// When the readiness probe fails for the first time, if it does.
pub(super) fn first_failure(container: &Container, behaves: Behaviour) -> Option<Millis> {
    let first = match probe(container, "readinessProbe") {
        Some(readiness) => run_at(readiness, Millis(0)),
        None => Millis(0),
    };
    let fails = answers(behaves).is_none_or(|answers| first < answers);
    fails.then_some(first)
}

/// What the kubelet says of a readiness probe that fails.
pub(super) fn failure(container: &Container, pod_ip: &str) -> String {
    let probe = probe(container, "readinessProbe").unwrap_or(&Value::Null);
    let output = if !probe["exec"].is_null() {
        String::new()
    } else if !probe["tcpSocket"].is_null() {
        let port = match &probe["tcpSocket"]["port"] {
            Value::String(name) => {
                let named = container.ports.iter().find(|it| it.name == *name);
                named.map_or(0, |it| it.container_port)
            }
            number => number.as_i64().unwrap_or(0),
        };
        format!("dial tcp {pod_ip}:{port}: connect: connection refused")
    } else if !probe["grpc"].is_null() {
        "service unhealthy (responded with \"NOT_SERVING\")".to_owned()
    } else {
        "HTTP probe failed with statuscode: 503".to_owned()
    };
    format!("Readiness probe failed: {output}")
}

#[cfg(test)]
mod tests {
    use objects::Field;
    use serde_json::json;

    use super::*;

    fn container(readiness: Value, startup: Value) -> Container {
        let value = json!({"name": "c", "readinessProbe": readiness, "startupProbe": startup});
        Container::read(objects::decode::without_nulls(value)).expect("a container")
    }

    #[test]
    fn section_6_5_when_a_container_is_ready() {
        use Behaviour::{Crash, NeverReady, Ok};
        let check = |readiness: Value, startup: Value, behaves, wanted| {
            assert_eq!(
                ready_after(&container(readiness.clone(), startup.clone()), behaves),
                wanted,
                "{readiness} {startup} {behaves:?}"
            );
        };
        let at = |seconds| ReadyAfter::Time(Millis::from_secs(seconds));
        let after = |seconds| Behaviour::ReadyAfter(Millis::from_secs(seconds));
        let probe = json!({"initialDelaySeconds": 5, "periodSeconds": 3});
        let twice = json!({"periodSeconds": 4, "successThreshold": 2});
        check(Value::Null, Value::Null, Ok, ReadyAfter::Latency);
        check(Value::Null, Value::Null, Crash, ReadyAfter::Latency);
        check(Value::Null, Value::Null, NeverReady, ReadyAfter::Never);
        check(Value::Null, Value::Null, after(7), at(7));
        check(probe.clone(), Value::Null, Ok, at(5));
        check(probe.clone(), Value::Null, after(5), at(5));
        check(probe.clone(), Value::Null, after(6), at(8));
        check(probe.clone(), Value::Null, NeverReady, ReadyAfter::Never);
        check(twice, Value::Null, Ok, at(4));
        check(Value::Null, probe.clone(), Ok, at(5));
        check(json!({"periodSeconds": 3}), probe, Ok, at(6));
    }

    #[test]
    fn section_6_5_the_first_failure_is_the_first_probe_that_is_too_early() {
        let probe = json!({"initialDelaySeconds": 5, "periodSeconds": 3});
        let container = container(probe, Value::Null);
        let after = |seconds| Behaviour::ReadyAfter(Millis::from_secs(seconds));
        let five = Some(Millis::from_secs(5));
        assert_eq!(first_failure(&container, Behaviour::Ok), None);
        assert_eq!(first_failure(&container, Behaviour::NeverReady), five);
        assert_eq!(first_failure(&container, after(5)), None);
        assert_eq!(first_failure(&container, after(6)), five);
    }
}
