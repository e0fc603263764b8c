//! `set image`, `set resources` and `set env`.

use std::collections::BTreeMap;

use objects::{Container, Object, PodSpec, Quantity, Shared};
use serde_json::{Value, json};

use crate::{execute::Run, flags::Arguments, live::Live, selection::Selection};

/// Something of the containers of pods that is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Set {
    selection: Selection,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// By the name of a container, or `*` for all.
    Images(Vec<(String, String)>),
    Resources {
        containers: String,
        limits: BTreeMap<String, String>,
        requests: BTreeMap<String, String>,
    },
    Environment(Environment),
}

#[derive(Clone, Debug, PartialEq)]
struct Environment {
    containers: String,
    set: Vec<(String, String)>,
    remove: Vec<String>,
    overwrite: bool,
    list: bool,
}

/// What there is behind `set`.
pub(crate) const NOUNS: [&str; 3] = ["env", "image", "resources"];

const NO_RESOURCES: &str =
    "error: one or more resources must be specified as <resource> <name> or <resource>/<name>";

impl Set {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let (resources, what) = match arguments.command.as_str() {
            "set resources" => (arguments.names.clone(), resources(arguments)?),
            "set env" => environment(arguments)?,
            _ => images(arguments)?,
        };
        if resources.is_empty() && arguments.files().is_empty() {
            return Err(NO_RESOURCES.into());
        }
        Ok(Self {
            selection: Selection::read(arguments, &resources, false)?,
            what,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        for (resource, live) in run.select(&self.selection) {
            let mut object = live.object();
            let spec = match &mut object {
                Object::DaemonSet(it) => &mut it.spec.template.spec,
                Object::Pod(it) => &mut it.spec,
                _ => {
                    run.fail(&format!(
                        "error: {}/{} the object is not a pod or does not have a pod template: {}",
                        resource.plural,
                        live.name(),
                        resource.kind
                    ));
                    continue;
                }
            };
            let said = match &self.what {
                What::Images(images) => set_images(spec, images),
                What::Resources {
                    containers,
                    limits,
                    requests,
                } => set_resources(spec, containers, limits, requests),
                What::Environment(it) => {
                    let name = format!("{}/{}", resource.kind, live.name());
                    it.apply(run, spec, &resource.plural, live.name(), &name)
                }
            };
            said.iter().for_each(|it| run.fail(it));
            if is_unchanged(&live, &object)
                || matches!(&self.what, What::Environment(it) if it.list)
            {
                continue;
            }
            if run.replace(object) == Some(true) {
                let what = match &self.what {
                    What::Images(_) => "image",
                    What::Resources { .. } => "resource requirements",
                    What::Environment(_) => "env",
                };
                run.done(&format!(
                    "{}/{} {what} updated",
                    resource.singular(),
                    live.name()
                ));
            }
        }
    }
}

/// Models `SetImageOptions`, kubectl `pkg/cmd/set/set_image.go`, v1.34.
fn images(arguments: &Arguments<'_>) -> Result<(Vec<String>, What), String> {
    let names = arguments.names.iter().cloned();
    let (images, resources): (Vec<String>, Vec<String>) = names.partition(|it| it.contains('='));
    if resources.is_empty() && arguments.files().is_empty() {
        return Err(NO_RESOURCES.into());
    }
    if images.is_empty() {
        return Err("error: at least one image update is required".into());
    }
    let pairs = images.iter().filter_map(|it| it.split_once('='));
    let pairs = pairs.map(|(name, image)| (name.to_owned(), image.to_owned()));
    Ok((resources, What::Images(pairs.collect())))
}

/// Models `SetResourcesOptions`, kubectl `pkg/cmd/set/set_resources.go`, v1.34.
fn resources(arguments: &Arguments<'_>) -> Result<What, String> {
    let amounts = |flag: &str| -> Result<BTreeMap<String, String>, String> {
        let mut amounts = BTreeMap::new();
        let text = arguments.text(flag).unwrap_or_default();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let Some((resource, amount)) = part.split_once('=') else {
                return Err(format!(
                    "error: invalid argument syntax {part:?}, expected <resource>=<value>"
                ));
            };
            if Quantity::new(amount).milli().is_none() {
                return Err("error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'".to_owned());
            }
            amounts.insert(resource.to_owned(), amount.to_owned());
        }
        Ok(amounts)
    };
    let (limits, requests) = (amounts("limits")?, amounts("requests")?);
    if limits.is_empty() && requests.is_empty() {
        return Err("error: you must specify an update to requests or limits (in the form of --requests/--limits)".into());
    }
    Ok(What::Resources {
        containers: arguments.text("containers").unwrap_or("*").to_owned(),
        limits,
        requests,
    })
}

