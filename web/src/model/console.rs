//! The console: what was typed, and what the page's buttons stood for, with the answers.

use std::rc::Rc;

use crate::text;

/// So many answers are kept.
const ENTRIES_MAX: usize = 200;
/// Of an answer so much is kept, in bytes: a dump of a large cluster is no help on a screen.
const ANSWER_MAX: usize = 100_000;

/// Something that was said to the cluster, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counts from the first that there was.
    pub number: usize,
    /// `kubectl cordon worker-1`, or `fault: node/worker-1 power off`.
    pub line: Rc<str>,
    pub answer: Rc<str>,
    pub failed: bool,
    /// After how many steps it was said.
    pub position: usize,
    /// Whether a button said it.
    pub by_button: bool,
}

/// What was said, in order, and the lines to take up again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Console {
    entries: Rc<Vec<Entry>>,
    n_said: usize,
}

impl Console {
    pub fn entries(&self) -> &Rc<Vec<Entry>> {
        &self.entries
    }

    /// The lines that were said, the last first, none twice in a row.
    pub fn history(&self) -> Vec<Rc<str>> {
        let mut lines: Vec<Rc<str>> = self.entries.iter().map(|it| it.line.clone()).collect();
        lines.dedup();
        lines.reverse();
        lines
    }

    pub fn say(
        &mut self,
        line: &str,
        answer: &str,
        failed: bool,
        position: usize,
        by_button: bool,
    ) {
        let entries = Rc::make_mut(&mut self.entries);
        let answer = answer.trim_end();
        let answer = shortened(answer);
        self.n_said += 1;
        entries.push(Entry {
            number: self.n_said,
            line: line.into(),
            answer: answer.into(),
            failed,
            position,
            by_button,
        });
        let n_surplus = entries.len().saturating_sub(ENTRIES_MAX);
        entries.drain(..n_surplus);
    }

    pub fn clear(&mut self) {
        self.entries = Rc::default();
    }
}

/// As many whole lines of an answer as are shown; of the others how many there are.
fn shortened(answer: &str) -> String {
    if answer.len() <= ANSWER_MAX {
        return answer.to_owned();
    }
    let end = answer.floor_char_boundary(ANSWER_MAX);
    // One line may be longer than all that is shown.
    let end = answer[..end].rfind('\n').unwrap_or(end);
    let rest = text::count(answer[end..].trim().lines().count(), "line", "lines");
    format!("{}\n... {rest} more", &answer[..end])
}
