//! What follows from the rest of the state.

/// A value that is made again when it is missing. Copies of the state start without it, and two
/// states that differ in nothing else are the same.
#[derive(Debug, Default)]
pub(crate) struct Derived<T>(pub(crate) T);

impl<T: Default> Clone for Derived<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> PartialEq for Derived<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
