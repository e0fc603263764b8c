//! Objects as `kubectl get -o yaml` prints them.

use kubectl::cells;
use objects::Object;

use crate::model::{Model, Selected};

/// What is selected, or the DaemonSet that is shown: the command, and what it prints.
pub fn yaml(model: &Model) -> Option<(String, String)> {
    let store = model.work.cluster().store();
    let (command, object) = match &model.selected {
        Some(Selected::Node(name)) => {
            let node = store.nodes.get(name)?;
            (
                format!("get node {name}"),
                Object::Node(Box::new((**node).clone())),
            )
        }
        Some(Selected::Pod(key)) => {
            let pod = store.pods.get(key)?;
            (
                format!("get pod {} -n {}", key.name, key.namespace),
                Object::Pod(Box::new((**pod).clone())),
            )
        }
        _ => {
            let daemon_set = model.daemon_set()?;
            let metadata = &daemon_set.metadata;
            (
                format!("get ds {} -n {}", metadata.name, metadata.namespace),
                Object::DaemonSet(Box::new((**daemon_set).clone())),
            )
        }
    };
    Some((
        format!("kubectl {command} -o yaml"),
        cells::yaml(&cells::value(object)),
    ))
}
