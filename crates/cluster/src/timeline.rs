//! What has happened, and going back and forth in it.

use std::{collections::BTreeMap, rc::Rc};

use objects::Millis;
use serde::{Deserialize, Serialize};

use crate::{ApiError, Cluster, Input, Response, Step};

/// Steps between two checkpoints: an eighth of the objects there are, within these bounds. A
/// checkpoint makes the next change of every chunk of objects a copy, and a seek replays at most
/// so many steps. With 64 a rollout on 5,000 nodes took a third longer, and a seek was hardly
/// quicker; with 2048 instead of 512 its history takes a quarter less memory, and a seek 16 ms
/// instead of 12.
const CHECKPOINT_INTERVAL: std::ops::RangeInclusive<usize> = 512..=2048;

/// So many steps before the position that is sought another checkpoint is left behind.
const NEAR: usize = 48;

/// A cluster and its past. Every step can be returned to: the nearest checkpoint before it is
/// taken, and what came after is done again, which gives the same bytes.
///
/// To act in the past is to start a new branch; the old one is kept until it is dropped.
///
/// A clone shares all of it, and is as cheap as a list of its steps.
#[derive(Clone)]
pub struct Timeline {
    past: Branch,
    position: usize,
    cluster: Rc<Cluster>,
    /// A checkpoint a little before the position that was sought last, so that going back step by
    /// step is quick.
    near: Option<(usize, Rc<Cluster>)>,
    /// What else came of the same beginnings.
    branches: Vec<Branch>,
}

/// One course of things, from the very beginning.
#[derive(Clone)]
struct Branch {
    entries: Vec<Rc<Entry>>,
    /// The cluster after so many entries; always one at 0.
    checkpoints: BTreeMap<usize, Rc<Cluster>>,
    /// Names of moments, with how many steps led there.
    marks: BTreeMap<Box<str>, usize>,
    /// What passed before the first step.
    first: Vec<Passed>,
}

#[derive(Clone)]
struct Entry {
    step: Step,
    /// What a person or the world did, with the command that said so.
    input: Option<Box<(Input, Box<str>)>>,
    /// What passed after the step without changing an object, one after the other.
    then: Vec<Passed>,
}

#[derive(Clone, Copy, PartialEq)]
enum Passed {
    /// It was found that the world is quiet.
    Settled,
    /// Time went on to then.
    Waited(Millis),
}

impl Passed {
    /// Lets it pass again.
    fn again(self, cluster: &mut Cluster) {
        match self {
            Self::Settled => drop(cluster.step()),
            Self::Waited(until) => drop(cluster.step_before(until)),
        }
    }
}

/// A thing that was done with a timeline: these, one after the other, make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Move {
    /// Something was done from outside, by this command.
    Act { input: Input, command: Box<str> },
    /// So many steps were taken.
    Steps(usize),
    /// It was found that the world is quiet.
    Settle,
    /// Time went on to then, without a step.
    WaitUntil(Millis),
    /// The moment was given a name.
    Mark(Box<str>),
}

/// A branch that is kept beside the present one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept<'a> {
    /// How many steps it has in common with the present one.
    pub forked_at: usize,
    /// How many it has.
    pub len: usize,
    /// The first of its own.
    pub first: Option<&'a Step>,
}

impl Timeline {
    /// Starts from a cluster.
    pub fn new(cluster: Cluster) -> Self {
        let cluster = Rc::new(cluster);
        Self {
            past: Branch {
                entries: Vec::new(),
                checkpoints: BTreeMap::from([(0, Rc::clone(&cluster))]),
                marks: BTreeMap::new(),
                first: Vec::new(),
            },
            position: 0,
            cluster,
            near: None,
            branches: Vec::new(),
        }
    }

    /// Makes a timeline again from what was done with it. The cluster is the one it started from.
    ///
    /// # Errors
    /// If the API server refuses an input that it took before: it is not the same cluster.
    pub fn replay(cluster: Cluster, moves: &[Move]) -> Result<Self, ApiError> {
        let mut timeline = Self::new(cluster);
        for it in moves {
            match it {
                Move::Act { input, command } => drop(timeline.act(input.clone(), command)?),
                Move::Steps(count) => {
                    for _ in 0..*count {
                        let step =
                            Rc::make_mut(&mut timeline.cluster).step_before(Millis(i64::MAX));
                        let Some(step) = step else { break };
                        timeline.push(step, None);
                    }
                }
                Move::Settle => drop(timeline.forward()),
                Move::WaitUntil(time) => drop(timeline.forward_before(*time)),
                Move::Mark(name) => timeline.mark(name),
            }
        }
        Ok(timeline)
    }

