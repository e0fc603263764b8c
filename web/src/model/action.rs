//! Everything one can do on the page.

use cluster::{Fault, Key};

use super::{Dialog, Pane, Selected, Side, documents::Tab};

/// Everything one can do on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    // The editor.
    OpenTab(Tab),
    Edit(String),
    Apply,
    Revert,
    /// What the object has become takes the place of what was typed.
    TakeOver,
    /// What was typed takes its place again.
    BringBack,
    /// Opens a manifest in a tab of its own.
    OpenManifest {
        name: String,
        text: String,
    },
    // Time.
    StepForward,
    StepBack,
    ToStart,
    ToEnd,
    Seek(usize),
    TogglePlay,
    Settle,
    UntilDecision,
    UntilReady(Key),
    /// The next step of what goes on at a pace is due.
    Tick,
    /// There is time for so many steps of what goes on as quickly as it can.
    Slice(usize),
    /// Goes on finding out what Apply would do.
    LookOn,
    Stop,
    NextSpeed,
    SwitchBranch(usize),
    DiscardBranch(usize),
    // What people and the world do.
    Kubectl(String),
    /// A line typed in the console.
    Console(String),
    ClearConsole,
    Strike(Fault),
    AddNode,
    AddNodes {
        pool: String,
        count: usize,
        labels: String,
        taints: String,
    },
    // The lesson.
    LessonNext,
    LessonAnswer {
        asked: usize,
        text: String,
    },
    LeaveLesson,
    ResumeLesson,
    // Other work.
    OpenLesson(String),
    OpenText(String),
    StartOver,
    Undo,
    /// Text of a dump that was dropped or pasted.
    Import(String),
    /// There is time to read so many parts of it.
    ImportSlice(usize),
    CancelImport,
    // What is seen.
    Select(Option<Selected>),
    ChooseDaemonSet(Key),
    ShowSide(Side),
    ShowPane(Pane),
    Show(Dialog),
    CloseDialog,
    Find(String),
    GroupBy(Option<String>),
    NextTheme,
    /// Says what went wrong outside.
    Complain(String),
    Dismiss,
}

impl Action {
    /// Whether nobody did it: there was time for it.
    pub(super) fn comes_by_itself(&self) -> bool {
        matches!(
            self,
            Self::Tick | Self::Slice(_) | Self::LookOn | Self::ImportSlice(_)
        )
    }

    /// Whether what goes on goes on beside it.
    pub(super) fn lets_go_on(&self) -> bool {
        self.comes_by_itself()
            || matches!(
                self,
                Self::NextSpeed
                    | Self::NextTheme
                    | Self::Select(_)
                    | Self::ChooseDaemonSet(_)
                    | Self::ShowSide(_)
                    | Self::ShowPane(_)
                    | Self::Find(_)
                    | Self::GroupBy(_)
                    | Self::TogglePlay
                    | Self::Edit(_)
                    | Self::OpenTab(_)
                    | Self::Dismiss
                    | Self::CloseDialog
            )
    }
}
