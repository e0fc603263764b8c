//! What can be done to nodes, and to what they run.

use thirtyfour::Key;

use super::page::{Page, by_id};

/// What is told of new nodes.
#[derive(Clone, Copy)]
pub(crate) struct Pool<'a> {
    pub(crate) name: &'a str,
    pub(crate) count: &'a str,
    pub(crate) labels: &'a str,
    pub(crate) taints: &'a str,
}

impl Page {
    pub(crate) async fn add_a_node(&self) {
        self.click("add-node").await;
    }

    pub(crate) async fn add_nodes(&self, pool: Pool<'_>) {
        self.fill_in_nodes(pool).await;
        self.click("pool-add").await;
        self.dialog_closes().await;
    }

    /// Fills in the dialog, and leaves it open.
    pub(crate) async fn fill_in_nodes(&self, pool: Pool<'_>) {
        self.click("add-nodes").await;
        self.fill("pool-name", pool.name).await;
        self.fill("pool-count", pool.count).await;
        self.fill("pool-labels", pool.labels).await;
        self.fill("pool-taints", pool.taints).await;
    }

    pub(crate) async fn asks_to_add_them(&self) {
        self.click("pool-add").await;
    }

    pub(crate) async fn switch_power_of(&self, node: &str) {
        self.click_on_node(node, "node-power").await;
    }

    /// Cordons, or uncordons.
    pub(crate) async fn cordon(&self, node: &str) {
        self.click_on_node(node, "node-cordon").await;
    }

    pub(crate) async fn drain(&self, node: &str) {
        self.click_on_node(node, "node-drain").await;
    }

    pub(crate) async fn delete_node(&self, node: &str) {
        self.click_on_node(node, "node-delete").await;
    }

    /// Adds a taint by the dialog, having read the command that it stands for.
    pub(crate) async fn taint(&self, node: &str, key: &str, value: &str, effect: &str) {
        self.click_on_node(node, "node-taint").await;
        self.fill("taint-key", key).await;
        self.fill("taint-value", value).await;
        self.choose("taint-effect", effect).await;
        let command = format!("kubectl taint nodes {node} {key}={value}:{effect}");
        self.shows("dialog", &command).await;
        self.click("taint-add").await;
        self.shows("dialog", &format!("{key}={value}:{effect} Remove"))
            .await;
        self.close_dialog().await;
    }

    /// Removes the first taint that the dialog lists.
    pub(crate) async fn remove_a_taint(&self, node: &str) {
        self.click_on_node(node, "node-taint").await;
        self.click("taint-remove").await;
        self.is_gone(&by_id("taint-remove")).await;
        self.close_dialog().await;
    }

    pub(crate) async fn label(&self, node: &str, key: &str, value: &str) {
        self.click_on_node(node, "node-label").await;
        self.fill("label-key", key).await;
        self.fill("label-value", value).await;
        self.click("label-add").await;
        self.shows("dialog", &format!("{key}={value} Remove")).await;
        self.close_dialog().await;
    }

    /// Does what the window behind More calls so.
    pub(crate) async fn do_more(&self, node: &str, words: &str) {
        self.click_on_node(node, "node-more").await;
        self.click_words(&by_id("dialog"), words).await;
        self.close_dialog().await;
    }

    /// Lets the DaemonSet's image be so from now on.
    pub(crate) async fn let_the_image(&self, behaviour: &str) {
        self.click("faults").await;
        self.choose("fault-behaviour", behaviour).await;
        self.click("fault-strike").await;
        self.close_dialog().await;
    }

    /// `Stop scheduler`.
    pub(crate) async fn of_the_control_plane(&self, words: &str) {
        self.click("faults").await;
        self.click_words(&by_id("dialog"), words).await;
        self.close_dialog().await;
    }

    /// All that stands on a node's card.
    pub(crate) async fn card(&self, node: &str) -> String {
        self.text_at(&card(node)).await
    }

    pub(crate) async fn card_says(&self, node: &str, part: &str) {
        self.wait_for(&format!("the card of {node} says {part:?}"), async || {
            let text = self.card(node).await;
            if text.contains(part) {
                Ok(())
            } else {
                Err(text)
            }
        })
        .await;
    }

    /// Asks why of a node: chooses it.
    pub(crate) async fn choose_node(&self, node: &str) {
        self.click_on(&format!("{} .node__name", card(node))).await;
    }

    pub(crate) async fn choose_pod_on(&self, node: &str) {
        self.click_on(&format!("{} {}", card(node), by_id("pod")))
            .await;
    }

    /// Presses Delete on a card from the keyboard.
    pub(crate) async fn deletes_by_key(&self, node: &str) {
        let button = format!("{} {}", card(node), by_id("node-delete"));
        self.focus_on(&button).await;
        self.press(Key::Enter).await;
    }

    pub(crate) async fn card_has_the_focus(&self, node: &str) {
        self.focus_comes_to(&card(node)).await;
    }

    /// A card's buttons may show only under the pointer.
    async fn click_on_node(&self, node: &str, id: &str) {
        let element = self.find(&card(node)).await;
        let chain = self.browser.session().action_chain();
        let pointed = chain.move_to_element_center(&element).perform().await;
        pointed.unwrap_or_else(|error| panic!("cannot point at {node}: {error}"));
        self.click_on(&format!("{} {}", card(node), by_id(id)))
            .await;
    }
}

fn card(node: &str) -> String {
    format!(r#"{}[data-node="{node}"]"#, by_id("node"))
}
