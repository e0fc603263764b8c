//! `set image`, `set resources` and `set env`.

mod environment;
mod images;
mod pattern;
mod resources;

use objects::{Object, PodSpec};

use self::{environment::Environment, resources::Resources};
use crate::{
    execute::Run, flags::Arguments, live::Live, printer::Printer, resource::Resource,
    selection::Selection,
};

/// Something of the containers of pods that is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Set {
    selection: Selection,
    /// What is wrong with it is said after the objects were found.
    what: Result<What, String>,
    printer: Printer,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// By the name of a container, or `*` for all.
    Images(Vec<(String, String)>),
    Resources(Resources),
    Environment(Box<Environment>),
}

/// What there is behind `set`.
pub(crate) const NOUNS: [&str; 3] = ["env", "image", "resources"];

impl Set {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let printer = Printer::read(arguments)?;
        let (objects, what) = match arguments.command.as_str() {
            "set resources" => {
                let what = Resources::read(arguments).map(What::Resources);
                (arguments.names.clone(), what)
            }
            "set env" => {
                let (objects, environment) = Environment::read(arguments)?;
                (objects, Ok(What::Environment(environment.into())))
            }
            _ => {
                let (objects, images) = images::read(arguments)?;
                (objects, images.map(What::Images))
            }
        };
        Ok(Self {
            selection: Selection::read(arguments, &objects, false)?,
            what,
            printer,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found = run.select(&self.selection);
        if run.has_failed() {
            return;
        }
        let what = match &self.what {
            Ok(what) => what,
            Err(message) => return run.fail(message),
        };
        let completed;
        let what = match what {
            What::Environment(it) => {
                completed = What::Environment(it.completed(run).into());
                &completed
            }
            what => what,
        };
        if run.has_failed() {
            return;
        }
        let mut changed = Vec::new();
        for (resource, live) in &found {
            match what.change(run, resource, live) {
                Ok(object) => changed.extend(object),
                Err(why) => run.fail_verbatim(&why),
            }
        }
        for object in changed {
            self.put(run, what, object);
        }
    }

    fn put(&self, run: &mut Run<'_>, what: &What, object: Object) {
        let (done, doing) = match what {
            What::Images(_) => ("image updated", "image update to pod template:"),
            What::Resources(_) => (
                "resource requirements updated",
                "resources update to pod template",
            ),
            What::Environment(_) => ("env updated", "env update to pod template:"),
        };
        match run.act(cluster::Input::Replace(object.clone())) {
            Ok(true) => run.print(&self.printer, &object, &run.would(done)),
            Ok(false) => {}
            Err(error) => run.refused_saying(&error, &format!("error: failed to patch {doing}")),
        }
    }
}

impl What {
    /// The changed object, if there is a change; or why nothing can be.
    fn change(
        &self,
        run: &mut Run<'_>,
        resource: &Resource,
        live: &Live,
    ) -> Result<Option<Object>, String> {
        let (plural, name) = (&resource.plural, live.name());
        let mut object = live.object();
        let Some(spec) = pod_spec(&mut object) else {
            let (version, kind) = (&resource.version, &resource.kind);
            return Err(format!(
                "error: {plural}/{name} the object is not a pod or does not have a pod template: *{version}.{kind}"
            ));
        };
        let missing = match self {
            Self::Images(images) => images::set(spec, images),
            Self::Resources(resources) => resources.set(spec),
            Self::Environment(environment) => {
                let set = environment.set(run, spec, &resource.kind, name);
                set.map_err(|why| format!("error: {plural}/{name} {why}"))?;
                if environment.list {
                    return Ok(None);
                }
                Vec::new()
            }
        };
        missing.iter().for_each(|it| run.fail_verbatim(it));
        let before = pod_spec(&mut live.object()).map(|it| it.clone());
        let is_changed = pod_spec(&mut object).map(|it| it.clone()) != before;
        Ok(is_changed.then_some(object))
    }
}

/// The specification of pods that an object holds.
///
/// Models `UpdatePodSpecForObject`, kubectl `pkg/polymorphichelpers/updatepodspec.go`, v1.34.
fn pod_spec(object: &mut Object) -> Option<&mut PodSpec> {
    match object {
        Object::DaemonSet(it) => Some(&mut it.spec.template.spec),
        Object::Pod(it) => Some(&mut it.spec),
        _ => None,
    }
}
