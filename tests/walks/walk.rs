//! A walk: a world, what is done to it, and what must hold on the way.

use std::{
    fmt::Write,
    iter::Sum,
    ops::AddAssign,
    panic::{self, AssertUnwindSafe},
};

use cluster::{
    Cluster, Response, Step,
    invariants::{Violation, Watch},
};
use objects::{Millis, Object};
use serde_json::Value;

use crate::walks::act::{Act, Dice, SETS, all_well, daemon_set, node};

/// A world left to itself settles within so many steps, or something goes round in circles.
const SETTLES_WITHIN: usize = 2_000;
/// More steps than that are not taken for one act.
const STEPS_OF_AN_ACT: usize = 300;
/// The longest back-off is over after that.
const BACK_OFFS_END: Millis = Millis::from_secs(20 * 60);

#[derive(Clone)]
pub(crate) struct Walk {
    pub(crate) seed: u64,
    nodes: Vec<Value>,
    acts: Vec<Act>,
}

/// How walks went that went well.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) n_walks: u64,
    pub(crate) n_steps: u64,
    pub(crate) n_quiet: u64,
}

impl AddAssign for Walked {
    fn add_assign(&mut self, other: Self) {
        self.n_walks += other.n_walks;
        self.n_steps += other.n_steps;
        self.n_quiet += other.n_quiet;
    }
}

impl Sum for Walked {
    fn sum<I: Iterator<Item = Self>>(walks: I) -> Self {
        walks.fold(Self::default(), |mut total, it| {
            total += it;
            total
        })
    }
}

/// How a walk ended that did not.
pub(crate) struct Failure {
    violations: Vec<Violation>,
    /// How many acts there were until then.
    n_acts: usize,
    steps: Vec<Step>,
}

/// What is walked through, step by step.
struct Walker {
    cluster: Cluster,
    /// Copied now and then, which must make no difference.
    twin: Option<Cluster>,
    watch: Watch,
    steps: Vec<Step>,
    n_quiet: u64,
}

impl Walk {
    pub(crate) fn random(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let n_nodes = 1 + dice.below(5);
        let nodes = (1..=n_nodes).map(|i| node(&mut dice, &format!("n{i}")));
        let nodes = nodes.collect();
        let mut acts = vec![Act::Apply(Box::new(daemon_set(&mut dice)))];
        let n_acts = 5 + dice.below(40);
        acts.extend((0..n_acts).map(|_| Act::random(&mut dice)));
        Self { seed, nodes, acts }
    }

    /// Walks, to where all is well again and everything has come to rest.
    pub(crate) fn run(&self) -> Result<Walked, Failure> {
        let mut n_acts = 0;
        let mut cluster = Cluster::new(self.seed);
        for node in &self.nodes {
            let node = Object::from_value(node.clone()).expect("a node can be read");
            cluster.seed(node).expect("a node is valid");
        }
        let mut walker = Walker {
            watch: Watch::new(&cluster),
            cluster,
            twin: None,
            steps: Vec::new(),
            n_quiet: 0,
        };
        let walked = panic::catch_unwind(AssertUnwindSafe(|| {
            for act in &self.acts {
                n_acts += 1;
                walker.twin = self.seed.is_multiple_of(4).then(|| walker.cluster.clone());
                walker.act(act)?;
                walker.compare()?;
            }
            for act in all_well() {
                walker.act(&act)?;
            }
            walker.calm_down()?;
            walker.pass(BACK_OFFS_END, SETTLES_WITHIN)?;
            walker.settle()
        }));
        let walked = walked.unwrap_or_else(|panic| {
            let message = panic.downcast_ref::<String>().cloned();
            let message = message.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).into()));
            Err(broken(
                "no-panic",
                &walker.cluster,
                &message.unwrap_or_default(),
            ))
        });
        match walked {
            Ok(()) => Ok(Walked {
                n_walks: 1,
                n_steps: walker.steps.len() as u64,
                n_quiet: walker.n_quiet,
            }),
            Err(violations) => Err(Failure {
                violations,
                n_acts,
                steps: walker.steps,
            }),
        }
    }
}

type Held = Result<(), Vec<Violation>>;

/// Something that must hold and is no invariant of the cluster.
fn broken(invariant: &'static str, cluster: &Cluster, found: &str) -> Vec<Violation> {
    vec![Violation {
        invariant,
        time: cluster.now(),
        found: found.into(),
    }]
}

fn hold(violations: Vec<Violation>) -> Held {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(violations)
    }
}

