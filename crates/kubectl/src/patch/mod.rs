//! The three kinds of patches: strategic, merge, and JSON.

mod difference;
mod json;
mod merge;
mod order;
mod strategic;

pub(crate) use difference::difference;
pub use json::operate;
pub use merge::merge;
pub(crate) use order::ordered;
pub(crate) use strategic::merge_key;
pub use strategic::merge_strategically;
