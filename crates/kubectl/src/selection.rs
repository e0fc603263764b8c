//! Which objects a command is about.

use cluster::{ApiError, Key, Kind, ObjectRef, api_server};
use objects::LabelSelector;

use crate::{
    execute::Run,
    flags::Arguments,
    live::Live,
    manifests::{self, Unread},
    resource::Resource,
    selector::{self, FieldSelector},
};

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
        labels: LabelSelector,
        /// As it was typed.
        labels_text: String,
        fields: FieldSelector,
    },
}

impl Selection {
    /// `TYPE`, `TYPE NAME...` or `TYPE/NAME...`, and flags that select. A type alone means all of
    /// its objects, if that is allowed.
    pub(crate) fn read(
        arguments: &Arguments<'_>,
        names: &[String],
        type_means_all: bool,
    ) -> Result<Self, String> {
        let all_namespaces = arguments.is_set("all-namespaces");
        let selection = |which: Which| Self {
            which,
            namespace: (!all_namespaces)
                .then(|| arguments.namespace().unwrap_or_else(|| "default".into())),
            namespace_given: arguments.text("namespace").is_some() && !all_namespaces,
        };
        let (labels, fields) = (arguments.text("selector"), arguments.text("field-selector"));
        let (has_labels, has_fields) = (labels.is_some(), fields.is_some());
        let files = arguments.files();
        if !files.is_empty() {
            if !names.is_empty() {
                return Err("error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well".into());
            }
            return Ok(selection(Which::InFiles(files)));
        }
        let all = arguments.is_set("all");
        for (given, flag) in [(has_labels, "selector"), (has_fields, "field-selector")] {
            if all && given {
                return Err(format!(
                    "error: cannot set --all and --{flag} at the same time"
                ));
            }
        }
        let Some((first, rest)) = names.split_first() else {
            return Err("error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'".into());
        };
        let selects = has_labels || has_fields || all;
        if first.contains('/') {
            if selects {
                return Err("error: name cannot be provided when a selector is specified".into());
            }
            return pairs(arguments, names).map(|pairs| selection(Which::Named(pairs)));
        }
        let resources = first.split(',').map(|it| arguments.resource(it));
        let resources: Vec<Resource> = resources.collect::<Result<_, String>>()?;
        if !rest.is_empty() {
            if selects {
                return Err("error: name cannot be provided when a selector is specified".into());
            }
            if rest.iter().any(|name| name.contains('/')) {
                return Err("error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'".into());
            }
            if all_namespaces {
                return Err(
                    "error: a resource cannot be retrieved by name across all namespaces".into(),
                );
            }
            let named = |resource: &Resource| {
                let names = rest.iter().map(|name| (resource.clone(), name.clone()));
                names.collect::<Vec<_>>()
            };
            let named = resources.iter().flat_map(named).collect();
            return Ok(selection(Which::Named(named)));
        }
        if !selects && !type_means_all {
            return Err("error: resource(s) were provided, but no name was specified".into());
        }
        let labels_text = labels.unwrap_or_default().to_owned();
        Ok(selection(Which::Matching {
            resources,
            labels: selector::labels(&labels_text).map_err(|it| format!("error: {it}"))?,
            labels_text,
            fields: FieldSelector::read(fields.unwrap_or_default())
                .map_err(|it| format!("error: {it}"))?,
        }))
    }

    /// Nodes by name, `node/NAME` or label, as `cordon` and `drain` take them.
    pub(crate) fn nodes(arguments: &Arguments<'_>) -> Result<Self, String> {
        let has_labels = arguments.text("selector").is_some();
        match (arguments.names.is_empty(), has_labels) {
            (true, false) => {
                let what = match arguments.command.as_str() {
                    "drain" => "error: either a node name or a label selector is required",
                    _ => "error: at least one argument is required",
                };
                let command = &arguments.command;
                return Err(format!(
                    "{what}\nSee 'kubectl {command} -h' for help and examples"
                ));
            }
            (false, true) => {
                return Err(
                    "error: cannot specify both a node name and a --selector option".into(),
                );
            }
            _ => {}
        }
        let node = |name: &String| match name.split_once('/') {
            Some(("node" | "nodes" | "no", name)) => name.to_owned(),
            _ => name.clone(),
        };
        let names = arguments.names.iter().map(node);
        let names: Vec<String> = std::iter::once("nodes".to_owned()).chain(names).collect();
        Self::read(arguments, &names, false)
    }

    pub(crate) fn resources(&self) -> Vec<&Resource> {
        match &self.which {
            Which::InFiles(_) => Vec::new(),
            Which::Named(named) => named.iter().map(|(resource, _)| resource).collect(),
            Which::Matching { resources, .. } => resources.iter().collect(),
        }
    }

