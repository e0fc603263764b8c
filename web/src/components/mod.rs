//! The parts of the page, one a file.

pub mod chart;
pub mod cluster_pane;
pub mod editor;
pub mod editor_pane;
pub mod header;
pub mod mark;
pub mod node_card;
pub mod side_pane;
pub mod transport;
