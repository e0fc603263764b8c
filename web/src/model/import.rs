//! A real cluster as kubectl gives it, read a part at a time so that the page stays alive.

use cluster::Cluster;
use objects::{Object, Severity, dump, manifest::Manifest};
use scenario::Scenario;

use super::work::Work;
use crate::text;

/// With which an imported cluster goes on; its scenario has it, too.
const SEED: u64 = 1;

/// More than this is refused: the page would run out of memory.
pub const SIZE_MAX: usize = 200 << 20;
/// Larger dumps are not kept in the browser, and cannot be shared by a link.
pub const KEPT_MAX: usize = 2 << 20;
/// So many bytes are read at once, ten or so milliseconds.
const PART: usize = 1 << 15;
/// So many objects are put into the cluster at once.
const BATCH: usize = 20;

/// A dump that is being read.
pub struct Import {
    text: String,
    /// What is left to read, as ranges of the text with the lines before them.
    parts: std::vec::IntoIter<(usize, std::ops::Range<usize>)>,
    n_parts: usize,
    read: Manifest,
    is_read: bool,
    cluster: Cluster,
    objects: std::vec::IntoIter<Object>,
    n_objects: usize,
    n_kinds: [usize; 6],
    wrong: Vec<String>,
    /// The objects as the scenario has them, if they are few enough to be kept and shared.
    kept: Vec<serde_json::Value>,
}

impl Import {
    pub fn new(text: String) -> Self {
        let ranges = dump::parts(&text, PART).unwrap_or_default();
        let start = text.as_ptr() as usize;
        let ranges: Vec<_> = ranges
            .into_iter()
            .map(|(line, part)| {
                let begin = part.as_ptr() as usize - start;
                (line, begin..begin + part.len())
            })
            .collect();
        Self {
            n_parts: ranges.len().max(1),
            parts: ranges.into_iter(),
            text,
            read: Manifest::default(),
            is_read: false,
            cluster: Cluster::new(SEED),
            objects: Vec::new().into_iter(),
            n_objects: 0,
            n_kinds: [0; 6],
            wrong: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// How far it is, from 0 to 100.
    pub fn percent(&self) -> usize {
        match self.is_read {
            false => (self.n_parts - self.parts.len().min(self.n_parts)) * 80 / self.n_parts,
            true => 80 + (self.n_objects - self.objects.len()) * 20 / self.n_objects.max(1),
        }
    }

    /// Reads on. Whether all is read.
    pub fn go_on(&mut self) -> bool {
        if self.text.len() > SIZE_MAX {
            self.wrong
                .push(text::too_large_to_import(self.text.len(), SIZE_MAX));
            return true;
        }
        if !self.is_read {
            self.read_on();
            return false;
        }
        let are_kept = self.text.len() <= KEPT_MAX;
        for object in self.objects.by_ref().take(BATCH) {
            let value = are_kept.then(|| value(&object));
            let kind = match &object {
                Object::Node(_) => 0,
                Object::DaemonSet(_) => 1,
                Object::Pod(_) => 2,
                Object::ControllerRevision(_) => 3,
                Object::Event(_) => 4,
                Object::Other(_) => 5,
            };
            match self.cluster.seed(object) {
                Ok(()) => {
                    self.n_kinds[kind] += 1;
                    self.kept.extend(value);
                }
                Err(error) => self.wrong.push(error.to_string()),
            }
        }
        self.objects.len() == 0
    }

    fn read_on(&mut self) {
        if let Some((line, range)) = self.parts.next() {
            let mut read = objects::manifest::read_dump(&self.text[range]);
            read.problems
                .iter_mut()
                .for_each(|it| it.position.line += line);
            self.read.objects.append(&mut read.objects);
            self.read.problems.append(&mut read.problems);
            return;
        }
        if self.read.objects.is_empty() {
            self.read = objects::manifest::read_dump(&self.text);
        }
        self.is_read = true;
        let problems = self.read.problems.iter();
        let errors = problems.filter(|it| it.severity == Severity::Error);
        self.wrong.extend(errors.map(|it| {
            let at = it.position;
            format!("line {}, column {}: {}", at.line, at.column, it.message)
        }));
        let objects = std::mem::take(&mut self.read.objects);
        let objects: Vec<Object> = objects.into_iter().map(|(object, _)| object).collect();
        self.n_objects = objects.len();
        self.objects = objects.into_iter();
    }

    /// The cluster, and what there is to say about it.
    ///
    /// # Errors
    /// If there is no cluster in it.
    pub fn finish(self) -> Result<(Work, String), String> {
        let [nodes, daemon_sets, pods, revisions, _, others] = self.n_kinds;
        if nodes + daemon_sets + pods == 0 {
            return Err(match self.wrong.first() {
                Some(wrong) => text::cannot_import(wrong),
                None => text::NOTHING_TO_IMPORT.to_owned(),
            });
        }
        let told = text::imported([nodes, daemon_sets, pods, revisions], others, &self.wrong);
        let scenario = Scenario {
            title: text::IMPORTED_TITLE.into(),
            seed: SEED,
            objects: self.kept,
            ..Scenario::default()
        };
        Ok((Work::of_cluster(scenario, self.cluster), told))
    }
}

fn value(object: &Object) -> serde_json::Value {
    serde_json::to_value(object).unwrap_or_default()
}
