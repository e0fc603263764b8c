//! Nodes that are added: what is typed of their labels and taints, as a manifest.

use objects::Taint;
use serde_json::{Map, Value, json};

/// What all nodes that are added at once have in common.
pub struct NewNodes {
    labels: Map<String, Value>,
    taints: Vec<Taint>,
}

/// Words parted by commas or blanks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\n']).filter(|it| !it.is_empty())
}

impl NewNodes {
    /// Reads `disk=ssd, zone=a` and `gpu=yes:NoSchedule`.
    ///
    /// # Errors
    /// What cannot be read, and how it is to be written.
    pub fn read(labels: &str, taints: &str) -> Result<Self, String> {
        let label = |word: &str| match word.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), Value::from(value))),
            _ => Err(format!(
                "cannot read the label {word:?}: write KEY=VALUE, such as disk=ssd"
            )),
        };
        let taint = |word: &str| {
            let read = word.parse::<Taint>();
            read.map_err(|message| {
                format!("cannot read the taint {word:?}: {message}; write KEY=VALUE:NoSchedule")
            })
        };
        Ok(Self {
            labels: words(labels).map(label).collect::<Result<_, _>>()?,
            taints: words(taints).map(taint).collect::<Result<_, _>>()?,
        })
    }

    /// The manifest of one of them.
    pub fn manifest(&self, name: &str) -> String {
        let mut node = json!({ "apiVersion": "v1", "kind": "Node", "metadata": { "name": name } });
        if !self.labels.is_empty() {
            node["metadata"]["labels"] = self.labels.clone().into();
        }
        if !self.taints.is_empty() {
            node["spec"] = json!({ "taints": self.taints });
        }
        kubectl::cells::yaml(&node)
    }
}
