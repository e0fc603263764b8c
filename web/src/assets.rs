//! Where the files of the playground are: beside its page, also where a part of it is in another one.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/assets.js")]
extern "C" {
    /// Has all files found beside the playground's page, the address of which this is.
    #[wasm_bindgen(js_name = setHome)]
    pub fn set_home(url: &str);

    /// The address of the playground's page, without what it is to open.
    #[wasm_bindgen(js_name = pageUrl)]
    pub fn page_url() -> String;
}
