//! Names, label keys and label values.

use serde_json::Value;

use super::Errors;
use crate::{FieldPath, Labels};

const DNS_LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS_SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const QUALIFIED_NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn bounded(text: &str, edge: impl Fn(char) -> bool, inner: impl Fn(char) -> bool) -> bool {
    text.starts_with(&edge) && text.ends_with(&edge) && text.chars().all(|c| edge(c) || inner(c))
}

fn lower(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn is_dns_label(text: &str) -> bool {
    bounded(text, lower, |c| c == '-')
}

fn is_qualified(text: &str) -> bool {
    bounded(
        text,
        |c| c.is_ascii_alphanumeric(),
        |c| matches!(c, '-' | '_' | '.'),
    )
}

/// What is wrong with a DNS subdomain, the form of most names.
pub(super) fn dns_subdomain(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push("must be no more than 253 characters".to_owned());
    }
    if !text.split('.').all(is_dns_label) {
        wrong.push(DNS_SUBDOMAIN.to_owned());
    }
    wrong
}

/// What is wrong with the name of a container or volume.
pub(super) fn dns_label(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push("must be no more than 63 characters".to_owned());
    }
    if !is_dns_label(text) {
        let only_dots = text.contains('.') && dns_subdomain(text).is_empty();
        wrong.push(
            if only_dots {
                "must not contain dots"
            } else {
                DNS_LABEL
            }
            .to_owned(),
        );
    }
    wrong
}

/// What is wrong with a label key, or another qualified name.
///
/// Models `IsQualifiedName`, apimachinery `pkg/util/validation/validation.go`, v1.34.
pub fn label_key(key: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let name = match key.split_once('/') {
        None => key,
        Some((prefix, name)) if !name.contains('/') => {
            if prefix.is_empty() {
                wrong.push("prefix part must be non-empty".to_owned());
            } else {
                wrong.extend(
                    dns_subdomain(prefix)
                        .iter()
                        .map(|text| format!("prefix part {text}")),
                );
            }
            name
        }
        Some(_) => {
            wrong.push(format!("a qualified name {QUALIFIED_NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"));
            return wrong;
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        wrong.push("name part must be no more than 63 characters".to_owned());
    }
    if !is_qualified(name) {
        wrong.push(format!("name part {QUALIFIED_NAME}"));
    }
    wrong
}

/// What is wrong with a label value.
pub fn label_value(value: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if value.len() > 63 {
        wrong.push("must be no more than 63 characters".to_owned());
    }
    if !value.is_empty() && !is_qualified(value) {
        wrong.push(LABEL_VALUE.to_owned());
    }
    wrong
}

/// Labels in metadata: the bad key, or the bad value, is the VALUE of the line.
pub(super) fn labels(errors: &mut Errors, at: &FieldPath, labels: &Labels) {
    for (key, value) in labels {
        for wrong in label_key(key) {
            errors.invalid(at, &Value::from(key.as_str()), &wrong);
        }
        for wrong in label_value(value) {
            errors.invalid(at, &Value::from(value.as_str()), &wrong);
        }
    }
}

/// Annotations: keys are checked as label keys in lower case.
pub(super) fn annotations(errors: &mut Errors, at: &FieldPath, annotations: &Labels) {
    for key in annotations.keys() {
        for wrong in label_key(&key.to_lowercase()) {
            errors.invalid(at, &Value::from(key.as_str()), &wrong);
        }
    }
    let size: usize = annotations
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    if size > 262_144 {
        errors.push(at, "Too long: may not be more than 262144 bytes".into());
    }
}
