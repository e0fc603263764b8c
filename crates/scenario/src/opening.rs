//! A beginning from whatever somebody has: a scenario, manifests, or what a real cluster gave.

use std::collections::BTreeSet;

use cluster::{ApiError, Cluster, Timeline};
use objects::{
    FieldPath, Object, Position, Problem, Severity, decode, dump,
    manifest::{self, Manifest},
};
use serde_json::{Value, json};

use crate::{ReadError, Scenario, pools, scenario::KIND, scenario::NodePool};

/// Longer texts are refused, in bytes.
pub const SIZE_MAX: usize = 200 << 20;
/// What `-f` calls the manifests that were applied.
pub const MANIFESTS: &str = "manifests.yaml";
/// Where nobody says which, as in the page.
const SEED: u64 = 1;
/// How many nodes there are where the manifests have none.
const WORKERS: u64 = 3;

/// Where something begins.
pub struct Opened {
    /// Of objects, one without steps.
    pub scenario: Scenario,
    pub timeline: Timeline,
    /// What was passed over: fields of a dump that this version of Kubernetes does not know.
    pub warnings: Vec<Problem>,
}

/// Reads a text and makes the cluster that it tells of.
///
/// - A scenario: its beginning. Its steps are not played.
/// - Objects that a cluster gave, as `kubectl get -o yaml` prints them: they are there, as they are.
/// - Manifests as somebody writes them: Nodes are there, and all else is applied, as by
///   `kubectl apply -f manifests.yaml`.
///
/// Where the objects have no Node there are three, `worker-1` to `worker-3`.
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn open(text: &str) -> Result<Opened, Vec<Problem>> {
    if text.len() > SIZE_MAX {
        let message = format!(
            "it has {} bytes, and at most {SIZE_MAX} are read",
            text.len()
        );
        return Err(vec![problem(message)]);
    }
    if is_scenario(text) {
        return of_scenario(text).map_err(|error| vec![error.into()]);
    }
    of_objects(text)
}

/// Whether a text says of itself that it is a scenario, be it a good one or not.
pub fn is_scenario(text: &str) -> bool {
    if !mentions_kind(text) {
        return false;
    }
    let (documents, _) = decode::documents(text);
    let mut roots = documents.iter().filter(|it| it.at.is_root());
    roots.any(|it| it.value["kind"] == KIND)
}

/// Whether `kind: Scenario` stands anywhere in a text, in YAML or JSON. Where it does not, the text need
/// not be read to know what it is: a dump may be very long, and have the word in it.
fn mentions_kind(text: &str) -> bool {
    let is_between = |char: char| char.is_whitespace() || char == '"' || char == '\'';
    text.match_indices(KIND).any(|(at, _)| {
        let before = text[..at].trim_end_matches(is_between);
        let key = before.strip_suffix(':');
        key.is_some_and(|it| it.trim_end_matches(is_between).ends_with("kind"))
    })
}

fn of_scenario(text: &str) -> Result<Opened, ReadError> {
    let scenario = Scenario::read(text)?;
    let cluster = pools::cluster(&scenario, None).map_err(|wrong| wrong.in_text(text))?;
    Ok(Opened {
        scenario,
        timeline: Timeline::new(cluster),
        warnings: Vec::new(),
    })
}

fn of_objects(text: &str) -> Result<Opened, Vec<Problem>> {
    let mut manifest = dump::read(text);
    let is_dump = manifest
        .objects
        .iter_mut()
        .any(|(object, _)| has_uid(object));
    if !is_dump {
        manifest = manifest::lint(text);
    }
    let Manifest { objects, problems } = manifest;
    let (errors, warnings): (Vec<_>, Vec<_>) = problems
        .into_iter()
        .partition(|it| it.severity == Severity::Error);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut objects: Vec<Object> = objects.into_iter().map(|(object, _)| object).collect();
    refuse_odd(text, &objects)?;

    let is_node = |it: &Object| matches!(it, Object::Node(_));
    let has_nodes = objects.iter().any(is_node);
    let mut scenario = Scenario {
        seed: SEED,
        ..Scenario::default()
    };
    if !has_nodes {
        scenario.node_pools.push(workers());
    }
    let written = match is_dump {
        true => Vec::new(),
        false => {
            let (nodes, written) = objects.into_iter().partition(is_node);
            objects = nodes;
            written
        }
    };
    let cluster = pools::cluster(&scenario, None);
    let mut cluster = cluster.map_err(|wrong| vec![problem(wrong.to_string())])?;
    seed(text, &mut cluster, objects)?;
    let mut timeline = Timeline::new(cluster);
    if !written.is_empty() {
        // With Nodes among them they cannot all be applied: a node that is applied joins later.
        let applied = match has_nodes {
            true => list(&written),
            false => text.to_owned(),
        };
        scenario.files.insert(MANIFESTS.to_owned(), applied);
        apply(text, &scenario, &mut timeline)?;
    }
    Ok(Opened {
        scenario,
        timeline,
        warnings,
    })
}