    /// The namespace that is looked at; `None`: all, or there is none.
    pub(crate) fn namespace(&self) -> Option<&str> {
        let any = self.resources().iter().any(|it| it.namespaced);
        self.namespace.as_deref().filter(|_| any)
    }
}

fn pairs(arguments: &Arguments<'_>, names: &[String]) -> Result<Vec<(Resource, String)>, String> {
    let pair = |text: &String| {
        match text.split_once('/') {
        Some((of, name)) if !name.is_empty() && !name.contains('/') => {
            Ok((arguments.resource(of)?, name.to_owned()))
        }
        Some(_) => Err(
            "error: arguments in resource/name form must have a single resource and name".to_owned(),
        ),
        None => Err("error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'".to_owned()),
    }
    };
    names.iter().map(pair).collect()
}

/// The name under which the store keeps an object.
pub(crate) fn reference(resource: &Resource, namespace: &str, name: &str) -> ObjectRef {
    let namespace = if resource.namespaced { namespace } else { "" };
    let kind = resource.store_kind();
    let key = match kind {
        Kind::Other => Key::new("", &format!("{}/{namespace}/{name}", resource.kind)),
        _ => Key::new(namespace, name),
    };
    ObjectRef { kind, key }
}

impl Run<'_> {
    /// Says that nothing was there to be selected.
    pub(crate) fn nothing_found(&mut self, selection: &Selection) {
        match selection.namespace() {
            Some(namespace) => self.say(&format!("No resources found in {namespace} namespace.")),
            None => self.say("No resources found"),
        }
    }

    /// The objects that are selected, each with its kind. What is named and not there is a
    /// failure.
    pub(crate) fn select(&mut self, selection: &Selection) -> Vec<(Resource, Live)> {
        let mut found = Vec::new();
        match &selection.which {
            Which::InFiles(files) => {
                for (resource, reference) in self.named_in(files, selection) {
                    self.find(&resource, &reference, &mut found);
                }
            }
            Which::Named(named) => {
                let namespace = selection.namespace.as_deref().unwrap_or("default");
                for (resource, name) in named {
                    let reference = reference(resource, namespace, name);
                    self.find(resource, &reference, &mut found);
                }
            }
            Which::Matching {
                resources,
                labels,
                labels_text,
                fields,
            } => {
                for resource in resources {
                    if let Some(message) = fields.refused(resource, labels_text) {
                        self.fail(&message);
                        continue;
                    }
                    let namespace = selection.namespace.as_deref();
                    let all = Live::list(self.timeline.cluster(), resource, namespace);
                    let is_it = |live: &Live| {
                        (labels.is_empty() || labels.matches(&live.labels()))
                            && fields.matches(live)
                    };
                    let matching = all.into_iter().filter(is_it);
                    found.extend(matching.map(|live| (resource.clone(), live)));
                }
            }
        }
        found
    }

    /// Adds the object of that name, or says that it is not there.
    fn find(
        &mut self,
        resource: &Resource,
        reference: &ObjectRef,
        found: &mut Vec<(Resource, Live)>,
    ) {
        match Live::get(self.timeline.cluster(), reference) {
            Some(live) => found.push((resource.clone(), live)),
            None => {
                let (kind, name) = (reference.kind, reference.key.name.clone());
                self.refused(&ApiError::NotFound { kind, name }, "");
            }
        }
    }

    /// The objects that files are about.
    fn named_in(&mut self, files: &[String], selection: &Selection) -> Vec<(Resource, ObjectRef)> {
        let mut named = Vec::new();
        for file in files {
            let Some(text) = self.files.get(file) else {
                self.fail(&format!("error: the path {file:?} does not exist"));
                continue;
            };
            let objects = match manifests::read(file, text) {
                Ok(objects) => objects,
                Err(message) => {
                    self.fail(&message);
                    continue;
                }
            };
            for object in objects {
                match object {
                    Ok(mut object) => {
                        let given = selection.namespace.as_deref();
                        let given = given.filter(|_| selection.namespace_given);
                        if let Err(message) = self.set_namespace(&mut object, given) {
                            self.fail(&message);
                            continue;
                        }
                        named.push((self.resource(&object), api_server::reference(&object)));
                    }
                    Err(Unread::Refused(line)) => self.fail(&line),
                    Err(Unread::Undecoded { why, .. }) => {
                        self.fail(&format!("error: unable to decode {file:?}: {why}"));
                    }
                }
            }
        }
        named
    }
}
