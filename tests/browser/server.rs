//! A static host, as bare as any: files under a path, no fallbacks.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, extract::Request, http::StatusCode, middleware, routing::get};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};
use tower_http::services::ServeDir;

/// Where the page lives on its host: not at the root.
const PATH: &str = "/some/where/";
pub(crate) const EDITOR_FILE: &str = "editor.js";
/// A scenario beside the page.
pub(crate) const SCENARIO_FILE: &str = "two-nodes.yaml";
/// A page of somebody else, beside the playground's.
pub(crate) const HOSTING_PAGE: &str = "hosting.html";
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

/// What the names of the program's second file begin with.
pub(crate) const REST: &str = "rest-";

/// How the host serves its files.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Host {
    Whole,
    /// One whose name begins so is not there, until [`Site::release`].
    Lacks(&'static str),
    /// Who asks for one whose name begins so waits until [`Site::release`].
    Holds(&'static str),
    /// Who asks first for one whose name begins so is never answered.
    Stalls(&'static str),
}

impl Host {
    /// Whether it does something to a file of this name.
    fn is_about(self, name: &str) -> bool {
        match self {
            Self::Whole => false,
            Self::Lacks(it) | Self::Holds(it) | Self::Stalls(it) => name.starts_with(it),
        }
    }
}

/// The site on a port of its own; gone when this value is.
pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) host: Host,
    /// What the page of somebody else says.
    pub(crate) hosting: Arc<Mutex<String>>,
    gate: Arc<Semaphore>,
    /// How often the file was asked for that is lacking, held or stalled.
    n_asked: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Site {
    pub(crate) async fn serve(directory: PathBuf, host: Host) -> Site {
        let gate = Arc::new(Semaphore::new(0));
        let n_asked = Arc::<AtomicUsize>::default();
        let hosting = Arc::<Mutex<String>>::default();
        let hosting_page = {
            let hosting = Arc::clone(&hosting);
            get(async move || {
                let html = hosting.lock().map(|it| it.clone());
                axum::response::Html(html.unwrap_or_default())
            })
        };
        let site = Router::new()
            .route(&format!("{PATH}{HOSTING_PAGE}"), hosting_page)
            .route(&format!("{PATH}{SCENARIO_FILE}"), get(async || SCENARIO))
            .nest_service(PATH, ServeDir::new(directory))
            .layer(middleware::from_fn({
                let (gate, n_asked) = (Arc::clone(&gate), Arc::clone(&n_asked));
                move |request: Request, next: middleware::Next| {
                    let (gate, n_asked) = (Arc::clone(&gate), Arc::clone(&n_asked));
                    async move {
                        let name = request.uri().path().rsplit('/').next().unwrap_or_default();
                        if !host.is_about(name) {
                            return Ok(next.run(request).await);
                        }
                        let is_first = n_asked.fetch_add(1, Ordering::Relaxed) == 0;
                        match host {
                            Host::Lacks(_) if gate.available_permits() == 0 => {
                                return Err(StatusCode::NOT_FOUND);
                            }
                            Host::Holds(_) => drop(gate.acquire().await),
                            Host::Stalls(_) if is_first => std::future::pending().await,
                            _ => {}
                        }
                        Ok(next.run(request).await)
                    }
                }
            }));
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port on loopback can be had");
        let address = listener.local_addr().expect("a bound port has an address");
        Site {
            url: format!("http://{address}{PATH}"),
            host,
            hosting,
            gate,
            n_asked,
            task: tokio::spawn(async move {
                axum::serve(listener, site)
                    .await
                    .expect("serving never ends");
            }),
        }
    }

    /// Whether somebody has asked for the file that is lacking, held or stalled.
    pub(crate) fn was_asked(&self) -> bool {
        self.n_asked.load(Ordering::Relaxed) > 0
    }

    /// Lets the file that is held or lacking go on its way.
    pub(crate) fn release(&self) {
        self.gate.add_permits(1);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}
