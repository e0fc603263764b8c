//! The worlds that a file holds: a dump, or an array of cases as the recorded vectors have them.

use std::collections::{BTreeMap, BTreeSet};

use controller::{Backoff, Decision, Explanation, Observed, Plan};
use objects::{
    ControllerRevision, DaemonSet, Millis, Node, Object, Pod, Problem, Severity, dump,
    time::parse_rfc3339,
};
use scenario::subject;
use serde::Deserialize;
use serde_json::Value;

use crate::{Failure, Io};

/// Reads a `--now`.
pub(crate) fn moment(text: &str) -> Result<Millis, String> {
    parse_rfc3339(text)
        .ok_or_else(|| format!("{text:?} is not an RFC 3339 time such as 2026-01-01T00:00:00Z"))
}

/// One world, as the recorded vectors hold it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    #[serde(default)]
    name: String,
    now: Option<String>,
    #[serde(default)]
    controller_state: ControllerState,
    objects: Vec<Value>,
}

/// What the controller remembers. What the API answers is not an input of the plan.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ControllerState {
    failed_pods_backoff: Vec<FailedPod>,
    pending_creates: i64,
    pending_deletes: i64,
    daemon_set_not_in_cache: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailedPod {
    node: String,
    last_delete_seconds_ago: f64,
    delay_seconds: f64,
}

/// Objects by kind, as the controller lists them, and what it remembers.
#[derive(Default)]
pub(crate) struct World {
    /// Of a case; a dump has none.
    pub(crate) name: Option<String>,
    pub(crate) now: Millis,
    state: ControllerState,
    names: BTreeSet<String>,
    /// Those asked about, by their place among all.
    subjects: Vec<usize>,
    daemon_sets: Vec<DaemonSet>,
    nodes: BTreeMap<String, Node>,
    pods: Vec<Pod>,
    revisions: Vec<ControllerRevision>,
}

impl World {
    /// Adds an object, unless one of its name is there: then it gives that name.
    fn add(&mut self, object: Object) -> Result<(), String> {
        if matches!(object, Object::Event(_) | Object::Other(_)) {
            return Ok(());
        }
        let name = object.full_name();
        if !self.names.insert(name.clone()) {
            return Err(name);
        }
        match object {
            Object::DaemonSet(it) => self.daemon_sets.push(*it),
            Object::Node(it) => drop(self.nodes.insert(it.metadata.name.to_string(), *it)),
            Object::Pod(it) => self.pods.push(*it),
            Object::ControllerRevision(it) => self.revisions.push(*it),
            Object::Event(_) | Object::Other(_) => {}
        }
        Ok(())
    }

    /// The latest time that any pod speaks of: a dump was made not much later.
    fn latest(&self) -> Millis {
        let latest = self.pods.iter().filter_map(Pod::latest).max();
        latest.map_or(Millis(0), |time| {
            time.to_unix_millis() + Millis::from_secs(1)
        })
    }

    /// The DaemonSets asked about.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &DaemonSet> {
        self.subjects.iter().map(|&i| &self.daemon_sets[i])
    }

    /// Chooses what is asked about: the one that is wanted, or all; of a case the first one,
    /// which is the one under test.
    fn choose(&mut self, wanted: Option<&str>) -> Result<(), String> {
        let keys: Vec<String> = self.daemon_sets.iter().map(DaemonSet::key).collect();
        if keys.is_empty() {
            return Err(
                "there is no DaemonSet among the objects; add it with `kubectl get ds -A -o yaml`"
                    .into(),
            );
        }
        self.subjects = match wanted {
            Some(wanted) => vec![subject::daemon_set(&keys, wanted)?],
            None if self.name.is_some() => vec![0],
            None => (0..keys.len()).collect(),
        };
        Ok(())
    }

    /// What the controller sees of this world when it syncs a DaemonSet.
    pub(crate) fn observed<'a>(
        &'a self,
        daemon_set: &DaemonSet,
        failed_pods_backoff: &'a Backoff,
    ) -> Observed<'a> {
        let namespace = &daemon_set.metadata.namespace;
        Observed {
            nodes: self.nodes.values().collect(),
            pods: self
                .pods
                .iter()
                .filter(|it| it.metadata.namespace == *namespace)
                .collect(),
            revisions: self
                .revisions
                .iter()
                .filter(|it| it.metadata.namespace == *namespace)
                .collect(),
            expectations_met: self.state.pending_creates <= 0 && self.state.pending_deletes <= 0,
            failed_pods_backoff,
        }
    }

    /// How long failed pods are to be left alone.
    pub(crate) fn backoff(&self, daemon_set: &DaemonSet) -> Backoff {
        let mut backoff = Backoff::default();
        for failed in &self.state.failed_pods_backoff {
            let millis = |seconds: f64| Millis((seconds * 1000.0).round() as i64);
            let last_update = self.now - millis(failed.last_delete_seconds_ago);
            let delay = millis(failed.delay_seconds);
            backoff.remember(daemon_set, &failed.node, last_update, delay);
        }
        backoff
    }

    /// One sync.
    pub(crate) fn sync(&self, daemon_set: &DaemonSet) -> Plan {
        if self.state.daemon_set_not_in_cache {
            return Plan {
                status: daemon_set.status.clone(),
                ..Plan::default()
            };
        }
        let backoff = self.backoff(daemon_set);
        controller::reconcile(&self.observed(daemon_set, &backoff), daemon_set, self.now)
    }

    /// The answer for every node.
    pub(crate) fn decisions(&self, daemon_set: &DaemonSet) -> Vec<Decision> {
        let backoff = Backoff::default();
        self.observed(daemon_set, &backoff).decisions(daemon_set)
    }

    /// All there is to say about a DaemonSet on a node; `None` if there is no such node.
    pub(crate) fn explanation(&self, daemon_set: &DaemonSet, node: &str) -> Option<Explanation> {
        let backoff = self.backoff(daemon_set);
        let observed = self.observed(daemon_set, &backoff);
        controller::explain(&observed, daemon_set, node, self.now)
    }

    /// A pod by its name, with its namespace or, if no other has the name, without.
    pub(crate) fn pod(&self, wanted: &str) -> Result<&Pod, String> {
        let key = |it: &Pod| format!("{}/{}", it.metadata.namespace, it.metadata.name);
        let is_wanted = |it: &&Pod| *it.metadata.name == *wanted || key(it) == wanted;
        let found: Vec<&Pod> = self.pods.iter().filter(is_wanted).collect();
        match found[..] {
            [pod] => Ok(pod),
            [] => Err(format!("no pod {wanted} among the objects")),
            _ => {
                let several: Vec<String> = found.into_iter().map(key).collect();
                let several = several.join(", ");
                Err(format!(
                    "several pods {wanted}: name one as NAMESPACE/NAME: {several}"
                ))
            }
        }
    }

    /// The DaemonSet that a pod belongs to.
    pub(crate) fn owner(&self, pod: &Pod) -> Option<&DaemonSet> {
        let uid = &pod.metadata.controller()?.uid;
        self.daemon_sets.iter().find(|it| it.metadata.uid == *uid)
    }

    pub(crate) fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// The names of all nodes.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }
}

