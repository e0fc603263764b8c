//! The objects that are selected, one after the other.
//!
//! Models the visitors of cli-runtime `pkg/resource/visitor.go` and `selector.go`, v1.34.

use cluster::{ApiError, Key, Kind, ObjectRef, api_server};

use serde_json::Value;

use super::{Selection, Selectors, Which};
use crate::{
    execute::Run,
    live::Live,
    manifests::{self, Unread},
    resource::Resource,
};

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
    /// Says that nothing was there to be selected: in a namespace, if what was asked for lies in
    /// one.
    pub(crate) fn nothing_found(&mut self, selection: &Selection, is_namespaced: bool) {
        match selection.namespace.as_deref().filter(|_| is_namespaced) {
            Some(namespace) => self.say(&format!("No resources found in {namespace} namespace.")),
            None => self.say("No resources found"),
        }
    }

    /// The objects that are selected, each with its kind. What is named and not there is a
    /// failure.
    pub(crate) fn select(&mut self, selection: &Selection) -> Vec<(Resource, Live)> {
        let mut found = Vec::new();
        self.visit(selection, |_, resource, live| {
            found.push((resource.clone(), live));
        });
        found
    }

    /// Does something with each object that is selected, as it is at that moment. What goes wrong
    /// is said in the same order. Whether there was any.
    pub(crate) fn visit(
        &mut self,
        selection: &Selection,
        mut each: impl FnMut(&mut Self, &Resource, Live),
    ) -> bool {
        let mut any = false;
        let mut each = |run: &mut Self, resource: &Resource, live: Live| {
            any = true;
            each(run, resource, live);
        };
        match &selection.which {
            Which::InFiles(files) => {
                for (resource, reference) in self.named_in(files, selection) {
                    self.visit_one(&resource, &reference, &mut each);
                }
            }
            Which::Named(named) => {
                let namespace = selection.namespace.as_deref().unwrap_or("default");
                for (resource, name) in named {
                    match name.as_str() {
                        "" => self.fail("error: resource name may not be empty"),
                        name => {
                            let reference = reference(resource, namespace, name);
                            self.visit_one(resource, &reference, &mut each);
                        }
                    }
                }
            }
            Which::Matching {
                resources,
                selectors,
            } => {
                for resource in resources {
                    let namespace = selection.namespace.as_deref();
                    match self.matching(resource, selectors, namespace) {
                        Ok(all) => all.into_iter().for_each(|it| each(self, resource, it)),
                        Err(message) => self.fail(&message),
                    }
                }
            }
        }
        any
    }

    fn visit_one(
        &mut self,
        resource: &Resource,
        reference: &ObjectRef,
        each: &mut impl FnMut(&mut Self, &Resource, Live),
    ) {
        match Live::get(self.timeline.cluster(), reference) {
            Some(live) => each(self, resource, live),
            None => {
                let (kind, name) = (reference.kind, reference.key.name.clone());
                self.refused(&ApiError::NotFound { kind, name }, "");
            }
        }
    }

    /// All objects of a kind that are as they have to be.
    fn matching(
        &self,
        resource: &Resource,
        selectors: &Selectors,
        namespace: Option<&str>,
    ) -> Result<Vec<Live>, String> {
        let read = selectors.read.as_ref().map_err(String::clone);
        let read = read.and_then(|read| match read.1.refused(resource) {
            Some(why) => Err(why),
            None => Ok(read),
        });
        let (labels, fields) = read.map_err(|why| {
            let (group, plural) = (resource.group_version(), &resource.plural);
            let (labels, fields) = (&selectors.labels_text, &selectors.fields_text);
            format!("Error from server (BadRequest): Unable to find \"{group}, Resource={plural}\" that match label selector {labels:?}, field selector {fields:?}: {why}")
        })?;
        let mut all = Live::list(self.timeline.cluster(), resource, namespace);
        all.retain(|live| {
            (labels.is_empty() || labels.matches(&live.labels())) && fields.matches(live)
        });
        Ok(all)
    }

    /// The kind, and the name in the store, of what could not be decoded.
    pub(crate) fn named_by(&self, value: &Value, given: Option<&str>) -> (Resource, ObjectRef) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let of = |field: &str| text(&value["metadata"][field]);
        let (version, kind) = (text(&value["apiVersion"]), text(&value["kind"]));
        let resource = Resource::of(&version, &kind, self.cluster());
        let namespace = match of("namespace") {
            it if it.is_empty() => given.unwrap_or("default").to_owned(),
            it => it,
        };
        let object = reference(&resource, &namespace, &of("name"));
        (resource, object)
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
                    // What is only looked up need not be right.
                    Err(Unread::Undecoded { value, .. }) => {
                        let given = selection.namespace.as_deref();
                        named.push(self.named_by(&value, given));
                    }
                }
            }
        }
        named
    }
}
