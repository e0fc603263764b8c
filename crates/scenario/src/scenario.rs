//! A scenario as it is written.

use std::collections::{BTreeMap, BTreeSet};

use cluster::Timing;
use objects::{
    FieldPath, Problem, Quantity, Taint,
    decode::{Dialect, documents_in, without_nulls},
};
use serde_json::Value;

use crate::{
    read::{Mapping, Read, ReadError, Wrong},
    step::Step,
    timing,
};

pub(crate) const API_VERSION: &str = "daemonset-playground/v1";
pub(crate) const KIND: &str = "Scenario";
/// The version of Kubernetes that is played.
pub(crate) const VERSION: &str = "1.34";
/// More nodes than this are a slip of the pen.
const NODES_MAX: u64 = 100_000;

/// A scenario: a beginning, and what comes then.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub metadata: Metadata,
    /// What it shows, in a few words.
    pub title: String,
    pub seed: u64,
    /// Latencies and flags by name, as they are written.
    pub timing: BTreeMap<String, Value>,
    pub node_pools: Vec<NodePool>,
    /// Kubernetes objects that are there from the beginning.
    pub objects: Vec<Value>,
    /// What `-f NAME` reads.
    pub files: BTreeMap<String, String>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    pub name: String,
}

/// Many alike nodes: `NAME-1` to `NAME-count`.
#[derive(Clone, Debug, PartialEq)]
pub struct NodePool {
    pub name: String,
    pub count: u64,
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<Taint>,
    /// Amounts by resource, as they are written.
    pub allocatable: BTreeMap<String, Value>,
    /// Adds the label and the taint of a control-plane node.
    pub control_plane: bool,
}

impl Read for Metadata {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let mut fields = Mapping::read(value, at, &["name"])?;
        Ok(Self {
            name: fields.or_default("name")?,
        })
    }
}

impl Read for Taint {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let text = String::read(value, at)?;
        text.parse()
            .map_err(|message| Wrong::new(at, format!("{message}; give KEY[=VALUE]:EFFECT")))
    }
}

