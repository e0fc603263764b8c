//! Where in an object: `spec.template.spec.containers[0].image`.

use std::fmt;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// Into a field of an object.
    Field(String),
    /// Into a value of a map whose keys are data: `requests[cpu]`.
    Key(String),
    /// Into an item of a list, from 0.
    Index(usize),
}

/// A path of fields and indices, printed as the API server prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath(Vec<Segment>);

impl FieldPath {
    /// The object itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// From dotted fields: `FieldPath::of("spec.template")`.
    pub fn of(dotted: &str) -> Self {
        Self(
            dotted
                .split('.')
                .map(|field| Segment::Field(field.to_owned()))
                .collect(),
        )
    }

    /// This path and one field, or several dotted ones, more.
    #[must_use]
    pub fn child(&self, dotted: &str) -> Self {
        let mut path = self.clone();
        path.0.extend(
            dotted
                .split('.')
                .map(|field| Segment::Field(field.to_owned())),
        );
        path
    }

    /// This path and one field more, whose name may hold dots.
    #[must_use]
    pub fn child_field(&self, name: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Field(name.to_owned()));
        path
    }

    /// This path and a key of a map whose keys are data.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Key(key.to_owned()));
        path
    }

    /// This path and an item of a list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Index(index));
        path
    }

    /// This path and one segment more.
    #[must_use]
    pub fn then(&self, segment: Segment) -> Self {
        let mut path = self.clone();
        path.0.push(segment);
        path
    }

    /// The path inside an object of a list, if it leads there: `items[3].spec` is `spec`.
    #[must_use]
    pub fn without_list(&self) -> Self {
        match &self.0[..] {
            [Segment::Field(list), Segment::Index(_), inner @ ..]
                if list == "items" || list == "objects" =>
            {
                Self(inner.to_vec()).without_list()
            }
            [Segment::Index(_), inner @ ..] => Self(inner.to_vec()).without_list(),
            _ => self.clone(),
        }
    }

    /// This path and another, from here on.
    #[must_use]
    pub fn join(&self, inner: &Self) -> Self {
        Self(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// What it is from another path on, if it leads there.
    pub fn inside(&self, outer: &Self) -> Option<Self> {
        let inner = self.0.strip_prefix(&outer.0[..])?;
        Some(Self(inner.to_vec()))
    }

    /// Whether it is the object itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The steps, outermost first.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The path as Go's JSON decoder names it: without indices and map keys.
    pub fn without_indices(&self) -> String {
        let fields = self.0.iter().filter_map(|segment| match segment {
            Segment::Field(field) => Some(field.as_str()),
            Segment::Key(_) | Segment::Index(_) => None,
        });
        fields.collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(field) if i == 0 => f.write_str(field)?,
                Segment::Field(field) => write!(f, ".{field}")?,
                Segment::Key(key) => write!(f, "[{key}]")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