/// Models `EnvOptions`, kubectl `pkg/cmd/set/set_env.go`, v1.34; variables by their values alone.
fn environment(arguments: &Arguments<'_>) -> Result<(Vec<String>, What), String> {
    let is_change = |it: &String| {
        (it.contains('=') && !it.starts_with('=')) || (it.ends_with('-') && it.len() > 1)
    };
    let names = &arguments.names;
    let n_resources = names.iter().take_while(|it| !is_change(it)).count();
    let (resources, changes) = names.split_at(n_resources);
    if !changes.iter().all(is_change) {
        return Err(format!(
            "error: all resources must be specified before environment changes: {}",
            names.join(" ")
        ));
    }
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for change in arguments.texts("env").iter().chain(changes) {
        match (change.split_once('='), change.strip_suffix('-')) {
            (Some((name, value)), _) => set.push((name.to_owned(), value.to_owned())),
            (None, Some(name)) => remove.push(name.to_owned()),
            (None, None) => {
                return Err(format!(
                    "error: unknown parameter {change:?}, expected KEY=VALUE"
                ));
            }
        }
    }
    let list = arguments.is_set("list");
    if set.is_empty() && remove.is_empty() && !list && !resources.is_empty() {
        return Err("error: at least one environment variable must be provided".into());
    }
    let environment = Environment {
        containers: arguments.text("containers").unwrap_or("*").to_owned(),
        set,
        remove,
        overwrite: arguments.text("overwrite").is_none() || arguments.is_set("overwrite"),
        list,
    };
    Ok((resources.to_vec(), What::Environment(environment)))
}

/// Whether a name is of a pattern in which `*` stands for any letters.
///
/// Models `selectString`, kubectl `pkg/cmd/set/helper.go`, v1.34.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Changes the containers whose names are of a pattern. Whether there are any.
fn change(spec: &mut PodSpec, pattern: &str, mut change: impl FnMut(&mut Container)) -> bool {
    let mut found = false;
    let mut of = |containers: &mut Shared<Vec<Container>>| {
        let is_it = |it: &Container| matches(pattern, &it.name);
        if containers.iter().any(is_it) {
            found = true;
            containers
                .iter_mut()
                .filter(|it| is_it(it))
                .for_each(&mut change);
        }
    };
    of(&mut spec.containers);
    of(&mut spec.init_containers);
    found
}

/// Gives what is to be said of names that no container has.
fn set_images(spec: &mut PodSpec, images: &[(String, String)]) -> Vec<String> {
    let missing = images
        .iter()
        .filter(|(name, image)| !change(spec, name, |container| container.image.clone_from(image)));
    let missing: Vec<String> = missing.map(|(name, _)| name.clone()).collect();
    let line = |name: &String| format!("error: unable to find container named {name:?}");
    missing.iter().map(line).collect()
}

fn set_resources(
    spec: &mut PodSpec,
    containers: &str,
    limits: &BTreeMap<String, String>,
    requests: &BTreeMap<String, String>,
) -> Vec<String> {
    let found = change(spec, containers, |container| {
        let resources = container.resources.get_or_insert_default();
        for (of, given) in [
            (&mut resources.limits, limits),
            (&mut resources.requests, requests),
        ] {
            let given = given.iter();
            of.extend(given.map(|(resource, it)| (resource.clone(), Quantity::new(it))));
        }
    });
    match found {
        true => Vec::new(),
        false => vec![format!(
            "error: unable to find container named {containers}"
        )],
    }
}

impl Environment {
    fn apply(
        &self,
        run: &mut Run<'_>,
        spec: &mut PodSpec,
        plural: &str,
        name: &str,
        display: &str,
    ) -> Vec<String> {
        let mut refused = Vec::new();
        let mut listed = String::new();
        let kind = display.split('/').next().unwrap_or_default();
        let found = change(spec, &self.containers, |container| {
            if let Some(why) = self.in_the_way(container) {
                refused.push(format!("error: {plural}/{name} {why}"));
                return;
            }
            self.change(container);
            listed += &format!("# {kind} {name}, container {}\n", container.name);
            listed += &list(container);
        });
        if !found {
            let pattern = &self.containers;
            run.say(&format!(
                "warning: {display} does not have any containers matching {pattern:?}"
            ));
        }
        if self.list {
            run.output.text += &listed;
        }
        refused.truncate(1);
        refused
    }