/// A cluster gave it: nobody writes a uid.
fn has_uid(object: &mut Object) -> bool {
    match object {
        Object::Other(value) => value["metadata"]["uid"].is_string(),
        other => other.metadata_mut().is_some_and(|it| !it.uid.is_empty()),
    }
}

/// Objects that each can be, but not together.
fn refuse_odd(text: &str, objects: &[Object]) -> Result<(), Vec<Problem>> {
    if objects.is_empty() {
        let message = "there is nothing in it: give a scenario, or Kubernetes objects";
        return Err(vec![problem(message.to_owned())]);
    }
    let mut names = BTreeSet::new();
    for object in objects {
        let mut object = object.clone();
        object.default();
        if names.insert(object.full_name()) {
            continue;
        }
        let (name, position, first) = match manifest::twice(text) {
            Some((name, first, again)) => (name, again, format!(", first at {first}")),
            None => (object.full_name(), Position::START, String::new()),
        };
        return Err(vec![Problem {
            position,
            object: Some(object.reference()),
            ..problem(format!("{name} is there twice{first}; leave one out"))
        }]);
    }
    let is_bound = |it: &Object| matches!(it, Object::Pod(pod) if !pod.spec.node_name.is_empty());
    let has_nodes = objects.iter().any(|it| matches!(it, Object::Node(_)));
    match objects.iter().find(|it| is_bound(it)) {
        Some(pod) if !has_nodes => Err(vec![Problem {
            position: manifest::locate(text, &pod.reference(), &FieldPath::root()),
            object: Some(pod.reference()),
            ..problem(format!(
                "{} is on a node, but there are no Nodes among the objects; add them with `kubectl get nodes -o yaml`",
                pod.reference()
            ))
        }]),
        _ => Ok(()),
    }
}

fn workers() -> NodePool {
    NodePool {
        name: "worker".to_owned(),
        count: WORKERS,
        labels: Default::default(),
        taints: Vec::new(),
        allocatable: Default::default(),
        control_plane: false,
    }
}

/// Objects are there from the beginning.
fn seed(text: &str, cluster: &mut Cluster, objects: Vec<Object>) -> Result<(), Vec<Problem>> {
    for object in objects {
        let reference = object.reference();
        if let Err(error) = cluster.seed(object) {
            return Err(vec![refused(text, Some(reference), &error)]);
        }
    }
    Ok(())
}

fn list(objects: &[Object]) -> String {
    let items: Vec<Value> = objects.iter().map(Object::to_value).collect();
    json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string()
}

fn apply(text: &str, scenario: &Scenario, timeline: &mut Timeline) -> Result<(), Vec<Problem>> {
    let line = format!("apply -f {MANIFESTS}");
    let output = kubectl::execute(&line, &scenario.files, timeline);
    if output.exit_code == 0 {
        return Ok(());
    }
    if output.refused.is_empty() {
        return Err(vec![problem(output.text.trim_end().to_owned())]);
    }
    let refused = output.refused.iter().map(|it| refused(text, None, it));
    Err(refused.collect())
}

/// What the API server will not have, where it stands.
fn refused(text: &str, object: Option<String>, error: &ApiError) -> Problem {
    let (object, field, message) = match error {
        ApiError::Invalid { kind, name, errors } if !errors.is_empty() => (
            Some(object.unwrap_or_else(|| format!("{}/{name}", kind.as_str()))),
            errors[0].field.clone(),
            errors[0].message.clone(),
        ),
        other => (object, FieldPath::root(), other.to_string()),
    };
    let position = match &object {
        Some(object) => manifest::locate(text, object, &field),
        None => Position::START,
    };
    Problem {
        position,
        field,
        object,
        ..problem(message)
    }
}

