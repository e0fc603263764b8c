//! `drain`.
//!
//! Models kubectl `pkg/cmd/drain/drain.go` and `pkg/drain`, v1.34. Without a timeout it does not
//! wait: what would be said in the end is said at once.

use cluster::{ApiError, DeleteOptions, Input, Kind, ObjectRef, store::key_of};
use objects::{LabelSelector, Millis, Pod};

use super::cordon::Cordon;
use crate::{execute::Run, flags::Arguments, selector};

/// After so long a pod that a budget holds back is tried again.
const RETRY_AFTER: Millis = Millis::from_secs(5);

/// Nodes that are cordoned and emptied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drain {
    cordon: Cordon,
    ignore_daemon_sets: bool,
    force: bool,
    delete_empty_dir_data: bool,
    disable_eviction: bool,
    timeout: Millis,
    pods: LabelSelector,
    options: DeleteOptions,
}

/// What becomes of a pod.
enum Verdict {
    /// It goes; with a warning, if that is not empty.
    Goes(String),
    /// It stays, and is not spoken of unless there is a warning.
    Stays(String),
    /// The node cannot be drained.
    Refused(String),
}

/// What is said of pods, each kind once.
#[derive(Default)]
struct Said(Vec<(String, Vec<String>)>);

impl Said {
    fn add(&mut self, what: String, pod: &Pod) {
        let name = key_of(&pod.metadata).to_string();
        match self.0.iter_mut().find(|(it, _)| *it == what) {
            Some((_, pods)) => pods.push(name),
            None => self.0.push((what, vec![name])),
        }
    }

    fn lines(&self, before: &str) -> Vec<String> {
        let lines = self.0.iter();
        lines
            .map(|(what, pods)| format!("{before}{what}: {}", pods.join(", ")))
            .collect()
    }
}

