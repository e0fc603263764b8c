//! `get`.

use std::cmp::Ordering;

use objects::Quantity;
use serde_json::{Value, json};

use crate::{
    execute::Run,
    flags::Arguments,
    live::Live,
    print::{self, jsonpath::Template},
    resource::Resource,
    selection::{Selection, Which},
};

/// Objects that are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Get {
    selection: Selection,
    format: Format,
    all_namespaces: bool,
    no_headers: bool,
    show_labels: bool,
    ignore_not_found: bool,
    sort_by: Option<Template>,
    follows: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Format {
    Table { wide: bool },
    Name,
    Yaml,
    Json,
    JsonPath(Template),
}

impl Format {
    fn read(text: &str) -> Result<Self, String> {
        let (name, template) = match text.split_once('=') {
            Some((name, template)) => (name, Some(template)),
            None => (text, None),
        };
        Ok(match (name, template) {
            ("", None) => Self::Table { wide: false },
            ("wide", None) => Self::Table { wide: true },
            ("name", None) => Self::Name,
            ("yaml", None) => Self::Yaml,
            ("json", None) => Self::Json,
            ("jsonpath", Some(template)) if !template.is_empty() => {
                Self::JsonPath(Template::read(template)?)
            }
            ("jsonpath", _) => {
                return Err("error: template format specified but no template given".to_owned());
            }
            _ => {
                return Err(format!(
                    "error: unable to match a printer suitable for the output format {text:?}, allowed formats are: json,jsonpath,name,wide,yaml"
                ));
            }
        })
    }
}

impl Get {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        if arguments.names.is_empty() && arguments.files().is_empty() {
            return Err("You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples".to_owned());
        }
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, true)?,
            format: Format::read(arguments.text("output").unwrap_or_default())?,
            all_namespaces: arguments.is_set("all-namespaces"),
            no_headers: arguments.is_set("no-headers"),
            show_labels: arguments.is_set("show-labels"),
            ignore_not_found: arguments.is_set("ignore-not-found"),
            sort_by: arguments.text("sort-by").map(sort_field).transpose()?,
            follows: arguments.is_set("watch") || arguments.is_set("watch-only"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let mut found = run.select(&self.selection);
        run.output.follows = self.follows;
        if let Some(field) = &self.sort_by
            && let Err(message) = sort(&mut found, field)
        {
            return run.fail(&message);
        }
        if self.ignore_not_found {
            run.forgive_not_found();
        }
        match &self.format {
            Format::Table { wide } => self.tables(run, &found, *wide),
            Format::Name => {
                for (resource, live) in &found {
                    run.say(&format!("{}/{}", resource.singular(), live.name()));
                }
            }
            format => {
                let is_one = matches!(&self.selection.which, Which::Named(it) if it.len() == 1);
                let value = match (is_one, found.first()) {
                    (true, None) => return,
                    (true, Some((_, live))) => live.value(),
                    (false, _) => list(&found),
                };
                match format {
                    Format::Yaml => run.output.text += &print::yaml(&value),
                    Format::Json => run.output.text += &print::json(&value),
                    Format::JsonPath(template) => match template.print(&value) {
                        Ok(text) => run.output.text += &text,
                        Err(message) => run.fail(&message),
                    },
                    Format::Table { .. } | Format::Name => {}
                }
            }
        }
    }

    fn tables(&self, run: &mut Run<'_>, found: &[(Resource, Live)], wide: bool) {
        if found.is_empty() {
            if !run.has_failed() && !self.ignore_not_found {
                run.nothing_found(&self.selection);
            }
            return;
        }
        let now = run.cluster().unix_now();
        let kinds: Vec<_> = found.chunk_by(|a, b| a.0 == b.0).collect();
        let is_mixed = kinds.len() > 1;
        for (i, kind) in kinds.into_iter().enumerate() {
            if i > 0 {
                run.output.text.push('\n');
            }
            let Some((resource, _)) = kind.first() else {
                continue;
            };
            let objects: Vec<&Live> = kind.iter().map(|(_, live)| live).collect();
            let mut table = print::table(&objects, now, wide);
            if is_mixed {
                let singular = resource.singular();
                let at = table.header.iter().position(|it| it == "NAME");
                for row in &mut table.rows {
                    if let Some(cell) = at.and_then(|at| row.get_mut(at)) {
                        *cell = format!("{singular}/{cell}");
                    }
                }
            }
            if self.all_namespaces && resource.namespaced {
                let cells = objects.iter().map(|it| it.namespace().to_owned());
                table.insert(0, "NAMESPACE", cells.collect());
            }
            if self.show_labels {
                let cells = objects.iter().map(|it| print::labels(&it.labels()));
                table.insert(usize::MAX, "LABELS", cells.collect());
            }
            run.output.text += &table.text(!self.no_headers);
        }
    }
}

