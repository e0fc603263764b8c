//! `set image`.

use objects::{Container, Object, PodSpec, Shared};

use crate::{execute::Run, flags::Arguments, live::Live, selection::Selection};

/// Containers that get another image.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SetImage {
    selection: Selection,
    /// By the name of a container, or `*` for all.
    images: Vec<(String, String)>,
}

impl SetImage {
    pub(crate) fn read(arguments: &Arguments) -> Result<Self, String> {
        let (images, resources): (Vec<&String>, Vec<&String>) =
            arguments.names.iter().partition(|it| it.contains('='));
        if resources.is_empty() {
            return Err("error: one or more resources must be specified as <resource> <name> or <resource>/<name>".into());
        }
        if images.is_empty() {
            return Err("error: at least one image update is required".into());
        }
        let resources: Vec<String> = resources.into_iter().cloned().collect();
        let pairs = images.into_iter().filter_map(|it| it.split_once('='));
        Ok(Self {
            selection: Selection::read(arguments, &resources, false)?,
            images: pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
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
            for missing in self.set(spec) {
                run.fail(&format!(
                    "error: unable to find container named {missing:?}"
                ));
            }
            if is_unchanged(&live, &object) {
                continue;
            }
            if run.replace(object) == Some(true) {
                run.say(&format!(
                    "{}/{} image updated",
                    resource.singular(),
                    live.name()
                ));
            }
        }
    }

    /// Sets the images; gives the names that no container has.
    fn set(&self, spec: &mut PodSpec) -> Vec<&str> {
        let mut missing = Vec::new();
        for (name, image) in &self.images {
            let mut found = false;
            let mut set = |containers: &mut Shared<Vec<Container>>| {
                let is_it = |it: &Container| name == "*" || it.name == *name;
                if containers.iter().any(is_it) {
                    found = true;
                    for container in containers.iter_mut().filter(|it| is_it(it)) {
                        container.image.clone_from(image);
                    }
                }
            };
            set(&mut spec.containers);
            set(&mut spec.init_containers);
            if !found {
                missing.push(name.as_str());
            }
        }
        missing
    }
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
error: unknown command "imago" for "kubectl set"

Did you mean this?
	image
[1]
"#,
        );
    }
}
