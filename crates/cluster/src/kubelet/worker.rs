//! What a kubelet does with one pod: take it on, start its containers one after the other, start
//! them again when they end, and end them when the pod is to go.
//!
//! Models `SyncPod` and `computePodActions`, `pkg/kubelet/kuberuntime/kuberuntime_manager.go`, and
//! `SyncTerminatingPod`, `pkg/kubelet/kubelet.go`, v1.34.

use objects::{Container, EventType, Millis, Name, Phase, Pod, pod::ContainerStatus};
use serde::{Deserialize, Serialize};

use super::{probes, status};
use crate::{
    Actor, Cluster, Key, ObjectRef, Step, What, Why,
    due::{Due, Patience},
    fault::Behaviour,
    store::key_of,
};

/// The first back-off of a container or an image, and the longest.
const BACK_OFF: Millis = Millis::from_secs(10);
const BACK_OFF_MAX: Millis = Millis::from_secs(300);
/// A container that ran for longer since its last back-off starts with the first again.
const BACK_OFF_RESET: Millis = Millis::from_secs(600);

/// What a kubelet knows of one pod.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Worker {
    stage: Stage,
    /// The machine was off since the containers ran.
    interrupted: bool,
    /// Its init containers, then the others.
    containers: Vec<Run>,
    /// How much of its work is in the queue.
    n_due: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Stage {
    /// Has just heard of it.
    Accepting,
    Working,
    Stopping,
}

/// A container, as the runtime has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Run {
    pub(super) state: State,
    behaves: Behaviour,
    pub(super) pull_back_off: BackOff,
    /// How long its pull takes, without and with waiting for others.
    pub(super) pull_takes: (Millis, Millis),
    restart_back_off: BackOff,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) enum State {
    /// Its turn has not come.
    #[default]
    Waiting,
    Pulling,
    /// Its image is not to be had for now.
    Refused,
    Starting,
    Running,
    Exited,
    /// An init container that ended well.
    Completed,
    /// As it came with a dump, and so it stays until the pod goes.
    Frozen,
}

/// A delay that doubles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct BackOff {
    delay: Millis,
    since: Millis,
}

impl BackOff {
    /// Doubles the delay, up to the longest.
    pub(super) fn grow(&mut self, now: Millis) -> Millis {
        self.delay = match self.delay {
            Millis(0) => BACK_OFF,
            delay => Millis(delay.0 * 2).min(BACK_OFF_MAX),
        };
        self.since = now;
        self.delay
    }

    pub(super) fn delay(self) -> Millis {
        self.delay
    }

    fn is_unused(&self, now: Millis) -> bool {
        self.delay == Millis(0) || now - self.since > BACK_OFF_RESET
    }
}

/// What a kubelet is going to do with a pod, or is going to see of it; of one of its containers,
/// by its place among the init containers and, after them, the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// It looks at a pod that is new to it.
    Accept,
    /// An image has arrived.
    Pulled(usize),
    /// A pull has failed.
    PullFailed(usize),
    /// An image is not to be had, and nobody tries.
    Refused(usize),
    /// It waits before it pulls again.
    PullBackOff(usize),
    /// It tries once more to get a container's image.
    Prepare(usize),
    /// It starts a container.
    Start(usize),
    /// A container is ready.
    Ready(usize),
    /// A container's readiness probe fails.
    ProbeFailed(usize),
    /// A container ends.
    Exit(usize),
    /// It waits before it starts a container again.
    RestartBackOff(usize),
    /// It reports what it sees.
    Report,
    /// All containers have ended, and the pod goes.
    Remove,
}

impl Worker {
    /// The machine goes off, and all containers with it.
    pub(super) fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Whether the kubelet has not decided about the pod yet.
    pub(super) fn is_new(&self) -> bool {
        self.stage == Stage::Accepting
    }

    /// Whether the kubelet has taken the pod on and does not end it.
    pub(super) fn is_at_work(&self) -> bool {
        self.stage == Stage::Working
    }