/// `.metadata.name`, `metadata.name` or `{.metadata.name}`.
///
/// Models `RelaxedJSONPathExpression`, kubectl `pkg/cmd/get/customcolumn.go`, v1.34.
fn sort_field(text: &str) -> Result<Template, String> {
    let path = text.trim();
    let path = path.strip_prefix('{').unwrap_or(path);
    let path = path.strip_suffix('}').unwrap_or(path);
    let path = path.strip_prefix('.').unwrap_or(path);
    Template::read(&format!("{{.{path}}}"))
}

/// Models `SortingPrinter`, kubectl `pkg/cmd/get/sorter.go`, v1.34.
fn sort(found: &mut Vec<(Resource, Live)>, field: &Template) -> Result<(), String> {
    let keyed = std::mem::take(found).into_iter().map(|it| {
        let key = field.print(&it.1.value()).unwrap_or_default();
        (key, it)
    });
    let mut keyed: Vec<(String, (Resource, Live))> = keyed.collect();
    if !keyed.is_empty() && keyed.iter().all(|(key, _)| key.is_empty()) {
        return Err(format!(
            "error: couldn't find any field with path {:?} in the list of objects",
            field.text()
        ));
    }
    keyed.sort_by(|(a, _), (b, _)| compare(a, b));
    found.extend(keyed.into_iter().map(|(_, it)| it));
    Ok(())
}

/// Quantities and numbers by their amount, other texts as people would: `a2` before `a10`.
fn compare(a: &str, b: &str) -> Ordering {
    let amount = |text: &str| Quantity::new(text).milli();
    match (amount(a), amount(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => parts(a).cmp(&parts(b)),
    }
}

/// The digits of a text as numbers, and what is between them.
fn parts(text: &str) -> Vec<(Option<u128>, &str)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let numeric = is_digit(first);
        let end = rest.find(|c| is_digit(c) != numeric).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        let number = part.parse().ok().filter(|_| numeric);
        parts.push((number, part));
        rest = behind;
    }
    parts
}

fn list(found: &[(Resource, Live)]) -> Value {
    let items: Vec<Value> = found.iter().map(|(_, live)| live.value()).collect();
    json!({
        "apiVersion": "v1",
        "items": items,
        "kind": "List",
        "metadata": { "resourceVersion": "" },
    })
}

#[cfg(test)]
mod tests {
    use objects::Millis;

    use crate::{
        Files,
        commands::tests::{check, check_with, world},
    };