    /// What was done with the timeline up to its position: with the cluster it started from, that
    /// is all there is to keep of it.
    pub fn moves(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        let then = |moves: &mut Vec<Move>, then: &[Passed]| {
            moves.extend(then.iter().map(|it| match it {
                Passed::Settled => Move::Settle,
                Passed::Waited(until) => Move::WaitUntil(*until),
            }));
        };
        let named_at = |moves: &mut Vec<Move>, position: usize| {
            let marks = self.past.marks.iter();
            let here = marks.filter(|(_, at)| **at == position);
            moves.extend(here.map(|(name, _)| Move::Mark(name.clone())));
        };
        then(&mut moves, &self.past.first);
        named_at(&mut moves, 0);
        for (i, entry) in self.past.entries[..self.position].iter().enumerate() {
            match (&entry.input, moves.last_mut()) {
                (Some(input), _) => moves.push(Move::Act {
                    input: input.0.clone(),
                    command: input.1.clone(),
                }),
                (None, Some(Move::Steps(count))) => *count += 1,
                (None, _) => moves.push(Move::Steps(1)),
            }
            then(&mut moves, &entry.then);
            named_at(&mut moves, i + 1);
        }
        moves
    }

    /// The cluster at this position.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// How many steps led here.
    pub fn position(&self) -> usize {
        self.position
    }

    /// How many steps are known.
    pub fn len(&self) -> usize {
        self.past.entries.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.past.entries.is_empty()
    }

    /// A step by its number, from 0.
    pub fn step(&self, index: usize) -> Option<&Step> {
        self.past.entries.get(index).map(|entry| &entry.step)
    }

    /// The step that led here.
    pub fn last_step(&self) -> Option<&Step> {
        self.step(self.position.checked_sub(1)?)
    }

    /// The numbers of the steps that were inputs.
    pub fn inputs(&self) -> impl Iterator<Item = usize> {
        self.past
            .entries
            .iter()
            .enumerate()
            .filter(|(_, it)| it.input.is_some())
            .map(|(index, _)| index)
    }

    /// Gives this moment a name. One of that name before loses it.
    pub fn mark(&mut self, name: &str) {
        self.past.marks.insert(name.into(), self.position);
    }

    /// The moments that have names, by name, with how many steps led there.
    pub fn marks(&self) -> impl Iterator<Item = (&str, usize)> {
        self.past.marks.iter().map(|(name, at)| (&**name, *at))
    }

    /// Does something now. In the past that starts a new branch; the old one is kept.
    ///
    /// # Errors
    /// If the API server refuses; nothing has changed then.
    pub fn act(&mut self, input: Input, command: &str) -> Result<Response, ApiError> {
        let mut cluster = (*self.cluster).clone();
        let response = cluster.act(&input, command)?;
        if let Response::Done(step) = &response {
            self.fork();
            self.leave_for(cluster);
            self.push((**step).clone(), Some((input, command.into())));
        }
        Ok(response)
    }

    /// Goes to the next step: a known one, or what happens next. `None`: the world is quiet.
    pub fn forward(&mut self) -> Option<&Step> {
        if self.position < self.len() {
            self.replay_one();
            return self.last_step();
        }
        match Rc::make_mut(&mut self.cluster).step() {
            Some(step) => {
                self.push(step, None);
                self.last_step()
            }
            None => {
                self.passed(Passed::Settled);
                None
            }
        }
    }

    /// The next step that comes by then; if there is none, time goes on to then. In the past that
    /// is only as far as to the last step before it, as what was known still comes.
    pub fn forward_before(&mut self, deadline: Millis) -> Option<&Step> {
        if let Some(next) = self.step(self.position) {
            if next.time > deadline {
                return None;
            }
            self.replay_one();
            return self.last_step();
        }
        match Rc::make_mut(&mut self.cluster).step_before(deadline) {
            Some(step) => {
                self.push(step, None);
                self.last_step()
            }
            None => {
                self.passed(Passed::Waited(deadline));
                None
            }
        }
    }

    /// Undoes a step. Whether there was one.
    pub fn back(&mut self) -> bool {
        let Some(before) = self.position.checked_sub(1) else {
            return false;
        };
        self.seek(before);
        true
    }

    /// Goes to where so many steps have been taken, or as far as is known.
    pub fn seek(&mut self, position: usize) {
        let position = position.min(self.len());
        let (checkpoint, cluster) = self.checkpoint(position);
        if self.position > position || self.position < checkpoint {
            self.position = checkpoint;
            self.leave_for((*cluster).clone());
        }
        let near = position.saturating_sub(NEAR);
        while self.position < position {
            if self.position == near && near > checkpoint {
                self.near = Some((near, self.copy()));
            }
            self.replay_one();
        }
    }

    /// Goes over to the cluster as it is at another moment, with what is derived of the present one.
    fn leave_for(&mut self, mut cluster: Cluster) {
        if let Some(left) = Rc::get_mut(&mut self.cluster) {
            cluster.take_derived(left);
        }
        self.cluster = Rc::new(cluster);
    }

