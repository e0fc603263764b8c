//! `TYPE[,TYPE...] [NAME...]` and `TYPE/NAME...`.

use super::{Selectors, Which};
use crate::{flags::Arguments, resource::Resource};

const SLASHES: &str = "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";
pub(super) const NOTHING: &str = "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

/// What `all` stands for, as far as it is known here.
const CATEGORY_ALL: [&str; 9] = [
    "pods",
    "replicationcontrollers",
    "services",
    "daemonsets",
    "deployments",
    "replicasets",
    "statefulsets",
    "cronjobs",
    "jobs",
];

/// What was named, its types not yet looked up.
pub(super) enum Names {
    Nothing,
    Pairs(Vec<(String, String)>),
    Of {
        types: Vec<String>,
        names: Vec<String>,
    },
}

impl Names {
    /// Models `Builder.ResourceTypeOrNameArgs`.
    pub(super) fn read(words: &[String]) -> Result<Self, String> {
        let Some((first, rest)) = words.split_first() else {
            return Ok(Self::Nothing);
        };
        let with_slash = words.iter().filter(|it| it.contains('/')).count();
        let types = parts(first);
        if types.len() > 1 && !rest.is_empty() {
            let of = |of: &String| {
                let names = rest.iter().map(|name| format!("{of}/{name}"));
                names.collect::<Vec<_>>()
            };
            let pairs: Vec<String> = types.iter().flat_map(of).collect();
            return Self::pairs(&pairs);
        }
        match with_slash {
            0 => {
                let of = |it: String| match &*it {
                    "all" => CATEGORY_ALL.map(str::to_owned).to_vec(),
                    _ => vec![it],
                };
                Ok(Self::Of {
                    types: types.into_iter().flat_map(of).collect(),
                    names: rest.to_vec(),
                })
            }
            n if n == words.len() => Self::pairs(words),
            _ => Err(SLASHES.to_owned()),
        }
    }

    fn pairs(words: &[String]) -> Result<Self, String> {
        let pairs = words.iter().filter_map(|it| Self::pair(it).transpose());
        Ok(Self::Pairs(pairs.collect::<Result<_, String>>()?))
    }

    /// `TYPE/NAME`, if there is a slash.
    ///
    /// Models `splitResourceTypeName`.
    pub(super) fn pair(text: &str) -> Result<Option<(String, String)>, String> {
        match text.split_once('/') {
            None => Ok(None),
            Some((_, name)) if name.contains('/') => Err(
                "error: arguments in resource/name form may not have more than one slash"
                    .to_owned(),
            ),
            Some((of, name)) if of.is_empty() || name.is_empty() || parts(of).len() != 1 => Err(
                "error: arguments in resource/name form must have a single resource and name"
                    .to_owned(),
            ),
            Some((of, name)) => Ok(Some((of.to_owned(), name.to_owned()))),
        }
    }

    /// Models `Builder.visitByPaths`.
    pub(super) fn no_names_beside_files(&self) -> Result<(), String> {
        Err(match self {
            Self::Nothing => return Ok(()),
            Self::Of { .. } => "error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
            Self::Pairs(_) => "error: resource/name arguments cannot be provided when a path is specified",
        }
        .to_owned())
    }

    /// Models `Builder.visitBySelector`, `visitByResource` and `visitByName`.
    pub(super) fn which(
        self,
        arguments: &Arguments<'_>,
        selectors: Option<Selectors>,
    ) -> Result<Which, String> {
        let wrong = |why: &str| Err(format!("error: {why}"));
        match (self, selectors) {
            (Self::Of { names, .. }, Some(_)) if !names.is_empty() => {
                wrong("name cannot be provided when a selector is specified")
            }
            (Self::Pairs(_), Some(_)) => wrong(
                "selectors and the all flag cannot be used when passing resource/name arguments",
            ),
            (Self::Nothing, Some(_)) => {
                wrong("at least one resource must be specified to use a selector")
            }
            (Self::Nothing, None) => Err(NOTHING.to_owned()),
            (Self::Of { types, .. }, Some(selectors)) => Ok(Which::Matching {
                resources: resources(arguments, &types)?,
                selectors,
            }),
            (Self::Of { types, names }, None) => {
                let of = resources(arguments, &types)?;
                match (of.as_slice(), names.is_empty()) {
                    (_, true) => wrong("resource(s) were provided, but no name was specified"),
                    ([of], false) => Ok(Which::Named(
                        names.into_iter().map(|it| (of.clone(), it)).collect(),
                    )),
                    _ => wrong("you must specify only one resource"),
                }
            }
            (Self::Pairs(pairs), None) => {
                let pair = |(of, name): (String, String)| Ok((arguments.resource(&of)?, name));
                let pairs = pairs.into_iter().map(pair);
                Ok(Which::Named(pairs.collect::<Result<_, String>>()?))
            }
        }
    }
}

/// What commas separate, each once.
///
/// Models `SplitResourceArgument`.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(',') {
        if !parts.iter().any(|it| it == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

/// Kinds by their names, each once.
fn resources(arguments: &Arguments<'_>, types: &[String]) -> Result<Vec<Resource>, String> {
    let mut resources = Vec::new();
    for of in types {
        let resource = arguments.resource(of)?;
        if !resources.contains(&resource) {
            resources.push(resource);
        }
    }
    Ok(resources)
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn what_names_no_objects_is_refused() {
        check(
            r#"
$ get /agent
error: arguments in resource/name form must have a single resource and name
[1]
$ get ds, pods
error: arguments in resource/name form must have a single resource and name
[1]
$ get ds/agent/x
error: arguments in resource/name form may not have more than one slash
[1]
$ get ds ds/agent
error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'
[1]
$ get ds,
error: the server doesn't have a resource type ""
[1]
$ get all x
error: you must specify only one resource
[1]
$ get foo.bar
error: the server doesn't have a resource type "foo"
[1]
$ get ds/agent -l a=b
error: selectors and the all flag cannot be used when passing resource/name arguments
[1]
$ delete --all
error: at least one resource must be specified to use a selector
[1]
$ delete pods --all -l a=b
error: setting 'all' parameter but found a non empty selector. 
[1]
$ get pods bare -A
error: a resource cannot be retrieved by name across all namespaces
[1]
$ get node n1 -A -o name
node/n1
$ get ds,daemonset.apps agent -o name
daemonset.apps/agent
daemonset.apps/agent
$ get ds,daemonset.apps -o name
daemonset.apps/agent
$ get pods -l 'a in b'
Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "a in b", field selector "": unable to parse requirement: found 'b' expected: '('
[1]
$ get ds --field-selector foo
Error from server (BadRequest): Unable to find "apps/v1, Resource=daemonsets" that match label selector "", field selector "foo": invalid selector: 'foo'; can't understand 'foo'
[1]
$ cordon pod/bare
error: expected resource of type node, got "/v1, Resource=pods"
[1]
"#,
        );
    }
}