    #[test]
    fn tables_have_kubectls_columns() {
        let mut timeline = world();
        while timeline.forward_before(Millis::from_secs(10)).is_some() {}
        let age = format!("{}s", timeline.cluster().now().as_secs());
        let script = r#"
$ get nodes
NAME   STATUS   ROLES    AGE   VERSION
n1     Ready    <none>   @@@   v1.34.0
n2     Ready    <none>   @@@   v1.34.0
$ get ds
NAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
agent   2         2         2       2            2           <none>          @@@
$ get ds -o wide --no-headers
agent   2     2     2     2     2     <none>   @@@   main   agent:1   app=agent
$ get pods -l app=bare -A
NAMESPACE   NAME   READY   STATUS    RESTARTS   AGE
default     bare   1/1     Running   0          @@@
$ get pod/bare ds/agent --show-labels
NAME       READY   STATUS    RESTARTS   AGE   LABELS
pod/bare   1/1     Running   0          @@@   app=bare

NAME                   DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE   LABELS
daemonset.apps/agent   2         2         2       2            2           <none>          @@@   tier=x
$ get pods -n other
No resources found in other namespace.
$ get pods -A -l nobody
No resources found
$ get pdb -A
No resources found
$ get pods --field-selector spec.nodeName=n1,status.phase=Running,metadata.name!=x -l app=bare
NAME   READY   STATUS    RESTARTS   AGE
bare   1/1     Running   0          @@@
$ get pod bare missing
NAME   READY   STATUS    RESTARTS   AGE
bare   1/1     Running   0          @@@
Error from server (NotFound): pods "missing" not found
[1]
"#;
        assert_eq!(age.len(), 3);
        check_with(&Files::new(), &mut timeline, &script.replace("@@@", &age));
    }

    #[test]
    fn rows_are_sorted_by_a_field() {
        let mut timeline = world();
        let mut names = |line: &str| {
            let output = crate::execute(line, &Files::new(), &mut timeline);
            output
                .text
                .lines()
                .map(|it| it[..it.len().min(12)].to_owned())
                .collect::<Vec<_>>()
        };
        let nodes = names("get nodes -o name --sort-by=.metadata.labels.zone");
        assert_eq!(nodes, ["node/n1", "node/n2"]);
        let pods = names("get pods -o name --sort-by={.spec.containers[0].image}");
        assert_eq!(pods, ["pod/agent-5s", "pod/agent-k8", "pod/bare"]);
        check(
            r#"
$ get pods --sort-by=.spec.color
error: couldn't find any field with path "{.spec.color}" in the list of objects
[1]
$ get pods --sort-by=.a[
error: error parsing jsonpath {.a[}, unterminated array
[1]
$ get -f missing.yaml
error: the path "missing.yaml" does not exist
[1]
"#,
        );
        assert_eq!(super::compare("a2", "a10"), std::cmp::Ordering::Less);
        assert_eq!(super::compare("1Gi", "500Mi"), std::cmp::Ordering::Greater);
    }

    #[test]
    fn objects_are_shown_in_many_formats() {
        check(
            r#"
$ get ds -o name
daemonset.apps/agent
$ get nodes -o jsonpath='{.items[*].metadata.name}{"\n"}'
n1 n2
$ get node n1 -o jsonpath='{.metadata.labels.kubernetes\.io/hostname}{"\n"}'
n1
$ get pods -l nobody -o yaml
apiVersion: v1
items: []
kind: List
metadata:
  resourceVersion: ""
$ get pods -l nobody -o json
{
    "apiVersion": "v1",
    "items": [],
    "kind": "List",
    "metadata": {
        "resourceVersion": ""
    }
}
$ get pods -o xml
error: unable to match a printer suitable for the output format "xml", allowed formats are: json,jsonpath,name,wide,yaml
[1]
$ get pods -o jsonpath='{.a'
error: error parsing jsonpath {.a, unclosed action
[1]
$ get pod missing --ignore-not-found
$ get pods bare -A
error: a resource cannot be retrieved by name across all namespaces
[1]
$ get foo
error: the server doesn't have a resource type "foo"
[1]
"#,
        );
    }

    #[test]
    fn what_is_shown_as_yaml_can_be_read_again() {
        let mut timeline = world();
        for line in [
            "get nodes,ds,pods,controllerrevisions,events -o yaml",
            "get nodes,ds,pods -o json",
        ] {
            let output = crate::execute(line, &Files::new(), &mut timeline);
            let read = objects::manifest::read_dump(&output.text);
            assert!(read.problems.is_empty(), "{:?}", read.problems);
            assert!(read.objects.len() >= 6);
        }
        for line in [
            "get events",
            "get events -o wide",
            "get controllerrevisions",
            "get pods -o wide",
            "get nodes -o wide",
        ] {
            let output = crate::execute(line, &Files::new(), &mut timeline);
            assert!(output.text.lines().count() > 1, "{}", output.text);
        }
    }
}
