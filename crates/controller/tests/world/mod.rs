//! What a sync sees, in few words, and what comes of it, in few words.
//!
//! All texts are lists, separated by commas; an item is a name and words about it:
//! - a node: `b disk=ssd gpu:NoSchedule`, labels and taints, `unschedulable`, `terminating`
//! - a pod: `p b old ready=5`, the node it is bound to (`-`: none) and the words of [`pod`]
//! - a revision: `old 1`, the hash and the number, and the words of [`revision`]

use controller::{Backoff, Explanation, Observed, Plan, explain, reconcile};
use objects::{ControllerRevision, DaemonSet, Millis, Node, Pod, Taint, Timestamp};
use serde_json::{Value, json};

/// 2026-01-01T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_767_225_600);

/// One DaemonSet, `default/d`, and all that its sync sees. Its current revision has the hash `new`,
/// the one before `old`; a rolling update may make one node unavailable.
#[derive(Clone)]
pub(crate) struct World {
    daemon_set: Value,
    nodes: Vec<Node>,
    pods: Vec<Pod>,
    revisions: String,
    expectations_met: bool,
    /// Node, milliseconds since it was raised, seconds of delay.
    backoff: Vec<(String, i64, i64)>,
    late: Millis,
}

impl World {
    pub(crate) fn new(nodes: &str, pods: &str) -> Self {
        let mut nodes: Vec<Node> = items(nodes).map(node).collect();
        nodes.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
        Self {
            daemon_set: json!({
                "metadata": {
                    "name": "d", "namespace": "default", "uid": "uid-d", "generation": 2,
                },
                "spec": {
                    "revisionHistoryLimit": 10,
                    "selector": { "matchLabels": { "app": "d" } },
                    "template": {
                        "metadata": { "labels": { "app": "d" } },
                        "spec": { "containers": [{ "name": "c", "image": "new" }] },
                    },
                    "updateStrategy": {
                        "type": "RollingUpdate",
                        "rollingUpdate": { "maxUnavailable": 1, "maxSurge": 0 },
                    },
                },
                "status": { "observedGeneration": 2 },
            }),
            nodes,
            pods: items(pods).map(pod).collect(),
            revisions: "old 1, new 2".into(),
            expectations_met: true,
            backoff: Vec::new(),
            late: Millis(0),
        }
    }

    /// Merges YAML into the DaemonSet; `null` takes a field out.
    pub(crate) fn with(mut self, patch: &str) -> Self {
        merge(&mut self.daemon_set, read(patch));
        self
    }

    /// Merges YAML into the `spec` of the template.
    pub(crate) fn template_spec(self, patch: &str) -> Self {
        self.with(&format!("spec: {{template: {{spec: {patch}}}}}"))
    }

    pub(crate) fn max_unavailable(self, value: &str) -> Self {
        self.rolling_update(&format!("{{maxUnavailable: {value}, maxSurge: 0}}"))
    }

    pub(crate) fn max_surge(self, value: &str) -> Self {
        self.rolling_update(&format!("{{maxUnavailable: 0, maxSurge: {value}}}"))
    }

    pub(crate) fn rolling_update(self, patch: &str) -> Self {
        self.with(&format!(
            "spec: {{updateStrategy: {{rollingUpdate: {patch}}}}}"
        ))
    }

    pub(crate) fn on_delete(self) -> Self {
        self.with("spec: {updateStrategy: {type: OnDelete, rollingUpdate: null}}")
    }

    pub(crate) fn min_ready_seconds(self, seconds: u32) -> Self {
        self.with(&format!("spec: {{minReadySeconds: {seconds}}}"))
    }

    pub(crate) fn history_limit(self, limit: u32) -> Self {
        self.with(&format!("spec: {{revisionHistoryLimit: {limit}}}"))
    }

    pub(crate) fn being_deleted(self) -> Self {
        self.with(&format!("metadata: {{deletionTimestamp: '{NOW}'}}"))
    }

    pub(crate) fn revisions(mut self, revisions: &str) -> Self {
        self.revisions = revisions.into();
        self
    }

    pub(crate) fn expectations_pending(mut self) -> Self {
        self.expectations_met = false;
        self
    }

    pub(crate) fn backoff(mut self, node: &str, since_millis: i64, delay_seconds: i64) -> Self {
        self.backoff
            .push((node.into(), since_millis, delay_seconds));
        self
    }