/// Reads a file. Fields that are not known are told and passed over.
pub(crate) fn read(
    file: &str,
    daemon_set: Option<&str>,
    now: Option<Millis>,
    io: &mut Io<'_>,
) -> Result<Vec<World>, Failure> {
    let text = io.read(file)?;
    let cannot = |message: String| Failure::Cannot(format!("{file}: {message}"));
    if text.trim_start().starts_with('[') {
        let cases: Vec<Case> =
            serde_json::from_str(&text).map_err(|error| not_cases(file, &error))?;
        let worlds = cases.into_iter().map(|case| {
            let name = case.name.clone();
            let world = of_case(case, daemon_set, now);
            world.map_err(|message| cannot(format!("case {name:?}: {message}")))
        });
        return worlds.collect();
    }
    let manifest = dump::read(&text);
    tell(file, &manifest.problems, io)?;
    let is_error = |problem: &Problem| problem.severity == Severity::Error;
    if manifest.problems.iter().any(is_error) {
        return Err(cannot(
            "it cannot be read as Kubernetes objects; mend what is told above".into(),
        ));
    }
    let mut world = World::default();
    for (mut object, _) in manifest.objects {
        object.default();
        let is_twice = world.add(object).is_err();
        if is_twice && let Some((name, first, again)) = objects::manifest::twice(&text) {
            return Err(Failure::At(format!(
                "{file}:{again}: error: {name} is there twice, first at {first}; leave one out"
            )));
        }
    }
    world.now = now.unwrap_or_else(|| world.latest());
    world.choose(daemon_set).map_err(cannot)?;
    Ok(vec![world])
}

/// What is wrong with an array of cases, where serde_json says that it is.
fn not_cases(file: &str, error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let message = error.to_string();
    let message = match message.rsplit_once(" at line ") {
        Some((message, _)) => message,
        None => &message,
    };
    Failure::At(format!(
        "{file}:{line}:{column}: error: not an array of cases: {message}"
    ))
}

fn of_case(case: Case, daemon_set: Option<&str>, now: Option<Millis>) -> Result<World, String> {
    let mut world = World {
        name: Some(case.name),
        state: case.controller_state,
        ..World::default()
    };
    for value in case.objects {
        let object = Object::from_value(objects::decode::without_nulls(value));
        let added = world.add(object.map_err(|error| error.to_string())?);
        added.map_err(|name| format!("{name} is there twice; leave one out"))?;
    }
    world.now = match (now, &case.now) {
        (Some(now), _) => now,
        (None, Some(text)) => moment(text)?,
        (None, None) => world.latest(),
    };
    world.choose(daemon_set)?;
    Ok(world)
}

/// Tells problems. A field that one version of Kubernetes does not know may stand in every object
/// of a dump: those beyond the first ones are only counted.
fn tell(file: &str, problems: &[Problem], io: &mut Io<'_>) -> Result<(), Failure> {
    const TOLD: usize = 20;
    for problem in problems.iter().take(TOLD) {
        io.tell(&format!("{file}:{problem}"))?;
    }
    if let Some(next) = problems.get(TOLD) {
        let (position, severity) = (next.position, next.severity.as_str());
        let more = problems.len() - TOLD;
        io.tell(&format!(
            "{file}:{position}: {severity}: and {more} more from here on"
        ))?;
    }
    Ok(())
}
