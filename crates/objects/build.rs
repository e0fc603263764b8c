//! Turns Kubernetes' OpenAPI schemas (by way of `k8s-openapi`) into the compact table that
//! `src/schema.rs` reads: one type a line, `TYPE FIELD=CODE FIELD=CODE ...`.
//!
//! Codes: `s` string, `b` boolean, `i` int32, `l` int64, `n` number, `q` quantity, `x` int or
//! string, `t` time, `a` anything, `[C` list of C, `{C` map of C, `@TYPE` an object of that type.
//! A required field has a `!` before its `=`.
//!
//! The types of Nodes have a table for themselves: most clusters that somebody writes down have
//! nothing else in them, and whoever loads the program in parts can do without the other one then.
//!
//! What the fields mean goes into a table of its own, several times as large, which whoever needs
//! it can load late.

use std::{collections::BTreeMap, env, fs, path::Path};

use k8s_openapi::api::{apps::v1 as apps, core::v1 as core, scheduling::v1 as scheduling};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

fn main() {
    let mut types = Types::default();
    add::<core::Node>(&mut types);
    let of_nodes = types.structure.clone();
    add::<apps::DaemonSet>(&mut types);
    add::<apps::ControllerRevision>(&mut types);
    add::<core::Pod>(&mut types);
    add::<core::Event>(&mut types);
    add::<core::Namespace>(&mut types);
    add::<scheduling::PriorityClass>(&mut types);

    types
        .structure
        .retain(|name, _| !of_nodes.contains_key(name));
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    for (file, lines) in [
        ("schema_of_nodes.txt", of_nodes),
        ("schema.txt", types.structure),
        ("descriptions.txt", types.descriptions),
    ] {
        let table: String = lines.into_values().collect();
        fs::write(Path::new(&out).join(file), table).expect("OUT_DIR can be written");
    }
    println!("cargo::rerun-if-changed=build.rs");
}

/// Lines by the name of the type.
#[derive(Default)]
struct Types {
    structure: BTreeMap<String, String>,
    descriptions: BTreeMap<String, String>,
}

impl Types {
    fn insert(&mut self, name: &str, schema: &Value) {
        let name = short(name);
        self.descriptions
            .insert(name.clone(), descriptions(&name, schema));
        self.structure.insert(name.clone(), line(&name, schema));
    }
}

fn add<T: JsonSchema>(types: &mut Types) {
    let root = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>();
    let root = root.to_value();
    let title = root["title"].as_str().expect("a root schema has a title");
    types.insert(title, &root);
    for (name, schema) in root["definitions"].as_object().into_iter().flatten() {
        if schema.get("properties").is_some() {
            types.insert(name, schema);
        }
    }
}

/// `io.k8s.api.core.v1.Container` is `Container`.
fn short(name: &str) -> String {
    name.rsplit(['.', '/']).next().unwrap_or(name).to_owned()
}

fn line(name: &str, schema: &Value) -> String {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut line = name.to_owned();
    for (field, of) in schema["properties"].as_object().into_iter().flatten() {
        // `k8s-openapi` wants the metadata of an object; the API does not.
        let is_metadata = field == "metadata" && schema["properties"]["kind"].is_object();
        let mark = if required.contains(&field.as_str()) && !is_metadata {
            "!"
        } else {
            ""
        };
        line += &format!(" {field}{mark}={}", code(of));
    }
    line + "\n"
}

/// `TYPE DESCRIPTION`, and `TYPE.FIELD DESCRIPTION`, a line a field.
fn descriptions(name: &str, schema: &Value) -> String {
    let line = |name: &str, of: &Value| {
        let words: Vec<&str> = of["description"].as_str()?.split_whitespace().collect();
        Some(format!("{name} {}\n", words.join(" ")))
    };
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.filter_map(|(field, of)| line(&format!("{name}.{field}"), of));
    line(name, schema).into_iter().chain(fields).collect()
}

fn code(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"]
        .as_str()
        .or(schema["allOf"][0]["$ref"].as_str())
    {
        return match short(reference).as_str() {
            "Quantity" => "q".into(),
            "IntOrString" => "x".into(),
            "Time" | "MicroTime" => "t".into(),
            "RawExtension" | "FieldsV1" | "JSON" => "a".into(),
            name => format!("@{name}"),
        };
    }
    match schema["type"].as_str() {
        Some("string") => "s".into(),
        Some("boolean") => "b".into(),
        Some("integer") if schema["format"] == "int64" => "l".into(),
        Some("integer") => "i".into(),
        Some("number") => "n".into(),
        Some("array") => format!("[{}", code(&schema["items"])),
        Some("object") if schema["additionalProperties"].is_object() => {
            format!("{{{}", code(&schema["additionalProperties"]))
        }
        _ => "a".into(),
    }
}
