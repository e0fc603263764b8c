//! What is to be seen on the page.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What is to be seen at one moment.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View {
    /// The sentence of the current step.
    pub(crate) reason: String,
    pub(crate) problems: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) counters: BTreeMap<String, u32>,
    /// How many steps have been taken, as the scrubber has it.
    pub(crate) position: u32,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) status: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Pod {
    pub(crate) name: String,
    pub(crate) node: String,
    pub(crate) status: String,
    pub(crate) revision: u32,
}

impl View {
    /// The status of a node that is there.
    pub(crate) fn status_of(&self, node: &str) -> &str {
        let node = self.nodes.iter().find(|found| found.name == node);
        &node.expect("the node is there").status
    }

    pub(crate) fn has_node(&self, node: &str) -> bool {
        self.nodes.iter().any(|found| found.name == node)
    }

    pub(crate) fn pods_on(&self, node: &str) -> Vec<&Pod> {
        self.pods.iter().filter(|pod| pod.node == node).collect()
    }

    /// Whether each node has one pod, and each of those runs with this revision.
    pub(crate) fn every_node_runs(&self, revision: u32) -> bool {
        self.pods.len() == self.nodes.len()
            && self
                .nodes
                .iter()
                .all(|node| self.pods_on(&node.name).len() == 1)
            && self
                .pods
                .iter()
                .all(|pod| pod.runs() && pod.revision == revision)
    }

    #[track_caller]
    pub(crate) fn counter(&self, name: &str) -> u32 {
        let counter = self.counters.get(name);
        *counter.unwrap_or_else(|| panic!("there is no counter {name}: {:?}", self.counters))
    }
}

impl Pod {
    pub(crate) fn runs(&self) -> bool {
        self.status == "Running"
    }
}

/// Reads a [`View`] off the page.
pub(super) const READ: &str = r#"
    const all = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)];
    const text = (id) => all(id).map((it) => it.innerText.replace(/\s+/g, " ").trim()).join(" ");
    return {
        reason: text("reason"),
        problems: text("problems"),
        nodes: all("node").map(({ dataset }) => ({ name: dataset.node, status: dataset.status })),
        pods: all("pod").map(({ dataset }) => ({
            name: dataset.pod,
            node: dataset.node ?? "",
            status: dataset.status,
            revision: Number(dataset.revision),
        })),
        counters: Object.fromEntries(
            all("status")
                .flatMap((status) => [...status.querySelectorAll("[data-counter]")])
                .map((it) => [it.dataset.counter, Number(it.textContent)]),
        ),
        position: Number(all("scrubber").map((it) => it.ariaValueNow ?? it.value)),
    };
"#;
