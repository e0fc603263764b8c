//! Which parts of the page are there: all, or those that another page asks for.

use std::collections::BTreeSet;

use super::Side;

/// A part, as an address and an element name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Lesson,
    Editor,
    Console,
    Cluster,
    /// With the sentence of the current step.
    Transport,
    /// The counters, the progress of a rollout, and the chart.
    Status,
    Why,
    Events,
    History,
    Yaml,
}

const NAMES: [(&str, Part); 10] = [
    ("lesson", Part::Lesson),
    ("editor", Part::Editor),
    ("console", Part::Console),
    ("cluster", Part::Cluster),
    ("transport", Part::Transport),
    ("status", Part::Status),
    ("why", Part::Why),
    ("events", Part::Events),
    ("history", Part::History),
    ("yaml", Part::Yaml),
];

/// The parts that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panes(BTreeSet<Part>);

impl Default for Panes {
    /// All.
    fn default() -> Self {
        Self(NAMES.iter().map(|(_, part)| *part).collect())
    }
}

impl Panes {
    /// What is there in another page that does not say what it wants.
    pub fn embedded() -> Self {
        Self([Part::Lesson, Part::Cluster, Part::Transport].into())
    }

    /// Reads names with commas between them.
    ///
    /// # Errors
    /// If there is none, or one that is not known: the message says which there are.
    pub fn read(text: &str) -> Result<Self, String> {
        let names = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        let parts = names.map(|name| {
            let found = NAMES.iter().find(|(it, _)| *it == name);
            found.map(|(_, part)| *part).ok_or(name)
        });
        let known = || NAMES.map(|(name, _)| name).join(", ");
        match parts.collect::<Result<BTreeSet<_>, _>>() {
            Ok(parts) if parts.is_empty() => {
                Err(format!("no pane is named; there are {}", known()))
            }
            Ok(parts) => Ok(Self(parts)),
            Err(name) => Err(format!("there is no pane {name:?}; there are {}", known())),
        }
    }

    /// Whether others have all of these.
    pub fn are_among(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    pub fn has(&self, part: Part) -> bool {
        self.0.contains(&part)
    }

    /// The panels beside the status, in their order.
    pub fn sides(&self) -> Vec<Side> {
        let all = [
            (Part::Why, Side::Why),
            (Part::Events, Side::Events),
            (Part::History, Side::History),
            (Part::Yaml, Side::Yaml),
        ];
        let there = all.into_iter().filter(|(part, _)| self.has(*part));
        there.map(|(_, side)| side).collect()
    }

    /// Whether anything is there of what is written into.
    pub fn has_manifest(&self) -> bool {
        self.has(Part::Editor) || self.has(Part::Console)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_are_read_by_their_names() {
        let panes = Panes::read(" cluster, why ,").expect("two that there are");
        assert!(panes.has(Part::Cluster) && panes.has(Part::Why));
        assert!(!panes.has(Part::Transport) && !panes.has_manifest());
        assert_eq!(panes.sides(), [Side::Why]);
        assert!(panes.are_among(&Panes::default()) && !panes.are_among(&Panes::embedded()));
        let every: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        assert_eq!(Panes::read(&every.join(",")), Ok(Panes::default()));
    }

    #[test]
    fn what_is_no_pane_is_told() {
        let told = |text| Panes::read(text).expect_err("it names none");
        assert!(
            told("cluster,reason").starts_with("there is no pane \"reason\"; there are lesson,")
        );
        assert!(told(" ,").starts_with("no pane is named"));
    }
}
