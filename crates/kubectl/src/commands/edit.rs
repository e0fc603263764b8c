//! `edit`: an object is given out as text, and what was changed in it is sent back.

use serde_json::Value;

use crate::{
    execute::Run,
    flags::Arguments,
    manifests::{self, Unread},
    patch::difference,
    print,
    selection::Selection,
    words,
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

/// The command that does what was done to an object in an editor, given the text that it was given
/// out as and the text that came back; `None` if that says the same.
///
/// As `kubectl edit` does, only what differs between the two is sent. So what was changed in the
/// cluster meanwhile stays, and the resourceVersion in both is no condition.
///
/// Models `visitToPatch`, kubectl `pkg/cmd/util/editor/editoptions.go`, v1.34.
///
/// # Errors
/// If what came back is not this object.
pub fn edited(given: &str, text: &str) -> Result<Option<String>, String> {
    let given = the_object(given)?;
    if text
        .lines()
        .all(|it| it.trim().is_empty() || it.starts_with('#'))
    {
        return Err("error: Edit cancelled, saved file was empty.".to_owned());
    }
    let new = the_object(text)?;
    let names = |it: &Value| {
        let metadata = &it["metadata"];
        [
            &it["apiVersion"],
            &it["kind"],
            &metadata["name"],
            &metadata["namespace"],
        ]
        .map(Value::clone)
    };
    if names(&given) != names(&new) {
        return Err("error: At least one of apiVersion, kind and name was changed".to_owned());
    }
    let patch = difference(&given, &new, &given);
    if patch.is_empty() {
        return Ok(None);
    }
    let text = |value: &Value| words::quoted(value.as_str().unwrap_or_default());
    let kind = text(&given["kind"]).to_lowercase();
    let metadata = &given["metadata"];
    let namespace = match metadata["namespace"].as_str() {
        Some(namespace) => format!(" -n {}", words::quoted(namespace)),
        None => String::new(),
    };
    let patch = words::quoted(&Value::Object(patch).to_string());
    let name = text(&metadata["name"]);
    Ok(Some(format!("patch {kind} {name}{namespace} -p {patch}")))
}

/// The only object of a text, as it is written there.
fn the_object(text: &str) -> Result<Value, String> {
    match manifests::read("edited.yaml", text)?.into_iter().next() {
        Some(Ok(object)) => Ok(object.to_value()),
        Some(Err(Unread::Refused(line))) => Err(line),
        Some(Err(Unread::Undecoded { value, .. })) => Ok(value),
        None => Err("error: Edit cancelled, saved file was empty.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Files, commands::tests::world, edited, execute};

    #[test]
    fn an_object_is_given_out_and_what_was_changed_is_sent() {
        let mut timeline = world();
        let output = execute("edit ds agent", &Files::new(), &mut timeline);
        assert_eq!(output.text, "Edit cancelled, no changes made.\n");
        let (_, given) = output.edit.unwrap();
        assert_eq!(edited(&given, &given), Ok(None));
        let refused = |text: &str| edited(&given, text).unwrap_err();
        assert_eq!(
            refused("# all gone\n"),
            "error: Edit cancelled, saved file was empty."
        );
        assert_eq!(
            refused(&given.replace("  name: agent\n", "  name: other\n")),
            "error: At least one of apiVersion, kind and name was changed"
        );
        let mut save = |before: &str, after: &str| {
            let line = edited(&given, &given.replace(before, after))
                .unwrap()
                .unwrap();
            execute(&line, &Files::new(), &mut timeline).text
        };
        assert_eq!(
            save("image: agent:1", "image: ''").trim_end(),
            "The DaemonSet \"agent\" is invalid: spec.template.spec.containers[0].image: Required value"
        );
        // The text is as old for the second as it was for the first: there is no conflict.
        for (before, after) in [
            ("image: agent:1", "image: agent:2"),
            ("revisionHistoryLimit: 10", "revisionHistoryLimit: 3"),
        ] {
            assert_eq!(save(before, after), "daemonset.apps/agent patched\n");
        }
        let daemon_sets = &timeline.cluster().store().daemon_sets;
        let spec = &daemon_sets.values().next().unwrap().spec;
        assert_eq!(spec.template.spec.containers[0].image, "agent:2");
        assert_eq!(spec.revision_history_limit, Some(3));
    }
}
