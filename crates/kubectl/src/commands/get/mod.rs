//! `get`.
//!
//! Models kubectl `pkg/cmd/get/get.go`, v1.34.

mod columns;
mod format;
mod sort;

use objects::Millis;
use serde_json::{Value, json};

use self::{format::Format, sort::SortBy};
use crate::{
    execute::Run,
    flags::Arguments,
    live::Live,
    print,
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
    show_kind: bool,
    /// Keys whose values stand in columns of their own.
    label_columns: Vec<String>,
    ignore_not_found: bool,
    sort_by: Option<SortBy>,
    follows: bool,
    /// Whether events are called so, which in a real cluster there are two kinds of.
    by_ev: bool,
}

impl Get {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        if arguments.names.is_empty() && arguments.files().is_empty() {
            return Err("You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples".to_owned());
        }
        let output = arguments.text("output").unwrap_or_default();
        let show_labels = arguments.is_set("show-labels");
        if show_labels && !matches!(output, "" | "wide") {
            return Err(format!(
                "error: --show-labels option cannot be used with {output} printer"
            ));
        }
        let columns = arguments.texts("label-columns").iter();
        let columns = columns.flat_map(|it| it.split(','));
        let sort_by = arguments.text("sort-by").filter(|it| !it.is_empty());
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, true)?,
            format: Format::read(output)?,
            all_namespaces: arguments.is_set("all-namespaces"),
            no_headers: arguments.is_set("no-headers"),
            show_labels,
            show_kind: arguments.is_set("show-kind"),
            label_columns: columns.map(str::to_owned).collect(),
            ignore_not_found: arguments.is_set("ignore-not-found"),
            sort_by: sort_by.map(SortBy::read),
            by_ev: arguments
                .names
                .first()
                .is_some_and(|it| it.split(',').any(|it| it == "ev")),
            follows: arguments.is_set("watch") || arguments.is_set("watch-only"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        if self.by_ev {
            run.say("Warning: short name \"ev\" could also match lower priority resource events.events.k8s.io");
        }
        let mut found = run.select(&self.selection);
        run.output.follows = self.follows;
        if self.ignore_not_found {
            run.forgive_not_found();
        }
        if let Format::Table { wide } = self.format {
            return self.tables(run, found, wide);
        }
        let is_one = self.selection.is_single();
        if is_one && found.is_empty() {
            return;
        }
        if let Some(field) = self.sort_by.as_ref().filter(|_| !is_one)
            && let Err(message) = field.sort_list(&mut found)
        {
            return run.fail(&message);
        }
        match &self.format {
            Format::Columns(columns) => {
                let objects = found.iter().map(|(_, live)| live.value());
                run.output.text += &columns::table(columns, objects).text(!self.no_headers);
            }
            Format::Names => {
                for (resource, live) in &found {
                    run.say(&format!("{}/{}", resource.singular(), live.name()));
                }
            }
            Format::Printer(printer) => {
                let value = match found.as_slice() {
                    [(_, live)] if is_one => live.value(),
                    found => list(found),
                };
                run.show(printer, &value);
            }
            Format::Table { .. } => {}
        }
    }

    /// A table for each kind; as many as were asked for, if types were.
    fn tables(&self, run: &mut Run<'_>, found: Vec<(Resource, Live)>, wide: bool) {
        let mut kinds: Vec<Vec<(Resource, Live)>> = Vec::new();
        for it in found {
            match kinds.last_mut() {
                Some(last) if last.first().is_some_and(|(of, _)| *of == it.0) => last.push(it),
                _ => kinds.push(vec![it]),
            }
        }
        let n_asked = match &self.selection.which {
            Which::Matching { resources, .. } => resources.len(),
            _ => kinds.len(),
        };
        if let Some(field) = &self.sort_by {
            let n_tables = match &self.selection.which {
                Which::Matching { resources, .. } => resources.len(),
                _ => kinds.iter().map(Vec::len).sum(),
            };
            if n_tables > 1 {
                // The tables themselves are looked at, which have no such field.
                return run.fail(&field.not_found());
            }
            kinds.retain_mut(|it| field.sort_table(it));
        }
        if kinds.is_empty() && !run.has_failed() && !self.ignore_not_found {
            let is_namespaced = self.selection.resources().iter().all(|it| it.namespaced);
            return run.nothing_found(&self.selection, is_namespaced);
        }
        let now = run.cluster().unix_now();
        for (i, kind) in kinds.iter().enumerate() {
            if i > 0 && !self.no_headers {
                run.output.text.push('\n');
            }
            run.output.text += &self.table(kind, now, wide, n_asked > 1);
        }
    }

    /// The objects of a kind, with the columns that flags ask for.
    ///
    /// Models `decorateTable`, cli-runtime `pkg/printers/tableprinter.go`, v1.34.
    fn table(&self, kind: &[(Resource, Live)], now: Millis, wide: bool, is_mixed: bool) -> String {
        let Some((resource, _)) = kind.first() else {
            return String::new();
        };
        let objects: Vec<&Live> = kind.iter().map(|(_, live)| live).collect();
        let mut table = print::table(&objects, now, wide);
        table.cut_at_line_ends();
        if is_mixed || self.show_kind {
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
        for key in &self.label_columns {
            let header = key.rsplit('/').next().unwrap_or_default().to_uppercase();
            let cell = |it: &&Live| it.labels().get(key).cloned().unwrap_or_default();
            table.insert(usize::MAX, &header, objects.iter().map(cell).collect());
        }
        if self.show_labels {
            let cells = objects.iter().map(|it| print::labels(&it.labels()));
            table.insert(usize::MAX, "LABELS", cells.collect());
        }
        table.text(!self.no_headers)
    }
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
$ get pods,ds -l app=bare --no-headers
pod/bare   1/1   Running   0     @@@
$ get node/n1 pod/bare --no-headers
node/n1   Ready   <none>   @@@   v1.34.0
pod/bare   1/1   Running   0     @@@
$ get nodes -L zone,kubernetes.io/hostname -L x
NAME   STATUS   ROLES    AGE   VERSION   ZONE   HOSTNAME   X
n1     Ready    <none>   @@@   v1.34.0   a      n1         
n2     Ready    <none>   @@@   v1.34.0   b      n2         
$ get ds --show-kind
NAME                   DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
daemonset.apps/agent   2         2         2       2            2           <none>          @@@
$ get all -l app=bare
NAME       READY   STATUS    RESTARTS   AGE
pod/bare   1/1     Running   0          @@@
$ get ns
NAME              STATUS   AGE
default           Active   @@@
kube-node-lease   Active   @@@
kube-public       Active   @@@
kube-system       Active   @@@
$ get ns kube-system -o jsonpath='{.metadata.labels}{.status}{"\n"}'
{"kubernetes.io/metadata.name":"kube-system"}{"phase":"Active"}
$ get ev -l app=none
Warning: short name "ev" could also match lower priority resource events.events.k8s.io
No resources found in default namespace.
$ get pods,nodes -l app=none
No resources found
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
No resources found in default namespace.
$ get pods --sort-by=.spec.color -o name
error: couldn't find any field with path "{.spec.color}" in the list of objects
[1]
$ get nodes --sort-by=.a[
No resources found
$ get nodes --sort-by={.a[
No resources found
$ get nodes n1 n2 --sort-by=.metadata.name
error: couldn't find any field with path "{.metadata.name}" in the list of objects
[1]
$ get nodes n1 --sort-by=.nope --no-headers -o custom-columns=N:.metadata.name
n1
$ get nodes --sort-by=.spec.unschedulable -o name
error: couldn't find any field with path "{.spec.unschedulable}" in the list of objects
[1]
$ cordon n2
node/n2 cordoned
$ get nodes,ds --sort-by=.metadata.name -o name
daemonset.apps/agent
node/n1
node/n2
$ get nodes --sort-by=.spec.unschedulable -o name
node/n1
node/n2
$ get -f missing.yaml
error: the path "missing.yaml" does not exist
[1]
"#,
        );
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
error: unable to match a printer suitable for the output format "xml", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml
[1]
$ get pods -o jsonpath='{.a'
error: error parsing jsonpath {.a, unclosed action
[1]
$ get pod missing --ignore-not-found
$ get pods,ds -o custom-columns='NAME:.metadata.name,NODE:.spec.nodeName,L:{.metadata.labels}' -l app=bare
NAME   NODE   L
bare   n1     map[app:bare]
$ get ds -o custom-columns=NAME:metadata.name,NOPE:.nope
NAME    NOPE
agent   <none>
$ get ds -o custom-columns=NAME
error: unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>
[1]
$ get nodes -o jsonpath-as-json='{.items[*].metadata.name}'
[
    "n1",
    "n2"
]
$ get ds --show-labels -o yaml
error: --show-labels option cannot be used with yaml printer
[1]
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