    /// A pod that the kubelet has not seen before.
    fn new(pod: &Pod) -> Self {
        let containers = pod.spec.init_containers.len() + pod.spec.containers.len();
        let mut worker = Self {
            stage: Stage::Accepting,
            interrupted: false,
            containers: vec![Run::default(); containers],
            n_due: 0,
        };
        let reported = &pod.status.container_statuses;
        let ran = |it: &ContainerStatus| it.state.running.is_some() || it.last_end().is_some();
        let troubled = |it: &ContainerStatus| {
            let waiting = it.state.waiting.as_ref();
            waiting
                .is_some_and(|it| !matches!(&*it.reason, "ContainerCreating" | "PodInitializing"))
        };
        let known = |it: &ContainerStatus| ran(it) || troubled(it) || it.state.terminated.is_some();
        let initializing = pod.status.init_container_statuses.iter().any(troubled);
        if reported.is_empty() && pod.status.phase == Phase::Running {
            worker.stage = Stage::Working;
            worker
                .containers
                .iter_mut()
                .for_each(|it| it.state = State::Running);
        } else if reported.iter().any(known) || initializing {
            worker.stage = Stage::Working;
            for (i, run) in worker.containers.iter_mut().enumerate() {
                let status = status::of(pod, i);
                run.state = match status {
                    Some(it) if it.ready && it.state.running.is_some() => State::Running,
                    Some(it)
                        if it
                            .state
                            .terminated
                            .as_ref()
                            .is_some_and(|it| it.exit_code == 0) =>
                    {
                        State::Completed
                    }
                    _ => State::Frozen,
                };
            }
        }
        worker
    }

    /// The container whose turn it is.
    fn next(&self, pod: &Pod) -> Option<usize> {
        let n_init = pod.spec.init_containers.len();
        for (i, container) in pod.spec.init_containers.iter().enumerate() {
            match self.containers.get(i)?.state {
                State::Waiting => return Some(i),
                State::Completed => {}
                State::Running if container.is_sidecar() => {}
                _ => return None,
            }
        }
        let rest = self.containers.iter().enumerate().skip(n_init);
        for (i, run) in rest {
            match run.state {
                State::Waiting => return Some(i),
                State::Pulling | State::Starting => return None,
                _ => {}
            }
        }
        None
    }
}

/// The container at a place among the init containers and, after them, the others.
pub(super) fn container(pod: &Pod, at: usize) -> Option<&Container> {
    let init = &pod.spec.init_containers;
    init.get(at)
        .or_else(|| pod.spec.containers.get(at - init.len().min(at)))
}

fn is_init(pod: &Pod, at: usize) -> bool {
    pod.spec
        .init_containers
        .get(at)
        .is_some_and(|it| !it.is_sidecar())
}

/// Whether a container is started again when it ends.
fn restarts(pod: &Pod, at: usize, exit_code: i64) -> bool {
    let policy = pod
        .spec
        .rest
        .get("restartPolicy")
        .and_then(|it| it.as_str());
    match policy {
        _ if is_init(pod, at) && exit_code == 0 => false,
        Some("Never") => false,
        Some("OnFailure") => exit_code != 0,
        _ => true,
    }
}

/// How long a container's preStop hook takes, as far as it says so.
fn pre_stop(container: &Container) -> Millis {
    let hook = container.rest.get("lifecycle").map(|it| &it["preStop"]);
    let seconds = hook.and_then(|hook| {
        let slept = hook["sleep"]["seconds"].as_i64();
        slept.or_else(|| {
            let words: Vec<&str> = hook["exec"]["command"]
                .as_array()?
                .iter()
                .filter_map(|it| it.as_str())
                .collect();
            let words: Vec<&str> = words.iter().flat_map(|it| it.split_whitespace()).collect();
            let at = words.iter().position(|it| *it == "sleep")?;
            words.get(at + 1)?.trim_end_matches('s').parse().ok()
        })
    });
    Millis::from_secs(seconds.unwrap_or(0).clamp(0, 1_000_000))
}

impl Cluster {
    pub(super) fn worker(&mut self, node: &Name, pod: &Key) -> Option<&mut Worker> {
        self.kubelet_mut(node)?.workers.get_mut(pod)
    }

    pub(super) fn run(&mut self, node: &Name, pod: &Key, at: usize) -> Option<&mut Run> {
        self.worker(node, pod)?.containers.get_mut(at)
    }

    /// Puts work on a pod into the queue.
    pub(super) fn work_at(
        &mut self,
        time: Millis,
        node: &Name,
        pod: &Key,
        work: Work,
        patience: Patience,
    ) {
        if let Some(worker) = self.worker(node, pod) {
            worker.n_due += 1;
            let due = Due::KubeletPod {
                node: node.clone(),
                pod: pod.clone(),
                work,
            };
            self.due.at(time, due, patience);
        }
    }

