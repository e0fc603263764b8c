//! `-o jsonpath=`.
//!
//! Models `client-go/util/jsonpath`, v1.34, and `JSONPathPrinter`, cli-runtime
//! `pkg/printers/jsonpath.go`.

mod find;
mod parse;

use serde_json::Value;

use super::{go_value, json::compact};
use find::find;

/// A template that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    text: String,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    Path(Vec<Part>),
    Range(Vec<Part>, Vec<Node>),
    /// The end of a range that never began.
    End,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Field(String),
    /// From, to and step; the end of an index is the next.
    Slice(Bound, Bound, Bound),
    /// All fields or items.
    Wildcard,
    /// Everything below, at any depth.
    Deep,
    /// Items of which a path compares so; or is there, if there is nothing to compare with.
    Filter(Vec<Part>, Option<(String, Value)>),
    /// What any of these finds, one after the other.
    Union(Vec<Vec<Part>>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Unknown,
    Known(i64),
    /// One more than the index.
    Derived(i64),
}

impl Template {
    /// What it makes of a value.
    ///
    /// # Errors
    /// An index that is not there, with all that there is.
    pub(crate) fn print(&self, value: &Value) -> Result<String, String> {
        let mut text = String::new();
        print(&mut text, &self.nodes, value).map_err(|why| self.failed(&why, value))?;
        Ok(text)
    }

    /// What its paths find, each as a list.
    ///
    /// # Errors
    /// The same.
    pub(crate) fn print_as_json(&self, value: &Value) -> Result<String, String> {
        let found = self.nodes.iter().filter_map(|node| match node {
            Node::Path(path) => Some(find(path, value)),
            Node::Text(_) | Node::Range(..) | Node::End => None,
        });
        let found = found.map(|found| {
            let found = found.map_err(|why| self.failed(&why, value))?;
            let found: Vec<Value> = found.into_iter().cloned().collect();
            Ok(super::json(&Value::Array(found)))
        });
        found.collect()
    }

    /// What its first path finds first.
    pub(crate) fn first<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.all(value).into_iter().next()
    }

    /// What its first path finds.
    pub(crate) fn all<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match self.nodes.first() {
            Some(Node::Path(path)) => find(path, value).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn failed(&self, why: &str, value: &Value) -> String {
        let (text, value) = (&self.text, go_value::syntax(value));
        format!(
            "error: error executing jsonpath {text:?}: Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n\tobject given to jsonpath engine was:\n\t\t{value}\n\n\n"
        )
    }
}

fn print(text: &mut String, nodes: &[Node], value: &Value) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Text(it) => *text += it,
            Node::Path(path) => {
                let found = find(path, value)?;
                let found: Vec<String> = found.into_iter().map(shown).collect();
                *text += &found.join(" ");
            }
            Node::Range(path, body) => {
                for item in find(path, value)? {
                    print(text, body, item)?;
                }
            }
            Node::End => return Err("not in range, nothing to end".to_owned()),
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => compact(value),
        other => go_value::plain(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, want: &str) {
        let value: Value = serde_json::from_str(
            r#"{"items": [{"n": "a", "l": {"k.io/x": "1"}, "c": [{"t": "R", "s": true}]},
                {"n": "b", "l": {"h": "<&>"}, "c": [{"t": "R", "s": false}, {"t": "D"}]}]}"#,
        )
        .unwrap();
        let got = Template::read(template).and_then(|it| it.print(&value));
        assert_eq!(got.unwrap_or_else(|it| it), want, "{template}");
    }

    #[test]
    fn paths_find_what_they_say() {
        check("{.items[*].n}", "a b");
        check("x{.items[0].n}y", "xay");
        check("{.items[-1].n}", "b");
        check("{.items[0:1].n}", "a");
        check("{.items[0,1].n}", "a b");
        check("{.items[*]['n', 'c[0].t']}", "a b R R");
        check(r"{.items[*].l.k\.io/x}", "1");
        check(r"{.items[0].l['k\.io/x']}", "1");
        check("{.items[0].l['k.io/x']}", "");
        check("{.items[0].c}", r#"[{"s":true,"t":"R"}]"#);
        check("{.items[1].l}", r#"{"h":"\u003c\u0026\u003e"}"#);
        check("{..t}", "R R D");
        check("{.missing.field}", "");
        check("{$.items[0]['n']}", "a");
        check("{.items[?(@.n==\"b\")].c[?(@.t==\"R\")].s}", "false");
    }

    #[test]
    fn ranges_repeat_what_is_in_them() {
        check(
            "{range .items[*]}{.n}{\"\\t\"}{.c[0].s}{'\\n'}{end}",
            "a\ttrue\nb\tfalse\n",
        );
        check("{range .items[*]}{range .c[*]}{.t},{end};{end}", "R,;R,D,;");
        check("{range .items[*]}{.n}", "ab");
        check("{\"\\u00e9\\x41\\101\"}", "éAA");
    }

    #[test]
    fn what_is_wrong_is_said_as_upstream() {
        let of_reading = |template: &str, why: &str| {
            check(
                template,
                &format!("error: error parsing jsonpath {template}, {why}"),
            );
        };
        of_reading("{.a", "unclosed action");
        of_reading("{.items[*", "unterminated array");
        of_reading("{.items[?(@.n", "unterminated filter");
        of_reading("{.l[\"n\"]}", "invalid array index \"n\"");
        of_reading("{.items[a]}", "invalid array index a");
        of_reading("{a}", "unrecognized identifier a");
        let of_doing = |template: &str, why: &str| {
            let value = serde_json::json!({"l": [{}]});
            let got = Template::read(template).and_then(|it| it.print(&value));
            let want = format!(
                "error: error executing jsonpath {template:?}: Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface {{}}{{\"l\":[]interface {{}}{{map[string]interface {{}}{{}}}}}}\n\n\n"
            );
            assert_eq!(got, Err(want));
        };
        of_doing("{.l[5].n}", "array index out of bounds: index 5, length 1");
        of_doing("{.l[1:0]}", "array index out of bounds: index 1, length 1");
        of_doing(
            "{.l[0][*]}",
            "map[string]interface {} is not array or slice",
        );
        of_doing("{end}", "not in range, nothing to end");
    }
}
