//! `set env`.
//!
//! Models `EnvOptions`, kubectl `pkg/cmd/set/set_env.go`, and `set/env/env_parse.go`, v1.34.

use objects::{Container, PodSpec};
use serde_json::{Value, json};

use super::pattern::change;
use crate::{execute::Run, flags::Arguments, selection::Selection};

/// Variables of containers that are set and removed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Environment {
    containers: String,
    /// As they stand in a container.
    set: Vec<Value>,
    remove: Vec<String>,
    overwrite: bool,
    /// Whether they are only listed.
    pub(super) list: bool,
    /// The objects whose keys are to be variables.
    from: Option<Selection>,
    /// Of these keys only, if there are any.
    keys: Vec<String>,
    /// What stands before the names of all that are set.
    prefix: String,
}

impl Environment {
    /// The objects, and what is to become of their variables.
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<(Vec<String>, Self), String> {
        let is_change = |it: &String| {
            it.ends_with('-') || it.split_once('=').is_some_and(|(name, _)| !name.is_empty())
        };
        let names = &arguments.names;
        let n_objects = names.iter().take_while(|it| !is_change(it)).count();
        let (objects, changes) = names.split_at(n_objects);
        if !changes.iter().all(is_change) {
            return Err(format!(
                "error: all resources must be specified before environment changes: {}",
                names.join(" ")
            ));
        }
        if objects.is_empty() && arguments.files().is_empty() {
            return Err("error: one or more resources must be specified as <resource> <name> or <resource>/<name>".to_owned());
        }
        let list = arguments.is_set("list");
        if list && arguments.text("output").is_some_and(|it| !it.is_empty()) {
            return Err("error: --list and --output may not be specified together".to_owned());
        }
        let text = |flag: &str| arguments.text(flag).unwrap_or_default();
        let keys: Vec<String> = text("keys").split(',').map(str::to_owned).collect();
        let keys: Vec<String> = keys.into_iter().filter(|it| !it.is_empty()).collect();
        let from = match text("from") {
            "" if keys.is_empty() => None,
            "" => return Err(
                "error: when specifying --keys, a configmap or secret must be provided with --from"
                    .to_owned(),
            ),
            from => Some(Selection::read(arguments, &[from.to_owned()], false)?),
        };
        let (set, remove) = read_all(arguments.texts("env").iter().chain(changes))?;
        let environment = Self {
            containers: arguments.text("containers").unwrap_or("*").to_owned(),
            set,
            remove,
            overwrite: arguments.text("overwrite").is_none() || arguments.is_set("overwrite"),
            list,
            from,
            keys,
            prefix: text("prefix").to_owned(),
        };
        Ok((objects.to_vec(), environment))
    }

    /// The same, with the variables that other objects hold, and all names complete.
    pub(super) fn completed(&self, run: &mut Run<'_>) -> Self {
        let mut completed = self.clone();
        let found = self.from.as_ref().map(|it| run.select(it));
        for (resource, live) in found.unwrap_or_default() {
            let source = match &*resource.kind {
                "ConfigMap" => "configMapKeyRef",
                "Secret" => "secretKeyRef",
                _ => {
                    run.fail("error: unsupported resource specified in --from");
                    continue;
                }
            };
            let data = live.value()["data"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            let mut keys: Vec<&String> = data.keys().collect();
            keys.sort();
            keys.retain(|key| self.keys.is_empty() || self.keys.contains(key));
            for key in keys {
                let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let name = key.replace(|c| !is_of_name(c), "_").to_uppercase();
                if name != *key {
                    run.say(&format!("Warning: key {key} transferred to {name}"));
                }
                let of = json!({ source: { "name": live.name(), "key": key } });
                completed.set.push(json!({ "name": name, "valueFrom": of }));
            }
        }
        for variable in &mut completed.set {
            let name = variable["name"].as_str().unwrap_or_default();
            variable["name"] = format!("{}{name}", self.prefix).into();
        }
        completed
    }

    pub(super) fn set(
        &self,
        run: &mut Run<'_>,
        spec: &mut PodSpec,
        kind: &str,
        name: &str,
    ) -> Result<(), String> {
        let mut refused = None;
        let mut listed = String::new();
        let found = change(spec, &self.containers, |container| {
            refused = refused.take().or_else(|| self.in_the_way(container));
            if refused.is_none() {
                self.change(container);
                listed += &format!("# {kind} {name}, container {}\n", container.name);
                listed += &list(container);
            }
        });
        if !found {
            let pattern = &self.containers;
            run.say(&format!(
                "Warning: {kind}/{name} does not have any containers matching {pattern:?}"
            ));
        }
        if self.list {
            run.output.text += &listed;
        }
        refused.map_or(Ok(()), Err)
    }

    /// What is said of a value that is there and not to be overwritten.
    fn in_the_way(&self, container: &Container) -> Option<String> {
        let variables = container.rest.get("env").and_then(Value::as_array);
        let mut variables = variables.into_iter().flatten().filter(|_| !self.overwrite);
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        variables.find_map(|it| {
            let value = text(&it["value"]);
            let mut set = self.set.iter();
            set.find(|new| new["name"] == it["name"] && text(&new["value"]) != value)?;
            let name = text(&it["name"]);
            Some(format!(
                "'{name}' already has a value ({value}), and --overwrite is false"
            ))
        })
    }

    /// What is there keeps its place, what is new comes behind.
    ///
    /// Models `updateEnv`, kubectl `pkg/cmd/set/helper.go`, v1.34.
    fn change(&self, container: &mut Container) {
        let mut before = match container.rest.get("env") {
            Some(Value::Array(variables)) => variables.clone(),
            _ => Vec::new(),
        };
        before.retain(|it| !self.remove.iter().any(|name| it["name"] == **name));
        for variable in &self.set {
            match before.iter_mut().find(|it| it["name"] == variable["name"]) {
                Some(there) => there.clone_from(variable),
                None => before.push(variable.clone()),
            }
        }
        match before.is_empty() {
            true => drop(container.rest.remove("env")),
            false => drop(container.rest.insert("env".into(), Value::Array(before))),
        }
    }
}

type Changes = (Vec<Value>, Vec<String>);

/// What is set, and what is removed.
///
/// Models `parseIntoEnvVar`.
fn read_all<'a>(changes: impl Iterator<Item = &'a String>) -> Result<Changes, String> {
    const NAME: &str = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for change in changes {
        match (change.split_once('='), change.strip_suffix('-')) {
            (Some((name, value)), _) => {
                let is_name = !name.is_empty()
                    && name.chars().all(is_inner)
                    && !name.starts_with(|c: char| c.is_ascii_digit());
                if !is_name {
                    return Err(format!("error: {name:?} is not a valid key name: {NAME}"));
                }
                set.push(match value {
                    "" => json!({ "name": name }),
                    value => json!({ "name": name, "value": value }),
                });
            }
            (None, Some(name)) => remove.push(name.to_owned()),
            (None, None) => {
                return Err(format!("error: unknown environment variable: {change}"));
            }
        }
    }
    let is_removed = |it: &Value| remove.iter().any(|name| it["name"] == **name);
    if set.iter().any(is_removed) {
        return Err("error: can not both modify and remove the same environment variable in the same command".to_owned());
    }
    Ok((set, remove))
}

