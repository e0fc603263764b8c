//! `set image`.
//!
//! Models `SetImageOptions`, kubectl `pkg/cmd/set/set_image.go`, v1.34.

use objects::PodSpec;

use super::pattern::change;
use crate::{commands::label::resources_and_pairs, flags::Arguments};

/// Images by the name of a container, or `*` for all.
type Images = Vec<(String, String)>;

/// The objects, and their new images.
pub(super) fn read(
    arguments: &Arguments<'_>,
) -> Result<(Vec<String>, Result<Images, String>), String> {
    let (objects, pairs) = resources_and_pairs(&arguments.names, "image")?;
    let (given, other): (Vec<&String>, Vec<&String>) =
        pairs.iter().partition(|it| it.contains('='));
    if !other.is_empty() {
        let other: Vec<&str> = other.iter().map(|it| it.as_str()).collect();
        return Err(format!("error: invalid image format: {}", other.join(", ")));
    }
    let images = given.iter().filter_map(|it| it.split_once('='));
    let images: Images = images
        .map(|(of, it)| (of.to_owned(), it.to_owned()))
        .collect();
    let is_for_all = images.iter().any(|(of, _)| of == "*");
    let wrong = |why: &str| Err(format!("error: {why}"));
    Ok((
        objects,
        match images.len() {
            0 => wrong("at least one image update is required"),
            2.. if is_for_all => wrong(
                "all containers are already specified by *, but saw more than one container_name=container_image pairs",
            ),
            _ => Ok(images),
        },
    ))
}

/// Gives what is to be said of names that no container has.
pub(super) fn set(spec: &mut PodSpec, images: &Images) -> Vec<String> {
    let missing = images
        .iter()
        .filter(|(name, image)| !change(spec, name, |it| it.image = image.as_str().into()));
    missing
        .map(|(name, _)| format!("error: unable to find container named {name:?}"))
        .collect()
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
error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'
[1]
$ set image ds/agent main=agent:4 other=x
daemonset.apps/agent image updated
error: unable to find container named "other"
[1]
$ set image ds/agent main
error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'
[1]
$ set image ds/agent ds/nobody main=agent:5
Error from server (NotFound): daemonsets.apps "nobody" not found
[1]
$ set image ds/agent main=
error: failed to patch image update to pod template: DaemonSet.apps "agent" is invalid: spec.template.spec.containers[0].image: Required value
[1]
$ set image ds/agent main=a main-
error: invalid image format: main-
[1]
$ set image ds/agent main=a *=b
error: all containers are already specified by *, but saw more than one container_name=container_image pairs
[1]
$ set image ds/agent main=agent:6 -o name --dry-run=client
daemonset.apps/agent
$ set image ds/agent main=agent:6 -o jsonpath='{..image}{"\n"}' --dry-run=client
agent:6
$ get ds agent -o jsonpath='{..image}{"\n"}'
agent:4
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
}