    /// What is said of a value that is there and not to be overwritten.
    fn in_the_way(&self, container: &Container) -> Option<String> {
        let variables = container.rest.get("env").and_then(Value::as_array);
        let mut variables = variables.into_iter().flatten().filter(|_| !self.overwrite);
        variables.find_map(|it| {
            let mut set = self.set.iter();
            set.find(|(name, value)| it["name"] == **name && it["value"] != **value)?;
            let (name, value) = (
                it["name"].as_str()?,
                it["value"].as_str().unwrap_or_default(),
            );
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
        for (name, value) in &self.set {
            let variable = match value.as_str() {
                "" => json!({ "name": name }),
                value => json!({ "name": name, "value": value }),
            };
            match before.iter_mut().find(|it| it["name"] == **name) {
                Some(there) => *there = variable,
                None => before.push(variable),
            }
        }
        match before.is_empty() {
            true => drop(container.rest.remove("env")),
            false => drop(container.rest.insert("env".into(), Value::Array(before))),
        }
    }
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
            format!("resource field {}", text(&it["resource"]))
        } else {
            return format!("{name}={}\n", text(&it["value"]));
        };
        format!("# {name} from {of}\n")
    };
    variables.into_iter().flatten().map(line).collect()
}

fn is_unchanged(live: &Live, object: &Object) -> bool {
    match (live, object) {
        (Live::DaemonSet(old), Object::DaemonSet(new)) => old.spec == new.spec,
        (Live::Pod(old), Object::Pod(new)) => old.spec == new.spec,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;
    use crate::commands::tests::check;

    #[test]
    fn images_are_set() {
        check(
            r#"
$ set image ds/agent main=agent:2
daemonset.apps/agent image updated
$ set image ds/agent main=agent:2
$ set image daemonset agent *=agent:3
daemonset.apps/agent image updated
$ set image ds/agent other=x
error: unable to find container named "other"
[1]
$ set image pod/bare c=web:2
pod/bare image updated
$ set image ds/agent
error: at least one image update is required
[1]
$ set image main=x
error: one or more resources must be specified as <resource> <name> or <resource>/<name>
[1]
$ set image ds/nobody main=x
Error from server (NotFound): daemonsets.apps "nobody" not found
[1]
$ set imago ds/agent main=x
error: unknown command "imago ds/agent main=x"
See 'kubectl set -h' for help and examples
[1]
"#,
        );
    }

    #[test]
    fn resources_are_set() {
        check(
            r#"
$ set resources ds/agent --limits=cpu=200m,memory=512Mi --requests=cpu=100m
daemonset.apps/agent resource requirements updated
$ set resources ds/agent --requests=cpu=100m -c main
$ get ds agent -o jsonpath='{.spec.template.spec.containers[0].resources}{"\n"}'
{"limits":{"cpu":"200m","memory":"512Mi"},"requests":{"cpu":"100m"}}
$ set resources ds/agent --limits=cpu=1 -c other
error: unable to find container named other
[1]
$ set resources ds/agent
error: you must specify an update to requests or limits (in the form of --requests/--limits)
[1]
$ set resources ds/agent --limits=cpu
error: invalid argument syntax "cpu", expected <resource>=<value>
[1]
$ set resources ds/agent --limits=cpu=much
error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
[1]
$ set resources ds/agent --requests=cpu=300m
The DaemonSet "agent" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "300m": must be less than or equal to cpu limit of 200m
[1]
"#,
        );
    }

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
$ set env ds/agent LEVEL=info
$ set env ds/agent A=b -c other
warning: DaemonSet/agent does not have any containers matching "other"
$ set env ds/agent
error: at least one environment variable must be provided
[1]
$ set env A=b
error: one or more resources must be specified as <resource> <name> or <resource>/<name>
[1]
$ set env ds/agent A=b other
error: all resources must be specified before environment changes: ds/agent A=b other
[1]
$ set env node/n1 A=b
error: nodes/n1 the object is not a pod or does not have a pod template: Node
[1]
"#,
        );
    }

    #[test]
    fn patterns_stand_for_names() {
        for (pattern, name, want) in [
            ("*", "main", true),
            ("ma*", "main", true),
            ("*in", "main", true),
            ("m*n", "main", true),
            ("m*i*n", "main", true),
            ("main", "main", true),
            ("x*", "main", false),
            ("ma", "main", false),
        ] {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
    }
}