/// The variables of a container as a shell would read them.
fn list(container: &Container) -> String {
    let variables = container.rest.get("env").and_then(Value::as_array);
    let line = |it: &Value| {
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        let (name, from) = (text(&it["name"]), &it["valueFrom"]);
        let of = if let Some(it) = from.get("configMapKeyRef") {
            format!("configmap {}, key {}", text(&it["name"]), text(&it["key"]))
        } else if let Some(it) = from.get("secretKeyRef") {
            format!("secret {}, key {}", text(&it["name"]), text(&it["key"]))
        } else if let Some(it) = from.get("fieldRef") {
            format!("field path {}", text(&it["fieldPath"]))
        } else if let Some(it) = from.get("resourceFieldRef") {
            let of = text(&it["containerName"]);
            let of = if of.is_empty() { of } else { of + "/" };
            format!("resource field {of}{}", text(&it["resource"]))
        } else {
            return format!("{name}={}\n", text(&it["value"]));
        };
        format!("# {name} from {of}\n")
    };
    variables.into_iter().flatten().map(line).collect()
}

#[cfg(test)]
mod tests {
    use crate::{
        Files,
        commands::tests::{check, check_with, world},
    };

    #[test]
    fn variables_are_set() {
        check(
            r#"
$ set env ds/agent LEVEL=debug MODE=fast
daemonset.apps/agent env updated
$ set env ds/agent LEVEL=info --overwrite=false
error: daemonsets/agent 'LEVEL' already has a value (debug), and --overwrite is false
[1]
$ set env ds/agent -e LEVEL=info MODE- --containers=ma*
daemonset.apps/agent env updated
$ set env ds/agent --list
# DaemonSet agent, container main
LEVEL=info
$ set env ds/agent --from=configmap/nobody
Error from server (NotFound): configmaps "nobody" not found
[1]
$ set env ds/agent --from=ds/agent
error: unsupported resource specified in --from
[1]
$ set env ds/agent --keys=a B=c
error: when specifying --keys, a configmap or secret must be provided with --from
[1]
$ set env ds/agent LEVEL=info
$ set env ds/agent A=b -c other
Warning: DaemonSet/agent does not have any containers matching "other"
$ set env ds/agent
$ set env ds/agent 1A=5
error: "1A" is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')
[1]
$ set env ds/agent A=5 A-
error: can not both modify and remove the same environment variable in the same command
[1]
$ set env A=b
error: one or more resources must be specified as <resource> <name> or <resource>/<name>
[1]
$ set env ds/agent A=b other
error: all resources must be specified before environment changes: ds/agent A=b other
[1]
$ set env node/n1 A=b
error: nodes/n1 the object is not a pod or does not have a pod template: *v1.Node
[1]
"#,
        );
    }
    #[test]
    fn variables_come_from_other_objects() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {log-level: debug, MODE: fast}\n";
        let files = Files::from([("c.yaml".to_owned(), text.to_owned())]);
        check_with(
            &files,
            &mut world(),
            r#"
$ create -f c.yaml
configmap/c created
$ set env ds/agent --from=configmap/c --keys=log-level --prefix=X_
Warning: key log-level transferred to LOG_LEVEL
daemonset.apps/agent env updated
$ set env ds/agent --list
# DaemonSet agent, container main
# X_LOG_LEVEL from configmap c, key log-level
"#,
        );
    }
}