    pub(super) fn work_after(&mut self, latency: Millis, node: &Name, pod: &Key, work: Work) {
        let latency = self.rng.jitter(latency, self.timing.jitter_percent);
        self.work_at(self.now + latency, node, pod, work, Patience::Awaited);
    }

    pub(super) fn work_now(&mut self, node: &Name, pod: &Key, work: Work) {
        self.work_at(self.now, node, pod, work, Patience::Awaited);
    }

    /// Drops what was to be done with a pod.
    fn drop_work(&mut self, node: &Name, key: &Key) {
        self.drop_some_work(node, key, |_| true);
    }

    /// Drops some of what was to be done with a pod.
    fn drop_some_work(&mut self, node: &Name, key: &Key, drops: impl Fn(Work) -> bool) {
        if self.worker(node, key).is_none_or(|it| it.n_due == 0) {
            return;
        }
        let n_dropped = self.due.retain(|due| match due {
            Due::KubeletPod { pod, work, .. } => pod != key || !drops(*work),
            _ => true,
        });
        if let Some(worker) = self.worker(node, key) {
            worker.n_due = worker.n_due.saturating_sub(n_dropped);
        }
    }

    /// After a start the kubelet looks at every pod bound to its node anew.
    pub(super) fn resume_pods(&mut self, name: &Name) {
        // What it was about to do is forgotten.
        if let Some(kubelet) = self.kubelet_mut(name) {
            kubelet.workers.values_mut().for_each(|it| it.n_due = 0);
        }
        let pods: Vec<_> = self.store.pods_on(name).cloned().collect();
        for pod in pods {
            self.tell_kubelet(&pod);
            self.resume_pod(name, &pod);
        }
    }

    fn resume_pod(&mut self, node: &Name, pod: &Pod) {
        let key = key_of(&pod.metadata);
        let Some(worker) = self.worker(node, &key) else {
            return;
        };
        if worker.stage != Stage::Working || worker.n_due > 0 {
            return;
        }
        let mut todo = vec![Work::Report];
        for (i, run) in worker.containers.iter_mut().enumerate() {
            match run.state {
                State::Pulling | State::Starting => run.state = State::Waiting,
                State::Refused => todo.push(Work::Prepare(i)),
                State::Exited => todo.push(Work::Prepare(i)),
                State::Waiting | State::Running | State::Completed | State::Frozen => {}
            }
        }
        let running = worker.containers.iter().enumerate();
        let running = running.filter(|(_, run)| run.state == State::Running);
        let running: Vec<usize> = running.map(|(i, _)| i).collect();
        running
            .into_iter()
            .for_each(|i| self.watch_container(node, &key, pod, i));
        todo.into_iter()
            .for_each(|work| self.work_now(node, &key, work));
        self.advance(node, &key, pod);
    }

    /// Somebody else has changed what a kubelet reports of a pod: it reports it anew.
    ///
    /// Models `needsReconcile`, `pkg/kubelet/status/status_manager.go`, v1.34.
    pub(crate) fn report_pod(&mut self, node: &Name, pod: &Key) {
        let kubelet = self.kubelets.get(node).filter(|it| it.runs());
        let worker = kubelet.and_then(|it| it.workers.get(pod));
        if worker.is_some_and(Worker::is_at_work) {
            self.work_now(node, pod, Work::Report);
        }
    }

    /// A pod was there when the world began: its kubelet has taken it on long ago, and has reported
    /// what there is to report.
    pub(crate) fn knew_pod(&mut self, pod: &Pod) {
        if pod.is_terminal() {
            return;
        }
        if let Some(kubelet) = self.kubelet_mut(&pod.spec.node_name) {
            let key = key_of(&pod.metadata);
            kubelet.workers.insert(key, Worker::new(pod));
        }
    }

