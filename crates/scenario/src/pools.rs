//! The cluster a scenario begins with.

use cluster::{ApiError, Cluster};
use objects::{Effect, FieldPath, Node, Object, Quantity, Taint, manifest};

use crate::{Scenario, Wrong, scenario::NodePool};

const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// Makes the cluster of T+0. A seed takes the place of the scenario's.
///
/// # Errors
/// If a latency, a node pool or an object cannot be what it says.
pub fn cluster(scenario: &Scenario, seed: Option<u64>) -> Result<Cluster, Wrong> {
    let mut cluster = Cluster::with_timing(seed.unwrap_or(scenario.seed), scenario.timing()?);
    for (i, pool) in scenario.node_pools.iter().enumerate() {
        let at = FieldPath::of("nodePools").index(i);
        for number in 1..=pool.count {
            let node = Object::Node(Box::new(node(pool, number)));
            cluster.seed(node).map_err(|error| refused(&at, &error))?;
        }
    }
    for (i, value) in scenario.objects.iter().enumerate() {
        let at = FieldPath::of("objects").index(i);
        let objects = manifest::of_value(value.clone()).map_err(|wrong| {
            let field = at.join(&wrong.field);
            match wrong.at_key {
                true => Wrong::key(field, wrong.message),
                false => Wrong::new(&field, wrong.message),
            }
        })?;
        if objects.is_empty() {
            return Err(Wrong::new(&at, "expected a Kubernetes object"));
        }
        for object in objects {
            let reference = cluster::api_server::reference(&object);
            if cluster.has(&reference) {
                return Err(Wrong::new(&at, format!("{reference} is there twice")));
            }
            cluster.seed(object).map_err(|error| refused(&at, &error))?;
        }
    }
    Ok(cluster)
}

/// What the API server will not have, in the field that it names.
fn refused(at: &FieldPath, error: &ApiError) -> Wrong {
    match error {
        ApiError::Invalid { errors, .. } if !errors.is_empty() => {
            let field = at.join(&objects::validate::stands_at(&errors[0].field));
            Wrong::new(&field, errors[0].message.clone())
        }
        other => Wrong::new(at, other.to_string()),
    }
}

fn node(pool: &NodePool, number: u64) -> Node {
    let mut node = Node::default();
    node.metadata.name = format!("{}-{number}", pool.name).into();
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
        node.spec.taints.retain(|it| !it.same_key_and_effect(taint));
        node.spec.taints.push(taint.clone());
    }
    for (resource, amount) in &pool.allocatable {
        node.status
            .allocatable
            .insert(resource.clone(), Quantity(amount.clone()));
    }
    node.rest.insert("apiVersion".into(), "v1".into());
    node.rest.insert("kind".into(), "Node".into());
    node
}
