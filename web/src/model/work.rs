//! What a person works on: a scenario, what was done since, and what came of it.

use cluster::{
    ApiError, Cluster, Fault, Timeline, What,
    due::Patience,
    waiting::{Waiting, WaitingFor},
};
use kubectl::{Files, Output};
use objects::Millis;
use scenario::{RunFor, Scenario, Session, Wrong, link};

/// A retry that changes nothing is followed by another; so many are gone through.
const RETRIES_MAX: usize = 16;

/// A session and the timeline it has led to; the two always stand at the same step.
pub struct Work {
    session: Session,
    timeline: Timeline,
    /// What led to each of the timeline's other branches, in their order.
    left: Vec<Session>,
}

impl Work {
    /// The beginning of a scenario.
    ///
    /// # Errors
    /// Why its cluster cannot be made.
    pub fn begin(scenario: Scenario) -> Result<Self, String> {
        Self::open(Session::new(scenario)).map_err(|wrong| wrong.to_string())
    }

    /// The beginning of one of the page's own, which a test opens.
    pub fn of_the_page(scenario: Scenario) -> Self {
        Self::begin(scenario.clone())
            .unwrap_or_else(|_| Self::of_cluster(scenario, Cluster::new(0)))
    }

    /// A session that was kept: all that was done in it is done again.
    ///
    /// # Errors
    /// If its cluster cannot be made.
    pub fn open(mut session: Session) -> Result<Self, Wrong> {
        let timeline = session.open()?;
        Ok(Self {
            session,
            timeline,
            left: Vec::new(),
        })
    }

    /// A cluster that is there already, in place of the one that the scenario would make.
    pub fn of_cluster(scenario: Scenario, cluster: Cluster) -> Self {
        Self {
            session: Session::new(scenario),
            timeline: Timeline::new(cluster),
            left: Vec::new(),
        }
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn scenario(&self) -> &Scenario {
        &self.session.scenario
    }

    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    pub fn cluster(&self) -> &Cluster {
        self.timeline.cluster()
    }

    /// As the fragment of an address.
    pub fn link(&self) -> String {
        link::encode(&self.session)
    }

    /// Does a command, now.
    pub fn kubectl(&mut self, line: &str, files: &Files) -> Output {
        self.act(|session, timeline| session.kubectl(line, files, timeline))
    }

    /// Does something that may begin a new branch, and keeps what led to the one that is left.
    fn act<T>(&mut self, act: impl FnOnce(&mut Session, &mut Timeline) -> T) -> T {
        let is_past = self.timeline.position() < self.timeline.len();
        let before = is_past.then(|| self.session.clone());
        let n_branches = self.timeline.branches().count();
        let done = act(&mut self.session, &mut self.timeline);
        if self.timeline.branches().count() > n_branches {
            self.left.extend(before);
        }
        done
    }

    /// What a command would do, done to a copy; with the copy as it is then.
    pub fn tried(&self, line: &str, files: &Files) -> (Output, Timeline) {
        let mut copy = Timeline::new(self.cluster().clone());
        let output = kubectl::execute(line, files, &mut copy);
        (output, copy)
    }

    /// Lets the world strike.
    ///
    /// # Errors
    /// If there is nothing it could befall.
    pub fn fault(&mut self, fault: Fault) -> Result<(), ApiError> {
        self.act(|session, timeline| session.fault(fault, timeline))
    }

    /// Takes at most so many steps. Whether all of them could be taken: if not, the world is quiet.
    pub fn run(&mut self, steps: usize) -> bool {
        let before = self.timeline.position();
        self.session.run(RunFor::Steps(steps), &mut self.timeline);
        self.timeline.position() - before == steps
    }

    /// The next step, of a quiet world that of the next retry. Whether there is one.
    pub fn step(&mut self) -> bool {
        let before = self.timeline.position();
        self.run(1) || self.run_to_retry() && (self.timeline.position() > before || self.run(1))
    }

    /// Lets time pass to the next retry, which a run to quiet does not wait for. Whether something
    /// came of one, or will.
    pub fn run_to_retry(&mut self) -> bool {
        let before = self.timeline.position();
        for _ in 0..RETRIES_MAX {
            let is_retry =
                |it: &Waiting| it.patience == Patience::Retry && it.for_what != WaitingFor::Expiry;
            let retries = self.cluster().waiting().filter(is_retry);
            let Some(next) = retries.filter_map(|it| it.until).min() else {
                break;
            };
            let left = (next - self.cluster().now()).max(Millis(0));
            self.run_for(RunFor::Duration(left));
            if self.timeline.position() > before || !self.cluster().is_quiet() {
                return true;
            }
        }
        false
    }

    /// Lets simulated time pass.
    pub fn run_for(&mut self, run_for: RunFor) {
        self.session.run(run_for, &mut self.timeline);
    }

    /// Goes to where so many steps have been taken, as far as is known.
    pub fn seek(&mut self, position: usize) {
        self.timeline.seek(position);
        self.session.position = self.timeline.position();
    }

    /// Goes over to a branch that was left; or drops it.
    pub fn switch_branch(&mut self, branch: usize) {
        if let Some(left) = self.left.get_mut(branch)
            && self.timeline.switch(branch)
        {
            std::mem::swap(left, &mut self.session);
            self.session.position = self.timeline.position();
        }
    }

    pub fn discard_branch(&mut self, branch: usize) {
        if self.timeline.discard(branch) {
            self.left.remove(branch);
        }
    }

    /// How many of the scenario's own steps the reader has been led through.
    pub fn n_led(&self) -> usize {
        self.session.next
    }

    pub fn lead_to(&mut self, next: usize) {
        self.session.next = next.min(self.session.scenario.steps.len());
    }

    /// Whether a step decided about a pod, rather than followed from a decision.
    pub fn last_decided(&self) -> bool {
        let last = self.timeline.last_step().map(|step| &step.what);
        matches!(
            last,
            Some(What::CreatedPod { .. } | What::DeletedPod { .. } | What::Unschedulable)
        )
    }
}
