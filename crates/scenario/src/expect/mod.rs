//! What must hold at a moment.
//!
//! An [`Expect`] is about one thing: the pods of a DaemonSet ([`daemon_set`]), those it has on one
//! node ([`pods_on`]), a node ([`node`]), events ([`event`]), or whether an object is there
//! ([`object`]).

pub mod daemon_set;
pub mod event;
pub mod node;
pub mod number;
pub mod object;
pub mod pods_on;

use cluster::{Cluster, Key};
use objects::FieldPath;
use serde_json::Value;

pub use number::Number;

use crate::{
    marks::Marks,
    nearest::nearest,
    read::{Mapping, Read, Wrong},
    roster::Roster,
};

/// An expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    what: What,
    /// As it is written.
    source: Value,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    DaemonSet(daemon_set::DaemonSetExpect),
    PodsOn(pods_on::PodsOnExpect),
    Node(node::NodeExpect),
    Event(event::EventExpect),
    Object(object::ObjectExpect),
}

/// A moment, and those before it that have a name.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub cluster: &'a Cluster,
    pub marks: &'a Marks,
}

/// What comes of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// What was expected and what was found, a line each.
    Fails(Vec<String>),
    /// The DaemonSet or node that it is about does not exist.
    Missing(String),
}

/// What can be expected together: fields that say what it is about, and those that say what must
/// be so.
struct Form {
    about: &'static [&'static str],
    fields: &'static [&'static str],
}

const FORMS: [Form; 6] = [
    Form {
        about: &["daemonSet", "node"],
        fields: &pods_on::FIELDS,
    },
    Form {
        about: &["daemonSet"],
        fields: &daemon_set::FIELDS,
    },
    Form {
        about: &["node"],
        fields: &node::FIELDS,
    },
    Form {
        about: &["event"],
        fields: &[],
    },
    Form {
        about: &["exists"],
        fields: &[],
    },
    Form {
        about: &["absent"],
        fields: &[],
    },
];

impl Read for Expect {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let source = value.clone();
        let mut known: Vec<&str> = Vec::new();
        for name in FORMS
            .iter()
            .flat_map(|form| form.about.iter().chain(form.fields))
        {
            if !known.contains(name) {
                known.push(name);
            }
        }
        let mut fields = Mapping::read(value, at, &known)?;
        let form = form(&fields)?;
        let what = match form.about {
            ["daemonSet", "node"] => What::PodsOn(pods_on::PodsOnExpect::read(&mut fields)?),
            ["daemonSet"] => What::DaemonSet(daemon_set::DaemonSetExpect::read(&mut fields)?),
            ["node"] => What::Node(node::NodeExpect::read(&mut fields)?),
            ["event"] => What::Event(fields.required("event")?),
            [field, ..] => What::Object(object::ObjectExpect {
                object: fields.required(field)?,
                is_there: *field == "exists",
            }),
            [] => return Err(about_nothing(at)),
        };
        Ok(Self { what, source })
    }
}

fn about_nothing(at: &FieldPath) -> Wrong {
    Wrong::new(
        at,
        "an expectation is about one of daemonSet, node, event, exists, absent",
    )
}

/// The form that the fields have, if they go together.
fn form(fields: &Mapping) -> Result<&'static Form, Wrong> {
    let form = FORMS
        .iter()
        .find(|form| form.about.iter().all(|name| fields.has(name)))
        .ok_or_else(|| about_nothing(fields.at()))?;
    let odd = fields
        .names()
        .find(|name| !form.about.contains(name) && !form.fields.contains(name));
    let Some(odd) = odd else { return Ok(form) };
    let about = |form: &Form| form.about.join(" and ");
    let others = FORMS.iter().filter(|form| form.fields.contains(&odd));
    let others: Vec<String> = others.map(about).collect();
    let advice = if others.is_empty() {
        "make it another step".to_owned()
    } else {
        format!("it goes with {}", others.join(", or with "))
    };
    Err(Wrong::key(
        fields.at().child_field(odd),
        format!("{odd} does not go with {}; {advice}", about(form)),
    ))
}

impl Expect {
    /// As it is written.
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// Whether it holds.
    pub fn check(&self, moment: Moment<'_>) -> Verdict {
        let store = moment.cluster.store();
        let roster = self.counted().and_then(|key| Roster::count(store, key));
        self.check_with(moment, roster.as_ref())
    }

    /// The DaemonSet whose pods must be counted for a check.
    pub(crate) fn counted(&self) -> Option<&Key> {
        match &self.what {
            What::DaemonSet(it) => it.counts_pods().then_some(&it.daemon_set),
            What::PodsOn(it) => Some(&it.daemon_set),
            What::Node(_) | What::Event(_) | What::Object(_) => None,
        }
    }

    /// Whether it holds, with the pods of its DaemonSet already counted.
    pub(crate) fn check_with(&self, moment: Moment<'_>, roster: Option<&Roster>) -> Verdict {
        let mut wrong = Vec::new();
        let looked = match &self.what {
            What::DaemonSet(it) => it.check(moment.cluster, roster, &mut wrong),
            What::PodsOn(it) => it.check(moment, roster, &mut wrong),
            What::Node(it) => it.check(moment.cluster, &mut wrong),
            What::Event(it) => {
                it.check(moment.cluster, &mut wrong);
                Ok(())
            }
            What::Object(it) => {
                it.check(moment.cluster, &mut wrong);
                Ok(())
            }
        };
        match looked {
            Err(Missing(what)) => Verdict::Missing(what),
            Ok(()) if wrong.is_empty() => Verdict::Holds,
            Ok(()) => Verdict::Fails(wrong),
        }
    }

    /// Refuses marks that are not set before it is looked at.
    pub(crate) fn need_marks(&self, at: &FieldPath, set: &[&str]) -> Result<(), Wrong> {
        let What::PodsOn(it) = &self.what else {
            return Ok(());
        };
        for (field, mark) in it.marks() {
            if !set.contains(&mark.as_str()) {
                let advice = match (nearest(mark, set.iter().copied()), set) {
                    (Some(near), _) => format!("did you mean {near:?}?"),
                    (None, []) => format!("put `- mark: {mark}` before it"),
                    (None, _) => format!("there are {}", set.join(", ")),
                };
                return Err(Wrong::new(
                    &at.child_field(field),
                    format!("no mark {mark:?} comes before this; {advice}"),
                ));
            }
        }
        Ok(())
    }
}

/// What an expectation is about does not exist.
pub(crate) struct Missing(pub(crate) String);

impl Missing {
    fn node(name: &str) -> Self {
        Self(format!("node {name} does not exist"))
    }

    fn daemon_set(key: &Key) -> Self {
        Self(format!("DaemonSet {key} does not exist"))
    }
}

fn differ<T: PartialEq + std::fmt::Display>(
    name: &str,
    expected: &T,
    found: &T,
    wrong: &mut Vec<String>,
) {
    if expected != found {
        wrong.push(format!("{name}: expected {expected}, found {found}"));
    }
}
