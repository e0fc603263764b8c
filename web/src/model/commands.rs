//! What people and the world do to the cluster.

use cluster::{Fault, ObjectRef};
use kubectl::{Files, Output, words};

use super::{Model, Pane, documents::Tab, new_nodes::NewNodes};

/// More nodes at once are a slip of the pen.
const ADDED_MAX: usize = 5_000;

impl Model {
    /// Runs a command as the console would.
    pub(super) fn kubectl(&mut self, line: &str, by_button: bool) -> Output {
        let files = self.files();
        self.kubectl_with(line, &files, by_button)
    }

    pub(super) fn kubectl_with(&mut self, line: &str, files: &Files, by_button: bool) -> Output {
        let output = self.work.kubectl(line, files);
        let failed = output.exit_code != 0;
        let said = match line.starts_with("kubectl ") {
            true => line.to_owned(),
            false => format!("kubectl {line}"),
        };
        let position = self.work.timeline().position();
        self.console
            .say(&said, &output.text, failed, position, by_button);
        if by_button && failed {
            self.complain(&output.text);
        }
        self.n_changes += 1;
        if !failed {
            self.note_applied(line, files);
        }
        output
    }

    /// The text in the editor that a command has applied is an applied one.
    fn note_applied(&mut self, line: &str, files: &Files) {
        let Ok(words) = words::split(line) else {
            return;
        };
        let mut words = words.iter().filter(|it| *it != "kubectl");
        let applies = words
            .next()
            .is_some_and(|it| ["apply", "create", "replace"].contains(&&**it));
        let file = words.skip_while(|it| *it != "-f").nth(1);
        if let Some(file) = file.filter(|_| applies)
            && let Some(text) = files.get(file)
        {
            let tab = Tab::File(file.clone());
            let store = self.work.cluster().store();
            self.documents.is_applied(&tab, text, store);
        }
    }

    /// What `-f NAME` reads: the texts of the editor, and the files of the scenario.
    pub fn files(&self) -> Files {
        let mut files = self.work.scenario().files.clone();
        files.extend(self.documents.files());
        files
    }

    pub(super) fn console(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if line == "clear" {
            return self.console.clear();
        }
        if let Some(fault) = line
            .strip_prefix("fault:")
            .or_else(|| line.strip_prefix("fault "))
        {
            return match fault.trim().parse::<Fault>() {
                Ok(fault) => self.strike(fault),
                Err(message) => {
                    let position = self.work.timeline().position();
                    self.console
                        .say(line, &format!("error: {message}"), true, position, false);
                }
            };
        }
        let output = self.kubectl(line, false);
        if let Some((object, text)) = output.edit {
            self.documents.edit(&object, &text);
            self.pane = Pane::Editor;
            self.look_ahead();
        }
    }

    pub(super) fn strike(&mut self, fault: Fault) {
        let line = format!("fault: {fault}");
        let struck = self.work.fault(fault);
        let answer = struck
            .as_ref()
            .err()
            .map(ToString::to_string)
            .unwrap_or_default();
        let position = self.work.timeline().position();
        self.console
            .say(&line, &answer, struck.is_err(), position, true);
        if struck.is_err() {
            self.complain(&answer);
        }
        self.n_changes += 1;
    }

    /// Adds nodes of a pool, with the first numbers that no machine has had. Whether it could.
    pub(super) fn add_nodes(
        &mut self,
        pool: &str,
        count: usize,
        labels: &str,
        taints: &str,
    ) -> bool {
        let cluster = self.work.cluster();
        let is_new = |name: &String| {
            cluster.power(name).is_none() && !cluster.has(&ObjectRef::node(&name.as_str().into()))
        };
        let names = (1_usize..)
            .map(|number| format!("{pool}-{number}"))
            .filter(is_new);
        let names: Vec<String> = names.take(count.min(ADDED_MAX)).collect();
        let new = match NewNodes::read(labels, taints) {
            Ok(new) => new,
            Err(message) => {
                self.complain(&message);
                return false;
            }
        };
        let manifests = names.iter().map(|name| new.manifest(name));
        let manifest = manifests.collect::<Vec<_>>().join("---\n");
        let file = match &names[..] {
            [name] => format!("{name}.yaml"),
            _ => format!("{pool}.yaml"),
        };
        let mut files = self.files();
        files.insert(file.clone(), manifest);
        let line = format!("apply -f {}", words::quoted(&file));
        self.kubectl_with(&line, &files, true).exit_code == 0
    }
}