    /// A bound pod is new to its kubelet, or is to be ended.
    pub(crate) fn tell_kubelet(&mut self, pod: &Pod) {
        let name = &pod.spec.node_name;
        let key = key_of(&pod.metadata);
        if pod.is_terminal() {
            return;
        }
        let Some(kubelet) = self.kubelet_mut(name) else {
            return;
        };
        let runs = kubelet.runs;
        let known = kubelet.workers.contains_key(&key);
        if !known {
            kubelet.workers.insert(key.clone(), Worker::new(pod));
        }
        if !runs {
            return;
        }
        if pod.metadata.is_being_deleted() {
            self.stop_pod(name, &key, pod);
            return;
        }
        let Some(worker) = kubelet.workers.get_mut(&key) else {
            return;
        };
        if worker.interrupted {
            worker.interrupted = false;
            worker.stage = Stage::Accepting;
            worker.containers.fill(Run::default());
        }
        match (worker.stage, known) {
            (Stage::Accepting, _) => self.work_now(name, &key, Work::Accept),
            (Stage::Working, false) => self.work_now(name, &key, Work::Report),
            _ => {}
        }
    }

    /// Tells the containers of a pod to stop.
    fn stop_pod(&mut self, node: &Name, key: &Key, pod: &Pod) {
        self.drop_work(node, key);
        let Some(worker) = self.worker(node, key) else {
            return;
        };
        let stopping = worker.stage == Stage::Stopping;
        let interrupted = worker.interrupted;
        worker.stage = Stage::Stopping;
        let running: Vec<usize> = worker
            .containers
            .iter()
            .enumerate()
            .filter(|(_, run)| run.state == State::Running && !interrupted)
            .map(|(i, _)| i)
            .collect();
        let containers = || running.iter().filter_map(|at| container(pod, *at));
        if !stopping {
            for container in containers() {
                let message = format!("Stopping container {}", container.name);
                self.record_on_pod(pod, "kubelet", node, EventType::Normal, "Killing", message);
            }
        }
        let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or(30);
        let grace = Millis::from_secs(grace.clamp(0, 1_000_000_000));
        let hooks = containers().map(pre_stop).max();
        let takes = match hooks {
            None => Millis(0),
            Some(hooks) => {
                let stops = self.timing.container_stop;
                (hooks + self.rng.jitter(stops, self.timing.jitter_percent)).min(grace)
            }
        };
        self.work_at(self.now + takes, node, key, Work::Remove, Patience::Awaited);
    }

    pub(crate) fn forget_pod(&mut self, node: &Name, pod: &Key) {
        self.drop_work(node, pod);
        if let Some(kubelet) = self.kubelet_mut(node) {
            kubelet.workers.remove(pod);
        }
    }

    /// Does the next thing with a pod.
    pub(crate) fn kubelet_pod(&mut self, node: &Name, key: &Key, work: Work) -> Option<Step> {
        let pod = self.store.pods.get(key).cloned()?;
        let worker = self.worker(node, key)?;
        worker.n_due = worker.n_due.saturating_sub(1);
        let (what, why) = match work {
            Work::Accept => self.accept(node, key, &pod)?,
            Work::Pulled(at) => self.pulled(node, key, &pod, at)?,
            Work::PullFailed(at) => self.pull_failed(node, key, &pod, at)?,
            Work::Refused(at) => self.refused(node, key, &pod, at)?,
            Work::PullBackOff(at) => self.pull_back_off(node, key, &pod, at)?,
            Work::Prepare(at) => {
                self.prepare(node, key, &pod, at);
                return None;
            }
            Work::Start(at) => self.start(node, key, &pod, at)?,
            Work::Ready(at) => self.ready(key, at)?,
            Work::ProbeFailed(at) => {
                self.probe_failed(node, key, &pod, at);
                return None;
            }
            Work::Exit(at) => self.exit(node, key, &pod, at)?,
            Work::RestartBackOff(at) => self.restart_back_off(node, key, &pod, at)?,
            Work::Report => self.report(node, key, &pod)?,
            Work::Remove => {
                self.delete_pod_now(key);
                (What::Stopped, Why::DeletionAsked)
            }
        };
        self.did(
            Actor::Kubelet { node: node.clone() },
            what,
            ObjectRef::pod(key),
            why,
        )
    }

