//! Selectors as they are typed: `a=b,c!=d,e in (x,y),!f`, and `spec.nodeName=worker-1`.

mod fields;
mod labels;

pub use fields::FieldSelector;
pub use labels::labels;
