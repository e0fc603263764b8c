//! Which objects a command is about.
//!
//! Models `Builder`, cli-runtime `pkg/resource/builder.go`, v1.34.

mod names;
mod visit;

use objects::LabelSelector;

use crate::{
    flags::Arguments,
    resource::Resource,
    selector::{self, FieldSelector},
};
use names::Names;
pub(crate) use visit::reference;

/// Objects by name, or all that match.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selection {
    pub(crate) which: Which,
    /// `None`: all of them.
    namespace: Option<String>,
    /// Whether the namespace was given.
    pub(crate) namespace_given: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Which {
    /// Those that files name.
    InFiles(Vec<String>),
    Named(Vec<(Resource, String)>),
    Matching {
        resources: Vec<Resource>,
        selectors: Selectors,
    },
}

/// What objects have to be like; it is the API server that reads it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selectors {
    labels_text: String,
    fields_text: String,
    read: Result<(LabelSelector, FieldSelector), String>,
}

impl Selectors {
    fn read(labels: &str, fields: &str) -> Self {
        let read = || Ok((selector::labels(labels)?, FieldSelector::read(fields)?));
        Self {
            labels_text: labels.to_owned(),
            fields_text: fields.to_owned(),
            read: read(),
        }
    }
}

impl Selection {
    /// `TYPE`, `TYPE NAME...` or `TYPE/NAME...`, and flags that select. A type alone means all of
    /// its objects, if that is allowed.
    pub(crate) fn read(
        arguments: &Arguments<'_>,
        names: &[String],
        type_means_all: bool,
    ) -> Result<Self, String> {
        let [labels, fields] = ["selector", "field-selector"]
            .map(|flag| arguments.text(flag).unwrap_or_default().trim());
        let all = arguments.is_set("all");
        let is_deletion = arguments.command == "delete";
        for (given, flag) in [(labels, "selector"), (fields, "field-selector")] {
            if all && !given.is_empty() {
                return Err(if is_deletion {
                    "error: setting 'all' parameter but found a non empty selector. ".to_owned()
                } else {
                    format!("error: cannot set --all and --{flag} at the same time")
                });
            }
        }
        let names = Names::read(names)?;
        let type_alone = matches!(&names, Names::Of { names, .. } if names.is_empty());
        let selects = !labels.is_empty()
            || !fields.is_empty()
            || (all && is_deletion)
            || (type_alone && (all || type_means_all));
        let files = arguments.files();
        let which = if files.is_empty() {
            names.which(arguments, selects.then(|| Selectors::read(labels, fields)))?
        } else {
            names.no_names_beside_files()?;
            Which::InFiles(files)
        };
        let all_namespaces = arguments.is_set("all-namespaces");
        let by_name = matches!(&which, Which::Named(it) if it.iter().any(|(it, _)| it.namespaced));
        if all_namespaces && by_name {
            return Err(
                "error: a resource cannot be retrieved by name across all namespaces".into(),
            );
        }
        let namespace = arguments.namespace().unwrap_or_else(|| "default".into());
        Ok(Self {
            which,
            namespace: (!all_namespaces).then_some(namespace),
            namespace_given: arguments.text("namespace").is_some() && !all_namespaces,
        })
    }

    /// Objects of one kind, by name or by what flags select, or all of them.
    pub(crate) fn of(resource: Resource, names: &[String], labels: &str) -> Self {
        let named = names.iter().map(|name| (resource.clone(), name.clone()));
        Self {
            which: match names {
                [] => Which::Matching {
                    resources: vec![resource],
                    selectors: Selectors::read(labels, ""),
                },
                _ => Which::Named(named.collect()),
            },
            namespace: Some("default".to_owned()),
            namespace_given: false,
        }
    }

    /// Nodes by name, `node/NAME` or label, as `cordon` and `drain` take them.
    ///
    /// Models `DrainCmdOptions.Complete`, kubectl `pkg/cmd/drain/drain.go`, v1.34.
    pub(crate) fn nodes(arguments: &Arguments<'_>) -> Result<Self, String> {
        let labels = arguments.text("selector").unwrap_or_default();
        match (arguments.names.is_empty(), arguments.text("selector")) {
            (true, None) => {
                let usage = format!("USAGE: {} NODE [flags]", arguments.command);
                return Err(arguments.usage(&usage));
            }
            (true, Some("")) => return Err(names::NOTHING.to_owned()),
            (false, Some(labels)) if !labels.is_empty() => {
                return Err(
                    arguments.usage("cannot specify both a node name and a --selector option")
                );
            }
            _ => {}
        }
        let nodes = arguments.resource("nodes")?;
        let name = |text: &String| match Names::pair(text)? {
            None => Ok(text.clone()),
            Some((kind, name)) => match arguments.resource(&kind)? {
                it if it == nodes => Ok(name),
                other => Err(format!(
                    "error: expected resource of type node, got \"{}, Resource={}\"",
                    other.group_version(),
                    other.plural
                )),
            },
        };
        let names: Vec<String> = arguments
            .names
            .iter()
            .map(name)
            .collect::<Result<_, String>>()?;
        Ok(Self::of(nodes, &names, labels))
    }

    pub(crate) fn resources(&self) -> Vec<&Resource> {
        match &self.which {
            Which::InFiles(_) => Vec::new(),
            Which::Named(named) => named.iter().map(|(resource, _)| resource).collect(),
            Which::Matching { resources, .. } => resources.iter().collect(),
        }
    }

    /// Whether it can be one object only.
    ///
    /// Models `singleItemImplied` of the builder.
    pub(crate) fn is_single(&self) -> bool {
        match &self.which {
            Which::InFiles(files) => files.len() == 1,
            Which::Named(named) => named.len() == 1,
            Which::Matching { .. } => false,
        }
    }

    /// The namespace that is looked at; `None`: all, or there is none.
    pub(crate) fn namespace(&self) -> Option<&str> {
        let any = self.resources().iter().any(|it| it.namespaced);
        self.namespace.as_deref().filter(|_| any)
    }
}
