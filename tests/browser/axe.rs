//! The rules of axe, asked of what is on the page.

use std::fs;

use serde_json::{Value, json};

use super::{driver::Engine, page::Page};

/// Comes with the editor's npm packages.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../web/editor/node_modules/axe-core/axe.min.js"
);

const FINDINGS: &str = r#"
    const { violations } = await axe.run(document, {
        resultTypes: ["violations"], preload: false, iframes: false,
    });
    return violations.map(({ id, help, nodes }) => ({
        id, help,
        at: nodes.map(({ html, any, all }) => [
            html.slice(0, 200), ...[...any, ...all].map(({ message }) => message),
        ]),
    }));
"#;

impl Page {
    /// What axe finds wrong; each as its rule, and where.
    pub(crate) async fn axe_findings(&self) -> Vec<Value> {
        if self.browser.run("return typeof axe;", []).await != "object" {
            let axe = fs::read_to_string(AXE)
                .unwrap_or_else(|error| panic!("no {AXE} ({error}): run `cargo xtask setup`"));
            // Past the page's policy, which lets no foreign script in.
            match self.browser.engine {
                Engine::Chromium => {
                    let evaluate = json!({ "expression": axe, "returnByValue": false });
                    self.browser.devtools("Runtime.evaluate", evaluate).await
                }
                Engine::Firefox => self.browser.run(&axe, []).await,
            };
        }
        let script = format!("return (async () => {{ {FINDINGS} }})();");
        let found = self.browser.run(&script, []).await;
        found.as_array().expect("findings are a list").clone()
    }
}