impl Drain {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let pods = arguments.text("pod-selector").unwrap_or_default();
        Ok(Self {
            cordon: Cordon::read(arguments)?,
            ignore_daemon_sets: arguments.is_set("ignore-daemonsets"),
            force: arguments.is_set("force"),
            delete_empty_dir_data: arguments.is_set("delete-emptydir-data"),
            disable_eviction: arguments.is_set("disable-eviction"),
            timeout: arguments.duration("timeout").unwrap_or_default(),
            pods: selector::labels(pods).map_err(
                |_| "error: --pod-selector=<pod_selector> must be a valid label selector",
            )?,
            options: DeleteOptions {
                grace_period_seconds: arguments.number("grace-period").filter(|it| *it >= 0),
                ..DeleteOptions::default()
            },
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let nodes = self.cordon.run(run);
        if run.has_failed() {
            return;
        }
        let mut pending: Vec<(String, Vec<String>)> = Vec::new();
        for node in nodes {
            match self.node(run, &node) {
                Ok(true) => run.done(&format!("node/{node} drained")),
                // It would be tried again and again.
                Ok(false) => run.output.exit_code = 1,
                Err(errors) => {
                    let error = aggregate(&errors);
                    run.say(&format!("error: unable to drain node {node:?} due to error: {error}, continuing command..."));
                    pending.push((node, errors));
                }
            }
        }
        if pending.is_empty() {
            return;
        }
        run.say("There are pending nodes to be drained:");
        for (node, _) in &pending {
            run.say(&format!(" {node}"));
        }
        let lines = match pending.as_slice() {
            [(_, errors)] => errors.clone(),
            several => several.iter().map(|(_, it)| aggregate(it)).collect(),
        };
        lines.iter().for_each(|line| run.fail(line));
    }

    /// Empties a node. Whether that is done; the errors if it cannot be.
    fn node(&self, run: &mut Run<'_>, node: &str) -> Result<bool, Vec<String>> {
        let all: Vec<_> = run.cluster().store().pods_on(node).cloned().collect();
        let selected = all
            .iter()
            .filter(|it| self.pods.is_empty() || self.pods.matches(&it.metadata.labels));
        let (mut errors, mut warnings, mut going) = (Said::default(), Said::default(), Vec::new());
        for pod in selected {
            let warning = match self.verdict(run, pod) {
                Verdict::Refused(why) => {
                    errors.add(why, pod);
                    continue;
                }
                Verdict::Stays(warning) => warning,
                Verdict::Goes(warning) => {
                    going.push(pod);
                    warning
                }
            };
            if !warning.is_empty() {
                warnings.add(warning, pod);
            }
        }
        if !errors.0.is_empty() {
            return Err(errors.lines("cannot delete "));
        }
        if !warnings.0.is_empty() {
            let warnings = warnings.lines("").join("; ");
            run.say(&format!("Warning: {warnings}"));
        }
        self.send_away(run, node, &going)
    }

    fn send_away(
        &self,
        run: &mut Run<'_>,
        node: &str,
        pods: &[&std::rc::Rc<Pod>],
    ) -> Result<bool, Vec<String>> {
        if run.dry_run.is_some() {
            for pod in pods {
                run.done(&format!("evicting pod {}", key_of(&pod.metadata)));
            }
            return Ok(true);
        }
        let deadline = run.deadline(Some(self.timeout));
        let mut errors = Vec::new();
        let mut left: Vec<&Pod> = Vec::new();
        let mut going: Vec<&Pod> = Vec::new();
        let mut waiting: Vec<&Pod> = pods.iter().map(|pod| &***pod).collect();
        while !waiting.is_empty() {
            self.announce(run, &waiting);
            let (mut refused, mut sent) = (Vec::new(), Vec::new());
            for pod in std::mem::take(&mut waiting) {
                match self.send(run, pod) {
                    Ok(true) => sent.push(pod),
                    Ok(false) => {}
                    Err(error @ ApiError::BudgetSpent { .. }) => {
                        run.say(&format!(
                            "error when evicting {} (will retry after 5s): {error}",
                            which(pod)
                        ));
                        refused.push(pod);
                    }
                    Err(error) => {
                        errors.push(format!("error when evicting {}: {error}", which(pod)));
                        left.push(pod);
                    }
                }
            }
            going.extend(sent);
            let Some(deadline) = deadline else {
                // All goes well, or it would be tried again and again.
                for pod in &going {
                    self.done(run, pod);
                }
                left.extend(refused);
                return self.end(run, node, errors, &left, left.is_empty());
            };
            let retry = run.cluster().now() + RETRY_AFTER;
            let until = if refused.is_empty() {
                deadline
            } else {
                retry.min(deadline)
            };
            self.see_off(run, &mut going, until, refused.is_empty());
            if !refused.is_empty() && retry >= deadline {
                // That time is up is seen when it is tried again.
                run.wait(retry, |_| false);
                self.announce(run, &refused);
                for pod in refused {
                    errors.push(format!(
                        "error when evicting {}: global timeout reached: {}",
                        which(pod),
                        self.timeout
                    ));
                    left.push(pod);
                }
            } else {
                waiting = refused;
            }
        }
        for pod in going {
            errors.push(format!(
                "error when waiting for pod {:?} in namespace {:?} to terminate: global timeout reached: {}",
                pod.metadata.name, pod.metadata.namespace, self.timeout
            ));
            left.push(pod);
        }
        self.end(run, node, errors, &left, true)
    }

    /// Says which pods are to go.
    fn announce(&self, run: &mut Run<'_>, pods: &[&Pod]) {
        if !self.disable_eviction {
            for pod in pods {
                run.say(&format!("evicting pod {}", key_of(&pod.metadata)));
            }
        }
    }

    /// Whether a pod is on its way out; `false` if it was gone before.
    fn send(&self, run: &mut Run<'_>, pod: &Pod) -> Result<bool, ApiError> {
        let (key, options) = (key_of(&pod.metadata), self.options);
        let sent = if self.disable_eviction {
            let object = ObjectRef::pod(&key);
            run.act(Input::Delete { object, options })
        } else {
            run.act(Input::Evict { pod: key, options })
        };
        match sent {
            Ok(_) => Ok(true),
            Err(ApiError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Says of pods when they are gone: until then, or until all are.
    fn see_off(&self, run: &mut Run<'_>, going: &mut Vec<&Pod>, until: Millis, no_longer: bool) {
        run.wait(until, |run| {
            let is_there = |run: &Run<'_>, pod: &Pod| {
                let now = run.cluster().store().pods.get(&key_of(&pod.metadata));
                now.is_some_and(|it| it.metadata.uid == pod.metadata.uid)
            };
            let gone: Vec<&Pod> = going
                .iter()
                .copied()
                .filter(|pod| !is_there(run, pod))
                .collect();
            going.retain(|pod| is_there(run, pod));
            gone.into_iter().for_each(|pod| self.done(run, pod));
            no_longer && going.is_empty()
        });
    }

    fn done(&self, run: &mut Run<'_>, pod: &Pod) {
        let done = if self.disable_eviction {
            "deleted"
        } else {
            "evicted"
        };
        run.say(&format!("pod/{} {done}", pod.metadata.name));
    }

    fn end(
        &self,
        run: &mut Run<'_>,
        node: &str,
        errors: Vec<String>,
        left: &[&Pod],
        drained: bool,
    ) -> Result<bool, Vec<String>> {
        if errors.is_empty() {
            return Ok(drained);
        }
        run.say(&format!(
            "There are pending pods in node {node:?} when an error occurred: {}",
            aggregate(&errors)
        ));
        for pod in left {
            run.say(&format!("pod/{}", pod.metadata.name));
        }
        Err(errors)
    }

    /// Asks the filters one after the other. What one warns of is forgotten when the next lets the
    /// pod go, so that of local storage, or of a DaemonSet that is gone, nothing is said.
    ///
    /// Models `makeFilters` and the loop over them, kubectl `pkg/drain/filters.go`, v1.34.
    fn verdict(&self, run: &Run<'_>, pod: &Pod) -> Verdict {
        let finished = pod.is_terminal();
        let owner = pod.metadata.controller();
        if let Some(owner) = owner.filter(|it| it.kind == "DaemonSet" && !finished) {
            let key = cluster::Key::new(&pod.metadata.namespace, &owner.name);
            let is_there = run.cluster().store().daemon_sets.contains_key(&key);
            if is_there && !self.ignore_daemon_sets {
                return Verdict::Refused(
                    "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)".into(),
                );
            }
            if is_there {
                return Verdict::Stays("ignoring DaemonSet-managed Pods".into());
            }
            let error = ApiError::NotFound {
                kind: Kind::DaemonSet,
                name: owner.name.clone(),
            };
            if !self.force {
                return Verdict::Refused(error.to_string());
            }
        }
        let annotations = &pod.metadata.annotations;
        if annotations.contains_key("kubernetes.io/config.mirror") {
            return Verdict::Stays(String::new());
        }
        if finished {
            return Verdict::Goes(String::new());
        }
        let volumes = pod.spec.rest.get("volumes").and_then(|it| it.as_array());
        let mut volumes = volumes.into_iter().flatten();
        if !self.delete_empty_dir_data && volumes.any(|volume| volume.get("emptyDir").is_some()) {
            return Verdict::Refused(
                "Pods with local storage (use --delete-emptydir-data to override)".into(),
            );
        }
        match (owner, self.force) {
            (Some(_), _) => Verdict::Goes(String::new()),
            (None, true) => Verdict::Goes("deleting Pods that declare no controller".into()),
            (None, false) => Verdict::Refused(
                "cannot delete Pods that declare no controller (use --force to override)".into(),
            ),
        }
    }
}

fn which(pod: &Pod) -> String {
    let metadata = &pod.metadata;
    format!("pods/{:?} -n {:?}", metadata.name, metadata.namespace)
}

/// Several errors in one line, as Go's aggregates print themselves.
fn aggregate(errors: &[String]) -> String {
    match errors {
        [error] => error.clone(),
        errors => format!("[{}]", errors.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Files,
        commands::tests::{check_with, settle, world},
    };

    #[test]
    fn what_a_filter_warns_of_is_forgotten_when_the_next_lets_the_pod_go() {
        let mut timeline = world();
        let web = "
apiVersion: v1
kind: Pod
metadata:
  name: web
  ownerReferences:
  - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: u, controller: true}
spec:
  nodeName: n2
  containers:
  - {name: c, image: 'web:1'}
  volumes:
  - {name: scratch, emptyDir: {}}
";
        let files = Files::from([("web.yaml".to_owned(), web.to_owned())]);
        let printed = crate::execute("create -f web.yaml", &files, &mut timeline);
        assert_eq!(printed.text, "pod/web created\n");
        settle(&mut timeline);
        let line = "drain n2 --delete-emptydir-data --pod-selector=!app --ignore-daemonsets";
        let printed = crate::execute(line, &files, &mut timeline);
        assert_eq!(
            printed.text,
            "node/n2 cordoned\nevicting pod default/web\npod/web evicted\nnode/n2 drained\n"
        );
    }

    #[test]
    fn a_node_is_drained_as_far_as_allowed() {
        let mut timeline = world();
        let pods: Vec<String> = timeline
            .cluster()
            .store()
            .pods_on("n1")
            .filter(|it| it.metadata.name.starts_with("agent"))
            .map(|it| it.metadata.name.to_string())
            .collect();
        let daemon = pods.join(", ");
        let web = "
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
  ownerReferences:
  - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: u, controller: true}
spec:
  nodeName: n2
  containers:
  - {name: c, image: 'web:1'}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
";
        let files = Files::from([("web.yaml".to_owned(), web.to_owned())]);
        assert_eq!(
            crate::execute("create -f web.yaml", &files, &mut timeline).exit_code,
            0
        );
        settle(&mut timeline);
        let script = r#"
$ drain n1
node/n1 cordoned
error: unable to drain node "n1" due to error: [cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/AGENT, cannot delete cannot delete Pods that declare no controller (use --force to override): default/bare], continuing command...
There are pending nodes to be drained:
 n1
cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/AGENT
cannot delete cannot delete Pods that declare no controller (use --force to override): default/bare
[1]
$ drain n1 --ignore-daemonsets --force
node/n1 already cordoned
Warning: ignoring DaemonSet-managed Pods: default/AGENT; deleting Pods that declare no controller: default/bare
evicting pod default/bare
pod/bare evicted
node/n1 drained
$ drain n2 --pod-selector app=web --timeout=10s
node/n2 cordoned
evicting pod default/web
error when evicting pods/"web" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
evicting pod default/web
error when evicting pods/"web" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
evicting pod default/web
There are pending pods in node "n2" when an error occurred: error when evicting pods/"web" -n "default": global timeout reached: 10s
pod/web
error: unable to drain node "n2" due to error: error when evicting pods/"web" -n "default": global timeout reached: 10s, continuing command...
There are pending nodes to be drained:
 n2
error when evicting pods/"web" -n "default": global timeout reached: 10s
[1]
$ drain n2 --pod-selector app=web --disable-eviction
node/n2 already cordoned
pod/web deleted
node/n2 drained
$ drain n3
Error from server (NotFound): nodes "n3" not found
[1]
$ drain
error: USAGE: drain NODE [flags]
See 'kubectl drain -h' for help and examples
[1]
$ drain -l ''
error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'
[1]
$ drain n1 -l a=b
error: cannot specify both a node name and a --selector option
See 'kubectl drain -h' for help and examples
[1]
"#;
        check_with(&files, &mut timeline, &script.replace("AGENT", &daemon));
    }
}
