//! ControllerRevisions: the past templates of a DaemonSet.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Fields, ObjectMeta, PodTemplateSpec};

/// The label that ties pods and revisions to a template.
pub const HASH_LABEL: &str = "controller-revision-hash";

/// Models `apps/v1.ControllerRevision`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ControllerRevision {
    pub data: RevisionData,
    pub metadata: ObjectMeta,
    pub revision: i64,
    #[serde(flatten)]
    pub rest: Fields,
}

/// What a revision holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum RevisionData {
    /// A DaemonSet's: a patch that puts a template back.
    Template(Rc<PodTemplateSpec>),
    /// Of some other shape, kept as it came; it equals no template.
    Other(Value),
}

impl Default for RevisionData {
    fn default() -> Self {
        Self::Other(Value::Null)
    }
}

impl From<Value> for RevisionData {
    fn from(value: Value) -> Self {
        let template = value
            .pointer("/spec/template")
            .and_then(Value::as_object)
            .filter(|template| template.get("$patch") == Some(&Value::from("replace")));
        let Some(mut template) = template.cloned() else {
            return Self::Other(value);
        };
        template.remove("$patch");
        match serde_json::from_value(crate::decode::without_nulls(Value::Object(template))) {
            Ok(template) => Self::Template(Rc::new(template)),
            Err(_) => Self::Other(value),
        }
    }
}

impl From<RevisionData> for Value {
    fn from(data: RevisionData) -> Self {
        match data {
            RevisionData::Template(template) => {
                let mut template =
                    serde_json::to_value(&*template).expect("a template is plain data");
                template["$patch"] = "replace".into();
                json!({ "spec": { "template": template } })
            }
            RevisionData::Other(value) => value,
        }
    }
}

impl ControllerRevision {
    /// The hash in its label, by which pods name it.
    pub fn hash(&self) -> Option<&String> {
        self.metadata.labels.get(HASH_LABEL)
    }

    /// Whether it holds this template.
    pub fn holds(&self, template: &Rc<PodTemplateSpec>) -> bool {
        match &self.data {
            RevisionData::Template(held) => Rc::ptr_eq(held, template) || held == template,
            RevisionData::Other(_) => false,
        }
    }
}