    /// The sync comes that much later.
    pub(crate) fn late(mut self, millis: i64) -> Self {
        self.late = Millis(millis);
        self
    }

    pub(crate) fn daemon_set(&self) -> DaemonSet {
        serde_json::from_value(self.daemon_set.clone()).expect("a DaemonSet")
    }

    pub(crate) fn sync(&self) -> Plan {
        self.see(reconcile)
    }

    pub(crate) fn explain(&self, node: &str) -> Explanation {
        self.see(|observed, daemon_set, now| explain(observed, daemon_set, node, now))
            .expect("the node is there")
    }

    fn see<T>(&self, look: impl Fn(&Observed<'_>, &DaemonSet, Millis) -> T) -> T {
        let daemon_set = self.daemon_set();
        let now = NOW.to_unix_millis() + self.late;
        let template = &self.daemon_set["spec"]["template"];
        let revisions: Vec<ControllerRevision> = items(&self.revisions)
            .map(|text| revision(text, template))
            .collect();
        let mut backoff = Backoff::default();
        for (node, since, delay) in &self.backoff {
            let raised = now - Millis(*since);
            backoff.remember(&daemon_set, node, raised, Millis::from_secs(*delay));
        }
        let observed = Observed {
            nodes: self.nodes.iter().collect(),
            pods: self.pods.iter().collect(),
            revisions: revisions.iter().collect(),
            expectations_met: self.expectations_met,
            failed_pods_backoff: &backoff,
        };
        look(&observed, &daemon_set, now)
    }
}

/// So many items of the same words, each with its number for `#`.
pub(crate) fn times(n: usize, item: &str) -> String {
    let items: Vec<String> = (0..n)
        .map(|i| item.replace('#', &format!("{i:03}")))
        .collect();
    items.join(",")
}

/// Syncs each row's world, and compares what a view says of the plan.
#[track_caller]
pub(crate) fn check<'a>(
    view: impl Fn(&Plan) -> String,
    rows: impl IntoIterator<Item = (&'a str, World, &'a str)>,
) {
    check_worlds(|world| view(&world.sync()), rows);
}