impl Read for NodePool {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let known = [
            "name",
            "count",
            "labels",
            "taints",
            "allocatable",
            "controlPlane",
        ];
        let mut fields = Mapping::read(value, at, &known)?;
        let count = fields.optional("count")?.unwrap_or(1);
        if count > NODES_MAX {
            return Err(Wrong::new(
                &at.child_field("count"),
                format!("expected at most {NODES_MAX} nodes, found {count}"),
            ));
        }
        let allocatable: BTreeMap<String, Value> = fields.or_default("allocatable")?;
        for (resource, amount) in &allocatable {
            let is_amount = Quantity(amount.clone()).milli().is_some_and(|it| it >= 0);
            if !is_amount {
                return Err(Wrong::new(
                    &at.child_field("allocatable").child_field(resource),
                    format!("expected an amount such as 4, 500m or 8Gi, found {amount}"),
                ));
            }
        }
        let taints: Vec<Taint> = fields.or_default("taints")?;
        for (i, taint) in taints.iter().enumerate() {
            if taints[..i].iter().any(|it| it.same_key_and_effect(taint)) {
                return Err(Wrong::new(
                    &at.child_field("taints").index(i),
                    format!("there is a taint of this key and effect already: leave {taint} out"),
                ));
            }
        }
        Ok(Self {
            name: fields.required("name")?,
            count,
            labels: fields.or_default("labels")?,
            taints,
            allocatable,
            control_plane: fields.or_default("controlPlane")?,
        })
    }
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its place.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let (documents, problems) = documents_in(Dialect::Plain, text);
        if let Some(problem) = problems.into_iter().next() {
            let Problem {
                position,
                field,
                message,
                ..
            } = problem;
            return Err(ReadError {
                position,
                field,
                message,
            });
        }
        let root = FieldPath::root();
        let read = match <[_; 1]>::try_from(documents) {
            Ok([document]) if document.at.is_root() => {
                Self::read_value(without_nulls(document.value), &root)
            }
            _ => Err(Wrong::new(
                &root,
                format!(
                    "a scenario is one document with apiVersion: {API_VERSION} and kind: {KIND}"
                ),
            )),
        };
        read.map_err(|wrong| wrong.in_text(text))
    }

    fn read_value(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        // A file of another kind is told to be one, rather than that its fields are unknown.
        constant(&value, "kind", KIND)?;
        constant(&value, "apiVersion", API_VERSION)?;
        let known = [
            "apiVersion",
            "kind",
            "metadata",
            "title",
            "seed",
            "version",
            "timing",
            "nodePools",
            "objects",
            "files",
            "steps",
        ];
        let mut fields = Mapping::read(value, at, &known)?;
        let version: Option<Value> = fields.optional("version")?;
        // Without quotes it is a number.
        let text = version.as_ref().map_or(String::new(), |version| {
            version
                .as_str()
                .map_or_else(|| version.to_string(), str::to_owned)
        });
        if let Some(version) = version.filter(|_| text != VERSION) {
            return Err(Wrong::new(
                &at.child_field("version"),
                format!(
                    "expected {VERSION}, the version of Kubernetes that is played, found {version}"
                ),
            ));
        }
        let scenario = Self {
            metadata: fields.or_default("metadata")?,
            title: fields.or_default("title")?,
            seed: fields.or_default("seed")?,
            timing: fields.or_default("timing")?,
            node_pools: fields.or_default("nodePools")?,
            objects: fields.or_default("objects")?,
            files: fields.or_default("files")?,
            steps: fields.or_default("steps")?,
        };
        scenario.timing()?;
        scenario.check_pools()?;
        scenario.check_marks()?;
        Ok(scenario)
    }

    /// How long things take in it.
    ///
    /// # Errors
    /// If there is no such latency or flag, or it cannot have that value.
    pub(crate) fn timing(&self) -> Result<Timing, Wrong> {
        timing::timing(&self.timing, &FieldPath::of("timing"))
    }

    fn check_pools(&self) -> Result<(), Wrong> {
        let at = FieldPath::of("nodePools");
        let mut names = BTreeSet::new();
        let mut n_nodes = 0;
        for (i, pool) in self.node_pools.iter().enumerate() {
            if !names.insert(&pool.name) {
                return Err(Wrong::new(
                    &at.index(i).child_field("name"),
                    format!(
                        "there are two node pools {:?}: name this one otherwise",
                        pool.name
                    ),
                ));
            }
            n_nodes += pool.count;
            if n_nodes > NODES_MAX {
                return Err(Wrong::new(
                    &at.index(i).child_field("count"),
                    format!("expected at most {NODES_MAX} nodes in all, found {n_nodes}"),
                ));
            }
        }
        Ok(())
    }

    /// Every mark has a name of its own and comes before whatever asks for it.
    fn check_marks(&self) -> Result<(), Wrong> {
        let steps = FieldPath::of("steps");
        let mut set: Vec<&str> = Vec::new();
        // An `ask` is checked after the next run.
        let mut asked = Vec::new();
        for (i, step) in self.steps.iter().enumerate() {
            let at = steps.index(i);
            match step {
                Step::Mark(name) if set.contains(&name.as_str()) => {
                    return Err(Wrong::new(
                        &at.child_field("mark"),
                        format!("there is a mark {name:?} already: name this one otherwise"),
                    ));
                }
                Step::Mark(name) => set.push(name),
                Step::Expect(expect) => expect.need_marks(&at.child_field("expect"), &set)?,
                Step::Always(expect) => expect.need_marks(&at.child_field("always"), &set)?,
                Step::Ask(ask) => {
                    asked.extend(
                        ask.check
                            .as_ref()
                            .map(|check| (at.child("ask.check"), check)),
                    );
                }
                Step::Run(_) => {
                    for (at, check) in asked.drain(..) {
                        check.need_marks(&at, &set)?;
                    }
                }
                Step::Say(_) | Step::Kubectl(_) | Step::Fault(_) => {}
            }
        }
        for (at, check) in asked {
            check.need_marks(&at, &set)?;
        }
        Ok(())
    }
}