    fn accept(&mut self, node: &Name, key: &Key, pod: &Pod) -> Option<(What, Why)> {
        if let Some(rejection) = self.rejection(node, pod) {
            let (reason, message) = (rejection.reason(), rejection.to_string());
            self.fail_pod(node, key, &reason, &message, &[]);
            return Some((What::Rejected { reason }, Why::Said(message)));
        }
        let now = self.timestamp();
        let host_ip = Name::from(self.kubelets.get(node)?.host_ip());
        let on_host = pod.spec.host_network;
        let pod_ip = if on_host {
            host_ip.clone()
        } else {
            self.kubelet_mut(node)?.next_pod_ip().into()
        };
        let again = !pod.status.container_statuses.is_empty();
        if again {
            let message = "Pod sandbox changed, it will be killed and re-created.".into();
            self.record_on_pod(
                pod,
                "kubelet",
                node,
                EventType::Normal,
                "SandboxChanged",
                message,
            );
        }
        self.worker(node, key)?.stage = Stage::Working;
        self.write_pod(key, |pod| status::accepted(pod, now, host_ip, pod_ip));
        self.watch_pressure(node);
        let pulls = self.advance(node, key, pod);
        let why = if again {
            Why::KubeletIsBack
        } else {
            Why::BoundHere
        };
        Some((What::Accepted { pulls }, why))
    }

    /// Goes on to the next container; the image that is pulled for it, if one is.
    pub(super) fn advance(&mut self, node: &Name, key: &Key, pod: &Pod) -> Option<Name> {
        let next = self.worker(node, key)?.next(pod)?;
        self.prepare(node, key, pod, next)
    }

    fn start(&mut self, node: &Name, key: &Key, pod: &Pod, at: usize) -> Option<(What, Why)> {
        let container = container(pod, at)?;
        for (reason, message) in [
            ("Created", self.version.created_container(&container.name)),
            ("Started", format!("Started container {}", container.name)),
        ] {
            self.record_on_pod(pod, "kubelet", node, EventType::Normal, reason, message);
        }
        let now = self.timestamp();
        self.write_pod(key, |pod| status::started(pod, at, now));
        let behaves = self.images.behaviour(&container.image);
        let run = self.run(node, key, at)?;
        run.state = State::Running;
        run.behaves = behaves;
        run.pull_back_off = BackOff::default();
        self.watch_container(node, key, pod, at);
        let pulls = self.advance(node, key, pod);
        let container = container.name.clone();
        Some((What::Started { container, pulls }, Why::ImagePresent))
    }

    /// What is going to be seen of a container that has just been started, or just been found.
    fn watch_container(&mut self, node: &Name, key: &Key, pod: &Pod, at: usize) {
        let Some(container) = container(pod, at) else {
            return;
        };
        let Some(run) = self.run(node, key, at) else {
            return;
        };
        let behaves = run.behaves;
        if is_init(pod, at) {
            let ends = if behaves == Behaviour::Crash {
                self.timing.crash_after
            } else {
                self.timing.ready
            };
            return self.work_after(ends, node, key, Work::Exit(at));
        }
        let is_ready = status::of(pod, at).is_some_and(|it| it.ready && it.state.running.is_some());
        if !is_ready {
            match probes::ready_after(container, behaves) {
                probes::ReadyAfter::Latency => {
                    self.work_after(self.timing.ready, node, key, Work::Ready(at))
                }
                probes::ReadyAfter::Time(time) => {
                    self.work_at(
                        self.now + time,
                        node,
                        key,
                        Work::Ready(at),
                        Patience::Awaited,
                    );
                }
                probes::ReadyAfter::Never => {}
            }
            if let Some(first) = probes::first_failure(container, behaves) {
                self.work_at(
                    self.now + first,
                    node,
                    key,
                    Work::ProbeFailed(at),
                    Patience::Retry,
                );
            }
        }
        if behaves == Behaviour::Crash {
            self.work_after(self.timing.crash_after, node, key, Work::Exit(at));
        }
    }

    fn ready(&mut self, key: &Key, at: usize) -> Option<(What, Why)> {
        let now = self.timestamp();
        self.write_pod(key, |pod| status::became_ready(pod, at, now));
        let pod = self.store.pods.get(key)?;
        if pod.is_ready() {
            return Some((What::Ready, Why::ContainersRun));
        }
        let container = container(pod, at)?.name.clone();
        Some((What::ContainerReady { container }, Why::ProbeSucceeded))
    }

    fn probe_failed(&mut self, node: &Name, key: &Key, pod: &Pod, at: usize) {
        let ready = status::of(pod, at).is_some_and(|it| it.ready);
        let Some(run) = self.run(node, key, at) else {
            return;
        };
        let Some(container) = container(pod, at) else {
            return;
        };
        if ready || run.state != State::Running {
            return;
        }
        let pod_ip = pod
            .status
            .rest
            .get("podIP")
            .and_then(|it| it.as_str())
            .unwrap_or_default();
        let message = probes::failure(container, pod_ip);
        self.record_on_pod(
            pod,
            "kubelet",
            node,
            EventType::Warning,
            "Unhealthy",
            message,
        );
        let again = self.now + probes::period(container);
        self.work_at(again, node, key, Work::ProbeFailed(at), Patience::Retry);
    }

