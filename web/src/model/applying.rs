//! The editor: what is typed, what it would do, and Apply.

use kubectl::words;

use super::{
    Model, Pane,
    documents::{self, NODES_FILE, Tab},
};
use crate::{text, view::preview::Preview};

/// More text than this is not edited as one manifest.
const TEXT_MAX: usize = 4 << 20;

impl Model {
    pub(super) fn open_tab(&mut self, tab: &Tab) {
        self.pane = Pane::Editor;
        match tab {
            Tab::Nodes => {
                let text = documents::nodes_text(self.work.cluster());
                self.documents.show(tab, &text);
            }
            Tab::Scenario => {
                let text = self.work.session().to_scenario().to_string();
                self.documents.show(tab, &text);
            }
            Tab::File(_) => {}
        }
        self.documents.select(tab);
        self.look_ahead();
    }

    pub(super) fn edit(&mut self, text: &str) {
        if text.len() > TEXT_MAX {
            return self.complain(text::TOO_LONG);
        }
        self.documents.open_mut().set_text(text);
        self.n_changes += 1;
        self.look_ahead();
    }

    /// Finds what Apply would do.
    pub(super) fn look_ahead(&mut self) {
        let document = self.documents.open();
        self.preview = match &document.tab {
            Tab::Scenario => Preview::Nothing,
            _ if document.has_errors() || document.text.trim().is_empty() => Preview::Nothing,
            tab => Preview::of(
                &self.work,
                &format!("apply -f {}", words::quoted(file_of(tab))),
                &self.files(),
            ),
        };
        // What the cluster has already was applied at some time.
        let document = self.documents.open_mut();
        if self.preview == Preview::NoChange && document.applied.is_none() {
            document.applied = Some(document.text.clone());
        }
    }

    pub(super) fn apply(&mut self) {
        let document = self.documents.open();
        if document.tab == Tab::Scenario {
            let text = document.text.to_string();
            return self.open_scenario(&text);
        }
        if document.has_errors() {
            return self.complain(text::REFUSED);
        }
        let line = format!("apply -f {}", words::quoted(file_of(&document.tab)));
        let output = self.kubectl(&line, false);
        let document = self.documents.open_mut();
        document.answer = Some(output.text.trim_end().into());
        if output.exit_code == 0 {
            document.applied = Some(document.text.clone());
            self.selected = None;
        } else {
            document.refuse(&output.refused);
            if output.refused.is_empty() {
                self.complain(&output.text);
            }
        }
        self.look_ahead();
    }
}

fn file_of(tab: &Tab) -> &str {
    match tab {
        Tab::File(name) => name,
        Tab::Nodes | Tab::Scenario => NODES_FILE,
    }
}