    /// The cluster, to be kept. What a copy is without need not be made again here.
    fn copy(&self) -> Rc<Cluster> {
        Rc::new((*self.cluster).clone())
    }

    /// The last checkpoint at or before a position.
    fn checkpoint(&self, position: usize) -> (usize, Rc<Cluster>) {
        let mut checkpoints = self.past.checkpoints.range(..=position);
        let kept = checkpoints.next_back().map(|(at, cluster)| (*at, cluster));
        let near = self.near.as_ref().map(|(at, cluster)| (*at, cluster));
        let near = near.filter(|(at, _)| *at <= position);
        let (at, cluster) = kept
            .into_iter()
            .chain(near)
            .max_by_key(|(at, _)| *at)
            .expect("there is always a checkpoint at 0");
        (at, Rc::clone(cluster))
    }

    /// Goes to the last step at or before a time, or as far as is known.
    pub fn seek_time(&mut self, time: Millis) {
        let entries = &self.past.entries;
        self.seek(entries.partition_point(|entry| entry.step.time <= time));
    }

    /// The branches that are kept, the one left last at the end.
    pub fn branches(&self) -> impl Iterator<Item = Kept<'_>> {
        self.branches.iter().map(|branch| {
            let both = branch.entries.iter().zip(&self.past.entries);
            let forked_at = both.take_while(|(a, b)| Rc::ptr_eq(a, b)).count();
            Kept {
                forked_at,
                len: branch.entries.len(),
                first: branch.entries.get(forked_at).map(|entry| &entry.step),
            }
        })
    }

    /// Goes over to a branch that is kept, where it forked; the present one is kept in its place.
    /// Whether there is such a branch.
    pub fn switch(&mut self, branch: usize) -> bool {
        let Some(Kept { forked_at, .. }) = self.branches().nth(branch) else {
            return false;
        };
        std::mem::swap(&mut self.past, &mut self.branches[branch]);
        // Where both go the same way it does not matter which of them led here.
        self.position = self.len() + 1;
        self.near = None;
        self.seek(forked_at);
        true
    }

    /// Drops a branch that is kept. Whether there was one.
    pub fn discard(&mut self, branch: usize) -> bool {
        let there = branch < self.branches.len();
        if there {
            self.branches.remove(branch);
        }
        there
    }

    fn replay_one(&mut self) {
        let entry = Rc::clone(&self.past.entries[self.position]);
        let cluster = Rc::make_mut(&mut self.cluster);
        match &entry.input {
            Some(input) => {
                let again = cluster.act(&input.0, &input.1);
                debug_assert!(again.is_ok(), "an input that was taken once is taken again");
            }
            None => {
                let again = cluster.step_before(Millis(i64::MAX));
                debug_assert_eq!(
                    again.as_ref(),
                    Some(&entry.step),
                    "the same state gives the same step"
                );
            }
        }
        entry.then.iter().for_each(|it| it.again(cluster));
        self.position += 1;
    }

    fn push(&mut self, step: Step, input: Option<(Input, Box<str>)>) {
        let past = &mut self.past;
        past.entries.push(Rc::new(Entry {
            step,
            input: input.map(Box::new),
            then: Vec::new(),
        }));
        self.position = past.entries.len();
        let newest = past.checkpoints.keys().next_back().copied().unwrap_or(0);
        let (least, most) = (*CHECKPOINT_INTERVAL.start(), *CHECKPOINT_INTERVAL.end());
        let interval = (self.cluster.store().len() / 8).clamp(least, most);
        if self.position - newest >= interval {
            let copy = self.copy();
            self.past.checkpoints.insert(self.position, copy);
        }
    }

    fn passed(&mut self, passed: Passed) {
        self.near.take_if(|(at, _)| *at >= self.position);
        let past = &mut self.past;
        let last = self.position.checked_sub(1);
        let then = match last.and_then(|last| past.entries.get_mut(last)) {
            Some(entry) => &mut Rc::make_mut(entry).then,
            None => &mut past.first,
        };
        match (then.last_mut(), passed) {
            (Some(Passed::Waited(until)), Passed::Waited(later)) => *until = later,
            (Some(Passed::Settled), Passed::Settled) => {}
            _ => then.push(passed),
        }
        // The checkpoint of this position was made before that.
        if past.checkpoints.contains_key(&self.position) {
            let copy = self.copy();
            self.past.checkpoints.insert(self.position, copy);
        }
    }

    /// Keeps what is known of the future as a branch of its own.
    fn fork(&mut self) {
        if self.position == self.len() {
            return;
        }
        self.branches.push(self.past.clone());
        self.near.take_if(|(at, _)| *at > self.position);
        let (past, position) = (&mut self.past, self.position);
        past.entries.truncate(position);
        past.checkpoints.split_off(&(position + 1));
        past.marks.retain(|_, at| *at <= position);
    }
}
