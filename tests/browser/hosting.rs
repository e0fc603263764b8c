//! A page of somebody else that has the playground in it, as an element or in a frame.

use serde_json::{Value, json};

use super::{page::Page, server::HOSTING_PAGE};

/// What the scripts of these journeys have at hand.
const TOOLS: &str = r#"
    globalThis.told = [];
    globalThis.players = () => [...document.querySelectorAll("daemonset-playground")];
    globalThis.inside = (id, player = players()[0]) =>
        player.shadowRoot.querySelector(`[data-testid="${id}"]`);
    const events = ["ready", "step", "quiet", "check", "error"];
    globalThis.listen = (player) => {
        for (const name of events) {
            player.addEventListener(name, ({ type, detail }) => told.push({ by: player.id, type, detail }));
        }
        return player;
    };
    addEventListener("DOMContentLoaded", () => players().forEach(listen));
    addEventListener("message", ({ data }) => told.push(data));
    const instantiateStreaming = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
        const made = await instantiateStreaming.apply(WebAssembly, given);
        globalThis.memory ??= made.instance.exports.memory;
        return made;
    };
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shift += value;
    }).observe({ type: "layout-shift", buffered: true });
"#;

impl Page {
    /// Opens a page of somebody else with this in it, which has the element's script.
    pub(crate) async fn open_hosting(&self, body: &str) {
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Docs</title>\
             <link rel=\"icon\" href=\"data:,\"><script>{TOOLS}</script>\
             <script type=\"module\" src=\"./embed.js\"></script></head>\
             <body><main>{body}</main></body></html>"
        );
        if let Ok(mut hosting) = self.site.hosting.lock() {
            *hosting = html;
        }
        let url = format!("{}{HOSTING_PAGE}", self.site.url);
        let loaded = self.browser.session().goto(&url).await;
        loaded.unwrap_or_else(|error| panic!("{url} does not load: {error}"));
    }

    /// What a script of that page gives.
    pub(crate) async fn in_hosting(&self, script: &str) -> Value {
        self.browser.run(script, []).await
    }

    /// Waits until a script of that page gives something but `null`, `false` and nothing.
    pub(crate) async fn hosting_has(&self, script: &str) -> Value {
        let script = format!("return ({script}) ?? null;");
        self.wait_for(&script, async || {
            match self.browser.run(&script, []).await {
                nothing @ (Value::Null | Value::Bool(false)) => Err(nothing.to_string()),
                found => Ok(found),
            }
        })
        .await
    }

    /// Waits until a player, or the frame, has told of an event of this name; its detail.
    pub(crate) async fn is_told_of(&self, name: &str) -> Value {
        self.hosting_has(&format!(
            "told.find((it) => it.type === {})?.detail",
            json!(name)
        ))
        .await
    }

    /// How many listeners and nodes the page holds, without what nobody refers to any more; and how
    /// many bytes the program of its players.
    pub(crate) async fn holds(&self) -> (i64, i64, i64) {
        self.browser.devtools("Performance.enable", json!({})).await;
        // An element that was just taken out is let go by the first collection, and collected by the
        // second.
        for _ in 0..2 {
            self.browser
                .devtools("HeapProfiler.collectGarbage", json!({}))
                .await;
        }
        let metrics = self
            .browser
            .devtools("Performance.getMetrics", json!({}))
            .await;
        let of = |name: &str| {
            let mut all = metrics["metrics"].as_array().into_iter().flatten();
            let metric = all.find(|it| it["name"] == name);
            metric
                .and_then(|it| it["value"].as_f64())
                .unwrap_or_default() as i64
        };
        let memory = self.in_hosting("return memory.buffer.byteLength;").await;
        (
            of("JSEventListeners"),
            of("Nodes"),
            memory.as_i64().unwrap_or_default(),
        )
    }
}
