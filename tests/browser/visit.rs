//! A visit to the page: it is opened, gone through, and closed.

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    thread,
};

use tokio::runtime::Runtime;

use super::{driver::OnlyInChromium, page::Page, server::Host, view::View};

pub(crate) const OLD_IMAGE: &str = "node-exporter:v1.9.0";
pub(crate) const NEW_IMAGE: &str = "node-exporter:v1.9.1";

/// Opens the page, goes the way, and sees whether the page kept to its host.
pub(crate) fn visit(journey: impl AsyncFnOnce(&Page)) {
    visit_with(Host::Whole, journey);
}

pub(crate) fn visit_with(host: Host, journey: impl AsyncFnOnce(&Page)) {
    visit_at(dist(), host, async |page| {
        page.open_at("").await;
        journey(page).await;
        page.assert_kept_to_itself().await;
    });
}

/// Has a browser and a site that is served from a directory, and opens nothing yet.
pub(crate) fn visit_at(directory: PathBuf, host: Host, journey: impl AsyncFnOnce(&Page)) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let page = runtime.block_on(Page::closed(directory, host));
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(journey(&page))));
    let outcome = outcome.or_else(|panic| match panic.downcast_ref::<OnlyInChromium>() {
        Some(OnlyInChromium(method)) => {
            println!("ends here, as only Chromium has {method}");
            Ok(())
        }
        None => Err(panic),
    });
    if outcome.is_err() {
        let name = thread::current().name().unwrap_or("journey").to_owned();
        let name = name.rsplit("::").next().unwrap_or_default();
        runtime.block_on(page.take_picture(&format!("failed-{name}")));
    }
    runtime.block_on(page.close());
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Where the site was built.
pub(crate) fn dist() -> PathBuf {
    let directory = env::var_os("DIST_DIR").map(PathBuf::from);
    directory.expect("DIST_DIR is set: run `cargo xtask test browser`")
}

/// Applies the manifest that a first visit finds, and lets it roll out.
pub(crate) async fn roll_out(page: &Page) -> View {
    page.apply().await;
    page.settle().await;
    page.see_that("every node runs revision 1", |view| view.every_node_runs(1))
        .await;
    page.is_at_rest().await;
    page.view().await
}
