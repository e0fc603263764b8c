//! A static host, as bare as any: files under a path, no fallbacks.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    http::StatusCode,
    middleware,
    routing::{get, get_service},
};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};
use tower_http::services::{ServeDir, ServeFile};

/// Where the page lives on its host: not at the root.
const PATH: &str = "/some/where/";
pub(crate) const EDITOR_FILE: &str = "editor.js";
/// A scenario beside the page.
pub(crate) const SCENARIO_FILE: &str = "two-nodes.yaml";
/// A scenario that is not there.
pub(crate) const MISSING_FILE: &str = "no-such-scenario.yaml";

const SCENARIO: &str = "\
apiVersion: daemonset-playground/v1
kind: Scenario
metadata: { name: two-nodes }
title: Two nodes from elsewhere
nodePools:
- { name: elsewhere, count: 2 }
";

/// What becomes of the editor's bundle.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Editor {
    Served,
    /// It is not there: 404.
    Missing,
    /// Whoever asks for it waits until [`Site::release_the_editor`].
    Held,
}

/// The site on a port of its own; gone when this value is.
pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) editor: Editor,
    gate: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Site {
    pub(crate) async fn serve(directory: PathBuf, editor: Editor) -> Site {
        let gate = Arc::new(Semaphore::new(0));
        let site = Router::new()
            .route(
                &format!("{PATH}{EDITOR_FILE}"),
                get_service(ServeFile::new(directory.join(EDITOR_FILE))).layer(
                    middleware::from_fn({
                        let gate = Arc::clone(&gate);
                        move |request, next: middleware::Next| {
                            let gate = Arc::clone(&gate);
                            async move {
                                match editor {
                                    Editor::Served => {}
                                    Editor::Missing => return Err(StatusCode::NOT_FOUND),
                                    Editor::Held => drop(gate.acquire().await),
                                }
                                Ok(next.run(request).await)
                            }
                        }
                    }),
                ),
            )
            .route(&format!("{PATH}{SCENARIO_FILE}"), get(async || SCENARIO))
            .nest_service(PATH, ServeDir::new(directory));
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port on loopback can be had");
        let address = listener.local_addr().expect("a bound port has an address");
        Site {
            url: format!("http://{address}{PATH}"),
            editor,
            gate,
            task: tokio::spawn(async move {
                axum::serve(listener, site)
                    .await
                    .expect("serving never ends");
            }),
        }
    }

    /// Lets the held editor go on its way.
    pub(crate) fn release_the_editor(&self) {
        self.gate.add_permits(1);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}
