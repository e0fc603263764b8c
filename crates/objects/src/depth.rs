//! Texts that nest deeper than anybody writes.
//!
//! `serde_yaml` refuses them, but only after it has scanned the whole document, which takes a time
//! that grows with the square of the depth of brackets. So the beginning is read first.

/// As deep as `serde_yaml` reads.
pub(crate) const DEPTH_MAX: usize = 128;

/// What it says of a document that is deeper.
pub(crate) const TOO_DEEP: &str = "recursion limit exceeded";

/// The beginning of a text that is enough to refuse it; `None` if there are not so many brackets.
/// Those in quotes and comments are counted, too, so that it may be fine for all that.
pub(crate) fn head(text: &str) -> Option<&str> {
    let mut open = 0;
    let at = text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' if open > 0 => open -= 1,
            _ => {}
        }
        open > DEPTH_MAX
    })?;
    text.get(..=at)
}
