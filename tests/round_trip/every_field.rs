//! Objects that have every field there is, made from the API's own schemas.

use k8s_openapi::{
    api::{apps::v1 as apps, core::v1 as core},
    schemars::{JsonSchema, generate::SchemaSettings},
};
use serde_json::{Map, Value, json};

/// What stands in the fields.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fill {
    /// Something.
    Sample,
    /// The zero value of the field's type; of lists and maps still one item.
    Zero,
}

/// One object of every kind that rules read.
pub(crate) fn objects(fill: Fill) -> [Value; 5] {
    [
        object::<apps::ControllerRevision>("apps/v1", "ControllerRevision", fill),
        object::<apps::DaemonSet>("apps/v1", "DaemonSet", fill),
        object::<core::Event>("v1", "Event", fill),
        object::<core::Node>("v1", "Node", fill),
        object::<core::Pod>("v1", "Pod", fill),
    ]
}

fn object<T: JsonSchema>(api_version: &str, kind: &str, fill: Fill) -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let schema = generator.into_root_schema_for::<T>().to_value();
    let definitions = &schema["definitions"];
    let mut object = Maker { definitions, fill }.value(kind, &schema);
    object["apiVersion"] = api_version.into();
    object["kind"] = kind.into();
    if kind == "Event" {
        object["type"] = "Warning".into();
    }
    object
}

struct Maker<'a> {
    definitions: &'a Value,
    fill: Fill,
}

impl Maker<'_> {
    /// What may stand in a field of this name and schema.
    fn value(&self, field: &str, schema: &Value) -> Value {
        let one_of_all = &schema["allOf"][0]["$ref"];
        if let Some(reference) = schema["$ref"].as_str().or(one_of_all.as_str()) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return match name.rsplit('.').next().unwrap_or_default() {
                "Quantity" => self.either(json!("1500m"), json!("0")),
                "IntOrString" => self.either(json!("25%"), json!(0)),
                "Time" => json!("2026-01-02T03:04:05Z"),
                "MicroTime" => json!("2026-01-02T03:04:05.678901Z"),
                "RawExtension" | "FieldsV1" => json!({ "f:any": [null, 1.5, {}] }),
                _ => self.value(field, &self.definitions[name]),
            };
        }
        let (items, entries) = (&schema["items"], &schema["additionalProperties"]);
        match schema["type"].as_str() {
            // Of these only some words are known.
            Some("string") if field == "phase" => "Running".into(),
            Some("string") if field == "status" => "True".into(),
            Some("string") if schema["format"] == "byte" => self.either(json!("AAEC"), json!("")),
            Some("string") => self.either(format!("a {field}").into(), json!("")),
            Some("boolean") => self.either(json!(true), json!(false)),
            Some("integer") => self.either(json!(7), json!(0)),
            Some("number") => self.either(json!(1.5), json!(0)),
            Some("array") => json!([self.value(field, items)]),
            _ if entries.is_object() => json!({ "a.b/c": self.value(field, entries) }),
            _ => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                let fields = fields.map(|(name, of)| (name.clone(), self.value(name, of)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }

    fn either(&self, sample: Value, zero: Value) -> Value {
        match self.fill {
            Fill::Sample => sample,
            Fill::Zero => zero,
        }
    }
}
