//! The `Pod Template:` block, and what it has in common with a pod.

use objects::{PodTemplateSpec, Toleration};
use serde_json::Value;

use super::{Text, Within, containers, items, metadata, scalar, volumes};
use crate::print;

/// The block, its columns still parted by tabs.
pub(crate) fn template(template: &PodTemplateSpec) -> String {
    let mut text = Text::default();
    describe(&mut text, template);
    text.0
}

/// Models `DescribePodTemplate`.
pub(super) fn describe(text: &mut Text, template: &PodTemplateSpec) {
    let (spec, level) = (&template.spec, Within::Template.level());
    text.line(0, "Pod Template:");
    metadata::labels(text, level, "Labels", &template.metadata.labels);
    if !template.metadata.annotations.is_empty() {
        metadata::annotations(text, level, &template.metadata.annotations);
    }
    let account = spec.rest.get("serviceAccountName").and_then(Value::as_str);
    if let Some(account) = account.filter(|it| !it.is_empty()) {
        text.line(level, &format!("Service Account:\t{account}"));
    }
    if !spec.init_containers.is_empty() {
        let title = "Init Containers";
        containers::describe(text, Within::Template, title, &spec.init_containers, None);
    }
    containers::describe(text, Within::Template, "Containers", &spec.containers, None);
    volumes::describe(text, Within::Template, items(spec.rest.get("volumes")));
    spread(
        text,
        level,
        items(spec.rest.get("topologySpreadConstraints")),
    );
    if !spec.priority_class_name.is_empty() {
        let class = &spec.priority_class_name;
        text.line(level, &format!("Priority Class Name:\t{class}"));
    }
    metadata::labels(text, level, "Node-Selectors", &spec.node_selector);
    tolerations(text, level, &spec.tolerations);
}

/// Models `printTolerationsMultilineWithIndent`.
pub(super) fn tolerations(text: &mut Text, level: usize, tolerations: &[Toleration]) {
    let mut sorted: Vec<&Toleration> = tolerations.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    let lines: Vec<String> = sorted.into_iter().map(toleration).collect();
    text.list(level, "Tolerations", &lines);
}

fn toleration(it: &Toleration) -> String {
    let mut text = it.key.clone();
    if !it.value.is_empty() {
        text += &format!("={}", it.value);
    }
    let effect = it.effect.as_ref().map_or("", |it| it.as_str());
    if !effect.is_empty() {
        text += &format!(":{effect}");
    }
    if it.operator == "Exists" && it.value.is_empty() {
        text += if it.key.is_empty() && effect.is_empty() {
            "op=Exists"
        } else {
            " op=Exists"
        };
    }
    if let Some(seconds) = it.toleration_seconds {
        text += &format!(" for {seconds}s");
    }
    text
}

/// Models `describeTopologySpreadConstraints`.
pub(super) fn spread(text: &mut Text, level: usize, constraints: &[Value]) {
    if constraints.is_empty() {
        return;
    }
    let mut sorted: Vec<&Value> = constraints.iter().collect();
    sorted.sort_by_key(|it| scalar(&it["topologyKey"]));
    let lines = sorted.into_iter().map(|it| {
        let selector = objects::Field::read(it["labelSelector"].clone());
        let selector = selector.map(|it| print::selector(&it));
        let selector = match selector {
            Ok(selector) if it["labelSelector"].is_object() => {
                format!(" for selector {}", print::or_none(&selector))
            }
            _ => String::new(),
        };
        format!(
            "{}:{} when max skew {} is exceeded{selector}",
            scalar(&it["topologyKey"]),
            scalar(&it["whenUnsatisfiable"]),
            scalar(&it["maxSkew"]),
        )
    });
    text.list(
        level,
        "Topology Spread Constraints",
        &lines.collect::<Vec<_>>(),
    );
}
