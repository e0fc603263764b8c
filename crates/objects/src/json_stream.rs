//! JSON values one after the other, as `jq -c` and several `kubectl get -o json` write them.
//!
//! kubectl reads them, as `YAMLOrJSONDecoder`, apimachinery `pkg/util/yaml/decoder.go`, v1.34,
//! does. To YAML only one in brackets is a document.

/// The values, each with all that stands before it and after the one before. `None`: there is but
/// one, or it is no JSON.
pub(crate) fn values(text: &str) -> Option<Vec<&str>> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut values = Vec::new();
    let mut rest = text;
    while !rest.trim_start().is_empty() {
        let (value, after) = rest.split_at(end(rest)?);
        values.push(value);
        rest = after;
    }
    (values.len() > 1).then_some(values)
}

/// Where the value in brackets ends with which a text begins.
fn end(text: &str) -> Option<usize> {
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' if depth > 0 => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_taken_apart() {
        for (text, want) in [
            ("{\"a\": 1}", None),
            ("a: 1", None),
            ("{\"a\": 1}\n---\n{\"a\": 2}", None),
            ("{\"a\": 1}]", None),
            ("{\"a\": 1} {", None),
            (
                "\n{\"a\": \"}\\\"\"}\n [2]{}\n",
                Some(vec!["\n{\"a\": \"}\\\"\"}", "\n [2]", "{}"]),
            ),
        ] {
            assert_eq!(values(text), want, "{text}");
        }
    }
}