impl Walker {
    fn look(&mut self, step: Option<Step>) -> Held {
        let violations = self.watch.look(&self.cluster, step.as_ref());
        self.n_quiet += u64::from(self.cluster.is_quiet());
        if let Some(step) = &step
            && step.time != self.cluster.now()
        {
            let found = format!("a step is of T+{}", step.time);
            return Err(broken("time-of-a-step", &self.cluster, &found));
        }
        self.steps.extend(step);
        hold(violations)
    }

    fn act(&mut self, act: &Act) -> Held {
        match act {
            Act::Pass(time) => return self.pass(*time, STEPS_OF_AN_ACT),
            Act::Settle => return self.steps(STEPS_OF_AN_ACT),
            Act::Steps(n_steps) => return self.steps(*n_steps),
            _ => {}
        }
        let Some(input) = act.input(&self.cluster) else {
            return Ok(());
        };
        let before = self.cluster.clone();
        let response = self.cluster.act(&input, "a command");
        if let Some(twin) = &mut self.twin {
            drop(twin.act(&input, "a command"));
        }
        match response {
            Ok(Response::Done(step)) => self.look(Some(*step)),
            Ok(Response::Unchanged) | Err(_) => {
                if self.cluster == before {
                    Ok(())
                } else {
                    let found = format!("{response:?} of {act}");
                    Err(broken(
                        "what-is-refused-changes-nothing",
                        &self.cluster,
                        &found,
                    ))
                }
            }
        }
    }

    fn steps(&mut self, n_steps: usize) -> Held {
        for _ in 0..n_steps {
            let step = self.cluster.step();
            if let Some(twin) = &mut self.twin {
                drop(twin.step());
            }
            let ends = step.is_none();
            self.look(step)?;
            if ends {
                break;
            }
        }
        Ok(())
    }

    fn pass(&mut self, time: Millis, n_steps: usize) -> Held {
        let deadline = self.cluster.now() + time;
        for _ in 0..n_steps {
            let step = self.cluster.step_before(deadline);
            if let Some(twin) = &mut self.twin {
                drop(twin.step_before(deadline));
            }
            let ends = step.is_none();
            self.look(step)?;
            if ends {
                break;
            }
        }
        Ok(())
    }

    /// Settles, without surge if it takes that.
    fn calm_down(&mut self) -> Held {
        self.steps(STEPS_OF_AN_ACT)?;
        if !self.cluster.is_quiet() {
            for name in SETS {
                self.act(&Act::StopSurge(name))?;
            }
        }
        self.settle()
    }

    fn settle(&mut self) -> Held {
        self.steps(SETTLES_WITHIN)?;
        if !self.cluster.is_quiet() {
            let found = format!("no end after {SETTLES_WITHIN} steps");
            let violations = broken("the-world-settles", &self.cluster, &found);
            return hold(violations);
        }
        Ok(())
    }

    fn compare(&self) -> Held {
        match &self.twin {
            Some(twin) if *twin != self.cluster => {
                let found = "what a copy does is not what the original does";
                Err(broken("a-copy-is-the-same", &self.cluster, found))
            }
            _ => Ok(()),
        }
    }
}

/// How many of the last steps are shown of a failure.
fn n_shown() -> usize {
    let asked = std::env::var("SHOW").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(12)
}

/// The fewest acts with which a walk fails in the same way, and how.
pub(crate) fn shrink(walk: &Walk) -> String {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let mut walk = walk.clone();
    let Err(mut failure) = walk.run() else {
        return "a walk that failed does not fail again".into();
    };
    let way = failure.violations[0].invariant;
    walk.acts.truncate(failure.n_acts);
    let mut shrinks = true;
    while shrinks {
        shrinks = false;
        for i in (0..walk.acts.len()).rev() {
            let mut shorter = walk.clone();
            shorter.acts.remove(i);
            if let Err(same) = shorter.run()
                && same.violations[0].invariant == way
            {
                (walk, failure, shrinks) = (shorter, same, true);
            }
        }
        for i in (0..walk.nodes.len()).rev() {
            let mut shorter = walk.clone();
            shorter.nodes.remove(i);
            if let Err(same) = shorter.run()
                && same.violations[0].invariant == way
            {
                (walk, failure, shrinks) = (shorter, same, true);
            }
        }
    }
    panic::set_hook(hook);
    let mut text = format!("SEED={}\n", walk.seed);
    for node in &walk.nodes {
        let _ = writeln!(text, "  node {node}");
    }
    for act in &walk.acts {
        let _ = writeln!(text, "  {act}");
    }
    let n_left_out = failure.steps.len().saturating_sub(n_shown());
    for step in failure.steps.iter().skip(n_left_out) {
        let _ = writeln!(text, "    {step}");
    }
    for violation in &failure.violations {
        let _ = writeln!(text, "{violation}");
    }
    text
}
