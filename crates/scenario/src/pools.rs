//! The cluster a scenario begins with.

use cluster::{Cluster, Timing};
use objects::{Effect, Node, Object, Quantity, Taint};
use serde_json::Value;

use crate::Scenario;

const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// Makes the cluster of T+0.
///
/// # Errors
/// If a latency, a node pool or an object cannot be what it says.
pub fn cluster(scenario: &Scenario, seed: Option<u64>) -> Result<Cluster, String> {
    let mut cluster = Cluster::with_timing(seed.unwrap_or(scenario.seed), timing(scenario)?);
    let refused = |error: cluster::ApiError| error.to_string();
    for pool in &scenario.node_pools {
        for number in 1..=pool.count {
            let mut node = Node::default();
            let name = format!("{}-{number}", pool.name);
            node.metadata.name = name.into();
            node.metadata.labels = pool.labels.clone().into();
            if pool.control_plane {
                node.metadata
                    .labels
                    .insert(CONTROL_PLANE.into(), String::new());
                node.spec
                    .taints
                    .push(Taint::new(CONTROL_PLANE, Effect::NoSchedule));
            }
            for taint in &pool.taints {
                node.spec.taints.push(taint.parse()?);
            }
            for (resource, amount) in &pool.allocatable {
                node.status
                    .allocatable
                    .insert(resource.clone(), Quantity(amount.clone()));
            }
            node.rest.insert("apiVersion".into(), "v1".into());
            node.rest.insert("kind".into(), "Node".into());
            cluster
                .seed(Object::Node(Box::new(node)))
                .map_err(refused)?;
        }
    }
    for (i, value) in scenario.objects.iter().enumerate() {
        let text = value.to_string();
        let manifest = objects::manifest::read(&text);
        if let Some(problem) = manifest.problems.first() {
            return Err(format!(
                "objects[{i}]: {}: {}",
                problem.field, problem.message
            ));
        }
        for (object, _) in manifest.objects {
            cluster.seed(object).map_err(refused)?;
        }
    }
    Ok(cluster)
}

fn timing(scenario: &Scenario) -> Result<Timing, String> {
    let mut timing = Timing::default();
    for (name, value) in &scenario.timing {
        if name == "jitter" {
            timing.jitter_percent = percent(value).ok_or_else(|| {
                format!("timing: jitter: expected 0 or a percentage, found {value}")
            })?;
            continue;
        }
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        timing
            .set(name, &text)
            .map_err(|error| format!("timing: {name}: {error}"))?;
    }
    Ok(timing)
}

fn percent(value: &Value) -> Option<i64> {
    let percent = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim_end_matches('%').parse().ok()?,
        _ => return None,
    };
    (0..=100).contains(&percent).then_some(percent)
}
