//! The part of the program that is loaded when the page is there: see the crate `split`.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen(module = "/src/rest.js")]
extern "C" {
    #[wasm_bindgen(js_name = shareFirst)]
    fn share_first(exports: &JsValue);

    #[wasm_bindgen(js_name = opensWork)]
    fn opens_work(kept_as: &str) -> bool;

    #[wasm_bindgen(js_name = restIsThere)]
    fn rest_is_there() -> bool;

    #[wasm_bindgen(js_name = loadRestWhenPainted)]
    fn load_rest_when_painted();

    #[wasm_bindgen(js_name = restComes)]
    async fn rest_comes();

    #[wasm_bindgen(js_name = restNeeded)]
    async fn rest_needed();

    /// By its name the build finds it: what is called in the rest before that is there, calls it.
    #[wasm_bindgen(js_name = loadRest)]
    fn load_rest();
}

/// Calls `draw` when what it needs is there: the rest, too, if the page opens with work, some of
/// which is kept under names that begin so.
pub fn begin(kept_as: &str, draw: impl FnOnce() + 'static) {
    // Before all else, as anything may be in the rest.
    share_first(&wasm_bindgen::exports());
    if opens_work(kept_as) {
        when_there(draw);
    } else {
        draw();
    }
}

/// Has the rest loaded once what is drawn now has been painted.
pub fn load_when_painted() {
    load_rest_when_painted();
}

/// Calls this when the rest is there, at once if it is.
pub fn when_there(call: impl FnOnce() + 'static) {
    if rest_is_there() {
        return call();
    }
    spawn_local(async {
        rest_needed().await;
        call();
    });
}

/// Calls this when the rest is there, without having it loaded for that.
pub fn when_it_comes(call: impl FnOnce() + 'static) {
    if rest_is_there() {
        return call();
    }
    spawn_local(async {
        rest_comes().await;
        call();
    });
}

/// Loads the rest now, for who cannot wait.
pub fn load_now() {
    load_rest();
}