/// Compares what a view says of each row's world.
#[track_caller]
pub(crate) fn check_worlds<'a>(
    view: impl Fn(&World) -> String,
    rows: impl IntoIterator<Item = (&'a str, World, &'a str)>,
) {
    let mut wrong = Vec::new();
    for (name, world, want) in rows {
        let got = view(&world);
        if got != want {
            wrong.push(format!("{name}\n  want: {want}\n  got:  {got}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// All that happens but to the status and to revisions: `+a` is a pod created for node `a`, `-p`
/// pod `p` deleted.
pub(crate) fn acts(plan: &Plan) -> String {
    let mut said = Vec::new();
    for (what, pods) in [
        ("adopt", &plan.adopt_pods),
        ("release", &plan.release_pods),
        ("relabel", &plan.relabel_pods),
    ] {
        said.extend(pods.iter().map(|pod| format!("{what} {pod}")));
    }
    let creates = plan.creates.iter().map(|it| format!("+{}", it.node));
    let deletes = plan.deletes.iter().map(|it| format!("-{}", it.pod));
    let mut acts: Vec<String> = creates.chain(deletes).collect();
    acts.sort();
    match plan.by {
        Some(phase) => said.push(format!("{phase:?}: {}", acts.join(" "))),
        None => assert!(acts.is_empty(), "nobody did {acts:?}"),
    }
    said.extend(plan.events.iter().map(|it| format!("event {}", it.reason)));
    said.extend(plan.requeue_after.map(|after| format!("again in {after}")));
    said.extend(plan.error.as_ref().map(|error| format!("error {error}")));
    or_nothing(said)
}

/// How many creates and deletes there are: `+2 -1`.
pub(crate) fn counts(plan: &Plan) -> String {
    format!("+{} -{}", plan.creates.len(), plan.deletes.len())
}

/// desired, current, ready, updated, available; unavailable, misscheduled.
pub(crate) fn counters(plan: &Plan) -> String {
    let [
        desired,
        current,
        ready,
        updated,
        available,
        unavailable,
        misscheduled,
    ] = plan.status.counters().map(|(_, count)| count);
    format!("{desired} {current} {ready} {updated} {available}; {unavailable} {misscheduled}")
}

/// What happens to revisions, named by what follows `d-`. A new one is named by its number alone.
pub(crate) fn revisions(plan: &Plan) -> String {
    let changes = &plan.revisions;
    let mut said = Vec::new();
    for (what, names) in [
        ("adopt", &changes.adopt),
        ("release", &changes.release),
        ("relabel", &changes.relabel),
        ("delete", &changes.delete),
    ] {
        let names = names.iter().map(|name| name.trim_start_matches("d-"));
        said.extend(names.map(|name| format!("{what} {name}")));
    }
    if let Some((name, number)) = &changes.bump {
        said.push(format!(
            "bump {} to {number}",
            name.trim_start_matches("d-")
        ));
    }
    if let Some(created) = &changes.create {
        said.push(format!("create {}", created.revision));
    }
    or_nothing(said)
}

/// Which nodes should run the pod, and which of the others may keep one.
pub(crate) fn placement(world: &World) -> String {
    let decisions = world.see(|observed, daemon_set, _| observed.decisions(daemon_set));
    let decisions = decisions.iter().map(|it| {
        let answer = match (it.should_run, it.should_continue_running) {
            (true, true) => "run",
            (false, true) => "stay",
            (false, false) => "no",
            (true, false) => "run but not stay, which is never right",
        };
        format!("{} {answer}", it.node)
    });
    decisions.collect::<Vec<_>>().join(", ")
}

fn or_nothing(said: Vec<String>) -> String {
    if said.is_empty() {
        "nothing".into()
    } else {
        said.join("; ")
    }
}

pub(crate) fn read(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"))
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn merge(into: &mut Value, patch: Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    into.remove(&key);
                } else {
                    merge(into.entry(key).or_insert(json!({})), value);
                }
            }
        }
        (into, patch) => *into = patch,
    }
}

fn node(text: &str) -> Node {
    let mut words = text.split_whitespace();
    let mut node = Node::default();
    node.metadata.name = words.next().expect("a node has a name").into();
    for word in words {
        match (word, word.split_once('=')) {
            ("unschedulable", _) => node.spec.unschedulable = true,
            ("terminating", _) => node.metadata.deletion_timestamp = Some(NOW),
            (taint, _) if taint.contains(':') => {
                node.spec
                    .taints
                    .push(taint.parse::<Taint>().expect("a taint"));
            }
            (_, Some((key, value))) => {
                node.metadata.labels.insert(key.into(), value.into());
            }
            _ => panic!("{word}: no such word for a node"),
        }
    }
    node
}

fn owner(uid: &str, is_controller: bool) -> Value {
    json!([{
        "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "uid": uid,
        "controller": is_controller, "blockOwnerDeletion": true,
    }])
}

/// A running pod of the DaemonSet, an hour old, not ready.
///
/// `new`, `old`, `hash=H`: its hash; without, it has none. `generation=N`: its template
/// generation. `ready`, `ready=SECONDS`, `ready=?`: since when, and since nobody knows when;
/// `ready=zero`: since the time that is none to Go.
/// `pending`, `failed`, `succeeded`: its phase. `terminating`. `unbound`: it is pinned to its node,
/// but not bound. `pinned=NODE`: to this one; to several: `pinned=a+b`.
/// `pinned_then=NODE`: by one more term. `age=SECONDS`, `age=?`.
/// `orphan`, `foreign`: it has no owner, another DaemonSet of the same name; `owned`: an owner that
/// does not manage it. `app=VALUE`: its label.
pub(crate) fn pod(text: &str) -> Pod {
    let mut words = text.split_whitespace();
    let name = words.next().expect("a pod has a name");
    let node = words.next().expect("a pod is on a node");
    let mut pod = json!({
        "metadata": {
            "name": name, "namespace": "default", "labels": { "app": "d" },
            "ownerReferences": owner("uid-d", true),
            "creationTimestamp": Timestamp(NOW.0 - 3600).to_string(),
        },
        "spec": {},
        "status": { "phase": "Running" },
    });
    let hash = "controller-revision-hash";
    let mut is_bound = node != "-";
    for word in words {
        let metadata = &mut pod["metadata"];
        let ago = |seconds: &str| {
            let seconds: i64 = seconds.parse().expect("seconds");
            Timestamp(NOW.0 - seconds).to_string()
        };
        match word.split_once('=').unwrap_or((word, "")) {
            ("new" | "old", _) => metadata["labels"][hash] = json!(word),
            ("hash", value) => metadata["labels"][hash] = json!(value),
            ("generation", value) => metadata["labels"]["pod-template-generation"] = json!(value),
            ("app", value) => metadata["labels"]["app"] = json!(value),
            ("terminating", _) => metadata["deletionTimestamp"] = json!(NOW.to_string()),
            ("age", "?") => metadata["creationTimestamp"] = Value::Null,
            ("age", value) => metadata["creationTimestamp"] = json!(ago(value)),
            ("orphan", _) => metadata["ownerReferences"] = json!([]),
            ("foreign", _) => metadata["ownerReferences"] = owner("uid-e", true),
            ("owned", _) => metadata["ownerReferences"] = owner("uid-e", false),
            ("pending", _) => pod["status"]["phase"] = json!("Pending"),
            ("failed", _) => pod["status"]["phase"] = json!("Failed"),
            ("succeeded", _) => pod["status"]["phase"] = json!("Succeeded"),
            ("ready", since) => {
                let since = match since {
                    "" => json!(ago("3000")),
                    "?" => Value::Null,
                    "zero" => json!("0001-01-01T00:00:00Z"),
                    seconds => json!(ago(seconds)),
                };
                let ready =
                    json!({ "type": "Ready", "status": "True", "lastTransitionTime": since });
                pod["status"]["conditions"] = json!([ready]);
            }
            ("unbound", _) => {
                is_bound = false;
                pod["spec"] = pinned(&[node]);
            }
            ("pinned", nodes) => {
                pod["spec"] = pinned(&nodes.split('+').collect::<Vec<_>>());
            }
            ("pinned_then", node) => {
                let terms = "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
                let more = pinned(&[node])
                    .pointer(terms)
                    .and_then(|it| it[0].as_object().cloned());
                let into = pod["spec"].pointer_mut(terms).and_then(Value::as_array_mut);
                into.expect("it is pinned before").push(json!(more));
            }
            _ => panic!("{word}: no such word for a pod"),
        }
    }
    if is_bound {
        pod["spec"]["nodeName"] = json!(node);
    }
    serde_json::from_value(pod).expect("a pod")
}

/// A pod's `spec` that requires one of these nodes by name.
pub(crate) fn pinned(nodes: &[&str]) -> Value {
    let field = json!({ "key": "metadata.name", "operator": "In", "values": nodes });
    let required = json!({ "nodeSelectorTerms": [{ "matchFields": [field] }] });
    json!({ "affinity": { "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": required,
    } } })
}

/// A revision of the DaemonSet, named `d-HASH`. `new` holds the current template, any other one
/// of its own.
///
/// `current`: it holds the current template, too. `unlabelled`: it lacks the hash label.
/// `orphan`, `foreign`, `terminating`: as for pods.
fn revision(text: &str, template: &Value) -> ControllerRevision {
    let mut words = text.split_whitespace();
    let hash = words.next().expect("a revision has a hash");
    let number = words.next().expect("a revision has a number");
    let number: i64 = number.parse().expect("a number");
    let mut template = template.clone();
    let mut is_current = hash == "new";
    let mut metadata = json!({
        "name": format!("d-{hash}"), "namespace": "default",
        "labels": { "app": "d", "controller-revision-hash": hash },
        "ownerReferences": owner("uid-d", true),
    });
    for word in words {
        match word {
            "current" => is_current = true,
            "unlabelled" => metadata["labels"] = json!({ "app": "d" }),
            "orphan" => metadata["ownerReferences"] = json!([]),
            "foreign" => metadata["ownerReferences"] = owner("uid-e", true),
            "terminating" => metadata["deletionTimestamp"] = json!(NOW.to_string()),
            _ => panic!("{word}: no such word for a revision"),
        }
    }
    if !is_current {
        template["spec"]["containers"][0]["image"] = json!(hash);
    }
    template["$patch"] = json!("replace");
    let revision = json!({
        "metadata": metadata, "revision": number,
        "data": { "spec": { "template": template } },
    });
    serde_json::from_value(revision).expect("a revision")
}
