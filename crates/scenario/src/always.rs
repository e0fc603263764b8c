//! What must hold after every step.

use cluster::ObjectRef;

use crate::{
    expect::{Expect, Moment, Verdict},
    roster::Roster,
};

/// An expectation that is watched, until it is broken.
pub(crate) struct Watch<'a> {
    /// Which of the scenario's steps asked for it.
    pub(crate) step: usize,
    expect: &'a Expect,
    /// The pods of its DaemonSet, if they matter and it exists.
    roster: Option<Roster>,
    pub(crate) is_broken: bool,
}

impl<'a> Watch<'a> {
    /// Watches from this moment on.
    pub(crate) fn new(step: usize, expect: &'a Expect, moment: Moment<'_>) -> Self {
        let mut watch = Self {
            step,
            expect,
            roster: None,
            is_broken: false,
        };
        watch.count(moment);
        watch
    }

    /// Counts all pods.
    pub(crate) fn count(&mut self, moment: Moment<'_>) {
        let store = moment.cluster.store();
        let key = self.expect.counted().filter(|_| !self.is_broken);
        self.roster = key.and_then(|key| Roster::count(store, key));
    }

    /// Looks after a step that changed an object: what is broken by it.
    pub(crate) fn look(&mut self, changed: Option<&ObjectRef>, moment: Moment<'_>) -> Vec<String> {
        if self.is_broken {
            return Vec::new();
        }
        let store = moment.cluster.store();
        let is_counted = match (&mut self.roster, changed) {
            (Some(roster), Some(changed)) => roster.follow(store, changed),
            (Some(_), None) => true,
            (None, _) => false,
        };
        if !is_counted {
            self.count(moment);
        }
        match self.expect.check_with(moment, self.roster.as_ref()) {
            Verdict::Fails(wrong) => {
                self.is_broken = true;
                self.roster = None;
                wrong
            }
            Verdict::Holds | Verdict::Missing(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use cluster::{Input, Response, Timeline};

    use super::*;
    use crate::{
        Run, pools,
        testing::{ROLLED_OUT, failures, read},
    };

    const UPDATE: &str = "- kubectl: apply -f v2.yaml\n- run: quiet\n";

    #[test]
    fn what_always_holds_is_looked_at_after_every_step() {
        let check = |always: &str, want: &[&str]| {
            let failed = failures(&format!("{ROLLED_OUT}- always: {always}\n{UPDATE}"));
            let failed: Vec<&str> = failed
                .iter()
                .map(|it| it.split(", T+").next().unwrap_or_default())
                .map(|it| it.split(", after step ").next().unwrap_or_default())
                .collect();
            assert_eq!(failed, want, "{always}");
        };
        check(
            "{daemonSet: agent, pods: {total: '<= 2', ready: '>= 1'}}",
            &[],
        );
        check("{daemonSet: agent, status: {numberAvailable: '>= 1'}}", &[]);
        check("{daemonSet: agent, eachNode: '<= 1'}", &[]);
        check("{daemonSet: agent, anyPod: {ready: true}}", &[]);
        // Broken between two steps of the scenario, and told once.
        check(
            "{daemonSet: agent, pods: {ready: 2}}",
            &["3: pods.ready: expected 2, found 1"],
        );
        check(
            "{daemonSet: agent, status: {numberReady: 2}}",
            &["3: status.numberReady: expected 2, found 1"],
        );
        check("{daemonSet: agent, eachNode: '>= 0'}", &[]);
        check(
            "{daemonSet: agent, node: worker-1, pods: 1}",
            &["3: pods: expected 1, found 0"],
        );
        check(
            "{daemonSet: agent, node: worker-1, sameAs: before}",
            &["3: expected exactly one pod on worker-1 that is not being deleted, found 0"],
        );
        check(
            "{event: {reason: SuccessfulDelete, count: '<= 1'}}",
            &["3: event count: expected <= 1, found 2"],
        );
        check("{node: worker-1, status: Ready}", &[]);
        check("{exists: ds/agent}", &[]);
    }

    #[test]
    fn a_break_names_the_step() {
        let broken = failures(
            "- always: { node: worker-1, status: Ready }\n- run: quiet\n- kubectl: cordon worker-1\n- kubectl: uncordon worker-1\n",
        );
        assert_eq!(
            broken,
            [
                "0: status: expected Ready, found Ready,SchedulingDisabled, after step 1, T+0.000s  kubectl  changed node worker-1: kubectl cordon worker-1"
            ]
        );
    }

    #[test]
    fn a_command_of_several_steps_is_looked_at_step_by_step() {
        let broken = failures(
            "- always: { exists: node/worker-1 }\n- always: { absent: node/worker-1 }\n- kubectl: delete node worker-1 worker-2\n",
        );
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(
            broken[0].contains("after step 1, T+0.000s  kubectl  removed node worker-1"),
            "{broken:?}"
        );
    }

    #[test]
    fn what_does_not_exist_breaks_nothing_but_for_exists_and_absent() {
        let check = |always: &str, n_broken: usize| {
            let steps = format!("- always: {always}\n- kubectl: cordon worker-2\n");
            assert_eq!(failures(&steps).len(), n_broken, "{always}");
        };
        check("{daemonSet: agent, pods: {total: 7}}", 0);
        check("{daemonSet: agent, node: worker-1, pods: 7}", 0);
        check("{node: worker-9, status: Ready}", 0);
        check("{exists: ds/agent}", 1);
        check("{absent: node/worker-1}", 1);
        // It is not asked before the first step.
        let made = "- always: { exists: ds/agent }\n- kubectl: apply -f v1.yaml\n- run: quiet\n";
        assert_eq!(failures(made), [""; 0]);
    }

    #[test]
    fn what_is_asked_holds_after_the_next_run() {
        let ask = "- ask: { question: How many?, answer: 2, check: { daemonSet: agent, pods: { total: 2 } } }\n";
        assert_eq!(
            failures(&format!("{ask}- kubectl: apply -f v1.yaml\n- run: quiet\n")),
            [""; 0]
        );
        assert_eq!(
            failures(&format!(
                "{ask}- kubectl: apply -f v1.yaml\n- run: 1 step\n- run: quiet\n"
            )),
            ["0: check: pods.total: expected 2, found 0"]
        );
        // Without a run there is nothing to look at.
        assert_eq!(failures(ask), [""; 0]);
        let scenario = read(&format!(
            "{ROLLED_OUT}{ask}- expect: {{node: worker-1}}\n- always: {{node: worker-1}}\n"
        ));
        let mut run = Run::new(&scenario, None).unwrap();
        assert_eq!(run.play(|_| {}), Ok(()));
        assert_eq!(run.checks_passed(), 2);
        run.go_on(crate::RunFor::Quiet, &mut |_| {});
        assert_eq!((run.checks_passed(), run.failures().len()), (3, 0));
    }

    #[test]
    fn pods_that_are_kept_counted_are_those_that_are_counted() {
        let scenario = read("- kubectl: apply -f v1.yaml\n");
        let cluster = pools::cluster(&scenario, None).unwrap();
        let mut timeline = Timeline::new(cluster);
        let key = cluster::Key::new("default", "agent");
        let mut roster: Option<Roster> = None;
        let mut n_steps = 0;
        let mut see = |timeline: &Timeline| {
            let store = timeline.cluster().store();
            let changed = timeline.last_step().and_then(|step| step.object.clone());
            let followed = match (&mut roster, &changed) {
                (Some(roster), Some(changed)) => roster.follow(store, changed),
                (roster, _) => roster.is_some(),
            };
            let counted = Roster::count(store, &key);
            if !followed {
                roster = counted.clone();
            }
            assert_eq!(roster, counted, "{:?}", timeline.last_step());
            n_steps += 1;
        };
        for line in [
            "apply -f v1.yaml",
            "fault node/worker-2 kubelet stop",
            "apply -f v2.yaml",
            "delete node worker-1",
            "fault node/worker-2 kubelet start",
            "apply -f v1.yaml",
            "delete ds agent",
            "apply -f v1.yaml",
        ] {
            match line.strip_prefix("fault ") {
                Some(fault) => {
                    let input = Input::Fault(fault.parse().unwrap());
                    let done = timeline.act(input, fault).unwrap();
                    assert!(matches!(done, Response::Done(_)));
                }
                None => {
                    let printed = kubectl::execute(line, &scenario.files, &mut timeline);
                    assert_eq!(printed.exit_code, 0, "{}", printed.text);
                }
            }
            see(&timeline);
            while timeline.forward().is_some() {
                see(&timeline);
            }
        }
        assert!(n_steps > 60, "{n_steps}");
    }
}
