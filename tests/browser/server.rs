//! A static host, as bare as any: files under a path, no fallbacks.

use std::{
    net::TcpListener,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode},
    middleware,
    response::Response,
    routing::get,
};
use tokio::{runtime::Runtime, sync::Semaphore};
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
/// The same of a player's.
pub(crate) const PLAYER_REST: &str = "player-rest-";

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
    /// With those whose name ends so, and with the page itself if that is nothing, it sends a header
    /// with this value, or without one if that is nothing.
    Sends(&'static str, &'static str, &'static str),
}

impl Host {
    /// Whether it does something to a file of this name.
    fn is_about(self, name: &str) -> bool {
        match self {
            Self::Whole => false,
            Self::Sends(ending, ..) => {
                name.ends_with(ending) && ending.is_empty() == name.is_empty()
            }
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
    /// All that serves, so that nothing is left of it when the host goes.
    runtime: Mutex<Option<Runtime>>,
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
                            Host::Sends(_, header, value) => {
                                return Ok(with(next.run(request).await, header, value));
                            }
                            _ => {}
                        }
                        Ok(next.run(request).await)
                    }
                }
            }));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port on loopback can be had");
        let address = listener.local_addr().expect("a bound port has an address");
        let nonblocking = listener.set_nonblocking(true);
        nonblocking.expect("a listener need not block");
        let runtime = Runtime::new().expect("a runtime can be made");
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener);
            let served = axum::serve(listener.expect("it does not block"), site).await;
            served.expect("serving never ends");
        });
        Site {
            url: format!("http://{address}{PATH}"),
            host,
            hosting,
            gate,
            n_asked,
            runtime: Mutex::new(Some(runtime)),
        }
    }

    /// The host is gone: whoever asks it for something is not answered, nor is who has asked.
    pub(crate) fn leave(&self) {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = runtime.take() {
            runtime.shutdown_background();
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
        self.leave();
    }
}

fn with(mut response: Response, header: &'static str, value: &'static str) -> Response {
    let name = HeaderName::from_static(header);
    response.headers_mut().remove(&name);
    if !value.is_empty() {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}
