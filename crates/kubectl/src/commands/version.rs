//! `version` and `api-resources`.

use crate::{execute::Run, flags::Arguments, print::Table, resource::Resource};

/// What kubectl and the API server are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Server {
    Version { client_only: bool },
    ApiResources,
}

impl Server {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let is_version = arguments.command == "version";
        if let Some(extra) = arguments.names.first() {
            let names = arguments.names.join(" ");
            return Err(match is_version {
                true => format!("error: extra arguments: [{names}]"),
                false => arguments.usage(&format!("unexpected arguments: [{extra}]")),
            });
        }
        let output = arguments.text("output").unwrap_or_default();
        if is_version && !matches!(output, "" | "yaml" | "json") {
            return Err("error: --output must be 'yaml' or 'json'".to_owned());
        }
        Ok(match is_version {
            true => Self::Version {
                client_only: arguments.is_set("client"),
            },
            false => Self::ApiResources,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        match self {
            Self::Version { client_only } => {
                let server = run.cluster().version().release();
                run.say("Client Version: v1.34.0");
                run.say("Kustomize Version: v5.7.1");
                if !client_only {
                    run.say(&format!("Server Version: {server}"));
                }
            }
            Self::ApiResources => {
                let mut table =
                    Table::new(&["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]);
                let mut all: Vec<_> = Resource::all(run.cluster()).collect();
                all.sort_by(|(a, _), (b, _)| (&a.group, &a.plural).cmp(&(&b.group, &b.plural)));
                for (resource, shorts) in all {
                    table.rows.push(vec![
                        resource.plural.to_string(),
                        shorts.join(","),
                        resource.api_version(),
                        resource.namespaced.to_string(),
                        resource.kind.to_string(),
                    ]);
                }
                run.output.text += &table.text(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Files,
        commands::tests::{check, check_with, world},
        execute,
    };

    #[test]
    fn the_server_says_what_it_is() {
        check(
            r#"
$ version
Client Version: v1.34.0
Kustomize Version: v5.7.1
Server Version: v1.34.0
$ version --client
Client Version: v1.34.0
Kustomize Version: v5.7.1
$ version -o foo
error: --output must be 'yaml' or 'json'
[1]
$ version x y
error: extra arguments: [x y]
[1]
"#,
        );
    }

    #[test]
    fn kinds_that_are_defined_are_kinds_like_others() {
        let definition = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wd]}
  versions: [{name: v1, served: true, storage: true}]
";
        let widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n";
        let files = Files::from([
            ("definition.yaml".to_owned(), definition.to_owned()),
            ("widget.yaml".to_owned(), widget.to_owned()),
        ]);
        let mut timeline = world();
        check_with(
            &files,
            &mut timeline,
            r#"
$ get wd
error: the server doesn't have a resource type "wd"
[1]
$ create -f definition.yaml -f widget.yaml
customresourcedefinition.apiextensions.k8s.io/widgets.example.com created
widget.example.com/w created
$ get wd,widgets.example.com -o name
widget.example.com/w
$ get widget/nobody
Error from server (NotFound): widgets.example.com "nobody" not found
[1]
$ delete wd w
widget.example.com "w" deleted from default namespace
"#,
        );
        let kinds = execute("api-resources", &files, &mut timeline);
        assert!(
            kinds
                .text
                .contains("daemonsets                  ds           apps/v1"),
            "{}",
            kinds.text
        );
        assert!(kinds.text.contains("widgets "), "{}", kinds.text);
    }
}
