//! The part of the program that is loaded when the page is there: see the crate `split`.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen(module = "/src/rest.js")]
extern "C" {
    #[wasm_bindgen(js_name = shareFirst)]
    fn share_first(exports: &JsValue, rest: Option<&str>);

    #[wasm_bindgen(js_name = restOfPage)]
    fn rest_of_page() -> Option<String>;

    #[wasm_bindgen(js_name = opensWork)]
    fn opens_work(kept_as: &str) -> bool;

    /// Whether the rest is there.
    #[wasm_bindgen(js_name = restIsThere)]
    pub fn is_there() -> bool;

    /// Has the rest loaded once what is drawn now has been painted.
    #[wasm_bindgen(js_name = loadRestWhenPainted)]
    pub fn load_when_painted();

    #[wasm_bindgen(js_name = restComes)]
    async fn rest_comes();

    #[wasm_bindgen(js_name = restNeeded)]
    async fn rest_needed();

    /// Loads the rest now, for who cannot wait. By its name in JavaScript the build finds it: what is
    /// called in the rest before that is there, calls it.
    #[wasm_bindgen(js_name = loadRest)]
    pub fn load_now();
}

/// Has the rest found by its name. Before all else, as anything may be in it.
pub fn is_called(name: Option<&str>) {
    share_first(&wasm_bindgen::exports(), name);
}

/// Calls `draw` when what it needs is there: the rest, too, if the page opens with work, some of
/// which is kept under names that begin so.
pub fn begin(kept_as: &str, draw: impl FnOnce() + 'static) {
    is_called(rest_of_page().as_deref());
    if opens_work(kept_as) {
        when_there(draw);
    } else {
        draw();
    }
}

/// Calls this when the rest is there, at once if it is; otherwise it is loaded for that.
pub fn when_there(call: impl FnOnce() + 'static) {
    once(rest_needed(), call);
}

/// Calls this when the rest is there, without having it loaded for that.
pub fn when_it_comes(call: impl FnOnce() + 'static) {
    once(rest_comes(), call);
}

fn once(comes: impl Future<Output = ()> + 'static, call: impl FnOnce() + 'static) {
    if is_there() {
        return call();
    }
    spawn_local(async {
        comes.await;
        call();
    });
}