/// Sees to a field that can only have one value.
fn constant(value: &Value, name: &str, expected: &str) -> Result<(), Wrong> {
    let at = FieldPath::root().child_field(name);
    match value.get(name) {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Wrong::new(
            &at,
            format!("expected {expected}, found {found}"),
        )),
        None => Err(Wrong::new(
            &at,
            format!("expected {expected}, found nothing"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pools;

    const HEAD: &str = "apiVersion: daemonset-playground/v1\nkind: Scenario\n";

    #[test]
    fn all_fields_are_read() {
        let text = "
apiVersion: daemonset-playground/v1
kind: Scenario
metadata: { name: all }
title: All there is
seed: 18446744073709551615
version: 1.34
timing: { imagePull: 2s, jitter: 0, node-monitor-grace-period: 40s }
nodePools:
- { name: a, count: 2, labels: { disk: ssd }, taints: [ \"gpu=yes:NoSchedule\" ], allocatable: { cpu: 2, memory: 8Gi, pods: \"30\" } }
- { name: cp, controlPlane: true }
objects: [ { apiVersion: v1, kind: Node, metadata: { name: own } } ]
files: { a.yaml: 'x' }
steps: []
";
        let scenario = Scenario::read(text).unwrap();
        assert_eq!(scenario.seed, u64::MAX);
        let cluster = pools::cluster(&scenario, None).unwrap();
        let nodes = &cluster.store().nodes;
        let names: Vec<&str> = nodes.keys().map(|it| &**it).collect();
        assert_eq!(names, ["a-1", "a-2", "cp-1", "own"]);
        assert!(nodes.values().all(|it| it.is_ready()));
        let first = &nodes["a-1"];
        assert_eq!(first.metadata.labels.get("disk"), Some(&"ssd".to_owned()));
        assert_eq!(first.spec.taints[0].to_string(), "gpu=yes:NoSchedule");
        let role = "node-role.kubernetes.io/control-plane";
        assert!(nodes["cp-1"].metadata.labels.contains_key(role));
        assert_eq!(
            nodes["cp-1"].spec.taints[0].to_string(),
            format!("{role}:NoSchedule")
        );
        let timing = scenario.timing().unwrap();
        assert_eq!((timing.image_pull.0, timing.jitter_percent), (2000, 0));
        assert_eq!(timing.node_monitor_grace_period.0, 40_000);
        // Only apiVersion and kind must be there.
        assert_eq!(Scenario::read(HEAD), Ok(Scenario::default()));
    }

    #[test]
    fn words_are_text_as_in_yaml_1_2() {
        let text = format!(
            "{HEAD}nodePools: [ {{ name: n, labels: {{ on: off }} }} ]\nsteps:\n- mark: y\n- ask: {{ question: q, answer: yes, because: No }}\n"
        );
        let scenario = Scenario::read(&text).unwrap();
        assert_eq!(scenario.node_pools[0].name, "n");
        assert_eq!(scenario.node_pools[0].labels["on"], "off");
        assert_eq!(scenario.steps[0], Step::Mark("y".into()));
        assert!(matches!(&scenario.steps[1], Step::Ask(ask) if ask.answer == "yes"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_what_to_do() {
        for (text, want) in [
            (
                "kind: Pod\napiVersion: daemonset-playground/v1\n",
                "1:7: error: kind: expected Scenario, found \"Pod\"",
            ),
            (
                "kind: Scenario\n",
                "1:1: error: apiVersion: expected daemonset-playground/v1, found nothing",
            ),
            (
                "- 1\n",
                "1:1: error: a scenario is one document with apiVersion: daemonset-playground/v1 and kind: Scenario",
            ),
            (
                "",
                "1:1: error: a scenario is one document with apiVersion: daemonset-playground/v1 and kind: Scenario",
            ),
            (
                "HEAD---\nHEAD",
                "1:1: error: a scenario is one document with apiVersion: daemonset-playground/v1 and kind: Scenario",
            ),
            (
                "HEADstpes: []\n",
                "3:1: error: stpes: unknown field \"stpes\"; did you mean \"steps\"?",
            ),
            (
                "HEADseed: 1\nseed: 2\n",
                "4:1: error: seed: duplicate field \"seed\"",
            ),
            (
                "HEADsteps: [\n",
                "4:1: error: error converting YAML to JSON: yaml: did not find expected node content",
            ),
            (
                "HEADseed: -1\n",
                "3:7: error: seed: expected a whole number, 0 or more, found -1",
            ),
            (
                "HEADtitle: 5\n",
                "3:8: error: title: expected text (put it in quotes), found 5",
            ),
            (
                "HEADtitle: [a]\n",
                "3:8: error: title: expected text, found [\"a\"]",
            ),
            (
                "HEADmetadata: { nmae: a }\n",
                "3:13: error: metadata.nmae: unknown field \"nmae\"; did you mean \"name\"?",
            ),
            (
                "HEADversion: '1.20'\n",
                "3:10: error: version: expected 1.34, the version of Kubernetes that is played, found \"1.20\"",
            ),
            (
                "HEADversion: 1.3\n",
                "3:10: error: version: expected 1.34, the version of Kubernetes that is played, found 1.3",
            ),
            (
                "HEADtiming: { imgePull: 2s }\n",
                "3:11: error: timing.imgePull: unknown timing \"imgePull\"; did you mean \"imagePull\"?",
            ),
            (
                "HEADtiming: { imagePull: soon }\n",
                "3:22: error: timing.imagePull: expected a duration such as 500ms or 3m50s, found \"soon\"",
            ),
            (
                "HEADtiming: { ready: -1s }\n",
                "3:18: error: timing.ready: expected a duration such as 500ms or 3m50s, found \"-1s\"",
            ),
            (
                "HEADtiming: { jitter: 101 }\n",
                "3:19: error: timing.jitter: expected a percentage from 0 to 100, found 101",
            ),
            (
                "HEADnodePools: [ { count: 1 } ]\n",
                "3:14: error: nodePools[0]: the field \"name\" is missing",
            ),
            (
                "HEADnodePools: [ { name: a, count: 3.5 } ]\n",
                "3:32: error: nodePools[0].count: expected a whole number, 0 or more, found 3.5",
            ),
            (
                "HEADnodePools: [ { name: a, count: 100001 } ]\n",
                "3:32: error: nodePools[0].count: expected at most 100000 nodes, found 100001",
            ),
            (
                "HEADnodePools:\n- { name: a, count: 60000 }\n- { name: b, count: 60000 }\n",
                "5:21: error: nodePools[1].count: expected at most 100000 nodes in all, found 120000",
            ),
            (
                "HEADnodePools: [ { name: a }, { name: a } ]\n",
                "3:35: error: nodePools[1].name: there are two node pools \"a\": name this one otherwise",
            ),
            (
                "HEADnodePools: [ { name: a, labels: { disk: 1 } } ]\n",
                "3:41: error: nodePools[0].labels[disk]: expected text (put it in quotes), found 1",
            ),
            (
                "HEADnodePools: [ { name: a, taints: [ gpu ] } ]\n",
                "3:35: error: nodePools[0].taints[0]: invalid taint spec: gpu; give KEY[=VALUE]:EFFECT",
            ),
            (
                "HEADnodePools: [ { name: a, taints: [ 'a:NoSchedule', 'a=b:NoSchedule' ] } ]\n",
                "3:51: error: nodePools[0].taints[1]: there is a taint of this key and effect already: leave a=b:NoSchedule out",
            ),
            (
                "HEADnodePools: [ { name: a, allocatable: { cpu: much } } ]\n",
                "3:45: error: nodePools[0].allocatable.cpu: expected an amount such as 4, 500m or 8Gi, found \"much\"",
            ),
            (
                "HEADnodePools: [ { name: a, controlplane: true } ]\n",
                "3:25: error: nodePools[0].controlplane: unknown field \"controlplane\"; did you mean \"controlPlane\"?",
            ),
            (
                "HEADfiles: { a.yaml: { kind: Pod } }\n",
                "3:18: error: files[a.yaml]: expected text, found {\"kind\":\"Pod\"}",
            ),
            (
                "HEADsteps: { run: quiet }\n",
                "3:8: error: steps: expected a list, found {\"run\":\"quiet\"}",
            ),
        ] {
            let text = text.replace("HEAD", HEAD);
            let error = Scenario::read(&text).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), want, "{text}");
        }
    }

    #[test]
    fn a_beginning_that_cannot_be_is_told_with_its_place() {
        for (text, want) in [
            (
                "objects:\n- 5\n",
                "4:3: error: objects[0]: not a Kubernetes object: expected a mapping with apiVersion and kind",
            ),
            (
                "objects:\n- apiVersion: v1\n  kind: Nod\n",
                "5:9: error: objects[0].kind: no matches for kind \"Nod\" in version \"v1\"",
            ),
            (
                "objects:\n- apiVersion: v1\n  metadata: { name: a }\n",
                "4:3: error: objects[0].kind: error validating data: kind not set",
            ),
            (
                "objects:\n- apiVersion: v1\n  kind: List\n  items:\n  - { apiVersion: v1, kind: Node, metadata: { lables: {} } }\n",
                "7:47: error: objects[0].items[0].metadata.lables: unknown field \"metadata.lables\"",
            ),
            (
                "objects:\n- apiVersion: v1\n  kind: Node\n  metadata: { name: a, lables: {} }\n",
                "6:24: error: objects[0].metadata.lables: unknown field \"metadata.lables\"",
            ),
            (
                "nodePools: [ { name: a } ]\nobjects:\n- apiVersion: v1\n  kind: Node\n  metadata: { name: a-1 }\n",
                "5:3: error: objects[0]: Node/a-1 is there twice",
            ),
            (
                "nodePools: [ { name: A } ]\n",
                "3:14: error: nodePools[0].metadata.name: ",
            ),
        ] {
            let text = format!("{HEAD}{text}");
            let scenario = Scenario::read(&text).unwrap();
            let error = pools::cluster(&scenario, None).map(|_| ()).unwrap_err();
            let error = error.in_text(&text).to_string();
            assert!(error.starts_with(want), "{text}\n{error}");
        }
    }
}
