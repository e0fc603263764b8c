//! Which parts of the page are there: all, or those that another page asks for.

use super::Side;

/// A part, as an address and an element name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The parts that are there: a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panes(u16);

const NONE: Panes = Panes(0);

impl Default for Panes {
    /// All.
    fn default() -> Self {
        NAMES.iter().fold(NONE, |panes, (_, part)| panes.and(*part))
    }
}

impl Panes {
    /// What is there in another page that does not say what it wants.
    pub fn embedded() -> Self {
        NONE.and(Part::Lesson)
            .and(Part::Cluster)
            .and(Part::Transport)
    }

    fn and(self, part: Part) -> Self {
        Self(self.0 | 1 << part as u16)
    }

    /// Reads names with commas between them.
    ///
    /// # Errors
    /// If there is none, or one that is not known: the message says which there are.
    pub fn read(text: &str) -> Result<Self, String> {
        let known = || NAMES.map(|(name, _)| name).join(", ");
        let mut panes = NONE;
        for name in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            match NAMES.iter().find(|(it, _)| *it == name) {
                Some((_, part)) => panes = panes.and(*part),
                None => return Err(format!("there is no pane {name:?}; there are {}", known())),
            }
        }
        match panes {
            NONE => Err(format!("no pane is named; there are {}", known())),
            _ => Ok(panes),
        }
    }

    /// Whether others have all of these.
    pub fn are_among(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    pub fn has(self, part: Part) -> bool {
        self.0 & NONE.and(part).0 != 0
    }

    /// The panels beside the status, in their order.
    pub fn sides(self) -> Vec<Side> {
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
    pub fn has_manifest(self) -> bool {
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
        assert!(panes.are_among(Panes::default()) && !panes.are_among(Panes::embedded()));
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
