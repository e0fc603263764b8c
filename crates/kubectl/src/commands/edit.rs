//! `edit`: an object is given out as text, and taken back.

use cluster::{ObjectRef, Timeline};
use objects::Object;
use serde_json::Value;

use crate::{
    Files, Output,
    execute::Run,
    flags::Arguments,
    manifests::{self, Unread},
    patch::difference,
    print,
    selection::Selection,
};

/// An object that is edited.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edit {
    selection: Selection,
}

const NO_CHANGES: &str = "Edit cancelled, no changes made.";

impl Edit {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, true)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found = run.select(&self.selection);
        match &found[..] {
            [] => {
                if !run.has_failed() {
                    run.say("No resources found");
                }
            }
            [(_, live)] => {
                run.output.edit = Some((live.reference(), print::yaml(&live.value())));
                // What is said where there is no editor, and so no change.
                run.say(NO_CHANGES);
            }
            _ => run.fail("error: more than one object was found; edit one at a time"),
        }
    }
}

/// Puts what an editor made of an object in its place.
///
/// The timeline keeps it as the command `kubectl replace -f FILE`, the file being the text.
pub fn edited(object: &ObjectRef, text: &str, file: &str, timeline: &mut Timeline) -> Output {
    let files = Files::new();
    let line = format!("replace -f {}", crate::words::quoted(file));
    Run::new(&line, &files, timeline).with(|run| take_back(run, object, text))
}

fn take_back(run: &mut Run<'_>, reference: &ObjectRef, text: &str) {
    let Some(live) = run.live(reference) else {
        return run.fail(&format!(
            "error: the object {} is gone meanwhile; what was edited can be created anew",
            reference.key.name
        ));
    };
    let read = match manifests::read("edited.yaml", text) {
        Ok(read) => read,
        Err(message) => return run.fail(&message),
    };
    let object = match read.into_iter().next() {
        None => return run.fail("error: Edit cancelled, saved file was empty."),
        Some(Ok(object)) => object,
        Some(Err(Unread::Refused(line))) => return run.fail(&line),
        Some(Err(Unread::Undecoded { value, why })) => {
            let before = live.value();
            let patch = difference(&before, &value, &before);
            return run.fail(&super::patch::invalid(&patch.into(), &why));
        }
    };
    if cluster::api_server::reference(&object) != *reference {
        return run.fail("error: At least one of apiVersion, kind and name was changed");
    }
    let of_editor = |value: &Value| {
        let mut value = value.clone();
        value.as_object_mut().map(|it| it.remove("status"));
        value
    };
    if of_editor(&Object::to_value(&object)) == of_editor(&live.object().to_value()) {
        return run.say(NO_CHANGES);
    }
    let name = run.display(&object);
    match run.replace(object) {
        Some(true) => run.say(&format!("{name} edited")),
        Some(false) => run.say(NO_CHANGES),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{Files, commands::tests::world, edited, execute};

    #[test]
    fn an_object_is_given_out_and_taken_back() {
        let mut timeline = world();
        let output = execute("edit ds agent", &Files::new(), &mut timeline);
        assert_eq!(output.text, "Edit cancelled, no changes made.\n");
        let (object, text) = output.edit.unwrap();
        let mut check = |text: &str, want: &str| {
            let output = edited(&object, text, "edited.yaml", &mut timeline);
            assert_eq!(output.text.trim_end(), want);
        };
        check(&text, "Edit cancelled, no changes made.");
        check("", "error: Edit cancelled, saved file was empty.");
        check(
            &text.replace("image: agent:1", "imagee: agent:2"),
            "The request is invalid: patch: Invalid value: \"map[spec:map[template:map[spec:map[$setElementOrder/containers:[map[name:main]] containers:[map[image:<nil> imagee:agent:2 name:main]]]]]]\": strict decoding error: unknown field \"spec.template.spec.containers[0].imagee\"",
        );
        check(
            &text
                .replace("minReadySeconds: 0", "")
                .replace("image: agent:1", "image: ''"),
            "The DaemonSet \"agent\" is invalid: spec.template.spec.containers[0].image: Required value",
        );
        check(
            &text.replace("  name: agent\n", "  name: other\n"),
            "error: At least one of apiVersion, kind and name was changed",
        );
        check(
            &text.replace("image: agent:1", "image: agent:2"),
            "daemonset.apps/agent edited",
        );
    }
}
