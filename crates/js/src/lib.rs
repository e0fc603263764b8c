//! The core for JavaScript. [`playground`] is all of it in plain Rust; here is only what crosses.
//!
//! What goes over is text: JSON, which `npm/playground.js` makes values of, and errors likewise.

pub mod playground;

use wasm_bindgen::prelude::wasm_bindgen;

use playground::{Playground, Until};

/// A playground, as `npm/playground.js` holds it.
#[wasm_bindgen]
pub struct Core(Playground);

#[wasm_bindgen]
impl Core {
    /// # Errors
    /// What is wrong with the text, as JSON.
    pub fn load(text: &str) -> Result<Self, String> {
        std::panic::set_hook(Box::new(|info| {
            wasm_bindgen::throw_str(&format!(
                "a bug in daemonset-playground, please report it: {info}"
            ))
        }));
        let loaded = Playground::load(text);
        loaded.map(Self).map_err(|it| it.to_string())
    }

    pub fn warnings(&self) -> String {
        self.0.warnings().to_string()
    }

    pub fn step(&mut self) -> Option<String> {
        self.0.step().map(|it| it.to_string())
    }

    pub fn back(&mut self) -> bool {
        self.0.back()
    }

    pub fn seek(&mut self, step: f64) -> usize {
        // What is no number is 0, and what is too large the last step.
        self.0.seek(step as usize)
    }

    /// # Errors
    /// If the text says no length, or the run has no end.
    pub fn run(&mut self, until: &str) -> Result<String, String> {
        self.0.run(until).map(|it| it.to_string())
    }

    pub fn state(&self) -> String {
        self.0.state()
    }

    /// `files` is a JSON object of texts by name.
    pub fn kubectl(&mut self, line: &str, files: &str) -> String {
        let files = serde_json::from_str(files).unwrap_or_default();
        self.0.kubectl(line, files).to_string()
    }

    /// # Errors
    /// If it is no fault, or there is nothing it could befall.
    pub fn fault(&mut self, fault: &str) -> Result<(), String> {
        self.0.fault(fault)
    }

    /// # Errors
    /// If there is no such node, or it is not clear which DaemonSet is meant.
    pub fn explain(&self, node: &str, daemon_set: Option<String>) -> Result<String, String> {
        let told = self.0.explain(node, daemon_set.as_deref());
        told.map(|it| it.to_string())
    }

    /// # Errors
    /// If there is no such mark.
    #[wasm_bindgen(js_name = playTo)]
    pub fn play_to(&mut self, mark: &str) -> Result<String, String> {
        let played = self.0.play(Until::Mark(mark));
        played.map(|it| it.to_string())
    }

    /// # Errors
    /// If the cluster cannot be made again.
    pub fn play(&mut self, steps: f64) -> Result<String, String> {
        let played = self.0.play(Until::Steps(steps as usize));
        played.map(|it| it.to_string())
    }
}
