//! The editor: what is typed, what it would do, and Apply.

use kubectl::words;

use super::{
    Model, Pane,
    documents::{self, NODES_FILE, Tab},
    given,
    panes::Part,
};
use crate::{
    text,
    view::preview::{Looking, Preview},
};

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
            Tab::File(_) | Tab::Edit(_) => {}
        }
        self.documents.select(tab);
        self.look_ahead();
    }

    pub(super) fn edit(&mut self, text: &str) {
        if text.len() > TEXT_MAX {
            return self.complain(text::TOO_LONG);
        }
        let document = self.documents.open_mut();
        document.set_text(text);
        document.put_aside = None;
        self.n_changes += 1;
        self.look_ahead();
    }

    /// The texts in the editor go with what has become of their objects.
    pub(super) fn follow(&mut self) {
        self.documents.follow(self.work.cluster().store());
    }

    /// Begins to find out what Apply would do.
    pub(super) fn look_ahead(&mut self) {
        self.follow();
        let document = self.documents.open();
        let is_applicable = !document.has_errors() && !document.text.trim().is_empty();
        self.looking = None;
        let preview = match self.command() {
            _ if !is_applicable || !self.panes.has(Part::Editor) => Preview::Nothing,
            // What kubectl would note in the object besides is no change to anybody else.
            _ if document.is_up_to_date(self.work.cluster().store()) => Preview::NoChange,
            Ok(Some(line)) => {
                self.looking = Some(Looking::new(line, self.files()));
                Preview::Looking
            }
            Ok(None) if matches!(document.tab, Tab::Edit(_)) => Preview::NoChange,
            Ok(None) => Preview::Nothing,
            Err(message) => Preview::Refused(message),
        };
        self.found(preview);
    }

    /// Goes on finding it out.
    pub(super) fn look_on(&mut self) {
        let Some(mut looking) = self.looking.take() else {
            return;
        };
        match looking.go_on(&self.work) {
            Some(preview) => self.found(preview),
            None => self.looking = Some(looking),
        }
    }

    fn found(&mut self, preview: Preview) {
        self.preview = preview;
        // What the cluster has already was applied at some time.
        if self.preview == Preview::NoChange && self.documents.open().applied.is_none() {
            self.documents.open_is_found(self.work.cluster().store());
        }
    }

    /// What Apply says to the cluster; nothing if there is nothing to say.
    fn command(&self) -> Result<Option<String>, String> {
        let document = self.documents.open();
        let apply = |name: &str| Ok(Some(format!("apply -f {}", words::quoted(name))));
        match &document.tab {
            Tab::File(name) => apply(name),
            Tab::Nodes => apply(NODES_FILE),
            Tab::Edit(_) => {
                let given = document.applied.as_deref().unwrap_or_default();
                kubectl::edited(given, &document.text)
            }
            Tab::Scenario => Ok(None),
        }
    }

    pub(super) fn apply(&mut self) {
        let document = self.documents.open();
        let tab = document.tab.clone();
        if tab == Tab::Scenario {
            let scenario = given::scenario(&document.text);
            return self.open_scenario(scenario);
        }
        let line = match self.command() {
            Ok(Some(line)) => line,
            Ok(None) => return self.close(&tab),
            Err(message) => return self.complain(&message),
        };
        let output = self.kubectl(&line, false);
        let store = self.work.cluster().store();
        if output.exit_code == 0 {
            self.selected = None;
            if let Tab::Edit(_) = tab {
                return self.close(&tab);
            }
            self.documents.open_is_applied(store);
            self.documents.open_mut().answer = Some(output.text.trim_end().into());
        } else {
            let document = self.documents.open_mut();
            document.answer = Some(output.text.trim_end().into());
            // What cannot even be read is marked already.
            if !document.has_errors() {
                document.refuse(&output.refused);
            }
            if output.refused.is_empty() {
                self.complain(&output.text);
            }
        }
        self.look_ahead();
    }

    /// Back to the text as it was applied; an object that is edited is left as it is.
    pub(super) fn revert(&mut self) {
        let document = self.documents.open_mut();
        if let Tab::Edit(_) = document.tab {
            let tab = document.tab.clone();
            return self.close(&tab);
        }
        if let Some(applied) = document.applied.clone() {
            document.set_text(&applied);
        }
        self.look_ahead();
    }

    fn close(&mut self, tab: &Tab) {
        self.documents.close(tab);
        self.look_ahead();
    }
}