/// Something that is wrong with the whole text.
fn problem(message: String) -> Problem {
    Problem {
        position: Position::START,
        field: FieldPath::root(),
        message,
        severity: Severity::Error,
        object: None,
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self {
            position: error.position,
            field: error.field,
            ..problem(error.message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAEMON_SET: &str = "apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [ { name: agent, image: 'agent:1' } ] }
";
    const NODE: &str = "apiVersion: v1\nkind: Node\nmetadata: { name: a }\n";
    const UID: &str = "metadata: { uid: 5e1b, name: ";

    /// The nodes, how many steps were taken, and what can be applied.
    #[track_caller]
    fn check(text: &str, nodes: &str, steps: usize, daemon_sets: usize) -> Opened {
        let opened = open(text).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
        let store = opened.timeline.cluster().store();
        let names: Vec<&str> = store.nodes.keys().map(|it| &**it).collect();
        assert_eq!(names.join(" "), nodes);
        assert_eq!(opened.timeline.len(), steps);
        assert_eq!(store.daemon_sets.len(), daemon_sets);
        opened
    }

    fn lines(problems: &[Problem]) -> String {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let problems = open(text).map(|_| ()).expect_err("it is refused");
        assert_eq!(lines(&problems), expected, "{text}");
    }

    #[test]
    fn a_scenario_begins_and_its_steps_wait() {
        let text = "apiVersion: daemonset-playground/v1\nkind: Scenario\nnodePools: [ { name: n } ]\nsteps: [ { kubectl: cordon n-1 } ]\n";
        let opened = check(text, "n-1", 0, 0);
        assert_eq!(opened.scenario.steps.len(), 1);
    }

    #[test]
    fn a_text_says_of_itself_that_it_is_a_scenario() {
        for text in [
            "kind: Scenario\n",
            "kind:\n  'Scenario'\n",
            r#"{"apiVersion":"x","kind":"Scenario"}"#,
            r#"{ "kind" : "Scenario" }"#,
            "a: 1\n---\nkind: Scenario\n",
        ] {
            assert!(is_scenario(text), "{text}");
        }
        for text in [
            "",
            "title: Scenario\n",
            "a: { kind: Scenario }\n",
            "# kind: Scenario\n",
        ] {
            assert!(!is_scenario(text), "{text}");
        }
    }

    #[test]
    fn a_manifest_is_applied_to_three_workers() {
        let opened = check(DAEMON_SET, "worker-1 worker-2 worker-3", 1, 1);
        assert_eq!(opened.scenario.files[MANIFESTS], DAEMON_SET);
        let mut timeline = opened.timeline;
        let output = kubectl::execute(
            "apply -f manifests.yaml",
            &opened.scenario.files,
            &mut timeline,
        );
        assert_eq!(output.text, "daemonset.apps/agent unchanged\n");
    }

    #[test]
    fn nodes_that_are_written_are_there_and_the_rest_is_applied() {
        let opened = check(&format!("{NODE}---\n{DAEMON_SET}"), "a", 1, 1);
        let node = &opened.timeline.cluster().store().nodes["a"];
        assert!(node.is_ready());
        check(NODE, "a", 0, 0);
    }

    #[test]
    fn what_a_cluster_gave_is_there_as_it_is() {
        let given = |text: &str| text.replace("metadata: { name: ", UID);
        let text = format!("{}---\n{}", given(NODE), given(DAEMON_SET));
        check(&text, "a", 0, 1);
        check(&given(DAEMON_SET), "worker-1 worker-2 worker-3", 0, 1);
        let newer = format!("{}spec: {{ newField: 1 }}\n", given(NODE));
        let opened = check(&newer, "a", 0, 0);
        assert_eq!(
            lines(&opened.warnings),
            "4:9: warning: spec.newField: unknown field \"spec.newField\""
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let nothing = "1:1: error: there is nothing in it: give a scenario, or Kubernetes objects";
        check_refused("", nothing);
        check_refused("# nothing\n", nothing);
        check_refused(
            "5\n",
            "1:1: error: not a Kubernetes object: expected a mapping with apiVersion and kind",
        );
        check_refused(
            "kind: Scenario\n",
            "1:1: error: apiVersion: expected daemonset-playground/v1, found nothing",
        );
        check_refused(
            "apiVersion: daemonset-playground/v1\nkind: Scenario\nobjects: [ 5 ]\n",
            "3:12: error: objects[0]: not a Kubernetes object: expected a mapping with apiVersion and kind",
        );
        check_refused(
            &DAEMON_SET
                .replace("image:", "imagee:")
                .replace("matchLabels: { app: agent }", "matchLabels: { app: 5 }"),
            "5:35: error: spec.selector.matchLabels[app]: json: cannot unmarshal number into Go struct field LabelSelector.spec.selector.matchLabels of type string\n\
             8:42: error: spec.template.spec.containers[0].imagee: unknown field \"spec.template.spec.containers[0].imagee\"",
        );
        check_refused(
            &DAEMON_SET.replace("labels: { app: agent }", "labels: { app: other }"),
            "7:25: error: spec.template.metadata.labels: Invalid value: {\"app\":\"other\"}: `selector` does not match template `labels`",
        );
        check_refused(
            &format!("{DAEMON_SET}---\n{DAEMON_SET}"),
            "10:1: error: DaemonSet default/agent is there twice, first at 1:1; leave one out",
        );
        check_refused(
            "apiVersion: v1\nkind: Pod\nmetadata: { name: p, uid: a }\nspec: { nodeName: lost, containers: [] }\n",
            "1:1: error: Pod/p is on a node, but there are no Nodes among the objects; add them with `kubectl get nodes -o yaml`",
        );
    }
}
