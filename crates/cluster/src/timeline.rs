//! What has happened, and going back and forth in it.

use std::{collections::BTreeMap, rc::Rc};

use objects::Millis;

use crate::{ApiError, Cluster, Input, Response, Step};

/// Steps between two checkpoints. A checkpoint makes the next change of every chunk of objects a
/// copy, and a seek replays at most so many steps: with 64 a rollout on 5,000 nodes took a third
/// longer, and a seek was hardly quicker.
const CHECKPOINT_INTERVAL: usize = 512;

/// A cluster and its past. Every step can be returned to: the nearest checkpoint before it is
/// taken, and what came after is done again, which gives the same bytes.
///
/// A clone shares all of it, and is as cheap as a list of its steps.
#[derive(Clone)]
pub struct Timeline {
    entries: Vec<Rc<Entry>>,
    position: usize,
    cluster: Rc<Cluster>,
    /// The cluster after so many entries; always one at 0.
    checkpoints: BTreeMap<usize, Rc<Cluster>>,
}

#[derive(Clone)]
struct Entry {
    step: Step,
    /// What a person or the world did, with the command that said so.
    input: Option<(Input, Box<str>)>,
    /// What passed after the step without changing an object.
    then: Then,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    Nothing,
    /// It was found that the world is quiet.
    Settled,
    /// Time went on to then.
    Waited(Millis),
}

impl Timeline {
    /// Starts from a cluster.
    pub fn new(cluster: Cluster) -> Self {
        let cluster = Rc::new(cluster);
        let checkpoints = BTreeMap::from([(0, Rc::clone(&cluster))]);
        Self {
            entries: Vec::new(),
            position: 0,
            cluster,
            checkpoints,
        }
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
        self.entries.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A step by its number, from 0.
    pub fn step(&self, index: usize) -> Option<&Step> {
        self.entries.get(index).map(|entry| &entry.step)
    }

    /// The step that led here.
    pub fn last_step(&self) -> Option<&Step> {
        self.step(self.position.checked_sub(1)?)
    }

    /// The numbers of the steps that were inputs.
    pub fn inputs(&self) -> impl Iterator<Item = usize> {
        self.entries
            .iter()
            .enumerate()
            .filter(|(_, it)| it.input.is_some())
            .map(|(index, _)| index)
    }

    /// Does something now. In the past that drops what came after.
    ///
    /// # Errors
    /// If the API server refuses; nothing is dropped then.
    pub fn act(&mut self, input: Input, command: &str) -> Result<Response, ApiError> {
        let mut cluster = (*self.cluster).clone();
        let response = cluster.act(&input, command)?;
        if let Response::Done(step) = &response {
            self.drop_future();
            self.cluster = Rc::new(cluster);
            self.push((**step).clone(), Some((input, command.into())));
        }
        Ok(response)
    }

    /// Goes to the next step: a known one, or what happens next. `None`: the world is quiet.
    pub fn forward(&mut self) -> Option<&Step> {
        if self.position < self.entries.len() {
            self.replay_one();
        } else {
            match Rc::make_mut(&mut self.cluster).step() {
                Some(step) => self.push(step, None),
                None => {
                    self.passed(Then::Settled);
                    return None;
                }
            }
        }
        self.last_step()
    }

    /// The next step that comes by then; if there is none, time goes on to then. What was known
    /// of the future is dropped.
    pub fn forward_before(&mut self, deadline: Millis) -> Option<&Step> {
        self.drop_future();
        match Rc::make_mut(&mut self.cluster).step_before(deadline) {
            Some(step) => {
                self.push(step, None);
                self.last_step()
            }
            None => {
                self.passed(Then::Waited(deadline));
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
        let position = position.min(self.entries.len());
        let (checkpoint, cluster) = self
            .checkpoints
            .range(..=position)
            .next_back()
            .expect("there is always a checkpoint at 0");
        if self.position > position || self.position < *checkpoint {
            self.position = *checkpoint;
            self.cluster = cluster.clone();
        }
        while self.position < position {
            self.replay_one();
        }
    }

    fn replay_one(&mut self) {
        let entry = Rc::clone(&self.entries[self.position]);
        let cluster = Rc::make_mut(&mut self.cluster);
        match &entry.input {
            Some((input, command)) => {
                let again = cluster.act(input, command);
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
        match entry.then {
            Then::Nothing => {}
            Then::Settled => drop(cluster.step()),
            Then::Waited(until) => drop(cluster.step_before(until)),
        }
        self.position += 1;
    }

    fn push(&mut self, step: Step, input: Option<(Input, Box<str>)>) {
        self.entries.push(Rc::new(Entry {
            step,
            input,
            then: Then::Nothing,
        }));
        self.position = self.entries.len();
        let newest = self.checkpoints.keys().next_back().copied().unwrap_or(0);
        if self.position - newest >= CHECKPOINT_INTERVAL {
            // The copy goes there: what it starts without need not be made again here.
            let copy = (*self.cluster).clone();
            self.checkpoints.insert(self.position, Rc::new(copy));
        }
    }

    fn passed(&mut self, then: Then) {
        if let Some(entry) = self
            .position
            .checked_sub(1)
            .and_then(|last| self.entries.get_mut(last))
        {
            Rc::make_mut(entry).then = then;
            // The checkpoint of this position was made before that.
            if self.checkpoints.remove(&self.position).is_some() {
                self.checkpoints.insert(self.position, self.cluster.clone());
            }
        } else {
            self.checkpoints.insert(0, self.cluster.clone());
        }
    }

    fn drop_future(&mut self) {
        self.entries.truncate(self.position);
        self.checkpoints.split_off(&(self.position + 1));
    }
}
