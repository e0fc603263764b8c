//! What somebody gives to begin with: another page, a file, or whoever writes it.

use scenario::{Scenario, Step, opening::is_scenario};

use crate::text;

/// A text, for what it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Or what is wrong with it.
    Scenario(Result<Scenario, String>),
    Manifests(String),
}

impl Given {
    pub fn read(text: String) -> Self {
        match is_scenario(&text) {
            true => Self::Scenario(scenario(&text)),
            false => Self::Manifests(text),
        }
    }

    /// Whether it begins with nothing but nodes, and with words.
    pub fn is_plain(&self) -> bool {
        let Self::Scenario(Ok(scenario)) = self else {
            return false;
        };
        let mut steps = scenario.steps.iter();
        let begins_with_words = matches!(steps.next(), None | Some(Step::Say(_) | Step::Ask(_)));
        let next = steps.find(|it| !matches!(it, Step::Say(_) | Step::Ask(_) | Step::Always(_)));
        scenario.objects.iter().all(|it| it["kind"] == "Node")
            && begins_with_words
            && !matches!(next, Some(Step::Expect(_) | Step::Mark(_)))
    }
}

/// Reads a scenario that somebody wrote.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub(super) fn scenario(text: &str) -> Result<Scenario, String> {
    Scenario::read(text).map_err(|error| text::not_loaded(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_nodes_and_words_is_plain() {
        let node = "{ apiVersion: v1, kind: Node, metadata: { name: n } }";
        let pod = "{ apiVersion: v1, kind: Pod, metadata: { name: p } }";
        for (fields, is_plain) in [
            ("title: It".to_owned(), true),
            (format!("objects: [ {node} ]"), true),
            (format!("objects: [ {node}, {pod} ]"), false),
            ("steps: [ { say: A }, { ask: { question: B, answer: 1 } }, { kubectl: get no } ]".into(), true),
            ("steps: [ { say: A }, { always: { absent: Node/x } }, { run: quiet }, { mark: m } ]".into(), true),
            ("steps: [ { kubectl: get no }, { say: A } ]".into(), false),
            ("steps: [ { mark: m }, { say: A } ]".into(), false),
            ("steps: [ { say: A }, { expect: { exists: Node/n } } ]".into(), false),
            ("stepps: []".into(), false),
        ] {
            let text = format!("apiVersion: daemonset-playground/v1\nkind: Scenario\n{fields}\n");
            assert_eq!(Given::read(text).is_plain(), is_plain, "{fields}");
        }
        assert!(!Given::read(node.into()).is_plain());
    }

    #[test]
    fn what_is_given_is_a_scenario_or_manifests() {
        let wrong = Given::read("kind: Scenario\n".into());
        assert!(matches!(wrong, Given::Scenario(Err(told)) if told.contains("apiVersion")));
        let text = "kind: Pod\n".to_owned();
        assert_eq!(Given::read(text.clone()), Given::Manifests(text));
    }
}
