//! ControllerRevisions: the past templates of a DaemonSet.

use serde_json::{Value, json};

use crate::{
    ObjectMeta, PodTemplateSpec, Shared,
    decode::without_nulls,
    fields::{Field, Unreadable, object, through_values},
};

/// The label that ties pods and revisions to a template.
pub const HASH_LABEL: &str = "controller-revision-hash";

object! {
    /// Models `apps/v1.ControllerRevision`.
    pub struct ControllerRevision {
        data: RevisionData = always "data",
        metadata: ObjectMeta = always "metadata",
        revision: i64 = always "revision",
    }
}

/// What a revision holds.
#[derive(Clone, Debug, PartialEq)]
pub enum RevisionData {
    /// A DaemonSet's: a patch that puts a template back.
    Template(Shared<PodTemplateSpec>),
    /// Of some other shape, kept as it came; it equals no template.
    Other(Value),
}

impl Default for RevisionData {
    fn default() -> Self {
        Self::Other(Value::Null)
    }
}

/// The one field of an object, if it is the only one: a patch that does more than put a template
/// back equals no template.
fn only<'a>(value: &'a Value, field: &str) -> Option<&'a Value> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    fields.get(field)
}

impl Field for RevisionData {
    fn read(value: Value) -> Result<Self, Unreadable> {
        let template = only(&value, "spec")
            .and_then(|spec| only(spec, "template"))
            .and_then(Value::as_object)
            .filter(|template| template.get("$patch") == Some(&Value::from("replace")));
        let Some(mut template) = template.cloned() else {
            return Ok(Self::Other(value));
        };
        template.remove("$patch");
        let template = without_nulls(Value::Object(template));
        let template = PodTemplateSpec::read(template).map(Shared::from);
        Ok(template.map_or(Self::Other(value), Self::Template))
    }

    fn write(&self) -> Value {
        match self {
            Self::Template(template) => {
                let mut template = template.write();
                template["$patch"] = "replace".into();
                json!({ "spec": { "template": template } })
            }
            Self::Other(value) => value.clone(),
        }
    }

    fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

through_values!(RevisionData);

impl ControllerRevision {
    /// The hash in its label, by which pods name it.
    pub fn hash(&self) -> Option<&String> {
        self.metadata.labels.get(HASH_LABEL)
    }

    /// Whether it holds this template.
    pub fn holds(&self, template: &Shared<PodTemplateSpec>) -> bool {
        match &self.data {
            RevisionData::Template(held) => held == template,
            RevisionData::Other(_) => false,
        }
    }
}