    fn exit(&mut self, node: &Name, key: &Key, pod: &Pod, at: usize) -> Option<(What, Why)> {
        let (now, timestamp) = (self.now, self.timestamp());
        let run = self.run(node, key, at)?;
        let crashes = run.behaves == Behaviour::Crash;
        let exit_code = i64::from(crashes);
        let done = !restarts(pod, at, exit_code);
        run.state = if done && exit_code == 0 {
            State::Completed
        } else {
            State::Exited
        };
        // What its probes were to say is said of the next one.
        self.drop_some_work(
            node,
            key,
            |work| matches!(work, Work::Ready(it) | Work::ProbeFailed(it) if it == at),
        );
        let run = self.run(node, key, at)?;
        let unused = run.restart_back_off.is_unused(now);
        if unused {
            run.restart_back_off = BackOff::default();
            run.restart_back_off.grow(now);
        }
        self.write_pod(key, |pod| status::exited(pod, at, exit_code, timestamp));
        if done {
            self.advance(node, key, pod);
        } else {
            let work = if unused {
                Work::Prepare(at)
            } else {
                Work::RestartBackOff(at)
            };
            self.work_now(node, key, work);
        }
        let container = container(pod, at)?;
        let why = if crashes {
            Why::Crashes {
                image: container.image.clone(),
            }
        } else {
            Why::InitDone
        };
        let container = container.name.clone();
        Some((
            What::Exited {
                container,
                exit_code,
            },
            why,
        ))
    }

    fn restart_back_off(
        &mut self,
        node: &Name,
        key: &Key,
        pod: &Pod,
        at: usize,
    ) -> Option<(What, Why)> {
        let name = &container(pod, at)?.name;
        let now = self.now;
        let back_off = &mut self.run(node, key, at)?.restart_back_off;
        let delay = back_off.delay;
        // It is doubled when the container is started again.
        let again = now + delay;
        back_off.grow(again);
        let of_pod = format!("{}_{}({})", key.name, key.namespace, pod.metadata.uid);
        let message = format!("Back-off restarting failed container {name} in pod {of_pod}");
        self.record_on_pod(pod, "kubelet", node, EventType::Warning, "BackOff", message);
        let waiting = format!("back-off {delay} restarting failed container={name} pod={of_pod}");
        let timestamp = self.timestamp();
        self.write_pod(key, |pod| {
            status::waits(pod, at, "CrashLoopBackOff", &waiting, timestamp);
        });
        self.work_at(again, node, key, Work::Prepare(at), Patience::Retry);
        let container = name.clone();
        Some((What::BacksOff { container, delay }, Why::ExitedAgain))
    }

    /// After a start the kubelet reports anew what it finds running.
    fn report(&mut self, node: &Name, key: &Key, pod: &Pod) -> Option<(What, Why)> {
        let now = self.timestamp();
        let states: Vec<State> = self
            .worker(node, key)?
            .containers
            .iter()
            .map(|it| it.state)
            .collect();
        let (was_ready, before) = (pod.is_ready(), pod.metadata.resource_version.clone());
        self.write_pod(key, |pod| status::found(pod, &states, now));
        let pod = self.store.pods.get(key)?;
        if pod.metadata.resource_version == before {
            return None;
        }
        let what = if pod.is_ready() && !was_ready {
            What::Ready
        } else {
            What::Changed
        };
        Some((what, Why::KubeletIsBack))
    }

    /// Ends a pod for good, as it may not stay on the node.
    pub(super) fn fail_pod(
        &mut self,
        node: &Name,
        key: &Key,
        reason: &str,
        message: &str,
        conditions: &[objects::Condition],
    ) {
        let now = self.timestamp();
        if let Some(pod) = self.store.pods.get(key).cloned() {
            self.record_on_pod(
                &pod,
                "kubelet",
                node,
                EventType::Warning,
                reason,
                message.to_owned(),
            );
        }
        self.forget_pod(node, key);
        self.write_pod(key, |pod| {
            status::failed(pod, reason, message, conditions, now)
        });
    }
}
